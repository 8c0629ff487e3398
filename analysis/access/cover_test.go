package access

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Statements whose patterns overlap pairwise, as in the scalability set of Kang
// et al., FSE 2026: Access Analyzer words a finding for each pair of values, and
// one for each statement covers them all.
func TestSmallestCover(t *testing.T) {
	const n = 4
	var statements []string
	for i := range n {
		text := "abcdef"
		statements = append(statements, fmt.Sprintf(`{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{
			"StringLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:user/%s*%s"},"ArnLike":{"aws:SourceArn":"arn:aws:sns:eu-west-1:444455556666:t%d"}}}`, text[:i], text[i+1:], i))
	}
	d := parse(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)
	for _, tt := range []struct {
		complete bool
		want     int
	}{{false, n}, {true, n * n}} {
		res := Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, tt.complete)
		if len(res.Grants) != tt.want || len(res.Problems) > 0 {
			t.Errorf("complete %t: %d findings, want %d: %s %v", tt.complete, len(res.Grants), tt.want, shortly(res), res.Problems)
		}
	}
}
