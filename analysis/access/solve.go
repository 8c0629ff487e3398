// Package access computes what policies allow from outside a zone of trust:
// exactly, as a set of requests, and then as findings that cover it.
//
// A request is a caller, an action, a resource and context keys. Each of these
// dimensions is split into the cells that the policies and the zone cannot tell
// apart; a policy is a set in the product of the dimensions. What is allowed and
// can exist and is not inside the zone is the external access. The findings are
// those of stratified abstraction (Backes et al., CAV 2020), computed on the
// cells instead of by a solver.
package access

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Subject is what the requests are made to.
type Subject struct {
	Kind      *knowledge.Kind
	ARN       string // "" when unknown: any resource of the kind
	Account   string // owner; "" when unknown
	Partition string // "" is aws

	actions  []knowledge.KindAction
	own      []string // see resource.Resource.Own
	signed   bool     // see resource.Resource.Signed
	untabled bool     // no table has the service: its actions may exist
	shapes   []string
}

// question is one way to a resource: a request is allowed if some statement of
// each of the gates allows it and no statement of a document denies it.
type question struct {
	subject   Subject
	zone      *zone.Zone
	documents []*policy.Document
	gates     [][]int          // for each gate, the documents that may allow
	through   *accessPoint     // requests through this access point only
	inside    bool             // who is inside is told apart even where no policy does
	complete  bool             // findings show what Access Analyzer's do
	asked     *policy.Document // one statement: the requests that the question is about; nil: all
	only      only             // those of the statements that allow which count
	states    bool             // the documents are those of two states, before and after
	work      *budget          // shared with other questions; nil: the question's own
	coarse    bool             // patterns are widened whether they are too many or not: tests compare
	share     int              // the part of a question's work that this one may take: one in so many; 0 is all
}

// accessPoint limits requests to those through an S3 access point.
type accessPoint struct {
	region, account, name string
	vpc                   string // its network origin, "" for the internet
}

// solution holds the sets of one question.
type solution struct {
	*model
	statements    []compiledStatement
	documents     []*policy.Document
	gates         [][]int
	byLevel       []*dimension // of each level but those of relations
	external      domain.Node  // requests from outside the zone, but those of services
	services      domain.Node  // requests of services
	ofOwner       domain.Node  // requests of callers of the owner account, if some requests are asked for
	ofMembers     domain.Node  // requests of callers in your organization, if it may be one that is not known
	insiders      domain.Node  // requests of callers inside the zone, if they are asked for
	forInsiders   domain.Node  // requests of services on behalf of the zone, likewise
	least, most   domain.Node  // external access
	fresh         domain.Node
	newcomers     domain.Node    // brand-new outsiders, whatever is allowed
	strangers     domain.Node    // what is allowed whatever the values that are not known name
	world         [2]domain.Node // least, most
	allowed       [2]domain.Node
	approximate   bool // relations or widening: a witness decides
	outsideSource domain.Node
	namedSource   domain.Node
	oneTenant     domain.Node // a claim fixes the tenant of a shared identity provider
	guest         domain.Node // a guest of a Cognito identity pool
	byURL         domain.Node // a function invoked through its URL
	notes         []string
	widenings     []string                  // those of notes that say of which dimensions patterns are too many
	settled       bool                      // it was taken back that they are, see settle
	searching     int                       // positions that searches for values may still look at
	last          assignment                // values of the last request that was made
	found         map[*dimension][][]string // the latest values that searches found
	strata        *strata                   // of the findings
	coarse        bool                      // see question
	demonstrating bool                      // requests are made to prove something, not to be shown
	evaluations   int                       // of statements, by the evaluator, so far
	except        *solution                 // what a request must not be allowed by, see Compare
	anyCaller     bool                      // a request may be from inside the zone
	inside        bool                      // see question
	asked         *policy.Document          // see question
	about         compiledStatement         // asked, compiled
	unresolved    domain.Node               // the same of callers that may be those who are asked about
	allowance     allowance
	tries         int // steps left of the search for one request's values, see relate
	triesLeft     int
}

// manyEvaluations of statements are as many as are spent on what the sets do not
// prove.
const manyEvaluations = 60_000

// precision is how much of the policies is compiled. Less of it makes every
// set coarser: at most is more, at least is less.
type precision uint8

const (
	exactly         precision = iota
	withoutKeys               // a condition may hold or not
	principalsAlone           // so may an action and a resource
)

