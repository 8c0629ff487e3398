package domain

import (
	"cmp"
	"container/heap"
	"encoding/binary"
	"slices"
	"unicode"
)

// Find returns a string that matches some pattern of the universe, some pattern of
// each list of must, and no pattern of not. It follows all patterns at once and
// tries first what brings the nearest of them to its end, so that many lists, of
// which a partition would tell every combination apart, take a few steps for each
// character. It reports false when there is none, or past the work of the limits.
//
// This is best-first search in the product of the automata, which is never built;
// see Doran and Michie, "Experiments with the graph traverser program", 1966.
func Find(universe []Pattern, must [][]Pattern, not []Pattern, limits Limits) (string, bool) {
	f := &finder{limits: limits, groups: len(must) + 1, seen: map[string]bool{}}
	tokens := 0
	for _, list := range append([][]Pattern{universe, not}, must...) {
		for _, p := range list {
			tokens += len(p.tokens) + 1
		}
	}
	if !limits.spend(tokens * spotWork / 4) { // before memory is taken for them
		return "", false
	}
	f.add(universe, 0)
	for i, list := range must {
		f.add(list, int32(i+1))
	}
	f.add(not, refused)
	f.endless = make([]bool, f.groups)
	var start []int32
	for i, p := range f.places {
		if p.group >= 0 && f.forever(int32(i)) {
			f.endless[p.group] = true
		}
		if p.first {
			start = f.reach(start, int32(i))
		}
	}
	return f.search(start)
}

// refused is the group of the patterns that must not match.
const refused int32 = -1

type finder struct {
	limits  Limits
	places  []place
	groups  int
	endless []bool // groups that, once they match, can match whatever follows
	steps   []findStep
	queue   findQueue
	seen    map[string]bool
	into    []int32
	nearest []int32 // of each group, see score
}

// place is one before a token of a pattern, or behind the last.
type place struct {
	token       token
	pattern     int32
	group       int32
	left        int32 // characters that are still to come, at least
	first, last bool
}

// findStep is a state that was reached: the places that are active, in order. A group
// that matches whatever follows has no places but ^group, which is below 0.
type findStep struct {
	state   []int32
	parent  int32
	by      rune
	letters []rune // to be tried
	opened  bool   // letters are known
}

// findQueue has the steps that have letters left, those with the least score first,
// and of these the latest.
type findQueue []struct {
	score int64
	step  int32
}

