package evaluate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
)

// A Deny that misses a request by one element is found with that element; one that
// applies, misses by two, or of which that is open, is not.
func TestMisses(t *testing.T) {
	req := Request{Principal: nobody, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Context: map[string][]string{"aws:SourceIp": {"203.0.113.9"}}}
	all := list(anyone)
	notGet := deny(all, "s3:Get*", "*")
	notGet.Action = except(notGet.Action)
	for _, tt := range []struct {
		name      string
		statement policy.Statement
		want      string
	}{
		{"applies", deny(all, "s3:*", "*"), ""},
		{"another action", deny(all, "s3:Put*", "*"), "Action"},
		{"all but the action", notGet, "Action"},
		{"another resource", deny(all, "s3:*", "arn:aws:s3:::b"), "Resource"},
		{"another action on another resource", deny(all, "s3:Put*", "arn:aws:s3:::b"), ""},
		{"another caller", deny(list(iam(userARN)), "s3:*", "*"), ""},
		{"key that is absent", deny(all, "s3:*", "*", when("ForAnyValue:StringNotEquals", "aws:SourceVpce", "vpce-1")), "Condition aws:SourceVpce true"},
		{"key that may be absent", deny(all, "s3:*", "*", when("StringNotEquals", "aws:SourceVpce", "vpce-1")), ""},
		{"value that is excepted", deny(all, "s3:*", "*", when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24")), "Condition aws:SourceIp false"},
		{"value that is not known", deny(all, "s3:*", "*", when("NotIpAddress", "aws:SourceIp", "<range>")), ""},
		{"another action and value", deny(all, "s3:Put*", "*", when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24")), ""},
		{"the first of two conditions", deny(all, "s3:*", "*", when("Null", "aws:SourceVpce", "false"), when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24")), "Condition aws:SourceVpce true"},
	} {
		var got []string
		for _, m := range Misses(document(tt.statement, allow(all, "s3:Put*", "*")), req) {
			one := m.Element
			if one == "Condition" {
				one += fmt.Sprintf(" %s %t", m.Condition.Key, m.Absent)
			}
			got = append(got, one)
		}
		if text := strings.Join(got, "; "); text != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, text, tt.want)
		}
	}
}
