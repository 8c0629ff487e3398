package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// Principals that AWS refuses or that are to be filled in: what they would let in is
// said, as far as it can be told, and no example is one that nobody can be.
func TestStrangePrincipals(t *testing.T) {
	for principal, want := range map[string]string{
		// Placeholders are values that are not known, however they are written.
		"arn:aws:iam::<PARTNER_ID>:root":        "undetermined-access",
		"arn:aws:iam::${PARTNER}:root":          "undetermined-access",
		"arn:aws:iam::{{partner}}:role/x":       "undetermined-access",
		"arn:aws:iam::PARTNER_ACCOUNT_ID:root":  "undetermined-access",
		"arn:aws:iam::your-account-id:user/bob": "undetermined-access",
		"ACCOUNT_ID":                            "undetermined-access",
		"<ACCOUNT>":                             "undetermined-access",
		"arn:aws:iam::<ACCOUNT_ID>:*":           "undetermined-access",
		"arn:aws:iam::ACCOUNT_ID:role/a*":       "undetermined-access",
		"arn:aws:iam::*:user/<NAME>":            "undetermined-access",
		"arn:aws:iam::444455556666:role/<NAME>": "external-account",
		"arn:aws:iam::444455556666:role/<N>-*":  "external-account",
		// Wildcards are read as in other ARNs, where an account of 12 digits can match.
		"arn:aws:iam::444455556666:*":                "external-account",
		"arn:aws:sts::444455556666:assumed-role/x/*": "external-account",
		"arn:aws:sts::444455556666:assumed-role/*":   "external-account",
		"arn:aws:sts::444455556666:federated-user/*": "external-account",
		"arn:aws:iam::11112222*:root":                "public-read",
		"arn:aws:iam::*:role/x":                      "public-read",
		"arn:aws:sts::*:assumed-role/x/session":      "public-read",
		"4444*":                                      "public-read",
		"arn:aws:iam::abc:role/*":                    "undetermined-external",
		"arn:aws:iam::12345:*":                       "undetermined-external",
		"arn:aws:iam::1234567890123:*":               "undetermined-external",
		"a*":                                         "undetermined-public",
		"arn:aws:iam::xx*:root":                      "undetermined-public",
		// Nobody has such a name.
		"arn:aws:sts::*:assumed-role/x/s": "",
	} {
		policy := fmt.Sprintf(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": %q}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/*"}}`, principal)
		out, errs, _ := output(policy, "check", "--no-config", "--policy-checks", "off", "--account", "111122223333", "--format", "json", "-")
		var report finding.Report
		if err := json.Unmarshal([]byte(out), &report); err != nil {
			t.Fatalf("%s: %v %s", principal, err, errs)
		}
		var got []string
		for _, f := range report.Findings {
			got = append(got, f.Rule)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, expected %q", principal, got, want)
		}
		for _, d := range report.Diagnostics {
			if strings.Contains(d.Message, "internal error") {
				t.Errorf("%s: %s", principal, d.Message)
			}
		}
		if want == "" && len(report.Diagnostics) == 0 {
			t.Errorf("%s: nothing is said", principal)
		}
	}
}

// So it is where a template puts a principal together, and where a property names one.
func TestStrangePrincipalsOfTemplates(t *testing.T) {
	const template = `Resources:
  R: {Type: AWS::IAM::Role, Properties: {RoleName: r, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::<ACCOUNT>:role/${AWS::Region}-*"}, Action: "sts:AssumeRole"}]}}}
  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: "lambda:InvokeFunction", Principal: "arn:aws:iam::<ACCOUNT>:root"}}
  V: {Type: AWS::EC2::VPCEndpointServicePermissions, Properties: {ServiceId: vpce-svc-0a1b2c3d4e5f67890, AllowedPrincipals: ["arn:aws:iam::<ACCOUNT>:root"]}}
`
	out, errs, status := output(template, "check", "--no-config", "--account", "111122223333", "--policy-checks", "off", "--fail-on", "medium", "--format", "compact", "-")
	if status != statusClean || strings.Contains(out, "internal error") || strings.Count(out, "[undetermined-access]") < 2 {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
}
