package config

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/analysis/source"
)

// Diagnostic is a mistake in a configuration file or, with a zero range, in
// flags that concern it.
type Diagnostic struct {
	Warning bool
	Message string
	Range   hcl.Range
	source  string // the line of the range
}

// Diagnostics in the order of the file.
type Diagnostics []Diagnostic

// HasErrors reports whether the configuration cannot be used.
func (ds Diagnostics) HasErrors() bool {
	return slices.ContainsFunc(ds, func(d Diagnostic) bool { return !d.Warning })
}

// Write writes the diagnostics for people, each with the line it is about. The
// text of the file is escaped: it may hold terminal controls.
func (ds Diagnostics) Write(w io.Writer) {
	for _, d := range ds {
		level := "error"
		if d.Warning {
			level = "warning"
		}
		if d.Range.Filename == "" {
			fmt.Fprintf(w, "iaclint: %s: %s\n", level, Printable(escape.Brief(d.Message)))
			continue
		}
		fmt.Fprintf(w, "%s:%d:%d: %s: %s\n", Printable(d.Range.Filename), d.Range.Start.Line, d.Range.Start.Column, level, Printable(escape.Brief(d.Message)))
		d.writeFrame(w)
	}
}

// widest line that is shown; more is cut.
const widest = 200

func (d Diagnostic) writeFrame(w io.Writer) {
	line := strings.ReplaceAll(d.source, "\t", " ")
	if strings.TrimSpace(line) == "" || len(line) > widest || Printable(line) != line {
		return
	}
	length := 1
	if d.Range.End.Line == d.Range.Start.Line {
		length = max(1, d.Range.End.Column-d.Range.Start.Column)
	}
	gutter := fmt.Sprintf("%4d | ", d.Range.Start.Line)
	fmt.Fprintf(w, "%s%s\n%s%s%s\n", gutter, line,
		strings.Repeat(" ", len(gutter)-2)+"| ", strings.Repeat(" ", d.Range.Start.Column-1), strings.Repeat("^", length))
}

// Printable returns s with every character that could drive a terminal or hide
// text spelt out.
func Printable(s string) string { return escape.Text(s) }

// diagnostics returns what was collected, in the order of the file, without
// the repetitions that hcl produces for one mistake.
func (r *reader) diagnostics(content []byte) Diagnostics {
	lines := strings.Split(string(content), "\n")
	ds := r.collected
	for i := range ds {
		if n := ds[i].Range.Start.Line; n >= 1 && n <= len(lines) {
			ds[i].source = strings.TrimSuffix(lines[n-1], "\r")
		}
	}
	slices.SortStableFunc(ds, func(a, b Diagnostic) int { return a.Range.Start.Byte - b.Range.Start.Byte })
	return slices.Compact(ds)
}

func (r *reader) errorf(at hcl.Range, format string, args ...any) {
	r.collected = append(r.collected, Diagnostic{Message: fmt.Sprintf(format, args...), Range: at})
}

func (r *reader) warnf(at hcl.Range, format string, args ...any) {
	r.collected = append(r.collected, Diagnostic{Warning: true, Message: fmt.Sprintf(format, args...), Range: at})
}

// hcl takes over diagnostics of package hcl, in the style of our own.
func (r *reader) hcl(ds hcl.Diagnostics) {
	for _, d := range ds {
		at := hcl.Range{}
		if d.Subject != nil {
			at = *d.Subject
		}
		message := strings.ToLower(d.Summary)
		if detail := strings.TrimSuffix(d.Detail, "."); detail != "" {
			message += ": " + detail
		}
		r.collected = append(r.collected, Diagnostic{Warning: d.Severity == hcl.DiagWarning, Message: message, Range: at})
	}
}

// Errorf returns a diagnostic that is about no place in a file.
func Errorf(format string, args ...any) Diagnostic {
	return Diagnostic{Message: fmt.Sprintf(format, args...)}
}

// At returns a diagnostic about a place in a file that is not a configuration file,
// such as one that it names. The span's file has the name for people.
func At(s source.Span, format string, args ...any) Diagnostic {
	d := Errorf(format, args...)
	if s.IsZero() {
		return d
	}
	start, end := s.Range(source.Runes)
	d.Range = hcl.Range{Filename: s.Path(), Start: hcl.Pos{Line: start.Line, Column: start.Column, Byte: s.Start}, End: hcl.Pos{Line: end.Line, Column: end.Column, Byte: s.End}}
	d.source = s.File.Line(start.Line)
	return d
}

// Elsewhere returns a diagnostic about a place in the configuration file that is
// found when what it names is looked at.
func Elsewhere(at hcl.Range, content []byte, format string, args ...any) Diagnostic {
	d := Errorf(format, args...)
	d.Range = at
	r := reader{collected: Diagnostics{d}}
	return r.diagnostics(content)[0]
}
