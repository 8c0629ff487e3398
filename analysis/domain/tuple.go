package domain

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// Tuple is a set of strings of several parts, one pattern for each part.
type Tuple []Pattern

// Tuples is a partition of strings that consist of parts, such as the account,
// name and session of a caller, by atoms that each are a union of tuples. The
// parts are partitioned one after the other, always by the patterns that are
// still alive only, so that independent parts do not multiply.
type Tuples struct {
	N        int
	Examples [][]string // one value for each part, of each cell
	Single   []bool     // the example is the cell's only value
	members  []Bits     // per atom: its cells

	shapes []Tuple
	atoms  [][]Tuple
	bySign map[string]int
}

// SplitTuples partitions the union of shapes by atoms. prefer lists natural
// examples for each part. It reports false when a limit is exceeded.
func SplitTuples(shapes []Tuple, atoms [][]Tuple, prefer [][]string, limits Limits) (*Tuples, bool) {
	t := &Tuples{shapes: shapes, atoms: atoms, bySign: map[string]int{}}
	b := tupleBuilder{t: t, prefer: prefer, limits: limits}
	all := alive{shapes: indexes(len(shapes))}
	for i, atom := range atoms {
		for _, tuple := range atom {
			all.tuples = append(all.tuples, int32(len(b.tuples)))
			b.tuples = append(b.tuples, tuple)
			b.owner = append(b.owner, i)
		}
	}
	b.example = make([]string, len(shapes[0]))
	if !b.refine(0, all, true) {
		return nil, false
	}
	t.members = make([]Bits, len(atoms))
	for i := range atoms {
		t.members[i] = NewBits(t.N)
	}
	for c, sign := range b.signs {
		for _, i := range sign.Elements() {
			t.members[i].Set(c)
		}
	}
	return t, true
}

// Set returns the cells of atom i.
func (t *Tuples) Set(i int) Bits { return t.members[i] }

// Find returns the cell of a value given by its parts, -1 when it is outside
// the universe, as nil is.
func (t *Tuples) Find(parts []string) int {
	if parts == nil {
		return -1
	}
	in := false
	for _, s := range t.shapes {
		in = in || s.match(parts)
	}
	if !in {
		return -1
	}
	sign := NewBits(len(t.atoms))
	for i, atom := range t.atoms {
		for _, tuple := range atom {
			if tuple.match(parts) {
				sign.Set(i)
				break
			}
		}
	}
	if c, ok := t.bySign[sign.Key()]; ok {
		return c
	}
	return -1
}

func (t Tuple) match(parts []string) bool {
	for i, p := range t {
		if !p.Match(parts[i]) {
			return false
		}
	}
	return true
}

// alive lists the shapes and tuples that the parts fixed so far still match.
type alive struct{ shapes, tuples []int32 }

type tupleBuilder struct {
	t       *Tuples
	tuples  []Tuple
	owner   []int // atom of each tuple
	prefer  [][]string
	limits  Limits
	example []string
	signs   []Bits
	levels  []level
	rests   [][]int32 // of each part, see rests; made when needed
	work    int
}

// level is what refine needs for one part; siblings take turns with it.
type level struct {
	universe, patterns, all []Pattern
	uses, used              []int
	texts                   []string  // of literals, by pattern
	piece                   []bool    // the pattern is a literal of the universe
	of                      [][]int32 // by pattern, the tuples that have it
	stars                   []int32   // those that any string matches
	next                    alive
}

func (b *tupleBuilder) refine(part int, a alive, single bool) bool {
	if part == len(b.example) {
		return b.add(a, single)
	}
	if b.work++; b.work > b.limits.Cells*8 || !b.limits.spend(len(a.tuples)) {
		return false
	}
	if b.levels == nil {
		b.levels = make([]level, len(b.example))
	}
	l := &b.levels[part]
	l.universe, l.uses = distinct(b.t.shapes, a.shapes, part, l.universe[:0], l.uses[:0])
	l.patterns, l.used = distinct(b.tuples, a.tuples, part, l.patterns[:0], l.used[:0])
	var prefer []string
	if part < len(b.prefer) {
		prefer = b.prefer[part]
	}
	if len(l.universe) == 1 {
		if allStars(l.patterns) {
			// Nothing tells the values apart.
			var only bool
			b.example[part], only = anyOf(l.universe[0], prefer, nil)
			return b.refine(part+1, a, single && only)
		}
	}
	if wide, ok := oneWide(l.universe); ok && literalsOrStars(l.patterns) {
		return b.refineLiterals(part, wide, a, single, prefer)
	}
	if allPlain(l.universe) {
		return b.refineList(part, a, single)
	}
	return b.refineJointly(part, a, single, prefer)
}

func allPlain(ps []Pattern) bool {
	for _, p := range ps {
		if !p.plain() {
			return false
		}
	}
	return true
}

