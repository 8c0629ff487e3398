package reporters

import (
	"bufio"
	"fmt"
	"io"

	"github.com/iaclint/iaclint/analysis/finding"
)

// writeCompact writes one line per finding and diagnostic in the form that
// compilers use, which editors, grep and problem matchers know.
func writeCompact(w io.Writer, r finding.Report, o Options) error {
	out := bufio.NewWriter(w)
	for _, f := range causes(r.Findings, func(f finding.Finding) bool { return shown(f, o) }, o) {
		fmt.Fprintln(out, compactLine(f, o))
	}
	for _, d := range notices(r.Diagnostics, o) {
		p := place{d.Path, d.Line, d.Column}
		fmt.Fprintln(out, calm(fmt.Sprintf("%s: %s: %s", p.show(o), printable(d.Severity), printable(d.Message))))
	}
	for _, h := range r.Hidden {
		if !o.Quiet {
			file, what := hider(h)
			fmt.Fprintln(out, calm(printable(file)+": note: hidden: "+printable(what)))
		}
	}
	return out.Flush()
}

func compactLine(f finding.Finding, o Options) string {
	return calm(fmt.Sprintf("%s: %s: %s%s [%s]", placeOf(f).show(o), levelOf(f), printable(f.Message), compactState(f), printable(f.Rule)))
}

// compactState says why a finding that is shown does not count.
func compactState(f finding.Finding) string {
	switch {
	case archived(f):
		return " (archived)"
	case removed(f):
		return " (removed)"
	}
	return ""
}
