package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/watch"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/reporters"
)

func newWatchFlags() *flags {
	f := flagsOf("watch", append(readingFlags(), ofFindings.except("suggest", "min-severity"), ofIntent, ofGate.except("exit-zero"), ofReport.only("format"))...)
	f.formatNames = []string{"text", "events"}
	return f
}

func watchFlags() *pflag.FlagSet { return newWatchFlags().set }

func aboutWatch() string {
	return "Analyses once, and again whenever a file changes that is read, until Ctrl-C ends it with\nexit status 0. Each time it says\nwhat is new (+), changed (~), archived (=) and resolved (-). Links out of the tree are not\nfollowed.\n\nFormats:\n  text      a line for each finding, as compiler messages are, for terminals and editors\n  events    a line of JSON for each, an entry of EventBridge's PutEvents\n"
}

// watch analyses again whenever something changes.
func (p *program) watch(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return p.watchUntil(ctx, args)
}

// watching is what the runs of one command have in common.
type watching struct {
	*program
	args []string
	last *finding.Report // of the latest run that made one
}

// watchUntil is watch until the context ends.
func (p *program) watchUntil(ctx context.Context, args []string) error {
	w := &watching{program: p, args: args}
	c, err := w.prepare()
	if err != nil {
		return err
	}
	trees, files, err := c.watched()
	if err != nil {
		return usageError("%s", err)
	}
	// Before anything is read, so that no change of it is missed.
	notify, err := watch.New(trees, files, workspace.Unwatched)
	if err != nil {
		return failed(statusIncomplete, "cannot watch: %s", err)
	}
	defer func() { _ = notify.Close() }()
	if err := w.run(ctx, notify, files); err != nil {
		return err
	}
	if !c.flags.quiet {
		p.notef("watching %d directories; Ctrl-C ends it", notify.Directories())
	}
	for {
		_ = p.out.Flush() // a stream that is closed ends the run below
		_ = p.errw.Flush()
		if p.stdout.failure() != nil {
			return ended(statusIncomplete)
		}
		if err := notify.Wait(ctx); err != nil {
			if errors.Is(err, context.Canceled) {
				return nil
			}
			return failed(statusIncomplete, "cannot watch any more: %s", err)
		}
		err := w.run(ctx, notify, files)
		switch end := endOf(err); {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, errLost):
			return err
		default: // a configuration that is broken: the next change may mend it
			for _, m := range end.messages {
				p.notef("%s", m)
			}
		}
	}
}

// errLost is the end of a run after which nothing can be watched.
var errLost = errors.New("cannot watch any more")

// prepare reads the command line, and collects the inputs; without a checker it cannot
// be followed.
func (w *watching) prepare() (*checker, error) {
	c, names, err := w.begin(newWatchFlags(), w.args)
	if err != nil {
		return nil, err
	}
	if len(c.destinations) != 1 || c.destinations[0].path != "" {
		return nil, usageError("watch writes one format, on standard output")
	}
	paths, err := pathArguments(names)
	if err != nil {
		return nil, usageError("%s", err)
	}
	if slices.Contains(paths, "-") {
		return nil, usageError("standard input cannot be watched")
	}
	c.in, c.paths = c.walker(nil).Collect(paths), paths
	return c, nil
}

