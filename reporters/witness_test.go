package reporters

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// Every format for people says that a request needs more than its caller, even
// where the finding has no condition.
func TestTerms(t *testing.T) {
	f := sample().Findings[1]
	f.Certainty, f.Needs = finding.Proven, nil
	f.Witness = &finding.Witness{Principal: finding.WitnessPrincipal{Type: "AWS", ARN: "arn:aws:iam::999999999999:role/outside", Account: "999999999999", Session: "s1"},
		Action: "sts:AssumeRole", Context: map[string][]string{"sts:ExternalId": {"x-42"}, "aws:PrincipalArn": {"arn:aws:iam::999999999999:role/outside"}}}
	r := clean()
	r.Findings = []finding.Finding{f}
	for _, format := range []string{"text", "markdown", "html", "sarif"} {
		out := strings.Join(strings.Fields(write(t, format, r, Options{})), " ")
		for _, want := range []string{"limited by nothing; the request also needs sts:ExternalId = x-42", "in the session s1"} {
			if !strings.Contains(out, want) {
				t.Errorf("%s lacks %q:\n%s", format, want, out)
			}
		}
		if strings.Contains(out, "needs aws:PrincipalArn") {
			t.Errorf("%s: what the caller is needs no mention", format)
		}
	}
	if f.Witness.Context = nil; strings.Join(text{limit: 3}.conditions(f), "") != "none" {
		t.Error("a request that needs nothing needs something")
	}
}
