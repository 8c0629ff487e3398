package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
)

// configCommands are the words behind "config".
func configCommands() []command {
	return []command{
		{name: "init", usage: "[flags] [path ...]", summary: "show, or with --write make, a first configuration file, from what is there", run: (*program).configInit, flags: editing("config init", "write")},
		{name: "verify", usage: "[FILE]", summary: "check a configuration file: the given one, or the nearest", run: (*program).configVerify},
		{name: "show", usage: "[flags] [path ...]", summary: "say which settings apply to what, and where they come from", run: (*program).configShow, flags: func() *pflag.FlagSet { return newShowFlags().set }},
		{name: "schema", summary: "print the JSON Schema of .iaclint.json", run: (*program).configSchema},
	}
}

func (p *program) configuration(args []string) error { return p.sub("config", configCommands(), args) }

// configVerify checks a configuration file without analysing anything.
func (p *program) configVerify(args []string) error {
	if len(args) > 1 {
		return usageError("config verify takes one file at most")
	}
	f := newFlags()
	if len(args) == 1 {
		f.config = args[0]
	}
	finder, found, err := nearestSettings(f)
	if err != nil {
		return err
	}
	finder.Wrong.Write(p.errw)
	switch {
	case finder.Wrong.HasErrors():
		return ended(statusUsage)
	case found.File == "":
		return usageError("no configuration file is found from here upward")
	}
	p.outf("%s is valid", found.File)
	return nil
}

func (p *program) configSchema(args []string) error {
	if len(args) > 0 {
		return usageError("config schema takes no arguments")
	}
	p.json(config.Schema(configOptions("")))
	return nil
}

// configInit proposes a configuration file: the accounts that own what is
// analysed, and those that findings name.
func (p *program) configInit(args []string) error {
	f := newArchiveFlags("config init", "write")
	f.noIgnores, f.noConfig, f.allowEmpty = true, true, true
	c, err := p.prepare(f.flags, args)
	if err != nil {
		return err
	}
	dir := workspace.RootOf(c.finder.Cwd)
	for _, name := range config.Names {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return usageError("%s is there already", c.finder.Shown(filepath.Join(dir, name)))
		}
	}
	if err := c.configure(); err != nil {
		return err
	}
	out, err := c.analyse()
	if err != nil {
		return err
	}
	rules, _, _ := c.findRules()
	text := firstConfig(out.Report, len(rules))
	return p.edit(c.finder, filepath.Join(dir, config.Names[0]), f.write, func(before []byte) ([]byte, error) {
		if before != nil {
			return nil, errors.New("it is there already")
		}
		return []byte(text), nil
	})
}

// accountIn is the account that a principal is, or is of.
func accountIn(principal string) string {
	if name, ok := arn.Parse(principal); ok {
		return name.Account
	}
	return principal
}

func sortedIDs(set map[string]bool) []string {
	var out []string
	for id := range set {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

func newShowFlags() *flags {
	return flagsOf("config show", append(readingFlags(), ofFindings.except("suggest"), ofIntent, ofGate)...)
}

// configShow says what applies to the inputs.
func (p *program) configShow(args []string) error {
	f := newShowFlags()
	c, err := p.prepare(f, args)
	if err != nil {
		return err
	}
	if err := c.configure(); err != nil {
		return err
	}
	type group struct {
		settings *workspace.Settings
		lines    []string
		inputs   []string
	}
	var groups []*group
	for i := range c.in.Files {
		in := &c.in.Files[i]
		var lines []string
		for _, d := range in.Settings.Plan.Deployments(in.Settings.Path(in)) {
			lines = append(lines, deploymentLine(d))
		}
		same := func(g *group) bool { return g.settings == in.Settings && slices.Equal(g.lines, lines) }
		k := slices.IndexFunc(groups, same)
		if k < 0 {
			groups, k = append(groups, &group{settings: in.Settings, lines: lines}), len(groups)
		}
		groups[k].inputs = append(groups[k].inputs, in.Shown)
	}
	if len(groups) == 0 {
		return failed(statusIncomplete, "nothing is found that settings could apply to")
	}
	told := map[*workspace.Settings]bool{}
	for _, g := range groups {
		if !told[g.settings] {
			told[g.settings] = true
			p.showSettings(g.settings, f)
		}
		shown := g.inputs
		if len(shown) > 5 && !f.verbose {
			shown = append(slices.Clone(shown[:5]), fmt.Sprintf("and %d more", len(g.inputs)-5))
		}
		p.outf("%s", strings.Join(shown, ", "))
		for _, line := range g.lines {
			p.outf("  %s", line)
		}
	}
	return nil
}

// deploymentLine says whose something is and who is trusted.
func deploymentLine(d config.Deployment) string {
	z := d.Zone
	owner := cmp.Or(z.Account, "whichever its code tells")
	if name := z.Names[z.Account]; name != "" {
		owner += " (" + name + ")"
	}
	s := fmt.Sprintf("account %s, region %s, zone %s: %s", owner, cmp.Or(d.Region, "open"), z.Name, z.Type)
	if z.Type == zone.Organization {
		s += " " + cmp.Or(z.Organization, "whichever is the owner's")
	}
	if d.Target != "" {
		s = fmt.Sprintf("target %q: ", d.Target) + s
	}
	if trusted := scan.TrustedTexts(z); len(trusted) > 0 {
		s += "; trusts " + strings.Join(trusted, ", ")
	}
	return s
}

// showSettings writes what a configuration file and the flags decide for all of
// its inputs.
func (p *program) showSettings(s *workspace.Settings, f *flags) {
	line := func(name, format string, args ...any) { p.outf("%-15s %s", name, fmt.Sprintf(format, args...)) }
	line("configuration", "%s", cmp.Or(s.File, "none"))
	gate, from := "medium", "default"
	for _, g := range []struct{ word, from string }{{s.Config.FailOn, s.File}, {f.failOn, "flag"}} {
		if g.word != "" {
			gate, from = g.word, g.from
		}
	}
	line("fail_on", "%s (%s)", gate, from)
	var changed []string
	for _, id := range s.RuleIDs() {
		r := s.Config.Rules[id]
		switch {
		case r.Disabled:
			changed = append(changed, id+" off")
		case r.Severity != "" && r.Visible:
			changed = append(changed, id+" "+r.Severity+", not ignorable")
		case r.Severity != "":
			changed = append(changed, id+" "+r.Severity)
		case r.Visible:
			changed = append(changed, id+" not ignorable")
		}
	}
	line("rules", "%s", cmp.Or(strings.Join(changed, "; "), "as they are"))
	if s.Custom != nil {
		line("custom rules", "%d, within %s", len(s.Custom.Set.Rules), s.Custom.Limit)
	}
	inline := "allowed"
	if s.Config.Suppressions.InlineDenied {
		inline = "not allowed"
	}
	line("comments", "%s", inline)
	line("archive rules", "%d", len(s.Config.Archive))
	line("baseline", "%s", cmp.Or(f.baseline, s.Config.Baseline, "none"))
}
