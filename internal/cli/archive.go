package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/disk"
	"github.com/iaclint/iaclint/internal/fix"
	"github.com/iaclint/iaclint/internal/memory"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders/archiverules"
)

// archiveFlags are those of the archive commands, beside those of check.
type archiveFlags struct {
	*flags
	name, reason, owner, ticket, expires string
	write                                bool
	to, analyzer                         string
}

// newArchiveFlags are the flags of a command that writes archive rules, a
// baseline or a configuration; own names those that it has beside check's.
func newArchiveFlags(command string, own ...string) *archiveFlags {
	f := &archiveFlags{flags: flagsOf(command, append(readingFlags(), ofFindings.except("suggest"), ofIntent)...)}
	s := newFlagSet(command)
	s.StringVar(&f.name, "name", "", "`NAME` of the archive rule (default: made of the resource's)")
	s.StringVar(&f.reason, "reason", "", "why the access is intended")
	s.StringVar(&f.owner, "owner", "", "who answers for it")
	s.StringVar(&f.ticket, "ticket", "", "where it was decided")
	s.StringVar(&f.expires, "expires", "", "last `DATE` on which the rule applies, as 2027-01-31")
	s.BoolVar(&f.write, "write", false, "write the file; without it the change is only shown")
	s.StringVar(&f.to, "to", "terraform", "`LANGUAGE` of an export: terraform, cloudformation or cli")
	s.StringVar(&f.analyzer, "analyzer", "", "`NAME` of the analyzer of an export")
	for _, name := range own {
		f.set.AddFlag(s.Lookup(name))
	}
	return f
}

// editing are the flags of a command of that name, for its help.
func editing(command string, own ...string) func() *pflag.FlagSet {
	return func() *pflag.FlagSet { return newArchiveFlags(command, own...).set }
}

// archiveOwn are the flags that each archive command has for itself.
var archiveOwn = map[string][]string{
	"add":    {"name", "reason", "owner", "ticket", "expires", "write"},
	"prune":  {"write"},
	"import": {"reason", "owner", "ticket", "expires", "write"},
	"export": {"to", "analyzer"},
}

func archiveFlagsOf(name string) *archiveFlags {
	return newArchiveFlags("archive "+name, archiveOwn[name]...)
}

// archiveCommands are the words behind "archive".
func archiveCommands() []command {
	return []command{
		{name: "add", usage: "FINDING-ID [flags] [path ...]", summary: "show, or with --write make, the archive rule for a finding", run: (*program).archiveAdd, flags: editing("archive add", archiveOwn["add"]...)},
		{name: "list", usage: "[flags] [path ...]", summary: "list what archives findings, and how many", run: (*program).archiveList, flags: editing("archive list", archiveOwn["list"]...)},
		{name: "prune", usage: "[flags] [path ...]", summary: "show, or with --write make, the removal of rules that are expired or match nothing", run: (*program).archivePrune, flags: editing("archive prune", archiveOwn["prune"]...)},
		{name: "import", usage: "[flags] file ...", summary: "show, or with --write add, the archive rules of analyzers in code or API output", run: (*program).archiveImport, flags: editing("archive import", archiveOwn["import"]...)},
		{name: "export", usage: "[flags] [path ...]", summary: "print the archive rules as Terraform, CloudFormation or API input", run: (*program).archiveExport, flags: editing("archive export", archiveOwn["export"]...)},
	}
}

func (p *program) archive(args []string) error { return p.sub("archive", archiveCommands(), args) }

// sub runs the command that the first argument names.
func (p *program) sub(name string, list []command, args []string) error {
	var names []string
	for _, c := range list {
		if len(args) > 0 && c.name == args[0] {
			return c.run(p, args[1:])
		}
		names = append(names, c.name)
	}
	if len(args) == 0 {
		return usageError("%s takes one of %s", name, strings.Join(names, ", "))
	}
	return usageError("%s has no command %q%s", name, args[0], config.Hint(args[0], names))
}

