package access

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/policy"
)

// The cells of a dimension that was widened are coarser than its patterns: the example
// of one need match none of them. What the policies ask of a value there, once all
// others are those of a point, is a condition on patterns of one dimension, and a
// string that satisfies it can be searched for.

// valuation is a point whose values are known but for one dimension.
type valuation struct {
	*solution
	point  []int
	values assignment // of dimensions that do not have their example
	dim    *dimension
	strict bool // what is not settled counts against access
}

// solved are values of the dimensions that were widened with which the policies allow
// the point, and by a statement if it is not negative. It is nil when none are found.
func (s *solution) solved(point []int, strict bool, statement int) assignment {
	v := valuation{solution: s, point: point, values: assignment{}, strict: strict}
	for _, v.dim = range s.dims {
		if !v.dim.widened || v.dim.elements {
			continue
		}
		if parts := v.solve(v.conditions(statement)); parts != nil {
			v.values[v.dim] = parts
		}
	}
	if len(v.values) == 0 {
		return nil
	}
	return v.values
}

// conditions are what the policies ask of the value, in a form of which each holds.
func (v *valuation) conditions(statement int) []*expr {
	var all []*expr
	for _, gate := range v.gates {
		var some []*expr
		for i := range v.statements {
			if c := &v.statements[i]; c.statement.Effect == policy.Allow && containsInt(gate, c.document) {
				some = append(some, v.rest(c.match, true))
			}
		}
		all = append(all, or(some...))
	}
	if statement >= 0 {
		all = append(all, v.rest(v.statements[statement].match, true))
	}
	for i := range v.statements {
		if c := &v.statements[i]; c.statement.Effect == policy.Deny {
			all = append(all, v.rest(c.match, false))
		}
	}
	return all
}

// rest is what is left of a condition that must hold, or must not: conjunctions and
// disjunctions of atoms of the dimension and their negations.
func (v *valuation) rest(e *expr, want bool) *expr {
	constant := func(holds bool) *expr {
		if holds {
			return always
		}
		return never
	}
	switch e.op {
	case opTrue:
		return constant(want)
	case opUnknown, opFixed:
		return constant(!v.strict)
	case opNot:
		return v.rest(e.kids[0], !want)
	case opAnd, opOr:
		var kids []*expr
		all := (e.op == opAnd) == want
		for _, k := range e.kids {
			k = v.rest(k, want)
			if all && k == never {
				return never
			}
			kids = append(kids, k)
		}
		if all {
			return and(kids...)
		}
		return or(kids...)
	case opRelation:
		return constant((v.point[e.relation.level] == 1) == want)
	case opExactlyOne:
		return constant((v.carried(e.dim) == 1) == want)
	}
	atoms := e.least
	if want != v.strict {
		atoms = e.most
	}
	switch {
	case e.op == opIn && e.dim == v.dim && len(atoms) > 0:
		if want {
			return in(e.dim, atoms...)
		}
		return not(in(e.dim, atoms...))
	case e.op == opIn:
		return constant(v.has(e.dim, atoms) == want)
	}
	some, every := false, true
	for c := range e.dim.size {
		if v.point[e.dim.level+c] == 1 {
			matches := e.dim.matches(atoms, e.dim.example(c))
			some, every = some || matches, every && matches
		}
	}
	if e.op == opSome {
		return constant(some == want)
	}
	return constant(every == want)
}

func (v *valuation) carried(d *dimension) (n int) {
	for c := range d.size {
		n += v.point[d.level+c]
	}
	return n
}

// has reports whether the value of another dimension lies in atoms.
func (v *valuation) has(d *dimension, atoms []int) bool {
	if !d.widened {
		return d.cells(atoms).Has(v.point[d.level])
	}
	parts, ok := v.values[d]
	if !ok {
		parts = d.example(v.point[d.level])
	}
	return d.matches(atoms, parts)
}

// matches reports whether a value lies in atoms as they were before they were widened.
func (d *dimension) matches(atoms []int, parts []string) bool {
	tuples := d.tuples
	if d.widened {
		tuples = d.original
	}
	return slices.ContainsFunc(atoms, func(a int) bool {
		return slices.ContainsFunc(tuples[a], func(t domain.Tuple) bool { return tupleMatches(t, parts, -1) })
	})
}

// tupleMatches reports whether all parts match, but for one that is not looked at.
func tupleMatches(t domain.Tuple, parts []string, but int) bool {
	for i, p := range t {
		if i != but && !p.Match(parts[i]) {
			return false
		}
	}
	return true
}

