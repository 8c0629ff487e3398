package access

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

func TestBucketPatterns(t *testing.T) {
	const point = "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap"
	for _, tt := range []struct{ pattern, want string }{
		{"*", "*"},
		{point, "B"},
		{point + "/object/*", "B/*"},
		{point + "/object/a/*.txt", "B/a/*.txt"},
		{point + "*", "B B/*"},
		{point + "/*", "B/*"},
		{point + "/object/a?c", "B/a?c"},
		{point + "x/object/*", ""},
		{"arn:aws:s3:*:*:accesspoint/*", "B B/*"},
		{"arn:aws:s3:*:*:accesspoint/*/object/public/*", "B/*/object/public/* B/object/public/* B/public/*"}, // the star may reach into the key
		{"arn:aws:s3:*:*:accesspoint/other/object/*", ""},
		{"arn:aws:s3:*:444455556666:*", ""},
		{"arn:aws:s3:*", "B B/*"},
		{"arn:aws:s3:::b/*", ""},
		{"ap", "ap"},
	} {
		got := strings.ReplaceAll(strings.Join(bucketPatterns(tt.pattern, point, "arn:aws:s3:::b"), " "), "arn:aws:s3:::b", "B")
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.pattern, got, tt.want)
		}
	}
}

// What an access point lets in when its policy has wildcards beside the Allow.
func TestAccessPointWildcards(t *testing.T) {
	const point = "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap"
	allow := `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"` + point + `/object/*"}`
	deny := func(element string) string {
		return `,{"Effect":"Deny","Principal":"*","Action":"s3:*",` + element + `}`
	}
	for _, tt := range []struct{ statements, want string }{
		{allow, "* public"},
		{allow + deny(`"Resource":"arn:aws:s3:*:*:accesspoint/ap/object/secret/*"`), "* public"},
		{allow + deny(`"Resource":"arn:aws:s3:*:*:accesspoint/other/*"`), "* public"},
		{allow + deny(`"Resource":"arn:aws:s3:*:*:accesspoint/ap/object/*"`), ""},
		{allow + deny(`"NotResource":"arn:aws:s3:*:*:accesspoint/ap/object/public/*"`), "* public"},
		{allow + deny(`"NotResource":"arn:aws:s3:*:*:accesspoint/other/*"`), ""},
		{`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","NotResource":"arn:aws:s3:*:*:accesspoint/other/*"}`, "* public"},
		{`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","NotResource":"arn:aws:s3:*:*:accesspoint/ap/object/*"}`, ""},
	} {
		bucket := parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"StringEquals":{"s3:DataAccessPointAccount":"111122223333"}}}}`)
		ap := parse(`{"Version":"2012-10-17","Statement":[` + tt.statements + `]}`)
		res := Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: bucket},
			{Policy: ap, Source: resource.AccessPoint, AccessPointARN: value.Lit(point), Block: &resource.PublicAccessBlock{}}}}, &zone.Zone{Account: "111122223333"}, false)
		if got := shortly(res); got != tt.want || len(res.Problems) > 0 {
			t.Errorf("%s: %q, want %q %v", tt.statements, got, tt.want, res.Problems)
		}
	}
}