// archiveAdd adds the rule for one finding to the configuration of its input.
func (p *program) archiveAdd(args []string) error {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return usageError("archive add takes the id of a finding first; iaclint -v shows it")
	}
	f := archiveFlagsOf("add")
	f.noIgnores = true
	c, err := p.prepare(f.flags, args[1:])
	if err != nil {
		return err
	}
	if f.expires != "" {
		if err := config.Date(f.expires); err != nil {
			return usageError("--expires: %s", err)
		}
	}
	if err := c.configure(); err != nil {
		return err
	}
	out, err := c.analyse()
	if err != nil {
		return err
	}
	found, err := byID(out.Report.Findings, args[0])
	if err != nil {
		return usageError("%s", err)
	}
	s := c.settingsOf(found.Path)
	if s.Config.Rules[found.Rule].Visible {
		return usageError("%s does not let %s be ignored", s.File, found.Rule)
	}
	rule := ruleFor(found)
	rule.Reason, rule.Owner, rule.Ticket, rule.Expires = f.reason, f.owner, f.ticket, f.expires
	rule.Name = f.name
	if rule.Name == "" {
		rule.Name = freeName(s.Config, nameFor(found))
	}
	return p.addRules(c.finder, s, []archive.Rule{rule}, f.name != "", f.write)
}

// byID returns the finding whose id begins so.
func byID(list []finding.Finding, id string) (finding.Finding, error) {
	if len(id) < archive.ShortID {
		return finding.Finding{}, fmt.Errorf("%q is too short for the id of a finding: %d digits at least", id, archive.ShortID)
	}
	found := map[string]finding.Finding{}
	for _, f := range list {
		if strings.HasPrefix(f.ID, id) {
			found[f.ID] = f
		}
	}
	switch len(found) {
	case 0:
		return finding.Finding{}, fmt.Errorf("no finding has an id that begins with %q; iaclint -v shows the ids", id)
	case 1:
		for _, f := range found {
			return f, nil
		}
	}
	return finding.Finding{}, fmt.Errorf("%d findings have ids that begin with %q: %s", len(found), id, strings.Join(slices.Sorted(maps.Keys(found)), ", "))
}

// settingsOf returns the settings of the input with that path.
func (c *checker) settingsOf(path string) *workspace.Settings {
	for _, in := range c.in.Files {
		if in.Path == path || in.Module && workspace.Within(in.Path, path) {
			return in.Settings
		}
	}
	for _, in := range c.in.Files {
		return in.Settings
	}
	return c.finder.At(c.finder.Cwd)
}

// ruleFor is the rule that archives a finding and no access beyond it.
func ruleFor(f finding.Finding) archive.Rule {
	r := archive.Rule{MaxAccess: strongest(f.AccessLevels)}
	add := func(key, v string) { r.Filter = append(r.Filter, archive.Criterion{Key: key, Eq: []string{v}}) }
	if f.Resource != "" {
		add("resource", f.Resource)
	} else {
		add("iaclint:path", f.Path)
		add("iaclint:address", f.Address)
	}
	for _, kind := range slices.Sorted(maps.Keys(f.Principal)) {
		add(filterKey("principal."+kind), f.Principal[kind])
	}
	for _, key := range slices.Sorted(maps.Keys(f.Condition)) {
		add(filterKey("condition."+key), f.Condition[key])
	}
	required := archive.Required(f)
	for _, key := range slices.Sorted(maps.Keys(required)) {
		r.Filter = append(r.Filter, archive.Criterion{Key: "iaclint:requires." + key, Eq: required[key]})
	}
	if len(f.Action) > 0 {
		r.Filter = append(r.Filter, archive.Criterion{Key: "iaclint:action", Eq: slices.Clone(f.Action)})
	}
	if f.IsOwn() {
		add("iaclint:rule", f.Rule) // nothing else tells it from access
		return r
	}
	public := "false"
	if f.IsPublic {
		public = "true"
	}
	add("isPublic", public)
	return r
}

// filterKey is Access Analyzer's key, where it has one, else ours.
func filterKey(name string) string {
	if archive.IsKey(name) {
		return name
	}
	return "iaclint:" + name
}

func strongest(levels []string) string {
	most := -1
	for _, l := range levels {
		i := slices.Index(archive.Levels, l)
		if i < 0 {
			return ""
		}
		most = max(most, i)
	}
	if most < 0 {
		return ""
	}
	return archive.Levels[most]
}

// nameFor makes a name that Access Analyzer would take as well.
func nameFor(f finding.Finding) string {
	from := f.Address
	if from == "" || strings.HasPrefix(from, "(") {
		from = strings.TrimSuffix(filepath.Base(f.Path), filepath.Ext(f.Path))
	}
	var b strings.Builder
	for _, c := range from {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', b.Len() > 0 && (c >= '0' && c <= '9' || strings.ContainsRune("_.-", c)):
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 60 {
			break
		}
	}
	name := strings.Trim(b.String(), "-._")
	if name == "" {
		name = "finding"
	}
	return name + "-" + f.Rule
}

func freeName(c *config.Config, name string) string {
	taken := func(n string) bool {
		return slices.ContainsFunc(c.Archive, func(r config.ArchiveRule) bool { return r.Name == n })
	}
	free := name
	for i := 2; taken(free); i++ {
		free = fmt.Sprintf("%s-%d", name, i)
	}
	return free
}

