package scan

import (
	"sync"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/internal/workspace"
)

// Intent knows which findings of some tasks nobody wants closed. It may be asked
// from several goroutines.
type Intent struct {
	mu      sync.Mutex
	archive *archiver
}

// IntentOf reads what comments, archive rules and baselines say. A baseline that
// cannot be read archives nothing here; the report of the run fails for it.
func IntentOf(tasks []Task, results []Result, o Options) *Intent {
	a := newArchiver(o)
	var in workspace.Inputs
	for _, t := range tasks {
		in.Files = append(in.Files, *t.In)
	}
	if err := a.loadBaselines(in); err != nil {
		a.baselines = map[string]*Baseline{}
	}
	a.learn(in, results)
	return &Intent{archive: a}
}

// Recorded is what Spares says of what only a baseline archives.
const Recorded = "archived by baseline"

// Spares says why a finding is to be left alone: what archives it, or that nobody
// asks for its rule; "" if it may be closed.
func (t *Intent) Spares(in *workspace.Input, x Analysed, f finding.Finding) string {
	if in.Settings.Config.Rules[f.Rule].Disabled || !t.archive.Options.Filter.Reports(f.Rule) {
		return "rule " + f.Rule + " is switched off"
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if f = t.archive.apply(in, x, f); f.Archive != nil {
		return "archived by " + f.Archive.By
	}
	return ""
}

// Says reports whether anything is said at all about findings that are intended.
func (t *Intent) Says() bool {
	a := t.archive
	said := len(a.order)+len(a.baselines) > 0
	for _, set := range a.sets {
		said = said || len(set.rules) > 0
	}
	return said
}
