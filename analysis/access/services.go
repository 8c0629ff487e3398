package access

import (
	"slices"
	"sort"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// services adds what service principals may do without a limit to own sources:
// those that the policies name and, unless the policy is for everyone anyway,
// any service. Last come those whose limit is not known.
func (a *analysis) services(sol *solution, documents []resource.Document, any bool) {
	// A service takes a role only when the account passes it, save a few.
	if sol.isRole() && !slices.ContainsFunc(sol.caller.literals(2, service), knowledge.TakesRoles) {
		return
	}
	sp := sol.space
	for _, pass := range []struct {
		allowed domain.Node
		proven  bool
		fixed   bool // by a value that is not known
	}{
		{sp.Intersect(sol.allowed[0], sol.strangers), true, false},
		// A value that is not known, and may be "*", is not a grant to services.
		{sp.Intersect(sol.allowed[1], sol.strangers), false, false},
		{sol.allowed[1], false, true},
	} {
		set := sp.Intersect(pass.allowed, sol.outsideSource)
		if set == domain.None {
			continue
		}
		for c := 0; c < sol.caller.size; c++ {
			n := sp.Fix(set, sol.caller.level, c)
			if n == domain.None {
				continue
			}
			g := ServiceGrant{Proven: pass.proven, Foreign: sp.Minus(n, sol.namedSource) == domain.None && !pass.fixed, Unknown: pass.fixed}
			if sol.caller.single[c] {
				g.Service = sol.caller.example(c)[2]
			}
			if sol.isRole() && !knowledge.TakesRoles(g.Service) {
				continue
			}
			if g.Foreign && a.out.Owner == "" {
				continue // whether the source is another account's is not known
			}
			if a.hasService(g.Service) || g.Service == "" && (g.Foreign || !any) {
				continue // the foreign source is a finding of its own
			}
			cell := domain.NewBits(sol.caller.size)
			cell.Set(c)
			here := sp.Intersect(sp.Cells(sol.caller.level, cell), n)
			a.fillService(&g, sol, here, documents)
			if !pass.proven && len(g.Statements) > 0 && !slices.ContainsFunc(g.Statements, func(r Responsible) bool { return !isForAnyKind(r) }) {
				continue // of whom it is not even known that it is a service
			}
			if pass.fixed && g.Service == "" && !slices.ContainsFunc(g.Statements, namesUnknownService) {
				continue // an unknown principal is a finding of its own
			}
			if len(g.Statements) > 0 && !slices.ContainsFunc(g.Statements, func(r Responsible) bool { return !r.Document.Grant }) {
				continue
			}
			a.out.Services = append(a.out.Services, g)
		}
	}
}

// isForAnyKind reports whether a statement is for a principal of which not even the kind
// is known: it is a finding of its own, whoever it is.
func isForAnyKind(r Responsible) bool {
	list := r.Statement.Principal.List
	return len(list) > 0 && !slices.ContainsFunc(list, func(p policy.Principal) bool {
		text, known := p.Text.Known()
		return known && !value.HasStandIn(text) || !slices.ContainsFunc(list, func(q policy.Principal) bool { return q.Kind == policy.AWS && q.Span == p.Span })
	})
}

// namesUnknownService reports whether a statement lets in a service whose name is
// not known.
func namesUnknownService(r Responsible) bool {
	return slices.ContainsFunc(r.Statement.Principal.List, func(p policy.Principal) bool {
		_, known := p.Text.Known()
		return p.Kind == policy.Service && !known
	})
}

func (a *analysis) hasService(name string) bool {
	for _, g := range a.out.Services {
		if g.Service == name {
			return true
		}
	}
	return false
}

func (a *analysis) fillService(g *ServiceGrant, sol *solution, set domain.Node, documents []resource.Document) {
	sp := sol.space
	for c := 0; c < sol.action.size; c++ {
		if sp.Fix(set, sol.action.level, c) == domain.None {
			continue
		}
		for _, i := range sol.action.groups[c] {
			g.Actions = append(g.Actions, sol.actions[i])
		}
	}
	sort.Slice(g.Actions, func(i, j int) bool { return g.Actions[i].Full < g.Actions[j].Full })
	responsible := map[int]bool{}
	for i, st := range sol.statements {
		if st.statement.Effect == policy.Allow && sp.Overlaps(st.reading(!g.Proven), set) {
			responsible[i] = true
			g.Statements = append(g.Statements, Responsible{st.statement, documents[st.document]})
		}
	}
	if !g.Proven {
		g.Needs = sol.settling(func(i int) bool { return responsible[i] || sol.statements[i].takesBack(sp, set) }, g.Actions, g.Service)
	}
	req, problem := sol.witness(set, g.Proven)
	g.Witness = req
	if problem != "" {
		wasProven := g.Proven
		g.Proven = false
		if wasProven && !sol.approximate {
			a.out.Problems = append(a.out.Problems, problem)
		}
	}
	if !g.Proven && !g.Unknown && slices.Equal(g.Needs, []string{smallerPolicy}) {
		g.Inexact = !a.demonstrateService(g, sol, set)
	}
}

// demonstrateService proves a grant that the sets do not prove, because they are
// coarser than the policy, by a request for each of its actions that the evaluator
// accepts without reserve.
func (a *analysis) demonstrateService(g *ServiceGrant, sol *solution, set domain.Node) bool {
	sp := sol.space
	var first *evaluate.Request
	for c := 0; c < sol.action.size; c++ {
		cell := domain.NewBits(sol.action.size)
		cell.Set(c)
		one := sp.Intersect(set, sp.Cells(sol.action.level, cell))
		if one == domain.None {
			continue
		}
		if sol.evaluations >= sol.allowance.evaluations() {
			return false
		}
		req, _ := sol.witness(one, true)
		if req == nil {
			return false
		}
		if first == nil {
			first = req
		}
	}
	if first == nil {
		return false
	}
	g.Proven, g.Witness, g.Needs = true, first, nil
	return true
}
