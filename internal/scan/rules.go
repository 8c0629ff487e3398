package scan

import (
	"fmt"
	"path"
	"slices"
	"sync"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/spelling"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/rules"
)

// DescribedRules are the rules as reports describe them: those of the program,
// and those of the configuration of inputs.
func DescribedRules(in workspace.Inputs, list []finding.Finding) []finding.Rule {
	return slices.Concat(describedAll(), describedOwn(in), describedChecks(list))
}

// describedAll are the rules of the program. A program that asks for many reports
// makes them once.
var describedAll = sync.OnceValue(func() []finding.Rule {
	var out []finding.Rule
	for _, r := range rules.All {
		out = append(out, described(r))
	}
	return out
})

func described(r rules.Rule) finding.Rule {
	page := rules.PageOf(r)
	return finding.Rule{ID: r.ID, Severity: r.Severity, Summary: r.Summary, Description: page.Description(), Help: page.Help, Page: page.Markdown()}
}

// describedChecks are the policy checks that have findings: there are too many to
// describe all.
func describedChecks(list []finding.Finding) []finding.Rule {
	if !slices.ContainsFunc(list, func(f finding.Finding) bool { return f.IssueCode != "" }) {
		return nil
	}
	var out []finding.Rule
	for _, r := range rules.PolicyChecks() {
		if slices.ContainsFunc(list, func(f finding.Finding) bool { return f.Rule == r.ID }) {
			out = append(out, described(r))
		}
	}
	return out
}

func RuleHint(id string, ids []string) string {
	if hint := spelling.Nearest(id, ids); hint != "" {
		return fmt.Sprintf("; did you mean %q?", hint)
	}
	return "; \"iaclint rules\" lists them"
}

// RuleFilter chooses the rules whose findings are reported.
type RuleFilter struct{ Only, Skip []string }

// Check returns the first pattern that names no rule.
func (f RuleFilter) Check(ids []string) (flag, pattern string, ok bool) {
	for _, part := range []struct {
		flag     string
		patterns []string
	}{{"--rule", f.Only}, {"--skip-rule", f.Skip}} {
		for _, pattern := range part.patterns {
			if !slices.ContainsFunc(ids, func(id string) bool { return ruleMatches(pattern, id) }) {
				return part.flag, pattern, false
			}
		}
	}
	return "", "", true
}

func ruleMatches(pattern, id string) bool {
	ok, err := path.Match(pattern, id)
	return err == nil && ok
}

func (f RuleFilter) Reports(id string) bool {
	for _, pattern := range f.Skip {
		if ruleMatches(pattern, id) {
			return false
		}
	}
	for _, pattern := range f.Only {
		if ruleMatches(pattern, id) {
			return true
		}
	}
	return len(f.Only) == 0
}
