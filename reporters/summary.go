package reporters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/spelling"
)

// summary is the last line for people. It claims that there is no external
// access only where that was shown for every input.
func summary(r finding.Report) string {
	parts := []string{headline(r)}
	errors, warnings := 0, 0
	for _, d := range r.Diagnostics {
		if d.Severity == string(source.Error) {
			errors++
		} else {
			warnings++
		}
	}
	for _, p := range []struct {
		n    int
		what string
	}{
		{blockedResources(r), "blocked"},
		{number(causes(r.Findings, counts, Options{}), func(f finding.Finding) bool { return f.Certainty == finding.NotProven }), "undetermined"},
		{number(r.Findings, archived), "archived"},
		{number(r.Findings, func(f finding.Finding) bool { return removed(f) && !archived(f) }), "removed"},
		{warnings, spelling.Plural(warnings, "warning")},
		{r.Summary.FilesExcluded, spelling.Plural(r.Summary.FilesExcluded, "input") + " excluded"},
		{r.Summary.FilesSkipped, spelling.Plural(r.Summary.FilesSkipped, "file") + " skipped"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	s := strings.Join(parts, "; ")
	if errors > 0 {
		return fmt.Sprintf("analysis incomplete: %d %s; %s", errors, spelling.Plural(errors, "error"), s)
	}
	return s
}

// headline counts the findings that count, or says that there is nothing to
// count, and why.
func headline(r finding.Report) string {
	found := causes(r.Findings, counts, Options{})
	total := len(found)
	resources := fmt.Sprintf("%d %s", r.Summary.Resources, spelling.Plural(r.Summary.Resources, "resource"))
	if total > 0 {
		return fmt.Sprintf("%d %s (%s) in %s", total, spelling.Plural(total, "finding"), bySeverity(found), resources)
	}
	incomplete := slices.ContainsFunc(r.Diagnostics, func(d finding.Diagnostic) bool { return d.Severity == string(source.Error) })
	switch reached := reachable(r); {
	case r.Summary.Resources == 0 && len(r.Resources) == 0 && number(r.Findings, unreadCode) == 0:
		return "no resources found"
	case reached > 0:
		// Archived, or below what the user asked to see: not the same as closed.
		return fmt.Sprintf("no findings to report in %s, %d of which can or could be reached from outside", resources, reached)
	case incomplete:
		return "no findings in " + resources
	case number(r.Findings, unreadCode) > 0: // archived
		return "no findings in " + resources + "; not everything was read"
	}
	return "no external access found in " + resources
}

// unreadCode reports whether a finding is about code that was not read as a whole.
func unreadCode(f finding.Finding) bool {
	return f.Rule == "unread-module" || f.Rule == "unread-template" || f.Rule == "unread-budget"
}

// reachable counts the resources whose verdict is not none; the report's own
// count where it lists fewer.
func reachable(r finding.Report) int {
	n := number(r.Resources, func(s finding.Resource) bool { return s.Verdict != finding.None })
	return max(n, r.Summary.Public+r.Summary.External+r.Summary.Undetermined)
}

// bySeverity lists how many findings there are of each severity, highest first.
func bySeverity(fs []finding.Finding) string {
	count := map[finding.Severity]int{}
	for _, f := range fs {
		if counts(f) {
			count[f.Severity]++
		}
	}
	var parts []string
	for _, s := range slices.Backward(finding.Severities) {
		if count[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[s], s))
		}
		delete(count, s)
	}
	rest := 0
	for _, n := range count {
		rest += n
	}
	if rest > 0 {
		parts = append(parts, fmt.Sprintf("%d of unknown severity", rest))
	}
	return strings.Join(parts, ", ")
}

func blockedResources(r finding.Report) int {
	return number(r.Resources, func(s finding.Resource) bool { return len(s.BlockedBy) > 0 })
}

// number returns how many elements satisfy a condition.
func number[T any](s []T, is func(T) bool) int {
	n := 0
	for _, e := range s {
		if is(e) {
			n++
		}
	}
	return n
}
