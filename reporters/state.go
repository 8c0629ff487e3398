package reporters

import (
	"fmt"
	"maps"
	"slices"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// place is where a reader should look; line and column are 0 when unknown.
type place struct {
	path         string
	line, column int
}

// placeOf returns the place of a finding: its location unless the span that the
// reader is shown is elsewhere.
func placeOf(f finding.Finding) place {
	l := f.Location
	if !f.Span.IsZero() {
		// In bytes the line is found without counting the characters before it.
		start := f.Span.File.Position(f.Span.Start, source.Bytes)
		if l == nil || l.Path != f.Span.Path() || l.StartLine != start.Line {
			l = finding.Place(f.Span)
		}
	}
	if l == nil {
		return place{path: f.Path}
	}
	return place{l.Path, l.StartLine, l.StartColumn}
}

// show returns path:line:column, as far as they are known.
func (p place) show(o Options) string {
	path := o.path(p.path)
	switch {
	case path == "":
		return "iaclint" // a diagnostic about no file
	case p.line <= 0:
		return path
	case p.column <= 0:
		return fmt.Sprintf("%s:%d", path, p.line)
	}
	return fmt.Sprintf("%s:%d:%d", path, p.line, p.column)
}

func archived(f finding.Finding) bool { return f.Status == finding.Archived }

// removed reports whether a finding is of the base of a comparison only.
func removed(f finding.Finding) bool { return f.Change.Is(finding.Removed) }

// counts reports whether a finding is one of those that the run is about.
func counts(f finding.Finding) bool { return !archived(f) && !removed(f) }

// shown reports whether a format for people writes a finding.
func shown(f finding.Finding, o Options) bool { return !archived(f) || o.Verbose }

// shownDiagnostic reports whether a format for people writes a diagnostic.
// Errors are written even if only findings are asked for: input that could not
// be read must not look clean.
func shownDiagnostic(d finding.Diagnostic, o Options) bool {
	return !o.Quiet || d.Severity == string(source.Error)
}

// level is a severity in the words of compilers.
type level string

const (
	levelError   level = "error"
	levelWarning level = "warning"
	levelNote    level = "note"
)

func levelOf(f finding.Finding) level {
	switch {
	case !counts(f) || f.Severity == finding.Low:
		return levelNote
	case f.Severity == finding.Medium:
		return levelWarning
	}
	return levelError
}

// pairs lists a map in the order of its keys, printable.
func pairs(m map[string]string, between string) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, printable(k)+between+printable(m[k]))
	}
	return out
}
