package domain

import (
	"encoding/binary"
	"slices"
	"strings"
	"unicode"
)

// Partition splits the strings of a universe into cells: the strings that match
// exactly the same patterns. Cells are numbered from 0 in a fixed order.
//
// Globs are regular languages: all patterns run in one joint automaton, whose
// reachable acceptance vectors are the cells and whose shortest paths to them
// are their examples.
type Partition struct {
	N        int      // number of cells
	Examples []string // one string of each cell
	// Single reports for each cell whether its example is its only string.
	Single []bool

	patterns []Pattern
	universe []Pattern
	members  []Bits         // per pattern: the cells whose strings match it
	bySign   map[string]int // acceptance vector to cell
}

// Limits bound the work on one partition.
type Limits struct {
	States int // of the joint automaton
	Cells  int
	// Work counts the positions that automata have looked at down to zero. It
	// is shared by all partitions that are made with it; nil is no bound.
	Work *int
}

// DefaultLimits are far above what real policies need.
var DefaultLimits = Limits{States: 200_000, Cells: 8_000}

// WithWork returns the limits with a bound on the work of several partitions
// together; half a second is about twenty million positions.
func (l Limits) WithWork(positions int) Limits {
	l.Work = &positions
	return l
}

// spend takes positions from the bound and reports whether it still holds.
func (l Limits) spend(positions int) bool {
	if l.Work == nil {
		return true
	}
	*l.Work -= positions
	return *l.Work >= 0
}

// Split computes the partition of universe (the union of its patterns) by
// patterns. Of every cell, the first of prefer that lies in it becomes the
// example. It reports false when a limit is exceeded.
func Split(universe, patterns []Pattern, prefer []string, limits Limits) (*Partition, bool) {
	p := &Partition{universe: universe, patterns: patterns, bySign: map[string]int{}}
	p.members = make([]Bits, len(patterns))
	var ok bool
	if p.isSimple() {
		ok = p.splitLiterals(limits)
	} else {
		ok = p.splitJointly(limits)
	}
	if !ok {
		return nil, false
	}
	for _, s := range prefer {
		if c := p.Find(s); c >= 0 && !p.Single[c] && !slices.Contains(prefer, p.Examples[c]) {
			p.Examples[c] = s
		}
	}
	for c, e := range p.Examples {
		if !p.Single[c] && len(prefer) > 0 && strings.HasSuffix(e, "/") {
			// A name is easier to read than a path that ends in a slash.
			if named := e + prefer[0]; p.Find(named) == c {
				p.Examples[c] = named
			}
		}
	}
	return p, true
}

// Set returns the cells whose strings match pattern i.
func (p *Partition) Set(i int) Bits { return p.members[i] }

// Find returns the cell of a string, -1 when it is not in the universe.
func (p *Partition) Find(s string) int {
	if !matchesAny(p.universe, s) {
		return -1
	}
	sign := NewBits(len(p.patterns))
	for i, q := range p.patterns {
		if q.Match(s) {
			sign.Set(i)
		}
	}
	if c, ok := p.bySign[sign.Key()]; ok {
		return c
	}
	return -1
}

func matchesAny(ps []Pattern, s string) bool {
	for _, p := range ps {
		if p.Match(s) {
			return true
		}
	}
	return false
}

// isSimple reports whether every pattern is a literal or matches everything,
// and the universe is a list of literals, or of one wildcard only.
func (p *Partition) isSimple() bool {
	open := len(p.universe) == 1 && p.universe[0].wildcards() == len(p.universe[0].tokens) && len(p.universe[0].tokens) > 0
	if !open {
		for _, u := range p.universe {
			if _, ok := u.IsLiteral(); !ok {
				return false
			}
		}
		return true
	}
	for _, q := range p.patterns {
		if _, ok := q.IsLiteral(); !ok && !q.IsStar() {
			return false
		}
	}
	// A universe of wildcards alone is infinite only with a '*' in it.
	for _, t := range p.universe[0].tokens {
		if t.kind == run {
			return true
		}
	}
	return false
}

