// Package scan runs the whole analysis from plain options: it loads inputs, links
// those that have to do with each other, analyses resources, applies rules, custom
// rules and archive rules, and makes the report. It compares two runs and answers
// questions. It opens nothing itself: inputs come from package workspace.
package scan

import (
	"context"
	"slices"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders"
	"github.com/iaclint/iaclint/rules"
)

// Options are what a run is asked for, beside its inputs.
type Options struct {
	Version     string           // of the program, as reports have it
	Today       string           // the day on which archive rules are judged, as 2027-01-31
	Given       loaders.Options  // values of parameters and variables
	Complete    bool             // findings as Access Analyzer words them
	Effort      access.Effort    // for each resource; 0 is all that one is worth
	Opened      func(abs string) // is told each file that inputs have asked for; nil: nobody asks
	Properties  bool             // keep properties of resources, for rules in Rego, whatever is configured
	Question    *Question        // asked instead of findings; nil: none
	Filter      RuleFilter
	NoIgnores   bool // comments, archive rules and configured baselines do not count
	ChangedOnly bool // the inputs are changed files: what matches nothing may match elsewhere
	OnlyNew     bool // only what is new or wider counts for the exit status
	MinSeverity finding.Severity
	AllowEmpty  bool
	Baseline    string            // a file that is named, absolute; "": those of configurations
	BaselineAs  string            // that name in messages
	Excluded    Excluded          // inputs that a configuration leaves out
	Modules     map[string]string // absolute directories of Terraform modules, by source
	Strict      bool              // what could not be read is an error
	Load        loader            // nil: loaders.Load

	findings int // that a resource may have; 0 is no bound
}

// Run is the analysis of some inputs.
type Run struct {
	In      workspace.Inputs
	Options Options
	Results []Result
	changes map[string]finding.ChangeKind // of code that is not here, since what Results are compared with
}

// Over reads and analyses inputs.
func Over(in workspace.Inputs, o Options) *Run {
	run, err := OverContext(context.Background(), in, o)
	if err != nil {
		panic(err) // such a context does not end
	}
	return run
}

// OverContext is Over until a context ends: what is being read or analysed then is
// finished, nothing else is begun, and the error says why the context ended.
func OverContext(ctx context.Context, in workspace.Inputs, o Options) (*Run, error) {
	run := &Run{In: in, Options: o, Results: analyse(ctx, in.Files, o)}
	return run, context.Cause(ctx)
}

// Outcome is the report on a run, and what a report does not say.
type Outcome struct {
	Report   finding.Report
	Failing  int               // findings at or above the gate
	Hidden   int               // of these, those that the report leaves out
	Shown    map[string]string // paths for people of files that are not inputs, by path in the report
	States   []rules.State     // resources, with findings as they are judged
	Unread   []finding.Finding // about code that is not here
	Minimums []int             // of each state, the severity that counts for the exit status
	Archive  *archiver
	run      *Run
}

// Report judges the findings of the run: how severe they are, and whether they are
// archived.
func (r *Run) Report() (*Outcome, error) { return r.ReportReading(workspace.ReadConfig) }

// ReportReading reads the baselines that configurations name with a function.
func (r *Run) ReportReading(read func(file string) ([]byte, error)) (*Outcome, error) {
	a := &assembler{options: r.Options, changes: r.changes, archive: newArchiver(r.Options)}
	a.archive.read = read
	if err := a.archive.loadBaselines(r.In); err != nil {
		return nil, err
	}
	report := a.assemble(r.In, r.Results)
	return &Outcome{report, a.failing, a.hidden, a.archive.shown, a.states, a.unreadCode, a.minimums, a.archive, r}, nil
}

// ReportWithoutBaseline is the report as it is when no baseline counts.
func (r *Run) ReportWithoutBaseline() finding.Report {
	a := &assembler{options: r.Options, changes: r.changes, archive: newArchiver(r.Options)}
	return a.assemble(r.In, r.Results)
}

// Recognised reports whether any input is of a kind that can be analysed. There may
// be no run.
func (r *Run) Recognised() bool {
	return r != nil && slices.ContainsFunc(r.Results, func(r Result) bool { return r.recognised })
}

// Failed reports whether an input could not be read.
func (r *Run) Failed() bool {
	return slices.ContainsFunc(r.Results, func(r Result) bool { return hasError(r.Diagnostics) })
}

// IsPlan reports whether an input tells what there is already.
func (r *Run) IsPlan() bool {
	return slices.ContainsFunc(r.Results, func(r Result) bool { return r.compared })
}

// Sides are the run of a plan as two: what the plan starts from, and what it leads
// to, without what it keeps.
func (r *Run) Sides() (before, after *Run) {
	before, after = &Run{In: r.In, Options: r.Options}, &Run{In: r.In, Options: r.Options}
	for _, r := range r.Results {
		before.Results = append(before.Results, Result{Analysed: r.before, recognised: true, read: true, intentions: r.intentions})
		r.withdrawn = nil
		r.Analysed = slices.DeleteFunc(slices.Clone(r.Analysed), func(x Analysed) bool { return x.Kept })
		after.Results = append(after.Results, r)
	}
	return before, after
}
