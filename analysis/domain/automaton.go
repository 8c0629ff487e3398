package domain

import (
	"encoding/binary"
	"slices"
	"unicode"
)

// automaton is the joint automaton of a list of patterns. Patterns that begin alike
// share their beginning, so that it is a tree of spots; a state is the sorted list
// of the spots that are active.
type automaton struct {
	spots  []spot
	start  []int32
	firsts int32   // spots below it belong to the universe
	sinks  []int32 // of each group a spot that accepts whatever follows and is of no other group; -1 for none
	buf    []int32
}

// spot is a place between two characters of patterns.
type spot struct {
	edges []edge  // by one character
	runs  []int32 // by none: the spots of a '*' that follows
	loop  bool    // the spot is that of a '*': any characters of the class stay here
	class Class
	ends  []int32 // groups of patterns that accept here; inUniverse for the universe
	top   int32   // all that the spots from here to this one accept, this one does: see prune
	only  int32   // the one group of the patterns behind the spot, -1 for several
}

type edge struct {
	by token
	to int32
}

const inUniverse int32 = -1

// newAutomaton makes the automaton of a universe and patterns, each with the group
// of those that need not be told apart from it.
func newAutomaton(universe, patterns []Pattern, group func(int) int, groups int) *automaton {
	a := &automaton{}
	var b treeBuilder
	b.spots = make([]spot, 1, 64)
	for _, u := range universe {
		b.insert(u, inUniverse)
	}
	a.spots = b.number(nil)
	a.firsts = int32(len(a.spots))
	b.spots = append(b.spots[:0], spot{})
	for i, p := range patterns {
		b.insert(p, int32(group(i)))
	}
	a.spots = b.number(a.spots)
	a.sinks = make([]int32, groups)
	for i := range a.sinks {
		a.sinks[i] = -1
	}
	for at := len(a.spots) - 1; at >= int(a.firsts); at-- {
		if g := a.forever(int32(at)); g >= 0 && a.spots[at].only == g {
			a.sinks[g] = int32(at)
		}
	}
	a.start = a.reach(nil, 0)
	if len(patterns) > 0 {
		a.start = a.reach(a.start, a.firsts)
	}
	a.start = a.prune(a.start)
	return a
}

// forever returns the group that accepts whatever follows the spot, -1 if none does.
func (a *automaton) forever(at int32) int32 {
	if s := &a.spots[at]; s.loop && s.class == Any && len(s.ends) > 0 {
		return s.ends[0]
	}
	return -1
}

// treeBuilder collects the spots of patterns in the order in which they come.
type treeBuilder struct{ spots []spot }

func (b *treeBuilder) insert(p Pattern, group int32) {
	at := int32(0)
	for _, t := range p.tokens {
		at = b.child(at, t)
	}
	if !slices.Contains(b.spots[at].ends, group) {
		b.spots[at].ends = append(b.spots[at].ends, group)
	}
}

// child returns the spot behind a token, a new one if there is none.
func (b *treeBuilder) child(at int32, t token) int32 {
	s := &b.spots[at]
	next := int32(len(b.spots))
	if t.kind != run {
		for _, e := range s.edges {
			if e.by == t {
				return e.to
			}
		}
		s.edges = append(s.edges, edge{t, next})
		b.spots = append(b.spots, spot{})
		return next
	}
	for _, i := range s.runs {
		if b.spots[i].class == t.class {
			return i
		}
	}
	s.runs = append(s.runs, next)
	b.spots = append(b.spots, spot{loop: true, class: t.class})
	return next
}

// number appends the spots to out so that each stands before those behind it, and
// finds what prune needs.
func (b *treeBuilder) number(out []spot) []spot {
	type visit struct {
		at     int32
		parent int32 // number of the spot before
		edge   int   // index in its edges, or in its runs if below 0: ^index
	}
	stack := []visit{{at: 0, parent: -1}}
	first := len(out)
	out = slices.Grow(out, len(b.spots))
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		id := int32(len(out))
		s := b.spots[v.at]
		s.top = id
		if v.parent >= 0 {
			p := &out[v.parent]
			if v.edge >= 0 {
				p.edges[v.edge].to = id
			} else {
				p.runs[^v.edge] = id
			}
			if len(p.edges)+len(p.runs) == 1 && len(p.ends) == 0 {
				s.top = p.top
			}
		}
		for i := range s.edges {
			stack = append(stack, visit{s.edges[i].to, id, i})
		}
		for i := range s.runs {
			stack = append(stack, visit{s.runs[i], id, ^i})
		}
		out = append(out, s)
	}
	for i := len(out) - 1; i >= first; i-- {
		s := &out[i]
		s.only = -2 // nothing seen yet
		for _, g := range s.ends {
			s.only = oneGroup(s.only, g)
		}
		for _, e := range s.edges {
			s.only = oneGroup(s.only, out[e.to].only)
		}
		for _, r := range s.runs {
			s.only = oneGroup(s.only, out[r].only)
		}
	}
	return out
}

