package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/disk"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/rules"
	"github.com/iaclint/iaclint/rules/rego"
)

// ruleCommands are the words behind "rules".
func ruleCommands() []command {
	return []command{
		{name: "list", summary: "list the rules, those of the configuration too; the same without a word", run: (*program).rulesList},
		{name: "new", usage: "[DIR/]NAME", summary: "write a rule in Rego to begin with, and its test", run: (*program).rulesNew},
		{name: "input", usage: "[flags] [path ...]", summary: "print what rules in Rego see of the inputs", run: (*program).rulesInput, flags: func() *pflag.FlagSet { return flagsOf("rules input", readingFlags()...).set }},
		{name: "test", usage: "[flags] [path ...]", summary: "run the tests of rules in Rego: of the given files and directories, else of the configuration", run: (*program).rulesTest, flags: ruleTestFlags},
	}
}

func (p *program) rules(args []string) error {
	if len(args) == 0 {
		return p.rulesList(nil)
	}
	if slices.Contains(rules.IDs(), args[0]) {
		return usageError("describe a rule with \"iaclint explain %s\"", args[0])
	}
	return p.sub("rules", ruleCommands(), args)
}

// nearestSettings are those of the working directory.
func nearestSettings(f *flags) (*workspace.Finder, *workspace.Settings, error) {
	cwd, err := os.Getwd()
	if err != nil {
		return nil, nil, failed(statusUsage, "cannot tell the working directory: %s", err)
	}
	finder := workspace.NewFinder(cwd, f.configuration(os.Getenv))
	return finder, finder.Of(&workspace.Input{Abs: filepath.Join(cwd, workspace.StdinPath), Root: cwd}), nil
}

// rulesList lists rules in the order in which they are tried, then the own ones.
func (p *program) rulesList(args []string) error {
	if len(args) > 0 {
		return usageError("rules list takes no arguments; describe one rule with \"iaclint explain %s\"", args[0])
	}
	listRules(p)
	finder, s, err := nearestSettings(newFlags())
	if err != nil {
		return err
	}
	finder.Wrong.Write(p.errw)
	if finder.Wrong.HasErrors() {
		return ended(statusUsage)
	}
	if s.Custom != nil {
		for _, r := range s.Custom.Set.Rules {
			p.outf("%-22s %-9s %s", r.ID, r.Severity, r.Summary)
		}
	}
	return nil
}

// rulesInput prints the document that rules see.
func (p *program) rulesInput(args []string) error {
	f := flagsOf("rules input", readingFlags()...)
	f.properties = true
	c, err := p.prepare(f, args)
	if err != nil {
		return err
	}
	if err := c.configure(); err != nil {
		return err
	}
	now := scan.Over(c.in, c.scan())
	status := statusClean
	for i, r := range now.Results {
		for _, d := range r.Diagnostics {
			if d.Severity == source.Error {
				p.notef("%s: %s", c.in.Files[i].Shown, d.Message)
				status = statusIncomplete
			}
		}
	}
	for _, problem := range c.in.Problems {
		p.notef("%s: %s", problem.Input.Shown, problem.Message)
		if !problem.Warning {
			status = statusIncomplete
		}
	}
	text, err := rego.JSON(now.Document())
	if err != nil {
		return failed(statusIncomplete, "cannot write: %s", err)
	}
	p.json(append(text, '\n'))
	return ended(status)
}

// ruleTesting are the flags of "rules test".
type ruleTesting struct {
	set     *pflag.FlagSet
	config  string
	run     string
	verbose bool
}

func newRuleTesting() *ruleTesting {
	f := &ruleTesting{set: pflag.NewFlagSet("test", pflag.ContinueOnError)}
	f.set.SortFlags = false
	f.set.SetOutput(io.Discard)
	f.set.StringVar(&f.config, "config", "", "configuration `FILE` (default: the nearest .iaclint.hcl or .iaclint.json)")
	f.set.StringVar(&f.run, "run", "", "only tests whose name matches this `REGEX`")
	f.set.BoolVarP(&f.verbose, "verbose", "v", false, "more detail")
	return f
}

func ruleTestFlags() *pflag.FlagSet { return newRuleTesting().set }

