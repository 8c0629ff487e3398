package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/fix"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders"
	"github.com/iaclint/iaclint/reporters"
)

// check analyses files and directories and reports what it found.
func (p *program) check(args []string) error {
	c, err := p.prepare(newFlags(), args)
	if err != nil {
		return err
	}
	return c.check()
}

// prepare parses a command line that names inputs, and collects them.
func (p *program) prepare(f *flags, args []string) (*checker, error) {
	c, paths, err := p.begin(f, args)
	if err != nil {
		return nil, err
	}
	if paths, err = pathArguments(paths); err != nil {
		return nil, usageError("%s", err)
	}
	w := c.walker(nil)
	in := w.Collect(paths)
	if outputs := c.finder.Outputs(in); len(f.formats) == 0 && f.output == "" && !f.fromHook && len(outputs) > 0 {
		c.destinations = nil
		for _, o := range outputs {
			c.destinations = append(c.destinations, destination{format: o.Format, path: o.Path, made: o.Path != "", within: o.Place})
		}
	}
	c.sayWhere()
	for _, d := range c.destinations {
		if f.statistics && !reporters.HasStatistics(d.format) {
			return nil, usageError("--statistics is for text and json, not for %s", d.format)
		}
	}
	if err := c.refused(in); err != nil {
		return nil, usageError("%s", err)
	}
	if err := c.readSince(); err != nil {
		return nil, usageError("%s", err)
	}
	c.in, c.paths = in, paths
	return c, nil
}

// begin parses a command line: its flags, and the names beside them.
func (p *program) begin(f *flags, args []string) (c *checker, names []string, err error) {
	names, err = f.parse(args)
	if err != nil {
		return nil, nil, usageError("%s", err)
	}
	warnings, err := f.trusted()
	if err != nil {
		return nil, nil, usageError("%s", err)
	}
	to, err := destinations(f.formats, f.output, f.formatNames)
	if err != nil {
		return nil, nil, usageError("%s", err)
	}
	cwd, err := os.Getwd()
	if err != nil {
		return nil, nil, failed(statusUsage, "cannot tell the working directory: %s", err)
	}
	given, _, err := f.values().Read(cwd, nil)
	if err != nil {
		return nil, nil, usageError("%s", err)
	}
	o := f.configuration(os.Getenv)
	if p.showsProgress(f) {
		o.Evidence.Reading = func(read func() int64) (done func()) {
			return progress(p.stderr, func() string { return fmt.Sprintf("reading evidence, %d MB", read()>>20) }, longRun, progressing)
		}
	}
	return &checker{program: p, excluded: scan.Excluded{}, flags: f, given: given, destinations: to, finder: workspace.NewFinder(cwd, o), warnings: warnings}, names, nil
}

// showsProgress reports whether somebody looks at a terminal.
func (p *program) showsProgress(f *flags) bool {
	_, isTerminal := terminal(p.stderr)
	return isTerminal && !f.quiet && os.Getenv("CI") == ""
}

// walker collects inputs as configuration lets it: those of the work tree, or of
// a revision.
func (c *checker) walker(at *workspace.Revision) *workspace.Walker {
	reports := reportFiles(c.finder.Cwd, c.destinations)
	w := workspace.NewWalker(c.finder.Cwd, c.program.in, c.flags.stdinFilename, func(in *workspace.Input) bool {
		s := c.finder.Of(in)
		if reports[in.Abs] || s.Writes(in.Abs) {
			return false
		}
		walks := s.Config.Walks(s.Path(in))
		if !walks && at == nil {
			c.excluded[s] = append(c.excluded[s], in.Path)
		}
		return walks
	})
	w.Hint = suggestCommand
	w.Hook, w.Settings, w.Revision, w.Modules = c.flags.fromHook, c.finder.Of, at, c.scan().Modules
	return w
}

