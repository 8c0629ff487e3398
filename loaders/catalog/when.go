package catalog

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/loaders/existence"
)

// both returns the conditions of two cases of one input together; it is not ok if
// they exclude each other.
func (j *joiner) both(a, b []string) ([]string, bool) {
	out, _ := both(a, b)
	return out, j.terms.Possible(out)
}

// both is that for conditions of which nothing but their names is known.
func both(a, b []string) ([]string, bool) {
	out := slices.Clone(a)
	for _, c := range b {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out, (*existence.Terms)(nil).Possible(out)
}

// shareNames reports whether two lists of conditions have one in common.
func shareNames(a, b []string) bool {
	names := existence.Names(a)
	for name := range existence.Names(b) {
		if names[name] {
			return true
		}
	}
	return false
}

// ofPath returns conditions of one input as those of another know them: what two
// templates call alike need not hold in both.
func ofPath(when []string, path string) []string {
	if path = " of " + path; strings.Contains(path, " and ") || strings.Contains(path, ", or ") {
		path = " of another input"
	}
	out := make([]string, len(when))
	for i, text := range when {
		out[i] = existence.Renamed(text, path)
	}
	return out
}
