package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/reporters"
	"github.com/iaclint/iaclint/rules"
)

// side is what is compared: files as they are, a revision of them, or a report
// on them.
type side struct {
	name     string   // for people
	paths    []string // below the revision, or as they are
	revision *workspace.Revision
	report   *finding.Report
	as       func(abs string) (as, root string) // where configuration has its files
}

// workTree is the name of what is compared with a revision.
const workTree = "the work tree"

func diffFlags() *pflag.FlagSet { return newDiffFlags().set }

func aboutDiff() string {
	var b strings.Builder
	b.WriteString("BASE and HEAD are each a path, a report in JSON, or a git revision; without HEAD it\nis the work tree. One path alone is a Terraform plan. What is a path is not taken for\na revision. Findings of AWS's policy checks are compared only if --policy-checks asks for them.\n\nFormats:\n")
	for _, r := range reporters.Differences {
		fmt.Fprintf(&b, "  %-9s %s\n", r.Name, r.Summary)
	}
	return b.String()
}

func newDiffFlags() *flags {
	f := flagsOf("diff", append(readingFlags(), ofChanges.only("merge-base"), ofFindings.except("suggest"), ofIntent, ofGate, ofReport.only("format", "output", "path-prefix", "max-bytes"))...)
	f.deploy.PolicyChecks = validate.Off // their findings are not about access
	return f
}

// diff compares the access of two states of the same code.
func (p *program) diff(args []string) error {
	f := newDiffFlags()
	c, names, err := p.begin(f, args)
	if err != nil {
		return err
	}
	if err := f.suit(c.destinations, differenceFormats()); err != nil {
		return usageError("%s", err)
	}
	var paths []string
	if dash := f.set.ArgsLenAtDash(); dash >= 0 {
		names, paths = names[:dash], names[dash:]
	}
	if len(names) < 1 || len(names) > 2 || slices.Contains(names, "") {
		return usageError("diff compares two states: iaclint diff BASE [HEAD] [-- path ...]")
	}
	if len(names) == 1 && c.isPath(names[0]) {
		if len(paths) > 0 {
			return usageError("paths after -- are for revisions")
		}
		return c.diffPlan(names[0])
	}
	base, head, err := c.sides(names, paths)
	if err != nil {
		return err
	}
	for _, s := range []*side{base, head} {
		if s.revision != nil {
			defer s.revision.Tree.Close()
		}
	}
	return c.diff(base, head)
}

func differenceFormats() []string {
	var names []string
	for _, r := range reporters.Differences {
		names = append(names, r.Name)
	}
	return names
}

// isPath reports whether a name is a file or directory, or standard input;
// anything else is a revision.
func (c *checker) isPath(name string) bool {
	_, err := os.Stat(c.absolute(name))
	return err == nil || name == "-"
}

func (c *checker) absolute(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(c.finder.Cwd, name)
}

// sides opens both sides. A path beside a revision is looked for in it as well.
func (c *checker) sides(names, paths []string) (base, head *side, err error) {
	if len(names) == 1 {
		names = append(names, "")
	}
	at := []*side{{name: names[0]}, {name: names[1]}}
	isPath := [2]bool{c.isPath(names[0]), names[1] == "" || c.isPath(names[1])}
	if names[1] == "" {
		at[1].name = workTree
	}
	bothPaths := isPath[0] && isPath[1] && names[1] != ""
	if len(paths) > 0 && (bothPaths || isPath[0] || isPath[1] && names[1] != "") {
		return nil, nil, usageError("paths after -- are for revisions")
	}
	if slices.Equal(names, []string{"-", "-"}) {
		return nil, nil, usageError("standard input can be given once only")
	}
	shared := paths
	if len(shared) == 0 {
		shared = []string{"."}
	}
	for i, name := range names {
		switch {
		case name != "" && isPath[i]:
			at[i].paths = []string{name}
			if !bothPaths {
				shared = at[i].paths
			}
			report, err := readReport(c.absolute(name))
			if err != nil {
				return nil, nil, failed(statusIncomplete, "%s: %s", name, err)
			}
			at[i].report = report
			if report != nil && !bothPaths {
				shared = []string{"."}
			}
		case name == "":
			at[i].paths = shared
		}
	}
	for i, name := range names {
		if isPath[i] {
			continue
		}
		since := ""
		if i == 0 && c.flags.mergeBase {
			since = "HEAD"
			if !isPath[1] {
				since = names[1]
			}
		}
		r, err := workspace.OpenRevision(c.directory(shared), name, since)
		if errors.Is(err, workspace.ErrNoRepository) {
			return nil, nil, failed(statusIncomplete, "%s: there is no such file or directory, and no git repository here in which it could be a revision", name)
		}
		if err != nil {
			return nil, nil, failed(statusIncomplete, "%s", err)
		}
		at[i].revision, at[i].paths = r, shared
	}
	if bothPaths && at[0].report == nil && at[1].report == nil {
		at[0].as = c.besides(names[0], names[1])
	}
	return at[0], at[1], nil
}

