package access

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Terms are the policies on which access is granted: one of Policies must allow
// a request, Boundary too if there is one, and none may deny it.
type Terms struct {
	Policies []*policy.Document
	Boundary *policy.Document
	// Identity is set for policies of whoever holds them: they name no principal.
	Identity bool
	// Effort is how much a check may take; past it the answer is not known. Zero is
	// FullEffort.
	Effort Effort
}

// Verdict is the answer of a custom policy check. A check passes only if that is
// proven.
type Verdict struct {
	Pass   bool
	Proven bool // of one that fails: a request shows it whatever is not known
	// Statement is the first one that grants what it must not. It is nil if the
	// check passes, or if the policies are too large to be compared.
	Statement *policy.Statement
	Witness   *evaluate.Request // nil if no request that can exist shows it
	Needs     []string          // what would settle a failure that is not proven
}

// NoNewAccess reports whether all that is allowed on some terms is allowed on
// others too. It compares the policies alone, as Access Analyzer does: any action
// may be asked of any resource, with any condition keys, whatever of that exists.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html
func NoNewAccess(now, before Terms) Verdict { return check(now, &before) }

// AccessNotGranted reports whether none of the actions is allowed on any of the
// resources; no actions are all of them, and no resources likewise.
func AccessNotGranted(t Terms, actions, resources []string) Verdict {
	// What is asked about limits the terms as a boundary does.
	q := Question{Actions: actions, Resources: resources}.statement()
	return check(t, nil, q)
}

// workOfStatement is what a statement takes before anything is compared: about a tenth
// of a millisecond.
const workOfStatement = 4000

func check(now Terms, before *Terms, limits ...*policy.Document) Verdict {
	var all []*policy.Document
	add := func(t Terms, limits ...*policy.Document) (gates [][]int) {
		gate := func(list ...*policy.Document) {
			var members []int
			for _, d := range list {
				members = append(members, len(all))
				all = append(all, t.read(d))
			}
			gates = append(gates, members)
		}
		gate(t.Policies...)
		if t.Boundary != nil {
			gate(t.Boundary)
		}
		for _, l := range limits {
			gate(l)
		}
		return gates
	}
	l := logic{now: logicSide{gates: add(now, limits...)}, identity: now.Identity, work: newBudget(cmp.Or(now.Effort, FullEffort))}
	l.now.end = len(all)
	l.before = logicSide{first: len(all), end: len(all)}
	if before != nil {
		l.before.gates = add(*before)
		l.before.end = len(all)
	}
	statements := 0
	for _, d := range all {
		statements += len(d.Statements)
	}
	out := Verdict{Pass: true}
	for _, partition := range partitionsOf(all) {
		if !l.work.charge(statements * workOfStatement) {
			out = Verdict{Needs: []string{smallerPolicy}}
			break
		}
		if v := l.in(partition, all); out.Pass || !out.Proven && v.Proven {
			out = v
		}
	}
	shownRequest(out.Witness)
	switch {
	case len(out.Needs) > 0:
		out.Needs = value.Settling(out.Needs)
	case !out.Pass && !out.Proven: // such as whom an account in NotPrincipal leaves out
		out.Needs = []string{"a point that AWS does not document"}
	}
	return out
}

// read is a document of the terms. Policies of whoever holds them say nothing of
// principals.
func (t Terms) read(d *policy.Document) *policy.Document {
	if !t.Identity {
		return d
	}
	out := *d
	out.Statements = slices.Clone(d.Statements)
	for i := range out.Statements {
		out.Statements[i].Principal = policy.Principals{Present: true, List: []policy.Principal{{Kind: policy.Anyone, Text: value.Lit("*")}}}
	}
	return &out
}

// partitionsOf are the partitions that policies name, and that of most accounts.
func partitionsOf(documents []*policy.Document) []string {
	out := []string{"aws"}
	note := func(text string) {
		if name := arn.PartitionOf(text); name != "" && !contains(out, name) {
			out = append(out, name)
		}
	}
	for _, d := range documents {
		for _, s := range d.Statements {
			for _, p := range s.Principal.List {
				note(p.Text.String())
			}
			for _, p := range s.Resource.List {
				note(p.Text.String())
			}
			for _, c := range s.Condition {
				for _, v := range c.Values {
					note(v.Text.String())
				}
			}
		}
	}
	return out
}

// logic is a comparison of two sides by what their policies say alone.
type logic struct {
	now, before logicSide
	identity    bool
	work        *budget // of all partitions
}

// logicSide are some of the documents, and which of them must allow.
type logicSide struct {
	first, end int
	gates      [][]int
}

