package cli

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/disk"
	"github.com/iaclint/iaclint/internal/scan"
)

// baselineCommands are the words behind "baseline".
func baselineCommands() []command {
	return []command{
		{name: "create", usage: "[flags] [path ...]", summary: "show, or with --write write, a baseline of all findings", run: (*program).baselineCreate, flags: editing("baseline create", "write")},
		{name: "prune", usage: "[flags] [path ...]", summary: "show, or with --write make, the removal of entries that match nothing", run: (*program).baselinePrune, flags: editing("baseline prune", "write")},
	}
}

func (p *program) baseline(args []string) error { return p.sub("baseline", baselineCommands(), args) }

// baselineRun is a run of a command on a baseline.
type baselineRun struct {
	*checker
	flags    *archiveFlags
	report   finding.Report // without the baseline that is to be written
	file     string
	existing *scan.Baseline // in the file; nil if there is none
}

// baselineRun analyses the inputs without the baseline that is to be written.
func (p *program) baselineRun(name string, args []string) (*baselineRun, error) {
	f := newArchiveFlags("baseline "+name, "write")
	c, err := p.prepare(f.flags, args)
	if err != nil {
		return nil, err
	}
	if err := c.configure(); err != nil {
		return nil, err
	}
	s := c.settingsOf("")
	r := &baselineRun{checker: c, flags: f}
	switch {
	case f.baseline != "":
		r.file = f.baseline
		if !filepath.IsAbs(r.file) {
			r.file = filepath.Join(c.finder.Cwd, r.file)
		}
	case s.Config.Baseline != "":
		r.file = s.BaselineFile()
	default:
		return nil, usageError("no baseline is named: give --baseline FILE, or a baseline block in the configuration")
	}
	r.existing, err = scan.ReadBaseline(r.file, c.finder.Shown(r.file))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, usageError("%s %s", c.finder.Shown(r.file), scan.BaselineReason(err))
	}
	now := scan.Over(c.in, c.scan())
	if err := c.custom(now, nil); err != nil {
		return nil, err
	}
	r.report = now.ReportWithoutBaseline()
	return r, nil
}

// unread tells of what could not be analysed, a few lines of it, and how many
// errors there are.
func (c *checker) unread(report finding.Report) int {
	const shown = 10
	n := 0
	for _, d := range report.Diagnostics {
		if d.Severity != string(source.Error) {
			continue
		}
		if n++; n <= shown {
			c.notef("%s: %s", d.Path, d.Message)
		}
	}
	if n > shown {
		c.notef("and %d more errors", n-shown)
	}
	return n
}

// baselineCreate records all findings that nothing else archives. What was
// recorded before keeps its day, unless it grants more now.
func (p *program) baselineCreate(args []string) error {
	r, err := p.baselineRun("create", args)
	if err != nil {
		return err
	}
	entries := r.existing.Elsewhere(r.in)
	missing := r.unread(r.report)
	if missing > 0 && r.existing != nil {
		maps.Copy(entries, r.existing.Entries) // what is not seen now may lie in what could not be read
	}
	fresh := map[string]archive.Entry{}
	for _, x := range r.report.Findings {
		if x.Archive != nil {
			continue
		}
		e := archive.EntryOf(x, r.finder.Today)
		if r.existing != nil && r.existing.Entries[x.ID].Covers(x) {
			e.Since = r.existing.Entries[x.ID].Since
		}
		fresh[e.ID] = scan.Merged(fresh[e.ID], e)
	}
	maps.Copy(entries, fresh)
	if err := r.writeEntries(entries); err != nil {
		return err
	}
	if missing > 0 {
		return failed(statusIncomplete, "the baseline holds what could be analysed; the errors above are not part of it, and keep exit status %d", statusIncomplete)
	}
	return nil
}

// baselinePrune removes the entries that match no finding.
func (p *program) baselinePrune(args []string) error {
	r, err := p.baselineRun("prune", args)
	if err != nil {
		return err
	}
	if r.existing == nil {
		return usageError("%s is not there; \"iaclint baseline create\" writes one", r.finder.Shown(r.file))
	}
	if r.unread(r.report) > 0 {
		return failed(statusIncomplete, "nothing is pruned: what an entry is about may lie in what could not be read")
	}
	entries := r.existing.Elsewhere(r.in)
	for _, x := range r.report.Findings {
		if e, ok := r.existing.Entries[x.ID]; ok {
			entries[e.ID] = e
		}
	}
	return r.writeEntries(entries)
}

// writeEntries makes a baseline of entries, unless another run has changed the file.
func (r *baselineRun) writeEntries(entries map[string]archive.Entry) error {
	same := func(a, b archive.Entry) bool { return reflect.DeepEqual(a, b) }
	var after bytes.Buffer
	if err := scan.WriteBaseline(&after, (&scan.Baseline{Entries: entries}).Sorted()); err != nil {
		return failed(statusUsage, "%s", err)
	}
	if err := disk.CheckNamed(r.file, r.trees); err != nil {
		return usageError("%s %s", r.finder.Shown(r.file), err)
	}
	return r.change(r.finder, r.file, r.flags.write, func(before []byte) ([]byte, error) {
		now, err := scan.ParseBaseline(before)
		if err != nil && before != nil {
			return nil, err
		}
		if (r.existing == nil) != (now == nil) || r.existing != nil && !maps.EqualFunc(r.existing.Entries, now.Entries, same) {
			return nil, errors.New("has changed since it was read; run the command again")
		}
		return after.Bytes(), nil
	}, nil)
}
