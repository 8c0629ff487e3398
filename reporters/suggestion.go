package reporters

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/spelling"
)

// SuggestionReporter is an output format of suggestions.
type SuggestionReporter struct {
	Name    string
	Summary string
	Write   func(io.Writer, finding.Suggestions, Options) error
}

// SuggestionFormats are all formats of suggestions; the first is for people.
// SARIF is that of the report, with the suggestions as fixes.
var SuggestionFormats = []SuggestionReporter{
	{"text", "each finding with what would close it, as a unified diff", writeSuggestionsText},
	{"markdown", "the same, for a comment on a pull request", writeSuggestionsMarkdown},
	{"json", "all of it, with the places of what changes", writeSuggestionsJSON},
	{"sarif", "findings as SARIF 2.1.0, the suggestions as fixes", writeSuggestionsSARIF},
}

// suggestionSummary counts in a sentence.
func suggestionSummary(s finding.Suggestions) string {
	n := 0
	for _, x := range s.List {
		if x.Reason == "" {
			n++
		}
	}
	if len(s.List) == 0 {
		return "no findings that a change would have to close"
	}
	return fmt.Sprintf("a change is suggested for %d of %s", n, spelling.Count(len(s.List), "finding"))
}

func writeSuggestionsText(w io.Writer, s finding.Suggestions, o Options) error {
	t := text{bufio.NewWriter(w), o, listed}
	for _, x := range s.List {
		t.suggestion(x)
	}
	t.diagnostics(s.Diagnostics)
	for _, path := range s.Written {
		t.line("written: %s", o.path(path))
	}
	if !o.Quiet {
		t.line("%s", suggestionSummary(s))
	}
	return t.Flush()
}

func (t text) suggestion(x finding.Suggestion) {
	f := x.Finding
	l := levelOf(f)
	t.line("%s%s %s", t.level(l, fmt.Sprintf("%s[%s]", l, printable(f.Rule))), t.style(bold, ": "+printable(f.Message)), state(f))
	t.line(" %s %s", t.style(blue, "-->"), placeOf(f).show(t.o))
	t.detail(" ", "id", printable(f.ID))
	if x.Reason != "" {
		t.detail(" ", "no suggestion", printable(x.Reason))
		t.line("")
		return
	}
	for _, d := range suggestionFacts(x) {
		t.detail(" ", d.label, d.text)
	}
	for _, c := range x.Changes {
		for _, line := range diffLines(c.Diff) {
			switch line[0] {
			case '+':
				line = t.style(green, strings.TrimSuffix(line, "\r")) + line[len(strings.TrimSuffix(line, "\r")):]
			case '-':
				line = t.style(red, strings.TrimSuffix(line, "\r")) + line[len(strings.TrimSuffix(line, "\r")):]
			case '@':
				line = t.style(cyan, line)
			}
			t.line("%s", line)
		}
	}
	t.line("")
}

// suggestionFacts are what is said of a suggestion, printable.
func suggestionFacts(x finding.Suggestion) []fact {
	out := []fact{{"suggestion", printable(x.Does)}, {"proven", printable(x.Proven)}}
	if x.Loses != "" {
		out = append(out, fact{"loses", printable(x.Loses)})
	}
	for _, f := range x.Closes {
		out = append(out, fact{"closes too", printable(f.Message) + " [" + printable(f.Rule) + "] " + printable(f.ID)})
	}
	for _, f := range x.Reveals {
		hid := "this access"
		if f.IssueCode != "" {
			hid = "the mistake"
		}
		out = append(out, fact{"remains", strings.TrimSuffix(printable(f.Message), ".") + " [" + printable(f.Rule) + "], which " + hid + " has hidden"})
	}
	return out
}

// diffLines are the lines of a diff, harmless in a terminal. What a program can
// apply stays as it is: a tab, and the carriage return of a line break.
func diffLines(diff string) []string {
	var out []string
	for _, line := range strings.Split(strings.TrimSuffix(diff, "\n"), "\n") {
		body, ending := strings.TrimSuffix(line, "\r"), ""
		if body != line {
			ending = "\r"
		}
		parts := strings.Split(body, "\t")
		for i := range parts {
			parts[i] = printable(parts[i])
		}
		if line := strings.Join(parts, "\t") + ending; line != "" {
			out = append(out, line)
		}
	}
	return out
}