// answer solves a question as precisely as the budgets allow. What it reports
// when they are hit is at most what is granted, and says so.
func answer(q question, complete bool) (*solution, []grant) {
	short := q.work != nil && q.work.short
	for level := exactly; ; level++ {
		s := solve(q, level)
		grants := s.findings(complete)
		grants = s.settle(grants)
		s.settleAccount()
		if s.settled && q.work != nil {
			q.work.short = short
		}
		if level > exactly {
			s.note("the policy is too large to be analysed exactly: its conditions are left out, and what is reported is at most what is granted")
		}
		if !s.space.Exceeded {
			return s, grants
		}
		if level == principalsAlone {
			s.least, s.most = domain.None, domain.None
			return s, []grant{{actions: s.actions, public: true, needs: []string{smallerPolicy}}}
		}
	}
}

// solve compiles the documents and computes the sets.
func solve(q question, level precision) *solution {
	documents := q.documents
	if q.asked != nil {
		documents = append(documents[:len(documents):len(documents)], q.asked)
	}
	m := newModel(q.subject, documents, q.zone)
	m.precision, m.complete = level, q.complete
	m.action = &dimension{name: "action", form: actions}
	m.sortActions(documents, q.only)
	if q.subject.untabled {
		m.tabled = 0
	}
	s := &solution{model: m, documents: q.documents, gates: q.gates, triesLeft: allTries}
	for i, d := range q.documents {
		s.statements = append(s.statements, m.statements(i, d, q.only)...)
	}
	s.inside, s.asked, s.coarse = q.inside, q.asked, q.coarse
	aboutUnresolved := never
	if q.asked != nil {
		s.about = m.statements(len(q.documents), q.asked, nil)[0]
		aboutUnresolved = m.aboutUnresolved(q.asked)
	}
	through := always
	if q.through != nil {
		m.through = true
		through = m.goThrough(q.through)
	}
	insideCaller, actsForZone := never, never
	if q.inside {
		m.mentionZone()
		insideCaller, actsForZone = m.insideCaller(not(m.namedOutsider())), m.actsForZone()
	}
	unique := always
	if m.unique = !q.states; m.unique {
		unique = m.namesAreUnique(documents)
	}
	for _, clash := range m.clashes {
		s.note(clash)
	}
	world := and(m.world(), through, unique)
	inside := m.insideZone()
	services := m.callers(service)
	ofOwner := never
	if q.inside || q.asked != nil {
		ofOwner = in(m.caller, m.caller.addTuples(accountTuples(domain.Literal(m.owner))...))
	}
	ofMembers := never
	if len(m.someones) > 0 && m.named("caller's organization") != nil {
		ofMembers = in(m.caller, m.caller.addTuples(accountTuples(domain.Literal(memberAccount))...))
	}
	outsideSource, namedSource := m.outsideSources()
	oneTenant, guest, byURL := m.oneTenant(), m.isGuest(), m.viaURL()
	fresh := m.freshCaller() // last: it looks at what all others name
	s.allowance = q.work.take(max(q.share, 1))
	s.place()
	for i := range s.statements {
		s.statements[i].read(m)
	}
	if q.asked != nil {
		s.about.read(m)
		s.unresolved = m.set(aboutUnresolved, true)
	}
	settled := m.implied()
	for _, r := range m.relations {
		settled = m.space.Intersect(settled, m.settle(r))
	}
	sp := m.space
	s.services, s.ofOwner = m.set(services, true), m.set(ofOwner, true)
	if q.inside {
		s.insiders = sp.Minus(m.set(insideCaller, false), s.services)
		s.forInsiders = sp.Intersect(m.set(actsForZone, false), s.services)
	}
	s.external = sp.Minus(sp.Complement(m.set(inside, false)), s.services)
	for i, most := range []bool{false, true} {
		s.world[i] = sp.Intersect(settled, m.set(world, most))
		s.allowed[i] = sp.Intersect(s.world[i], s.allow(most))
	}
	s.ofMembers = m.set(ofMembers, true)
	s.least = sp.Intersect(s.allowed[0], s.external)
	s.most = s.possible()
	s.strangers = s.toStrangers()
	s.newcomers = m.set(fresh, true)
	s.fresh = sp.Intersect(s.newcomers, s.strangers)
	s.outsideSource = sp.Intersect(s.services, m.set(outsideSource, true))
	s.namedSource = m.set(namedSource, true)
	s.oneTenant, s.guest, s.byURL = m.set(oneTenant, false), m.set(guest, true), m.set(byURL, false)
	s.approximate = s.approximate || len(m.relations) > 0 || level > exactly || m.untyped || m.keys["aws:userid"] != nil // whose session is the caller's
	return s
}

