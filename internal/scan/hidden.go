package scan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/rules"
)

// Excluded are the inputs that a walk left out, by the configuration that says so.
type Excluded map[*workspace.Settings][]string

// count returns how many inputs were left out.
func (e Excluded) count() int {
	n := 0
	for _, paths := range e {
		n += len(paths)
	}
	return n
}

// mostExcluded paths are named for one configuration.
const mostExcluded = 5

// hiddenBy says what the configurations that were found, rather than named by the
// operator, keep from the report: whoever proposes a change can write them.
func hiddenBy(in workspace.Inputs, left Excluded) []string {
	out := map[string]bool{}
	seen := map[*workspace.Settings]bool{}
	tell := func(s *workspace.Settings) {
		if s == nil || seen[s] || !s.Found() {
			return
		}
		seen[s] = true
		say := func(format string, args ...any) { out[s.ReportFile+": "+fmt.Sprintf(format, args...)] = true }
		if paths := slices.Clone(left[s]); len(paths) > 0 {
			slices.Sort(paths)
			shown := strings.Join(paths[:min(len(paths), mostExcluded)], ", ")
			if more := len(paths) - mostExcluded; more > 0 {
				shown += fmt.Sprintf(" and %d more", more)
			}
			say("%d %s excluded: %s", len(paths), plural(len(paths), "input is", "inputs are"), shown)
		}
		own := map[string]finding.Severity{}
		for _, r := range rules.All {
			own[r.ID] = r.Severity
		}
		for id, r := range s.Config.Rules {
			switch was, ours := own[id]; {
			case r.Disabled:
				say("rule %s is off", id)
			case r.Severity == "":
			case !ours:
				say("rule %s has severity %s", id, r.Severity)
			case finding.Severity(r.Severity).Rank() < was.Rank():
				say("rule %s has severity %s instead of %s", id, r.Severity, was)
			}
		}
		if workspace.Gate("", s.Config.FailOn) > finding.Medium.Rank() {
			say("fail_on is %s", s.Config.FailOn)
		}
	}
	for i := range in.Files {
		tell(in.Files[i].Settings)
	}
	for s := range left {
		tell(s)
	}
	return slices.Sorted(maps.Keys(out))
}

// WithHidden are the assumptions of a report and what is hidden from it, for the
// formats that have one list for both.
func WithHidden(r finding.Report) []string {
	out := slices.Clone(r.Assumptions)
	for _, h := range r.Hidden {
		out = append(out, "hidden by "+h)
	}
	return out
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
