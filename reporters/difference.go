package reporters

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/spelling"
)

// DifferenceReporter is an output format of a comparison.
type DifferenceReporter struct {
	Name    string
	Summary string
	Write   func(io.Writer, finding.Comparison, Options) error
}

// Differences are all formats of a comparison; the first is for people.
var Differences = []DifferenceReporter{
	{"text", "what changes for whom, for people", writeDifferenceText},
	{"markdown", "tables, for a comment on a pull request", writeDifferenceMarkdown},
	{"json", "all of it, with the policies before and after", writeDifferenceJSON},
	{"sarif", "new and wider access as SARIF 2.1.0, for code scanning", writeDifferenceSARIF},
}

// titles of the kinds of differences.
var titles = map[finding.DifferenceKind]string{
	finding.Granted: "newly granted", finding.Altered: "changed", finding.NewlyUndetermined: "newly undetermined",
	finding.NewlyArchived: "newly archived", finding.Withdrawn: "withdrawn",
}

// differenceSummary counts in a sentence.
func differenceSummary(c finding.Comparison) string {
	var parts []string
	for _, k := range finding.DifferenceKinds {
		if n := c.Count(k); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, titles[k]))
		}
	}
	if len(parts) == 0 {
		parts = []string{"no difference in external access"}
	}
	text := strings.Join(parts, ", ") + fmt.Sprintf("; %s on both sides", spelling.Count(c.Both, "resource"))
	if c.OnlyHead > 0 {
		text += fmt.Sprintf(", %d new", c.OnlyHead)
	}
	if c.OnlyBase > 0 {
		text += fmt.Sprintf(", %d gone", c.OnlyBase)
	}
	return text
}

// fact is what a difference says beside its message.
type fact struct{ label, text string }

// differenceFacts are what changed, in the words of both formats for people;
// their texts are printable.
func differenceFacts(d finding.Difference) []fact {
	var out []fact
	add := func(label, text string) {
		if text != "" {
			out = append(out, fact{label, text})
		}
	}
	f := d.Finding
	if b := d.Before; b != nil {
		add("principal", changedText(principals(*b), principals(f)))
		add("condition", changedText(conditionText(*b), conditionText(f)))
		add("certainty", changedText(string(b.Certainty), string(f.Certainty)))
		add("levels", changedText(strings.Join(allPrintable(b.AccessLevels), ", "), strings.Join(allPrintable(f.AccessLevels), ", ")))
	} else if conditional(f) {
		add("condition", strings.Join(text{limit: listed}.conditions(f), "; "))
	}
	var actions []string
	for _, a := range d.Added {
		actions = append(actions, "+"+printable(a))
	}
	for _, a := range d.Removed {
		actions = append(actions, "-"+printable(a))
	}
	add("actions", enumerate(actions, listed))
	switch {
	case d.Before != nil && d.Wider && d.Inexact && !differsVisibly(d):
		add("wider", "the policies cannot be compared exactly: more requests may be allowed than before")
	case d.Before != nil && d.Wider && !differsVisibly(d):
		add("wider", "more requests are allowed on terms that the finding does not show")
	}
	if d.Before != nil && !d.Wider && len(d.Lost) > 0 && !differsVisibly(d) {
		add("narrower", "fewer requests are allowed on terms that the finding does not show")
	}
	if f.Archive != nil && d.Kind == finding.NewlyArchived {
		add("archived", archivedBy(*f.Archive))
	}
	for _, g := range examples(d.Gained) {
		add("example", example(g, listed))
	}
	for _, l := range examples(d.Lost) {
		add("no longer", example(l, listed))
	}
	if f.Certainty == finding.NotProven && d.Kind != finding.Withdrawn {
		add("needs", text{limit: listed}.needs(f))
	}
	return out
}

