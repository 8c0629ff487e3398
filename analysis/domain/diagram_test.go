package domain

import (
	"math/rand"
	"testing"
)

// What of a set is within a box is its intersection with the product of the box, as the same node.
func TestWithin(t *testing.T) {
	r := rand.New(rand.NewSource(11))
	sizes := []int{3, 2, wideLevel, 2, 4}
	for range 500 {
		s := NewSpace(sizes)
		some := func() Box {
			box := make(Box, len(sizes))
			for level, n := range sizes {
				if r.Intn(2) == 0 {
					continue
				}
				box[level] = NewBits(n)
				for c := range n {
					if r.Intn(3) > 0 {
						box[level].Set(c)
					}
				}
			}
			return box
		}
		set := None
		for range r.Intn(4) {
			set = s.Union(set, s.Product(some()))
		}
		if r.Intn(8) == 0 {
			set = All
		}
		box := some()
		if got, want := s.Within(set, box), s.Intersect(set, s.Product(box)); got != want {
			t.Fatalf("%v within %v: %d, want %d", set, box, got, want)
		}
	}
}
