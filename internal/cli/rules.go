package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/rules"
	"github.com/iaclint/iaclint/rules/rego"
)

// listRules lists the rules of the program in the order in which they are tried.
func listRules(p *program) {
	for _, r := range rules.Every() {
		fmt.Fprintf(p.out, "%-22s %-9s %s\n", r.ID, r.Severity, r.Summary)
	}
}

// explain prints the page of a rule, or of all.
func (p *program) explain(args []string) error {
	set := pflag.NewFlagSet("explain", pflag.ContinueOnError)
	set.SetOutput(io.Discard)
	format := set.String("format", "text", "")
	all := set.Bool("all", false, "")
	if err := set.Parse(args); err != nil {
		return usageError("explain: %s", err)
	}
	valid := []string{"text", "markdown", "json"}
	if !slices.Contains(valid, *format) {
		return usageError("explain: unknown format %q%s", *format, config.Hint(*format, valid))
	}
	var chosen []rules.Rule
	switch {
	case *all && set.NArg() == 0:
		chosen = rules.Every()
	case set.NArg() != 1 || *all:
		return usageError("explain takes the id of one rule, or --all; \"iaclint rules\" lists them")
	default:
		every := rules.Every()
		i := slices.IndexFunc(every, func(r rules.Rule) bool { return r.ID == set.Arg(0) })
		if i < 0 {
			return p.explainOwn(set.Arg(0), *format)
		}
		chosen = every[i : i+1]
	}
	var pages []rules.Page
	for i, r := range chosen {
		page := rules.PageOf(r)
		pages = append(pages, page)
		if i > 0 && *format != "json" {
			fmt.Fprintln(p.out)
		}
		switch *format {
		case "text":
			fmt.Fprint(p.out, page.Plain())
		case "markdown":
			fmt.Fprintf(p.out, "## %s\n\n%s: %s.\n\n%s", r.ID, r.Severity, r.Summary, page.Markdown())
		}
	}
	if *format == "json" {
		return p.explainJSON(pages)
	}
	return nil
}

// explainJSON prints an array of pages, for programs.
func (p *program) explainJSON(pages []rules.Page) error {
	type rule struct {
		ID       string `json:"id"`
		Severity string `json:"severity"`
		Summary  string `json:"summary"`
		Help     string `json:"help"`
		Markdown string `json:"markdown"`
	}
	out := []rule{}
	for _, page := range pages {
		out = append(out, rule{page.Rule.ID, string(page.Rule.Severity), page.Rule.Summary, page.Help, page.Markdown()})
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(out); err != nil {
		return failed(statusIncomplete, "cannot write: %s", err)
	}
	p.json(text.Bytes())
	return nil
}

// explainOwn prints the page of a rule of the configuration.
func (p *program) explainOwn(id, format string) error {
	finder, s, err := nearestSettings(newFlags())
	if err != nil {
		return err
	}
	ids := append(rules.IDs(), s.Custom.Ids()...)
	i := slices.Index(s.Custom.Ids(), id)
	if i < 0 {
		finder.Wrong.Write(p.errw)
		return usageError("unknown rule %q%s", id, scan.RuleHint(id, ids))
	}
	r := s.Custom.Set.Rules[i]
	page := rules.Page{Rule: rules.Rule{ID: r.ID, Severity: r.Severity, Summary: r.Summary}, Help: r.Help, Text: rego.Text(r.Rule)}
	start, _ := r.Span.Range(source.Runes)
	page.Text += fmt.Sprintf("\n\nThe rule is package %s in %s:%d.", r.Package, workspace.ShownPath(s.Custom.Shown, r.Span.Path()), start.Line)
	switch format {
	case "text":
		fmt.Fprint(p.out, printableLines(page.Plain()))
	case "markdown":
		fmt.Fprint(p.out, printableLines(fmt.Sprintf("## %s\n\n%s: %s.\n\n%s", r.ID, r.Severity, r.Summary, page.Markdown())))
	default:
		return p.explainJSON([]rules.Page{page})
	}
	return nil
}

// printableLines escapes what a user has written, line by line.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = config.Printable(line)
	}
	return strings.Join(lines, "\n")
}
