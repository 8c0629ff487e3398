package rules_test

import (
	"fmt"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/loaders/policyjson"
	"github.com/iaclint/iaclint/rules"
)

// What is not proven is never louder than it would be if it were: a condition key
// that no table has makes the same statement undetermined.
func TestUndeterminedIsNoLouderThanProven(t *testing.T) {
	loudest := func(kind, principal, action, resource, condition string) (rule string, severity finding.Severity) {
		statement := fmt.Sprintf(`{"Effect":"Allow","Principal":%s,"Action":%q,"Resource":%q%s}`, principal, action, resource, condition)
		file := source.NewFile("p.json", []byte(`{"Version":"2012-10-17","Statement":[`+statement+`]}`))
		r := policyjson.Load(file, policyjson.Options{ResourceType: kind}).Resources[0]
		for _, f := range rules.Run(r, &zone.Zone{Type: zone.Account, Account: "111122223333"}, rules.Options{}).Findings {
			if f.Severity.Rank() > severity.Rank() {
				rule, severity = f.Rule, f.Severity
			}
		}
		return rule, severity
	}
	for _, tt := range []struct{ kind, action, resource, public string }{
		{"AWS::ApiGateway::RestApi", "execute-api:Invoke", "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/*", "undetermined-external"},
		{"AWS::S3::Bucket", "s3:GetObject", "arn:aws:s3:::logs/*", "undetermined-public"},
		{"AWS::S3::Bucket", "s3:PutObject", "arn:aws:s3:::logs/*", "undetermined-public"},
		{"AWS::SQS::Queue", "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", "undetermined-public"},
		{"AWS::KMS::Key", "kms:Decrypt", "*", "undetermined-public"},
	} {
		for _, principal := range []string{`"*"`, `{"AWS":"444455556666"}`} {
			proven, loud := loudest(tt.kind, principal, tt.action, tt.resource, "")
			open, rank := loudest(tt.kind, principal, tt.action, tt.resource, `,"Condition":{"StringEquals":{"aws:NoSuchKey":"x"}}`)
			if loud == "" || rank == "" || rank.Rank() > loud.Rank() {
				t.Errorf("%s by %s on %s: %s (%s) proven, %s (%s) if not", tt.action, principal, tt.kind, proven, loud, open, rank)
			}
			if principal == `"*"` && open != tt.public {
				t.Errorf("%s on %s: %s, want %s", tt.action, tt.kind, open, tt.public)
			}
		}
	}
}