func oneGroup(a, b int32) int32 {
	if a == -2 || a == b {
		return b
	}
	return -1
}

// reach appends a spot and those that a '*' there lets be reached at once.
func (a *automaton) reach(state []int32, at int32) []int32 {
	state = append(state, at)
	for _, r := range a.spots[at].runs {
		state = a.reach(state, r)
	}
	return state
}

// step returns the state after r in into, nil when no string of the universe
// goes on like this.
func (a *automaton) step(state []int32, r rune, into []int32) []int32 {
	into = into[:0]
	for _, at := range state {
		s := &a.spots[at]
		if s.loop && s.class.has(r) {
			into = a.reach(into, at)
		}
		for i := range s.edges {
			if s.edges[i].by.matches(r) {
				into = a.reach(into, s.edges[i].to)
			}
		}
	}
	if len(into) == 0 {
		return nil
	}
	out := a.prune(into)
	if out[0] >= a.firsts {
		return nil
	}
	return out
}

// prune sorts a state and drops spots without which it accepts the same strings: a
// '*' accepts all that the spots before it in the same pattern do, and once one
// pattern of a group accepts whatever follows, the others do not count.
func (a *automaton) prune(state []int32) []int32 {
	slices.Sort(state)
	state = slices.Compact(state)
	keep := len(state)
	low := int32(len(a.spots))
	a.buf = a.buf[:0]
	for i := len(state) - 1; i >= 0; i-- {
		at := state[i]
		if at >= low {
			continue
		}
		keep--
		state[keep] = at
		s := &a.spots[at]
		low = at
		if s.loop && s.class == Any {
			low = s.top
			if at >= a.firsts && len(s.ends) > 0 {
				a.buf = append(a.buf, s.ends[0])
			}
		}
	}
	state = append(state[:0], state[keep:]...)
	for i, g := range a.buf {
		if slices.Contains(a.buf[:i], g) {
			continue
		}
		sink := a.sinks[g]
		state = slices.DeleteFunc(state, func(at int32) bool { return at >= a.firsts && a.spots[at].only == g && at != sink })
		if i, found := slices.BinarySearch(state, sink); !found && sink >= 0 {
			state = slices.Insert(state, i, sink)
		}
	}
	return state
}

// letters returns the characters that can tell strings apart in the state, the
// last of them standing for all others.
func (a *automaton) letters(state []int32, buf []rune) []rune {
	buf = buf[:0]
	var classes [len(samples)]bool
	add := func(r rune) {
		if !slices.Contains(buf, r) {
			buf = append(buf, r)
		}
	}
	wild := func(c Class) {
		switch c {
		case NotColon:
			add(':')
		case NotSlash:
			add('/')
		}
		classes[c] = samples[c] != ""
	}
	for _, at := range state {
		s := &a.spots[at]
		if s.loop {
			wild(s.class)
		}
		for i := range s.edges {
			switch t := s.edges[i].by; t.kind {
			case literal:
				add(t.r)
			case folded:
				add(t.r)
				for r := unicode.SimpleFold(t.r); r != t.r; r = unicode.SimpleFold(r) {
					add(r)
				}
			default:
				wild(t.class)
			}
		}
	}
	for c, used := range classes {
		if !used {
			continue
		}
		if c != int(Digit) {
			add('!') // of those that it lacks; for digits, a letter does
		}
		for _, r := range samples[c] {
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

// accepted returns which groups accept in the state, and whether the universe does.
func (a *automaton) accepted(state []int32, groups int) (Bits, bool) {
	if !slices.ContainsFunc(state, func(at int32) bool { return slices.Contains(a.spots[at].ends, inUniverse) }) {
		return nil, false
	}
	sign := NewBits(groups)
	for _, at := range state {
		for _, g := range a.spots[at].ends {
			if g != inUniverse {
				sign.Set(int(g))
			}
		}
	}
	return sign, true
}

// ways returns the number of characters that spots of the state wait for: the work
// of one step.
func (a *automaton) ways(state []int32) int {
	n := len(state)
	for _, at := range state {
		n += len(a.spots[at].edges)
	}
	return n
}

func stateKey(state []int32, buf []byte) string {
	for _, at := range state {
		buf = binary.AppendUvarint(buf, uint64(at))
	}
	return string(buf)
}
