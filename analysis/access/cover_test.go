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

// Findings none of which covers something alone: two of three are enough.
func TestCoverOfOverlaps(t *testing.T) {
	const user = "arn:aws:iam::444455556666:user/"
	patterns := []string{user + "a*", user + "*b", user + "*c*"}
	statements := []string{fmt.Sprintf(`{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{"StringLike":{"aws:PrincipalArn":[%q,%q,%q]}}}`,
		patterns[0], patterns[1], patterns[2])}
	for i, p := range patterns {
		statements = append(statements, fmt.Sprintf(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":%q},"StringNotLike":{"aws:PrincipalArn":[%q,%q]}}}`,
			p, patterns[(i+1)%3], patterns[(i+2)%3]))
	}
	d := parse(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)
	for _, tt := range []struct {
		complete bool
		want     int
	}{{false, 2}, {true, 3}} {
		res := Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, tt.complete)
		if len(res.Grants) != tt.want || len(res.Problems) > 0 {
			t.Errorf("complete %t: %d findings, want %d: %s %v", tt.complete, len(res.Grants), tt.want, shortly(res), res.Problems)
		}
	}
}

// A finding that lies in another one is left out.
func TestMaximalFindings(t *testing.T) {
	allow := `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
	narrow := `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}`
	if got := answerOf("2012-10-17", allow+","+narrow, &zone.Zone{Account: "111122223333"}); got != "* public" {
		t.Errorf("%q", got)
	}
}
