package access

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Keys whose ARN is in the caller's account, and organizations that are not known,
// whatever the patterns for them: the run ends with a problem where a request
// contradicts itself or the evaluator refuses it.
func TestCallersAccountAgrees(t *testing.T) {
	keys := map[string][]string{
		"ec2:SourceInstanceArn": {"arn:aws:ec2:eu-west-1:444455556666:instance/i-0123456789abcdef0", "arn:aws:ec2:*:444455556666:instance/*", "arn:aws:ec2:*:4444*:instance/*",
			"arn:aws:ec2:*:*:instance/i-1*", "arn:*:ec2:*:111122223333:instance/*", "arn:aws:ec2:eu-west-1:4*6666:*", "*4444*", "arn:aws:ec2:us-*:*:instance/*", "arn:aws:ec2:us-east-1:4444:instance/i-1"},
		"lambda:SourceFunctionArn": {"arn:aws:lambda:eu-west-1:444455556666:function:f", "arn:aws:lambda:*:4444*:function:*", "arn:aws:lambda:eu-*:*:function:x*", "*:function:*", "arn:aws:lambda:*:111122223333:function:*"},
		"codebuild:BuildArn":       {"arn:aws:codebuild:*:444455556666:build/p:*", "arn:aws:codebuild:*:4???5555*:build/*"},
		"aws:PrincipalOrgID":       {"${aws:ResourceOrgID}", "o-aaaaaaaaaa", "o-*"},
		"aws:SourceOrgID":          {"${aws:ResourceOrgID}", "o-aaaaaaaaaa"},
		"aws:ResourceOrgID":        {"${aws:PrincipalOrgID}", "o-aaaaaaaaaa"},
		"aws:PrincipalAccount":     {"444455556666", "4444*", "${aws:ResourceAccount}", "111122223333"},
		"aws:PrincipalArn":         {"arn:aws:iam::444455556666:role/x*", "arn:aws:iam::*:role/*"},
		"aws:SourceVpc":            {"vpc-0123456789abcdef0"},
	}
	var names []string
	for name := range keys {
		names = append(names, name)
	}
	slices.Sort(names)
	principals := []string{`"*"`, `{"AWS":"444455556666"}`, `{"AWS":["arn:aws:iam::444455556666:role/x1","111122223333"]}`}
	operators := []string{"StringEquals", "StringLike", "StringNotLike", "StringNotEquals", "StringEqualsIfExists", "StringLikeIfExists", "ArnLike", "ArnEquals", "ArnNotLike"}
	n := 1000
	if os.Getenv("IACLINT_LONG") != "" {
		n = 4000
	}
	r := rand.New(rand.NewPCG(1, 2))
	grants := 0
	for range n {
		var statements []string
		for i := range 1 + r.IntN(3) {
			effect := "Allow"
			if i > 0 && r.IntN(3) > 0 {
				effect = "Deny"
			}
			var conditions []string
			for _, k := range r.Perm(len(names))[:1+r.IntN(3)] {
				name := names[k]
				operator := operators[r.IntN(len(operators))]
				if strings.HasPrefix(operator, "Arn") && !strings.HasSuffix(name, "Arn") {
					operator = operators[r.IntN(6)]
				}
				if slices.ContainsFunc(conditions, func(c string) bool { return strings.HasPrefix(c, `"`+operator+`"`) }) {
					continue
				}
				conditions = append(conditions, fmt.Sprintf("%q:{%q:%q}", operator, name, keys[name][r.IntN(len(keys[name]))]))
			}
			statements = append(statements, fmt.Sprintf(`{"Effect":%q,"Principal":%s,"Action":"sqs:*","Resource":"*","Condition":{%s}}`, effect, principals[r.IntN(len(principals))], strings.Join(conditions, ",")))
		}
		text := `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
		res := Analyze(resource.Resource{Type: "AWS::SQS::Queue", ARN: value.Lit("arn:aws:sqs:us-east-1:111122223333:q"), Documents: []resource.Document{{Policy: parse(text)}}}, &zone.Zone{Account: "111122223333"}, true)
		if len(res.Problems) > 0 {
			t.Errorf("%s: %v", text, res.Problems)
		}
		grants += len(res.Grants)
	}
	if grants < n/4 {
		t.Errorf("%d findings of %d policies", grants, n)
	}
}
