package scan

import (
	"fmt"
	"regexp"

	"github.com/iaclint/iaclint/analysis/finding"
)

// mostAlike is how many diagnostics of one file and cause are listed.
const mostAlike = 5

// varying is what differs between messages of one cause: what they quote, and
// numbers.
var varying = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\d+`)

// few leaves out, of diagnostics in their order, those after the first few of one
// file and cause, and says how many there are more.
func few(list []finding.Diagnostic) []finding.Diagnostic {
	type cause struct{ path, severity, message string }
	count := map[cause]int{}
	of := func(d finding.Diagnostic) cause {
		return cause{d.Path, d.Severity, varying.ReplaceAllString(d.Message, "")}
	}
	for _, d := range list {
		count[of(d)]++
	}
	out := []finding.Diagnostic{} // never null
	seen := map[cause]int{}
	for _, d := range list {
		c := of(d)
		seen[c]++
		switch n := seen[c]; {
		case n <= mostAlike || count[c] == mostAlike+1:
			out = append(out, d)
		case n == mostAlike+1:
			d.Message = fmt.Sprintf("%d more like the ones before, from here on", count[c]-mostAlike)
			out = append(out, d)
		}
	}
	return out
}
