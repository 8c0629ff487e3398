package domain

import "math/bits"

// Node is a set of requests in a Space: a root of its diagram. Equal sets are
// equal Nodes.
type Node int32

// The empty set and the set of all requests of every space.
const (
	None Node = 0
	All  Node = 1
)

// Space is a product of finite dimensions, its levels, and the sets of its
// points. A set is a node of one shared, reduced and hash-consed decision
// diagram with one level per dimension, so that equality is comparison of
// Nodes and every operation is polynomial in the size of its operands. A Space
// is used by one goroutine.
//
// It differs from a binary decision diagram in that a node has one child for
// every cell of its dimension; see Srinivasan et al., "Algorithms for discrete
// function manipulation", ICCAD 1990.
type Space struct {
	sizes []int
	nodes []diagramNode
	kids  []Node     // children of all nodes, one after the other
	table []Node     // open hashing over nodes, 0 is free
	memo  []opResult // lossy: a later result takes the place of an earlier one
	used  int        // results put into memo

	// Budget bounds the number of children that all nodes have together, Work
	// the number of pairs of nodes that operations look at. Past either Exceeded
	// is true and what operations return is meaningless.
	Budget   int
	Work     int
	Exceeded bool
}

type diagramNode struct {
	level int32
	first int32 // of its children in kids
}

type opResult struct {
	a, b   Node
	op     uint8 // 0 is none
	result Node
}

const (
	opAnd uint8 = iota + 1
	opOr
	opMinus
)

const terminalLevel = 1 << 30

// The default budgets are about 50 MB of diagram and half a second of work, far
// above what real policies need.
const (
	DefaultBudget = 5_000_000
	DefaultWork   = 1_000_000

	smallMemo   = 1 << 8
	largestMemo = 1 << 20
)

// NewSpace returns a space with one level per size, in that order.
func NewSpace(sizes []int) *Space {
	s := &Space{sizes: sizes, Budget: DefaultBudget, Work: DefaultWork, memo: make([]opResult, smallMemo)}
	s.nodes = append(make([]diagramNode, 0, 64), diagramNode{level: terminalLevel}, diagramNode{level: terminalLevel})
	s.table = make([]Node, 256)
	return s
}

// Levels returns the number of levels; Size returns the cells of one.
func (s *Space) Levels() int        { return len(s.sizes) }
func (s *Space) Size(level int) int { return s.sizes[level] }

// Level returns the first level that the set depends on; the number of levels
// for All and None.
func (s *Space) Level(n Node) int {
	if n <= All {
		return len(s.sizes)
	}
	return int(s.nodes[n].level)
}

// Child returns the set of what is left of n once its first level has the cell.
func (s *Space) Child(n Node, cell int) Node { return s.kids[int(s.nodes[n].first)+cell] }

// Children returns the children of n by cell; not to be changed.
func (s *Space) Children(n Node) []Node {
	first := int(s.nodes[n].first)
	return s.kids[first : first+s.sizes[s.nodes[n].level]]
}

// Make returns the set that depends on a level and then on the children, one
// for each of its cells.
func (s *Space) Make(level int, children []Node) Node {
	same := true
	for _, c := range children[1:] {
		if c != children[0] {
			same = false
			break
		}
	}
	if same {
		return children[0]
	}
	h := hashNode(level, children)
	mask := uint64(len(s.table) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		n := s.table[i]
		if n == 0 {
			return s.insert(level, children, i)
		}
		if s.nodes[n].level == int32(level) && equalNodes(s.Children(n), children) {
			return n
		}
	}
}

func (s *Space) insert(level int, children []Node, at uint64) Node {
	if len(s.kids)+len(children) > s.Budget {
		s.Exceeded = true
		return All
	}
	n := Node(len(s.nodes))
	s.nodes = append(s.nodes, diagramNode{int32(level), int32(len(s.kids))})
	s.kids = append(s.kids, children...)
	s.table[at] = n
	if len(s.nodes)*2 > len(s.table) {
		s.rehash()
	}
	return n
}

func (s *Space) rehash() {
	s.table = make([]Node, len(s.table)*4)
	mask := uint64(len(s.table) - 1)
	for n := Node(2); int(n) < len(s.nodes); n++ {
		i := hashNode(int(s.nodes[n].level), s.Children(n)) & mask
		for s.table[i] != 0 {
			i = (i + 1) & mask
		}
		s.table[i] = n
	}
}

func hashNode(level int, children []Node) uint64 {
	h := uint64(level)*0x9e3779b97f4a7c15 + 1
	for _, c := range children {
		h = bits.RotateLeft64(h^uint64(uint32(c)), 23) * 0xff51afd7ed558ccd
	}
	return h ^ h>>29
}

func equalNodes(a, b []Node) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Cells returns the set of the points whose cell at the level is one of cells.
func (s *Space) Cells(level int, cells Bits) Node {
	children := make([]Node, s.sizes[level])
	for i := range children {
		if cells.Has(i) {
			children[i] = All
		}
	}
	return s.Make(level, children)
}

