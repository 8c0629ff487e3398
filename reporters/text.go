package reporters

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// listed is how many items of a list are written when the reader did not ask
// for all of them.
const listed = 8

// inFull is how many findings are written with their source. The report begins with
// the most severe; who has more reads on when these are settled.
const inFull = 30

// text writes for people. Whatever it writes of the input has passed printable.
type text struct {
	*bufio.Writer
	o     Options
	limit int // of lists
}

// writeText writes findings with the line that causes them, what they grant and an
// example, of many the first ones so and a line for each of the others, then what could not be read, then a summary.
func writeText(w io.Writer, r finding.Report, o Options) error {
	t := text{bufio.NewWriter(w), o, listed}
	if o.Verbose {
		t.limit = 1 << 30
	}
	if !o.Quiet {
		t.header(r)
	}
	found := causes(r.Findings, func(f finding.Finding) bool { return shown(f, o) }, o)
	rest := found[min(len(found), inFull):]
	if o.Verbose || len(rest) < inFull/2 { // few more are no reason to cut
		rest = nil
	}
	for _, f := range found[:len(found)-len(rest)] {
		t.finding(f)
	}
	if len(rest) > 0 {
		t.line("%d more, a line each; --verbose shows them like those above:", len(rest))
		for _, f := range rest {
			t.line("%s %s", compactLine(f, o), printable(short(f.ID)))
		}
		t.line("")
	}
	t.diagnostics(r.Diagnostics)
	if !o.Quiet {
		if o.Verbose {
			t.blocked(r.Resources)
		}
		t.next(r)
		t.line("%s", summary(r))
	}
	return t.Flush()
}

// next says what can be done with the findings, in commands.
func (t text) next(r finding.Report) {
	found := causes(r.Findings, counts, t.o)
	if len(found) == 0 {
		return
	}
	fixes := number(found, func(f finding.Finding) bool { return f.Suggested != nil && f.Suggested.Reason == "" })
	access := slices.IndexFunc(found, func(f finding.Finding) bool {
		return !isUnread(f) && !strings.HasPrefix(f.Rule, "policy-") && (!strings.HasPrefix(f.Rule, "unused-") || f.Rule == "unused-permission")
	})
	switch {
	case fixes > 0:
		t.line("fix: %d of %d have a proven change: iaclint suggest", fixes, len(found))
	case access >= 0:
		t.line("fix: iaclint suggest %s shows a proven change, if there is one", printable(short(found[access].ID)))
	}
	t.line("accept: iaclint archive add %s", printable(short(found[0].ID)))
	if len(found) > adoptFrom {
		t.line("adopt: iaclint baseline create records these findings, so that only new ones fail")
	}
}

// adoptFrom is the number of findings above which a baseline is the usual way to
// begin.
const adoptFrom = 10

func (t text) line(format string, args ...any) {
	t.WriteString(calm(fmt.Sprintf(format, args...)))
	t.WriteByte('\n')
}

// Styles of ANSI terminals (ECMA-48, 8.3.117). What they say is always in the
// words as well.
const (
	bold   = "1"
	blue   = "1;34"
	red    = "1;31"
	yellow = "1;33"
	cyan   = "1;36"
)

