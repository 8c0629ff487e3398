package access

import (
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/policy"
)

// compiledStatement is a statement of a document and the requests it matches.
type compiledStatement struct {
	document  int // index of the document
	statement *policy.Statement
	match     *expr
	on        elements
	least     domain.Node
	most      domain.Node
	apart     domain.Node // in favour of access, each value that is not known being one of its own
}

// elements of a statement alone.
type elements struct {
	resource   *expr   // nil if it has none
	conditions []*expr // nil where they are not looked at one by one
}

// statements compiles the statements of a document; those that allow and are not
// among which match nothing.
func (m *model) statements(index int, d *policy.Document, which only) []compiledStatement {
	out := make([]compiledStatement, 0, len(d.Statements))
	for i := range d.Statements {
		s := &d.Statements[i]
		if s.Effect == policy.Allow && !which.has(index, i) {
			out = append(out, compiledStatement{document: index, statement: s, match: never})
			continue
		}
		e, on := m.statement(s, d.HasVariables())
		if s.Refused != "" {
			e = and(unknown, e)
		}
		out = append(out, compiledStatement{document: index, statement: s, match: e, on: on})
	}
	for i := 0; i < len(out); {
		n := 1
		if s := out[i].statement; s.Maybe != "" {
			for i+n < len(out) && s.Alternatives > 0 && out[i+n].statement.Index == s.Index && out[i+n].statement.Maybe == s.Maybe {
				n++
			}
			inDoubt(out[i:i+n], n == s.Alternatives)
		}
		i += n
	}
	return out
}

// inDoubt makes statements ones of which each may be there. Of alternatives one is
// there in any case, so that what all of them match is matched.
func inDoubt(list []compiledStatement, one bool) {
	inAny := never
	if one {
		var all []*expr
		for _, c := range list {
			all = append(all, c.match)
		}
		inAny = and(all...)
	}
	for i := range list {
		list[i].match = or(and(unknown, list[i].match), inAny)
	}
}

// statement compiles a statement, and apart from that some of its elements.
func (m *model) statement(s *policy.Statement, variables bool) (match *expr, on elements) {
	if !s.Principal.Present || !s.Action.Present {
		return never, on
	}
	if m.precision == principalsAlone {
		return and(m.principals(s.Principal, s.Effect), unknown), on
	}
	if s.Unread {
		return fixed, on // nothing is known of it
	}
	action := m.actionElement(s.Action)
	if m.kind.Type == "" && action.op == opIn && len(m.action.indexes[action.most[0]]) == 0 {
		return never, on // it is about another service
	}
	parts := []*expr{m.principals(s.Principal, s.Effect), action}
	if s.Resource.Present {
		on.resource = m.resourceElement(s.Resource, s.Effect, variables)
		parts = append(parts, on.resource)
	}
	m.denying = s.Effect == policy.Deny
	for _, c := range s.Condition {
		if m.precision == withoutKeys {
			parts = append(parts, unknown)
			break
		}
		on.conditions = append(on.conditions, m.condition(c, variables))
	}
	parts = append(parts, on.conditions...)
	return and(parts...), on
}

// principals compiles a Principal or NotPrincipal element.
func (m *model) principals(p policy.Principals, effect policy.Effect) *expr {
	var accounts, exact, others []*expr
	for _, q := range p.List {
		if isAnyKey(p.List, q) {
			continue // whoever it may be is told under the key AWS
		}
		e := m.principal(q)
		m.labelPrincipal(q, e)
		switch {
		case q.Kind != policy.AWS:
			others = append(others, e)
		case namesAccount(q.Text.String()):
			accounts = append(accounts, e)
		default:
			exact = append(exact, e)
		}
	}
	listed := or(or(exact...), or(accounts...), or(others...))
	if !p.Not {
		return listed
	}
	if effect == policy.Allow {
		return not(listed)
	}
	// AWS checks the account, the role and the session of a caller one after the
	// other: only one that is listed at every level is certainly exempt. Nobody
	// else than a listed principal is exempt in any reading.
	//
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
	sure := or(or(others...), and(or(accounts...), or(append(exact, m.callers(root))...), not(m.callers(role))))
	return or(not(listed), and(unknown, not(sure)))
}

// namesAccount reports whether an AWS principal is a whole account.
func namesAccount(s string) bool {
	return isAccount(s) || strings.HasSuffix(s, ":root") || s == ownAccount || s == memberAccount || strings.HasPrefix(s, "${")
}

// labelPrincipal records a principal that findings may name.
func (m *model) labelPrincipal(p policy.Principal, e *expr) {
	if e.op == opAnd && len(e.kids) == 2 && e.kids[0] == unknown {
		e = e.kids[1] // it may be there
	}
	if e.op != opIn || e.dim != m.caller || p.Kind == policy.Service || p.Kind == policy.Authenticated {
		return
	}
	m.caller.labels = append(m.caller.labels, label{principal: p.Kind.Key(), text: shownPrincipal(p), atoms: shownAtoms(e)})
}

// shownPrincipal is how findings name a principal: an account by its id.
func shownPrincipal(p policy.Principal) string {
	text := p.Text.String()
	if p.Kind == policy.AWS && strings.HasSuffix(text, ":root") {
		// The id may be one that is not known, whose name has colons.
		if _, rest, ok := strings.Cut(text, ":iam::"); ok {
			return strings.TrimSuffix(rest, ":root")
		}
	}
	return text
}

