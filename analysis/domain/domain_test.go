package domain

import (
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"
)

// naiveMatch is the textbook definition of a glob over a class.
func naiveMatch(p []token, s string) bool {
	if len(p) == 0 {
		return s == ""
	}
	if p[0].kind == run {
		if naiveMatch(p[1:], s) {
			return true
		}
		return s != "" && p[0].class.has(rune(s[0])) && naiveMatch(p, s[1:])
	}
	return s != "" && p[0].matches(rune(s[0])) && naiveMatch(p[1:], s[1:])
}

// words returns all strings over the alphabet up to a length.
func words(alphabet string, n int) []string {
	out := []string{""}
	for from := 0; n > 0; n-- {
		to := len(out)
		for ; from < to; from++ {
			for _, r := range alphabet {
				out = append(out, out[from]+string(r))
			}
		}
	}
	return out
}

func randomPattern(r *rand.Rand) Pattern {
	var b strings.Builder
	for n := r.Intn(5); n > 0; n-- {
		b.WriteByte("aab:*?*"[r.Intn(7)])
	}
	class := Class(r.Intn(2))
	p := Glob(b.String(), class)
	if r.Intn(5) == 0 {
		p = Folded(strings.Map(func(r rune) rune {
			if r == '*' || r == '?' {
				return 'a'
			}
			return r
		}, b.String()))
	}
	return p
}

func TestMatchAgreesWithDefinition(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	all := words("aAb:", 4)
	for i := 0; i < 2000; i++ {
		p := randomPattern(r)
		for _, s := range all {
			if got, want := p.Match(s), naiveMatch(p.tokens, s); got != want {
				t.Fatalf("%v matches %q: %v, want %v", p, s, got, want)
			}
		}
	}
}

func TestAfterAndSplit(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	all := words("ab:", 4)
	for i := 0; i < 3000; i++ {
		p := randomPattern(r)
		prefix := all[r.Intn(40)]
		after := p.After(prefix)
		split := p.Split(':', NotColon, math.MaxInt)
		for _, s := range all {
			if got, want := matchesAny(after, s), p.Match(prefix+s); got != want {
				t.Fatalf("%v after %q on %q: %v, want %v", p, prefix, s, got, want)
			}
			head, tail, ok := strings.Cut(s, ":")
			if !ok {
				continue
			}
			got := false
			for _, pair := range split {
				got = got || pair[0].Match(head) && pair[1].Match(tail)
			}
			if got != p.Match(s) {
				t.Fatalf("%v split on %q: %v, want %v", p, s, got, p.Match(s))
			}
		}
	}
}

// The cells are exactly the acceptance vectors that words of the universe have,
// and every example has the vector of its cell.
func TestSplitIsExactOnASmallUniverse(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	all := words("aAb:c", 5)
	for i := 0; i < 400; i++ {
		universe := []Pattern{Star(Class(r.Intn(2)))}
		if r.Intn(3) == 0 {
			universe = []Pattern{Literal("a"), Literal("b:"), Literal("ab")}
		}
		var patterns []Pattern
		for n := r.Intn(4); n >= 0; n-- {
			patterns = append(patterns, randomPattern(r))
		}
		p, ok := Split(universe, patterns, []string{"ca"}, DefaultLimits)
		if !ok {
			t.Fatal("limit")
		}
		hit := make([]bool, p.N)
		for _, s := range all {
			c := p.Find(s)
			if (c >= 0) != matchesAny(universe, s) {
				t.Fatalf("universe %v patterns %v: %q is in cell %d", universe, patterns, s, c)
			}
			if c < 0 {
				continue
			}
			hit[c] = true
			for j, q := range patterns {
				if p.Set(j).Has(c) != q.Match(s) {
					t.Fatalf("cell %d of %q disagrees with pattern %v", c, s, q)
				}
			}
		}
		for c, e := range p.Examples {
			if p.Find(e) != c {
				t.Fatalf("example %q of cell %d lies in cell %d", e, c, p.Find(e))
			}
			if !hit[c] && len(e) <= 5 && strings.Trim(e, "aAb:c") == "" {
				t.Fatalf("cell %d has no word", c)
			}
		}
	}
}

func TestTuplesAgreeWithMatching(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	all := words("ab", 2)
	for i := 0; i < 300; i++ {
		shapes := []Tuple{{Literal("x"), Star(Any), Star(Any)}, {Literal("y"), Literal(""), Star(Any)}}
		var atoms [][]Tuple
		for n := r.Intn(4); n >= 0; n-- {
			var atom []Tuple
			for m := r.Intn(2); m >= 0; m-- {
				atom = append(atom, Tuple{[]Pattern{Star(Any), Literal("x"), Literal("y")}[r.Intn(3)], randomPattern(r), randomPattern(r)})
			}
			atoms = append(atoms, atom)
		}
		ts, ok := SplitTuples(shapes, atoms, nil, DefaultLimits)
		if !ok {
			t.Fatal("limit")
		}
		for _, k := range []string{"x", "y"} {
			for _, a := range all {
				for _, b := range all {
					parts := []string{k, a, b}
					c := ts.Find(parts)
					if (c >= 0) != (k == "x" || a == "") {
						t.Fatalf("%q in cell %d", parts, c)
					}
					for j, atom := range atoms {
						want := false
						for _, tu := range atom {
							want = want || tu.match(parts)
						}
						if c >= 0 && ts.Set(j).Has(c) != want {
							t.Fatalf("%q: atom %d", parts, j)
						}
					}
				}
			}
		}
		for c, e := range ts.Examples {
			if ts.Find(e) != c {
				t.Fatalf("example %q of %d", e, c)
			}
		}
	}
}