func (t text) style(code, s string) string {
	if !t.o.Color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (t text) level(l level, s string) string {
	switch l {
	case levelError:
		return t.style(red, s)
	case levelWarning:
		return t.style(yellow, s)
	}
	return t.style(cyan, s)
}

// header says what the report rests on: who is trusted beyond the zone, and
// what was assumed.
func (t text) header(r finding.Report) {
	written := false
	for _, z := range r.Zones {
		if len(z.Trusted) == 0 && !t.o.Verbose {
			continue
		}
		t.paragraph(zoneSentence(z))
		written = true
	}
	for _, a := range r.Assumptions {
		t.paragraph("assumption: " + printable(a))
		written = true
	}
	for _, h := range r.Hidden {
		t.paragraph("hidden by " + printable(h))
		written = true
	}
	if written {
		t.line("")
	}
}

// zoneSentence names a zone and all that it trusts by extension: this list is
// never cut, as nobody should widen trust silently.
func zoneSentence(z finding.Zone) string {
	who := "the owner account, whichever it is"
	switch {
	case z.Type == "ORGANIZATION" && z.Organization != "":
		who = "organization " + printable(z.Organization)
	case z.Type == "ORGANIZATION":
		who = "your organization, whichever it is"
	case z.Account != "":
		who = "account " + printable(z.Account)
	}
	s := fmt.Sprintf("zone %s (%s)", quoted(z.Name), who)
	if len(z.Trusted) == 0 {
		return s + " trusts nobody else"
	}
	trusted := make([]string, len(z.Trusted))
	network := false
	for i, e := range z.Trusted {
		trusted[i] = printable(e)
		network = network || trustsNetwork(e)
	}
	s += " additionally trusts " + strings.Join(trusted, ", ")
	if network {
		s += "; trust in a network covers foreign accounts that call from there"
	}
	return s
}

// trustsNetwork reports whether an entry of trust names a VPC, an endpoint or an
// address range.
func trustsNetwork(entry string) bool {
	for _, word := range strings.Fields(entry) {
		if strings.HasPrefix(word, "vpc-") || strings.HasPrefix(word, "vpce-") {
			return true
		}
		if _, err := netip.ParsePrefix(word); err == nil {
			return true
		}
	}
	return false
}

// paragraph writes a printable text over the width, continued lines indented.
func (t text) paragraph(s string) {
	for i, l := range wrap(s, t.o.width()-2) {
		if i > 0 {
			l = "  " + l
		}
		t.line("%s", l)
	}
}

// finding writes one finding and an empty line.
func (t text) finding(f finding.Finding) {
	l := levelOf(f)
	t.line("%s%s %s", t.level(l, fmt.Sprintf("%s[%s]", l, printable(f.Rule))),
		t.style(bold, ": "+printable(f.Message)), state(f))
	margin := t.source(f, l)
	t.details(f, margin)
	t.line("")
}

// state is the severity of a finding in words, and what else changes how it
// counts.
func state(f finding.Finding) string {
	var words []string
	if f.Severity != "" {
		words = append(words, printable(string(f.Severity)))
	}
	if f.Certainty == finding.NotProven {
		words = append(words, "undetermined")
	}
	if f.Change != nil && *f.Change != "unchanged" {
		words = append(words, printable(string(*f.Change)))
	}
	if archived(f) {
		words = append(words, "archived")
	}
	if len(words) == 0 {
		return "(no severity)"
	}
	return "(" + strings.Join(words, ", ") + ")"
}

// source writes where a finding is, with its source line where that is known,
// and returns the margin of what follows.
func (t text) source(f finding.Finding, l level) string {
	p := placeOf(f)
	number := ""
	if !f.Span.IsZero() {
		number = strconv.Itoa(p.line)
	}
	margin := strings.Repeat(" ", max(len(number), 1))
	t.line("%s%s %s", margin, t.style(blue, "-->"), p.show(t.o))
	if number == "" || f.Span.File.Unquoted {
		return margin
	}
	second, more := secondFrame(f)
	if more {
		margin = strings.Repeat(" ", max(len(margin), len(strconv.Itoa(second.line))))
	}
	t.frame(f.Span, margin, number, l)
	if more {
		t.line("%s%s %s: %s", margin, t.style(blue, "-->"), second.show(t.o), printable(second.message))
		t.frame(second.span, margin, strconv.Itoa(second.line), levelNote)
	}
	return margin
}

// frame writes the line of a span with carets under the span.
func (t text) frame(s source.Span, margin, number string, l level) {
	bar := margin + " " + t.style(blue, "|")
	line, carets := frame(s, max(t.o.width()-len(margin)-3, 20))
	t.line("%s", bar)
	t.line("%s", strings.TrimRight(t.style(blue, fmt.Sprintf("%*s |", len(margin), number))+" "+line, " "))
	i := strings.IndexByte(carets, '^')
	t.line("%s %s%s", bar, carets[:i], t.level(l, carets[i:]))
	t.line("%s", bar)
}

// framed is a place that is shown with its source line.
type framed struct {
	place
	span    source.Span
	message string
}

// secondFrame returns the place that explains a finding best beside its own: the
// nearest call or value that led to it, in a file whose text may be shown. Where
// the resource is declared is worth a line of source only in another file.
func secondFrame(f finding.Finding) (framed, bool) {
	own := placeOf(f)
	for _, r := range slices.Backward(f.Related) {
		if r.Span.IsZero() || r.Span.File.Unquoted || r.Span.File.Sensitive {
			continue
		}
		start, _ := r.Span.Range(source.Runes)
		p := place{r.Span.Path(), start.Line, start.Column}
		if p.path == own.path && (p.line == own.line || r.Message == finding.DeclaredHere) {
			continue
		}
		return framed{p, r.Span, r.Message}, true
	}
	return framed{}, false
}

// labelWidth aligns what follows "statements: ", the longest label.
const labelWidth = len("statements: ")

// detail writes a labelled text; every item starts a line.
func (t text) detail(margin, label string, items ...string) {
	head := margin + " " + t.style(blue, "=") + " " + t.style(bold, label+":") +
		strings.Repeat(" ", max(labelWidth-len(label)-1, 1))
	indent := strings.Repeat(" ", len(margin)+3+labelWidth)
	for _, item := range items {
		for _, l := range wrap(item, max(t.o.width()-len(indent), 20)) {
			t.line("%s", strings.TrimRight(head+l, " "))
			head = indent
		}
	}
}

// details writes what is known of a finding besides its place.
func (t text) details(f finding.Finding, margin string) {
	t.grant(f, func(label string, items ...string) { t.detail(margin, label, items...) })
	t.also(f, func(label, list string) { t.detail(margin, label, list) })
	if from := t.from(f); len(from) > 0 {
		t.detail(margin, "from", from...)
	}
	if f.Certainty == finding.NotProven || len(f.Needs) > 0 {
		t.detail(margin, "needs", t.needs(f))
	}
	for _, n := range f.Notes {
		t.detail(margin, "note", printable(n))
	}
	if f.Archive != nil {
		t.detail(margin, "archived", archivedBy(*f.Archive))
	}
	if s := f.Suggested; s != nil && s.Reason == "" {
		t.detail(margin, "suggestion", printable(s.Does)+"; iaclint suggest "+printable(short(f.ID))+" shows it")
	} else if s != nil {
		t.detail(margin, "suggestion", "none: "+printable(s.Reason))
	}
	if f.Help != "" {
		t.detail(margin, "help", paragraphs(f.Help)...)
	}
	if id := short(f.ID); id != "" && !t.o.Verbose {
		t.detail(margin, "id", printable(id))
	}
	if t.o.Verbose {
		t.detail(margin, "resource", resource(f))
		t.detail(margin, "id", printable(f.ID))
		t.detail(margin, "docs", "iaclint explain "+printable(f.Rule))
	}
}

// grant lists who can do what, and how. Of what could not be read nothing is known,
// and a list of all that there could be says no more.
func (t text) grant(f finding.Finding, item func(label string, items ...string)) {
	if isUnread(f) {
		return
	}
	if s := t.access(f); s != "" {
		item("access", s)
	}
	if len(f.Action) > 0 || conditional(f) {
		item("condition", t.conditions(f)...)
	}
	if f.Witness != nil {
		item("example", example(f, t.limit))
	}
	if len(f.Statements) > 0 {
		item("statements", t.statements(f))
	}
}

// isUnread reports whether a finding says that something could not be read.
func isUnread(f finding.Finding) bool { return strings.HasPrefix(f.Rule, "unread-") }

// also lists the resources, and the principals if they differ, of a finding that
// stands for others of its cause.
func (t text) also(f finding.Finding, item func(label, list string)) {
	if names := resourcesOf(f); len(names) > 1 {
		item("resources", enumerate(names, t.limit))
	}
	if names := partiesOf(f); len(names) > 1 {
		item("principals", enumerate(names, t.limit))
	}
}

// short is the beginning of an id, which is enough where there are few.
func short(id string) string { return id[:min(len(id), 8)] }

// access lists the actions and how strong they are.
func (t text) access(f finding.Finding) string {
	s := enumerate(allPrintable(f.Action), t.limit)
	if len(f.AccessLevels) > 0 {
		s += " (" + strings.Join(allPrintable(f.AccessLevels), ", ") + ")"
	}
	return strings.TrimSpace(s)
}

// conditions has an item for each condition key, in the order of the keys, or one
// that says that there is none.
func (t text) conditions(f finding.Finding) []string {
	if len(f.Condition) == 0 {
		if s := terms(f, t.limit); s != "" {
			return []string{"limited by nothing; the request also needs " + s}
		}
		return []string{"none"}
	}
	var items []string
	for _, k := range slices.Sorted(maps.Keys(f.Condition)) {
		items = append(items, printable(k)+" = "+printable(f.Condition[k]))
	}
	items, more := cut(items, t.limit)
	if more > 0 {
		items = append(items[:len(items):len(items)], fmt.Sprintf("and %d more", more))
	}
	return items
}

// statements names the statements that grant the access, and their files where
// these are not the finding's.
func (t text) statements(f finding.Finding) string {
	here := placeOf(f).path
	var items []string
	for _, s := range f.Statements {
		item := "#" + strconv.Itoa(s.Index+1)
		if s.Sid != "" {
			item = quoted(s.Sid)
		}
		switch l := s.Location; {
		case l == nil:
		case l.Path == here:
			item += fmt.Sprintf(" (line %d)", l.StartLine)
		default:
			item += fmt.Sprintf(" (%s)", place{l.Path, l.StartLine, 0}.show(t.o))
		}
		items = append(items, item)
	}
	return enumerate(items, t.limit)
}

// from names the places between the resource's declaration and the grant.
func (t text) from(f finding.Finding) []string {
	var items []string
	second, _ := secondFrame(f)
	for _, r := range f.Related {
		if !r.Span.IsZero() && (r.Span != second.span || f.Span.IsZero() || f.Span.File.Unquoted) {
			start, _ := r.Span.Range(source.Runes)
			items = append(items, place{r.Span.Path(), start.Line, start.Column}.show(t.o)+" "+printable(r.Message))
		}
	}
	items, more := cut(items, t.limit)
	if more > 0 {
		items = append(items[:len(items):len(items)], fmt.Sprintf("and %d more", more))
	}
	return items
}

// needs says what would settle a finding that is not proven.
func (t text) needs(f finding.Finding) string {
	needs := enumerate(allPrintable(f.Needs), t.limit)
	switch {
	case f.Certainty != finding.NotProven || isUnread(f) && len(f.Needs) > 0:
		return needs
	case len(f.Needs) == 0:
		return "not proven: the access could be granted"
	case len(f.Needs) == 1:
		return needs + " (the access could be granted, depending on its value)"
	}
	return needs + " (the access could be granted, depending on their values)"
}

func archivedBy(a finding.Archive) string {
	s := "by " + quoted(a.By)
	if a.Reason != "" {
		s += ": " + printable(a.Reason)
	}
	for _, e := range []struct{ label, value string }{{"owner", a.Owner}, {"expires", a.Expires}} {
		if e.value != "" {
			s += "; " + e.label + " " + printable(e.value)
		}
	}
	return s
}

// resource names the resource of a finding in the input and in AWS.
func resource(f finding.Finding) string {
	s := printable(f.Address)
	if f.ResourceType != "" {
		s += " (" + printable(f.ResourceType) + ")"
	}
	if f.Resource != "" {
		s += " " + printable(f.Resource)
	}
	return strings.TrimSpace(s)
}

// paragraphs returns the lines of a text that a rule wrote.
func paragraphs(s string) []string {
	return allPrintable(strings.Split(strings.TrimRight(s, "\n"), "\n"))
}

// oneLine joins the lines of a text that a rule wrote.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Join(paragraphs(s), " ")), " ")
}

