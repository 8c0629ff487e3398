package rules

import (
	"embed"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/iaclint/iaclint/analysis/validate"
)

//go:embed *.txtar
var pages embed.FS

// Page is what a person reads about a rule. Its text is Markdown.
type Page struct {
	Rule     Rule
	Help     string // what would close the access
	Text     string // why it matters, and where AWS documents it
	Examples []Example
}

// Example is a small input, the findings that it gives, and whether it has one of
// the rule. A test runs every one of them.
type Example struct {
	Name  string // bad, good, bad-2, …
	Bad   bool
	Files []ExampleFile
	Want  string // lines of the compact format
}

// ExampleFile is a file of an example.
type ExampleFile struct{ Name, Content string }

// PageOf returns the page of a rule.
func PageOf(r Rule) Page {
	if c, ok := validate.FindRule(r.ID); ok {
		return checkPage(r, c)
	}
	raw, err := pages.ReadFile(r.ID + ".txtar")
	if err != nil {
		panic("rules: no page of " + r.ID)
	}
	p := Page{Rule: r, Help: help[r.ID]}
	text, files := parseArchive(string(raw))
	p.Text = strings.TrimSpace(text)
	for _, f := range files {
		name, file, _ := strings.Cut(f.Name, "/")
		if n := len(p.Examples); n == 0 || p.Examples[n-1].Name != name {
			p.Examples = append(p.Examples, Example{Name: name, Bad: strings.HasPrefix(name, "bad")})
		}
		e := &p.Examples[len(p.Examples)-1]
		if file == "want" {
			e.Want = f.Content
		} else {
			e.Files = append(e.Files, ExampleFile{file, f.Content})
		}
	}
	return p
}

// parseArchive reads the txtar format: a comment, then files, each after a line
// "-- name --".
//
// https://pkg.go.dev/golang.org/x/tools/txtar
func parseArchive(s string) (comment string, files []ExampleFile) {
	var text strings.Builder
	flush := func() {
		if len(files) == 0 {
			comment = text.String()
		} else {
			files[len(files)-1].Content = text.String()
		}
		text.Reset()
	}
	for line := range strings.Lines(s) {
		name, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-- ")
		if name, end := strings.CutSuffix(name, " --"); ok && end {
			flush()
			files = append(files, ExampleFile{Name: name})
			continue
		}
		text.WriteString(line)
	}
	flush()
	return comment, files
}

// Description is the page's first paragraph.
func (p Page) Description() string {
	first, _, _ := strings.Cut(p.Text, "\n\n")
	return strings.ReplaceAll(first, "\n", " ")
}

// Markdown writes the page below a heading of the caller's.
func (p Page) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n**What to do:** %s.\n", p.Text, p.Help)
	for _, e := range p.Examples {
		b.WriteString("\n" + e.title() + "\n")
		for _, f := range e.Files {
			fmt.Fprintf(&b, "\n`%s`\n\n```%s\n%s```\n", f.Name, language(f.Name), f.Content)
		}
		if e.Want != "" {
			fmt.Fprintf(&b, "\ngives\n\n```text\n%s```\n", e.Want)
		}
	}
	return b.String()
}

func (e Example) title() string {
	switch {
	case e.Bad:
		return "**Reported**"
	case e.Want != "":
		return "**Better**"
	}
	return "**Not reported**"
}

// language is the name by which Markdown highlights a file.
func language(name string) string {
	if strings.HasSuffix(name, ".tf") {
		return "hcl"
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[i+1:]
	}
	return "text"
}

// Plain writes the page for a terminal.
func (p Page) Plain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n\n%s\n\n%s\n\n%s\n", p.Rule.ID, p.Rule.Severity, p.Rule.Summary, wrapped(p.Text), wrapped("help: "+p.Help))
	for _, e := range p.Examples {
		title := strings.ToLower(strings.Trim(e.title(), "*"))
		for _, f := range e.Files {
			fmt.Fprintf(&b, "\n%s: %s\n\n", title, f.Name)
			for line := range strings.Lines(f.Content) {
				b.WriteString("    " + line)
			}
		}
		if e.Want != "" {
			fmt.Fprintf(&b, "\ngives:\n\n")
			for line := range strings.Lines(e.Want) {
				b.WriteString("    " + line)
			}
		}
	}
	return b.String()
}

// wrapped breaks the lines of a text at 80 columns.
func wrapped(text string) string {
	const columns = 80
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		used := 0
		for j, word := range strings.Fields(line) {
			n := utf8.RuneCountInString(word)
			switch {
			case j == 0:
			case used+1+n > columns:
				b.WriteByte('\n')
				used = 0
			default:
				b.WriteByte(' ')
				used++
			}
			b.WriteString(word)
			used += n
		}
	}
	return b.String()
}
