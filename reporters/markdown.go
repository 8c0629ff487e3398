package reporters

import (
	"fmt"
	"io"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// commentMarker lets a workflow find the comment that it wrote before.
const commentMarker = "<!-- iaclint:report -->\n"

// A comment on GitHub has at most 65,536 characters, a step summary 1 MiB.
//
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
const (
	commentBytes = 60_000
	drawnEdges   = 60
)

// writeMarkdown writes a comment for a pull request: what could not be read, a
// table of the findings, their details. What does not fit is counted.
func writeMarkdown(w io.Writer, r finding.Report, o Options) error {
	most := o.MaxBytes
	if most <= 0 {
		most = commentBytes
	}
	_, err := io.WriteString(w, markdown(r, max(most, 2_000), o))
	return err
}

// budgeted collects blocks as long as they fit.
type budgeted struct {
	strings.Builder
	left int
}

// try adds a block if it fits with the reserve that must stay free.
func (b *budgeted) try(s string, reserve int) bool {
	if len(s)+reserve > b.left {
		return false
	}
	b.WriteString(s)
	b.left -= len(s)
	return true
}

func markdown(r finding.Report, most int, o Options) string {
	const reserve = 200 // for the sentences that say what was left out
	b := &budgeted{left: most}
	findings := causes(r.Findings, counts, Options{})
	b.try(commentMarker+"### iaclint: "+escapeMarkdown(headline(r))+"\n\n", 0)
	const head = "| severity | who | can | on | where | rule |\n|---|---|---|---|---|---|\n"
	var table []string
	for _, f := range findings {
		table = append(table, markdownRow(f))
	}
	if left := rows(b, table, reserve, head, "\n", "more findings, see the log"); left > 0 {
		o.say("markdown: %d findings are left out, the least severe", left)
	}
	var details []string
	for _, f := range findings {
		details = append(details, markdownDetail(f))
	}
	const summary = "<details><summary>Conditions, examples and what to do</summary>\n\n"
	rows(b, details, reserve+len("</details>\n\n"), summary, "</details>\n\n", "more findings without details here")
	rows(b, markdownErrors(r), reserve, "", "", "more errors")
	if g := graphOf(r); len(g.edges) > 0 {
		chart, left := mermaid(g, min(mermaidBytes, max(b.left-reserve, 0)), drawnEdges)
		if left == 0 {
			b.try("<details><summary>Picture</summary>\n\n```mermaid\n"+chart+"```\n\n</details>\n\n", reserve)
		}
	}
	rows(b, markdownNotes(r), reserve, "", "", "more notes")
	return b.String()
}

// rows adds blocks between a head and a foot, and says how many it had no room for.
func rows(b *budgeted, blocks []string, reserve int, head, foot, rest string) (left int) {
	if len(blocks) == 0 {
		return 0
	}
	if !b.try(head, reserve+len(foot)+len(blocks[0])) {
		b.try(fmt.Sprintf("%d %s\n\n", len(blocks), rest), 0)
		return len(blocks)
	}
	for i, block := range blocks {
		if !b.try(block, reserve+len(foot)) {
			left = len(blocks) - i
			break
		}
	}
	b.try(foot, 0)
	if left > 0 {
		b.try(fmt.Sprintf("%d %s\n\n", left, rest), 0)
	}
	return left
}

func markdownErrors(r finding.Report) []string {
	var out []string
	for _, d := range r.Diagnostics {
		if d.Severity == string(source.Error) {
			where := ""
			if d.Path != "" {
				where = code(place{d.Path, d.Line, d.Column}.show(Options{})) + " "
			}
			out = append(out, "> **not analysed:** "+where+code(printable(d.Message))+"\n>\n")
		}
	}
	if len(out) > 0 {
		out = append(out, "\n")
	}
	return out
}

// markdownRow is a row of the table.
func markdownRow(f finding.Finding) string {
	change := ""
	if f.Change != nil && *f.Change != "unchanged" {
		change = " (" + escapeMarkdown(printable(string(*f.Change))) + ")"
	}
	who := partyOf(f)
	party := code(middle(who.name, 80))
	if who.kind == anyone || f.Principal["AWS"] == "*" {
		party = "anyone" // and the conditions follow
	}
	if f.IsOwn() {
		party = ""
	}
	if len(f.Condition) > 0 {
		party += ", if"
		for _, c := range pairs(f.Condition, " = ") {
			party += " " + code(middle(c, 80))
		}
	}
	if f.Certainty == finding.NotProven {
		party += " (undetermined)"
	}
	actions, more := cut(allPrintable(f.Action), 2)
	var can []string
	for _, a := range actions {
		can = append(can, code(a))
	}
	if more > 0 {
		can = append(can, fmt.Sprintf("%d more", more))
	}
	n := nodeOf(f)
	on := n.name
	if f.Resource != "" {
		on = printable(f.Resource)
	}
	if names := resourcesOf(f); len(names) > 1 {
		on = fmt.Sprintf("%d resources", len(names))
	}
	at := placeOf(f)
	return fmt.Sprintf("| %s%s | %s | %s | %s | %s | %s |\n", escapeMarkdown(printable(string(f.Severity))), change, party, strings.Join(can, ", "),
		code(middle(on, 120)), code(place{at.path, at.line, 0}.show(Options{})), code(printable(f.Rule)))
}

// markdownDetail is what the table does not say of a finding.
func markdownDetail(f finding.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "* %s\n", code(clip(printable(f.Message), 1000)))
	item := func(label, s string) {
		if s != "" {
			fmt.Fprintf(&b, "  * %s: %s\n", label, code(clip(s, 2000)))
		}
	}
	t := text{limit: listed}
	t.grant(f, func(label string, items ...string) {
		if label != "condition" || conditional(f) {
			item(label, strings.Join(items, "; "))
		}
	})
	if f.Certainty == finding.NotProven || len(f.Needs) > 0 {
		item("needs", t.needs(f))
	}
	for _, n := range f.Notes {
		item("note", printable(n))
	}
	t.also(f, item)
	if f.Help != "" {
		fmt.Fprintf(&b, "  * help: %s\n", escapeMarkdown(clip(oneLine(f.Help), 2000)))
	}
	b.WriteString("\n")
	return b.String()
}

// markdownNotes are warnings, who is trusted beside the zone, and assumptions.
func markdownNotes(r finding.Report) []string {
	var out []string
	for _, z := range r.Zones {
		if len(z.Trusted) > 0 {
			out = append(out, "* "+code(zoneSentence(z))+"\n")
		}
	}
	for _, a := range r.Assumptions {
		out = append(out, "* assumption: "+code(printable(a))+"\n")
	}
	for _, h := range r.Hidden {
		out = append(out, "* hidden by "+code(printable(h))+"\n")
	}
	for _, d := range notices(r.Diagnostics, Options{}) {
		if !isError(d) {
			out = append(out, "* warning: "+code(place{d.Path, d.Line, d.Column}.show(Options{}))+" "+code(printable(d.Message))+"\n")
		}
	}
	return out
}

// code returns a printable text of the input as code, in which neither Markdown,
// nor HTML, nor a mention, nor a table's bar means anything.
func code(s string) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	if !strings.ContainsAny(s, "`|") && s[0] != ' ' && s[len(s)-1] != ' ' {
		return "`" + s + "`"
	}
	return "<code>" + escapeMarkdown(s) + "</code>"
}

// escapeMarkdown spells all punctuation as entities, which Markdown takes for
// text; only what means nothing in a line stays.
//
// https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 && r != ' ' && r != ',' && r != '(' && r != ')' && r != '.' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