func allPrintable(s []string) []string {
	out := make([]string, len(s))
	for i := range s {
		out[i] = printable(s[i])
	}
	return out
}

// diagnostics writes what could not be read, or was read with a doubt.
func (t text) diagnostics(ds []finding.Diagnostic) {
	written := false
	for _, d := range notices(ds, t.o) {
		written = true
		l := level(d.Severity)
		t.line("%s%s", t.level(l, calm(printable(d.Severity))), t.style(bold, ": "+printable(d.Message)))
		if d.Path != "" {
			number := strconv.Itoa(d.Line)
			margin := strings.Repeat(" ", len(number))
			t.line("%s%s %s", margin, t.style(blue, "-->"), place{d.Path, d.Line, d.Column}.show(t.o))
			if !d.Span.IsZero() {
				t.frame(d.Span, margin, number, l)
			}
		}
	}
	if written && !t.o.Quiet {
		t.line("")
	}
}

// blocked lists the resources that a block keeps from being reached: the block
// is part of the answer, not a reason for silence.
func (t text) blocked(rs []finding.Resource) {
	written := false
	for _, r := range rs {
		if len(r.BlockedBy) == 0 {
			continue
		}
		written = true
		t.paragraph(fmt.Sprintf("blocked: %s in %s: access is cut off by %s", printable(r.Address), t.o.path(r.Path),
			strings.Join(allPrintable(r.BlockedBy), ", ")))
	}
	if written {
		t.line("")
	}
}