// refineList splits a universe that is a list: each of its strings is a piece.
func (b *tupleBuilder) refineList(part int, a alive, single bool) bool {
	l := &b.levels[part]
	for which, u := range l.universe {
		s, _ := u.IsLiteral()
		l.next.shapes, l.next.tuples = l.next.shapes[:0], l.next.tuples[:0]
		for i, shape := range a.shapes {
			if l.uses[i] == which {
				l.next.shapes = append(l.next.shapes, shape)
			}
		}
		l.piece = l.piece[:0]
		for _, p := range l.patterns {
			l.piece = append(l.piece, p.Match(s))
		}
		for i, t := range a.tuples {
			if l.piece[l.used[i]] {
				l.next.tuples = append(l.next.tuples, t)
			}
		}
		b.example[part] = s
		if !b.refine(part+1, l.next, single) {
			return false
		}
	}
	return true
}

// oneWide returns which pattern of a universe matches many strings, if one does
// and all others are literals.
func oneWide(universe []Pattern) (wide int, ok bool) {
	for i, u := range universe {
		switch {
		case u.plain():
		case ok || !u.isWide():
			return 0, false
		default:
			wide, ok = i, true
		}
	}
	return wide, ok
}

// refineLiterals splits a wide universe, which may have a few literals besides, by
// literals: each of them is a piece, and so is everything else.
func (b *tupleBuilder) refineLiterals(part, wide int, a alive, single bool, prefer []string) bool {
	l := &b.levels[part]
	l.texts, l.piece = l.texts[:0], l.piece[:0]
	for _, p := range l.patterns {
		s, ok := p.IsLiteral()
		l.texts = append(l.texts, s)
		l.piece = append(l.piece, ok && matchesAny(l.universe, s))
	}
	l.index(a.tuples)
	step := func(which int) bool {
		l.next.shapes = a.shapes
		if len(l.universe) > 1 {
			l.next.shapes = nil
			for i, s := range a.shapes {
				if u := l.uses[i]; which < 0 && u == wide || which >= 0 && l.universe[u].Match(l.texts[which]) {
					l.next.shapes = append(l.next.shapes, s)
				}
			}
		}
		l.next.tuples = append(l.next.tuples[:0], l.stars...)
		if which >= 0 && len(l.of[which]) > 0 {
			l.next.tuples = append(l.next.tuples, l.of[which]...)
			slices.Sort(l.next.tuples)
		}
		return b.refine(part+1, l.next, single && which >= 0)
	}
	for which, s := range l.texts {
		if !l.piece[which] {
			continue
		}
		b.example[part] = s
		if !step(which) {
			return false
		}
	}
	b.example[part], _ = anyOf(l.universe[wide], prefer, l.texts)
	return step(-1)
}

// index lists the tuples by their pattern, so that a piece need not look at all of
// them.
func (l *level) index(tuples []int32) {
	l.of = slices.Grow(l.of[:0], len(l.patterns))[:len(l.patterns)]
	for i := range l.of {
		l.of[i] = l.of[i][:0]
	}
	l.stars = l.stars[:0]
	for i, t := range tuples {
		if u := l.used[i]; l.patterns[u].IsStar() {
			l.stars = append(l.stars, t)
		} else {
			l.of[u] = append(l.of[u], t)
		}
	}
}

// refineJointly splits a part by its joint partition.
func (b *tupleBuilder) refineJointly(part int, a alive, single bool, prefer []string) bool {
	l := &b.levels[part]
	l.all = append(l.all[:0], l.patterns...)
	if len(l.universe) > 1 {
		// Which shapes a part matches decides what may follow.
		l.all = append(l.all, l.universe...)
	}
	group, groups := b.groups(part, a, l)
	p, ok := splitGroups(l.universe, l.all, group, groups, prefer, b.limits)
	if !ok {
		return false
	}
	for c := 0; c < p.N; c++ {
		l.next.shapes, l.next.tuples = l.next.shapes[:0], l.next.tuples[:0]
		for i, s := range a.shapes {
			if len(l.universe) == 1 || p.Set(len(l.patterns)+l.uses[i]).Has(c) {
				l.next.shapes = append(l.next.shapes, s)
			}
		}
		for i, s := range a.tuples {
			if p.Set(l.used[i]).Has(c) {
				l.next.tuples = append(l.next.tuples, s)
			}
		}
		b.example[part] = p.Examples[c]
		if !b.refine(part+1, l.next, single && p.Single[c]) {
			return false
		}
	}
	return true
}

// fewPatterns of a part are told apart even if they need not be.
const fewPatterns = 4

