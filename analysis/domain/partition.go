package domain

import (
	"slices"
	"strings"
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
	group    []int // of each pattern, nil if each is one of its own
	groups   int
	universe []Pattern
	members  []Bits         // per group: the cells whose strings match a pattern of it
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

// Other work, in positions.
const (
	spotWork    = 24 // of a character of a pattern, when an automaton is made
	wordsOfWork = 4  // of a set of bits are as much as one position
)

// Split computes the partition of universe (the union of its patterns) by
// patterns. Of every cell, the first of prefer that lies in it becomes the
// example. It reports false when a limit is exceeded.
func Split(universe, patterns []Pattern, prefer []string, limits Limits) (*Partition, bool) {
	return splitGroups(universe, patterns, nil, len(patterns), prefer, limits)
}

// splitGroups is Split where patterns of the same group are not told apart: they
// count as their union.
func splitGroups(universe, patterns []Pattern, group []int, groups int, prefer []string, limits Limits) (*Partition, bool) {
	p := &Partition{universe: universe, patterns: patterns, group: group, groups: groups, bySign: map[string]int{}}
	p.members = make([]Bits, groups)
	var ok bool
	switch one := p.hardest(); {
	case p.isSimple():
		ok = p.splitLiterals(limits)
	case one >= 0 && p.splitOne(one):
		ok = true
	default:
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

// Set returns the cells whose strings match pattern i, or another of its group.
func (p *Partition) Set(i int) Bits { return p.members[p.groupOf(i)] }

func (p *Partition) groupOf(i int) int {
	if p.group == nil {
		return i
	}
	return p.group[i]
}

// Find returns the cell of a string, -1 when it is not in the universe.
func (p *Partition) Find(s string) int {
	if !matchesAny(p.universe, s) {
		return -1
	}
	if c, ok := p.bySign[p.sign(s).Key()]; ok {
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
	open := len(p.universe) == 1 && p.universe[0].Wildcards() == len(p.universe[0].tokens) && len(p.universe[0].tokens) > 0
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
			p.add(func() string { return s }, p.sign(s), true)
		}
	}
	if !closed {
		sign := NewBits(p.groups)
		for i, q := range p.patterns {
			if q.IsStar() {
				sign.Set(p.groupOf(i))
			}
		}
		p.add(func() string { return freshString(p.universe[0], texts) }, sign, false)
	}
	p.finish()
	return true
}

func (p *Partition) sign(s string) Bits {
	sign := NewBits(p.groups)
	for i, q := range p.patterns {
		if g := p.groupOf(i); !sign.Has(g) && q.Match(s) {
			sign.Set(g)
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
func (p *Partition) add(example func() string, sign Bits, single bool) {
	key := sign.Key()
	if c, ok := p.bySign[key]; ok {
		p.Single[c] = false
		return
	}
	p.bySign[key] = p.N
	p.N++
	p.Examples = append(p.Examples, example())
	p.Single = append(p.Single, single)
}

// finish computes the members from the acceptance vectors.
func (p *Partition) finish() {
	for i := range p.members {
		p.members[i] = NewBits(p.N)
	}
	for key, c := range p.bySign {
		ofKey(key, func(i int) { p.members[i].Set(c) })
	}
}

// waits of one '?' after the other behind a '*' are as many as an automaton is made for:
// it has a state for each of the 2ⁿ ways in which they can be under way.
const waits = 12

// hardest returns the pattern that has more waits than that, if all others are literals or
// match everything and the universe is all strings with a beginning; else -1.
func (p *Partition) hardest() int {
	if len(p.universe) != 1 || !(Pattern{p.universe[0].tokens[len(p.universe[0].LiteralPrefix().tokens):]}).isOpen() {
		return -1
	}
	hard := -1
	for i, q := range p.patterns {
		if _, ok := q.IsLiteral(); ok || q.IsStar() || q.Equal(p.universe[0]) {
			continue
		}
		if hard >= 0 || q.waits() <= waits {
			return -1
		}
		hard = i
	}
	return hard
}

// waits returns the number of '?' behind the first '*'.
func (p Pattern) waits() int {
	n, runs := 0, false
	for _, t := range p.tokens {
		runs = runs || t.kind == run
		if runs && t.kind == one {
			n++
		}
	}
	return n
}

// longer returns a string that the pattern matches, with n characters for its first '*'.
func (p Pattern) longer(n int) string {
	for i, t := range p.tokens {
		if t.kind == run {
			return Pattern{p.tokens[:i]}.Sample() + strings.Repeat("x", n) + Pattern{p.tokens[i:]}.Sample()
		}
	}
	return p.Sample()
}

// splitOne splits by literals and one pattern: a cell each, and one for all other strings. It
// reports false when no string is found that is in none of them.
func (p *Partition) splitOne(hard int) bool {
	var texts []string
	for _, q := range p.patterns {
		if s, ok := q.IsLiteral(); ok && p.universe[0].Match(s) {
			texts = append(texts, s)
		}
	}
	slices.Sort(texts)
	texts = slices.Compact(texts)
	within, outside, found := p.patterns[hard].Sample(), "", false
	for n := 1; slices.Contains(texts, within) || !p.universe[0].Match(within); n++ {
		if within = p.patterns[hard].longer(n); n > len(texts)+1 || !p.patterns[hard].Match(within) {
			return false
		}
	}
	prefix := p.universe[0].LiteralPrefix().Sample()
	for _, s := range []string{"x", "xy", "xyz", "0", "/x", ""} {
		if s = prefix + s; !found && p.universe[0].Match(s) && !p.patterns[hard].Match(s) && !slices.Contains(texts, s) {
			outside, found = s, true
		}
	}
	if !found {
		return false
	}
	for _, s := range texts {
		p.add(func() string { return s }, p.sign(s), true)
	}
	for _, s := range []string{within, outside} {
		p.add(func() string { return s }, p.sign(s), false)
	}
	p.finish()
	return true
}

// splitJointly runs the subset construction breadth first, so that the first
// path to an acceptance vector is a shortest example.
func (p *Partition) splitJointly(limits Limits) bool {
	type visit struct {
		state  []int32
		parent int32
		by     rune
	}
	tokens := 0
	for _, q := range p.patterns {
		tokens += len(q.tokens)
	}
	if !limits.spend(tokens * spotWork) {
		return false
	}
	a := newAutomaton(p.universe, p.patterns, p.groupOf, p.groups)
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
	pinning := p.pinning()
	var letters []rune
	var into []int32
	var key []byte
	for i := 0; i < len(queue); i++ {
		state := queue[i].state
		if sign, in := a.accepted(state, p.groups); in {
			// A cell is a single string when no pattern can go on to accept the
			// same vector; knowing it for literals is enough.
			p.add(func() string { return path(int32(i)) }, sign, sign.Overlaps(pinning))
			if p.N > limits.Cells || !limits.spend(len(sign)/wordsOfWork) {
				return false
			}
		}
		letters = a.letters(state, letters)
		if !limits.spend(a.ways(state) * (len(letters) + 1)) {
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

// pinning are the groups of one pattern that is a literal.
func (p *Partition) pinning() Bits {
	size := make([]int, p.groups)
	for i := range p.patterns {
		size[p.groupOf(i)]++
	}
	out := NewBits(p.groups)
	for i, q := range p.patterns {
		if _, ok := q.IsLiteral(); ok && size[p.groupOf(i)] == 1 {
			out.Set(p.groupOf(i))
		}
	}
	return out
}