// Intersect returns what is in both sets.
func (s *Space) Intersect(a, b Node) Node { return s.apply(opAnd, a, b) }

// Union returns what is in either set.
func (s *Space) Union(a, b Node) Node { return s.apply(opOr, a, b) }

// Minus returns what is in a and not in b.
func (s *Space) Minus(a, b Node) Node { return s.apply(opMinus, a, b) }

// Complement returns what is not in a.
func (s *Space) Complement(a Node) Node { return s.apply(opMinus, All, a) }

// Includes reports whether b is a subset of a.
func (s *Space) Includes(a, b Node) bool { return s.Minus(b, a) == None }

// Overlaps reports whether the sets have a point in common.
func (s *Space) Overlaps(a, b Node) bool { return s.Intersect(a, b) != None }

func (s *Space) apply(op uint8, a, b Node) Node {
	switch op {
	case opAnd:
		if a == b || b == All {
			return a
		}
		if a == None || b == None {
			return None
		}
		if a == All {
			return b
		}
		if a > b {
			a, b = b, a
		}
	case opOr:
		if a == b || b == None {
			return a
		}
		if a == All || b == All {
			return All
		}
		if a == None {
			return b
		}
		if a > b {
			a, b = b, a
		}
	case opMinus:
		if a == None || a == b || b == All {
			return None
		}
		if b == None {
			return a
		}
	}
	if s.Exceeded {
		return a
	}
	slot := hashOp(op, a, b)
	if m := &s.memo[slot&uint64(len(s.memo)-1)]; m.op == op && m.a == a && m.b == b {
		return m.result
	}
	if s.Work -= 1 + s.sizes[min(s.nodes[a].level, s.nodes[b].level)]>>4; s.Work < 0 {
		s.Exceeded = true
		return a
	}
	la, lb := s.nodes[a].level, s.nodes[b].level
	level := min(la, lb)
	var buf [16]Node
	children := buf[:0]
	if n := s.sizes[level]; n > len(buf) {
		children = make([]Node, 0, n)
	}
	for c := 0; c < s.sizes[level]; c++ {
		ka, kb := a, b
		if la == level {
			ka = s.Child(a, c)
		}
		if lb == level {
			kb = s.Child(b, c)
		}
		children = append(children, s.apply(op, ka, kb))
	}
	n := s.Make(int(level), children)
	s.remember(slot, opResult{a, b, op, n})
	return n
}

func hashOp(op uint8, a, b Node) uint64 {
	h := (uint64(uint32(a))<<32 | uint64(uint32(b))) * 0x9e3779b97f4a7c15
	h ^= uint64(op) * 0xc2b2ae3d27d4eb4f
	return h ^ h>>32
}

func (s *Space) remember(slot uint64, r opResult) {
	if s.used++; s.used > len(s.memo)/2 && len(s.memo) < largestMemo {
		old := s.memo
		s.memo = make([]opResult, len(old)*4)
		for _, m := range old {
			if m.op != 0 {
				s.memo[hashOp(m.op, m.a, m.b)&uint64(len(s.memo)-1)] = m
			}
		}
	}
	s.memo[slot&uint64(len(s.memo)-1)] = r
}

// Forget returns the points that some choice of the cells at the levels puts
// into the set: existential projection.
func (s *Space) Forget(a Node, levels Bits) Node { return s.forget(a, levels, map[Node]Node{}) }

func (s *Space) forget(a Node, levels Bits, memo map[Node]Node) Node {
	if a <= All {
		return a
	}
	if n, ok := memo[a]; ok {
		return n
	}
	level := s.Level(a)
	children := append([]Node{}, s.Children(a)...)
	for i, c := range children {
		children[i] = s.forget(c, levels, memo)
	}
	var out Node
	if levels.Has(level) {
		for _, c := range children {
			out = s.Union(out, c)
		}
	} else {
		out = s.Make(level, children)
	}
	memo[a] = out
	return out
}

// Fix returns what is left of the set once the level has the cell.
func (s *Space) Fix(a Node, level, cell int) Node { return s.fix(a, level, cell, map[Node]Node{}) }

func (s *Space) fix(a Node, level, cell int, memo map[Node]Node) Node {
	switch l := s.Level(a); {
	case l > level:
		return a
	case l == level:
		return s.Child(a, cell)
	}
	if n, ok := memo[a]; ok {
		return n
	}
	children := append([]Node{}, s.Children(a)...)
	for i, c := range children {
		children[i] = s.fix(c, level, cell, memo)
	}
	n := s.Make(s.Level(a), children)
	memo[a] = n
	return n
}

// Box is a product of sets of cells, one for each level; nil stands for all
// cells of its level.
type Box []Bits

// Meets reports whether the set has a point in the box, without making new sets.
func (s *Space) Meets(a Node, box Box) bool {
	if a <= All {
		return a == All
	}
	var failed map[Node]bool
	return s.meets(a, box, &failed)
}