// examples are the first few with a witness.
func examples(list []finding.Finding) []finding.Finding {
	var out []finding.Finding
	for _, f := range list {
		if f.Witness != nil && len(out) < 3 {
			out = append(out, f)
		}
	}
	return out
}

func differsVisibly(d finding.Difference) bool {
	b := d.Before
	return len(d.Added)+len(d.Removed) > 0 || principals(*b) != principals(d.Finding) || conditionText(*b) != conditionText(d.Finding) || b.Certainty != d.Finding.Certainty
}

func changedText(before, after string) string {
	if before == after {
		return ""
	}
	if before == "" {
		before = "none"
	}
	if after == "" {
		after = "none"
	}
	return before + " -> " + after
}

func principals(f finding.Finding) string {
	return strings.Join(pairs(f.Principal, " "), ", ")
}

func conditionText(f finding.Finding) string {
	return strings.Join(pairs(f.Condition, " = "), ", ")
}

// differenceWhere is where a difference is, and on which side if not on the head's.
func differenceWhere(c finding.Comparison, d finding.Difference, o Options) string {
	at := placeOf(d.Finding).show(o)
	if d.Kind == finding.Withdrawn {
		at += " in " + printable(c.Base)
	}
	return at
}

// ofKind returns the differences of a kind, the most severe first.
func ofKind(c finding.Comparison, kind finding.DifferenceKind) []finding.Difference {
	var out []finding.Difference
	for _, d := range c.Differences {
		if d.Kind == kind {
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b finding.Difference) int { return b.Finding.Severity.Rank() - a.Finding.Severity.Rank() })
	return out
}

func writeDifferenceText(w io.Writer, c finding.Comparison, o Options) error {
	t := text{bufio.NewWriter(w), o, listed}
	for _, kind := range finding.DifferenceKinds {
		list := ofKind(c, kind)
		if len(list) == 0 {
			continue
		}
		t.line("%s", t.style(bold, titles[kind]))
		for _, d := range list {
			t.difference(c, d)
		}
		t.line("")
	}
	t.diagnostics(c.Diagnostics)
	if !o.Quiet {
		t.line("%s", differenceSummary(c))
	}
	return t.Flush()
}

func (t text) difference(c finding.Comparison, d finding.Difference) {
	f := d.Finding
	mark := "+"
	switch {
	case d.Kind == finding.Withdrawn:
		mark = "-"
	case d.Kind == finding.NewlyArchived:
		mark = "="
	case d.Before != nil:
		mark = "~"
	}
	status := ""
	if archived(f) && d.Kind != finding.NewlyArchived {
		status = ", archived"
	}
	t.line("  %s %s %s (%s%s)", mark, t.level(levelOf(finding.Finding{Severity: f.Severity}), "["+printable(f.Rule)+"]"), printable(f.Message), printable(string(f.Severity)), status)
	t.line("      --> %s", differenceWhere(c, d, t.o))
	for _, x := range differenceFacts(d) {
		t.detail("      ", x.label, x.text)
	}
	if pieces := statementDiff(d.PolicyBefore, d.PolicyAfter); pieces != nil && d.Before != nil {
		t.words(pieces)
	}
}

// words writes a comparison as "git diff --word-diff" does.
func (t text) words(pieces []piece) {
	var b strings.Builder
	for _, p := range pieces {
		var lines []string
		for _, l := range strings.Split(p.text, "\n") {
			l = printable(l)
			switch {
			case l == "" || p.kind == ' ':
			case p.kind == '-':
				l = t.style(red, "[-"+l+"-]")
			default:
				l = t.style(green, "{+"+l+"+}")
			}
			lines = append(lines, l)
		}
		b.WriteString(strings.Join(lines, "\n"))
	}
	t.line("       %s %s", t.style(blue, "="), t.style(bold, "policy:"))
	for _, l := range strings.Split(b.String(), "\n") {
		if strings.TrimSpace(l) != "" {
			t.line("           %s", l)
		}
	}
}

// green is for what is added.
const green = "1;32"