// in compares the sides within one partition.
func (l logic) in(partition string, documents []*policy.Document) Verdict {
	s, holders, natural := l.solve(partition, documents)
	sp := s.space
	if sp.Exceeded {
		return Verdict{Needs: []string{smallerPolicy}}
	}
	open := domain.None
	for _, readings := range s.readings() {
		gained := sp.Minus(s.allowedBy(l.now, readings), s.allowedBy(l.before, readings))
		open = sp.Union(open, sp.Intersect(gained, holders))
	}
	most, least := s.only(l.now, true), s.only(l.before, true)
	sure := sp.Intersect(holders, sp.Minus(s.only(l.now, false), least))
	if sp.Exceeded {
		return Verdict{Needs: []string{smallerPolicy}}
	}
	open = sp.Intersect(open, most)
	if open == domain.None {
		return Verdict{Pass: true}
	}
	out := Verdict{Proven: sure != domain.None}
	shown := open
	if out.Proven {
		shown = sure
	}
	for i := range s.statements {
		c := &s.statements[i]
		if c.statement.Effect == policy.Allow && containsInt(l.now.gates[0], c.document) && sp.Overlaps(c.most, shown) {
			out.Statement = c.statement
			break
		}
	}
	if !out.Proven {
		out.Needs = s.unknowns(func(int) bool { return true }, "")
	}
	out.Witness = l.witness(s, shown, natural, out.Proven)
	return out
}

// solve compiles the documents into one space. holders are the requests of those
// who can have the policies, natural those for an action of the resource's service.
func (l logic) solve(partition string, documents []*policy.Document) (s *solution, holders, natural domain.Node) {
	services := resourceServices(documents)
	subject := Subject{Kind: &knowledge.Kind{Services: []string{anyService}, Unsigned: !l.identity}, Partition: partition, Account: "111122223333"}
	for _, name := range services {
		subject.shapes = append(subject.shapes, "arn:*:"+name+":*:*:*")
	}
	var ok bool
	if subject.actions, ok = representatives(documents, services); !ok {
		return &solution{model: &model{space: &domain.Space{Exceeded: true}}}, domain.None, domain.None
	}
	m := newModel(subject, documents, &zone.Zone{})
	m.logical = true
	m.action = &dimension{name: "action", form: actions}
	m.tabled, m.byLower = len(m.actions), sortedActions(m.actions)
	for i := range m.actions {
		m.actions[i].Shapes = m.allShapes()
	}
	s = &solution{model: m, documents: documents, triesLeft: allTries, anyCaller: true}
	for i, d := range documents {
		s.statements = append(s.statements, m.statements(i, d, nil)...)
	}
	holder := always
	if l.identity {
		m.caller.prefer = [][]string{{role, user}, {"111122223333"}, {"example"}, {"session"}}
		holder = m.callers(user, role)
	}
	world, fits := m.world(), m.ofOneService()
	s.allowance = l.work.take(1)
	s.place()
	for i := range s.statements {
		s.statements[i].read(m)
	}
	sp := m.space
	settled := m.implied()
	for _, r := range m.relations {
		settled = sp.Intersect(settled, m.settle(r))
	}
	settled = sp.Intersect(settled, m.withoutEmpty())
	natural = sp.Intersect(settled, sp.Intersect(m.set(world, false), m.set(fits, false)))
	return s, sp.Intersect(settled, m.set(holder, true)), natural
}

// withoutEmpty are the requests in which no key is an empty text that a Null operator
// asks for, unless a policy names such a text: whether it is there is open, and AWS's
// checks say that any text is the same as a key that is there.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
// (Equivalent to null false)
func (m *model) withoutEmpty() domain.Node {
	out := domain.All
	for _, k := range slices.SortedFunc(maps.Keys(m.asked), func(a, b *key) int { return strings.Compare(a.name, b.name) }) {
		if !m.blank[k] {
			out = m.space.Minus(out, m.set(m.asked[k], false))
		}
	}
	return out
}

// ofOneService is the condition that the action is one of the service whose
// resource is asked for.
func (m *model) ofOneService() *expr {
	cases := []*expr{never}
	for i, shape := range m.shapes {
		of, _ := arn.Parse(shape)
		if list := m.matchingActions(of.Service + ":*"); len(list) > 0 {
			cases = append(cases, and(in(m.action, m.action.addActions(list...)),
				in(m.resource, m.resource.addTuples(domain.Tuple{domain.Literal(shapeName(i)), star, star, star}))))
		}
	}
	return or(cases...)
}

// mostOpen statements are read in all combinations of their readings.
const mostOpen = 6

// readings are all ways to decide what the policies leave open. A statement that
// occurs twice, maybe on both sides, means the same both times. Statements beyond a
// few are missing in the result: they are read against the check.
func (s *solution) readings() []map[string]bool {
	var texts []string
	for i := range s.statements {
		if text := signature(s.statements[i].statement); s.statements[i].least != s.statements[i].most && !contains(texts, text) && len(texts) < mostOpen {
			texts = append(texts, text)
		}
	}
	var out []map[string]bool
	for bits := range 1 << len(texts) {
		reading := map[string]bool{}
		for i, text := range texts {
			reading[text] = bits&(1<<i) != 0
		}
		out = append(out, reading)
	}
	return out
}