func (s *Space) meets(a Node, box Box, failed *map[Node]bool) bool {
	if a <= All {
		return a == All
	}
	if (*failed)[a] {
		return false
	}
	level := s.Level(a)
	for c, child := range s.Children(a) {
		if child != None && (box[level] == nil || box[level].Has(c)) && s.meets(child, box, failed) {
			return true
		}
	}
	if *failed == nil {
		*failed = map[Node]bool{}
	}
	(*failed)[a] = true
	return false
}

// wideLevel is the number of cells from which on a node that need not be made is worth
// more than what is remembered of pairs.
const wideLevel = 256

// Within returns the points of the set that are in the box; with a wide level, without
// making the set that the box is.
func (s *Space) Within(a Node, box Box) Node {
	wide := false
	for level, cells := range box {
		wide = wide || cells != nil && s.sizes[level] >= wideLevel
	}
	if !wide {
		return s.Intersect(s.Product(box), a)
	}
	return s.within(a, 0, box, map[[2]int]Node{})
}

func (s *Space) within(a Node, level int, box Box, memo map[[2]int]Node) Node {
	for level < len(box) && box[level] == nil && s.Level(a) != level {
		level++
	}
	if a == None || level == len(box) || s.Exceeded {
		return a
	}
	key := [2]int{int(a), level}
	if n, ok := memo[key]; ok {
		return n
	}
	if s.Work -= 1 + s.sizes[level]>>4; s.Work < 0 {
		s.Exceeded = true
		return a
	}
	children := make([]Node, s.sizes[level])
	for c := range children {
		if box[level] != nil && !box[level].Has(c) {
			continue
		}
		child := a
		if s.Level(a) == level {
			child = s.Child(a, c)
		}
		children[c] = s.within(child, level+1, box, memo)
	}
	n := s.Make(level, children)
	memo[key] = n
	return n
}

// Product returns the set of the points of the box.
func (s *Space) Product(box Box) Node {
	n := All
	for level := len(box) - 1; level >= 0; level-- {
		if box[level] != nil {
			n = s.Intersect(s.Cells(level, box[level]), n)
		}
	}
	return n
}

// Count returns the number of points, as far as a float64 tells them apart.
func (s *Space) Count(a Node) float64 {
	memo := map[Node]float64{}
	return s.count(a, 0, memo)
}

func (s *Space) count(a Node, from int, memo map[Node]float64) float64 {
	level := s.Level(a)
	scale := 1.0
	for l := from; l < level; l++ {
		scale *= float64(s.sizes[l])
	}
	if a == None {
		return 0
	}
	if a == All {
		return scale
	}
	n, ok := memo[a]
	if !ok {
		for _, c := range s.Children(a) {
			n += s.count(c, level+1, memo)
		}
		memo[a] = n
	}
	return scale * n
}

// Pick returns a point of the set with the least sum of costs, the first one
// among equals; cost gives the cost of a cell at a level. It reports false for
// the empty set.
func (s *Space) Pick(a Node, cost func(level, cell int) int) ([]int, bool) {
	if a == None {
		return nil, false
	}
	best := map[Node]int{}
	point := make([]int, len(s.sizes))
	for l := range s.sizes {
		if s.Level(a) != l {
			point[l] = cheapestCell(s.sizes[l], l, cost)
			continue
		}
		least := -1
		for c, child := range s.Children(a) {
			if child == None {
				continue
			}
			k := cost(l, c) + s.cheapest(child, cost, best) + s.skipped(l+1, s.Level(child), cost)
			if least < 0 || k < least {
				least, point[l] = k, c
			}
		}
		a = s.Child(a, point[l])
	}
	return point, true
}

// cheapest returns the least cost of a point of a non-empty set, from its first
// level on.
func (s *Space) cheapest(a Node, cost func(level, cell int) int, memo map[Node]int) int {
	if a == All {
		return 0
	}
	if k, ok := memo[a]; ok {
		return k
	}
	least := -1
	level := s.Level(a)
	for c, child := range s.Children(a) {
		if child == None {
			continue
		}
		k := cost(level, c) + s.cheapest(child, cost, memo) + s.skipped(level+1, s.Level(child), cost)
		if least < 0 || k < least {
			least = k
		}
	}
	memo[a] = least
	return least
}

func (s *Space) skipped(from, to int, cost func(level, cell int) int) int {
	k := 0
	for l := from; l < to; l++ {
		k += cost(l, cheapestCell(s.sizes[l], l, cost))
	}
	return k
}

func cheapestCell(n, level int, cost func(level, cell int) int) int {
	best := 0
	for c := 1; c < n; c++ {
		if cost(level, c) < cost(level, best) {
			best = c
		}
	}
	return best
}

// Contains reports whether the point, one cell for each level, is in the set.
func (s *Space) Contains(a Node, point []int) bool {
	for a > All {
		a = s.Child(a, point[s.Level(a)])
	}
	return a == All
}