func (q findQueue) Len() int { return len(q) }
func (q findQueue) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[i].score, q[j].score), cmp.Compare(q[j].step, q[i].step)) < 0
}
func (q findQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *findQueue) Push(x any) {
	*q = append(*q, x.(struct {
		score int64
		step  int32
	}))
}
func (q *findQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func (f *finder) add(list []Pattern, group int32) {
	for _, p := range list {
		pattern := int32(0)
		if n := len(f.places); n > 0 {
			pattern = f.places[n-1].pattern + 1
		}
		left := int32(len(p.tokens))
		for _, t := range p.tokens {
			if t.kind == run {
				left--
			}
		}
		for i, t := range p.tokens {
			f.places = append(f.places, place{token: t, pattern: pattern, group: group, left: left, first: i == 0})
			if t.kind != run {
				left--
			}
		}
		f.places = append(f.places, place{pattern: pattern, group: group, first: len(p.tokens) == 0, last: true})
	}
}

// isLoop reports whether any character may come at a place, and lead back to it.
func (f *finder) isLoop(at int32) bool {
	p := &f.places[at]
	return !p.last && p.token.kind == run && p.token.class == Any
}

// forever reports whether anything may follow at a place.
func (f *finder) forever(at int32) bool { return f.isLoop(at) && f.places[at+1].last }

// reach appends a place and those that a '*' there lets be reached at once.
func (f *finder) reach(state []int32, at int32) []int32 {
	for ; ; at++ {
		state = append(state, at)
		if p := &f.places[at]; p.last || p.token.kind != run {
			return state
		}
	}
}

// reduce sorts a state and drops places without which it matches the same strings. It
// reports false when no string that follows is one that is looked for.
func (f *finder) reduce(state []int32) ([]int32, bool) {
	slices.Sort(state)
	state = slices.Compact(state)
	keep, loop := len(state), int32(-1) // the pattern whose '*' was seen
	for i, at := range slices.Backward(state) {
		if at >= 0 && f.places[at].pattern == loop {
			continue
		}
		keep--
		state[keep] = state[i]
		if at >= 0 && f.isLoop(at) {
			loop = f.places[at].pattern
		}
	}
	state = state[keep:]
	done := make([]bool, f.groups)
	alive := make([]bool, f.groups)
	for _, at := range state {
		switch {
		case at < 0:
			done[^at] = true
		case f.places[at].group == refused:
			if f.forever(at) {
				return nil, false
			}
		default:
			g := f.places[at].group
			alive[g] = true
			done[g] = done[g] || f.forever(at)
		}
	}
	out := make([]int32, 0, len(state))
	for g := f.groups - 1; g >= 0; g-- {
		if done[g] {
			out = append(out, ^int32(g))
		} else if !alive[g] {
			return nil, false
		}
	}
	for _, at := range state {
		if at >= 0 && (f.places[at].group == refused || !done[f.places[at].group]) {
			out = append(out, at)
		}
	}
	return out, true
}

// score rates a state, 0 if its string is one that is looked for: first come the lists
// that can be done with for good, then the others, each time the nearest.
func (f *finder) score(state []int32) int64 {
	const far = 1 << 20
	f.nearest = slices.Grow(f.nearest[:0], f.groups)[:f.groups]
	for g := range f.nearest {
		f.nearest[g] = far
	}
	matches := false // one that must not
	for _, at := range state {
		if at < 0 {
			f.nearest[^at] = 0
			continue
		}
		p := &f.places[at]
		if p.group == refused {
			matches = matches || p.last
			continue
		}
		n := p.left + 1
		if p.last {
			n = 0
		}
		f.nearest[p.group] = min(f.nearest[p.group], n)
	}
	var open, least [2]int64
	least = [2]int64{far, far}
	for g, n := range f.nearest {
		which := 1
		if f.endless[g] {
			which = 0
		}
		if n > 0 {
			open[which]++
			least[which] = min(least[which], int64(n))
		}
	}
	switch {
	case open[0] > 0:
		return open[0]<<42 | least[0]<<21 | open[1]
	case open[1] > 0:
		return open[1]<<21 | least[1]
	case matches:
		return 1
	}
	return 0
}

func (f *finder) search(start []int32) (string, bool) {
	start, ok := f.reduce(start)
	if !ok {
		return "", false
	}
	if f.push(start, -1, 0) {
		return "", true
	}
	for len(f.queue) > 0 {
		top := f.queue[0]
		s := &f.steps[top.step]
		if !s.opened {
			s.opened, s.letters = true, f.letters(s.state)
		}
		if len(s.letters) == 0 {
			heap.Pop(&f.queue)
			continue
		}
		r := s.letters[0]
		s.letters = s.letters[1:]
		if len(f.steps) >= f.limits.States || !f.limits.spend(len(s.state)+2) {
			return "", false
		}
		next, ok := f.step(s.state, r)
		if ok && f.push(next, top.step, r) {
			return f.path(int32(len(f.steps) - 1)), true
		}
	}
	return "", false
}

// push records a state that is new. It reports true when it is one of a string that
// is looked for.
func (f *finder) push(state []int32, parent int32, by rune) bool {
	buf := make([]byte, 0, 2*len(state))
	for _, at := range state {
		buf = binary.AppendVarint(buf, int64(at))
	}
	if f.seen[string(buf)] {
		return false
	}
	f.seen[string(buf)] = true
	f.steps = append(f.steps, findStep{state: state, parent: parent, by: by})
	score := f.score(state)
	heap.Push(&f.queue, struct {
		score int64
		step  int32
	}{score, int32(len(f.steps) - 1)})
	return score == 0
}

func (f *finder) step(state []int32, r rune) ([]int32, bool) {
	f.into = f.into[:0]
	for _, at := range state {
		if at < 0 {
			f.into = append(f.into, at)
			continue
		}
		p := &f.places[at]
		if p.last || !p.token.matches(r) {
			continue
		}
		if p.token.kind == run {
			f.into = f.reach(f.into, at)
		} else {
			f.into = f.reach(f.into, at+1)
		}
	}
	return f.reduce(f.into)
}

// letters returns the characters that can tell strings apart in the state: first those
// that bring the nearest pattern on, last but for a wildcard one that stands for all others.
func (f *finder) letters(state []int32) []rune {
	const idle = 1 << 30
	rank := map[rune]int32{}
	others := int32(idle)
	var classes [len(samples)]bool
	add := func(r rune, n int32) {
		if m, ok := rank[r]; !ok || n < m {
			rank[r] = n
		}
	}
	for _, at := range state {
		if at < 0 {
			continue
		}
		p := &f.places[at]
		n := int32(idle)
		if p.group != refused {
			n = p.left
			if !f.endless[p.group] {
				n += 1 << 20
			}
		}
		switch t := p.token; {
		case p.last:
		case t.kind == literal:
			add(t.r, n)
		case t.kind == folded:
			add(t.r, n)
			for r := unicode.SimpleFold(t.r); r != t.r; r = unicode.SimpleFold(r) {
				add(r, n)
			}
		default:
			if t.kind == one {
				others = min(others, n)
			}
			classes[t.class] = true
		}
	}
	if classes[NotColon] {
		add(':', idle)
	}
	if classes[NotSlash] {
		add('/', idle)
	}
	list := make([]rune, 0, len(rank)+2)
	for r := range rank {
		list = append(list, r)
	}
	slices.Sort(list)
	for c, used := range classes {
		if !used || samples[c] == "" {
			continue
		}
		if c != int(Digit) {
			add('!', idle) // of those that it lacks; for digits, a letter does
		}
		for _, r := range samples[c] {
			if !slices.Contains(list, r) {
				add(r, others)
				break
			}
		}
	}
	list = list[:0]
	for r := range rank {
		list = append(list, r)
	}
	slices.Sort(list)
	other := otherThan(list)
	rank[other] = others
	list = append(list, other)
	slices.SortStableFunc(list, func(a, b rune) int { return cmp.Compare(rank[a], rank[b]) })
	return list
}

func (f *finder) path(i int32) string {
	var rs []rune
	for ; f.steps[i].parent >= 0; i = f.steps[i].parent {
		rs = append(rs, f.steps[i].by)
	}
	slices.Reverse(rs)
	return string(rs)
}
