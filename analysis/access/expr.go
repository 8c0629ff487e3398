package access

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/domain"
)

// expr is a condition on requests, built while policies are compiled and turned
// into a set once all dimensions are known. Where AWS's behaviour is not
// settled, or a value is not known, an expr has two readings: at most the
// requests that might satisfy it, and at least those that certainly do.
type expr struct {
	op   op
	kids []*expr
	dim  *dimension
	// Atoms of the dimension whose union the value must lie in: least certainly
	// satisfies, most might.
	least, most []int
	// fixed are those of most that one fixed, unknown value would be: nobody who
	// is not named anywhere can have it.
	fixed []int
	// itself are the atoms of a value that nothing else in the policies is: fixed,
	// unknown values as if each were one of its own, see someone.go.
	itself   []int
	relation *relation
}

type op uint8

const (
	opTrue    op = iota
	opUnknown    // true at most, false at least
	opFixed      // as unknown, but false for whoever is not named anywhere
	opNot
	opAnd
	opOr
	opIn         // the value of the dimension lies in the atoms
	opSome       // some element of the value lies in the atoms (elements)
	opEvery      // every element of the value lies in the atoms (elements)
	opExactlyOne // the value has exactly one element (elements)
	opRelation
)

var (
	always  = &expr{op: opTrue}
	never   = not(always)
	unknown = &expr{op: opUnknown}
	fixed   = &expr{op: opFixed}
)

func not(e *expr) *expr {
	if e.op == opNot {
		return e.kids[0]
	}
	return &expr{op: opNot, kids: []*expr{e}}
}

func and(es ...*expr) *expr {
	var kids []*expr
	for _, e := range es {
		if e != always {
			kids = append(kids, e)
		}
	}
	if len(kids) == 0 {
		return always
	}
	if len(kids) == 1 {
		return kids[0]
	}
	return &expr{op: opAnd, kids: kids}
}

func or(es ...*expr) *expr {
	var kids []*expr
	for _, e := range es {
		if e == always {
			return always
		}
		if e != never {
			kids = append(kids, e)
		}
	}
	if len(kids) == 0 {
		return never
	}
	if len(kids) == 1 {
		return kids[0]
	}
	return &expr{op: opOr, kids: kids}
}

// in is the condition that the value lies in the atoms, exactly.
func in(d *dimension, atoms ...int) *expr { return &expr{op: opIn, dim: d, least: atoms, most: atoms} }

// exact reports whether both readings are the same set.
func (e *expr) exact() bool {
	switch e.op {
	case opUnknown, opFixed:
		return false
	case opIn, opSome, opEvery:
		if e.dim.widened || len(e.least) != len(e.most) {
			return false
		}
	}
	for _, k := range e.kids {
		if !k.exact() {
			return false
		}
	}
	return true
}

// hasFixed reports whether the reading for strangers differs from the others.
func (e *expr) hasFixed() bool {
	if e.op == opFixed || len(e.fixed) > 0 {
		return true
	}
	for _, k := range e.kids {
		if k.hasFixed() {
			return true
		}
	}
	return false
}

// reading says how to decide what is not settled.
type reading struct {
	most bool
	// stranger reads for a caller whom no value that is not known can name.
	stranger bool
	// apart reads each value that is not known as one that nothing else is.
	apart bool
}

func (r reading) not() reading { return reading{!r.most, r.stranger, r.apart} }

// set turns an expr into a set of requests, in one of its readings.
func (m *model) set(e *expr, most bool) domain.Node { return m.read(e, reading{most: most}) }

func (m *model) read(e *expr, r reading) domain.Node {
	s := m.space
	switch e.op {
	case opTrue:
		return domain.All
	case opUnknown:
		if r.most {
			return domain.All
		}
		return domain.None
	case opFixed:
		if r.most && !r.stranger {
			return domain.All
		}
		return domain.None
	case opNot:
		return s.Complement(m.read(e.kids[0], r.not()))
	case opAnd:
		n := domain.All
		for _, k := range e.kids {
			n = s.Intersect(n, m.read(k, r))
		}
		return n
	case opOr:
		return m.readAny(e.kids, r)
	case opRelation:
		return s.Cells(e.relation.level, domain.Bits{2})
	case opExactlyOne:
		return m.exactlyOne(e.dim)
	}
	cells := e.dim.cells(e.atoms(r))
	switch e.op {
	case opSome:
		n := domain.None
		for _, c := range slices.Backward(cells.Elements()) { // from the last level on, each step adds one node
			n = s.Union(n, m.carries(e.dim, c))
		}
		return n
	case opEvery:
		n := domain.All
		for c := e.dim.size - 1; c >= 0; c-- {
			if !cells.Has(c) {
				n = s.Minus(n, m.carries(e.dim, c))
			}
		}
		return n
	}
	return s.Cells(e.dim.level, cells)
}

// readAny is the union of conditions. Those on values of one dimension are put together
// before a set is made of them: a list of principals has a thousand.
func (m *model) readAny(list []*expr, r reading) domain.Node {
	s := m.space
	n := domain.None
	var dims []*dimension
	var cells []domain.Bits
	for _, e := range list {
		if e.op != opIn {
			n = s.Union(n, m.read(e, r))
			continue
		}
		i := slices.Index(dims, e.dim)
		if i < 0 {
			i = len(dims)
			dims, cells = append(dims, e.dim), append(cells, domain.NewBits(e.dim.size))
		}
		for _, a := range e.atoms(r) {
			cells[i] = cells[i].Union(e.dim.sets[a])
		}
	}
	for i, d := range dims {
		n = s.Union(n, s.Cells(d.level, cells[i]))
	}
	return n
}

// atoms returns the atoms of a reading. In a widened dimension patterns match
// too much, so that at least nothing is certain but the presence of the key.
func (e *expr) atoms(r reading) []int {
	if r.most && (r.stranger || r.apart && len(e.itself) > 0) && len(e.fixed) > 0 {
		known := slices.DeleteFunc(slices.Clone(e.most), func(a int) bool { return slices.Contains(e.fixed, a) })
		if r.apart {
			known = append(known, e.itself...)
		}
		return known
	}
	if r.most {
		return e.most
	}
	if !e.dim.widened {
		return e.least
	}
	var sure []int
	for _, a := range e.least {
		if e.dim.sure(a) {
			sure = append(sure, a)
		}
	}
	return sure
}

// carries is the set of requests with a value in the cell of a set-valued key.
func (m *model) carries(d *dimension, cell int) domain.Node {
	return m.space.Cells(d.level+cell, domain.Bits{2})
}

func (m *model) exactlyOne(d *dimension) domain.Node {
	s := m.space
	none, one := domain.All, domain.None
	for c := d.size - 1; c >= 0; c-- {
		b := m.carries(d, c)
		one = s.Union(s.Minus(one, b), s.Intersect(b, none))
		none = s.Minus(none, b)
	}
	return one
}
