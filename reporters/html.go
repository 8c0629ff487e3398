package reporters

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/spelling"
)

//go:embed page/style.css
var pageStyle string

//go:embed page/script.js
var pageScript string

// writeHTML writes one page that needs nothing else: no network, no other file,
// and no script. It is well-formed XML, too, so that a test can walk all of it. Its
// policy lets run nothing but the style and the script that are part of it.
//
// https://www.w3.org/TR/CSP3/
func writeHTML(w io.Writer, r finding.Report, _ Options) error {
	p := &page{ids: map[string]bool{}}
	p.write(r)
	_, err := io.WriteString(w, p.String())
	return err
}

// page collects markup. What is not of type markup is escaped.
type page struct {
	strings.Builder
	ids map[string]bool
}

// markup is trusted: it is ours, or has been escaped.
type markup string

// add writes a format with its texts escaped.
func (p *page) add(format string, args ...any) {
	for i, a := range args {
		switch a := a.(type) {
		case string:
			args[i] = escapeXML(printable(a))
		case markup:
			args[i] = string(a)
		}
	}
	fmt.Fprintf(p, format, args...)
}

// hash is what the page's policy allows.
func hash(s string) markup {
	sum := sha256.Sum256([]byte(s))
	return markup("'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'")
}

// anchor returns an id that no other element has.
func (p *page) anchor(prefix, name string) string {
	id := prefix + strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, clip(name, 64))
	unique := id
	for n := 2; p.ids[unique]; n++ {
		unique = fmt.Sprintf("%s-%d", id, n)
	}
	p.ids[unique] = true
	return unique
}

func (p *page) write(r finding.Report) {
	findings := causes(r.Findings, func(f finding.Finding) bool { return !removed(f) }, Options{})
	anchors := make([]string, len(findings))
	for i, f := range findings {
		anchors[i] = p.anchor("f-", f.ID)
	}
	p.head("External access: " + headline(r))
	p.header(r)
	p.picture(r, findings, anchors)
	p.findings(findings, anchors)
	p.resources(r)
	p.basis(r)
	p.foot(r.Tool)
}

// head begins the page.
func (p *page) head(title string) {
	p.add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
	p.add("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src %s; script-src %s; base-uri 'none'; form-action 'none'\"/>\n", hash(pageStyle), hash(pageScript))
	p.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"color-scheme\" content=\"light dark\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n")
	p.add("<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n", title, markup(pageStyle))
}

// foot ends the page.
func (p *page) foot(tool finding.Tool) {
	p.add("<footer>iaclint %s. The page is self-contained and loads nothing.</footer>\n<script>%s</script>\n</body>\n</html>\n", tool.Version, markup(pageScript))
}

func (p *page) header(r finding.Report) {
	p.add("<header>\n<h1>Who outside the zone of trust can reach these resources</h1>\n")
	for _, z := range r.Zones {
		p.add("<p class=\"mute\">%s</p>\n", stopped(zoneSentence(z)))
	}
	p.add("</header>\n")
	errors := p.alarm(r)
	if number(r.Findings, counts) == 0 {
		class := "fine"
		if errors > 0 || reachable(r) > 0 {
			class = "alarm"
		}
		p.add("<p class=\"%s\">%s</p>\n", class, sentence(headline(r)))
	}
	p.tiles(r)
}

// alarm says what could not be read, and how much that is.
func (p *page) alarm(r finding.Report) int {
	var errors []finding.Diagnostic
	for _, d := range notices(r.Diagnostics, Options{}) {
		if isError(d) {
			errors = append(errors, d)
		}
	}
	if len(errors) > 0 {
		p.add("<section class=\"alarm\"><h2>Not everything could be analysed: %d %s</h2>\n", len(errors), spelling.Plural(len(errors), "error"))
		few, more := cut(errors, listed)
		p.errors(few)
		if more > 0 {
			p.add("<details><summary>%d more</summary>\n", more)
			p.errors(errors[len(few):])
			p.add("</details>\n")
		}
		p.add("</section>\n")
	}
	return len(errors)
}

