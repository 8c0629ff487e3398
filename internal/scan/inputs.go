package scan

import (
	"cmp"
	"slices"

	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/workspace"
)

// ListInputs lists what a run was given or found, and what became of each. Without
// results the inputs are those that would be analysed.
func ListInputs(in workspace.Inputs, results []Result, left Excluded) []finding.Input {
	out := []finding.Input{}
	for i := range in.Files {
		x := finding.Input{Path: in.Files[i].Path, Status: finding.InputAnalysed}
		if results != nil {
			x.Status, x.Reason = became(results[i])
		}
		out = append(out, x)
	}
	for _, p := range in.Problems {
		if !p.Warning {
			out = append(out, finding.Input{Path: p.Input.Path, Status: finding.InputFailed, Reason: p.Message})
		}
	}
	for _, p := range append(slices.Clone(in.Skipped), in.SkippedDirs...) {
		out = append(out, finding.Input{Path: p.Input.Path, Status: finding.InputSkipped, Reason: p.Message})
	}
	for s, paths := range left {
		for _, path := range paths {
			out = append(out, finding.Input{Path: path, Status: finding.InputExcluded, Reason: "excluded by " + s.ReportFile})
		}
	}
	slices.SortFunc(out, func(x, y finding.Input) int {
		return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Status, y.Status), cmp.Compare(x.Reason, y.Reason))
	})
	return slices.Compact(out)
}

// became says what became of an input: it failed if there is an error in it.
func became(r Result) (status, reason string) {
	for _, d := range r.Diagnostics {
		if d.Severity == source.Error {
			return finding.InputFailed, escape.Brief(d.Message)
		}
	}
	switch {
	case r.recognised:
		return finding.InputAnalysed, ""
	case len(r.Diagnostics) > 0:
		return finding.InputSkipped, escape.Brief(r.Diagnostics[0].Message)
	}
	return finding.InputSkipped, "not recognised as anything that grants access"
}