// addRules edits a configuration file, or writes a new one. Names that are not to
// be kept give way to those that are taken.
func (p *program) addRules(finder *workspace.Finder, s *workspace.Settings, rules []archive.Rule, keepNames, write bool) error {
	file := s.Abs
	if file == "" {
		file = filepath.Join(workspace.RootOf(finder.Cwd), config.Names[0])
	}
	return p.edit(finder, file, write, func(before []byte) ([]byte, error) {
		// Other runs may have added rules since the configuration was read.
		if now, _ := config.Parse(finder.Shown(file), before, configOptions(finder.Today)); now != nil {
			for i := range rules {
				if !keepNames {
					rules[i].Name = freeName(now, rules[i].Name)
				}
				now.Archive = append(now.Archive, config.ArchiveRule{Rule: rules[i]})
			}
		}
		return config.AddRules(file, before, rules)
	})
}

// edit changes a configuration file. What the change would make of it is checked
// before it is written.
func (p *program) edit(finder *workspace.Finder, file string, write bool, edit func(before []byte) ([]byte, error)) error {
	return p.change(finder, file, write, edit, func(after []byte) bool {
		_, wrong := config.Parse(finder.Shown(file), after, configOptions(finder.Today))
		wrong.Write(p.errw)
		return !wrong.HasErrors()
	})
}

// change shows the change of a file and, if it is to be written and sound,
// writes it. The edit sees the file as it is then, nil if there is none.
func (p *program) change(finder *workspace.Finder, file string, write bool, edit func(before []byte) ([]byte, error), sound func(after []byte) bool) error {
	shown := finder.Shown(file)
	unsound := false
	shownEdit := func(before []byte) ([]byte, error) {
		after, err := edit(before)
		if err != nil {
			return nil, err
		}
		old := "a/" + shown
		if before == nil {
			old = "/dev/null"
		}
		diff := fix.Unified(old, "b/"+shown, string(before), string(after))
		if diff == "" {
			p.notef("nothing to change in %s", shown)
			return nil, disk.ErrKeep
		}
		for _, line := range strings.SplitAfter(diff, "\n") {
			fmt.Fprint(p.out, escapedLine(line))
		}
		switch ok := sound == nil || sound(after); {
		case !write:
			p.notef("nothing is written without --write")
			return nil, disk.ErrKeep
		case !ok:
			p.notef("%s is not written: it would have errors", shown)
			unsound = true
			return nil, disk.ErrKeep
		}
		return after, nil
	}
	tree, name := disk.Tree(filepath.Dir(file)), filepath.Base(file)
	var err error
	if write {
		err = tree.Edit(name, disk.Text(shownEdit))
	} else {
		var before []byte
		if before, err = tree.Read(name, disk.Largest); err == nil || errors.Is(err, fs.ErrNotExist) {
			_, err = disk.Text(shownEdit)(before)
		}
		if errors.Is(err, disk.ErrKeep) {
			err = nil
		}
	}
	if err != nil {
		return failed(statusUsage, "%s cannot be edited: %s", shown, workspace.Bare(err))
	}
	if unsound {
		return ended(statusUsage)
	}
	return nil
}

// escapedLine keeps what a file holds from driving the terminal.
func escapedLine(line string) string {
	text, end := strings.CutSuffix(line, "\n")
	out := strings.Builder{}
	for i, part := range strings.Split(text, "\t") {
		if i > 0 {
			out.WriteByte('\t')
		}
		out.WriteString(config.Printable(part))
	}
	if end {
		out.WriteByte('\n')
	}
	return out.String()
}

// archived looks at what archives findings; without an outcome the run is over.
func (p *program) archived(f *flags, args []string) (*checker, *scan.Outcome, error) {
	c, err := p.prepare(f, args)
	if err != nil {
		return nil, nil, err
	}
	if err := c.configure(); err != nil {
		return nil, nil, err
	}
	out, status := c.analyse()
	return c, out, status
}