// toStrangers returns the requests that are allowed at most when no value that
// is not known names the caller; all, when there is no such value.
func (s *solution) toStrangers() domain.Node {
	some := false
	for i := range s.statements {
		some = some || s.statements[i].match.hasFixed()
	}
	if !some {
		return domain.All
	}
	return s.allowBy(func(c *compiledStatement, granted bool) domain.Node {
		return s.read(c.match, reading{most: granted, stranger: true})
	})
}

// allow returns the requests that every gate allows and no statement denies.
func (s *solution) allow(most bool) domain.Node {
	return s.allowBy(func(c *compiledStatement, granted bool) domain.Node { return c.reading(most == granted) })
}

// allowBy is allow, where read returns what a statement matches: for access if
// it grants, against access if it does not.
func (s *solution) allowBy(read func(c *compiledStatement, granted bool) domain.Node) domain.Node {
	sp := s.space
	n := domain.All
	for _, gate := range s.gates {
		some := domain.None
		for i := range s.statements {
			c := &s.statements[i]
			if c.statement.Effect != policy.Allow || !containsInt(gate, c.document) {
				continue
			}
			some = sp.Union(some, read(c, true))
		}
		n = sp.Intersect(n, some)
	}
	for i := range s.statements {
		if c := &s.statements[i]; c.statement.Effect == policy.Deny {
			n = sp.Minus(n, read(c, false))
		}
	}
	return n
}

// read makes the sets of what a statement matches.
func (c *compiledStatement) read(m *model) {
	c.most = m.set(c.match, true)
	c.least = c.most
	if !c.match.exact() {
		c.least = m.set(c.match, false)
	}
	grants := c.statement.Effect == policy.Allow
	c.apart = c.reading(grants)
	if c.match.hasFixed() {
		c.apart = m.read(c.match, reading{most: grants, apart: true})
	}
}

func (c *compiledStatement) reading(most bool) domain.Node {
	if most {
		return c.most
	}
	return c.least
}

func containsInt(list []int, x int) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

// place builds all dimensions and gives them their levels.
func (s *solution) place() {
	m := s.model
	m.action.buildActions(len(m.actions))
	var sizes []int
	put := func(d *dimension) {
		d.level = len(sizes)
		if !d.elements {
			sizes = append(sizes, d.size)
			s.byLevel = append(s.byLevel, d)
			return
		}
		for i := 0; i < d.size; i++ {
			sizes = append(sizes, 2)
			s.byLevel = append(s.byLevel, d)
		}
	}
	limits := m.limits.WithWork(s.allowance.positions)
	least := s.allowance.positions / leastShare
	spent := 0
	placed := map[*dimension]bool{}
	related := make([]bool, len(m.relations))
	for i, d := range m.dims {
		d.coarse = s.coarse
		*limits.Work = max(*limits.Work, least)
		before := *limits.Work
		exact := d.build(limits, least)
		spent += before - *limits.Work
		if !exact {
			s.approximate = true
			s.widenings = append(s.widenings, fmt.Sprintf("the patterns for %s are too many to tell apart: what is reported for them is at most what is granted", d.name))
		}
		put(d)
		if i == 0 {
			put(m.action)
		}
		placed[d] = true
		for j, r := range m.relations {
			// Next to what it relates a diagram forgets it again at once.
			if !related[j] && r.isBetween(m, placed) {
				related[j] = true
				r.level = len(sizes)
				sizes = append(sizes, 2)
				s.byLevel = append(s.byLevel, nil)
			}
		}
	}
	s.notes = append(s.notes, s.widenings...)
	s.searching = s.allowance.positions
	s.allowance.spend(spent, slices.ContainsFunc(s.dims, func(d *dimension) bool { return d.starved }))
	m.space = domain.NewSpace(sizes)
	m.space.Work = s.allowance.pairs()
}

// settleAccount takes the work on diagrams from the budget, once it is done.
func (s *solution) settleAccount() {
	s.allowance.spend((s.allowance.pairs()-s.space.Work)*pairEffort+s.allowance.positions-s.searching, s.space.Exceeded)
}

// goThrough restricts requests to an access point and its network.
func (m *model) goThrough(a *accessPoint) *expr {
	d := m.accessPoint()
	e := in(d, d.addTuples(domain.Tuple{domain.Literal(presentShape), domain.Literal(a.region), domain.Literal(a.account), domain.Literal(a.name)}))
	if a.vpc == "" {
		return e
	}
	k := m.key("aws:SourceVpc")
	atom := k.dim.addTuples(k.text(domain.Literal(a.vpc))...)
	m.label(k, a.vpc, atom)
	return and(e, in(k.dim, atom))
}

