package domain

import (
	"math"
	"strings"
	"testing"
)

// FuzzGlob compares matching with its definition, and quotients and splits with
// matching.
func FuzzGlob(f *testing.F) {
	f.Add("a*b?", "aXbY", "a", uint8(0))
	f.Add("arn:*:s3:::b/*", "arn:aws:s3:::b/x", "arn:", uint8(1))
	f.Add("*a*b*", "xaybz", "xa", uint8(2))
	f.Add("é*", "éa", "é", uint8(0))
	f.Fuzz(func(t *testing.T, glob, s, prefix string, class uint8) {
		if len(glob) > 24 || len(s) > 24 || len(prefix) > 8 || strings.ContainsRune(glob+s+prefix, '\uFFFD') {
			return
		}
		p := Glob(glob, Class(class%3))
		if got, want := p.Match(s), matchDefinition(p.tokens, []rune(s)); got != want {
			t.Fatalf("%q matches %q: %v, want %v", glob, s, got, want)
		}
		if got, want := matchesAny(p.After(prefix), s), p.Match(prefix+s); got != want {
			t.Fatalf("%q after %q matches %q: %v, want %v", glob, prefix, s, got, want)
		}
		if head, tail, ok := strings.Cut(s, ":"); ok {
			got := false
			for _, pair := range p.Split(':', NotColon, math.MaxInt) {
				got = got || pair[0].Match(head) && pair[1].Match(tail)
			}
			if got != p.Match(s) {
				t.Fatalf("%q split matches %q: %v", glob, s, got)
			}
		}
		if !p.Match(p.Sample()) && p.Wildcards() == strings.Count(glob, "*") {
			t.Fatalf("%q does not match its sample %q", glob, p.Sample())
		}
		if w := p.Widen(); p.Match(s) && !w.Match(s) {
			t.Fatalf("%q widened does not match %q", glob, s)
		}
	})
}

// matchDefinition is the textbook definition of a glob, over characters.
func matchDefinition(p []token, s []rune) bool {
	if len(p) == 0 {
		return len(s) == 0
	}
	if p[0].kind == run {
		return matchDefinition(p[1:], s) || len(s) > 0 && p[0].class.has(s[0]) && matchDefinition(p, s[1:])
	}
	return len(s) > 0 && p[0].matches(s[0]) && matchDefinition(p[1:], s[1:])
}

// FuzzPartition checks that cells are disjoint and cover the universe: a string
// lies in the cell of its acceptance vector, and so does every example.
func FuzzPartition(f *testing.F) {
	f.Add("a*\n*b\nab", "axb", false)
	f.Add("a\nb\n*", "c", true)
	f.Add("*a*\n*b*\n*c*", "abc", false)
	f.Fuzz(func(t *testing.T, globs, s string, fold bool) {
		if len(globs) > 40 || len(s) > 20 || strings.ContainsRune(globs+s, '\uFFFD') {
			return
		}
		var ps []Pattern
		for _, g := range strings.Split(globs, "\n") {
			if fold {
				ps = append(ps, Folded(g))
			} else {
				ps = append(ps, Glob(g, Any))
			}
		}
		p, ok := Split([]Pattern{Star(Any)}, ps, []string{"example"}, Limits{States: 20_000, Cells: 2_000}.WithWork(2_000_000))
		if !ok {
			return
		}
		check := func(s string, want int) {
			c := p.Find(s)
			if c < 0 || want >= 0 && c != want {
				t.Fatalf("%q of %q lies in cell %d, want %d", s, globs, c, want)
			}
			for i, q := range ps {
				if p.Set(i).Has(c) != q.Match(s) {
					t.Fatalf("cell of %q disagrees with pattern %d of %q", s, i, globs)
				}
			}
		}
		check(s, -1)
		for c, e := range p.Examples {
			check(e, c)
		}
	})
}