// resourceElement compiles a Resource or NotResource element. A text that is no
// ARN, such as a placeholder, AWS would refuse: where it would let someone in,
// it is read as the resource that the policy is attached to.
func (m *model) resourceElement(p policy.Patterns, effect policy.Effect, variables bool) *expr {
	var es []*expr
	for _, q := range p.List {
		e := m.resources(q, variables)
		if text, known := q.Text.Known(); known && e == unknown && effect == policy.Allow && !p.Not && text != "" {
			e = always
		}
		es = append(es, e)
	}
	es = oneAtom(m.resource, es)
	if p.Not {
		return not(or(es...))
	}
	return or(es...)
}

// oneAtom makes one of the conditions that are an atom each which nothing else uses.
func oneAtom(d *dimension, es []*expr) []*expr {
	var atoms []int
	out := es[:0:0]
	for _, e := range es {
		if e.op == opIn && e.dim == d && len(e.least) == 1 && len(e.most) == 1 && e.least[0] == e.most[0] && len(e.fixed) == 0 {
			if atoms = append(atoms, e.most[0]); len(atoms) > 1 {
				continue
			}
		}
		out = append(out, e)
	}
	d.join(atoms)
	return out
}

// actionElement compiles an Action or NotAction element over the actions that
// the resource can be asked for.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func (m *model) actionElement(p policy.Patterns) *expr {
	var list []int
	e := never
	for _, q := range p.List {
		s, known := q.Text.Known()
		if known && q.Maybe != "" {
			e = or(e, and(unknown, in(m.action, m.action.addActions(m.matchingActions(s)...))))
			continue
		}
		if !known || strings.Contains(s, "${") { // a placeholder: actions take no policy variables
			pattern := globOf(pieces(q.Text, true))
			e = or(e, and(unknown, in(m.action, m.action.addActions(m.matchingActions(pattern)...))))
			continue
		}
		list = append(list, m.matchingActions(s)...)
	}
	sort.Ints(list)
	e = or(e, in(m.action, m.action.addActions(list...)))
	if p.Not {
		return not(e)
	}
	return e
}

// globOf writes pieces with '*' for what is not known.
func globOf(ps []piece) string {
	var b strings.Builder
	for _, p := range ps {
		if p.unknown != "" || p.variable != "" {
			b.WriteByte('*')
		}
		b.WriteString(p.literal)
	}
	return b.String()
}

// matchingActions returns the actions that a pattern matches, in any letter
// case. A pattern with white space or without a name matches nothing.
func (m *model) matchingActions(pattern string) []int {
	pattern = strings.ToLower(pattern)
	if pattern == "*" {
		return m.allActions()
	}
	var out []int
	if !strings.ContainsAny(pattern, "*?") {
		i := sort.Search(len(m.actions), func(i int) bool { return m.actions[m.byLower[i]].Lower >= pattern })
		if i < len(m.actions) && m.actions[m.byLower[i]].Lower == pattern {
			out = append(out, m.byLower[i])
		}
		return out
	}
	prefix, piece := literals(pattern)
	match := func(i int) {
		if a := m.actions[i].Lower; strings.HasPrefix(a, prefix) && (piece == "" || strings.Contains(a, piece)) && globMatch(pattern, a) {
			out = append(out, i)
		}
	}
	if few, ok := m.actionsWith(piece); ok {
		for _, i := range few {
			match(int(i))
		}
		return out
	}
	for i := range m.actions {
		match(i)
	}
	return out
}

// manyPatterns is from how many patterns on an index of the names of actions is worth
// its making.
const manyPatterns = 100

// actionsWith returns actions that include all in whose names a text is, in their
// order. It is not ok where the text is too short to tell, or where there are too few
// patterns for an index.
func (m *model) actionsWith(text string) (few []int32, ok bool) {
	const n = 3
	if m.patterns++; m.patterns < manyPatterns || len(text) < n {
		return nil, false
	}
	if m.trigrams == nil {
		m.trigrams = map[string][]int32{}
	}
	for ; m.indexed < len(m.actions); m.indexed++ {
		name := m.actions[m.indexed].Lower
		for at := 0; at+n <= len(name); at++ {
			gram := name[at : at+n]
			if list := m.trigrams[gram]; len(list) == 0 || list[len(list)-1] != int32(m.indexed) {
				m.trigrams[gram] = append(list, int32(m.indexed))
			}
		}
	}
	few = m.trigrams[text[:n]]
	for at := 1; at+n <= len(text); at++ {
		if list := m.trigrams[text[at:at+n]]; len(list) < len(few) {
			few = list
		}
	}
	return few, true
}

// literals returns what comes before the first wildcard of a pattern, and the
// longest text between wildcards that is longer: what a policy with thousands of
// patterns rules out without matching each of them.
func literals(pattern string) (prefix, piece string) {
	for i := 0; i <= len(pattern); {
		n := strings.IndexAny(pattern[i:], "*?")
		if n < 0 {
			n = len(pattern) - i
		}
		switch text := pattern[i : i+n]; {
		case i == 0:
			prefix = text
		case len(text) > len(piece):
			piece = text
		}
		i += n + 1
	}
	return prefix, piece
}

func (m *model) allActions() []int {
	out := make([]int, len(m.actions))
	for i := range out {
		out[i] = i
	}
	return out
}

// globMatch matches bytes against '*' and '?', backtracking to the last '*'.
func globMatch(pattern, s string) bool {
	p, i, starP, starI := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			starP, starI = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case starP >= 0:
			starI++
			p, i = starP+1, starI
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
