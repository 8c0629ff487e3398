// Package reporters writes a report as bytes, one file per format. It decides
// wording and layout only: what is a finding, its order and its severity come
// with the report.
//
// Every text in a report may come from an attacker's pull request. What is
// written holds no control, bidirectional or invisible character of the input,
// so that a file name or a policy cannot forge lines or drive a terminal.
package reporters

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/iaclint/iaclint/analysis/finding"
)

// Options of a reporter. The zero Options suit a file or a pipe.
type Options struct {
	Color   bool // ANSI colours, where the format is for people
	Width   int  // columns of the terminal; 0 is 100
	Quiet   bool // findings, and the errors that make them incomplete, only
	Verbose bool // archived findings too, and lists in full

	// Relative turns a path of the report, relative to its input's root, into
	// one relative to the working directory, for the formats that people follow
	// from a terminal. Nil leaves paths as they are.
	Relative func(string) string

	InputsOnly bool // json: the list of inputs alone
	Statistics bool // counts instead of findings, where HasStatistics

	ExitStatus int       // of the run, for formats that have a place for it
	Now        time.Time // for the formats that cannot do without: asff, events

	Since *finding.Report // events: the report with which this one is compared

	Suppressed bool   // sarif: archived findings too, marked as suppressed
	Category   string // sarif: tells uploads of one commit apart
	Extended   bool   // junit: file and line on test cases, which no schema allows
	MaxBytes   int    // markdown: the most that is written; 0 is 60000

	// Say tells the user, in a sentence, what a format had to leave out.
	Say func(string)
}

func (o Options) say(format string, args ...any) {
	if o.Say != nil {
		o.Say(fmt.Sprintf(format, args...))
	}
}

// width returns the columns to fill.
func (o Options) width() int {
	if o.Width <= 0 {
		return 100
	}
	return max(o.Width, 40)
}

// path returns a path of the report as it is shown.
func (o Options) path(p string) string {
	if p != "" && o.Relative != nil {
		p = o.Relative(p)
	}
	return printable(p)
}

// Reporter is an output format.
type Reporter struct {
	Name    string
	Summary string
	Write   func(io.Writer, finding.Report, Options) error
}

// All formats; the first is for people.
var All = []Reporter{
	{"text", "findings with the source that causes them, for people", writeText},
	{"compact", "one line per finding: path:line:column: level: message [rule]", writeCompact},
	{"json", "the whole report, docs/schema/report-v1.json", writeJSON},
	{"sarif", "SARIF 2.1.0, for code scanning", writeSARIF},
	{"junit", "JUnit XML, one test case per finding and per resource without", writeJUnit},
	{"github", "annotations of GitHub Actions, and its step summary", writeGitHub},
	{"markdown", "a comment for a pull request", writeMarkdown},
	{"html", "one page for people, self-contained", writeHTML},
	{"gitlab", "GitLab code quality", writeGitLab},
	{"rdjson", "reviewdog", writeRDJSON},
	{"asff", "AWS Security Hub, a finding per resource", writeASFF},
	{"csv", "one row per finding, for a spreadsheet", writeCSV},
	{"events", "entries for EventBridge, a line per finding; --since REPORT: that differs", writeEvents},
	{"dot", "who reaches what, as a graph for Graphviz", writeDOT},
	{"mermaid", "who reaches what, as a graph for Mermaid", writeMermaid},
}

// Names returns the names of all formats, the default first.
func Names() []string {
	var names []string
	for _, f := range All {
		names = append(names, f.Name)
	}
	return names
}

// Write writes the report in the format of that name.
func Write(name string, w io.Writer, r finding.Report, o Options) error {
	for _, f := range All {
		if f.Name == name {
			if o.Statistics && HasStatistics(name) {
				return writeStatistics(w, r, name == "json")
			}
			return f.Write(w, r, o)
		}
	}
	names := Names()
	hint := ""
	if near := spelling.Nearest(name, names); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return fmt.Errorf("unknown format %q%s (formats: %s)", name, hint, strings.Join(names, ", "))
}