func writeSuggestionsMarkdown(w io.Writer, s finding.Suggestions, o Options) error {
	most := o.MaxBytes
	if most <= 0 {
		most = commentBytes
	}
	const reserve = 200
	b := &budgeted{left: max(most, 2_000)}
	b.try("<!-- iaclint:suggest -->\n### iaclint: "+escapeMarkdown(suggestionSummary(s))+"\n\n", 0)
	rows(b, markdownErrors(finding.Report{Diagnostics: s.Diagnostics}), reserve+500, "", "", "more errors")
	var items []string
	for _, x := range s.List {
		items = append(items, markdownSuggestion(x))
	}
	if left := rows(b, items, reserve, "", "\n", "more, see the log"); left > 0 {
		o.say("markdown: %d findings are left out", left)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownSuggestion(x finding.Suggestion) string {
	var b strings.Builder
	f := x.Finding
	fmt.Fprintf(&b, "* **%s** %s %s %s\n", escapeMarkdown(printable(string(f.Severity))), code(middle(printable(f.Message), 300)), code(placeOf(f).show(Options{})), code(printable(f.Rule)))
	if x.Reason != "" {
		fmt.Fprintf(&b, "  no suggestion: %s\n", code(middle(printable(x.Reason), 500)))
		return b.String()
	}
	for _, d := range suggestionFacts(x) {
		fmt.Fprintf(&b, "  %s: %s<br>\n", d.label, code(middle(d.text, 500)))
	}
	for _, c := range x.Changes {
		lines := diffLines(c.Diff)
		fence := "```"
		for strings.Contains(c.Diff, fence) {
			fence += "`"
		}
		b.WriteString("\n  " + fence + "diff\n")
		for _, line := range lines {
			b.WriteString("  " + strings.TrimSuffix(line, "\r") + "\n")
		}
		b.WriteString("  " + fence + "\n")
	}
	return b.String()
}

// suggestionVersion is the version of the form.
const suggestionVersion = 1

type jsonSuggestions struct {
	SchemaVersion int                  `json:"schemaVersion"`
	Tool          finding.Tool         `json:"tool"`
	Suggestions   []jsonSuggestion     `json:"suggestions"`
	Written       []string             `json:"written"`
	Diagnostics   []finding.Diagnostic `json:"diagnostics"`
	Summary       jsonSuggested        `json:"summary"`
}

type jsonSuggestion struct {
	Finding finding.Finding   `json:"finding"`
	Does    string            `json:"does"`
	Proven  string            `json:"proven"`
	Loses   string            `json:"loses"`
	Closes  []finding.Finding `json:"closes"`
	Reveals []finding.Finding `json:"reveals"`
	Changes []jsonChange      `json:"changes"`
	Reason  string            `json:"reason"`
}

type jsonChange struct {
	Path         string            `json:"path"`
	Diff         string            `json:"diff"`
	Replacements []jsonReplacement `json:"replacements"`
}

type jsonReplacement struct {
	Location *finding.Location `json:"location"`
	Text     string            `json:"text"`
}

type jsonSuggested struct {
	Findings  int `json:"findings"`
	Suggested int `json:"suggested"`
}

func writeSuggestionsJSON(w io.Writer, s finding.Suggestions, _ Options) error {
	out := jsonSuggestions{
		SchemaVersion: suggestionVersion, Tool: s.Tool, Suggestions: []jsonSuggestion{}, Written: list(s.Written), Diagnostics: list(s.Diagnostics),
		Summary: jsonSuggested{Findings: len(s.List)},
	}
	for _, x := range s.List {
		completeFinding(&x.Finding)
		j := jsonSuggestion{
			Finding: x.Finding, Does: x.Does, Proven: x.Proven, Loses: x.Loses, Closes: each(x.Closes, completeFinding), Reveals: each(x.Reveals, completeFinding),
			Changes: []jsonChange{}, Reason: x.Reason,
		}
		for _, c := range x.Changes {
			change := jsonChange{Path: c.Path, Diff: c.Diff, Replacements: []jsonReplacement{}}
			for _, r := range c.Replacements {
				change.Replacements = append(change.Replacements, jsonReplacement{finding.Place(r.Span), r.Text})
			}
			j.Changes = append(j.Changes, change)
		}
		if x.Reason == "" {
			out.Summary.Suggested++
		}
		out.Suggestions = append(out.Suggestions, j)
	}
	return encode(w, out)
}

// writeSuggestionsSARIF writes the findings with their suggestions as fixes.
func writeSuggestionsSARIF(w io.Writer, s finding.Suggestions, o Options) error {
	r := finding.Report{Tool: s.Tool, Diagnostics: s.Diagnostics, Assumptions: s.Assumptions, Rules: s.Rules}
	for i := range s.List {
		f := s.List[i].Finding
		f.Suggested = &s.List[i]
		r.Findings = append(r.Findings, f)
	}
	return writeSARIF(w, r, o)
}

// fixOf is a suggestion as SARIF has it.
//
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317881
func fixOf(x finding.Suggestion) sarifFix {
	out := sarifFix{Description: sarifMessage{unlinked(sentence(printable(x.Does)))}}
	for _, c := range x.Changes {
		change := sarifChange{Artifact: artifact(c.Path)}
		for _, r := range c.Replacements {
			start, end := r.Span.Range(source.UTF16)
			change.Replacements = append(change.Replacements, sarifReplacement{
				Deleted:  sarifRegion{start.Line, start.Column, end.Line, end.Column},
				Inserted: &sarifContent{r.Text},
			})
		}
		out.Changes = append(out.Changes, change)
	}
	return out
}