// rulesTest runs the tests of rules.
func (p *program) rulesTest(args []string) error {
	f := newRuleTesting()
	if err := f.set.Parse(args); err != nil {
		return usageError("rules test: %s", err)
	}
	only, err := regexp.Compile(f.run)
	if err != nil {
		return usageError("--run: %s", err)
	}
	common := newFlags()
	common.config = f.config
	finder, s, err := nearestSettings(common)
	if err != nil {
		return err
	}
	if finder.Wrong.HasErrors() {
		finder.Wrong.Write(p.errw)
		return ended(statusUsage)
	}
	set, own, err := p.testedRules(finder, s, f.set.Args())
	if err != nil {
		return err
	}
	limit := s.RegoLimit()
	load := func(files map[string]string) (rego.Input, error) { return loadFiles(files, s) }
	passed, failed, skipped := 0, 0, 0
	for _, name := range set.Tests() {
		if !only.MatchString(name) {
			continue
		}
		r := set.Test(name, load, limit)
		start, _ := r.Span.Range(source.Runes)
		where := fmt.Sprintf("%s:%d", workspace.ShownPath(own.Shown, r.Span.Path()), start.Line)
		switch {
		case r.Skipped:
			skipped++
			p.outf("%s: todo %s", where, r.Name)
		case r.Passed:
			passed++
			if f.verbose {
				p.outf("%s: pass %s", where, r.Name)
			}
		default:
			failed++
			because := "it does not hold"
			if r.Error != "" {
				because = r.Error
			}
			p.outf("%s: FAIL %s: %s", where, r.Name, because)
		}
		if f.verbose || !r.Passed {
			for _, line := range r.Printed {
				p.outf("    %s", line)
			}
		}
	}
	summary := fmt.Sprintf("%d passed, %d failed", passed, failed)
	if skipped > 0 {
		summary += fmt.Sprintf(", %d to do", skipped)
	}
	p.outf("%s", summary)
	switch {
	case failed > 0:
		return ended(statusFindings)
	case passed+skipped == 0:
		return usageError("no test was run: rules whose names begin with test_ are expected, in files whose names end in %s", rego.TestSuffix)
	}
	return nil
}

// testedRules compiles rules with their tests: those that are named, else those of
// the configuration. What is named by the user is read wherever it is.
func (p *program) testedRules(finder *workspace.Finder, s *workspace.Settings, paths []string) (*rego.Set, *workspace.CustomRules, error) {
	var own *workspace.CustomRules
	var err error
	switch {
	case len(paths) > 0:
		own, err = finder.NamedRules(paths)
	case len(s.Config.Rego) == 0:
		err = errors.New("no rules are configured here; give files or directories, or see custom_rules in the configuration")
	default:
		own, err = finder.RulesWithTests(s)
	}
	if err != nil {
		return nil, nil, usageError("%s", err)
	}
	set, wrong := rego.Compile(own.Files, rego.Options{Reserved: rules.IDs(), Tests: true})
	if set == nil {
		own.Diagnostics(wrong).Write(p.errw)
		return nil, nil, ended(statusUsage)
	}
	return set, own, nil
}

var ruleName = once.Regexp(`^[a-z][a-z0-9]*([-_][a-z0-9]+)*$`)

// rulesNew writes a rule to begin with.
func (p *program) rulesNew(args []string) error {
	if len(args) != 1 || strings.HasPrefix(args[0], "-") {
		return usageError("rules new takes the name of the rule, such as policy/confidential-inside")
	}
	dir, name := filepath.Split(strings.TrimSuffix(args[0], ".rego"))
	id := strings.ReplaceAll(name, "_", "-")
	switch {
	case !ruleName().MatchString(name) || strings.HasSuffix(id, "-test"):
		return usageError("%q is not a name of a rule: words of lower case letters and digits with - between them are expected", name)
	case slices.Contains(rules.IDs(), id):
		return usageError("rule %q is there already, in the program", id)
	}
	base := filepath.Join(dir, strings.ReplaceAll(name, "-", "_"))
	names := [2]string{base + ".rego", base + rego.TestSuffix}
	for _, n := range names {
		if _, err := os.Lstat(n); err == nil {
			return usageError("%s is there already", filepath.ToSlash(n))
		}
	}
	cwd, err := os.Getwd()
	if err != nil {
		return usageError("%s", err)
	}
	rule, test := rego.New(id)
	for i, text := range []string{rule, test} {
		err := disk.Create(names[i], []byte(text), []string{workspace.RootOf(cwd)})
		if err != nil {
			return usageError("%s", err)
		}
		p.outf("%s", filepath.ToSlash(names[i]))
	}
	if _, s, err := nearestSettings(newFlags()); err == nil && len(s.Config.Rego) == 0 {
		p.notef("custom_rules { rego = [%q] } in the configuration makes it count", filepath.ToSlash(filepath.Dir(names[0])))
	}
	return nil
}

// loadFiles analyses files that a test has written, as they would be in the
// directory of the configuration.
func loadFiles(files map[string]string, s *workspace.Settings) (rego.Input, error) {
	in, err := workspace.InMemory(files, s)
	if err != nil {
		return rego.Input{}, err
	}
	now := scan.Over(in, scan.Options{Properties: true})
	for _, r := range now.Results {
		for _, d := range r.Diagnostics {
			if d.Severity == source.Error {
				name, start := d.Where()
				return rego.Input{}, fmt.Errorf("%s:%d: %s", name, start.Line, d.Message)
			}
		}
	}
	return now.Document(), nil
}