// besides maps what is below one path to below another, where its configuration
// is looked for.
func (c *checker) besides(from, to string) func(abs string) (as, root string) {
	if from == "-" || to == "-" {
		return nil
	}
	a, b := c.absolute(from), c.absolute(to)
	root := workspace.RootOf(b)
	return func(abs string) (string, string) {
		if !workspace.Within(a, abs) {
			return abs, root
		}
		return filepath.Join(b, workspace.Below(a, abs)), root
	}
}

// readReport reads a file if it is a report of ours.
func readReport(abs string) (*finding.Report, error) {
	info, err := os.Stat(abs)
	if err != nil || !info.Mode().IsRegular() {
		return nil, nil // whatever it is, it is looked at later
	}
	file, err := workspace.OpenFile(abs)
	if err != nil {
		return nil, nil
	}
	defer file.Close()
	head := make([]byte, 256)
	n, _ := io.ReadFull(file, head)
	if !bytes.HasPrefix(bytes.TrimSpace(head[:n]), []byte("{")) || !bytes.Contains(head[:n], []byte(`"schemaVersion"`)) {
		return nil, nil
	}
	rest, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	var r finding.Report
	if err := json.Unmarshal(append(head[:n], rest...), &r); err != nil {
		return nil, fmt.Errorf("is not a report of iaclint: %w", err)
	}
	if r.Tool.Name != "iaclint" || r.SchemaVersion != 1 || r.Findings == nil || r.Resources == nil {
		return nil, errors.New("is not a report of iaclint with schemaVersion 1")
	}
	return &r, nil
}

// analysedSide is one side with what is in it.
type analysedSide struct {
	*side
	in       workspace.Inputs
	run      *scan.Run // nil for a report
	report   finding.Report
	states   []rules.State
	unread   []finding.Finding // about code that is not here
	minimums []int             // of each state, the severity that counts
}

// diff compares two sides; the configuration is that of the head.
func (c *checker) diff(base, head *side) error {
	c.finder.Revision = head.revision
	old, now := &analysedSide{side: base}, &analysedSide{side: head}
	for _, s := range []*analysedSide{now, old} {
		if err := c.collectSide(s); err != nil {
			return err
		}
	}
	if err := c.configured(c.warnings); err != nil {
		return err
	}
	for _, s := range []*analysedSide{now, old} {
		if err := c.analyseSide(s); err != nil {
			return err
		}
	}
	c.withOwnArchive(old)
	old.in.Problems, now.in.Problems = oneSided(old.in, now.in), oneSided(now.in, old.in)
	something := old.run.Recognised() || now.run.Recognised()
	for _, s := range []*analysedSide{now, old} {
		if err := c.assembleSide(s, something); err != nil {
			return usageError("%s", err)
		}
	}
	return c.report(old, now)
}

