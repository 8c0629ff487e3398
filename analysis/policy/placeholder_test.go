package policy

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/value"
)

// Where something else is to stand, a value is not known; what is merely no id of the
// key's stays what it is, as does every value of a key that can have any.
func TestPlaceholdersOfConditions(t *testing.T) {
	for _, tt := range []struct {
		key, text string
		open      bool
	}{
		{"aws:SourceAccount", "<ACCOUNT_ID>", true},
		{"aws:SourceAccount", "{{ account }}", true},
		{"aws:SourceAccount", "ACCOUNT_ID", true},
		{"AWS:sourceaccount", "YOUR-ACCOUNT-ID", true},
		{"aws:PrincipalAccount", "anonymous", false},
		{"aws:PrincipalOrgID", "r-aaaaaaaaaa", false},
		{"aws:SourceAccount", "111122223333", false},
		{"aws:SourceAccount", "11112222333", false},
		{"aws:SourceAccount", "*", false},
		{"aws:PrincipalAccount", "YOUR ACCOUNT", true},
		// In small letters, where they say what is to stand there.
		{"aws:SourceAccount", "your-account-id", true},
		{"aws:PrincipalAccount", "account", true},
		{"aws:PrincipalAccount", "xxxxxxxxxxxx", true},
		{"aws:PrincipalOrgID", "your-org-id", true},
		{"aws:SourceVpce", "my-endpoint", true},
		{"aws:SourceArn", "arn:aws:sns:region:account-id:topic", true},
		{"aws:PrincipalArn", "arn:aws:iam::your-account-id:role/*", true},
		{"aws:PrincipalArn", "arn:aws:iam::cloudfront:user/x", false},
		{"aws:SourceArn", "arn:aws:s3:::your-bucket", false},
		{"aws:PrincipalOrgID", "o-xxxxxxxxxx", false},
		{"aws:SourceVpc", "vpc-xxxxxxxx", false},
		{"aws:PrincipalTag/team", "your-team", false},
		{"aws:PrincipalOrgID", "<my-org-id>", true},
		{"aws:PrincipalOrgID", "ORG", true},
		{"aws:PrincipalOrgID", "o-exampleorg", false},
		{"aws:PrincipalOrgID", "x-*", false},
		{"aws:PrincipalOrgPaths", "ORG_ID/*", true},
		{"aws:PrincipalOrgPaths", "o-a/r-b/*", false},
		{"aws:SourceVpce", "VPC_ENDPOINT_ID", true},
		{"aws:SourceVpce", "vpce-x", false},
		{"aws:RequestedRegion", "REGION", true},
		{"aws:RequestedRegion", "eu-west-1", false},
		{"aws:SourceArn", "arn:aws:sns:<region>:<account>:topic", true},
		{"aws:SourceArn", "arn:aws:sns:eu-west-1:ACCOUNT_ID:topic", true},
		{"aws:SourceArn", "arn:aws:sns:eu-west-1:111122223333:TOPIC", false},
		{"aws:PrincipalArn", "arn:aws:iam::aws:role/x", false},
		{"aws:PrincipalTag/account", "ACCOUNT", false},
		{"aws:PrincipalTag/team", "red", false},
		{"aws:username", "Bob", false},
		{"aws:PrincipalAccount", "${aws:ResourceAccount}", false},
		{"sts:ExternalId", "secret", false},
		{"aws:UserAgent", "a < b > c", false},
	} {
		got := conditionValue(tt.key, value.Lit(tt.text))
		if _, known := got.Known(); known == tt.open {
			t.Errorf("%s = %s: known %t", tt.key, tt.text, known)
		}
		if !tt.open && !got.Equal(value.Lit(tt.text)) {
			t.Errorf("%s = %s: %v", tt.key, tt.text, got)
		}
	}
}
