package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/rules"
	"github.com/iaclint/iaclint/rules/rego"
)

// ownRules are the rules in Rego of one configuration.
type ownRules struct {
	set   *rego.Set
	limit time.Duration
	shown map[string]string // for people, by path in the report
}

// ids of the rules; none without any.
func (o *ownRules) ids() []string {
	var out []string
	if o != nil {
		for _, r := range o.set.Rules {
			out = append(out, r.ID)
		}
	}
	return out
}

// ruleIDs are the ids that the configuration and comments may name.
func (s *settings) ruleIDs() []string { return append(ruleIDs(), s.own.ids()...) }

// ruleFiles are read for one configuration.
type ruleFiles struct {
	files fs.FS
	root  string // directory of files
	tests bool   // files with tests count
	found []*source.File
	names map[string]bool
	size  int
}

const (
	mostRuleFiles = 2000
	mostRuleBytes = 32 << 20
)

// ruleTree is what the rules of a configuration are confined to: the work tree or
// the revision that it is in.
func (s *finder) ruleTree(abs string) *ruleFiles {
	out := &ruleFiles{names: map[string]bool{}}
	if _, ok := s.revision.has(abs); ok {
		out.files, out.root = s.revision.tree, s.revision.root
		return out
	}
	out.root = newWalker(s.cwd, nil, "", nil).root(filepath.Dir(abs))
	out.files = rooted(out.root)
	return out
}

// add reads a file, or all files with rules in a directory.
func (r *ruleFiles) add(abs string) error {
	if !within(r.root, abs) {
		return errors.New("is not below the directory that is analysed")
	}
	name := below(r.root, abs)
	before := len(r.found)
	info, err := fs.Stat(r.files, name)
	if err != nil {
		return errors.New(reason(err))
	}
	if info.IsDir() {
		err = r.walk(name)
	} else {
		err = r.read(name)
	}
	if err == nil && len(r.found) == before {
		err = errors.New("has no rules in it: there is no file whose name ends in .rego")
	}
	return err
}

func (r *ruleFiles) walk(dir string) error {
	entries, err := fs.ReadDir(r.files, dir)
	if err != nil {
		return errors.New(reason(err))
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			if err := r.walk(name); err != nil {
				return err
			}
		case path.Ext(name) == ".rego" && (r.tests || !strings.HasSuffix(name, rego.TestSuffix)):
			if err := r.read(name); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

func (r *ruleFiles) read(name string) error {
	if r.names[name] {
		return nil
	}
	info, err := fs.Stat(r.files, name)
	if err != nil {
		return errors.New(reason(err))
	}
	if !info.Mode().IsRegular() {
		return errors.New("not a regular file")
	}
	if r.size += int(min(info.Size(), mostRuleBytes)); r.size > mostRuleBytes || len(r.found) >= mostRuleFiles {
		return fmt.Errorf("more than %d files or %d MiB of rules", mostRuleFiles, mostRuleBytes>>20)
	}
	content, err := fs.ReadFile(r.files, name)
	if err != nil {
		return errors.New(reason(err))
	}
	r.names[name] = true
	r.found = append(r.found, source.NewFile(name, content))
	return nil
}

// ownRules compiles the rules of a configuration; nil if there are none.
func (s *finder) ownRules(out *settings, content []byte) *ownRules {
	c := out.config
	if len(c.Rego) == 0 {
		return nil
	}
	files := s.ruleTree(out.abs)
	ok := true
	for _, r := range c.Rego {
		if err := files.add(filepath.Join(filepath.Dir(out.abs), filepath.FromSlash(r.Path))); err != nil {
			s.wrong = append(s.wrong, config.Elsewhere(r.Range, content, "%s %s", r.Path, err))
			ok = false
		}
	}
	if !ok {
		return nil
	}
	own := &ownRules{limit: c.Timeout, shown: map[string]string{}}
	if own.limit == 0 {
		own.limit = rego.DefaultTimeout
	}
	for _, f := range files.found {
		own.shown[f.Name] = s.shown(filepath.Join(files.root, filepath.FromSlash(f.Name)))
	}
	set, wrong := rego.Compile(files.found, rego.Options{Reserved: ruleIDs()})
	s.wrong = append(s.wrong, own.diagnostics(wrong)...)
	if set == nil {
		return nil
	}
	own.set = set
	if len(set.Rules) == 0 {
		s.wrong = append(s.wrong, config.Elsewhere(c.Rego[0].Range, content, "no rule is in %s: a package below iaclint.rules with \"finding\" is expected", c.Rego[0].Path))
	}
	for _, named := range c.OwnRules {
		if !slices.Contains(own.ids(), named.ID) {
			s.wrong = append(s.wrong, config.Elsewhere(named.Range, content, "rule %q is unknown%s", named.ID, config.Hint(named.ID, append(ruleIDs(), own.ids()...))))
		}
	}
	return own
}

// explainOwn prints the page of a rule of the configuration.
func (p *program) explainOwn(id, format string) int {
	finder, s := nearestSettings(p, newFlags())
	if finder == nil {
		return statusUsage
	}
	ids := append(ruleIDs(), s.own.ids()...)
	i := slices.Index(s.own.ids(), id)
	if i < 0 {
		finder.wrong.Write(p.errw)
		return p.usageError("unknown rule %q%s", id, ruleHint(id, ids))
	}
	r := s.own.set.Rules[i]
	page := rules.Page{Rule: rules.Rule{ID: r.ID, Severity: r.Severity, Summary: r.Summary}, Help: r.Help, Text: rego.Text(r.Rule)}
	start, _ := r.Span.Range(source.Runes)
	page.Text += fmt.Sprintf("\n\nThe rule is package %s in %s:%d.", r.Package, shownPath(s.own.shown, r.Span.Path()), start.Line)
	switch format {
	case "text":
		fmt.Fprint(p.out, printableLines(page.Plain()))
	case "markdown":
		fmt.Fprint(p.out, printableLines(fmt.Sprintf("## %s\n\n%s: %s.\n\n%s", r.ID, r.Severity, r.Summary, page.Markdown())))
	default:
		return p.explainJSON([]rules.Page{page})
	}
	return statusClean
}

// printableLines escapes what a user has written, line by line.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = config.Printable(line)
	}
	return strings.Join(lines, "\n")
}