// insideZone leaves the access point out of the zone, and out of what findings
// show, when all requests go through one that is known: its policy decides then.
func (m *model) insideZone() *expr {
	if !m.through {
		return m.inside()
	}
	d := m.accessPoint()
	d.labels = nil
	name := d.name
	d.name = ""
	e := m.inside()
	d.name = name
	return e
}

// sortActions prepares the look-up of actions by name. It adds the actions that
// policies allow by a name or a pattern that fits nothing the kind is known to
// grant: those that no table has, which AWS may know by now, and those that the
// tables list without a resource.
func (m *model) sortActions(docs []*policy.Document, which only) {
	m.tabled = len(m.actions)
	m.byLower = sortedActions(m.actions)
	m.actions = slices.Clip(m.actions) // the subject's; what is added is the model's
	if m.kind.Grants != nil {
		return
	}
	for i, d := range docs {
		for j, st := range d.Statements {
			if st.Effect != policy.Allow || st.Action.Not || which != nil && !which[[2]int{i, j}] {
				continue
			}
			for _, p := range st.Action.List {
				pattern, known := p.Text.Known()
				if !known || len(m.matchingActions(pattern)) > 0 {
					continue
				}
				if name, isNew := m.newAction(pattern); isNew {
					m.addUntabled(knowledge.KindAction{Full: name, Lower: strings.ToLower(name), Level: knowledge.Write, CrossAccount: true, Shapes: m.allShapes()}, untabled{pattern: pattern})
					continue
				}
				for _, a := range m.kind.Typeless() {
					if globMatch(strings.ToLower(pattern), a.Lower) {
						m.addUntabled(a, untabled{pattern: a.Full, typeless: true})
					}
				}
			}
		}
	}
}

// untabled is an action that is in no table, or there without a resource type.
type untabled struct {
	pattern  string // how the policy names it
	typeless bool
}

// addUntabled adds an action of which no table says that the policy can allow it.
func (m *model) addUntabled(a knowledge.KindAction, how untabled) {
	if m.untabledBy == nil {
		m.untabledBy = map[string]untabled{}
	}
	m.untabledBy[a.Lower] = how
	i := sort.Search(len(m.byLower), func(i int) bool { return m.actions[m.byLower[i]].Lower >= a.Lower })
	m.byLower = slices.Insert(m.byLower, i, len(m.actions))
	m.actions = append(m.actions, a)
}

// newAction returns an action that a pattern allows and that is in no table, if
// nothing of the kind's services is what it allows.
func (m *model) newAction(pattern string) (name string, isNew bool) {
	prefix, action, ok := strings.Cut(pattern, ":")
	if !ok || action == "" || strings.ContainsAny(pattern, " ,\t\r\n$") || !m.isOfKind(prefix) {
		return "", false
	}
	if s, ok := knowledge.ServiceOf(prefix); ok && s.HasAction(strings.ToLower(action), globMatch) {
		return "", false
	}
	return anAction.Replace(pattern), true
}

// isOfKind reports whether an action prefix is one that the kind's policy can be
// asked about.
func (m *model) isOfKind(prefix string) bool {
	if contains(m.kind.Services, anyService) {
		return strings.ContainsAny(prefix, "*?")
	}
	return contains(m.kind.Services, strings.ToLower(prefix))
}

// anAction makes an action of a pattern.
var anAction = strings.NewReplacer("*", "Any", "?", "x")

func (m *model) allShapes() []int {
	out := make([]int, len(m.shapes))
	for i := range out {
		out[i] = i
	}
	return out
}

// grant is one finding before it is put into words.
type grant struct {
	labels     []label
	actions    []knowledge.KindAction
	public     bool
	anyTenant  bool // any tenant of a shared identity provider is allowed
	guest      bool // guests of a Cognito identity pool are
	byURL      bool // nothing but calls through a function's URL is allowed
	proven     bool
	statements []int // indexes into the statements
	witness    *evaluate.Request
	problem    string // why the witness was not accepted
	needs      []string
	stratum    stratum
	within     domain.Box   // the cells that have its labels as their least, and those of its actions
	cells      domain.Bits  // of its actions
	shown      []assignment // values of requests that it gives: the witness's, or one for each of cells
	core       bool         // none of them is in a smaller finding
}
