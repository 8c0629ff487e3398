package access

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// An action that the tables list without a resource type is never passed over in
// silence, whichever the kind: it is granted where a page says so, and else it is
// not proven, or the statement is said to be idle.
func TestTypelessActionsAreNeverSilent(t *testing.T) {
	for i := range knowledge.Kinds {
		k := &knowledge.Kinds[i]
		if k.LimitsOnly || k.Grants != nil || k.Type == "AWS::IAM::Role" {
			continue
		}
		for _, prefix := range k.Services {
			s, _ := knowledge.ServiceOf(prefix)
			for n, action := range s.Actions {
				if len(action.Resources) > 0 || n%7 != i%7 && len(s.Actions) > 40 {
					continue // a sample of the large services
				}
				d := parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"` + prefix + ":" + action.Name + `","Resource":"*"}}`)
				res := Analyze(resource.Resource{Type: k.Type, Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, false)
				if len(res.Grants) == 0 && len(res.Idle) == 0 {
					t.Errorf("%s: nothing is said of %s:%s", k.Type, prefix, action.Name)
				}
			}
		}
	}
}

// What can never apply is said, and what can is not.
func TestIdleStatements(t *testing.T) {
	for _, tt := range []struct{ typ, arn, statement, want string }{
		{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", `"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:eu-west-1:111122223333:other"`, "Resource"},
		{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", `"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:*:*:q"`, ""},
		{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", `"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sqs:DeleteQueue","Resource":"*"`, ""},
		{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", `"Effect":"Allow","Principal":"*","Action":"sqs:ListQueues","Resource":"*"`, "Action"},
		{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", `"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"`, "Action"},
		{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", `"Effect":"Deny","Principal":"*","NotAction":"sqs:SendMessage","NotResource":"*"`, "NotResource"},
		{"AWS::S3::Bucket", "arn:aws:s3:::b", `"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::c/*"`, "Resource"},
		{"AWS::S3::Bucket", "arn:aws:s3:::b", `"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}`, ""},
		{"AWS::S3::Bucket", "arn:aws:s3:::b", `"Effect":"Allow","Principal":"*","Action":"s3:ListAllMyBuckets","Resource":"*"`, "Action"},
		{"AWS::KMS::Key", "arn:aws:kms:eu-west-1:111122223333:key/k", `"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"kms:Decrypt","Resource":"arn:aws:kms:eu-west-1:111122223333:alias/k"`, "Resource"},
		{"AWS::IAM::Role", "", `"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"x"}}`, "sts:ExternalId"},
		{"AWS::IAM::Role", "", `"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":["x","xx"]}}`, ""},
		{"AWS::IAM::Role", "", `"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole","Condition":{"StringNotEquals":{"sts:ExternalId":"x"}}`, ""},
		{"AWS::S3::Bucket", "arn:aws:s3:::b", `"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-*"}}`, "aws:SourceVpce"},
		{"AWS::S3::Bucket", "arn:aws:s3:::b", `"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringLike":{"aws:SourceVpce":"vpce-*"}}`, ""},
		{"AWS::S3::Bucket", "arn:aws:s3:::b", `"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringLike":{"aws:PrincipalOrgID":"x-*"}}`, "aws:PrincipalOrgID"},
		{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", `"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns::111122223333:t"}}`, "aws:SourceArn"},
		{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", `"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"11112222333"}}`, "aws:SourceAccount"},
		{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", `"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"x-*/r-a/*"}}`, "aws:PrincipalOrgPaths"},
		{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", `"Effect":"Deny","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"11112222333"}}`, "aws:PrincipalAccount"},
		{"AWS::OpenSearchService::Domain", "arn:aws:es:eu-west-1:111122223333:domain/d", `"Effect":"Allow","Principal":"*","Action":"es:DescribeDomain","Resource":"*"`, "Action"},
	} {
		d := parse(`{"Version":"2012-10-17","Statement":{` + tt.statement + `}}`)
		res := Analyze(resource.Resource{Type: tt.typ, ARN: value.Lit(tt.arn), Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, false)
		var got []string
		for _, i := range res.Idle {
			got = append(got, i.Element)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q, want %q", tt.statement, got, tt.want)
		}
	}
}

// All actions of a domain's policy are its requests over HTTP.
func TestDomainsAreAskedOverHTTP(t *testing.T) {
	for _, action := range []string{`"es:*"`, `"*"`, `"ES:*"`, `"es:ESHttp*"`} {
		d := parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":` + action + `,"Resource":"*"}}`)
		res := Analyze(resource.Resource{Type: "AWS::OpenSearchService::Domain", Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, false)
		if len(res.Grants) != 1 || !res.Grants[0].Proven || len(res.Grants[0].Actions) != 6 {
			t.Errorf("%s: %+v", action, res.Grants)
		}
	}
}