// diagnostics are mistakes in rules, for people.
func (o *ownRules) diagnostics(list []source.Diagnostic) config.Diagnostics {
	var out config.Diagnostics
	for _, d := range list {
		switch at := config.At(d.Span, "%s", d.Message); {
		case at.Range.Filename != "":
			if shown := o.shown[at.Range.Filename]; shown != "" {
				at.Range.Filename = shown
			}
			out = append(out, at)
		case d.Path != "":
			out = append(out, config.Errorf("%s: %s", shownPath(o.shown, d.Path), d.Message))
		default:
			out = append(out, at)
		}
	}
	return out
}

// shownPath is a path of a report for people.
func shownPath(shown map[string]string, name string) string {
	if s := shown[name]; s != "" {
		return s
	}
	return name
}

// ruleIDs are all ids of the run: those of every configuration in use.
func (s *finder) ruleIDs() []string {
	ids := map[string]bool{}
	for _, x := range s.byFile {
		for _, id := range x.own.ids() {
			ids[id] = true
		}
	}
	return append(ruleIDs(), slices.Sorted(maps.Keys(ids))...)
}

// describedOwn are the own rules of inputs as reports describe them. An id that
// configurations give to different rules is described as the first does.
func describedOwn(in inputs) []finding.Rule {
	byID := map[string]finding.Rule{}
	for _, f := range in.files {
		if f.settings == nil || f.settings.own == nil {
			continue
		}
		for _, r := range f.settings.own.set.Rules {
			if _, ok := byID[r.ID]; !ok {
				byID[r.ID] = r.Rule
			}
		}
	}
	var out []finding.Rule
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		out = append(out, byID[id])
	}
	return out
}

// judged are inputs and what they gave.
type judged struct {
	files   []input
	results []result
}

// runOwn runs the own rules over the results and adds what they find; before are
// the results of another state, if there is one to compare with. What is
// returned is wrong with the rules: the run cannot go on.
func runOwn(now, before judged) config.Diagnostics {
	var wrong config.Diagnostics
	done := map[*settings]bool{}
	for i := range now.files {
		s := now.files[i].settings
		if s == nil || s.own == nil || done[s] {
			continue
		}
		done[s] = true
		wrong = append(wrong, s.own.run(s, now, before)...)
	}
	return wrong
}

// at is where a resource of a result is.
type at struct{ result, index int }

