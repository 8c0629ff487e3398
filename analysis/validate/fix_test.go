package validate_test

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// What is mechanical has a fix, which says what it does, and what only the author knows
// has none.
func TestFixOf(t *testing.T) {
	statement := func(s string) string { return `{"Version":"2012-10-17","Statement":{"Effect":"Allow",` + s + `}}` }
	many := `"s3:GetObject",` + strings.Repeat(`"s3:GetObject",`, 200) + `"s3:Get*"`
	for _, tt := range []struct{ name, document, code, says string }{
		{"an action", statement(`"Action":"s3:GetObjct","Resource":"*"`), "INVALID_ACTION", `writes "s3:GetObject" for "s3:GetObjct"`},
		{"an operation", statement(`"Action":"s3:ListObjectsV2","Resource":"*"`), "INVALID_ACTION", `writes "s3:ListBucket" for "s3:ListObjectsV2"`},
		{"an action that is like none", statement(`"Action":"s3:Frobnicate","Resource":"*"`), "INVALID_ACTION", ""},
		{"a pattern", statement(`"Action":"s3:Gte*","Resource":"*"`), "INVALID_ACTION", ""},
		{"a service", statement(`"Action":"dynamodbb:GetItem","Resource":"*"`), "INVALID_SERVICE_IN_ACTION", `writes "dynamodb:GetItem" for "dynamodbb:GetItem"`},
		{"a key", statement(`"Action":"s3:ListBucket","Resource":"*","Condition":{"StringEquals":{"s3:prefx":"a"}}`), "INVALID_SERVICE_CONDITION_KEY", `writes "s3:prefix" for "s3:prefx"`},
		{"an operator", statement(`"Action":"s3:ListBucket","Resource":"*","Condition":{"ForAnyValue:StringEqualsIfExist":{"aws:TagKeys":"a"}}`), "INVALID_CONDITION_OPERATOR", ""},
		{"an operator with a qualifier", statement(`"Action":"s3:ListBucket","Resource":"*","Condition":{"ForAnyValue:StringEqual":{"aws:TagKeys":"a"}}`), "INVALID_CONDITION_OPERATOR", `writes "ForAnyValue:StringEquals" for "ForAnyValue:StringEqual"`},
		{"Like", statement(`"Action":"s3:ListBucket","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"a/*"}}`), "WILDCARD_WITHOUT_LIKE_OPERATOR", `writes "StringLike" for "StringEquals"`},
		{"Like beside another key", statement(`"Action":"s3:ListBucket","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"a/*","aws:username":"u"}}`), "WILDCARD_WITHOUT_LIKE_OPERATOR", ""},
		{"Like where it is already", statement(`"Action":"s3:ListBucket","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"a/*"},"StringLike":{"aws:username":"u"}}`), "WILDCARD_WITHOUT_LIKE_OPERATOR", ""},
		{"an ARN", statement(`"Action":"s3:ListBucket","Resource":"*","Condition":{"StringNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/r"}}`), "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", `writes "ArnNotLike" for "StringNotLike"`},
		{"no ARN", statement(`"Action":"s3:ListBucket","Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalTag/t":"arn:aws:iam::*:role/r"}}`), "TYPE_MISMATCH", `writes "StringLike" for "ArnEquals"`},
		{"an element", `{"Version":"2012-10-17","Statement":{"Efect":"Allow","Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}}`, "INVALID_POLICY_ELEMENT", `writes "Effect" for "Efect"`},
		{"a version", `{"Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}}`, "MISSING_VERSION", "gives the policy its version"},
		{"a range", statement(`"Action":"s3:ListBucket","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.7/24"}}`), "IMPROVE_IP_RANGE", `writes "203.0.113.0/24" for "203.0.113.7/24"`},
		{"actions", statement(`"Action":["s3:GetObject","s3:Get*","S3:GETOBJECT"],"Resource":"*"`), "REDUNDANT_ACTION", `takes out 2 actions, which "s3:Get*" covers`},
		{"a resource", statement(`"Action":"s3:GetObject","Resource":["arn:aws:s3:::b/*","arn:aws:s3:::b/a"]`), "REDUNDANT_RESOURCE", `takes out 1 resource, which "arn:aws:s3:::b/*" covers`},
		{"too many", statement(`"Action":[` + many + `],"Resource":"*"`), "REDUNDANT_ACTION", ""},
	} {
		tree, _ := jsontree.Parse(source.NewFile("policy.json", []byte(tt.document)))
		found := false
		for _, f := range validate.Policy(tree, validate.Options{Type: validate.Identity}) {
			if f.Code != tt.code {
				continue
			}
			found = true
			fix, ok := validate.FixOf(tree, f)
			if ok != (tt.says != "") || fix.Says != tt.says {
				t.Errorf("%s: %q, want %q", tt.name, fix.Says, tt.says)
			}
			for _, e := range fix.Edits {
				if e.Kind == validate.Respell && !strings.Contains(tt.document[e.At.Start:e.At.End], e.Old) {
					t.Errorf("%s: %q is not in %q", tt.name, e.Old, tt.document[e.At.Start:e.At.End])
				}
			}
		}
		if !found {
			t.Errorf("%s: no %s", tt.name, tt.code)
		}
	}
}