// run analyses and says what differs from the latest report. A configuration that is
// broken is said, and may be mended by the next change.
func (w *watching) run(ctx context.Context, notify *watch.Watcher, files []string) error {
	c, err := w.prepare()
	if err != nil {
		return err
	}
	if err := c.configure(); err != nil {
		return err
	}
	var mutex sync.Mutex
	reads := slices.Clone(files)
	o := c.scan()
	o.Opened = func(abs string) {
		mutex.Lock()
		defer mutex.Unlock()
		reads = append(reads, abs)
	}
	now, err := scan.OverContext(ctx, c.in, o)
	if err != nil {
		return nil // it ends
	}
	if err := notify.Files(reads); err != nil {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	out, err := c.judge(now, nil)
	if err != nil {
		return err
	}
	w.last = w.tell(c, out.Report)
	return nil
}

// watched are the trees and files that were named, and what else flags and
// configuration name.
func (c *checker) watched() (trees, files []string, err error) {
	for _, name := range c.paths {
		abs, err := filepath.EvalSymlinks(c.absolute(name))
		if err != nil {
			return nil, nil, fmt.Errorf("%s %s", name, workspace.Reason(err))
		}
		if info, err := os.Stat(abs); err == nil && info.IsDir() {
			trees = append(trees, abs)
		} else {
			files = append(files, abs)
		}
	}
	f := c.flags
	named := slices.Concat(f.parameterFiles, f.deployed, f.evidence.Paths)
	for _, v := range f.variables {
		if v.IsFile {
			named = append(named, v.Text)
		}
	}
	if f.baseline != "" {
		named = append(named, f.baseline)
	}
	for _, name := range named {
		files = append(files, c.absolute(name))
	}
	for i := range c.in.Files {
		if s := c.finder.Of(&c.in.Files[i]); s != nil && s.Abs != "" && !slices.Contains(files, s.Abs) {
			files = append(files, s.Abs)
		}
	}
	return trees, files, nil
}

// marks are what a line begins with, by what has become of the finding.
var marks = map[finding.EventKind]string{finding.FindingNew: "+", finding.FindingChanged: "~", finding.FindingArchived: "=", finding.FindingResolved: "-"}

// tell says what differs from the latest report, and returns what the next one is
// compared with.
func (w *watching) tell(c *checker, r finding.Report) *finding.Report {
	relative := c.relative(c.in)
	o := c.options(relative, statusClean)
	o.Since = w.last
	if o.Since == nil {
		o.Since = &finding.Report{}
	}
	if c.destinations[0].format == "events" {
		var out bytes.Buffer
		if err := reporters.Write("events", &out, r, o); err != nil {
			w.notef("%s", err)
		}
		_, _ = w.stdout.Write(out.Bytes())
	}
	events, unsure := finding.Events(*o.Since, r)
	for _, e := range events {
		if c.destinations[0].format == "text" && (w.last != nil || e.Kind == finding.FindingNew) {
			f := e.Finding
			place := relative(f.Path)
			if l := f.Location; l != nil {
				place = fmt.Sprintf("%s:%d:%d", relative(l.Path), l.StartLine, l.StartColumn)
			}
			w.outf("%s %s: %s: %s [%s]", marks[e.Kind], place, f.Severity, f.Message, f.Rule)
		}
	}
	w.errors(c, r)
	next := kept(*o.Since, r, events)
	if c.flags.quiet {
		return next
	}
	if unsure > 0 {
		w.notef("findings that may still be there, as not everything could be read: %d", unsure)
	}
	if w.last == nil || len(events) > 0 {
		active := 0
		for _, f := range r.Findings {
			if f.Status != finding.Archived && !f.Change.Is(finding.Removed) {
				active++
			}
		}
		w.notef("findings: %d, resources: %d", active, r.Summary.Resources)
	}
	return next
}

// kept is a report with the earlier findings of which it is not known whether they are
// still there, so that they are resolved once that is known.
func kept(before, after finding.Report, events []finding.Event) *finding.Report {
	key := func(f finding.Finding) string { return f.ID + "\x00" + f.Path + "\x00" + f.Address }
	there := map[string]bool{}
	for _, f := range after.Findings {
		there[key(f)] = true
	}
	for _, e := range events {
		there[key(e.Finding)] = true
	}
	after.Findings = slices.Clone(after.Findings)
	for _, f := range before.Findings {
		if !there[key(f)] {
			after.Findings = append(after.Findings, f)
		}
	}
	return &after
}

// errors says what could not be read and could be before, and that all can be again.
func (w *watching) errors(c *checker, r finding.Report) {
	wrong := func(r finding.Report) (out []finding.Diagnostic) {
		for _, d := range r.Diagnostics {
			if d.Severity == string(source.Error) {
				out = append(out, d)
			}
		}
		return out
	}
	var old []finding.Diagnostic
	if w.last != nil {
		old = wrong(*w.last)
	}
	now := wrong(r)
	fresh := finding.Report{}
	for _, d := range now {
		if !slices.Contains(old, d) {
			fresh.Diagnostics = append(fresh.Diagnostics, d)
		}
	}
	c.tell(fresh, c.relative(c.in))
	if len(old) > 0 && len(now) == 0 {
		w.notef("everything can be read again")
	}
}
