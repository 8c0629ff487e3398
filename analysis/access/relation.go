package access

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/domain"
)

// relation is the condition that a text with policy variables in it, their
// values put in, matches another value of the request. It relates two
// dimensions, which cells alone cannot express: it is a Boolean level of its
// own, conjoined with the pattern that has anything for the variables, and
// restricted by settle to what the values of the cells permit.
type relation struct {
	level  int
	pieces []piece
	target target
}

// relation returns the relation of a pattern and a target: the same text in
// two statements is one.
func (m *model) relation(ps []piece, t target) *relation {
	for _, r := range m.relations {
		if r.target.dim == t.dim && r.target.how == t.how && slices.EqualFunc(r.pieces, ps, samePiece) {
			return r
		}
	}
	r := &relation{pieces: ps, target: t}
	m.relations = append(m.relations, r)
	return r
}

func samePiece(a, b piece) bool {
	return a.literal == b.literal && a.exact == b.exact && strings.EqualFold(a.variable, b.variable) && a.unknown == b.unknown
}

// resourceRelation is how a pattern of resources is compared.
const resourceRelation = "resource"

// target is the value that a pattern is compared with.
type target struct {
	how   string // what is compared and how: relations with equal ones can be one
	dim   *dimension
	whole func(parts []string) (string, bool) // the value as text
	match func(ps []piece, text string) bool  // of a pattern without variables; nil: never decided
	parts func(text string) []string          // the reverse of whole; nil: not needed
}

// substitute compiles pieces whose variables may vary with the request. compile
// returns the condition with anything in their place, and the variables that
// are left. A variable without value and without default matches nothing; one
// with a default stands for it when its key is absent.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (m *model) substitute(ps []piece, t target, compile func([]piece) (*expr, []piece)) *expr {
	e, vars := compile(ps)
	if len(vars) == 0 {
		return e
	}
	if len(vars) > 4 {
		return &expr{op: opOr, kids: []*expr{and(e, unknown)}}
	}
	var cases []*expr
	for absent := 0; absent < 1<<len(vars); absent++ {
		cases = append(cases, m.substituteCase(ps, vars, absent, t, compile))
	}
	return or(cases...)
}

// substituteCase is the case that exactly the variables in the bit set absent
// have no value.
func (m *model) substituteCase(ps, vars []piece, absent int, t target, compile func([]piece) (*expr, []piece)) *expr {
	filled := append([]piece{}, ps...)
	var conds []*expr
	for i, v := range vars {
		k := m.key(v.variable)
		if absent&(1<<i) == 0 {
			conds = append(conds, k.present)
			continue
		}
		if v.fallback == nil {
			return never
		}
		conds = append(conds, not(k.present))
		for j := range filled {
			if filled[j].variable == v.variable {
				filled[j] = piece{literal: *v.fallback, exact: true}
			}
		}
	}
	e, left := compile(filled)
	if e == never {
		return never
	}
	conds = append(conds, e)
	if len(left) > 0 {
		conds = append(conds, &expr{op: opRelation, relation: m.relation(filled, t)})
	}
	return and(conds...)
}

// isBetween reports whether all dimensions that are related are in a set.
func (r *relation) isBetween(m *model, set map[*dimension]bool) bool {
	for _, p := range r.pieces {
		if p.variable == "" {
			continue
		}
		if _, ok := m.constant(p.variable); !ok && !set[m.key(p.variable).dim] {
			return false
		}
	}
	return set[r.target.dim]
}

// settle is the condition that each relation has a truth value that values of
// the cells can give it. Where both sides are single values it is decided;
// where one is, the other cell must contain what it would take. Between cells
// of many values both truth values are taken to be possible, which allows more
// requests than there may be: a witness is tried before anything is called
// proven.
func (m *model) settle(r *relation) domain.Node {
	s := m.space
	vars := map[string]bool{}
	var name string
	for _, p := range r.pieces {
		if p.variable != "" {
			if _, ok := m.constant(p.variable); !ok {
				vars[p.variable] = true
				name = p.variable
			}
		}
	}
	if len(vars) != 1 || r.target.match == nil {
		return domain.All
	}
	y, x := m.key(name), r.target.dim
	if y.value == nil || x == y.dim || x.size*y.dim.size > 1<<16 || y.dim.elements || x.elements {
		return domain.All
	}
	no, yes := s.Cells(r.level, domain.Bits{1}), s.Cells(r.level, domain.Bits{2})
	possible := domain.None
	for yc := 0; yc < y.dim.size; yc++ {
		canHold, canFail := domain.NewBits(x.size), domain.NewBits(x.size)
		for xc := 0; xc < x.size; xc++ {
			hold, fail := r.truth(m, y, yc, xc)
			if hold {
				canHold.Set(xc)
			}
			if fail {
				canFail.Set(xc)
			}
		}
		cell := domain.NewBits(y.dim.size)
		cell.Set(yc)
		either := s.Union(s.Intersect(yes, s.Cells(x.level, canHold)), s.Intersect(no, s.Cells(x.level, canFail)))
		possible = s.Union(possible, s.Intersect(s.Cells(y.dim.level, cell), either))
	}
	return possible
}