func only(i int) Bits { b := NewBits(i + 1); b.Set(i); return b }

// points returns all points of a set by brute force.
func points(s *Space, n Node) map[string]bool {
	out := map[string]bool{}
	var walk func(level int, n Node, prefix string)
	walk = func(level int, n Node, prefix string) {
		if level == s.Levels() {
			out[prefix] = n == All
			return
		}
		for c := 0; c < s.Size(level); c++ {
			k := n
			if s.Level(n) == level {
				k = s.Child(n, c)
			}
			walk(level+1, k, prefix+fmt.Sprint(c))
		}
	}
	walk(0, n, "")
	return out
}

func TestAlgebra(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	sizes := []int{2, 3, 2, 4}
	s := NewSpace(sizes)
	var random func(depth int) Node
	random = func(depth int) Node {
		if depth == 0 {
			l := r.Intn(len(sizes))
			b := NewBits(sizes[l])
			for c := 0; c < sizes[l]; c++ {
				if r.Intn(2) == 0 {
					b.Set(c)
				}
			}
			return s.Cells(l, b)
		}
		a, b := random(depth-1), random(depth-1)
		switch r.Intn(3) {
		case 0:
			return s.Union(a, b)
		case 1:
			return s.Intersect(a, b)
		}
		return s.Minus(a, b)
	}
	for i := 0; i < 500; i++ {
		a, b := random(3), random(3)
		pa, pb := points(s, a), points(s, b)
		and, or, minus := points(s, s.Intersect(a, b)), points(s, s.Union(a, b)), points(s, s.Minus(a, b))
		n, equal := 0, true
		for k := range pa {
			if and[k] != (pa[k] && pb[k]) || or[k] != (pa[k] || pb[k]) || minus[k] != (pa[k] && !pb[k]) {
				t.Fatal("algebra")
			}
			if pa[k] {
				n++
			}
			equal = equal && pa[k] == pb[k]
		}
		if equal != (a == b) {
			t.Fatal("sets are equal and nodes are not, or the reverse")
		}
		if s.Count(a) != float64(n) {
			t.Fatalf("count %v, want %d", s.Count(a), n)
		}
		level := r.Intn(len(sizes))
		for k, in := range points(s, s.Forget(a, only(level))) {
			want := false
			for c := 0; c < sizes[level]; c++ {
				want = want || pa[k[:level]+fmt.Sprint(c)+k[level+1:]]
			}
			if in != want {
				t.Fatal("projection")
			}
		}
		if p, ok := s.Pick(a, func(l, c int) int { return c * (l + 1) }); ok != (n > 0) || ok && !pa[fmt.Sprint(p[0])+fmt.Sprint(p[1])+fmt.Sprint(p[2])+fmt.Sprint(p[3])] {
			t.Fatal("pick")
		}
	}
}

// One pattern with many '?' behind a '*' and literals are split without an automaton.
func TestSplitOne(t *testing.T) {
	long := "*a" + strings.Repeat("?", 300)
	for _, literals := range [][]string{nil, {"x", "b"}, {"a" + strings.Repeat("x", 300), "xy"}} {
		patterns := []Pattern{Glob(long, Any), Star(Any)}
		for _, s := range literals {
			patterns = append(patterns, Literal(s))
		}
		p, ok := Split([]Pattern{Star(Any)}, patterns, []string{"example"}, DefaultLimits)
		if !ok {
			t.Fatalf("%q: too much", literals)
		}
		for _, s := range append([]string{"", "x", "xy", "zz", "a", "aa" + strings.Repeat("y", 300), "ba" + strings.Repeat("a", 300), strings.Repeat("b", 400)}, literals...) {
			c := p.Find(s)
			if c < 0 {
				t.Errorf("%q: no cell for %.20q", literals, s)
				continue
			}
			for i, q := range patterns {
				if p.Set(i).Has(c) != q.Match(s) || p.Set(i).Has(c) != q.Match(p.Examples[c]) {
					t.Errorf("%q: pattern %d of %.20q, example %.20q", literals, i, s, p.Examples[c])
				}
			}
		}
	}
}

// What Ending returns matches only what the pattern does, and all of it whose last part is a name.
func TestEnding(t *testing.T) {
	r := rand.New(rand.NewSource(7))
	all := words("a/", 7)
	for range 3000 {
		p := randomPattern(r)
		for i, tok := range p.tokens {
			if tok.kind == literal && tok.r == 'b' {
				p.tokens[i].r = '/'
			}
		}
		const limit = 2
		ending := p.Ending(Name, limit)
		for _, s := range all {
			name := s[strings.LastIndexByte(s, '/')+1:]
			switch got := matchesAny(ending, s); {
			case got && !p.Match(s):
				t.Fatalf("%v: %q is matched by %v", p, s, ending)
			case !got && p.Match(s) && name != "" && len(name) <= limit:
				t.Fatalf("%v: %q is not matched by %v", p, s, ending)
			}
		}
	}
}

// Patterns of thousands of '?' have few endings and splits.
func TestManyQuestionMarks(t *testing.T) {
	p := Glob("*a"+strings.Repeat("?", 20_000), Any)
	if n := len(p.Ending(Name, 64)); n == 0 || n > 64 {
		t.Errorf("%d endings", n)
	}
	if n := len(p.Split(':', NotColon, 12)); n == 0 || n > 13 {
		t.Errorf("%d splits", n)
	}
}
