package access

import (
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/domain"
)

// strata is the label space: of each dimension that findings show, the
// combinations of labels that a finding can have there.
//
// A finding is a label of each tracked key, or none. It is irreducible if some
// access in it lies in no strictly smaller one, that is, if for some request the
// finding's labels are minimal among those that the request's values have. So
// each cell is replaced by its minimal labels, and the maximal elements of what
// comes out are Access Analyzer's findings: no search is needed.
type strata struct {
	*solution
	tracked   []*dimension
	untracked domain.Bits // levels
	layers    []layer
	space     *domain.Space // of combinations
	toLabel   map[domain.Node]domain.Node
}

// maxCombinations bounds the combinations of a layer.
const maxCombinations = 2_000

// layer is the combinations of one dimension.
type layer struct {
	dim    *dimension
	top    int       // the combination without labels
	cut    bool      // some labels were left out
	groups [][]label // by key: labels that are different sets
	sets   [][]domain.Bits
	combos [][]int       // for each combination, the label of each group, -1 for none
	cells  [][]int       // for each cell, the combinations of its minimal labels
	box    []domain.Bits // for each combination, the cells that have its labels
	core   []domain.Bits // for each combination, the cells for which it is minimal
	above  [][]int       // for each combination, those strictly above it
}

func newStrata(s *solution) *strata {
	t := &strata{solution: s, toLabel: map[domain.Node]domain.Node{}}
	t.untracked = domain.FullBits(s.model.space.Levels())
	var sizes []int
	for _, d := range s.dims {
		if d != s.caller && (len(d.labels) == 0 || d.elements) {
			continue
		}
		l := newLayer(d)
		if l.cut {
			s.note("the values that tell callers apart are too many: some findings are at most what is granted")
		}
		t.tracked = append(t.tracked, d)
		t.layers = append(t.layers, l)
		t.untracked[d.level>>6] &^= 1 << (d.level & 63)
		sizes = append(sizes, len(l.combos))
	}
	t.space = domain.NewSpace(sizes)
	return t
}

func newLayer(d *dimension) layer {
	l := layer{dim: d}
	byKey := map[string]int{}
	seen := map[string]int{} // labels of the same key that are the same set are one
	for _, lb := range d.labels {
		set := d.cells(lb.atoms)
		if set.IsEmpty() {
			continue
		}
		group := lb.key
		g, ok := byKey[group]
		if !ok {
			g = len(l.groups)
			byKey[group] = g
			l.groups = append(l.groups, nil)
			l.sets = append(l.sets, nil)
		}
		key := lb.key + "\x00" + set.Key()
		if i, ok := seen[key]; ok {
			switch one := &l.groups[g][i]; {
			case d.areJoined(*one, lb):
				one.join(lb)
			case d.widened && !(d.same(one.atoms) && d.same(lb.atoms)):
				one.join(lb)
			case lb.text < one.text:
				*one = lb
			}
			continue
		}
		seen[key] = len(l.groups[g])
		l.groups[g] = append(l.groups[g], lb)
		l.sets[g] = append(l.sets[g], set)
	}
	index := map[string]int{}
	l.cells = make([][]int, d.size)
	choice := make([]int, len(l.groups))
	for c := 0; c < d.size; c++ {
		l.combine(c, 0, choice, index)
	}
	for g := range choice {
		choice[g] = -1
	}
	top, ok := index[comboKey(choice)]
	if !ok {
		top = len(l.combos)
		l.combos = append(l.combos, append([]int{}, choice...))
	}
	l.top = top
	l.order()
	return l
}

// combine adds the combinations of a cell's minimal labels, one of each group.
func (l *layer) combine(cell, group int, choice []int, index map[string]int) {
	if group == len(l.groups) {
		key := comboKey(choice)
		i, ok := index[key]
		if !ok {
			i = len(l.combos)
			index[key] = i
			l.combos = append(l.combos, append([]int{}, choice...))
		}
		l.cells[cell] = append(l.cells[cell], i)
		return
	}
	minimal := l.minimal(group, cell)
	if len(minimal) == 0 || len(l.combos) > maxCombinations {
		minimal = []int{-1} // no label at all: the finding is wider, and sound
		l.cut = l.cut || len(l.combos) > maxCombinations
	}
	for _, i := range minimal {
		choice[group] = i
		l.combine(cell, group+1, choice, index)
	}
}

func comboKey(choice []int) string {
	b := make([]byte, 0, 2*len(choice))
	for _, i := range choice {
		b = append(b, byte(i), byte(i>>8))
	}
	return string(b)
}

// minimal returns the labels of a group that have the cell and of which no
// smaller one has it.
func (l *layer) minimal(group, cell int) []int {
	var has []int
	for i, s := range l.sets[group] {
		if s.Has(cell) {
			has = append(has, i)
		}
	}
	var out []int
next:
	for _, i := range has {
		for _, j := range has {
			if i != j && l.sets[group][i].Includes(l.sets[group][j]) {
				continue next
			}
		}
		out = append(out, i)
	}
	return out
}

