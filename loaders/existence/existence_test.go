package existence

import (
	"slices"
	"testing"
)

var universe = []string{"condition A holds", "condition B holds", "count C is not 0"}

// holds reports whether a condition does in a world, of which each bit is a name.
func holds(c Condition, world int) bool {
	return slices.ContainsFunc(c, func(all []Literal) bool {
		return !slices.ContainsFunc(all, func(l Literal) bool {
			return world>>slices.Index(universe, l.Name)&1 == 1 == l.Not
		})
	})
}

func conditions() []Condition {
	out := []Condition{Always, nil}
	for _, n := range universe {
		a := Atom(n)
		b, _ := Not(a)
		out = append(out, a, b)
	}
	for _, a := range slices.Clone(out) {
		for _, b := range slices.Clone(out) {
			x, _ := And(a, b)
			y, _ := Or(a, b)
			out = append(out, x, y)
		}
	}
	var distinct []Condition
	seen := map[string]bool{}
	for _, c := range out {
		if !seen[c.String()] {
			seen[c.String()] = true
			distinct = append(distinct, c)
		}
	}
	return distinct
}

// Operations agree with truth tables, and texts are read as they are written.
func TestSmallUniverse(t *testing.T) {
	list := conditions()
	for _, a := range list {
		not, _ := Not(a)
		for w := range 1 << len(universe) {
			if holds(not, w) == holds(a, w) {
				t.Fatalf("not %q is %q", a, not)
			}
			if back := Parse(a.String()); !a.IsAlways() && a != nil && holds(back, w) != holds(a, w) {
				t.Fatalf("%q is read as %q", a, back)
			}
		}
	}
	for _, a := range list {
		for _, b := range list[:min(len(list), 16)] {
			and, _ := And(a, b)
			or, _ := Or(a, b)
			implied := true
			for w := range 1 << len(universe) {
				if holds(and, w) != (holds(a, w) && holds(b, w)) || holds(or, w) != (holds(a, w) || holds(b, w)) {
					t.Fatalf("%q and %q: %q, %q", a, b, and, or)
				}
				implied = implied && (!holds(a, w) || holds(b, w))
			}
			if a == nil || b == nil || a.IsAlways() || b.IsAlways() {
				continue
			}
			if got := (*Terms)(nil).Covered([]string{a.String()}, [][]string{{b.String()}}); got != implied {
				t.Fatalf("%q covered by %q: %v", a, b, got)
			}
			if without, ok := Without([][]string{{a.String()}, {b.String()}}); ok {
				for w := range 1 << len(universe) {
					if holds(Parse(without), w) != (!holds(a, w) && !holds(b, w)) {
						t.Fatalf("without %q and %q: %q", a, b, without)
					}
				}
			}
		}
	}
}

func TestWords(t *testing.T) {
	for _, test := range []struct{ text, contrary string }{
		{"condition A holds", "condition A does not hold"},
		{"count var.n is not 0", "count var.n is 0"},
		{"condition A holds and condition B does not hold", "condition A does not hold, or condition B holds"},
		{"x", "not x"},
	} {
		if got, ok := Without([][]string{{test.text}}); !ok || got != test.contrary {
			t.Errorf("%q: %q, want %q", test.text, got, test.contrary)
		}
	}
	if got := Renamed("condition A holds, or condition B does not hold", " of x"); got != "condition A of x holds, or condition B of x does not hold" {
		t.Error(got)
	}
}
