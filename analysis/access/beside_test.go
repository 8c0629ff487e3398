package access

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// A statement that may let anyone in hides nobody whom another may let in, unless what
// it may let in is there in any case.
func TestBesideWhatMayBePublic(t *testing.T) {
	statement := func(principal, condition string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":"sqs:SendMessage","Resource":"*","Condition":{` + condition + `}}`
	}
	const anyone, partner, other = `{"AWS":"*"}`, `{"AWS":"444455556666"}`, `{"AWS":"555566667777"}`
	for _, tt := range []struct {
		first, second         string
		firstMaybe, alsoMaybe bool
		want                  string
	}{
		{statement(anyone, ""), statement(partner, ""), true, true, "* public open needs one; 444455556666 open needs two"},
		{statement(anyone, ""), statement(partner, ""), true, false, "444455556666; * public open needs one"},
		{statement(anyone, ""), statement(partner, ""), false, true, "* public"},
		{statement(anyone, ""), statement(anyone, `"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}`), true, true, "* public open needs one; * o-aaaaaaaaaa open needs two"},
		{statement(anyone, ""), statement(anyone, `"StringEquals":{"aws:SourceVpc":"vpc-0a1b2c3d4e5f67890"}`), true, true, "* public open needs one; * vpc-0a1b2c3d4e5f67890 open needs two"},
		{statement(anyone, ""), statement(anyone, ""), true, true, "* public open needs one, two"},
		{statement(partner, ""), statement(other, ""), true, true, "444455556666 open needs one; 555566667777 open needs two"},
	} {
		d := parse(`{"Version":"2012-10-17","Statement":[` + tt.first + "," + tt.second + `]}`)
		if tt.firstMaybe {
			d.Statements[0].Maybe = "one"
		}
		if tt.alsoMaybe {
			d.Statements[1].Maybe = "two"
		}
		res := Analyze(resource.Resource{Type: "AWS::SQS::Queue", ARN: value.Lit("arn:aws:sqs:us-east-1:111122223333:q"), Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, false)
		if got := shortly(res); got != tt.want || len(res.Problems) > 0 {
			t.Errorf("%s beside %s:\n got %s\nwant %s %v", tt.first, tt.second, got, tt.want, res.Problems)
		}
	}
}
