package reporters

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// A finding of AWS's policy checks carries AWS's code, type and page.
func TestPolicyCheckProperties(t *testing.T) {
	const link = "https://docs.aws.amazon.com/IAM/latest/UserGuide/page.html#check"
	f := finding.Finding{
		Rule: "policy-invalid-action", Severity: finding.High, Status: "ACTIVE", Path: "a.json", Message: "m",
		IssueCode: "INVALID_ACTION", FindingType: "ERROR", LearnMoreLink: link,
	}
	access := finding.Finding{Rule: "public-read", Severity: finding.High, Status: "ACTIVE", Path: "a.json", Message: "m", Principal: map[string]string{"AWS": "*"}}
	r := finding.Report{Findings: []finding.Finding{f, access}, Rules: []finding.Rule{{ID: "policy-invalid-action", Severity: finding.High}, {ID: "public-read", Severity: finding.High}}}
	var out bytes.Buffer
	if err := Write("sarif", &out, r, Options{}); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Results []struct {
				RuleID     string
				Properties map[string]string
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	for _, x := range log.Runs[0].Results {
		isCheck := x.RuleID == "policy-invalid-action"
		if (x.Properties["issueCode"] == "INVALID_ACTION") != isCheck || (x.Properties["findingType"] == "ERROR") != isCheck || (x.Properties["learnMoreLink"] == link) != isCheck {
			t.Errorf("%s: %v", x.RuleID, x.Properties)
		}
	}
	out.Reset()
	if err := Write("rdjson", &out, r, Options{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"url": "`+link+`"`) {
		t.Errorf("no link to AWS's page:\n%s", out.String())
	}
	for rule, page := range map[string]string{"policy-no-effect": "rules.md#policy-no-effect", "unread-module": "rules.md#unread-module", "mine": "rego.md"} {
		if got := pageOf(finding.Finding{Rule: rule}); !strings.HasSuffix(got, page) {
			t.Errorf("%s is explained at %s, want %s", rule, got, page)
		}
	}
}
