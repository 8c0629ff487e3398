package fix

import (
	"slices"
	"testing"
)

func TestSeparating(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 5, 7, 10, 11, 100, 300} {
		sets := separating(n)
		in := make([]map[int]bool, n)
		for i := range in {
			in[i] = map[int]bool{}
		}
		for s, set := range sets {
			for _, i := range set {
				in[i][s] = true
			}
		}
		for i := range n {
			if len(in[i]) == 0 {
				t.Fatalf("%d: %d is in no set", n, i)
			}
			for j := range n {
				if i != j && !slices.ContainsFunc(sets, func(set []int) bool { return slices.Contains(set, i) && !slices.Contains(set, j) }) {
					t.Fatalf("%d: no set has %d and not %d", n, i, j)
				}
			}
		}
		if n == 300 && len(sets) != 11 {
			t.Errorf("%d sets for 300", len(sets))
		}
	}
}
