package access

import (
	"slices"
	"sort"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Analyze computes the external access of a resource. It changes nothing it is
// given.
func Analyze(r resource.Resource, z *zone.Zone, complete bool) Result {
	return AnalyzeWithin(r, z, complete, FullEffort)
}

// AnalyzeWithin is Analyze with no more than some effort.
func AnalyzeWithin(r resource.Resource, z *zone.Zone, complete bool, effort Effort) Result {
	a := newAnalysis(r, z)
	a.work = newBudget(effort)
	a.complete = complete
	for _, k := range a.kinds() {
		a.kind(k)
	}
	a.passOver()
	a.dropProven()
	a.out.Grants = collapse(a.out.Grants)
	shownResult(&a.out, a.declared)
	for _, partition := range a.otherPartitions() {
		a.inPartition(r, partition, effort)
	}
	a.out.Short = a.work.short
	return a.out
}

// newAnalysis prepares a resource: who owns it, and what its references mean.
func newAnalysis(r resource.Resource, z *zone.Zone) *analysis {
	a := &analysis{resource: r, zone: z}
	if r.Elsewhere && z.Account != "" && z.Account != r.Account {
		a.zone = zoneOf(r.Account, z)
		a.assume("account " + r.Account + " owns what is created in it; account " + z.Account + ", which is declared, is trusted there")
	}
	if kind, ok := knowledge.KindOf(r.Type); ok {
		a.out.Kind = kind
	}
	a.findOwner()
	if b := r.AccountBlock; b != nil && b.Account == a.out.Owner {
		a.resource.Block = resource.Strictest(a.resource.Block, b)
	}
	a.ground()
	return a
}

// kinds of resources that the policies are about: that of the resource or, when
// it is not known, one for each service.
func (a *analysis) kinds() []*knowledge.Kind {
	switch {
	case a.resource.IdentityPolicy || a.out.Kind != nil && a.out.Kind.LimitsOnly:
		return nil
	case a.out.Kind != nil:
		return []*knowledge.Kind{a.out.Kind}
	}
	return servicesOf(a.resource.Documents)
}

type analysis struct {
	resource resource.Resource // grounded, see ground
	grounding
	subject  string   // ARN with stand-ins; "" when nothing is known of it
	own      []string // see resource.Resource.Own
	zone     *zone.Zone
	complete bool
	work     *budget          // nil: each question has its own
	inside   bool             // callers of the owner account matter too
	asked    *policy.Document // see question
	out      Result
}

func (a *analysis) assume(s string) { a.out.Assumptions = append(a.out.Assumptions, s) }

// kind analyses the resource as one of a kind.
func (a *analysis) kind(k *knowledge.Kind) {
	s, ok := a.subjectOf(k)
	if !ok {
		return
	}
	policies, lists, points := a.sorted(k)
	for _, policies := range inForce(policies) {
		a.through(s, policies, lists, points)
	}
}

func (a *analysis) question(s Subject, documents []resource.Document, gates [][]int) question {
	q := question{subject: s, zone: a.zone, gates: gates, complete: a.complete, work: a.work}
	for _, d := range documents {
		q.documents = append(q.documents, d.Policy)
	}
	return q
}

// report adds the findings of a solution.
func (a *analysis) report(sol *solution, grants []grant, documents []resource.Document, source resource.Document) {
	for _, g := range grants {
		out := Grant{PrincipalKey: "AWS", Principal: "*", Actions: g.actions, Public: g.public, AnyTenant: g.anyTenant, Guest: g.guest, ByURL: g.byURL, Proven: g.proven, Source: source, Witness: g.witness, Needs: g.needs}
		for _, l := range g.labels {
			switch {
			case l.several: // anyone, at most
			case l.key == "":
				out.PrincipalKey, out.Principal = l.principal, l.text
			default:
				out.Conditions = append(out.Conditions, Condition{Key: l.key, Value: l.text})
			}
			out.Named = out.Named || l.names()
		}
		out.Along = a.along(sol, g)
		for _, i := range g.statements {
			c := sol.statements[i]
			out.Statements = append(out.Statements, Responsible{c.statement, documents[c.document]})
		}
		if g.problem != "" {
			a.out.Problems = append(a.out.Problems, g.problem)
		}
		a.add(out)
	}
	for _, n := range sol.notes {
		if !contains(a.out.Notes, n) {
			a.out.Notes = append(a.out.Notes, n)
		}
	}
}

// dropProven leaves out of the grants that are not proven what others are proven
// to give.
func (a *analysis) dropProven() {
	var kept []Grant
	for _, g := range a.out.Grants {
		if g.Actions = a.unproven(g); len(g.Actions) > 0 && !a.onlyTypeless(g) {
			kept = append(kept, g)
		}
	}
	a.out.Grants = kept
}

// onlyTypeless reports whether a grant adds no more to one that is proven for the
// same callers than actions which may not be the policy's to grant.
func (a *analysis) onlyTypeless(g Grant) bool {
	if g.Proven || a.out.Kind == nil {
		return false
	}
	typeless := a.out.Kind.Typeless()
	for _, x := range g.Actions {
		if !slices.ContainsFunc(typeless, func(y knowledge.KindAction) bool { return y.Lower == x.Lower }) {
			return false
		}
	}
	return slices.ContainsFunc(a.out.Grants, func(h Grant) bool { return h.Proven && a.sameCallers(&g, &h) })
}

// sameCallers reports whether two grants are for the same callers on the same way.
func (a *analysis) sameCallers(g, h *Grant) bool {
	return h.PrincipalKey == g.PrincipalKey && h.Principal == g.Principal && slices.Equal(h.Conditions, g.Conditions) &&
		(h.Public || !g.Public) && h.Source.Source == g.Source.Source
}

// unproven are the actions of a grant, for one that is not proven without those
// that another of several policies is proven to give to the same callers.
func (a *analysis) unproven(g Grant) []knowledge.KindAction {
	if g.Proven {
		return g.Actions
	}
	proven := map[string]bool{}
	for i := range a.out.Grants {
		if h := &a.out.Grants[i]; h.Proven && a.sameCallers(&g, h) {
			for _, x := range h.Actions {
				proven[x.Lower] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(g.Actions), func(x knowledge.KindAction) bool { return proven[x.Lower] })
}

// add lists a grant, with the like one that another of several policies gives.
func (a *analysis) add(g Grant) {
	for i := range a.out.Grants {
		h := &a.out.Grants[i]
		if h.PrincipalKey != g.PrincipalKey || h.Principal != g.Principal || h.Proven != g.Proven || h.Public != g.Public || isUnread(*h) != isUnread(g) ||
			h.Source.Source != g.Source.Source || !h.Source.AccessPointARN.Equal(g.Source.AccessPointARN) || !slices.Equal(h.Conditions, g.Conditions) {
			continue
		}
		for _, x := range g.Actions {
			if !slices.ContainsFunc(h.Actions, func(y knowledge.KindAction) bool { return y.Lower == x.Lower }) {
				h.Actions = append(h.Actions[:len(h.Actions):len(h.Actions)], x)
			}
		}
		sort.Slice(h.Actions, func(i, j int) bool { return h.Actions[i].Full < h.Actions[j].Full })
		for _, st := range g.Statements {
			if !slices.ContainsFunc(h.Statements, func(o Responsible) bool { return o.Statement == st.Statement }) {
				h.Statements = append(h.Statements, st)
			}
		}
		h.AnyTenant, h.Guest, h.ByURL = h.AnyTenant || g.AnyTenant, h.Guest || g.Guest, h.ByURL && g.ByURL
		return
	}
	a.out.Grants = append(a.out.Grants, g)
}
