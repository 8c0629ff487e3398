package policyjson

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

// What may be an endpoint's policy is not taken for a resource's.
func TestEndpointPolicies(t *testing.T) {
	for _, tt := range []struct {
		path, statement string
		typ             string
		settled         bool
	}{
		{"vpc-endpoint-policies/default.json", `"Principal":"*","Action":"*","Resource":"*"`, endpointType, true},
		{"policies/s3-vpce.json", `"Principal":{"AWS":"*"},"Action":"s3:*","Resource":"*"`, endpointType, true},
		{"policies/all.json", `"Principal":"*","Action":"*","Resource":"*"`, "", false},
		{"policies/ec2.json", `"Principal":"*","Action":["ec2:*"],"Resource":["*"]`, "", false},
		{"policies/s3.json", `"Principal":"*","Action":"s3:*","Resource":"*"`, "", true},
		{"endpoints/s3.json", `"Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-raw/*"`, "AWS::S3::Bucket", true},
		{"endpoints/key.json", `"Principal":"*","Action":"kms:Decrypt","Resource":"*"`, "AWS::KMS::Key", true},
		{"endpoint_policies/iam.json", `"Principal":"*","Action":"*","Resource":["*","arn:aws:iam::aws:policy/*"]`, "", false},
		{"policies/iam.json", `"Principal":"*","Action":"*","Resource":["*","arn:aws:iam::aws:policy/*"]`, "", true},
		{"endpoint_policies/one.json", `"Principal":{"AWS":"444455556666"},"Action":"*","Resource":["*","arn:aws:iam::aws:policy/*"]`, "", true},
		{"policies/one.json", `"Principal":{"AWS":"444455556666"},"Action":"*","Resource":"*"`, "", true},
	} {
		text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + tt.statement + `}]}`
		stack := Load(source.NewFile(tt.path, []byte(text)), Options{})
		r := stack.Resources[0]
		if settled := len(r.Documents[0].Policy.Statements[0].Condition) == 0; r.Type != tt.typ || settled != tt.settled {
			t.Errorf("%s: %q, settled: %v; want %q, %v", tt.path, r.Type, settled, tt.typ, tt.settled)
		}
	}
}
