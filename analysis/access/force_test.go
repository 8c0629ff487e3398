package access

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Of several policies where a resource has one only, any may be in force: a Deny
// in another takes nothing away. Policies that hold together do.
func TestSeveralPolicies(t *testing.T) {
	allow := parse(`{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}`)
	deny := parse(`{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}}`)
	list := parse(`{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}}`)
	for _, tt := range []struct {
		documents []resource.Document
		want      string
		actions   int
	}{
		{[]resource.Document{{Policy: allow, Sole: true}, {Policy: deny, Sole: true}}, "* public", 1},
		{[]resource.Document{{Policy: allow, Sole: true}, {Policy: deny}}, "", 0},
		{[]resource.Document{{Policy: allow}, {Policy: deny}}, "", 0},
		{[]resource.Document{{Policy: allow, Sole: true}, {Policy: list, Sole: true}}, "* public", 2},
		{[]resource.Document{{Policy: allow, Sole: true}, {Policy: allow, Sole: true}}, "* public", 1},
	} {
		r := resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: tt.documents}
		res := Analyze(r, &zone.Zone{Account: "111122223333"}, true)
		actions := 0
		for _, g := range res.Grants {
			actions += len(g.Actions)
		}
		if got := shortly(res); got != tt.want || actions != tt.actions {
			t.Errorf("%q with %d actions, want %q with %d", got, actions, tt.want, tt.actions)
		}
	}
}
