package access

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/policy"
)

// settle takes back that patterns were too many to tell apart, if that has no effect on
// the findings: if all that may be granted lies in some finding, and each of them is
// there in truth, because it has a request that lies in no smaller finding, rests on
// all statements that it lists, and shows labels that were not widened. More is at
// most what the sets say, and those are all of it.
func (s *solution) settle(grants []grant) []grant {
	if !s.isWidened() || s.space.Exceeded || s.precision > exactly || len(s.gates) != 1 || s.inside || s.asked != nil || len(s.notes) != len(s.widenings) {
		return grants
	}
	for i := range grants {
		if g := &grants[i]; !g.proven || !g.core || g.anyTenant || g.guest || s.kind.Type == "AWS::Lambda::Function" && !g.byURL {
			return grants
		}
	}
	list := s.maximal(grants)
	for i := range list {
		if g := &list[i]; !s.showsWhatIsSure(g) || !s.restsOnAll(g) {
			return grants
		}
	}
	s.settled, s.notes = true, nil
	return list
}

// maximal puts grants of the same labels together, and leaves out of each what another
// one gives under wider labels: what the sets prove was listed before the rest was known.
func (s *solution) maximal(grants []grant) (out []grant) {
	for _, g := range grants {
		i := slices.IndexFunc(out, func(h grant) bool { return slices.Equal(h.stratum, g.stratum) })
		if i < 0 {
			out = append(out, g)
			continue
		}
		h := &out[i]
		if g.public && !h.public {
			h.public, h.witness = true, g.witness
		}
		h.byURL = h.byURL && g.byURL
		h.shown = append(slices.Clip(h.shown), g.shown...)
		h.cells = h.cells.Union(g.cells)
	}
	for i := range out {
		g := &out[i]
		for j := range out {
			if i != j && s.strata.lies(g.stratum, out[j].stratum) {
				g.cells = g.cells.Minus(out[j].cells)
			}
		}
	}
	out = slices.DeleteFunc(out, func(g grant) bool { return g.cells.IsEmpty() })
	for i := range out {
		g := &out[i]
		g.actions = s.actionsOf(g.cells)
		g.within = slices.Clone(g.within)
		g.within[s.action.level] = g.cells
	}
	return out
}

// lies reports whether a finding lies in another one.
func (t *strata) lies(f, in stratum) bool {
	for i := range t.layers {
		if !t.layers[i].under(f[i], in[i]) {
			return false
		}
	}
	return true
}

// showsWhatIsSure reports whether the labels of a grant in dimensions that were widened
// were left as they were, and no smaller one has its request.
func (s *solution) showsWhatIsSure(g *grant) bool {
	for _, d := range s.dims {
		if !d.widened || len(d.labels) == 0 || d.elements {
			continue
		}
		for _, l := range g.labels {
			if !slices.ContainsFunc(d.labels, func(o label) bool { return o.key == l.key && o.principal == l.principal }) {
				continue
			}
			if len(l.joined) > 0 || l.several || !d.same(l.atoms) {
				return false
			}
			for _, o := range d.labels {
				if o.key == l.key && !d.same(o.atoms) && !d.reachesBeyond(o.atoms, l.atoms) && g.mayLieIn(d, o.atoms) {
					return false
				}
			}
		}
	}
	return true
}

// mayLieIn reports whether a request that a grant rests on may have a value in atoms.
func (g *grant) mayLieIn(d *dimension, atoms []int) bool {
	return len(g.shown) < len(g.cells.Elements()) || slices.ContainsFunc(g.shown, func(v assignment) bool { return d.matches(atoms, v[d]) })
}

// reachesBeyond reports whether some value that lies in atoms is known not to lie in others.
func (d *dimension) reachesBeyond(atoms, others []int) bool {
	for _, a := range atoms {
		for _, t := range d.original[a] {
			parts := make([]string, len(t))
			for k, p := range t {
				parts[k] = d.sampleOf(k, p)
			}
			if !d.matches(others, parts) {
				return true
			}
		}
	}
	return false
}

// restsOnAll reports whether a grant rests on each statement that it lists, and surely
// on no other.
func (s *solution) restsOnAll(g *grant) bool {
	most := s.restingOn(g)
	for _, i := range most {
		if len(most) == 1 && slices.Equal(most, g.statements) {
			return true // its request does
		}
		if !s.restsOn(g, i) {
			return false
		}
	}
	g.statements = most
	return true
}

// restingOn lists the statements that a grant may rest on.
func (s *solution) restingOn(g *grant) (out []int) {
	for i := range s.statements {
		c := &s.statements[i]
		if c.statement.Effect == policy.Allow && s.space.Overlaps(s.space.Intersect(s.most, s.space.Product(g.within)), c.most) {
			out = append(out, i)
		}
	}
	return out
}

// restsOn reports whether some request of a grant, that lies in no smaller finding, is
// one that a statement allows.
func (s *solution) restsOn(g *grant, statement int) bool {
	set := s.space.Intersect(s.space.Intersect(s.space.Intersect(s.most, s.world[0]), s.space.Product(g.within)), s.statements[statement].most)
	point, ok := s.space.Pick(set, s.cost)
	if !ok {
		return false
	}
	alone := &policy.Document{Version: s.documents[s.statements[statement].document].Version, Statements: []policy.Statement{*s.statements[statement].statement}}
	for _, values := range []assignment{nil, s.solved(point, true, statement)} {
		r, ok := s.request(point, values)
		if ok {
			s.leaveOut(r, s.action.groups[point[s.action.level]][0])
		}
		if ok && evaluate.Evaluate(alone, *r, evaluate.Strict).Allowed && s.check(r, evaluate.Strict) == "" {
			return true
		}
	}
	return false
}