// reportFiles are the files that the run writes: the report of the last run is
// no input of this one. What is there and not a report stays an input.
func reportFiles(cwd string, to []destination) map[string]bool {
	out := map[string]bool{}
	for _, d := range to {
		if d.path == "" {
			continue
		}
		abs := filepath.Clean(d.path)
		if !filepath.IsAbs(abs) {
			abs = filepath.Join(cwd, abs)
		}
		content, err := workspace.ReadFile(abs)
		if errors.Is(err, fs.ErrNotExist) || err == nil && isReport(d.path, content) {
			out[abs] = true
		}
	}
	return out
}

// isReport reports whether a file is a report that a new one may replace. One that is
// an input as well would be kept from the analysis by the name of a report.
func isReport(name string, content []byte) bool {
	return reporters.Wrote(content) && !loaders.Knows(source.NewFile(filepath.ToSlash(name), content))
}

// pathArguments checks the arguments that are not flags; without any it is the
// current directory.
func pathArguments(paths []string) ([]string, error) {
	if len(paths) == 0 {
		return []string{"."}, nil
	}
	stdin := 0
	for i, path := range paths {
		if path == "-" {
			stdin++
		}
		if path == "" {
			return nil, fmt.Errorf("a path is empty; the current directory is \".\"")
		}
		if i > 0 {
			continue
		}
		if _, err := os.Lstat(path); err != nil && slices.Contains(commandNames(), path) {
			return nil, fmt.Errorf("the command comes first, as in \"iaclint %s\"", path)
		}
	}
	if stdin > 1 {
		return nil, fmt.Errorf("standard input can be given once only")
	}
	return paths, nil
}

// checker is one run of the check command.
type checker struct {
	*program
	flags        *flags
	given        loaders.Options
	destinations []destination
	finder       *workspace.Finder
	in           workspace.Inputs
	excluded     scan.Excluded
	trees        []string          // that are analysed: no link in them leads a report
	paths        []string          // that were named
	warnings     []string          // about flags
	shown        map[string]string // paths of the report that are not inputs
}

func (c *checker) check() error {
	if err := c.configure(); err != nil {
		return err
	}
	in := c.in
	if c.flags.verbose {
		c.tellConfiguration(in)
	}
	if c.flags.showFiles {
		return c.listFiles(in)
	}
	out, err := c.analyse()
	if err != nil {
		return err
	}
	status := c.status(out.Report, out.Failing)
	if err := c.write(in, out.Report, status); err != nil {
		return err
	}
	if out.Hidden > 0 && !c.flags.quiet {
		c.notef("%d findings that --min-severity leaves out count for the exit status", out.Hidden)
	}
	return ended(status)
}

// configure finds the configuration of every input.
func (c *checker) configure() error {
	for i := range c.in.Files {
		c.finder.Of(&c.in.Files[i])
	}
	return c.configured(c.warnings)
}

// analyse makes the report on the inputs.
func (c *checker) analyse() (*scan.Outcome, error) {
	done := func() {}
	if c.showsProgress(c.flags) {
		done = progress(c.stderr, analysing(len(c.in.Files)), longRun, progressing)
	}
	var p *fix.Prover
	var now *scan.Run
	if c.flags.suggest {
		p, now = fix.NewProver(c.in, c.scan(), c.flags.sourceRoot)
	} else {
		now = scan.Over(c.in, c.scan())
	}
	done()
	var before *scan.Run
	if c.flags.mergeBase && c.flags.newFrom == "" {
		return nil, usageError("--merge-base needs --new-from REVISION")
	}
	if c.flags.newFrom != "" {
		var err error
		if before, err = c.before(c.flags.newFrom); err != nil {
			return nil, err
		}
		now.CompareWith(before)
	}
	if c.flags.onlyNew && before == nil && !now.IsPlan() && !c.flags.fromHook {
		c.notef("--new compares with nothing, so that every finding counts: no input is a plan, and --new-from is not given")
	}
	out, status := c.judge(now, before)
	if out != nil && p != nil {
		out.Report = p.SuggestAll(out.Report, fix.WantedOf(out, c.flags.failOn == "none"))
	}
	return out, status
}