// truth reports whether the relation can hold, and can fail, for values of two
// cells.
func (r *relation) truth(m *model, y *key, yc, xc int) (hold, fail bool) {
	x := r.target.dim
	xText, xOK := r.target.whole(x.example(xc))
	yText, yOK := y.value(y.dim.example(yc))
	if !xOK || !yOK {
		return false, true
	}
	filled := append([]piece{}, r.pieces...)
	for i, p := range filled {
		if p.variable != "" {
			if _, ok := m.constant(p.variable); !ok {
				filled[i] = piece{literal: yText, exact: true}
			}
		}
	}
	matches := r.target.match(filled, xText)
	switch {
	case x.single[xc] && y.dim.single[yc]:
		return matches, !matches
	case y.dim.single[yc]:
		// The text is one literal: it lies in the cell, or the relation fails.
		if s, ok := m.compile(filled, domain.Any, false, false).IsLiteral(); ok && !hasWildcard(filled) && x.words != nil && r.target.parts != nil {
			return x.words.Find(r.target.parts(s)) == xc, true
		}
	case x.single[xc] && len(r.pieces) == 1 && y.parts != nil && y.dim.words != nil:
		return y.dim.words.Find(y.parts(xText)) == yc, true
	}
	return true, true
}

// mostRelations bounds the pairs of relations that implied looks at.
const mostRelations = 32

// implied is the condition that a relation holds wherever a narrower one does:
// b/${aws:username}/* for every request for which b/${aws:username}/x does, whatever
// the name is.
func (m *model) implied() domain.Node {
	s, out := m.space, domain.All
	if len(m.relations) > mostRelations {
		return out
	}
	for _, wide := range m.relations {
		for _, narrow := range m.relations {
			if wide != narrow && wide.target.how == resourceRelation && narrow.target.how == resourceRelation && includesPieces(wide.pieces, narrow.pieces) {
				out = s.Intersect(out, s.Union(s.Cells(wide.level, domain.Bits{2}), s.Cells(narrow.level, domain.Bits{1})))
			}
		}
	}
	return out
}

// includesPieces reports whether an ARN pattern matches all that another one does,
// with any values for the variables of both.
func includesPieces(wide, narrow []piece) bool {
	w, ok := segments(wide, ':', 6)
	n, alike := segments(narrow, ':', 6)
	if !ok || !alike {
		return false
	}
	for i := range w {
		a, known := tokens(w[i])
		b, too := tokens(n[i])
		// A value may have colons, so that it is the last part alone that takes any.
		if !known || !too || !includesTokens(a, b, i == len(w)-1) {
			return false
		}
	}
	return true
}

// token is a character of a pattern, a wildcard, or a variable.
type token struct {
	char     byte
	wildcard bool
	variable string // in lower case
}

func tokens(ps []piece) (out []token, known bool) {
	for _, p := range ps {
		if p.unknown != "" {
			return nil, false
		}
		if p.variable != "" {
			out = append(out, token{variable: strings.ToLower(p.variable)})
		}
		for i := range len(p.literal) {
			c := p.literal[i]
			out = append(out, token{char: c, wildcard: !p.exact && (c == '*' || c == '?')})
		}
	}
	return out, true
}

// includesTokens reports whether a pattern matches what another one does; of long ones
// it does not try. A star takes variables only if anyValue is set.
func includesTokens(wide, narrow []token, anyValue bool) bool {
	isStar := func(t token) bool { return t.wildcard && t.char == '*' }
	if len(wide)*len(narrow) > 1<<14 {
		return false
	}
	// row[j] says whether wide up to i includes narrow up to j.
	row := make([]bool, len(narrow)+1)
	row[0] = true
	for _, w := range wide {
		next := make([]bool, len(narrow)+1)
		next[0] = row[0] && isStar(w)
		for j, n := range narrow {
			if isStar(w) {
				next[j+1] = row[j+1] || next[j] && (n.variable == "" || anyValue)
				continue
			}
			single := w.wildcard && n.variable == "" && !isStar(n) && n.char < 0x80
			next[j+1] = row[j] && (single || w == n && !isStar(n))
		}
		row = next
	}
	return row[len(narrow)]
}
