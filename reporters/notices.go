package reporters

import (
	"fmt"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/source"
)

// How many diagnostics that say the same of different things are written before
// the rest is counted. Errors are counted for each file.
const (
	sameErrors   = 5
	sameWarnings = 3
)

// varying is the part of a message that names one instance: a quoted text or a
// number.
var varying = once.Regexp(`"(?:[^"\\]|\\.)*"|[0-9]+`)

// notices returns the diagnostics that a format for people writes, errors first.
// Those that say the same are cut to a handful, and the last of these ends with
// how many more there are.
func notices(ds []finding.Diagnostic, o Options) []finding.Diagnostic {
	type cause struct{ severity, path, shape string }
	last := map[cause]int{} // in out
	count := map[cause]int{}
	var out []finding.Diagnostic
	for _, errors := range []bool{true, false} {
		for _, d := range ds {
			if isError(d) != errors || !shownDiagnostic(d, o) {
				continue
			}
			k, most := cause{severity: d.Severity, shape: varying().ReplaceAllString(d.Message, "?")}, sameWarnings
			if errors {
				k.path, most = d.Path, sameErrors
			}
			if count[k]++; count[k] <= most || o.Verbose {
				last[k] = len(out)
				out = append(out, d)
				continue
			}
		}
	}
	for k, i := range last {
		most := sameWarnings
		if k.severity == string(source.Error) {
			most = sameErrors
		}
		if more := count[k] - most; more > 0 && !o.Verbose {
			out[i].Message += fmt.Sprintf(" (and %d more like this)", more)
		}
	}
	return out
}

func isError(d finding.Diagnostic) bool { return d.Severity == string(source.Error) }