// groups puts patterns of a part together that are used by the same atoms, each with
// the same to follow: no cell tells them apart. Those of the universe are one each.
func (b *tupleBuilder) groups(part int, a alive, l *level) (group []int, groups int) {
	if len(l.patterns) <= fewPatterns {
		return nil, len(l.all)
	}
	if b.rests == nil {
		b.rests = rests(b.tuples, len(b.example))
	}
	uses := make([][][2]int, len(l.patterns)) // of each pattern: atom and rest
	for i, t := range a.tuples {
		u := l.used[i]
		uses[u] = append(uses[u], [2]int{b.owner[t], int(b.rests[part+1][t])})
	}
	index := map[string]int{}
	group = make([]int, len(l.all))
	var key []byte
	for i := range group {
		if i >= len(uses) {
			group[i] = groups
			groups++
			continue
		}
		slices.SortFunc(uses[i], func(x, y [2]int) int { return cmp.Or(x[0]-y[0], x[1]-y[1]) })
		key = key[:0]
		for _, u := range slices.Compact(uses[i]) {
			key = binary.AppendUvarint(binary.AppendUvarint(key, uint64(u[0])), uint64(u[1]))
		}
		g, ok := index[string(key)]
		if !ok {
			g = groups
			groups++
			index[string(key)] = g
		}
		group[i] = g
	}
	return group, groups
}

// rests numbers, for each part, what tuples have from there on.
func rests(tuples []Tuple, parts int) [][]int32 {
	out := make([][]int32, parts+1)
	out[parts] = make([]int32, len(tuples))
	for part := parts - 1; part > 0; part-- {
		out[part] = make([]int32, len(tuples))
		index := map[string]int32{}
		for i, t := range tuples {
			key := string(binary.AppendUvarint(nil, uint64(out[part+1][i]))) + t[part].key()
			n, ok := index[key]
			if !ok {
				n = int32(len(index))
				index[key] = n
			}
			out[part][i] = n
		}
	}
	return out
}

func literalsOrStars(ps []Pattern) bool {
	for _, p := range ps {
		if !p.IsStar() && !p.plain() {
			return false
		}
	}
	return true
}

func allStars(ps []Pattern) bool {
	for _, p := range ps {
		if !p.IsStar() {
			return false
		}
	}
	return true
}

// anyOf returns a string of the universe that is none of without, a preferred
// one if there is one, and whether it is the only one.
func anyOf(universe Pattern, prefer, without []string) (s string, only bool) {
	if s, ok := universe.IsLiteral(); ok {
		return s, true
	}
	for _, s := range prefer {
		if universe.Match(s) && !slices.Contains(without, s) {
			return s, false
		}
	}
	s = universe.Sample()
	if len(prefer) > 0 && strings.HasSuffix(s, "/") && universe.Match(s+prefer[0]) {
		s += prefer[0]
	}
	for n := 1; slices.Contains(without, s); n++ {
		s = universe.other(n)
	}
	return s, false
}

func (b *tupleBuilder) add(a alive, single bool) bool {
	sign := NewBits(len(b.t.atoms))
	for _, i := range a.tuples {
		sign.Set(b.owner[i])
	}
	key := sign.Key()
	if c, ok := b.t.bySign[key]; ok {
		b.t.Single[c] = false
		if len(b.prefer) > 0 && rank(b.prefer[0], b.example[0]) < rank(b.prefer[0], b.t.Examples[c][0]) {
			b.t.Examples[c] = append([]string{}, b.example...)
		}
		return true
	}
	if b.t.N >= b.limits.Cells || !b.limits.spend(2*len(sign)/wordsOfWork) {
		return false
	}
	b.t.bySign[key] = b.t.N
	b.t.N++
	b.t.Examples = append(b.t.Examples, append([]string{}, b.example...))
	b.t.Single = append(b.t.Single, single)
	b.signs = append(b.signs, sign)
	return true
}

// rank returns the place of a shape in the order of preference.
func rank(prefer []string, shape string) int {
	for i, p := range prefer {
		if p == shape {
			return i
		}
	}
	return len(prefer)
}

// distinct returns the different patterns that the listed tuples have at a part
// and, for each listed tuple, the index of its own.
func distinct(tuples []Tuple, listed []int32, part int, out []Pattern, uses []int) ([]Pattern, []int) {
	uses = slices.Grow(uses, len(listed))[:len(listed)]
	var index map[string]int // once there are too many to compare one by one
next:
	for i, s := range listed {
		p := tuples[s][part]
		if index == nil {
			for j, q := range out {
				if p.Equal(q) {
					uses[i] = j
					continue next
				}
			}
			if len(out) == 16 {
				index = map[string]int{}
				for j, q := range out {
					index[q.key()] = j
				}
			}
		}
		if index != nil {
			key := p.key()
			if j, ok := index[key]; ok {
				uses[i] = j
				continue
			}
			index[key] = len(out)
		}
		uses[i] = len(out)
		out = append(out, p)
	}
	return out, uses
}

func indexes(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}