// recent are as many values of a dimension as are tried before another one is searched
// for: what several requests ask for is often alike.
const recent = 8

// longest values are as dear to look at again as to search for.
const longest = 2_000

// solve returns a value that satisfies the conditions, in the cell of the point: one
// that was found before, if it does.
func (v *valuation) solve(conditions []*expr) []string {
	if slices.Contains(conditions, never) {
		return nil
	}
	d, cell := v.dim, v.point[v.dim.level]
	for _, parts := range v.found[d] {
		if len(parts[len(parts)-1]) < longest && d.words.Find(parts) == cell && !slices.ContainsFunc(conditions, func(e *expr) bool { return !d.satisfies(e, parts) }) {
			return parts
		}
	}
	parts := v.search(conditions)
	if parts != nil {
		if v.found == nil {
			v.found = map[*dimension][][]string{}
		}
		list := v.found[d]
		v.found[d] = append([][]string{parts}, list[:min(len(list), recent-1)]...)
	}
	return parts
}

// satisfies reports whether a value satisfies a condition of atoms of the dimension.
func (d *dimension) satisfies(e *expr, parts []string) bool {
	switch e.op {
	case opTrue:
		return true
	case opNot:
		return !d.satisfies(e.kids[0], parts)
	case opAnd:
		return !slices.ContainsFunc(e.kids, func(k *expr) bool { return !d.satisfies(k, parts) })
	case opOr:
		return slices.ContainsFunc(e.kids, func(k *expr) bool { return d.satisfies(k, parts) })
	}
	return d.matches(e.most, parts)
}

// search looks for a value that satisfies the conditions, in the cell of the point.
// Where one of several suffices, those that ask for a match count together; else it
// is one of those that forbid one.
func (v *valuation) search(conditions []*expr) []string {
	var must, not [][]int // atoms
	for len(conditions) > 0 {
		e := conditions[0]
		conditions = conditions[1:]
		switch e.op {
		case opAnd:
			conditions = append(slices.Clone(e.kids), conditions...)
		case opOr:
			var some []int
			var other *expr
			for _, k := range e.kids {
				if k.op == opIn {
					some = append(some, k.most...)
				} else if other == nil {
					other = k
				}
			}
			if some == nil {
				conditions = append(conditions[:len(conditions):len(conditions)], other)
				continue
			}
			must = append(must, some)
		case opIn:
			must = append(must, e.most)
		case opNot:
			if e == never {
				return nil
			}
			not = append(not, e.kids[0].most)
		}
	}
	d, cell := v.dim, v.point[v.dim.level]
	for a := range d.original {
		if len(d.original[a]) > 0 && d.sure(a) { // it told the cells apart
			if d.sets[a].Has(cell) {
				must = append(must, []int{a})
			} else {
				not = append(not, []int{a})
			}
		}
	}
	example := d.example(cell)
	for part := len(example) - 1; part > 0; part-- {
		s, ok := v.part(part, example, must, not)
		if !ok {
			continue
		}
		parts := slices.Clone(example)
		parts[part] = s
		if d.words.Find(parts) == cell {
			return parts
		}
	}
	return nil
}

// part searches for one part of a value, the others being those of an example.
func (v *valuation) part(part int, example []string, must, not [][]int) (string, bool) {
	d := v.dim
	patterns := func(list []domain.Tuple) (out []domain.Pattern) {
		for _, t := range list {
			if tupleMatches(t, example, part) {
				out = append(out, t[part])
			}
		}
		return out
	}
	universe := patterns(d.shapes)
	if len(universe) == 0 {
		return "", false
	}
	var lists [][]domain.Pattern
	for _, atoms := range must {
		var list []domain.Pattern
		for _, a := range atoms {
			list = append(list, patterns(d.original[a])...)
		}
		if len(list) == 0 {
			return "", false
		}
		if !slices.ContainsFunc(list, domain.Pattern.IsStar) {
			lists = append(lists, list)
		}
	}
	var refused []domain.Pattern
	for _, atoms := range not {
		for _, a := range atoms {
			refused = append(refused, patterns(d.original[a])...)
		}
	}
	if slices.ContainsFunc(refused, domain.Pattern.IsStar) {
		return "", false
	}
	limits := v.limits.WithWork(min(v.searching, v.allowance.positions/searchShare))
	left := *limits.Work
	s, ok := domain.Find(universe, lists, refused, limits)
	v.searching -= left - *limits.Work
	return s, ok
}

// searchShare is the part of a question's work that one search for a value may take,
// one in so many; all of them may take as much as the partition of a dimension.
const searchShare = 80
