package finding

import (
	"fmt"
	"strings"
	"testing"
)

// Who gets in is one of a kind, whichever element of the policy says so.
func TestCallersOf(t *testing.T) {
	removed := Removed
	for _, tt := range []struct {
		name string
		f    Finding
		want string
	}{
		{"anyone", Finding{Principal: map[string]string{"AWS": "*"}}, "anyone "},
		{"a condition that tells nobody", Finding{Principal: map[string]string{"AWS": "*"}, Condition: map[string]string{"s3:prefix": "x"}}, "anyone "},
		{"an account", Finding{Principal: map[string]string{"AWS": "444455556666"}}, "account 444455556666"},
		{"a role of it", Finding{Principal: map[string]string{"AWS": "arn:aws:iam::444455556666:role/r"}}, "account 444455556666"},
		{"a session of it", Finding{Principal: map[string]string{"AWS": "arn:aws:sts::444455556666:assumed-role/r/ss"}}, "account 444455556666"},
		{"by condition", Finding{Principal: map[string]string{"AWS": "*"}, Condition: map[string]string{"AWS:PrincipalAccount": "444455556666"}}, "account 444455556666"},
		{"two by condition", Finding{Principal: map[string]string{"AWS": "*"}, Condition: map[string]string{"aws:PrincipalAccount": "444455556666, 777788889999"}}, "account 444455556666|account 777788889999"},
		{"by source", Finding{Principal: map[string]string{"AWS": "*"}, Condition: map[string]string{"aws:SourceArn": "arn:aws:sns:eu-west-1:444455556666:t"}}, "account 444455556666"},
		{"a source without an account", Finding{Principal: map[string]string{"AWS": "*"}, Condition: map[string]string{"aws:SourceArn": "arn:aws:s3:::b"}}, "unknown arn:aws:s3:::b"},
		{"an account in an organization", Finding{Principal: map[string]string{"AWS": "*"}, Condition: map[string]string{"aws:PrincipalOrgID": "o-1", "aws:PrincipalAccount": "444455556666"}}, "account 444455556666"},
		{"an organization", Finding{Principal: map[string]string{"AWS": "*"}, Condition: map[string]string{"aws:PrincipalOrgID": "o-1"}}, "organization o-1"},
		{"a path of it", Finding{Principal: map[string]string{"AWS": "*"}, Condition: map[string]string{"aws:PrincipalOrgPaths": "o-1/r-1/ou-1/*"}}, "organization o-1"},
		{"a network", Finding{Principal: map[string]string{"AWS": "*"}, Condition: map[string]string{"aws:SourceVpce": "vpce-1"}}, "network vpce-1"},
		{"a provider", Finding{Principal: map[string]string{"Federated": "cognito-identity.amazonaws.com"}}, "provider cognito-identity.amazonaws.com"},
		{"a service", Finding{Principal: map[string]string{"Service": "sns.amazonaws.com"}}, "service sns.amazonaws.com"},
		{"a canonical user", Finding{Principal: map[string]string{"CanonicalUser": "aaaa"}}, "canonical-user aaaa"},
		{"a value that is open", Finding{Principal: map[string]string{"AWS": "${var.partner}"}}, "unknown ${var.partner}"},
		{"code that is not here", Finding{Rule: "unread-module"}, "unknown "},
		{"a check of a policy", Finding{Rule: "policy-no-effect"}, ""},
		{"access that is gone", Finding{Principal: map[string]string{"AWS": "*"}, Change: &removed}, ""},
	} {
		var got []string
		for _, c := range CallersOf(Report{Findings: []Finding{tt.f}}, nil).List {
			got = append(got, fmt.Sprintf("%s %s", c.Kind, c.ID))
		}
		if s := strings.Join(got, "|"); s != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, s, tt.want)
		}
	}
}

// Callers are listed by kind, with the names that configuration gives them.
func TestCallersInOrder(t *testing.T) {
	list := CallersOf(Report{Findings: []Finding{
		{Principal: map[string]string{"Service": "sns.amazonaws.com"}}, {Principal: map[string]string{"AWS": "777788889999"}},
		{Principal: map[string]string{"AWS": "444455556666"}}, {Principal: map[string]string{"AWS": "*"}}, {Principal: map[string]string{"AWS": "444455556666"}},
	}}, map[string]string{"444455556666": "partner"}).List
	var got []string
	for _, c := range list {
		got = append(got, fmt.Sprintf("%s %s %s %d", c.Kind, c.ID, c.Name, len(c.Findings)))
	}
	if want := "anyone   1|account 444455556666 partner 2|account 777788889999  1|service sns.amazonaws.com  1"; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
}