// tiles count.
func (p *page) tiles(r finding.Report) {
	p.add("<ul class=\"tiles\">\n")
	found := causes(r.Findings, counts, Options{})
	for _, s := range slices.Backward(finding.Severities) {
		n := number(found, func(f finding.Finding) bool { return f.Severity == s })
		p.add("<li class=\"%s\"><b>%d</b>%s</li>\n", string(s), n, string(s))
	}
	for _, t := range []struct {
		n    int
		what string
	}{
		{number(r.Findings, archived), "archived"},
		{r.Summary.Resources, spelling.Plural(r.Summary.Resources, "resource")},
		{blockedResources(r), "blocked"},
		{r.Summary.FilesRead, spelling.Plural(r.Summary.FilesRead, "file") + " read"},
	} {
		p.add("<li><b>%d</b>%s</li>\n", t.n, t.what)
	}
	p.add("</ul>\n")
}

func (p *page) errors(ds []finding.Diagnostic) {
	p.add("<ul>\n")
	for _, d := range ds {
		p.add("<li><span class=\"mono\">%s</span>: %s</li>\n", place{d.Path, d.Line, d.Column}.show(Options{}), d.Message)
	}
	p.add("</ul>\n")
}

// choice is a filter: the values that occur, with how often.
func (p *page) choice(label, key string, findings []finding.Finding, value func(finding.Finding) string) {
	count := map[string]int{}
	for _, f := range findings {
		count[value(f)]++
	}
	if len(count) < 2 {
		return
	}
	p.add("<label class=\"js-only\">%s <select data-key=\"%s\"><option value=\"\">all</option>", label, key)
	for _, v := range slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) }) {
		p.add("<option value=\"%s\">%s (%d)</option>", v, middle(v, 60), count[v])
	}
	p.add("</select></label>\n")
}

func accountOf(f finding.Finding) string {
	if f.ResourceOwnerAccount == "" {
		return "unknown"
	}
	return printable(f.ResourceOwnerAccount)
}

func typeOf(f finding.Finding) string {
	if f.ResourceType == "" {
		return "unknown"
	}
	return printable(f.ResourceType)
}

func (p *page) findings(findings []finding.Finding, anchors []string) {
	if len(findings) == 0 {
		return
	}
	p.add("<main>\n<h2 id=\"findings\">Findings</h2>\n<fieldset class=\"filter\">\n")
	for _, s := range slices.Backward(finding.Severities) {
		if n := number(findings, func(f finding.Finding) bool { return f.Severity == s }); n > 0 {
			p.add("<label><input type=\"checkbox\" id=\"s-%s\" checked=\"checked\"/> %s (%d)</label>\n", string(s), string(s), n)
		}
	}
	for _, k := range []struct {
		name string
		is   func(finding.Finding) bool
	}{{"undetermined", func(f finding.Finding) bool { return f.Certainty == finding.NotProven }}, {"archived", archived}} {
		if n := number(findings, k.is); n > 0 {
			p.add("<label><input type=\"checkbox\" id=\"s-%s\" checked=\"checked\"/> %s (%d)</label>\n", k.name, k.name, n)
		}
	}
	p.choice("rule", "rule", findings, func(f finding.Finding) string { return printable(f.Rule) })
	p.choice("type", "type", findings, typeOf)
	p.choice("account", "account", findings, accountOf)
	p.choice("who", "who", findings, func(f finding.Finding) string { return partyOf(f).name })
	p.add("<label class=\"js-only\">search <input type=\"search\" id=\"q\"/></label>\n")
	p.add("<button type=\"button\" class=\"js-only\" data-open=\"true\">open all</button>\n<button type=\"button\" class=\"js-only\" data-open=\"false\">close all</button>\n")
	p.add("<span class=\"js-only mute\"><span id=\"shown\">%d</span> of %d shown</span>\n</fieldset>\n", len(findings), len(findings))
	for i, f := range findings {
		p.finding(f, anchors[i], len(findings) <= 5)
	}
	p.add("</main>\n")
}