// order computes the boxes of the combinations and how they lie in each other.
func (l *layer) order() {
	n := len(l.combos)
	l.box, l.core = make([]domain.Bits, n), make([]domain.Bits, n)
	l.above = make([][]int, n)
	for i, combo := range l.combos {
		l.box[i] = domain.FullBits(l.dim.size)
		for g, label := range combo {
			if label >= 0 {
				l.box[i] = l.box[i].Intersect(l.sets[g][label])
			}
		}
		l.core[i] = domain.NewBits(l.dim.size)
	}
	for c, combos := range l.cells {
		for _, i := range combos {
			l.core[i].Set(c)
		}
	}
	for i := range l.combos {
		for j := range l.combos {
			if i != j && l.under(i, j) {
				l.above[i] = append(l.above[i], j)
			}
		}
	}
}

// under reports whether combination i is label by label a subset of j.
func (l *layer) under(i, j int) bool {
	for g := range l.groups {
		a, b := l.combos[i][g], l.combos[j][g]
		if b < 0 || a == b {
			continue
		}
		if a < 0 || !l.sets[g][b].Includes(l.sets[g][a]) {
			return false
		}
	}
	return true
}

// labelled returns the combinations of the minimal labels of all points of a
// set that depends on tracked levels only.
func (t *strata) labelled(n domain.Node) domain.Node { return t.labelledFrom(n) }

func (t *strata) labelledFrom(n domain.Node) domain.Node {
	if n <= domain.All {
		return n
	}
	if out, ok := t.toLabel[n]; ok {
		return out
	}
	level := t.model.space.Level(n)
	i := 0
	for t.tracked[i].level != level {
		i++
	}
	children := make([]domain.Node, len(t.layers[i].combos))
	for c, child := range t.model.space.Children(n) {
		if child == domain.None {
			continue
		}
		below := t.labelledFrom(child)
		for _, combo := range t.layers[i].cells[c] {
			children[combo] = t.space.Union(children[combo], below)
		}
	}
	out := t.space.Make(i, children)
	t.toLabel[n] = out
	return out
}

// maximal returns the elements of a set of findings that lie in no other one.
func (t *strata) maximal(n domain.Node) domain.Node {
	w := closure{strata: t, down: map[domain.Node]domain.Node{}, strict: map[[2]int]domain.Node{}}
	return t.space.Minus(n, w.below(n, 0))
}

type closure struct {
	*strata
	down   map[domain.Node]domain.Node
	strict map[[2]int]domain.Node
}

// under returns everything that lies in an element of the set, itself included.
func (w *closure) under(n domain.Node) domain.Node {
	if n <= domain.All {
		return n
	}
	if out, ok := w.down[n]; ok {
		return out
	}
	s := w.space
	level := s.Level(n)
	l := w.layers[level]
	kids := s.Children(n)
	children := make([]domain.Node, len(kids))
	for i := range kids {
		children[i] = w.under(kids[i])
	}
	out := make([]domain.Node, len(kids))
	for i := range kids {
		out[i] = children[i]
		for _, j := range l.above[i] {
			out[i] = s.Union(out[i], children[j])
		}
	}
	r := s.Make(level, out)
	w.down[n] = r
	return r
}

// below returns everything that lies strictly in an element of the set; level
// is the first one that has not been looked at.
func (w *closure) below(n domain.Node, level int) domain.Node {
	if n == domain.None || level == len(w.layers) {
		return domain.None
	}
	key := [2]int{int(n), level}
	if out, ok := w.strict[key]; ok {
		return out
	}
	s := w.space
	l := w.layers[level]
	out := make([]domain.Node, len(l.combos))
	child := func(i int) domain.Node {
		if s.Level(n) == level {
			return s.Child(n, i)
		}
		return n
	}
	for i := range out {
		out[i] = w.below(child(i), level+1)
		for _, j := range l.above[i] {
			out[i] = s.Union(out[i], w.under(child(j)))
		}
	}
	r := s.Make(level, out)
	w.strict[key] = r
	return r
}

// stratum is a finding in the label space: a combination of each layer.
type stratum []int

// elements lists the findings of a set, at most limit of them.
func (t *strata) elements(n domain.Node, limit int) (out []stratum, all bool) {
	all = true
	point := make(stratum, len(t.layers))
	var walk func(n domain.Node, level int)
	walk = func(n domain.Node, level int) {
		if n == domain.None || !all {
			return
		}
		if level == len(t.layers) {
			if len(out) == limit {
				all = false
				return
			}
			out = append(out, append(stratum{}, point...))
			return
		}
		for i := range t.layers[level].combos {
			point[level] = i
			child := n
			if t.space.Level(n) == level {
				child = t.space.Child(n, i)
			}
			walk(child, level+1)
		}
	}
	walk(n, 0)
	return out, all
}

// boxes returns the cells of a finding, and those for which it is minimal, by
// level of the request space.
func (t *strata) boxes(f stratum) (box, core domain.Box) {
	box = make(domain.Box, t.model.space.Levels())
	core = make(domain.Box, t.model.space.Levels())
	for i, combo := range f {
		level := t.tracked[i].level
		box[level], core[level] = t.layers[i].box[combo], t.layers[i].core[combo]
	}
	return box, core
}

// labels returns the labels of a finding.
func (t *strata) labels(f stratum) []label {
	var out []label
	for i, combo := range f {
		l := t.layers[i]
		for g, j := range l.combos[combo] {
			if j >= 0 {
				out = append(out, l.groups[g][j])
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].key < out[j].key })
	return out
}

// key identifies a finding by its labels.
func (t *strata) key(f stratum) string {
	var b strings.Builder
	for _, i := range f {
		b.WriteByte(byte(i))
		b.WriteByte(byte(i >> 8))
		b.WriteByte(byte(i >> 16))
	}
	return b.String()
}
