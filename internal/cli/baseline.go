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

func (p *program) baseline(args []string) int { return p.sub("baseline", baselineCommands(), args) }

// baselineRun analyses the inputs without the baseline that is to be written;
// existing is what its file holds.
func (p *program) baselineRun(name string, args []string) (c *checker, f *archiveFlags, report finding.Report, file string, existing *scan.Baseline, status int) {
	f = newArchiveFlags("baseline "+name, "write")
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
	existing, err := scan.ReadBaseline(file, c.finder.Shown(file))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, f, report, "", nil, p.usageError("%s %s", c.finder.Shown(file), scan.BaselineReason(err))
	}
	now := scan.Over(c.in, c.scan())
	if status := c.custom(now, nil); status != statusClean {
		return nil, f, report, "", nil, status
	}
	return c, f, now.ReportWithoutBaseline(), file, existing, statusClean
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
func (p *program) baselineCreate(args []string) int {
	c, f, report, file, existing, status := p.baselineRun("create", args)
	if c == nil {
		return status
	}
	entries := existing.Elsewhere(c.in)
	failed := c.unread(report)
	if failed > 0 && existing != nil {
		maps.Copy(entries, existing.Entries) // what is not seen now may lie in what could not be read
	}
	fresh := map[string]archive.Entry{}
	for _, x := range report.Findings {
		if x.Archive != nil {
			continue
		}
		e := archive.EntryOf(x, c.finder.Today)
		if existing != nil && existing.Entries[x.ID].Covers(x) {
			e.Since = existing.Entries[x.ID].Since
		}
		fresh[e.ID] = scan.Merged(fresh[e.ID], e)
	}
	maps.Copy(entries, fresh)
	status = p.writeEntries(c, file, existing, entries, f.write)
	if failed > 0 && status == statusClean {
		p.notef("the baseline holds what could be analysed; the errors above are not part of it, and keep exit status %d", statusIncomplete)
		return statusIncomplete
	}
	return status
}

// baselinePrune removes the entries that match no finding.
func (p *program) baselinePrune(args []string) int {
	c, f, report, file, existing, status := p.baselineRun("prune", args)
	if c == nil {
		return status
	}
	if existing == nil {
		return p.usageError("%s is not there; \"iaclint baseline create\" writes one", c.finder.Shown(file))
	}
	if c.unread(report) > 0 {
		p.notef("nothing is pruned: what an entry is about may lie in what could not be read")
		return statusIncomplete
	}
	entries := existing.Elsewhere(c.in)
	for _, x := range report.Findings {
		if e, ok := existing.Entries[x.ID]; ok {
			entries[e.ID] = e
		}
	}
	return p.writeEntries(c, file, existing, entries, f.write)
}

func (p *program) writeEntries(c *checker, file string, existing *scan.Baseline, entries map[string]archive.Entry, write bool) int {
	same := func(a, b archive.Entry) bool { return reflect.DeepEqual(a, b) }
	var after bytes.Buffer
	if err := scan.WriteBaseline(&after, (&scan.Baseline{Entries: entries}).Sorted()); err != nil {
		p.notef("%s", err)
		return statusUsage
	}
	if err := disk.CheckNamed(file, c.trees); err != nil {
		return p.usageError("%s %s", c.finder.Shown(file), err)
	}
	return p.change(c.finder, file, write, func(before []byte) ([]byte, error) {
		now, err := scan.ParseBaseline(before)
		if err != nil && before != nil {
			return nil, err
		}
		if (existing == nil) != (now == nil) || existing != nil && !maps.EqualFunc(existing.Entries, now.Entries, same) {
			return nil, errors.New("has changed since it was read; run the command again")
		}
		return after.Bytes(), nil
	}, nil)
}
