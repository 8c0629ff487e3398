package access

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// A principal or value of another partition than the resource's, alone or beside
// others, is never passed over: it is a finding that is not proven, a note, or a
// statement that never applies.
func TestForeignPartitionIsSaid(t *testing.T) {
	for _, tt := range []struct {
		name, principal, condition string
		want                       string // need, note or idle
	}{
		{"a principal", `{"AWS":"arn:aws-cn:iam::444455556666:root"}`, ``, "need"},
		{"a principal among others", `{"AWS":["555566667777","arn:aws-us-gov:iam::444455556666:role/r"]}`, ``, "need"},
		{"a value", `"*"`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws-cn:iam::444455556666:role/r"}}`, "idle"},
		{"a value among others", `"*"`, `{"ArnLike":{"aws:PrincipalArn":["arn:aws-cn:iam::444455556666:role/r","arn:aws:iam::111122223333:role/r"]}}`, "note"},
		{"a source among others", `{"Service":"s3.amazonaws.com"}`, `{"ArnEquals":{"aws:SourceArn":["arn:aws:s3:::a","arn:aws-cn:s3:::b"]}}`, "note"},
		{"every partition", `"*"`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws*:iam::111122223333:role/r"}}`, ""},
		{"one that is refused", `{"AWS":"111122223333"}`, `{"ArnNotLike":{"aws:PrincipalArn":"arn:aws-cn:iam::111122223333:role/r"}}`, ""},
	} {
		statement := `{"Effect":"Allow","Principal":` + tt.principal + `,"Action":"sqs:SendMessage","Resource":"*"`
		if tt.condition != "" {
			statement += `,"Condition":` + tt.condition
		}
		d := parse(`{"Statement":` + statement + `}}`)
		res := Analyze(resource.Resource{Type: "AWS::SQS::Queue", ARN: value.Lit("arn:aws:sqs:eu-west-1:111122223333:q"), Partition: "aws", Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, false)
		got := ""
		for _, g := range res.Grants {
			for _, need := range g.Needs {
				if strings.HasPrefix(need, "whether AWS takes arn:aws-") {
					got = "need"
				}
			}
		}
		for _, n := range res.Notes {
			if strings.Contains(n, "is of partition aws-cn and the resource of aws") {
				got += "note"
			}
		}
		if len(res.Idle) > 0 {
			got += "idle"
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q: %v %v", tt.name, got, tt.want, res.Grants, res.Notes)
		}
	}
}
