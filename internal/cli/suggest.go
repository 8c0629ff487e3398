package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/internal/fix"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/reporters"
)

// suggestFlags are those of suggest, beside those of check.
type suggestFlags struct {
	*flags
	write bool
}

func newSuggestFlags() *suggestFlags {
	f := &suggestFlags{flags: flagsOf("suggest", append(readingFlags(), ofFindings.except("suggest"), ofIntent, ofGate, ofReport.only("format", "output", "path-prefix", "max-bytes"))...)}
	f.evidenceFlags()
	f.set.BoolVar(&f.write, "write", false, "make the changes; without it they are only shown")
	return f
}

func aboutSuggest() string {
	var b strings.Builder
	b.WriteString("FINDING is the id of a finding, or eight digits of it at least; without it all active findings\nat or above --fail-on. Each change is analysed before it is shown. Exit status: as that of\ncheck; with --write, of what remains.\n\nFormats:\n")
	for _, r := range reporters.SuggestionFormats {
		fmt.Fprintf(&b, "  %-9s %s\n", r.Name, r.Summary)
	}
	return b.String()
}

func suggestFlagSet() *pflag.FlagSet { return newSuggestFlags().set }

// findingID is what an argument looks like that is the id of a finding.
var findingID = once.Regexp(`^[0-9a-f]{4,32}$`)

// suggest shows for each finding the smallest change that closes it.
func (p *program) suggest(args []string) error {
	f := newSuggestFlags()
	c, names, err := p.begin(f.flags, args)
	if err != nil {
		return err
	}
	id := ""
	if len(names) > 0 && findingID().MatchString(names[0]) {
		if _, err := os.Lstat(c.absolute(names[0])); err != nil {
			id, names = names[0], names[1:]
		}
	}
	if err := f.suit(c.destinations, suggestionFormats()); err != nil {
		return usageError("%s", err)
	}
	if wrong := f.evidenceIsGood(); wrong != "" {
		return usageError("%s", wrong)
	}
	if f.write && slices.Contains(names, "-") {
		return usageError("standard input cannot be written: leave out --write")
	}
	paths, err := pathArguments(names)
	if err != nil {
		return usageError("%s", err)
	}
	c.in, c.paths = c.walker(nil).Collect(paths), paths
	if err := c.refused(c.in); err != nil {
		return usageError("%s", err)
	}
	if err := c.configure(); err != nil {
		return err
	}
	return c.suggest(id, f.write)
}

func suggestionFormats() []string {
	var names []string
	for _, r := range reporters.SuggestionFormats {
		names = append(names, r.Name)
	}
	return names
}

func (c *checker) suggest(id string, write bool) error {
	p, now := fix.NewProver(c.in, c.scan(), c.flags.sourceRoot)
	judged, err := c.judge(now, nil)
	if err != nil {
		return err
	}
	report := judged.Report
	list := fix.WantedOf(judged, c.flags.failOn == "none")
	if id != "" {
		found, err := byID(report.Findings, id)
		if err != nil {
			return usageError("%s", err)
		}
		list = slices.DeleteFunc(list, func(w fix.Wanted) bool { return w.ID != found.ID })
		if len(list) == 0 {
			list = []fix.Wanted{{Finding: found, Minimum: finding.Critical.Rank() + 1}}
		}
	}
	out := finding.Suggestions{Tool: report.Tool, Rules: report.Rules, Assumptions: scan.WithHidden(report)}
	looked := p.Look(list, write)
	out.List, out.Diagnostics = looked.Suggestions, append(report.Diagnostics, looked.Diagnostics...)
	if write {
		written, err := looked.Write()
		out.Written = written
		if err != nil {
			return failed(statusUsage, "%s", err)
		}
	}
	status := c.status(finding.Report{Diagnostics: out.Diagnostics}, looked.Failing)
	return c.writeSuggestions(out, status)
}

func (c *checker) writeSuggestions(s finding.Suggestions, status int) error {
	return c.writeEach(s.Diagnostics, c.relative(c.in), status, func(format string, w io.Writer, o reporters.Options) error {
		i := slices.IndexFunc(reporters.SuggestionFormats, func(r reporters.SuggestionReporter) bool { return r.Name == format })
		return reporters.SuggestionFormats[i].Write(w, s, o)
	})
}
