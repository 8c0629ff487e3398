package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders"
)

// baseline is a file of findings that were there when it was written.
type baseline struct {
	path    string // in the report
	level   string // of what is said about entries that match nothing
	lines   map[string]int
	entries map[string]archive.Entry
	seen    map[string]bool
}

// baselineVersion is that of the file's form.
const baselineVersion = 1

// baselineFile is the form of the file: the entries in the order of
// archive.CompareEntries, one on a line, so that merges stay small.
type baselineFile struct {
	Version int             `json:"version"`
	Entries []archive.Entry `json:"findings"`
}

// readBaseline reads a baseline; shown is its name in the report.
func readBaseline(file, shown string) (*baseline, error) {
	content, err := workspace.ReadConfig(file)
	if err != nil {
		return nil, err
	}
	return parseBaseline(content, shown)
}

func parseBaseline(content []byte, shown string) (*baseline, error) {
	var f baselineFile
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return nil, fmt.Errorf("is no baseline: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("is no baseline: something follows it")
	}
	if f.Version != baselineVersion {
		return nil, fmt.Errorf("is a baseline of version %d; version %d is expected", f.Version, baselineVersion)
	}
	b := &baseline{path: shown, lines: map[string]int{}, entries: map[string]archive.Entry{}, seen: map[string]bool{}}
	for _, e := range f.Entries {
		if _, twice := b.entries[e.ID]; twice || e.ID == "" {
			return nil, fmt.Errorf("has the id %q twice, or an entry without one", e.ID)
		}
		b.entries[e.ID] = e
	}
	for i, line := range bytes.Split(content, []byte("\n")) {
		if _, rest, ok := bytes.Cut(line, []byte(`{"id":"`)); ok {
			id, _, _ := bytes.Cut(rest, []byte{'"'})
			b.lines[string(id)] = i + 1
		}
	}
	return b, nil
}

// look compares a finding with what was recorded.
func (b *baseline) look(f finding.Finding) (change, note string) {
	e, ok := b.entries[f.ID]
	if !ok {
		return "new", ""
	}
	b.seen[f.ID] = true
	if !e.Covers(f) {
		return "changed", "more than the baseline of " + e.Since + " records"
	}
	return "unchanged", ""
}

// stale are the entries that match no finding, although the run looked there.
func (b *baseline) stale(in workspace.Inputs) []finding.Diagnostic {
	if b.level == "off" {
		return nil
	}
	var out []finding.Diagnostic
	for _, e := range b.sorted() {
		if !b.seen[e.ID] && in.LooksAt(e.Path) {
			out = append(out, finding.Diagnostic{
				Severity: b.level, Path: b.path, Line: b.lines[e.ID], Column: 1,
				Message: fmt.Sprintf("baseline entry %s of %s matches no finding; \"iaclint baseline prune\" removes it", e.ID[:min(len(e.ID), archive.ShortID)], e.Address),
			})
		}
	}
	return out
}

func (b *baseline) sorted() []archive.Entry {
	var out []archive.Entry
	for _, e := range b.entries {
		out = append(out, e)
	}
	slices.SortFunc(out, archive.CompareEntries)
	return out
}

// writeBaseline writes entries in the form of the file.
func writeBaseline(w io.Writer, entries []archive.Entry) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n\"version\": %d,\n\"findings\": [", baselineVersion)
	for i, e := range entries {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		b.Write(line)
	}
	b.WriteString("\n]\n}\n")
	_, err := w.Write(b.Bytes())
	return err
}

// loadBaselines reads the baselines that flags and configurations name. A
// baseline that is named and missing is an error: everything would be new.
func (a *archiver) loadBaselines(cwd string, in workspace.Inputs) error {
	if name := a.flags.baseline; name != "" {
		file := name
		if !filepath.IsAbs(file) {
			file = filepath.Join(cwd, name)
		}
		b, err := readBaseline(file, filepath.ToSlash(name))
		if err != nil {
			return fmt.Errorf("--baseline %s %s", name, baselineReason(err))
		}
		b.level = string(source.Warning)
		a.baselines[""] = b
		return nil
	}
	if a.flags.noIgnores {
		return nil
	}
	for i := range in.Files {
		s := in.Files[i].Settings
		if s.Config.Baseline == "" || a.baselines[s.BaselineFile()] != nil {
			continue
		}
		at := &workspace.Settings{Abs: s.BaselineFile(), File: s.Config.Baseline}
		content, err := a.read(s.BaselineFile())
		var b *baseline
		if err == nil {
			b, err = parseBaseline(content, at.ReportPath(&in.Files[i]))
		}
		if err != nil {
			return fmt.Errorf("baseline %s of %s %s", s.Config.Baseline, s.File, baselineReason(err))
		}
		a.shown[b.path] = at.ShownBeside(s)
		b.level = level(s.Config.Suppressions.Unused)
		a.baselines[s.BaselineFile()] = b
	}
	return nil
}

func baselineReason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) && errors.Is(err, os.ErrNotExist) {
		return "is not there; \"iaclint baseline create\" writes one"
	}
	if errors.As(err, &pathError) {
		return workspace.Reason(err)
	}
	return err.Error()
}

