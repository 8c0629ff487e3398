package access

import (
	"math/rand"
	"testing"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// FuzzEngine analyses policies as they come: no panic, no internal error, every
// proven finding has a request that the evaluator accepts, and requests that
// the evaluator allows from outside are in some finding.
func FuzzEngine(f *testing.F) {
	r := rand.New(rand.NewSource(41))
	for range 20 {
		f.Add([]byte(genPolicy(r)), int64(1))
	}
	f.Add([]byte(bucketPolicySeed), int64(2))
	f.Fuzz(func(t *testing.T, text []byte, seed int64) {
		if len(text) > 4_000 {
			return
		}
		d := parse(string(text))
		if d == nil {
			return
		}
		r := rand.New(rand.NewSource(seed))
		z := zones[r.Intn(len(zones))]
		for _, kind := range []string{"AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::KMS::Key", "AWS::IAM::Role", ""} {
			res := Analyze(resource.Resource{Type: kind, Documents: []resource.Document{{Policy: d}}}, z, false)
			if len(res.Problems) > 0 {
				t.Fatalf("%s: %s", kind, res.Problems[0])
			}
			for _, g := range res.Grants {
				if g.Proven && !accepted(d, g.Witness) {
					t.Fatalf("%s: %+v", kind, g)
				}
			}
		}
		res := Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: d}}}, z, false)
		s := solve(question{subject: bucketB(), zone: z, documents: []*policy.Document{d}, gates: [][]int{{0}}}, exactly)
		for range 10 {
			q := genRequest(r)
			if q.Principal.Type != evaluate.Service && !s.trusts(&q) && evaluate.Evaluate(d, q, evaluate.Strict).Allowed && !listed(res, q) {
				t.Fatalf("no finding for %s\n%+v", show(&q), res.Grants)
			}
		}
	})
}

func accepted(d *policy.Document, w *evaluate.Request) bool {
	return w != nil && evaluate.WellFormed(*w) == nil && evaluate.Evaluate(d, *w, evaluate.Strict).Allowed
}

const bucketPolicySeed = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["444455556666","*"],"Federated":"accounts.google.com"},
"Action":["sts:*","sqs:*","kms:*","s3:*"],"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"${aws:ResourceOrgID}","kms:CallerAccount":"444455556666"},
"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"auth*"},"NumericLessThan":{"s3:signatureAge":"600"}}}]}`
