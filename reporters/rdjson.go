package reporters

import (
	"io"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// writeRDJSON writes what reviewdog turns into comments on a pull request. Its
// columns count bytes of UTF-8.
//
// https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto
func writeRDJSON(w io.Writer, r finding.Report, o Options) error {
	out := rdResult{Source: rdSource{"iaclint", homepage}, Diagnostics: []rdDiagnostic{}}
	for _, d := range r.Diagnostics {
		if !shownDiagnostic(d, o) {
			continue
		}
		severity := "WARNING"
		if d.Severity == string(source.Error) {
			severity = "ERROR"
		}
		x := rdDiagnostic{Message: printable(d.Message), Location: rdLocation{Path: d.Path}, Severity: severity}
		if d.Line > 0 {
			x.Location.Range = &rdRange{Start: rdPosition{Line: d.Line}}
		}
		out.Diagnostics = append(out.Diagnostics, x)
	}
	for _, h := range r.Hidden {
		file, _ := hider(h)
		out.Diagnostics = append(out.Diagnostics, rdDiagnostic{Message: "hidden by " + printable(h), Location: rdLocation{Path: file}, Severity: "INFO"})
	}
	levels := map[level]string{levelError: "ERROR", levelWarning: "WARNING", levelNote: "INFO"}
	for _, f := range causes(r.Findings, counts, Options{}) {
		at := home(f)
		message := stopped(printable(f.Message))
		for _, s := range facts(f) {
			message += "\n\n" + s
		}
		x := rdDiagnostic{Message: message, Location: rdPlace(at), Severity: levels[levelOf(f)],
			Code: &rdCode{printable(f.Rule), pageOf(f)}}
		for _, p := range explained(f, at) {
			x.Related = append(x.Related, rdRelated{p.message, rdPlace(p)})
		}
		out.Diagnostics = append(out.Diagnostics, x)
	}
	return encode(w, out)
}

// pageOf is where a finding is explained: by AWS, if it is of AWS's policy checks.
func pageOf(f finding.Finding) string {
	if f.LearnMoreLink != "" {
		return printable(f.LearnMoreLink)
	}
	built := strings.HasPrefix(f.Rule, "policy-") || strings.HasPrefix(f.Rule, "unread-")
	return rulePage(f.Rule, f.IsOwn() && !built)
}

type rdResult struct {
	Source      rdSource       `json:"source"`
	Diagnostics []rdDiagnostic `json:"diagnostics"`
}

type rdSource struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type rdDiagnostic struct {
	Message  string      `json:"message"`
	Location rdLocation  `json:"location"`
	Severity string      `json:"severity"`
	Code     *rdCode     `json:"code,omitempty"`
	Related  []rdRelated `json:"related_locations,omitempty"`
}

type rdCode struct {
	Value string `json:"value"`
	URL   string `json:"url"`
}

type rdRelated struct {
	Message  string     `json:"message"`
	Location rdLocation `json:"location"`
}

type rdLocation struct {
	Path  string   `json:"path"`
	Range *rdRange `json:"range,omitempty"`
}

type rdRange struct {
	Start rdPosition  `json:"start"`
	End   *rdPosition `json:"end,omitempty"`
}

type rdPosition struct {
	Line   int `json:"line"`
	Column int `json:"column,omitempty"`
}

// rdPlace counts bytes; without the file it gives the line alone.
func rdPlace(p sarifPlace) rdLocation {
	l := rdLocation{Path: p.path}
	if p.span.IsZero() {
		if p.region != firstCharacter {
			l.Range = &rdRange{Start: rdPosition{Line: p.region.StartLine}}
		}
		return l
	}
	start, end := p.span.Range(source.Bytes)
	if end.Line != start.Line {
		end = source.Position{Line: start.Line, Column: len(p.span.File.Line(start.Line)) + 1}
	}
	l.Range = &rdRange{rdPosition{start.Line, start.Column}, &rdPosition{end.Line, max(end.Column, start.Column)}}
	return l
}
