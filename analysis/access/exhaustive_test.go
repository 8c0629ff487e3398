package access

import (
	"fmt"
	"os"
	"testing"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/zone"
)

// All policies of one Allow and one Deny statement over a small vocabulary,
// against all requests of a small universe: no difference in either reading.
func TestSmallUniverseExhaustively(t *testing.T) {
	long(t)
	principals := []string{`"*"`, `{"AWS":"444455556666"}`, `{"AWS":"arn:aws:iam::444455556666:role/a"}`}
	conditions := []string{
		``,
		`"StringEquals":{"aws:SourceVpc":"vpc-11111111"}`,
		`"StringNotEquals":{"aws:SourceVpc":"vpc-11111111"}`,
		`"StringEqualsIfExists":{"aws:SourceVpc":"vpc-11111111"}`,
		`"StringNotEqualsIfExists":{"aws:SourceVpc":"vpc-11111111"}`,
		`"ForAllValues:StringEquals":{"aws:SourceVpc":"vpc-11111111"}`,
		`"ForAnyValue:StringEquals":{"aws:SourceVpc":"vpc-11111111"}`,
		`"ForAnyValue:StringNotEquals":{"aws:SourceVpc":"vpc-11111111"}`,
		`"Null":{"aws:SourceVpc":"true"}`,
		`"Null":{"aws:SourceVpc":"false"}`,
		`"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}`,
		`"ForAnyValue:StringLike":{"aws:TagKeys":"a*"}`,
		`"Bool":{"aws:PrincipalIsAWSService":"false"}`,
		`"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}`,
		`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/a"}`,
		`"StringEquals":{"aws:PrincipalTag/t":"${aws:RequestTag/t}"}`,
	}
	requests := smallRequests()
	compared := 0
	for _, allow := range principals {
		for _, deny := range principals {
			for _, c1 := range conditions {
				for _, c2 := range conditions {
					text := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[
						{"Effect":"Allow","Principal":%s,"Action":"s3:Get*","Resource":"arn:aws:s3:::b/*","Condition":{%s}},
						{"Effect":"Deny","Principal":%s,"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/x*","Condition":{%s}}]}`, allow, c1, deny, c2)
					compared += compareAll(t, text, requests)
				}
			}
		}
	}
	t.Logf("%d pairs", compared)
}

func compareAll(t *testing.T, text string, requests []evaluate.Request) int {
	t.Helper()
	d := parse(text)
	s := solve(question{subject: bucketB(), zone: &zone.Zone{Account: "111122223333"}, documents: []*policy.Document{d}, gates: [][]int{{0}}}, exactly)
	least, most := s.allow(false), s.allow(true)
	for _, q := range requests {
		point, why := s.locate(q)
		if point == nil {
			t.Fatalf("no cell for %s\n%s", why, text)
		}
		if !s.space.Contains(s.world[1], point) {
			t.Fatalf("outside the world: %s\n%s", show(&q), text)
		}
		if got, want := s.space.Contains(least, point), evaluate.Evaluate(d, q, evaluate.Strict).Allowed; got != want {
			t.Fatalf("at least: %v, evaluator %v\n%s\n%s", got, want, text, show(&q))
		}
		if got, want := s.space.Contains(most, point), evaluate.Evaluate(d, q, evaluate.Permissive).Allowed; got != want {
			t.Fatalf("at most: %v, evaluator %v\n%s\n%s", got, want, text, show(&q))
		}
	}
	return len(requests)
}

// smallRequests are all requests of a few values for each key.
func smallRequests() []evaluate.Request {
	var out []evaluate.Request
	for _, caller := range []evaluate.Principal{
		{Type: evaluate.Anonymous},
		{Type: evaluate.AWS, ARN: "arn:aws:iam::444455556666:role/a", Account: "444455556666", Session: "ss"},
		{Type: evaluate.AWS, ARN: "arn:aws:iam::777788889999:user/a", Account: "777788889999"},
		{Type: evaluate.Service, ARN: "sns.amazonaws.com"},
	} {
		for _, vpc := range []string{"", "vpc-11111111", "vpc-22222222"} {
			for _, tags := range [][]string{nil, {"a"}, {"c"}, {"b", "c"}, {"a", "b"}} {
				for _, tag := range []string{"", "p", "q"} {
					for _, key := range []string{"x", "y"} {
						q := evaluate.Request{Principal: caller, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/" + key, Context: map[string][]string{}}
						if vpc != "" && caller.Type != evaluate.Service {
							q.Context["aws:SourceVpc"], q.Context["aws:SourceVpce"] = []string{vpc}, []string{"vpce-11111111"}
						}
						if tags != nil {
							q.Context["aws:TagKeys"] = tags
						}
						switch caller.Type {
						case evaluate.AWS:
							q.Context["aws:PrincipalArn"], q.Context["aws:PrincipalIsAWSService"] = []string{caller.ARN}, []string{"false"}
							q.Context["aws:RequestTag/t"] = []string{"p"}
							if tag != "" {
								q.Context["aws:PrincipalTag/t"] = []string{tag}
							}
						case evaluate.Service:
							q.Context["aws:PrincipalIsAWSService"] = []string{"true"}
						}
						out = append(out, q)
					}
				}
			}
		}
	}
	return out
}

// long skips a test that takes many seconds unless IACLINT_LONG is set.
func long(t *testing.T) {
	t.Helper()
	if !thorough() {
		t.Skip("IACLINT_LONG is not set")
	}
}

// thorough reports whether tests try all that they can, and not a part that takes
// no second.
func thorough() bool { return os.Getenv("IACLINT_LONG") != "" }
