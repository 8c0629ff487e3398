package validate

import (
	"strings"
	"testing"
)

// TestGlobs compares covers and overlaps with a naive matcher, on all short globs
// over two letters and both wildcards and all short texts.
func TestGlobs(t *testing.T) {
	globs, texts := words("ab*?", 3), words("abc", 6)
	for _, g := range globs {
		for _, h := range globs {
			all, some := true, false
			for _, s := range texts {
				a, b := matches(g, s), matches(h, s)
				all, some = all && (a || !b), some || a && b
			}
			// A question mark may be covered by what a star stands for: not found.
			if got := covers(g, h); got != all && (got || !strings.Contains(g, "?")) {
				t.Fatalf("covers(%q, %q) = %t", g, h, got)
			}
			if got := overlaps(g, h); got != some {
				t.Fatalf("overlaps(%q, %q) = %t", g, h, got)
			}
		}
	}
}

func words(letters string, longest int) []string {
	list := []string{""}
	for from := 0; longest > 0; longest-- {
		end := len(list)
		for _, w := range list[from:end] {
			for _, c := range letters {
				list = append(list, w+string(c))
			}
		}
		from = end
	}
	return list
}

func matches(glob, s string) bool {
	if glob == "" {
		return s == ""
	}
	switch glob[0] {
	case '*':
		return matches(glob[1:], s) || s != "" && matches(glob, s[1:])
	case '?':
		return s != "" && matches(glob[1:], s[1:])
	}
	return strings.HasPrefix(s, glob[:1]) && matches(glob[1:], s[1:])
}