// severityClass is a severity as a class name, which only ours are.
func severityClass(s finding.Severity) string {
	if s.Rank() == 0 {
		return "plain"
	}
	return string(s)
}

func (p *page) finding(f finding.Finding, anchor string, open bool) {
	class, opened := severityClass(f.Severity), markup("")
	if archived(f) {
		class += " archived"
	}
	if f.Certainty == finding.NotProven {
		class += " undetermined"
	}
	if open && counts(f) {
		opened = " open=\"open\""
	}
	p.add("<details class=\"f %s\" id=\"%s\" data-rule=\"%s\" data-type=\"%s\" data-account=\"%s\" data-who=\"%s\"%s>\n", class, anchor, f.Rule, typeOf(f), accountOf(f), whoIn(f), opened)
	p.add("<summary>")
	rule := ""
	if f.Severity != "" { // else it is a grant of an answer
		p.add("<span class=\"badge %s\">%s</span> ", severityClass(f.Severity), strings.Trim(state(f), "()"))
		rule = " · " + f.Rule
	}
	p.add("%s <span class=\"where\"><span class=\"mono\">%s</span>%s</span></summary>\n<div class=\"body\">\n", f.Message, placeOf(f).show(Options{}), rule)
	p.frame(f.Span, contextLines)
	p.add("<dl>\n")
	t := text{limit: 40}
	item := func(label, value string) {
		if value != "" {
			p.add("<dt>%s</dt><dd>%s</dd>\n", label, printableLines(value))
		}
	}
	t.grant(f, func(label string, items ...string) { item(label, strings.Join(items, "\n")) })
	if f.Certainty == finding.NotProven || len(f.Needs) > 0 {
		item("needs", t.needs(f))
	}
	for _, n := range f.Notes {
		item("note", printable(n))
	}
	if f.Archive != nil {
		item("archived", archivedBy(*f.Archive))
	}
	item("help", strings.Join(paragraphs(f.Help), "\n"))
	item("resource", resource(f))
	t.also(f, item)
	p.add("<dt>link</dt><dd><a href=\"#%s\">%s</a></dd>\n</dl>\n", anchor, f.ID)
	for _, rel := range f.Related {
		if !rel.Span.IsZero() {
			start, _ := rel.Span.Range(source.Runes)
			p.add("<p class=\"mute\">%s: <span class=\"mono\">%s</span></p>\n", rel.Message, place{rel.Span.Path(), start.Line, start.Column}.show(Options{}))
			p.frame(rel.Span, 0) // what is around a value may be a secret
		}
	}
	p.add("</div></details>\n")
}

// printableLines escapes a text of printable lines. The line breaks are entities,
// so that no line of the file starts with a text of the input.
func printableLines(s string) markup {
	return markup(strings.ReplaceAll(escapeXML(s), "\n", "&#10;"))
}

// contextLines is how many lines are shown before and after the line of a span.
const (
	contextLines = 2
	frameWidth   = 110
)

// frame writes the line of a span, with carets below and so many lines around it,
// unless secrets may be in it.
func (p *page) frame(s source.Span, around int) {
	if s.IsZero() || s.File.Unquoted || s.File.Sensitive {
		return
	}
	start := s.File.Position(s.Start, source.Bytes)
	if around > 0 && ofValues(s.File.Name) {
		around = 0 // other values are nobody's business
	}
	before, after := neighbours(s, around)
	margin := len(fmt.Sprint(start.Line + len(after)))
	p.add("<pre>")
	for i, at := range before {
		line, _ := frame(source.Span{File: s.File, Start: at, End: at}, frameWidth)
		p.add("<span class=\"no\">%s | </span>%s\n", markup(fmt.Sprintf("%*d", margin, start.Line-len(before)+i)), markup(escapeXML(line)))
	}
	line, carets := frame(s, frameWidth)
	p.add("<span class=\"no\">%s | </span>%s\n<span class=\"no\">%s | </span><span class=\"hit\">%s</span>", markup(fmt.Sprintf("%*d", margin, start.Line)), markup(escapeXML(line)), markup(strings.Repeat(" ", margin)), markup(escapeXML(carets)))
	for i, at := range after {
		line, _ := frame(source.Span{File: s.File, Start: at, End: at}, frameWidth)
		p.add("\n<span class=\"no\">%s | </span>%s", markup(fmt.Sprintf("%*d", margin, start.Line+i+1)), markup(escapeXML(line)))
	}
	p.add("</pre>\n")
}

