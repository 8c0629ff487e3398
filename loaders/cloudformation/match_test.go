package cloudformation

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

func TestMatch(t *testing.T) {
	tests := []struct {
		in   string
		want bool
	}{
		{"Resources:\n  A:\n    Type: AWS::S3::Bucket\n", true},
		{"\xef\xbb\xbf# comment\r\nAWSTemplateFormatVersion: '2010-09-09'\r\n", true},
		{"\"Resources\" :\n  A: {Type: Custom::X}\n", true},
		{`{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}`, true},
		{`{"Description": "a \"Resources\": {", "AWSTemplateFormatVersion": "2010-09-09"}`, true},
		{`{Resources: {A: {Type: AWS::S3::Bucket}}}`, true},
		{"Resources:\n  A:\n    Type: AWS::S3::Bucket\n  broken: [", true},
		{"kind: ConfigMap\ndata:\n  t: |\n    Resources:\n      A: {Type: AWS::S3::Bucket}\n", false},
		{`{"a": {"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}}`, false},
		{`{"Statement": [{"Action": "AWS::x", "Sid": "Resources"}]}`, false},
		{"Resources: [a]\n", false},
		{`{"Source": "x", "Resources": ["arn:aws:s3:::b"], "Detail": "AWS::S3::Bucket"}`, false}, // an event
		{"resources:\n- AWS::x\n", false},
		{`{"note": "Resources AWS::"`, false},
		{``, false},
		{`{`, false},
		{`"Resources AWS::`, false},
	}
	for _, tt := range tests {
		if got := Match(source.NewFile("t", []byte(tt.in))); got != tt.want {
			t.Errorf("Match(%q) = %t", tt.in, got)
		}
	}
}