// allowedBy are the requests that a side allows if its statements are read like that.
func (s *solution) allowedBy(side logicSide, readings map[string]bool) domain.Node {
	isNow := side.first == 0
	return s.allowedOf(side, func(c *compiledStatement) domain.Node {
		most, told := false, false
		if c.least != c.most {
			most, told = readings[signature(c.statement)], hasReading(readings, c)
		}
		if !told {
			most = isNow == (c.statement.Effect == policy.Allow)
		}
		return c.reading(most)
	})
}

func hasReading(readings map[string]bool, c *compiledStatement) bool {
	_, ok := readings[signature(c.statement)]
	return ok
}

// only is what a side allows at most, or at least.
func (s *solution) only(side logicSide, most bool) domain.Node {
	return s.allowedOf(side, func(c *compiledStatement) domain.Node {
		return c.reading(most == (c.statement.Effect == policy.Allow))
	})
}

func (s *solution) allowedOf(side logicSide, read func(*compiledStatement) domain.Node) domain.Node {
	if len(side.gates) == 0 {
		return domain.None
	}
	one := *s
	one.gates = side.gates
	one.statements = nil
	for _, c := range s.statements {
		if c.document >= side.first && c.document < side.end {
			one.statements = append(one.statements, c)
		}
	}
	return one.allowBy(func(c *compiledStatement, _ bool) domain.Node { return read(c) })
}

// witness is a request of a set, one that can exist if there is any.
func (l logic) witness(s *solution, set, natural domain.Node, proven bool) *evaluate.Request {
	now := l.now.of(s)
	if len(l.before.gates) > 0 {
		now.except = l.before.of(s)
	}
	for _, from := range []domain.Node{s.space.Intersect(set, natural), set} {
		if from == domain.None {
			continue
		}
		if r, problem := now.witness(from, proven); problem == "" {
			return r
		}
	}
	return nil
}

// of is the solution with the documents of one side.
func (side logicSide) of(s *solution) *solution {
	one := *s
	one.documents = s.documents[side.first:side.end]
	one.gates = nil
	for _, g := range side.gates {
		var members []int
		for _, i := range g {
			members = append(members, i-side.first)
		}
		one.gates = append(one.gates, members)
	}
	return &one
}

// signature is equal for statements that say the same.
func signature(s *policy.Statement) string {
	var b strings.Builder
	list := func(name string, not bool, items []string) {
		sort.Strings(items)
		b.WriteString(name)
		if not {
			b.WriteByte('!')
		}
		b.WriteString(strings.Join(items, "\x00") + "\x01")
	}
	text := func(t value.Text, maybe string) string {
		out := t.String() + "\x02" + maybe
		for _, p := range t.Parts {
			if p.Ref != nil {
				out += "\x02" + p.Ref.Scope
			}
		}
		return out
	}
	patterns := func(ps []policy.Pattern) []string {
		var out []string
		for _, p := range ps {
			out = append(out, text(p.Text, p.Maybe))
		}
		return out
	}
	var who []string
	for _, p := range s.Principal.List {
		who = append(who, p.Kind.Key()+"\x03"+text(p.Text, p.Maybe))
	}
	b.WriteString(s.Effect.String() + s.Maybe + "\x01" + s.Refused + "\x01")
	list("P", s.Principal.Not, who)
	list("A", s.Action.Not, patterns(s.Action.List))
	list("R", s.Resource.Not, patterns(s.Resource.List))
	var conditions []string
	for _, c := range s.Condition {
		values := patterns(c.Values)
		sort.Strings(values)
		conditions = append(conditions, strings.ToLower(c.Operator.Text+"\x03"+c.Key)+"\x03"+strings.Join(values, "\x00"))
	}
	list("C", false, conditions)
	return b.String()
}

// NoPublicAccess reports whether the policies of a resource of a type let in no one
// who is not named, by the policies alone: nothing is known of what blocks access.
// An action counts even if the type does not have it.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html
func NoPublicAccess(t Terms, resourceType string) Verdict {
	out := Verdict{Pass: true}
	for _, typ := range []string{resourceType, ""} {
		r := resource.Resource{Type: typ}
		for _, d := range t.Policies {
			r.Documents = append(r.Documents, resource.Document{Policy: d})
		}
		for _, g := range AnalyzeWithin(r, &zone.Zone{}, true, cmp.Or(t.Effort, FullEffort)).Grants {
			if !g.Public || !out.Pass && (out.Proven || !g.Proven) {
				continue
			}
			out = Verdict{Proven: g.Proven, Witness: g.Witness, Needs: g.Needs}
			for _, s := range g.Statements {
				if out.Statement == nil || s.Statement.Index < out.Statement.Index {
					out.Statement = s.Statement
				}
			}
		}
	}
	return out
}

// PoliciesOf are the policies of a resource, with what is known of its deployment
// in the place of references to it.
func PoliciesOf(r resource.Resource, z *zone.Zone) []*policy.Document {
	var out []*policy.Document
	for _, d := range newAnalysis(r, z).resource.Documents {
		if d.Policy != nil && !d.Implied && !d.Grant && (d.Source == "" || d.Source == resource.Policy) {
			out = append(out, d.Policy)
		}
	}
	return out
}