// archiveList lists what archives findings, after looking at them.
func (p *program) archiveList(args []string) error {
	_, out, err := p.archived(archiveFlagsOf("list").flags, args)
	if err != nil {
		return err
	}
	archived := map[string]int{}
	for _, x := range out.Report.Findings {
		if x.Archive != nil {
			archived[x.Archive.By]++
		}
	}
	rows := [][]string{{"BY", "FINDINGS", "EXPIRES", "OWNER", "REASON"}}
	for _, e := range out.Archive.Entries() {
		if e.Expires != "" && e.Expires < out.Archive.Options.Today {
			e.Expires += " (expired)"
		}
		rows = append(rows, []string{e.By, fmt.Sprint(archived[e.By]), cmp.Or(e.Expires, "never"), cmp.Or(e.Owner, "-"), cmp.Or(e.Reason, "-")})
	}
	if len(rows) == 1 {
		p.outf("nothing archives findings here")
	} else {
		p.table(rows)
	}
	unread := false
	for _, d := range out.Report.Diagnostics {
		if d.Severity == string(source.Error) && !strings.HasPrefix(d.Message, "archive rule ") {
			p.notef("%s: %s", d.Path, d.Message)
			unread = true
		}
	}
	if unread {
		return failed(statusIncomplete, "not everything could be analysed: more may be archived than is counted")
	}
	return nil
}

// table writes rows in columns.
func (p *program) table(rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, cell := range r {
			width[i] = max(width[i], len([]rune(config.Printable(cell))))
		}
	}
	for _, r := range rows {
		var b strings.Builder
		for i, cell := range r {
			fmt.Fprintf(&b, "%-*s  ", width[i], config.Printable(cell))
		}
		fmt.Fprintln(p.out, strings.TrimRight(b.String(), " "))
	}
}

// archivePrune removes rules that no longer do anything.
func (p *program) archivePrune(args []string) error {
	f := archiveFlagsOf("prune")
	c, out, err := p.archived(f.flags, args)
	if err != nil {
		return err
	}
	for _, d := range out.Report.Diagnostics {
		if d.Severity == string(source.Error) && !strings.HasPrefix(d.Message, "archive rule ") {
			p.notef("%s: %s", d.Path, d.Message)
			return failed(statusIncomplete, "nothing is pruned: not everything could be analysed")
		}
	}
	changed := false
	for _, unneeded := range out.Archive.Prunable(c.in) {
		changed = true
		s, gone := unneeded.Settings, unneeded.Rules
		err := p.edit(c.finder, s.Abs, f.write, func(before []byte) ([]byte, error) { return config.RemoveRules(s.Abs, before, gone) })
		if err != nil {
			return err
		}
	}
	if !changed {
		p.outf("nothing to prune")
	}
	return nil
}

// archiveImport turns the archive rules of analyzers into ours.
func (p *program) archiveImport(args []string) error {
	f := archiveFlagsOf("import")
	c, err := p.prepare(f.flags, args)
	if err != nil {
		return err
	}
	if err := c.configure(); err != nil {
		return err
	}
	rules, diagnostics, err := c.findRules()
	for _, d := range diagnostics {
		path, at := d.Where()
		p.notef("%s:%d:%d: %s", path, at.Line, at.Column, d.Message)
	}
	if err != nil {
		return err
	}
	if len(rules) == 0 {
		return failed(statusIncomplete, "no archive rules are found in what was given")
	}
	s := c.finder.At(c.finder.Cwd)
	if c.finder.Fixed != nil {
		s = c.finder.Fixed
	}
	taken := *s.Config
	for i, r := range rules {
		name := freeName(&taken, r.Name)
		rules[i].Name, rules[i].Reason, rules[i].Owner, rules[i].Ticket, rules[i].Expires = name, f.reason, f.owner, f.ticket, f.expires
		taken.Archive = append(taken.Archive[:len(taken.Archive):len(taken.Archive)], config.ArchiveRule{Rule: rules[i]})
	}
	return p.addRules(c.finder, s, rules, false, f.write)
}

// findRules searches the inputs for archive rules of analyzers.
func (c *checker) findRules() ([]archive.Rule, []source.Diagnostic, error) {
	var rules []archive.Rule
	var diagnostics []source.Diagnostic
	status := statusClean
	for _, problem := range c.in.Problems {
		c.notef("%s: %s", problem.Input.Shown, problem.Message)
		if !problem.Warning {
			status = statusIncomplete
		}
	}
	find := func(f *source.File) {
		r, ds := archiverules.Find(f)
		rules, diagnostics = append(rules, r...), append(diagnostics, ds...)
	}
	for i := range c.in.Files {
		in := &c.in.Files[i]
		if in.Module {
			for _, f := range scan.ModuleFiles(scan.LoadersInput(in)) {
				find(f)
			}
			continue
		}
		content, err := in.Read(memory.Fits)
		if err != nil {
			c.notef("%s %s", in.Shown, workspace.Reason(err))
			status = statusIncomplete
			continue
		}
		find(source.NewFile(in.Path, content))
	}
	return rules, diagnostics, ended(status)
}
