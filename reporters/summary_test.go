package reporters

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

func TestSummary(t *testing.T) {
	high := finding.Finding{Severity: finding.High, Certainty: finding.Proven}
	maybe := finding.Finding{Severity: finding.Low, Certainty: finding.NotProven}
	kept := finding.Finding{Severity: finding.High, Status: "ARCHIVED"}
	gone := finding.Finding{Severity: finding.High, Change: &removedChange}
	bad := finding.Diagnostic{Severity: "error"}
	odd := finding.Diagnostic{Severity: "warning"}
	sum := func(n, public, skipped int) finding.Summary {
		return finding.Summary{Resources: n, Public: public, FilesSkipped: skipped}
	}
	for _, c := range []struct {
		name string
		r    finding.Report
		want string
	}{
		{"clean", finding.Report{Summary: sum(34, 0, 0)}, "no external access found in 34 resources"},
		{"nothing", finding.Report{}, "no resources found"},
		{"skipped", finding.Report{Summary: sum(1, 0, 1)}, "no external access found in 1 resource; 1 file skipped"},
		{"warning", finding.Report{Summary: sum(2, 0, 0), Diagnostics: []finding.Diagnostic{odd, odd}}, "no external access found in 2 resources; 2 warnings"},
		{"findings", finding.Report{Summary: sum(2, 1, 0), Findings: []finding.Finding{high, maybe, {ID: "2", Severity: finding.High}}}, "3 findings (2 high, 1 low) in 2 resources; 1 undetermined"},
		{"one", finding.Report{Summary: sum(1, 1, 0), Findings: []finding.Finding{high}}, "1 finding (1 high) in 1 resource"},
		{"unknown severity", finding.Report{Summary: sum(1, 1, 0), Findings: []finding.Finding{{Severity: "x"}}}, "1 finding (1 of unknown severity) in 1 resource"},
		// Archived access is still access.
		{"archived", finding.Report{Summary: sum(2, 1, 0), Findings: []finding.Finding{kept}}, "no findings to report in 2 resources, 1 of which can or could be reached from outside; 1 archived"},
		{"hidden by a filter", finding.Report{Summary: sum(1, 0, 0), Resources: []finding.Resource{{Verdict: finding.External}}}, "no findings to report in 1 resource, 1 of which can or could be reached from outside"},
		{"removed", finding.Report{Summary: sum(2, 0, 0), Findings: []finding.Finding{gone}}, "no external access found in 2 resources; 1 removed"},
		{"blocked", finding.Report{Summary: sum(1, 0, 0), Resources: []finding.Resource{{Verdict: finding.None, BlockedBy: []string{"x"}}}}, "no external access found in 1 resource; 1 blocked"},
		// What was not read is not clean.
		{"incomplete", finding.Report{Summary: sum(2, 0, 0), Diagnostics: []finding.Diagnostic{bad}}, "analysis incomplete: 1 error; no findings in 2 resources"},
		{"incomplete, nothing", finding.Report{Diagnostics: []finding.Diagnostic{bad, bad}}, "analysis incomplete: 2 errors; no resources found"},
		{"incomplete with findings", finding.Report{Summary: sum(2, 1, 0), Findings: []finding.Finding{high}, Diagnostics: []finding.Diagnostic{bad}}, "analysis incomplete: 1 error; 1 finding (1 high) in 2 resources"},
	} {
		if got := summary(c.r); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestExample(t *testing.T) {
	who := func(kind, arn, account string) finding.Finding {
		return finding.Finding{Witness: &finding.Witness{Principal: finding.WitnessPrincipal{Type: kind, ARN: arn, Account: account}, Action: "sts:AssumeRole"}}
	}
	for _, c := range []struct {
		f    finding.Finding
		want string
	}{
		{who("Anonymous", "", ""), "an anonymous caller calls sts:AssumeRole"},
		{who("AWS", "arn:aws:iam::999999999999:role/r", "999999999999"), "arn:aws:iam::999999999999:role/r calls sts:AssumeRole"},
		{who("AWS", "", "999999999999"), "a principal of account 999999999999 calls sts:AssumeRole"},
		{who("AWS", "", ""), "a principal calls sts:AssumeRole"},
		{who("Federated", "token.actions.githubusercontent.com", ""), "a caller federated by token.actions.githubusercontent.com calls sts:AssumeRole"},
		{who("CanonicalUser", "79a59d", ""), "canonical user 79a59d calls sts:AssumeRole"},
		{who("Service", "sns.amazonaws.com", ""), "service sns.amazonaws.com calls sts:AssumeRole"},
	} {
		if got := example(c.f, listed); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		items []string
		limit int
		want  string
	}{
		{nil, 2, ""},
		{[]string{"a", "b"}, 2, "a, b"},
		{[]string{"a", "b", "c"}, 2, "a, b, c"}, // "and 1 more" is no shorter
		{[]string{"a", "b", "c", "d"}, 2, "a, b, and 2 more"},
	} {
		if got := enumerate(c.items, c.limit); got != c.want {
			t.Errorf("enumerate(%q, %d) = %q, want %q", c.items, c.limit, got, c.want)
		}
	}
}