// ofValues reports whether a file is one of values of variables.
func ofValues(name string) bool {
	return strings.HasSuffix(name, ".tfvars") || strings.HasSuffix(name, ".tfvars.json")
}

// neighbours returns where the lines before and after that of a span start. It
// looks a few thousand bytes far: a line may be megabytes long.
func neighbours(s source.Span, most int) (before, after []int) {
	const far = 4096
	content := s.File.Content
	start := min(max(s.Start, 0), len(content))
	lineStart := func(at int) (int, bool) { // of the line that at lies in
		from := max(at-far, 0)
		i := bytes.LastIndexByte(content[from:at], '\n')
		return from + i + 1, i >= 0 || from == 0
	}
	at, ok := lineStart(start)
	for ok && at > 0 && len(before) < most {
		if at, ok = lineStart(at - 1); ok {
			before = append([]int{at}, before...)
		}
	}
	at = start
	for len(after) < most {
		i := bytes.IndexByte(content[at:min(at+far, len(content))], '\n')
		if i < 0 || at+i+1 >= len(content) {
			break
		}
		at += i + 1
		after = append(after, at)
	}
	return before, after
}

func (p *page) resources(r finding.Report) {
	if len(r.Resources) == 0 {
		return
	}
	p.add("<section>\n<h2 id=\"resources\">Resources</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th>resource</th><th>type</th><th>verdict</th><th>blocked by</th><th>file</th></tr></thead>\n<tbody>\n")
	order := slices.Clone(r.Resources)
	rank := map[finding.Verdict]int{finding.Public: 0, finding.External: 1, finding.Undetermined: 2, finding.None: 3}
	slices.SortStableFunc(order, func(a, b finding.Resource) int { return cmp.Compare(rank[a.Verdict], rank[b.Verdict]) })
	for _, s := range order {
		name := s.Address
		if s.ARN != "" {
			name = s.ARN
		}
		class := "plain"
		if _, ok := rank[s.Verdict]; ok {
			class = string(s.Verdict)
		}
		p.add("<tr><td>%s</td><td>%s</td><td><span class=\"badge %s\">%s</span></td><td>%s</td><td class=\"mono\">%s</td></tr>\n",
			name, s.ResourceType, class, string(s.Verdict), strings.Join(s.BlockedBy, ", "), s.Path)
	}
	p.add("</tbody></table></div>\n</section>\n")
}

// basis says what the report rests on.
func (p *page) basis(r finding.Report) {
	var warnings []finding.Diagnostic
	for _, d := range notices(r.Diagnostics, Options{}) {
		if !isError(d) {
			warnings = append(warnings, d)
		}
	}
	if len(r.Assumptions)+len(r.Hidden)+len(warnings) == 0 {
		return
	}
	p.add("<section>\n<h2>What this rests on</h2>\n<ul class=\"notes\">\n")
	for _, a := range r.Assumptions {
		p.add("<li>%s</li>\n", a)
	}
	for _, h := range r.Hidden {
		p.add("<li>hidden by <span class=\"mono\">%s</span></li>\n", h)
	}
	for _, d := range warnings {
		p.add("<li>%s: <span class=\"mono\">%s</span>: %s</li>\n", d.Severity, place{d.Path, d.Line, d.Column}.show(Options{}), d.Message)
	}
	p.add("</ul>\n</section>\n")
}

// whoIn is the party that a finding lets in, "" for a rule that users wrote.
func whoIn(f finding.Finding) string {
	if f.IsOwn() {
		return ""
	}
	return partyOf(f).name
}