func (c *checker) collectSide(s *analysedSide) error {
	if s.side.report != nil {
		return nil
	}
	w := c.walker(s.revision)
	w.As = s.as
	s.in = w.Collect(s.paths)
	if err := c.refused(s.in); err != nil {
		return usageError("%s", err)
	}
	for i := range s.in.Files {
		c.finder.Of(&s.in.Files[i])
	}
	return nil
}

func (c *checker) analyseSide(s *analysedSide) error {
	if s.side.report != nil {
		return nil
	}
	given, unread, err := c.flags.values().Read(c.finder.Cwd, s.revision)
	if err != nil {
		return usageError("%s", err)
	}
	for _, u := range unread {
		c.notef("%s", u)
	}
	o := c.scan()
	o.Given = given
	s.run = scan.Over(s.in, o)
	return c.custom(s.run, nil)
}

// withOwnArchive gives the base the archive rules and the baseline of its own
// configuration: what is archived now and was not is a difference. All else in
// the configuration is that of the head.
func (c *checker) withOwnArchive(s *analysedSide) {
	if c.finder.Fixed != nil || s.in.Files == nil {
		return
	}
	own := workspace.NewFinder(c.finder.Cwd, c.flags.configuration(func(string) string { return "" }))
	own.Revision = s.revision
	joined := map[[2]*workspace.Settings]*workspace.Settings{}
	for i := range s.in.Files {
		in := &s.in.Files[i]
		dir := filepath.Dir(in.Abs)
		if in.Module {
			dir = in.Abs
		}
		key := [2]*workspace.Settings{in.Settings, own.At(dir)}
		if joined[key] == nil {
			joined[key] = key[0].ArchivingAs(key[1])
		}
		in.Settings = joined[key]
	}
}

// oneSided leaves out that something is not there if it is on the other side.
func oneSided(in, other workspace.Inputs) []workspace.Problem {
	if len(other.Files) == 0 {
		return in.Problems
	}
	return slices.DeleteFunc(in.Problems, func(p workspace.Problem) bool { return p.Absent })
}

// assembleSide judges the findings of a side: their severity, and whether they
// are archived.
func (c *checker) assembleSide(s *analysedSide, allowEmpty bool) error {
	if r := s.side.report; r != nil {
		if c.flags.deploy.PolicyChecks == validate.Off { // nor does the other side have them
			r.Findings = slices.DeleteFunc(r.Findings, func(f finding.Finding) bool { return strings.HasPrefix(f.Rule, "policy-") })
		}
		s.report = *r
		s.states, s.unread = scan.StatesOfReport(*r), r.Findings
		return nil
	}
	s.run.In = s.in
	s.run.Options.AllowEmpty = s.run.Options.AllowEmpty || allowEmpty
	s.run.Options.MinSeverity = "" // what is reported is decided when it is compared
	out, err := s.run.ReportReading((&workspace.Finder{Revision: s.revision}).Read)
	if err != nil {
		return err
	}
	s.report, s.states, s.unread, s.minimums = out.Report, out.States, out.Unread, out.Minimums
	c.shown = out.Shown
	return nil
}

