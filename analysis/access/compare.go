package access

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Difference is the external access that only one of two states of a resource
// grants. Access that was possible and is now proven is gained, and the other
// way round.
type Difference struct {
	Gained, Lost Result
	// Exact is false where the two cannot be compared as sets: nothing is said
	// of them then.
	Exact bool
}

// Compare computes what a resource grants to the outside after a change and did
// not before, and the other way round. Both are compiled into one space of
// requests, so that the answer does not depend on how the policies are written:
// on the order of statements, on how they are split, or on their names.
// Access of service principals that act for sources outside is among the Services
// of the results.
func Compare(before, after resource.Resource, z *zone.Zone) Difference {
	return CompareWithin(before, after, z, FullEffort)
}

// CompareWithin is Compare with no more than some effort, past which the difference
// is not exact.
func CompareWithin(before, after resource.Resource, z *zone.Zone, effort Effort) Difference {
	a, b := newAnalysis(after, z), newAnalysis(before, z)
	a.work = newBudget(effort)
	if !a.isLike(b) {
		return Difference{}
	}
	c := comparison{before: b, after: a}
	for _, k := range allKinds(b.kinds(), a.kinds()) {
		if !c.each(k, c.way) {
			return Difference{}
		}
	}
	for _, x := range []*analysis{a, b} {
		x.out.Grants = collapse(x.out.Grants)
		shownResult(&x.out, x.declared)
	}
	return Difference{Gained: a.out, Lost: b.out, Exact: true}
}

// isLike reports whether requests to the one are requests to the other.
func (a *analysis) isLike(b *analysis) bool {
	return a.out.Kind == b.out.Kind && a.out.Owner == b.out.Owner && a.subject == b.subject && a.grounding.partition == b.grounding.partition &&
		a.region == b.region && a.organization == b.organization && slices.Equal(slices.Sorted(slices.Values(a.own)), slices.Sorted(slices.Values(b.own)))
}

// allKinds are the kinds of both lists; those without a type are alike if their
// service is.
func allKinds(a, b []*knowledge.Kind) []*knowledge.Kind {
	out := slices.Clone(a)
	for _, k := range b {
		same := func(l *knowledge.Kind) bool {
			return k == l || k.Type == "" && l.Type == "" && slices.Equal(k.Services, l.Services)
		}
		i := slices.IndexFunc(out, same)
		switch {
		case i < 0:
			out = append(out, k)
		case len(k.Shapes) > len(out[i].Shapes):
			out[i] = k
		}
	}
	return out
}

// comparison of two states of one resource.
type comparison struct {
	before, after *analysis
	// joined is set where it counts only whether access is granted, and not on
	// which way: by the policy, or by an access control list.
	joined bool
}

// way is one way to the resource: what a side has to say about it.
type way struct {
	documents []resource.Document
	gates     [][]int
	through   *accessPoint
	blocks    []*resource.PublicAccessBlock
	source    resource.Document
	// others are how many of the documents, from the last, are not the resource's:
	// what the key of a secret lets pass.
	others int
}

// ways of one side by name; a name means the same on the other.
func (a *analysis) ways(k *knowledge.Kind) (names []string, byName map[string]way) {
	policies, lists, points := a.sorted(k)
	return a.waysOf(k, policies, lists, points)
}

func (a *analysis) waysOf(k *knowledge.Kind, policies, lists, points []resource.Document) (names []string, byName map[string]way) {
	byName = map[string]way{}
	add := func(name string, w way) {
		names = append(names, name)
		byName[name] = w
	}
	if n := len(policies); n > 0 {
		w := way{documents: policies, gates: allOf(n), blocks: []*resource.PublicAccessBlock{a.resource.Block}, source: policies[0]}
		if key := a.keyOfSecret(k); key != nil && !a.inside {
			gates := key.gates(policies)
			w.documents = append(policies[:n:n], gates...)
			w.gates, w.others = [][]int{upTo(n), {n}, {n + 1}}, len(gates)
		}
		add("policy", w)
	}
	if len(lists) > 0 {
		documents, gate := a.withLists(policies, lists)
		add("list", way{documents: documents, gates: [][]int{gate}, source: lists[0]})
	}
	for _, p := range points {
		if documents, through, ok := a.throughPoint(policies, p); ok {
			last := len(documents) - 1
			add("point "+a.literal(p.AccessPointARN), way{documents: documents, gates: [][]int{upTo(last), {last}}, through: through,
				blocks: []*resource.PublicAccessBlock{pointBlock(p), a.resource.Block}, source: documents[last]})
		}
	}
	return names, byName
}

// each calls f with every way to the resource as one of a kind, until it cannot
// tell.
func (c comparison) each(k *knowledge.Kind, f func(s Subject, before, after way) (exact bool)) (exact bool) {
	s, ok := c.subject(k)
	if !ok {
		return false
	}
	if len(s.actions) == 0 {
		return true
	}
	for _, x := range []*analysis{c.before, c.after} {
		if policies, _, _ := x.sorted(k); len(inForce(policies)) > 1 {
			return false // one of several policies is in force
		}
	}
	names, before := c.before.ways(k)
	more, after := c.after.ways(k)
	if c.joined && !cutsOff(before["policy"]) && !cutsOff(after["policy"]) {
		names, more = joinLists(names, before), joinLists(more, after)
	}
	for _, n := range more {
		if _, both := before[n]; !both {
			names = append(names, n)
		}
	}
	for _, n := range names {
		if !f(s, before[n], after[n]) {
			return false
		}
	}
	return true
}