// judge runs the custom rules on a run, before being the run it is compared with, and
// makes the report.
func (c *checker) judge(now, before *scan.Run) (*scan.Outcome, error) {
	if err := c.custom(now, before); err != nil {
		return nil, err
	}
	out, err := now.Report()
	if err != nil {
		return nil, usageError("%s", err)
	}
	c.shown = out.Shown
	return out, nil
}

// custom runs the custom rules on a run.
func (c *checker) custom(now, before *scan.Run) error {
	if wrong := now.ApplyCustomRules(before); wrong != nil {
		wrong.Write(c.errw)
		return ended(statusUsage)
	}
	return nil
}

// configured reports mistakes of the configuration. Its error is that of one that cannot
// be used.
func (c *checker) configured(warnings []string) error {
	wrong := c.finder.Wrong
	for _, w := range warnings {
		d := config.Errorf("%s", w)
		d.Warning = true
		wrong = append(wrong, d)
	}
	if wrong.HasErrors() {
		wrong.Write(c.errw)
		return ended(statusUsage)
	}
	ids := c.finder.RuleIDs()
	if flag, pattern, ok := c.flags.filter.Check(ids); !ok {
		return usageError("%s: unknown rule %q%s", flag, pattern, scan.RuleHint(pattern, ids))
	}
	if !c.flags.quiet {
		wrong.Write(c.errw)
	}
	return nil
}

// tellConfiguration says which configuration files apply.
func (c *checker) tellConfiguration(in workspace.Inputs) {
	told := map[string]bool{}
	for _, f := range in.Files {
		name := f.Settings.File
		if told[name] {
			continue
		}
		told[name] = true
		if name == "" {
			c.notef("no configuration file applies to %s", f.Shown)
		} else {
			c.notef("configuration file %s applies to %s", name, f.Shown)
		}
	}
}

func (c *checker) listFiles(in workspace.Inputs) error {
	for _, d := range c.destinations {
		if d.format == "json" {
			list := finding.Report{Inputs: scan.ListInputs(in, nil, c.excluded)}
			if err := c.writeOne(d, list, reporters.Options{InputsOnly: true}); err != nil {
				return err
			}
		}
	}
	if slices.ContainsFunc(c.destinations, func(d destination) bool { return d.format != "json" && d.path == "" }) {
		for _, f := range in.Files {
			fmt.Fprintln(c.out, config.Printable(f.Shown))
		}
		for _, p := range append(slices.Clone(in.Skipped), in.SkippedDirs...) {
			c.notef("%s: skipped: %s", p.Input.Shown, p.Message)
		}
	}
	status := statusClean
	for _, p := range in.Problems {
		c.notef("%s: %s", p.Input.Shown, p.Message)
		if !p.Warning {
			status = statusIncomplete
		}
	}
	return ended(status)
}

// write writes every format, files first: what is on the terminal then is
// about files that are there.
func (c *checker) write(in workspace.Inputs, r finding.Report, status int) error {
	relative := c.relative(in)
	told := false
	o := c.options(relative, status)
	c.stepSummary(r, o)
	for _, toFile := range []bool{true, false} {
		for _, d := range c.destinations {
			if (d.path != "") != toFile {
				continue
			}
			if !toFile {
				told = slices.Contains(forPeople, d.format)
			}
			if err := c.writeOne(d, r, o); err != nil {
				return err
			}
		}
	}
	if !told {
		c.tell(r, relative)
	}
	return nil
}

// forPeople are the formats in which somebody at a terminal reads errors.
var forPeople = []string{"text", "compact", "github", "markdown"}

// options of all formats.
func (c *checker) options(relative func(string) string, status int) reporters.Options {
	f := c.flags
	shown := relative
	if f.pathPrefix != "" {
		shown = func(p string) string {
			if p = relative(p); path.IsAbs(p) {
				return p
			}
			return path.Join(filepath.ToSlash(f.pathPrefix), p)
		}
	}
	return reporters.Options{
		Quiet: f.quiet, Verbose: f.verbose, Relative: shown, Statistics: f.statistics, ExitStatus: status, Now: now(os.Getenv),
		Suppressed: f.sarifSuppressed, Category: f.sarifCategory, Extended: f.junitExtended, MaxBytes: f.maxBytes, Since: f.sinceReport,
		Say: func(s string) { c.notef("%s", s) },
	}
}