// report compares the states and writes the result.
func (c *checker) report(old, now *analysedSide) error {
	if old.side.report != nil || now.side.report != nil {
		old.states, old.minimums = scan.WithoutTargets(old.states, old.minimums)
		now.states, now.minimums = scan.WithoutTargets(now.states, now.minimums)
	}
	out := finding.Comparison{
		Tool: finding.Tool{Name: "iaclint", Version: thisBuild().Version}, Base: old.name, Head: now.name,
		Zones: now.report.Zones, Assumptions: scan.WithHidden(now.report), Rules: scan.DescribedRules(now.in, now.report.Findings),
	}
	for _, d := range scan.SettleUnread(old.unread, now.unread).Changes {
		c.count(&out, d, workspace.Gate(c.flags.failOn, ""))
	}
	for n, s := range scan.Settle(old.states, now.states, c.scan()) {
		switch {
		case s.Before == nil:
			out.OnlyHead++
		case s.After == nil:
			out.OnlyBase++
		default:
			out.Both++
		}
		minimum := workspace.Gate(c.flags.failOn, "")
		if n < len(now.minimums) {
			minimum = now.minimums[n]
		}
		for _, d := range s.Changes {
			c.count(&out, d, minimum)
		}
		for _, d := range scan.Doubts(s) {
			path, at := d.Where()
			out.Diagnostics = append(out.Diagnostics, finding.Diagnostic{Severity: string(d.Severity), Path: path, Line: at.Line, Column: at.Column, Message: d.Message})
		}
	}
	slices.SortStableFunc(out.Differences, func(a, b finding.Difference) int { return scan.CompareFindings(a.Finding, b.Finding) })
	out.Diagnostics = append(out.Diagnostics, now.report.Diagnostics...)
	for _, d := range old.report.Diagnostics {
		if d.Severity == string(source.Error) {
			d.Message = "in " + old.name + ": " + d.Message
			out.Diagnostics = append(out.Diagnostics, d)
		}
	}
	slices.SortFunc(out.Diagnostics, scan.CompareDiagnostics)
	out.Diagnostics = slices.CompactFunc(out.Diagnostics, func(x, y finding.Diagnostic) bool { return scan.CompareDiagnostics(x, y) == 0 })
	status := statusClean
	switch {
	case slices.ContainsFunc(out.Diagnostics, func(d finding.Diagnostic) bool { return d.Severity == string(source.Error) }):
		status = statusIncomplete
	case out.Failing > 0 && !c.flags.exitZero:
		status = statusFindings
	}
	return c.writeDifference(out, c.relativeTo(old.in, now.in), status)
}

// count takes in a difference. New access that is not archived counts for the exit
// status, and wider access unless what archives it says which actions are meant.
func (c *checker) count(out *finding.Comparison, d finding.Difference, minimum int) {
	f := d.Finding
	if !c.flags.filter.Reports(f.Rule) {
		return
	}
	if d.Wider && (f.Status != finding.Archived || d.Kind == finding.Altered && f.Archive != nil && !f.Archive.Exact) && f.Severity.Rank() >= minimum {
		out.Failing++
	}
	if f.Severity.Rank() >= finding.Severity(c.flags.minSeverity).Rank() {
		out.Differences = append(out.Differences, d)
	}
}

// relativeTo is the path for people of a file on either side.
func (c *checker) relativeTo(old, now workspace.Inputs) func(string) string {
	ofNow, ofOld := c.relative(now), c.relativePaths(old)
	return func(path string) string {
		if s := ofNow(path); s != path {
			return s
		}
		return ofOld(path)
	}
}

func (c *checker) writeDifference(d finding.Comparison, relative func(string) string, status int) error {
	return c.writeEach(d.Diagnostics, relative, status, func(format string, w io.Writer, o reporters.Options) error {
		i := slices.IndexFunc(reporters.Differences, func(r reporters.DifferenceReporter) bool { return r.Name == format })
		return reporters.Differences[i].Write(w, d, o)
	})
}

// diffPlan compares what a plan starts from with what it leads to.
func (c *checker) diffPlan(name string) error {
	c.in = c.walker(nil).Collect([]string{name})
	if err := c.refused(c.in); err != nil {
		return usageError("%s", err)
	}
	if err := c.configure(); err != nil {
		return err
	}
	after := scan.Over(c.in, c.scan())
	if err := c.custom(after, nil); err != nil {
		return err
	}
	if !after.IsPlan() && !after.Failed() && len(c.in.Problems) == 0 {
		return usageError("%s is not a plan; give what to compare it with: iaclint diff BASE HEAD", name)
	}
	now := &analysedSide{side: &side{name: "after the plan"}, in: c.in}
	old := &analysedSide{side: &side{name: "before the plan"}, in: c.in}
	old.run, now.run = after.Sides()
	for _, s := range []*analysedSide{now, old} {
		if err := c.assembleSide(s, true); err != nil {
			return usageError("%s", err)
		}
	}
	return c.report(old, now)
}
