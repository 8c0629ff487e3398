package main

import (
	"fmt"
	"path"

	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/rules"
)

func ruleIDs() []string {
	var ids []string
	for _, r := range rules.All {
		ids = append(ids, r.ID)
	}
	return ids
}

// rules lists them in the order in which they are tried.
func (p *program) rules(args []string) int {
	if len(args) > 0 {
		return p.usageError("rules takes no arguments; describe one rule with \"iaclint explain %s\"", args[0])
	}
	for _, r := range rules.All {
		fmt.Fprintf(p.out, "%-22s %-9s %s\n", r.ID, r.Severity, r.Summary)
	}
	return statusClean
}

func (p *program) explain(args []string) int {
	if len(args) != 1 {
		return p.usageError("explain takes the id of one rule; \"iaclint rules\" lists them")
	}
	for _, r := range rules.All {
		if r.ID == args[0] {
			fmt.Fprintf(p.out, "%s (%s)\n\n%s\n\nhelp: %s\n", r.ID, r.Severity, r.Summary, rules.Help(r.ID))
			return statusClean
		}
	}
	return p.usageError("unknown rule %q%s", args[0], ruleHint(args[0]))
}

func ruleHint(id string) string {
	if hint := config.Nearest(id, ruleIDs()); hint != "" {
		return fmt.Sprintf("; did you mean %q?", hint)
	}
	return "; \"iaclint rules\" lists them"
}

// ruleFilter chooses the rules whose findings are reported.
type ruleFilter struct{ only, skip []string }

// check returns the first pattern that names no rule.
func (f ruleFilter) check() (flag, pattern string, ok bool) {
	for _, part := range []struct {
		flag     string
		patterns []string
	}{{"--rule", f.only}, {"--skip-rule", f.skip}} {
		for _, pattern := range part.patterns {
			if !anyRule(pattern) {
				return part.flag, pattern, false
			}
		}
	}
	return "", "", true
}

func anyRule(pattern string) bool {
	for _, id := range ruleIDs() {
		if ruleMatches(pattern, id) {
			return true
		}
	}
	return false
}

func ruleMatches(pattern, id string) bool {
	ok, err := path.Match(pattern, id)
	return err == nil && ok
}

func (f ruleFilter) reports(id string) bool {
	for _, pattern := range f.skip {
		if ruleMatches(pattern, id) {
			return false
		}
	}
	for _, pattern := range f.only {
		if ruleMatches(pattern, id) {
			return true
		}
	}
	return len(f.only) == 0
}