// cutsOff reports whether a block could keep callers from a way.
func cutsOff(w way) bool {
	return slices.ContainsFunc(w.blocks, func(b *resource.PublicAccessBlock) bool { return b != nil && b.RestrictPublicBuckets })
}

// joinLists makes one way of that of the policy and that of the lists.
func joinLists(names []string, ways map[string]way) []string {
	lists, ok := ways["list"]
	if !ok {
		return names
	}
	delete(ways, "list")
	names = slices.DeleteFunc(names, func(n string) bool { return n == "list" || n == "policy" })
	ways["policy"] = way{documents: lists.documents, gates: allOf(len(lists.documents)), source: lists.source}
	return append([]string{"policy"}, names...)
}

// subject is that of both sides, if they have the same actions.
func (c comparison) subject(k *knowledge.Kind) (Subject, bool) {
	a, _ := c.after.subjectOf(k)
	b, _ := c.before.subjectOf(k)
	if a.untabled || b.untabled {
		for _, x := range b.actions {
			if !slices.ContainsFunc(a.actions, func(y knowledge.KindAction) bool { return x.Lower == y.Lower }) {
				a.actions = append(a.actions, x)
			}
		}
		a.untabled = true
		return a, true
	}
	same := func(x, y knowledge.KindAction) bool { return x.Lower == y.Lower }
	return a, slices.EqualFunc(a.actions, b.actions, same)
}

// way compares both sides on one way to the resource.
func (c comparison) way(s Subject, before, after way) (exact bool) {
	old, now, ok := c.joint(s, before, after)
	if !ok {
		return false
	}
	defer now.settleAccount()
	old.cut(c.before, before.blocks)
	now.cut(c.after, after.blocks)
	return !now.space.Exceeded && c.report(c.after, now, old, after) && c.report(c.before, old, now, before)
}

// joint solves both sides of one way in one space of requests, if they can be
// told apart there.
func (c comparison) joint(s Subject, before, after way) (old, now *solution, ok bool) {
	q := question{subject: s, zone: c.after.zone, through: after.through, inside: c.after.inside, states: true, work: c.after.work}
	if after.documents == nil {
		q.through = before.through
	}
	if before.through != nil && after.through != nil && *before.through != *after.through {
		return nil, nil, false
	}
	for _, d := range slices.Concat(before.documents, after.documents) {
		q.documents = append(q.documents, d.Policy)
	}
	if !q.work.charge(q.comparing()) {
		return nil, nil, false
	}
	joint := solve(q, exactly)
	old, now = joint.side(0, before), joint.side(len(before.documents), after)
	return old, now, !joint.space.Exceeded && !joint.isWidened()
}

// isWidened reports whether patterns were too many to tell apart: two policies
// may look the same then although they are not.
func (s *solution) isWidened() bool {
	return slices.ContainsFunc(s.dims, func(d *dimension) bool { return d.widened })
}

// side is the solution for the documents of one side alone.
func (s *solution) side(first int, w way) *solution {
	one := *s
	one.documents = make([]*policy.Document, len(w.documents))
	one.statements = nil
	for i, d := range w.documents {
		one.documents[i] = d.Policy
	}
	for _, st := range s.statements {
		if st.document >= first && st.document < first+len(w.documents) {
			st.document -= first
			one.statements = append(one.statements, st)
		}
	}
	one.gates = w.gates
	if len(w.gates) == 0 {
		one.gates = [][]int{nil} // nothing may allow
	}
	sp := s.space
	for i, most := range []bool{false, true} {
		one.allowed[i] = sp.Intersect(s.world[i], one.allow(most))
	}
	one.least, one.most = sp.Intersect(one.allowed[0], s.external), one.possible()
	one.strangers = one.toStrangers()
	one.fresh = sp.Intersect(s.newcomers, one.strangers)
	return &one
}

// cut empties a side whose access Block Public Access cuts off.
func (s *solution) cut(a *analysis, blocks []*resource.PublicAccessBlock) {
	for _, b := range blocks {
		if a.cutOff(s, b) {
			s.least, s.most = domain.None, domain.None
			s.documents, s.gates = nil, [][]int{nil}
		}
	}
}

// report adds to a side what it grants and the other does not: what is proven
// here and not there, and what is possible here and not there.
func (c comparison) report(to *analysis, here, there *solution, w way) (exact bool) {
	sp := here.space
	gained := *here
	gained.least = sp.Minus(here.least, there.least)
	gained.most = sp.Union(gained.least, sp.Minus(here.most, there.most))
	gained.except = there
	own := len(w.documents) - w.others
	for i := range gained.allowed {
		gained.allowed[i] = sp.Minus(here.allowed[i], there.allowed[i])
	}
	to.services(&gained, w.documents, true)
	if gained.most == domain.None || sp.Exceeded {
		return !sp.Exceeded
	}
	gained.allowed = here.allowed
	grants := gained.findings(false)
	if sp.Exceeded {
		return false
	}
	for i := range grants {
		grants[i].statements = ofDocuments(&gained, grants[i].statements, own)
	}
	to.report(&gained, grants, w.documents, w.source)
	return true
}