// splitLiterals handles the common case without an automaton: the cells are the
// literals and, in an open universe, everything else.
func (p *Partition) splitLiterals(limits Limits) bool {
	var texts []string
	closed := true
	for _, u := range p.universe {
		if s, ok := u.IsLiteral(); ok {
			texts = append(texts, s)
		} else {
			closed = false
		}
	}
	if !closed {
		texts = texts[:0]
		for _, q := range p.patterns {
			if s, ok := q.IsLiteral(); ok && matchesAny(p.universe, s) {
				texts = append(texts, s)
			}
		}
	}
	slices.Sort(texts)
	if len(texts) > limits.Cells {
		return false
	}
	for i, s := range texts {
		if i == 0 || s != texts[i-1] {
			p.add(s, p.sign(s), true)
		}
	}
	if !closed {
		sign := NewBits(len(p.patterns))
		for i, q := range p.patterns {
			if q.IsStar() {
				sign.Set(i)
			}
		}
		p.add(freshString(p.universe[0], texts), sign, false)
	}
	p.finish()
	return true
}

func (p *Partition) sign(s string) Bits {
	sign := NewBits(len(p.patterns))
	for i, q := range p.patterns {
		if q.Match(s) {
			sign.Set(i)
		}
	}
	return sign
}

// freshString returns a short string of the universe that is in none of texts.
func freshString(universe Pattern, texts []string) string {
	taken := make(map[string]bool, len(texts))
	for _, t := range texts {
		taken[t] = true
	}
	for s := "x"; ; s += "x" {
		if !taken[s] && universe.Match(s) {
			return s
		}
	}
}

// add records a cell, or joins it to the one with the same acceptance vector.
func (p *Partition) add(example string, sign Bits, single bool) {
	key := sign.Key()
	if c, ok := p.bySign[key]; ok {
		p.Single[c] = false
		return
	}
	p.bySign[key] = p.N
	p.N++
	p.Examples = append(p.Examples, example)
	p.Single = append(p.Single, single)
}

// finish computes the members from the acceptance vectors.
func (p *Partition) finish() {
	for i := range p.patterns {
		p.members[i] = NewBits(p.N)
	}
	for key, c := range p.bySign {
		for w := 0; w < len(key)/8; w++ {
			word := binary.LittleEndian.Uint64([]byte(key[w*8 : w*8+8]))
			for b := 0; word != 0; b, word = b+1, word>>1 {
				if word&1 != 0 {
					p.members[w*64+b].Set(c)
				}
			}
		}
	}
}

// automaton is the joint automaton of a list of patterns. A state is the sorted
// list of the active positions of all patterns.
type automaton struct {
	tokens []token // of all patterns, each followed by an end marker
	ends   map[int32]int
	start  []int32
	firsts int32 // positions below it belong to the universe
}

const endMarker = tokenKind(255)

func newAutomaton(universe, patterns []Pattern) *automaton {
	a := &automaton{ends: map[int32]int{}}
	for i, list := range [][]Pattern{universe, patterns} {
		for j, q := range list {
			a.start = a.reach(a.start, int32(len(a.tokens)), q.tokens)
			a.tokens = append(a.tokens, q.tokens...)
			end := -1
			if i == 1 {
				end = j
			}
			a.ends[int32(len(a.tokens))] = end
			a.tokens = append(a.tokens, token{kind: endMarker})
		}
		if i == 0 {
			a.firsts = int32(len(a.tokens))
		}
	}
	return a
}

// reach appends position at and those that a '*' there lets be reached at once.
func (a *automaton) reach(state []int32, at int32, ts []token) []int32 {
	state = append(state, at)
	for i := 0; i < len(ts) && ts[i].kind == run; i++ {
		state = append(state, at+int32(i)+1)
	}
	return state
}

// step returns the state after r in into, nil when no string of the universe
// goes on like this.
func (a *automaton) step(state []int32, r rune, into []int32) []int32 {
	into = into[:0]
	for _, at := range state {
		t := a.tokens[at]
		if t.kind == endMarker || !t.matches(r) {
			continue
		}
		next := at + 1
		if t.kind == run {
			next = at
		}
		for {
			into = append(into, next)
			if a.tokens[next].kind != run {
				break
			}
			next++
		}
	}
	if len(into) == 0 {
		return nil
	}
	slices.Sort(into)
	out := into[:1]
	for _, at := range into[1:] {
		if at != out[len(out)-1] {
			out = append(out, at)
		}
	}
	if out[0] >= a.firsts {
		return nil
	}
	return out
}

