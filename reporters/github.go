package reporters

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// annotations is how many annotations of a kind GitHub shows for a step.
//
// https://docs.github.com/en/actions/reference/limits
const annotations = 10

// writeGitHub writes workflow commands that annotate the changed files: the
// strongest findings first, then input that could not be read. What GitHub would not
// show is written as plain lines into the log. Paths are relative to the root of
// the repository, as the runner wants them.
//
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func writeGitHub(w io.Writer, r finding.Report, o Options) error {
	g := github{bufio.NewWriter(w), map[string]int{}}
	for _, f := range causes(r.Findings, counts, Options{}) {
		kind := string(levelOf(f))
		if kind == string(levelNote) {
			kind = "notice"
		}
		at := home(f)
		p, end := place{at.path, at.region.StartLine, at.region.StartColumn}, at.region.EndColumn
		if f.Span.IsZero() && f.Location == nil {
			p, end = place{path: at.path}, 0
		}
		message := printable(f.Message)
		if f.Witness != nil && !isUnread(f) {
			message += "; for example, " + example(f, listed)
		}
		if f.Help != "" {
			message += "; help: " + oneLine(f.Help)
		}
		g.annotate(kind, p, end, f.Rule+" ("+string(f.Severity)+")", message, compactLine(f, Options{}))
	}
	for _, d := range notices(r.Diagnostics, o) {
		kind := "warning"
		if d.Severity == string(source.Error) {
			kind = "error"
		}
		p := place{d.Path, d.Line, d.Column}
		g.annotate(kind, p, 0, "iaclint", d.Message, fmt.Sprintf("%s: %s: %s", p.show(Options{}), kind, printable(d.Message)))
	}
	for _, h := range r.Hidden {
		fmt.Fprintln(g, "hidden by "+printable(h))
	}
	fmt.Fprintln(g, calm(summary(r)))
	return g.Flush()
}

type github struct {
	*bufio.Writer
	written map[string]int
}

// annotate writes a command, or the plain line when there have been enough.
func (g github) annotate(kind string, p place, endColumn int, title, message, line string) {
	if g.written[kind]++; g.written[kind] > annotations {
		fmt.Fprintln(g, calm(line))
		return
	}
	var properties []string
	if p.path != "" {
		properties = append(properties, "file="+property(p.path))
		if p.line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", p.line))
			if p.column > 0 {
				properties = append(properties, fmt.Sprintf("col=%d", p.column))
				if endColumn > p.column {
					properties = append(properties, fmt.Sprintf("endColumn=%d", endColumn))
				}
			}
		}
	}
	properties = append(properties, "title="+property(title))
	fmt.Fprintf(g, "::%s %s::%s\n", kind, strings.Join(properties, ","), data(message))
}

// data escapes the message of a workflow command, property the value of one of
// its properties.
func data(s string) string     { return strings.ReplaceAll(printable(s), "%", "%25") }
func property(s string) string { return propertyEscapes.Replace(printable(s)) }

var propertyEscapes = strings.NewReplacer("%", "%25", ":", "%3A", ",", "%2C")
