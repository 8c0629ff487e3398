package access

import (
	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// A principal, an organization or a network that is not known is someone in
// particular: two of them are two findings, and neither is anyone. At most it is
// each of the values that there are, also those that other statements name, so that
// nothing is missed where two statements have to agree. But what it lets in is told
// of a value of its own, a stand-in that nothing else is (see reading.apart), and of
// others only where that one gets nothing.

// atom of a dimension.
type atom struct {
	dim  *dimension
	atom int
}

// apart adds the atom of a value that nothing else is.
func (m *model) apart(d *dimension, ts ...domain.Tuple) int {
	a := d.addTuples(ts...)
	m.someones = append(m.someones, atom{d, a})
	return a
}

// itself puts a stand-in in the place of each value that is not known.
func itself(ps []piece) []piece {
	out := make([]piece, len(ps))
	for i, p := range ps {
		if p.unknown != "" {
			p = piece{literal: value.StandIn(p.unknown), exact: true}
		}
		out[i] = p
	}
	return out
}

// someone are the callers that a principal which is not known may name.
func (m *model) someone(kind policy.PrincipalKind, ps []piece) *expr {
	c := m.caller
	whole := []domain.Tuple{{star, star, star, star}}
	own := itself(ps)
	var ts []domain.Tuple
	switch {
	case kind != policy.AWS:
		whole, ts = m.principalTuples(kind, ps), m.principalTuples(kind, own)
	case len(ps) > 1 && m.attributable(textOf(own)):
		whole, ts = m.awsPrincipal(ps), m.awsPrincipal(own)
	case len(ps) > 1 && len(m.namelessOf(own)) > 0:
		whole, ts = m.awsPrincipal(ps), m.namelessOf(own)
	case len(ps) > 1:
		whole, ts = m.awsPrincipal(ps), accountTuples(domain.Literal(value.StandIn(textOf(own))))
	default:
		ts = accountTuples(domain.Literal(textOf(own)))
	}
	all := []int{c.addTuples(whole...)}
	return &expr{op: opIn, dim: c, most: all, fixed: all, itself: []int{m.apart(c, ts...)}}
}

// namelessOf are the users and roles of an ARN that tells their account, but not
// which of the two they are: arn:aws:iam::111122223333:${var.name}.
func (m *model) namelessOf(own []piece) []domain.Tuple {
	segs, ok := segments(own, ':', 6)
	if !ok || !m.isAccountName(textOf(segs[4])) {
		return nil
	}
	parts := m.arnParts(segs, false)
	account, ok := ownerOf(parts[4])
	if !ok || !parts[0].Match("arn") || !parts[1].Match(m.partition) || !parts[3].Match("") || !parts[2].Match("iam") && !parts[2].Match("sts") {
		return nil
	}
	name := domain.Literal(textOf(segs[5]))
	return []domain.Tuple{callerTuple(user, account, name, star), callerTuple(role, account, name, star)}
}

// isAccountName reports whether a text is an account id, or stands for the own one.
func (m *model) isAccountName(s string) bool { return isAccount(s) || s == m.owner }

// isAnyKey reports whether a principal of another key than AWS is one of which not
// even the key is known: its text stands under AWS as well.
func isAnyKey(list []policy.Principal, p policy.Principal) bool {
	if len(p.Text.Parts) != 1 || p.Kind == policy.AWS {
		return false
	}
	for _, q := range list {
		if q.Kind == policy.AWS && q.Text.Equal(p.Text) {
			return true
		}
	}
	return false
}

// shownAtoms are those of a principal that findings name it for.
func shownAtoms(e *expr) []int {
	if len(e.itself) > 0 {
		return e.itself
	}
	return e.most
}

// possible is the external access that the policies give at most. What a value that
// is not known gives to others than itself is left out where it gives itself the
// same.
func (s *solution) possible() domain.Node {
	sp := s.space
	most := sp.Intersect(s.allowed[1], s.external)
	if len(s.someones) == 0 || s.inside || s.asked != nil {
		return most
	}
	apart := sp.Intersect(sp.Intersect(s.world[1], s.external), s.allowBy(func(c *compiledStatement, _ bool) domain.Node { return c.apart }))
	own, levels := domain.None, domain.NewBits(sp.Levels())
	for _, a := range s.someones {
		levels.Set(a.dim.level)
		own = sp.Union(own, sp.Cells(a.dim.level, a.dim.cells([]int{a.atom})))
	}
	own = sp.Intersect(apart, own)
	same := sp.Forget(own, levels)
	if s.ofMembers != domain.None { // told with the organization that may be theirs
		levels.Set(s.caller.level)
		same = sp.Union(same, sp.Intersect(sp.Forget(own, levels), s.ofMembers))
	}
	return sp.Union(apart, sp.Minus(most, same))
}
