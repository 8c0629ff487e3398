package arn

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/value"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]ARN{
		"arn:aws:iam::123456789012:role/path/name":           {"aws", "iam", "", "123456789012", "role/path/name"},
		"arn:aws:s3:::bucket/key:with:colons":                {"aws", "s3", "", "", "bucket/key:with:colons"},
		"arn:aws-cn:logs:cn-north-1:1:log-group:/aws/lambda": {"aws-cn", "logs", "cn-north-1", "1", "log-group:/aws/lambda"},
		"arn:*:*:*:*:*": {"*", "*", "*", "*", "*"},
		"arn:::::":      {},
	} {
		got, ok := Parse(text)
		if !ok || got != want {
			t.Errorf("Parse(%q) = %+v, %v", text, got, ok)
		}
		if got.String() != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, text := range []string{"", "*", "arn", "arn:aws:iam::123456789012", "urn:aws:iam::123456789012:root", "ARN:aws:iam::123456789012:root", "123456789012"} {
		if got, ok := Parse(text); ok {
			t.Errorf("Parse(%q) = %+v", text, got)
		}
		if got := AccountOf(text); got != "" {
			t.Errorf("AccountOf(%q) = %q", text, got)
		}
	}
}

func TestPartitionOf(t *testing.T) {
	for text, want := range map[string]string{
		"arn:aws-us-gov:s3:::b": "aws-us-gov", "arn:aws:*": "aws", "arn:*:s3:::b": "", "arn:aws": "", "arn:${p}:s3:::b": "", "*": "", "a:b:c": "",
	} {
		if got := PartitionOf(text); got != want {
			t.Errorf("PartitionOf(%q) = %q, expected %q", text, got, want)
		}
	}
}

func TestParseText(t *testing.T) {
	account, any := value.Ref(value.Reference{Name: "account", Is: value.OwnAccount}), value.Ref(value.Reference{Name: "name"})
	arn, ok := ParseText(value.Join(value.Lit("arn:aws:sqs:eu-west-1:"), account, value.Lit(":q-"), any))
	if !ok || arn.Service.String() != "sqs" || arn.Account.String() != "${account}" || arn.Resource.String() != "q-${name}" {
		t.Errorf("%+v, %v", arn, ok)
	}
	if got := arn.Join().String(); got != "arn:aws:sqs:eu-west-1:${account}:q-${name}" {
		t.Errorf("joined: %q", got)
	}
	// What is not known may have a colon in it: nothing behind it is certain.
	for _, text := range []value.Text{
		value.Join(value.Lit("arn:aws:sqs:"), any, value.Lit(":123456789012:q")),
		value.Join(any, value.Lit(":aws:sqs:eu-west-1:123456789012:q")),
		value.Lit("arn:aws:sqs"), any, {},
	} {
		if arn, ok := ParseText(text); ok {
			t.Errorf("%q is %+v", text, arn)
		}
	}
}
