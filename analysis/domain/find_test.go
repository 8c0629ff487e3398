package domain

import (
	"math/rand/v2"
	"testing"
)

// Find agrees with the partition: it finds a string if, and only if, there is a cell.
func TestFindAgreesWithSplit(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	glob := func() Pattern {
		b := make([]byte, r.IntN(5))
		for i := range b {
			b[i] = "ab:/*?**"[r.IntN(8)]
		}
		return Glob(string(b), []Class{Any, Any, NotColon, NotSlash, Hyphenated}[r.IntN(5)])
	}
	some, none := 0, 0
	for range 4000 {
		patterns := []Pattern{Glob([]string{"*", "?*", "a*", "*b*"}[r.IntN(4)], Any)}
		var must [][]Pattern
		var not []Pattern
		for range r.IntN(4) {
			var list []Pattern
			for range 1 + r.IntN(2) {
				list = append(list, glob())
			}
			must = append(must, list)
			patterns = append(patterns, list...)
		}
		for range r.IntN(3) {
			not = append(not, glob())
		}
		universe := patterns[:1]
		all := append(append([]Pattern{}, patterns...), not...)
		p, ok := Split(universe, all, nil, DefaultLimits)
		if !ok {
			t.Fatal("limits")
		}
		fits := func(s string) bool {
			for _, list := range must {
				if !matchesAny(list, s) {
					return false
				}
			}
			return matchesAny(universe, s) && !matchesAny(not, s)
		}
		want := false
		for _, e := range p.Examples {
			want = want || fits(e)
		}
		got, found := Find(universe, must, not, DefaultLimits)
		if found != want || found && !fits(got) {
			t.Fatalf("universe %v must %v not %v: found %v %q, expected %v", universe, must, not, found, got, want)
		}
		if found {
			some++
		} else {
			none++
		}
	}
	if some < 100 || none < 100 {
		t.Errorf("%d found, %d not", some, none)
	}
}