// letters returns the characters that can tell strings apart in the state, the
// last of them standing for all others.
func (a *automaton) letters(state []int32, buf []rune) []rune {
	buf = buf[:0]
	digits := false
	add := func(r rune) {
		for _, s := range buf {
			if s == r {
				return
			}
		}
		buf = append(buf, r)
	}
	for _, at := range state {
		switch t := a.tokens[at]; t.kind {
		case literal:
			add(t.r)
		case folded:
			add(t.r)
			for r := unicode.SimpleFold(t.r); r != t.r; r = unicode.SimpleFold(r) {
				add(r)
			}
		case one, run:
			if t.class == NotColon {
				add(':')
			} else if t.class == NotSlash {
				add('/')
			}
			digits = digits || t.class == Digit
		}
	}
	if digits {
		for r := '9'; r >= '0'; r-- {
			if !slices.Contains(buf, r) {
				add(r)
				break
			}
		}
	}
	slices.Sort(buf)
	return append(buf, otherThan(buf))
}

// otherThan returns a natural character that is not in the list.
func otherThan(list []rune) rune {
	for _, r := range "xyzabcdefghijklmnopqrstuvw0123456789_-" {
		if !slices.Contains(list, r) {
			return r
		}
	}
	for r := rune(0x100); ; r++ {
		if !slices.Contains(list, r) {
			return r
		}
	}
}

// accepted returns which patterns accept in the state, and whether the universe does.
func (a *automaton) accepted(state []int32, patterns int) (Bits, bool) {
	sign, in := NewBits(patterns), false
	for _, at := range state {
		if a.tokens[at].kind != endMarker {
			continue
		}
		if i := a.ends[at]; i >= 0 {
			sign.Set(i)
		} else {
			in = true
		}
	}
	return sign, in
}

// splitJointly runs the subset construction breadth first, so that the first
// path to an acceptance vector is a shortest example.
func (p *Partition) splitJointly(limits Limits) bool {
	type visit struct {
		state  []int32
		parent int32
		by     rune
	}
	a := newAutomaton(p.universe, p.patterns)
	slices.Sort(a.start)
	seen := map[string]int32{stateKey(a.start, nil): 0}
	queue := []visit{{state: a.start, parent: -1}}
	path := func(i int32) string {
		var rs []rune
		for ; queue[i].parent >= 0; i = queue[i].parent {
			rs = append(rs, queue[i].by)
		}
		for l, r := 0, len(rs)-1; l < r; l, r = l+1, r-1 {
			rs[l], rs[r] = rs[r], rs[l]
		}
		return string(rs)
	}
	var letters []rune
	var into []int32
	var key []byte
	for i := 0; i < len(queue); i++ {
		state := queue[i].state
		if sign, in := a.accepted(state, len(p.patterns)); in {
			// A cell is a single string when no pattern can go on to accept the
			// same vector; knowing it for literals is enough.
			p.add(path(int32(i)), sign, p.pins(sign))
			if p.N > limits.Cells {
				return false
			}
		}
		letters = a.letters(state, letters)
		if !limits.spend(len(state) * (len(letters) + 1)) {
			return false
		}
		for _, r := range letters {
			next := a.step(state, r, into)
			if next == nil {
				continue
			}
			into = next
			k := stateKey(next, key[:0])
			if _, ok := seen[k]; ok {
				continue
			}
			if len(queue) >= limits.States {
				return false
			}
			seen[k] = int32(len(queue))
			queue = append(queue, visit{append([]int32{}, next...), int32(i), r})
		}
	}
	p.finish()
	return true
}

// pins reports whether a literal pattern is among the accepting ones.
func (p *Partition) pins(sign Bits) bool {
	for _, i := range sign.Elements() {
		if _, ok := p.patterns[i].IsLiteral(); ok {
			return true
		}
	}
	return false
}

func stateKey(state []int32, buf []byte) string {
	for _, at := range state {
		buf = binary.AppendUvarint(buf, uint64(at))
	}
	return string(buf)
}