// baselineOf returns the baseline for the findings of an input, nil for none.
func (a *archiver) baselineOf(in *workspace.Input) *baseline {
	if b := a.baselines[""]; b != nil {
		return b
	}
	if in.Settings.Config.Baseline == "" || in.Settings.Abs == "" {
		return nil
	}
	return a.baselines[in.Settings.BaselineFile()]
}

// baselineCommands are the words behind "baseline".
func baselineCommands() []command {
	return []command{
		{name: "create", usage: "[flags] [path ...]", summary: "show, or with --write write, a baseline of all findings", run: (*program).baselineCreate, flags: editFlags},
		{name: "prune", usage: "[flags] [path ...]", summary: "show, or with --write make, the removal of entries that match nothing", run: (*program).baselinePrune, flags: editFlags},
	}
}

func (p *program) baseline(args []string) int { return p.sub("baseline", baselineCommands(), args) }

// baselineRun analyses the inputs without the baseline that is to be written;
// existing is what its file holds.
func (p *program) baselineRun(args []string) (c *checker, f *archiveFlags, report finding.Report, file string, existing *baseline, status int) {
	f = newArchiveFlags()
	f.command = []string{"baseline"}
	c, status = p.prepare(f.flags, args)
	if c == nil {
		return nil, f, report, "", nil, status
	}
	if status, stop := c.configure(); stop {
		return nil, f, report, "", nil, status
	}
	s := c.settingsOf("")
	switch {
	case f.baseline != "":
		file = f.baseline
		if !filepath.IsAbs(file) {
			file = filepath.Join(c.finder.Cwd, file)
		}
	case s.Config.Baseline != "":
		file = s.BaselineFile()
	default:
		return nil, f, report, "", nil, p.usageError("no baseline is named: give --baseline FILE, or a baseline block in the configuration")
	}
	existing, err := readBaseline(file, c.finder.Shown(file))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, f, report, "", nil, p.usageError("%s %s", c.finder.Shown(file), baselineReason(err))
	}
	a := &assembler{flags: c.flags, archive: newArchiver(c.flags, c.finder.Today)}
	results := analyse(c.in.Files, loaders.Load, c.flags, c.given)
	if status := c.runOwn(judged{c.in.Files, results}); status != statusClean {
		return nil, f, report, "", nil, status
	}
	report = a.assemble(c.in, results)
	for _, d := range report.Diagnostics {
		if d.Severity == string(source.Error) {
			p.notef("%s: %s", d.Path, d.Message)
			status = statusIncomplete
		}
	}
	if status != statusClean {
		p.notef("no baseline is written: not everything could be analysed")
		return nil, f, report, "", nil, status
	}
	return c, f, report, file, existing, statusClean
}

// baselineCreate records all findings that nothing else archives. What was
// recorded before keeps its day, unless it grants more now.
func (p *program) baselineCreate(args []string) int {
	c, f, report, file, existing, status := p.baselineRun(args)
	if c == nil {
		return status
	}
	entries := existing.elsewhere(c.in)
	for _, x := range report.Findings {
		if x.Archive != nil {
			continue
		}
		e := archive.EntryOf(x, c.finder.Today)
		if existing != nil && existing.entries[x.ID].Covers(x) {
			e.Since = existing.entries[x.ID].Since
		}
		entries[e.ID] = merged(entries[e.ID], e)
	}
	return p.writeEntries(c, file, entries, f.write)
}

// elsewhere are the entries of places that a run did not look at. There may be
// no baseline yet.
func (b *baseline) elsewhere(in workspace.Inputs) map[string]archive.Entry {
	out := map[string]archive.Entry{}
	if b == nil {
		return out
	}
	for id, e := range b.entries {
		if !in.LooksAt(e.Path) {
			out[id] = e
		}
	}
	return out
}

// merged is one entry for a finding that several targets have.
func merged(a, b archive.Entry) archive.Entry {
	if a.ID == "" {
		return b
	}
	a.Actions = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(a.Actions), b.Actions...))))
	a.IsPublic, a.Proven = a.IsPublic || b.IsPublic, a.Proven || b.Proven
	return a
}

// baselinePrune removes the entries that match no finding.
func (p *program) baselinePrune(args []string) int {
	c, f, report, file, existing, status := p.baselineRun(args)
	if c == nil {
		return status
	}
	if existing == nil {
		return p.usageError("%s is not there; \"iaclint baseline create\" writes one", c.finder.Shown(file))
	}
	entries := existing.elsewhere(c.in)
	for _, x := range report.Findings {
		if e, ok := existing.entries[x.ID]; ok {
			entries[e.ID] = e
		}
	}
	return p.writeEntries(c, file, entries, f.write)
}

func (p *program) writeEntries(c *checker, file string, entries map[string]archive.Entry, write bool) int {
	var after bytes.Buffer
	if err := writeBaseline(&after, (&baseline{entries: entries}).sorted()); err != nil {
		p.notef("%s", err)
		return statusUsage
	}
	before, err := workspace.ReadConfig(file)
	created := errors.Is(err, os.ErrNotExist)
	if err != nil && !created {
		p.notef("%s %s", c.finder.Shown(file), workspace.Reason(err))
		return statusUsage
	}
	return p.change(c.finder, file, before, after.Bytes(), created, write, nil)
}

// isBaseline reports whether a file is a baseline, which a new one may replace.
func isBaseline(content []byte) bool {
	_, err := parseBaseline(content, "")
	return err == nil
}
