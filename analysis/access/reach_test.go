package access

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/zone"
)

// TestReach holds policies whose access depends on what cannot be seen in them:
// the resource that they are attached to, names that no table has, texts that AWS
// would refuse. None of them is without a finding.
func TestReach(t *testing.T) {
	statement := func(principal, action, resource, rest string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,` + action + `,"Resource":` + resource + rest + `}`
	}
	for _, tt := range []struct{ name, kind, account, statements, want string }{
		{"two queues of another account", "AWS::SQS::Queue", "111122223333",
			statement(`"*"`, `"Action":"sqs:SendMessage"`, `["arn:aws:sqs:us-east-1:222233334444:a","arn:aws:sqs:us-east-1:222233334444:b"]`, ""), "* public"},
		{"two queues, no owner", "AWS::SQS::Queue", "",
			statement(`"*"`, `"Action":"sqs:SendMessage"`, `["arn:aws:sqs:us-east-1:222233334444:a","arn:aws:sqs:us-east-1:222233334444:b"]`, ""), "* public"},
		{"bucket beside another service", "", "111122223333",
			statement(`"*"`, `"Action":["s3:GetObject","sns:Publish"]`, `"arn:aws:s3:::b/*"`, ""), "* public"},
		{"tag with a dot", "AWS::S3::Bucket", "111122223333",
			statement(`{"AWS":"arn:aws:iam::444455556666:user/bob"}`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `,"Condition":{"StringEquals":{"s3:ExistingObjectTag/a.b":"x"}}`),
			"arn:aws:iam::444455556666:user/bob"},
		{"encryption context with a dot", "AWS::KMS::Key", "111122223333",
			statement(`{"AWS":"arn:aws:iam::444455556666:user/bob"}`, `"Action":"kms:Decrypt"`, `"*"`, `,"Condition":{"StringEquals":{"kms:EncryptionContext:a.b:c":"x"}}`),
			"arn:aws:iam::444455556666:user/bob"},
		{"list without values", "AWS::S3::Bucket", "111122223333",
			statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":[]}}`), "* public open"},
		{"Null without values", "AWS::S3::Bucket", "111122223333",
			statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `,"Condition":{"Null":{"aws:PrincipalOrgID":[]}}`), "* public open"},
		{"IfExists without values", "AWS::S3::Bucket", "111122223333",
			statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `,"Condition":{"StringEqualsIfExists":{"aws:PrincipalOrgID":[]}}`), "* public"},
		{"pattern of no known action", "AWS::S3::Bucket", "111122223333", statement(`"*"`, `"Action":"s3:Future*"`, `"arn:aws:s3:::b/*"`, ""), "* public open"},
		{"pattern of a service", "", "111122223333", statement(`"*"`, `"Action":"s*:Get*"`, `"*"`, ""), "* public open"},
		{"pattern beside a service", "", "111122223333", statement(`"*"`, `"Action":"s3*:Get*"`, `"*"`, "") + "," +
			statement(`{"AWS":"111122223333"}`, `"Action":"sqs:SendMessage"`, `"*"`, ""), "* public open"},
		{"all but a service", "", "111122223333", statement(`"*"`, `"NotAction":"s3:*"`, `"*"`, ""), "* public"},
		{"placeholder for an action", "AWS::S3::Bucket", "111122223333", statement(`"*"`, `"Action":"${action}"`, `"arn:aws:s3:::b/*"`, ""), "* public open"},
		{"placeholder in an action", "", "111122223333", statement(`"*"`, `"Action":"s3:${action}"`, `"arn:aws:s3:::b/*"`, ""), "* public open"},
		{"principal of another partition", "AWS::S3::Bucket", "111122223333", statement(`{"AWS":"arn:aws-cn:iam::444455556666:root"}`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, ""), "444455556666 open"},
		{"group", "AWS::S3::Bucket", "111122223333", statement(`{"AWS":"arn:aws:iam::444455556666:group/g"}`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, ""), "arn:aws:iam::444455556666:group/g open"},
		{"placeholder for a principal", "AWS::S3::Bucket", "111122223333", statement(`{"AWS":"${account}"}`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, ""), "${account} open"},
		{"resource of another partition", "AWS::S3::Bucket", "111122223333", statement(`{"AWS":"arn:aws:iam::111122223333:root"}`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, "") + "," +
			statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws-cn:s3:::b/*"`, ""), "* public open"},
		{"ARN in capitals", "AWS::S3::Bucket", "111122223333", statement(`"*"`, `"Action":"s3:GetObject"`, `"ARN:AWS:S3:::b/*"`, ""), "* public"},
		{"end of an ARN", "AWS::S3::Bucket", "111122223333", statement(`"*"`, `"Action":"s3:GetObject"`, `"*b/*"`, ""), "* public"},
		{"near miss of Condition", "AWS::S3::Bucket", "111122223333",
			statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `,"Conditions":{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}`), "* public open"},
		{"set operators on a key that no table has", "AWS::S3::Bucket", "111122223333",
			statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `,"Condition":{"ForAnyValue:StringEquals":{"new:Keys":"a"},"ForAnyValue:StringLike":{"new:Keys":"b"}}`), "* public open"},
		{"set operators on a key with one value", "AWS::S3::Bucket", "111122223333",
			statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `,"Condition":{"ForAnyValue:StringEquals":{"aws:UserAgent":"a"},"ForAnyValue:StringLike":{"aws:UserAgent":"b"}}`), ""},
		{"any address, as text", "AWS::S3::Bucket", "111122223333",
			statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `,"Condition":{"StringLike":{"aws:SourceIp":"*"}}`), "* * public"},
		{"any address beside a range", "AWS::S3::Bucket", "111122223333",
			statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `,"Condition":{"StringLike":{"aws:SourceIp":"*"},"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`), "* 203.0.113.0/24"},
		{"placeholder in a condition", "AWS::S3::Bucket", "111122223333",
			statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"${org_id}"}}`), "* public open"},
		{"placeholder in a set", "AWS::S3::Bucket", "111122223333",
			statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `,"Condition":{"ForAnyValue:StringEquals":{"aws:TagKeys":"${tag}"}}`), "* public open"},
		{"operator that does not fit a set", "AWS::S3::Bucket", "111122223333",
			statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `,"Condition":{"ForAnyValue:BinaryEquals":{"aws:TagKeys":"%"}}`), "* public open"},
		{"Bool of what is not a boolean", "AWS::S3::Bucket", "111122223333",
			statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `,"Condition":{"Bool":{"aws:SourceAccount":"*"}}`), "* public open"},
		{"account by its ARN, a user of it", "AWS::S3::Bucket", "111122223333", statement(`{"AWS":"arn:aws:iam::444455556666:root"}`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`,
			`,"Condition":{"StringEquals":{"aws:PrincipalType":"User"}}`), "444455556666"},
		{"account by its number, a role of it", "AWS::S3::Bucket", "111122223333", statement(`{"AWS":"444455556666"}`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/*"`,
			`,"Condition":{"StringEquals":{"aws:PrincipalType":"AssumedRole"}}`), "444455556666"},
		{"variable without value", "AWS::S3::Bucket", "111122223333", statement(`"*"`, `"Action":"s3:GetObject"`, `"arn:aws:s3:::b/${aws:RequestTag/b}"`,
			`,"Condition":{"Null":{"aws:RequestTag/b":"true"}}`), ""},
	} {
		d := parse(`{"Version":"2012-10-17","Statement":[` + tt.statements + `]}`)
		res := Analyze(resource.Resource{Type: tt.kind, Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: tt.account}, false)
		if got := shortly(res); got != tt.want || len(res.Problems) > 0 {
			t.Errorf("%s: %q, want %q %v", tt.name, got, tt.want, res.Problems)
		}
	}
}

// TestNeeds holds what is said of access that is not proven although the policy
// says all that it has.
func TestNeeds(t *testing.T) {
	for _, tt := range []struct{ kind, action, resource, rest, want string }{
		{"AWS::S3::Bucket", "s3:Get*0*", "arn:aws:s3:::b/*", "", "s3:Get*0*, which matches no action that AWS documents"},
		{"AWS::S3::Bucket", "s3:GetObjekt", "arn:aws:s3:::b/*", "", "s3:GetObjekt, an action that AWS does not document; did you mean s3:GetObject?"},
		{"AWS::CodeArtifact::Domain", "codeartifact:ListDomains", "*", "", "codeartifact:ListDomains, for which AWS documents no resource that a policy could name"},
		{"AWS::S3::Bucket", "s3:GetObject", "arn:aws:s3:::b/*", `,"Condition":{"StringEquals":{"aws:PrincipalOrgIDs":"o-exampleorg"}}`,
			"aws:PrincipalOrgIDs, a condition key that AWS does not document; did you mean aws:PrincipalOrgID?"},
		{"AWS::S3::Bucket", "s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/a}*${aws:PrincipalTag/b}*${aws:username}/*x0*", `},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*${aws:PrincipalTag/a}*0"`,
			"which texts ${aws:PrincipalTag/a}, ${aws:PrincipalTag/b}, ${aws:username} stand for"},
	} {
		d := parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"` + tt.action + `","Resource":"` + tt.resource + `"` + tt.rest + `}]}`)
		res := Analyze(resource.Resource{Type: tt.kind, Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, false)
		if len(res.Grants) != 1 || res.Grants[0].Proven || strings.Join(res.Grants[0].Needs, " | ") != tt.want {
			t.Errorf("%s on %s: %+v, want %q", tt.action, tt.resource, res.Grants, tt.want)
		}
	}
}
