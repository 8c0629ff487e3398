package scan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/spelling"
	"github.com/iaclint/iaclint/analysis/validate"
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
			verb := "are"
			if len(paths) == 1 {
				verb = "is"
			}
			say("%s %s excluded: %s", spelling.Count(len(paths), "input"), verb, shown)
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
		for _, t := range s.Config.Targets {
			for _, name := range slices.Sorted(maps.Keys(t.Given.Values)) {
				say("%s has a value that the code does not give it, in %s", name, t.Glob)
			}
			if level := t.PolicyChecks; level != "" && slices.Index(validate.Levels, level) < slices.Index(validate.Levels, validate.Default) {
				say("policy checks of %s are %s instead of %s", t.Glob, level, validate.Default)
			}
		}
		for _, a := range s.Config.Accounts {
			if a.BlockPublicS3 {
				say("account %s has Block Public Access, as the configuration says", a.Name)
			}
		}
		for _, m := range s.Config.Modules {
			say("module %s is read from %s", m.Source, m.Dir)
		}
		if list := s.Config.Evidence.ExcludeAccounts; len(list) > 0 {
			say("roles and users of %s are not judged for use", strings.Join(list, ", "))
		}
		if list := s.Config.Evidence.ExcludeTags; len(list) > 0 {
			say("roles and users with the tag %s are not judged for use", strings.Join(list, ", "))
		}
		if age := s.Config.Evidence.Age; age > workspace.UsualAge {
			say("what was used within %d days, instead of %d, is not unused", age, workspace.UsualAge)
		}
		if s.Config.Suppressions.Expired == "off" {
			say("expired archive rules and comments are not reported")
		}
		if s.Config.Suppressions.Unused == "off" {
			say("archive rules, comments and entries of the baseline that match nothing are not reported")
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