func writeDifferenceMarkdown(w io.Writer, c finding.Comparison, o Options) error {
	most := o.MaxBytes
	if most <= 0 {
		most = commentBytes
	}
	const reserve = 200
	b := &budgeted{left: max(most, 2_000)}
	b.try("<!-- iaclint:diff -->\n### iaclint: "+escapeMarkdown(differenceSummary(c))+"\n\n"+code(printable(c.Base))+" &#8594; "+code(printable(c.Head))+"\n\n", 0)
	rows(b, markdownErrors(finding.Report{Diagnostics: c.Diagnostics}), reserve+500, "", "", "more errors")
	left := 0
	for _, kind := range finding.DifferenceKinds {
		var table []string
		for _, d := range ofKind(c, kind) {
			table = append(table, markdownDifference(c, d))
		}
		head := "#### " + strings.ToUpper(titles[kind][:1]) + titles[kind][1:] + "\n\n| severity | access | what changes | where | rule |\n|---|---|---|---|---|\n"
		left += rows(b, table, reserve, head, "\n", "more, see the log")
	}
	if left > 0 {
		o.say("markdown: %d differences are left out", left)
	}
	var details []string
	for _, d := range c.Differences {
		if pieces := statementDiff(d.PolicyBefore, d.PolicyAfter); pieces != nil && d.Before != nil {
			details = append(details, "* "+code(printable(d.Finding.Address))+"<br>"+markdownWords(pieces)+"\n")
		}
	}
	const summary = "<details><summary>Policies before and after</summary>\n\n"
	rows(b, slices.Compact(details), reserve+len("\n</details>\n\n"), summary, "\n</details>\n\n", "more policies are not shown here")
	notes := markdownNotes(finding.Report{Zones: c.Zones, Assumptions: c.Assumptions, Diagnostics: c.Diagnostics})
	rows(b, notes, reserve, "", "", "more notes")
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownDifference(c finding.Comparison, d finding.Difference) string {
	var facts []string
	for _, x := range differenceFacts(d) {
		facts = append(facts, x.label+": "+code(middle(x.text, 300)))
	}
	f := d.Finding
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", escapeMarkdown(printable(string(f.Severity))), code(middle(printable(f.Message), 300)), strings.Join(facts, "<br>"),
		code(differenceWhere(c, d, Options{})), code(printable(f.Rule)))
}

func markdownWords(pieces []piece) string {
	var b strings.Builder
	for _, p := range pieces {
		var lines []string
		for _, l := range strings.Split(p.text, "\n") {
			l = escapeMarkdown(printable(l))
			switch {
			case l == "" || p.kind == ' ':
			case p.kind == '-':
				l = "<del>" + l + "</del>"
			default:
				l = "<ins>" + l + "</ins>"
			}
			lines = append(lines, l)
		}
		b.WriteString(strings.Join(lines, "<br>"))
	}
	return b.String()
}

// writeDifferenceSARIF writes what is new or wider, and not archived.
func writeDifferenceSARIF(w io.Writer, c finding.Comparison, o Options) error {
	r := finding.Report{Tool: c.Tool, Zones: c.Zones, Diagnostics: c.Diagnostics, Assumptions: c.Assumptions, Rules: c.Rules}
	for _, d := range c.Differences {
		if !d.Wider || archived(d.Finding) {
			continue
		}
		f := d.Finding
		if shown := examples(d.Gained); len(shown) > 0 {
			f.Witness = shown[0].Witness
		}
		if d.Before != nil {
			f.Notes = append(slices.Clone(f.Notes), "wider than in "+c.Base+strings.TrimSuffix(": "+enumerate(d.Added, listed), ": "))
		} else {
			f.Notes = append(slices.Clone(f.Notes), "new since "+c.Base)
		}
		r.Findings = append(r.Findings, f)
	}
	return writeSARIF(w, r, o)
}
