package evaluate

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
)

// Who has the name of a principal that a policy names is that principal.
func TestNamed(t *testing.T) {
	const account = "arn:aws:iam::444455556666:"
	for _, tt := range []struct {
		named  []string
		caller string
		may    bool
	}{
		{nil, "role/app", true},
		{[]string{"role/app"}, "role/app", true},
		{[]string{"role/app"}, "role/a/app", false},
		{[]string{"role/a/app"}, "role/app", false},
		{[]string{"role/a/App"}, "role/app", false},
		{[]string{"role/a/app", "role/b/app"}, "role/b/app", true},
		{[]string{"role/a/app", "role/b/app"}, "role/c/app", false},
		{[]string{"role/application"}, "role/a/app", true},
		{[]string{"user/app"}, "role/a/app", true},
		{[]string{"user/a/app"}, "user/app", false},
		{[]string{"role/*/app"}, "role/app", true}, // AWS takes none with a wildcard
		{[]string{"root"}, "role/app", true},
	} {
		var ps []policy.Principal
		for _, n := range tt.named {
			ps = append(ps, iam(account+n))
		}
		doc := &policy.Document{Statements: []policy.Statement{{Effect: policy.Deny, Principal: list(ps...)}}}
		err := Named([]*policy.Document{doc}, Request{Principal: Principal{Type: AWS, ARN: account + tt.caller, Account: "444455556666"}})
		if (err == nil) != tt.may {
			t.Errorf("%s where %v are named: %v, want it possible: %t", tt.caller, tt.named, err, tt.may)
		}
	}
}