// run runs the rules of one configuration.
func (o *ownRules) run(s *settings, now, before judged) config.Diagnostics {
	var after, old []rego.Resource
	var places []at
	var oldStates []rules.State
	compared := false
	add := func(list *[]rego.Resource, x analysed) {
		*list = append(*list, rego.Resource{State: x.state()})
	}
	first := -1
	for i := range now.results {
		if now.files[i].settings != s {
			continue
		}
		if first < 0 {
			first = i
		}
		r := &now.results[i]
		compared = compared || r.compared
		for k, x := range r.analysed {
			add(&after, x)
			places = append(places, at{i, k})
			if r.compared && x.Kept {
				add(&old, x)
			}
		}
		for _, x := range r.before {
			add(&old, x)
		}
	}
	for i := range before.results {
		if before.files[i].settings != s || before.results[i].compared {
			continue
		}
		compared = true
		for _, x := range before.results[i].analysed {
			add(&old, x)
		}
	}
	if compared {
		for i := range old {
			oldStates = append(oldStates, old[i].State)
		}
		setChanges(after, oldStates)
	}
	out := o.set.Run(rego.Input{Zones: zonesOf(after), Resources: after}, o.limit)
	wrong := o.diagnostics(out.Wrong)
	if len(wrong) > 0 {
		return wrong
	}
	if first >= 0 {
		now.results[first].diagnostics = append(now.results[first].diagnostics, append(out.Unfinished, out.Doubts...)...)
	}
	if !compared {
		for n, at := range places {
			x := &now.results[at.result].analysed[at.index]
			x.Findings = append(x.Findings[:len(x.Findings):len(x.Findings)], out.Findings[n]...)
		}
		return nil
	}
	earlier := o.set.Run(rego.Input{Zones: zonesOf(old), Resources: old}, o.limit)
	if wrong = o.diagnostics(earlier.Wrong); len(wrong) > 0 {
		return wrong
	}
	// What was found before the limit counts as it is: what is not known to have
	// been there is new.
	states := make([]rules.State, len(after))
	for n := range after {
		states[n] = after[n].State
		states[n].Findings = out.Findings[n]
	}
	for n := range oldStates {
		oldStates[n].Findings = earlier.Findings[n]
	}
	for n, p := range rules.Match(oldStates, states) {
		settled := rules.Settle(p, rules.Difference{})
		to := first
		if n < len(places) {
			at := places[n]
			to = at.result
			x := &now.results[at.result].analysed[at.index]
			x.Findings = append(x.Findings[:len(x.Findings):len(x.Findings)], settled.Findings...)
		}
		if to >= 0 {
			now.results[to].withdrawn = append(now.results[to].withdrawn, settled.Removed...)
		}
	}
	// The other side of a plan is shown as well, where it is compared.
	n := 0
	for i := range now.results {
		if now.files[i].settings != s {
			continue
		}
		r := &now.results[i]
		for _, x := range r.analysed {
			if r.compared && x.Kept {
				n++
			}
		}
		for k := range r.before {
			x := &r.before[k]
			x.Findings = append(x.Findings[:len(x.Findings):len(x.Findings)], earlier.Findings[n]...)
			n++
		}
	}
	return nil
}

// setChanges says of each resource what became of it.
func setChanges(after []rego.Resource, old []rules.State) {
	states := make([]rules.State, len(after))
	for i := range after {
		states[i] = after[i].State
	}
	for i, p := range rules.Match(old, states) {
		if i >= len(after) {
			break
		}
		switch {
		case after[i].Kept:
			after[i].Change = rules.Unchanged
		case p.Before == nil:
			after[i].Change = rules.New
		case sameState(p):
			after[i].Change = rules.Unchanged
		default:
			after[i].Change = rules.Changed
		}
	}
}

// sameState reports whether nothing is seen of a change.
func sameState(p rules.Pair) bool {
	unchanged := !slices.ContainsFunc(p.After.Findings, func(f finding.Finding) bool { return f.Change != nil && *f.Change != rules.Unchanged })
	return unchanged && len(p.Before.Findings) == len(p.After.Findings) && slices.Equal(rules.PolicyText(p.Before.Cases), rules.PolicyText(p.After.Cases))
}

// zonesOf are the zones of trust of resources, as reports list them.
func zonesOf(list []rego.Resource) []finding.Zone {
	var out []finding.Zone
	for _, r := range list {
		z := zoneOf(r.Zone)
		if !slices.ContainsFunc(out, func(other finding.Zone) bool { return compareZones(z, other) == 0 }) {
			out = append(out, z)
		}
	}
	slices.SortFunc(out, compareZones)
	return out
}