func (c *checker) writeOne(d destination, r finding.Report, o reporters.Options) error {
	return c.deliver(d, o, func(w io.Writer, o reporters.Options) error { return reporters.Write(d.format, w, r, o) })
}

// writeEach writes a result in every format that is asked for, by a function that
// knows the formats, and tells people at a terminal of errors that none of these
// shows them. The status is that of the run unless writing fails.
func (c *checker) writeEach(ds []finding.Diagnostic, relative func(string) string, status int, write func(format string, w io.Writer, o reporters.Options) error) error {
	o := c.options(relative, status)
	for _, to := range c.destinations {
		err := c.deliver(to, o, func(w io.Writer, o reporters.Options) error { return write(to.format, w, o) })
		if err != nil {
			return err
		}
	}
	toPeople := func(to destination) bool { return to.path == "" && slices.Contains(forPeople, to.format) }
	if !slices.ContainsFunc(c.destinations, toPeople) {
		c.tell(finding.Report{Diagnostics: ds}, relative)
	}
	return ended(status)
}

// tell repeats errors for people when the report on standard output, if there
// is one, is for programs.
func (c *checker) tell(r finding.Report, relative func(string) string) {
	for _, d := range r.Diagnostics {
		if d.Severity == string(source.Error) {
			c.tellOne(d, relative)
		}
	}
}

func (c *checker) tellOne(d finding.Diagnostic, relative func(string) string) {
	place := relative(d.Path)
	if d.Line > 0 {
		place += fmt.Sprintf(":%d:%d", d.Line, d.Column)
	}
	c.notef("%s: %s", place, d.Message)
}

// relative is relativePaths for all files of the report.
func (c *checker) relative(in workspace.Inputs) func(string) string {
	ofInputs := c.relativePaths(in)
	return func(path string) string {
		if s, ok := c.shown[path]; ok {
			return s
		}
		return ofInputs(path)
	}
}

// relativePaths turns a path of the report into one relative to the working
// directory: that of an input, or of a file that an input read, which is below the
// same root.
func (c *checker) relativePaths(in workspace.Inputs) func(string) string {
	shown, roots := map[string]string{}, map[string]bool{}
	for _, d := range in.Dirs {
		shown[d.Path] = d.Shown
	}
	for _, p := range in.Problems {
		shown[p.Input.Path] = p.Input.Shown
	}
	for _, f := range in.Files {
		shown[f.Path] = f.Shown
		if f.Root != "" {
			roots[f.Root] = true
		}
	}
	return func(path string) string {
		if s, ok := shown[path]; ok {
			return s
		}
		root := ""
		for r := range roots {
			root = r
		}
		if len(roots) > 1 { // the input's in whose directory it is
			root = ""
			for _, f := range in.Files {
				if f.Module && (f.Path == "." || strings.HasPrefix(path, f.Path+"/")) {
					if root != "" && root != f.Root {
						return path
					}
					root = f.Root
				}
			}
		}
		if root == "" || !fs.ValidPath(path) {
			return path
		}
		abs := filepath.Join(root, filepath.FromSlash(path))
		if _, err := os.Lstat(abs); err != nil {
			return path // of another revision, or no file of the code
		}
		if rel, err := filepath.Rel(c.finder.Cwd, abs); err == nil {
			return filepath.ToSlash(rel)
		}
		return path
	}
}

// status is the exit status of a run.
func (c *checker) status(r finding.Report, failing int) int {
	for _, d := range r.Diagnostics {
		if d.Severity == string(source.Error) {
			return statusIncomplete
		}
	}
	if failing > 0 && !c.flags.exitZero {
		return statusFindings
	}
	return statusClean
}

// suggestCommand follows the message about a path that is not there.
func suggestCommand(arg string) string {
	if strings.ContainsAny(arg, "./\\") {
		return ""
	}
	if near := spelling.Nearest(arg, commandNames()); near != "" {
		return fmt.Sprintf("; did you mean the command %q?", near)
	}
	return ""
}
