package evaluate

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
)

func principalsOf(caller Principal, p policy.Principals, effect policy.Effect) truth {
	return evaluation{req: Request{Principal: caller}}.principals(p, effect)
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func TestPrincipal(t *testing.T) {
	sessionARN := "arn:aws:sts::" + acct + ":assumed-role/audit/s1"
	china := Principal{Type: AWS, ARN: "arn:aws-cn:iam::" + acct + ":user/Bob", Account: acct}
	for _, tt := range []struct {
		entry  policy.Principal
		caller Principal
		want   truth
	}{
		// All principals, anonymous ones included.
		{anyone, nobody, yes},
		{anyone, user, yes},
		{anyone, session, yes},
		{anyone, canon, yes},
		{anyone, trail, yes},
		{anyone, google, yes},
		{authenticated, user, yes},
		{authenticated, canon, yes},
		{authenticated, nobody, no},
		{authenticated, google, no},
		{authenticated, trail, maybe},

		// An account, by number or ARN, is all its principals.
		{iam(acct), user, yes},
		{iam(acct), session, yes},
		{iam(acct), fedUser, yes},
		{iam(acct), root, yes},
		{iam(rootARN), user, yes},
		{iam(rootARN), session, yes},
		{iam(rootARN), root, yes},
		{iam(other), user, no},
		{iam("arn:aws:iam::" + other + ":root"), user, no},
		{iam(acct), nobody, no},
		{iam(acct), trail, no},
		{iam("123"), Principal{Type: AWS, ARN: "arn:aws:iam::123:user/a", Account: "123"}, yes},
		{iam("arn:aws-cn:iam::" + acct + ":root"), china, yes},
		{iam(acct), china, yes},
		{iam(rootARN), china, no},

		// A role is all its sessions; a session is itself, and its ARN leaves
		// out the role's path.
		{iam(roleARN), session, yes},
		{iam(roleARN), role, yes},
		{iam(roleARN), user, no},
		{iam("arn:aws:iam::" + acct + ":role/audit"), session, no},
		{iam(sessionARN), session, yes},
		{iam(sessionARN), role, no},
		{iam(sessionARN), Principal{Type: AWS, ARN: roleARN, Account: acct, Session: "s2"}, no},
		{iam("arn:aws:sts::" + acct + ":assumed-role/audit"), session, no},
		{iam("arn:aws:sts::" + acct + ":assumed-role/team/audit/s1"), session, no},
		{iam(userARN), user, yes},
		{iam("arn:aws:iam::" + acct + ":user/team/bob"), user, no},
		{iam(userARN), root, no},
		{iam(fedARN), fedUser, yes},
		{iam(fedARN), user, no},
		{iam("AROA1234567890EXAMPLE"), session, no},
		{iam("AIDA1234567890EXAMPLE"), user, no},

		{service("cloudtrail.amazonaws.com"), trail, yes},
		{service("cloudtrail.amazonaws.com.cn"), trail, no},
		{service("cloudtrail.amazonaws.com"), user, no},
		{service("*"), trail, yes},
		{federated("accounts.google.com"), google, yes},
		{federated("www.amazon.com"), google, no},
		{federated("accounts.google.com"), nobody, no},
		{canonical("79a59df900b949e5"), canon, yes},
		{canonical("79a59df900b949e5"), user, no},
		{canonical("0"), canon, no},

		// Wildcards, which AWS does not take, go by the field.
		{iam("arn:aws:iam::" + acct + ":role/*"), session, yes},
		{iam("arn:aws:iam::*:root"), user, yes},
		{iam("arn:aws:sts::" + acct + ":assumed-role/audit/*"), session, yes},
		{iam("arn:aws:iam::*"), user, yes},
		{iam("arn:*:user/team/Bob"), user, no},
		{iam("arn:aws:iam::" + other + ":role/*"), session, no},
		{iam("1111*"), user, yes},
		{iam("*"), nobody, no},

		// What is not known may be anything that the rest allows, "*" included.
		{iam("<partner>"), user, maybe},
		{iam("<partner>"), nobody, maybe},
		{iam("arn:aws:iam::<partner>:root"), user, maybe},
		{iam("arn:aws:iam::<partner>:root"), nobody, no},
		{iam("arn:aws:iam::" + other + ":role/<name>"), session, no},
		{iam("arn:aws:iam::" + acct + ":role/<name>"), session, maybe},
		{service("<name>.amazonaws.com"), trail, maybe},
		{service("<name>.amazonaws.com.cn"), trail, no},
	} {
		for _, effect := range []policy.Effect{policy.Allow, policy.Deny} {
			if got := principalsOf(tt.caller, list(tt.entry), effect); got != tt.want {
				t.Errorf("%s %q: %v: got %s, want %s", tt.entry.Kind.Key(), tt.entry.Text, tt.caller, got, tt.want)
			}
		}
	}
	if got := principalsOf(user, list(iam(other), iam(userARN)), policy.Allow); got != yes {
		t.Errorf("one of two: got %s", got)
	}
	if got := principalsOf(user, list(), policy.Allow); got != no {
		t.Errorf("empty list: got %s", got)
	}
	if got := principalsOf(user, policy.Principals{}, policy.Allow); got != no {
		t.Errorf("no element: got %s", got)
	}
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func TestNotPrincipal(t *testing.T) {
	sessionARN := "arn:aws:sts::" + acct + ":assumed-role/audit/s1"
	for _, tt := range []struct {
		effect policy.Effect
		list   []policy.Principal
		caller Principal
		want   truth // whether the statement covers the caller
	}{
		{policy.Deny, []policy.Principal{iam(userARN), iam(rootARN)}, user, no},
		{policy.Deny, []policy.Principal{iam(userARN), iam(acct)}, user, no},
		{policy.Deny, []policy.Principal{iam(userARN)}, user, maybe},
		{policy.Deny, []policy.Principal{iam(rootARN)}, user, maybe},
		{policy.Deny, []policy.Principal{iam(rootARN)}, root, no},
		{policy.Deny, []policy.Principal{iam(userARN), iam(rootARN)}, session, maybe},
		{policy.Deny, []policy.Principal{iam(userARN)}, session, yes},
		{policy.Deny, []policy.Principal{iam(sessionARN), iam(roleARN), iam(rootARN)}, session, no},
		{policy.Deny, []policy.Principal{iam(roleARN), iam(rootARN)}, session, maybe},
		{policy.Deny, []policy.Principal{iam(sessionARN)}, session, maybe},
		{policy.Deny, []policy.Principal{iam(roleARN), iam(rootARN)}, role, no},
		{policy.Deny, []policy.Principal{iam(userARN), iam(rootARN)}, nobody, yes},
		{policy.Deny, []policy.Principal{iam(userARN), iam(rootARN)}, trail, yes},
		{policy.Deny, []policy.Principal{service("cloudtrail.amazonaws.com")}, trail, no},
		{policy.Deny, []policy.Principal{service("cloudtrail.amazonaws.com")}, user, yes},
		{policy.Deny, []policy.Principal{federated("accounts.google.com")}, google, no},
		{policy.Deny, []policy.Principal{canonical("79a59df900b949e5")}, canon, no},
		{policy.Deny, []policy.Principal{anyone}, nobody, no},
		{policy.Deny, []policy.Principal{anyone}, session, no},
		{policy.Deny, []policy.Principal{anyone}, trail, no},
		{policy.Deny, []policy.Principal{iam("<partner>")}, user, maybe},
		{policy.Deny, nil, user, yes},
		// With Allow: all but the ones named, anonymous callers included.
		{policy.Allow, []policy.Principal{iam(userARN)}, user, no},
		{policy.Allow, []policy.Principal{iam(acct)}, user, no},
		{policy.Allow, []policy.Principal{iam(roleARN)}, session, no},
		{policy.Allow, []policy.Principal{iam(userARN)}, session, yes},
		{policy.Allow, []policy.Principal{iam(userARN)}, nobody, yes},
		{policy.Allow, []policy.Principal{iam(acct)}, trail, yes},
		{policy.Allow, []policy.Principal{iam("<partner>")}, user, maybe},
	} {
		if got := principalsOf(tt.caller, notPrincipal(tt.list...), tt.effect); got != tt.want {
			t.Errorf("%s NotPrincipal %v: %v: got %s, want %s", tt.effect, tt.list, tt.caller, got, tt.want)
		}
	}
}
