package rules

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Of a secret text, nothing is shown but what AWS itself calls somebody.
func TestIsSensitive(t *testing.T) {
	secret := source.Span{File: &source.File{Name: "var.x", Sensitive: true}}
	pattern := func(s string) policy.Pattern { return policy.Pattern{Text: value.Lit(s), Span: secret} }
	principal := func(s string) policy.Statement {
		return policy.Statement{Principal: policy.Principals{Present: true, List: []policy.Principal{{Text: value.Lit(s), Span: secret}}}}
	}
	condition := func(s string) policy.Statement {
		return policy.Statement{Condition: []policy.Condition{{Values: []policy.Pattern{{Text: value.Lit("plain")}, pattern(s)}}}}
	}
	tests := []struct {
		name string
		s    policy.Statement
		want bool
	}{
		{"nothing", policy.Statement{}, false},
		{"account", principal("444455556666"), false},
		{"ARN of an account", principal("arn:aws:iam::444455556666:root"), false},
		{"ARN", principal("arn:aws:iam::444455556666:role/r"), true}, // the name of a role is a user's, and may be anything
		{"no service", principal("hunter2.amazonaws.com"), true},
		{"action of AWS", policy.Statement{Action: policy.Patterns{List: []policy.Pattern{pattern("s3:GetObject")}}}, false},
		{"action of nobody", policy.Statement{Action: policy.Patterns{List: []policy.Pattern{pattern("s3:Hunter2")}}}, true},
		{"service", principal("sns.amazonaws.com"), false},
		{"everyone", principal("*"), false},
		{"words", principal("hunter2"), true},
		{"an ARN and words", principal("arn:aws:iam::444455556666:role/r hunter2"), true},
		{"organization", condition("o-a1b2c3d4e5"), false},
		{"external id", condition("hunter2"), true},
		{"a number of another length", condition("44445555666"), true},
		{"action", policy.Statement{Action: policy.Patterns{List: []policy.Pattern{pattern("hunter2")}}}, true},
		{"resource", policy.Statement{Resource: policy.Patterns{List: []policy.Pattern{pattern("hunter2")}}}, true},
		{"statement", policy.Statement{Span: secret}, true},
		{"element", policy.Statement{Principal: policy.Principals{Span: secret}}, true},
		{"key", policy.Statement{Condition: []policy.Condition{{KeySpan: secret}}}, true},
	}
	for _, test := range tests {
		r := resource.Resource{Documents: []resource.Document{{Policy: &policy.Document{Statements: []policy.Statement{test.s}}}}}
		if got := IsSensitive(r); got != test.want {
			t.Errorf("%s: sensitive %t, want %t", test.name, got, test.want)
		}
	}
}
