package validate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/validate"
)

// A Deny of the same policy counts where the policy is judged as a whole, if it leaves
// no role: the service warns of the statement all the same.
func TestWhole(t *testing.T) {
	for _, c := range []struct {
		deny string
		want bool // a warning of iam:PassRole
	}{
		{`"Action": "iam:*", "Resource": "*"`, false},
		{`"Action": ["s3:*", "iam:passrole"], "Resource": ["arn:aws:s3:::b", "*"]`, false},
		{`"Action": "iam:Pass*", "Resource": "arn:*:iam::*:role/*"`, false},
		{`"NotAction": "s3:*", "Resource": "*"`, false},
		{`"NotAction": "iam:*", "Resource": "*"`, true},
		{`"Action": "iam:GetRole", "Resource": "*"`, true},
		{`"Action": "iam:*", "Resource": "arn:aws:iam::*:role/admin"`, true},
		{`"Action": "iam:*", "NotResource": "arn:aws:iam::*:role/admin"`, true},
		{`"Action": "iam:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}`, true},
	} {
		document := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}, {"Effect": "Deny", ` + c.deny + `}]}`
		warns := func(o validate.Options) bool {
			return slices.ContainsFunc(validated(t, document, o), func(f validate.Finding) bool { return strings.HasPrefix(f.Code, "PASS_ROLE") })
		}
		if got := warns(validate.Options{Type: validate.Identity, Whole: true}); got != c.want {
			t.Errorf("%s: %v", c.deny, got)
		}
		if !warns(validate.Options{Type: validate.Identity}) {
			t.Errorf("%s: the service's answer lacks the warning", c.deny)
		}
	}
}
