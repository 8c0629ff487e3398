package access

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// referenceText reads text in which <account>, <region>, <partition>, <org> and
// <name X> mean what is the stack's own, <six X> a name of six characters, <X>
// a value that is not known and <X a|b> one of a list.
func referenceText(s string) value.Text {
	var texts []value.Text
	for {
		before, rest, ok := strings.Cut(s, "<")
		texts = append(texts, value.Lit(before))
		if !ok {
			return value.Join(texts...)
		}
		inside, after, _ := strings.Cut(rest, ">")
		word, more, _ := strings.Cut(inside, " ")
		ref := value.Reference{Name: word}
		switch word {
		case "account":
			ref.Is = value.OwnAccount
		case "region":
			ref.Is = value.OwnRegion
		case "partition":
			ref.Is = value.OwnPartition
		case "org":
			ref.Is = value.OwnOrganization
		case "name":
			ref = value.Reference{Name: more, Is: value.OwnName}
		case "six":
			ref = value.Reference{Name: more, Is: value.OwnName, Length: 6}
		default:
			if more != "" {
				ref.Values = strings.Split(more, "|")
			}
		}
		texts, s = append(texts, value.Ref(ref)), after
	}
}

func withReferences(v value.Value) value.Value {
	if v.Kind == value.String && strings.Contains(v.Text.Literal, "<") {
		v.Text = referenceText(v.Text.Literal)
		if len(v.Text.Parts) == 1 && v.Text.Parts[0].Ref.Is == value.Anything {
			v.Kind = value.Unknown
		}
	}
	for i := range v.Items {
		v.Items[i] = withReferences(v.Items[i])
	}
	for i := range v.Fields {
		v.Fields[i].Value = withReferences(v.Fields[i].Value)
	}
	return v
}

// What references let in. The findings of a resource are written as answerOf
// does, and what they need.
func TestReferences(t *testing.T) {
	const owner = "111122223333"
	for _, tt := range []struct{ name, typ, arn, account, statements, want string }{
		{"own account by reference", "AWS::SQS::Queue", "arn:<partition>:sqs:<region>:<account>:<name Queue>", owner,
			`{"Effect":"Allow","Principal":{"AWS":"arn:<partition>:iam::<account>:root"},"Action":"sqs:*","Resource":"*"}`, ""},
		{"own account by reference, undeclared", "AWS::SQS::Queue", "arn:<partition>:sqs:<region>:<account>:<name Queue>", "",
			`{"Effect":"Allow","Principal":{"AWS":["<account>","arn:<partition>:iam::<account>:role/<name Role>"]},"Action":"sqs:*","Resource":"*"}`, ""},
		{"foreign account, undeclared owner", "AWS::SQS::Queue", "arn:<partition>:sqs:<region>:<account>:<name Queue>", "",
			`{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sqs:*","Resource":"*"}`, "444455556666"},
		{"own source by reference", "AWS::SQS::Queue", "arn:<partition>:sqs:<region>:<account>:<name Queue>", "",
			`{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"arn:<partition>:sns:<region>:<account>:<name Topic>"}}}`, ""},
		{"the resource itself", "AWS::S3::Bucket", "arn:<partition>:s3:::<name Bucket>", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:<partition>:s3:::<name Bucket>/*"}`, "* public"},
		{"another resource of the stack", "AWS::S3::Bucket", "arn:<partition>:s3:::<name Bucket>", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:<partition>:s3:::<name Other>/*"}`, ""},
		{"a bucket that only its policy names", "AWS::S3::Bucket", "arn:<partition>:s3:::<name Bucket>", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme/*"}`, "* public"},
		{"a queue whose name may be the one in its policy", "AWS::SQS::Queue", "arn:<partition>:sqs:<region>:<account>:<name Queue>", owner,
			`{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:*:*:orders"}`, "* public open"},
		{"a queue with a name from elsewhere", "AWS::SQS::Queue", "arn:<partition>:sqs:<region>:<account>:<var.name>-q", owner,
			`{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"arn:<partition>:sqs:<region>:<account>:<var.name>-q"}`, "* public"},
		{"a pattern that a name may match", "AWS::S3::Bucket", "arn:<partition>:s3:::<var.name>", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::prod-*"}`, "* public open"},
		{"a pattern that every name matches", "AWS::S3::Bucket", "arn:<partition>:s3:::<var.name>", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::*/public/*"}`, "* public"},
		{"region of the stack", "AWS::SQS::Queue", "arn:<partition>:sqs:<region>:<account>:orders", owner,
			`{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:eu-west-1:111122223333:orders"}`, "* public"},
		{"owner in the policy", "AWS::SQS::Queue", "arn:<partition>:sqs:<region>:<account>:orders", "",
			`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sqs:SendMessage","Resource":"arn:aws:sqs:eu-west-1:111122223333:orders"}`, ""},
		{"the whole ARN is not known", "AWS::SecretsManager::Secret", "<Secret>", owner,
			`{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"secretsmanager:GetSecretValue","Resource":"<Secret>"}`, "444455556666"},

		{"a secret by its name and six characters", "AWS::SecretsManager::Secret", "arn:<partition>:secretsmanager:<region>:<account>:secret:db-<six S>", owner, secretAt("db-??????"), "444455556666"},
		{"a secret by its name and more", "AWS::SecretsManager::Secret", "arn:<partition>:secretsmanager:<region>:<account>:secret:db-<six S>", owner, secretAt("db-*"), "444455556666"},
		{"a secret by its name and anything", "AWS::SecretsManager::Secret", "arn:<partition>:secretsmanager:<region>:<account>:secret:db-<six S>", owner, secretAt("db*"), "444455556666"},
		{"a secret by its reference", "AWS::SecretsManager::Secret", "arn:<partition>:secretsmanager:<region>:<account>:secret:db-<six S>", owner, secretAt("db-<six S>"), "444455556666"},
		{"another secret of that name", "AWS::SecretsManager::Secret", "arn:<partition>:secretsmanager:<region>:<account>:secret:db-<six S>", owner, secretAt("db-<six T>"), ""},
		{"a secret by its name alone", "AWS::SecretsManager::Secret", "arn:<partition>:secretsmanager:<region>:<account>:secret:db-<six S>", owner, secretAt("db"), ""},
		{"a secret by five characters", "AWS::SecretsManager::Secret", "arn:<partition>:secretsmanager:<region>:<account>:secret:db-<six S>", owner, secretAt("db-?????"), ""},
		{"a secret by what may be its ARN", "AWS::SecretsManager::Secret", "arn:<partition>:secretsmanager:<region>:<account>:secret:db-<six S>", owner, secretAt("db-a1B2c3"), "444455556666 open"},
		{"a secret by what cannot be its ARN", "AWS::SecretsManager::Secret", "arn:<partition>:secretsmanager:<region>:<account>:secret:db-<six S>", owner, secretAt("db-a1B2c3d"), ""},
		{"a secret whose name is not known", "AWS::SecretsManager::Secret", "arn:<partition>:secretsmanager:<region>:<account>:secret:<name Secret>-<six S>", owner, secretAt("db-??????"), "444455556666 open"},
		{"a secret but for its suffix", "AWS::SecretsManager::Secret", "arn:<partition>:secretsmanager:<region>:<account>:secret:<name Secret>-<six S>", owner, secretAt("<name Secret>-??????"), "444455556666"},
		{"a secret and a denial by its suffix", "AWS::SecretsManager::Secret", "arn:<partition>:secretsmanager:<region>:<account>:secret:db-<six S>", owner, secretAt("*") + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:secretsmanager:*:*:secret:db-??????"}`, ""},

		{"unknown principal", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":{"AWS":"<Partner>"},"Action":"s3:GetObject","Resource":"*"}`, "${Partner} open needs Partner"},
		{"unknown account", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::<Partner>:root"},"Action":"s3:GetObject","Resource":"*"}`, "${Partner} open needs Partner"},
		{"unknown role of an account", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:role/<Name>"},"Action":"s3:GetObject","Resource":"*"}`, "arn:aws:iam::444455556666:role/${Name}"},
		{"unknown role of your account", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::<account>:role/<Name>"},"Action":"s3:GetObject","Resource":"*"}`, ""},
		{"one of two accounts", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":{"AWS":"<Partner 444455556666|111122223333>"},"Action":"s3:GetObject","Resource":"*"}`, "444455556666 open needs Partner"},
		{"one of many accounts", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::<Region 444455556666|555566667777|666677778888|777788889999>:root","888899990000"]},"Action":"s3:GetObject","Resource":"*"}`, "888899990000; ${Region} open needs Region"},
		{"one of two own accounts", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::<Partner 111122223333>:root"},"Action":"s3:GetObject","Resource":"*"}`, ""},
		{"unknown organization", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"<var.org>"}}}`, "* ${var.org} open needs var.org"},
		{"own organization", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"<org>"}}}`, "* ${aws:ResourceOrgID}"},
		{"denied but for an unknown organization", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"<var.org>"}}}`, "* ${var.org} open needs var.org"},
		{"unknown referer", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:Referer":"<var.referer>"}}}`, "* public"},
		{"unknown referer beside a known one", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:Referer":"<var.referer>"}}},{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:Referer":"a"}}}`, "* public open needs var.referer"},
		{"two unknown values that may be one", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:Referer":"<var.a>"}}},{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:Referer":"<var.b>"}}}`, "* public open needs var.a, var.b"},
		{"an unknown value that may be a pattern", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:Referer":"<var.a>"}}},{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:Referer":"<var.a>"}}}`, "* public open needs var.a"},
		{"external id that is not known", "AWS::IAM::Role", "arn:aws:iam::111122223333:role/r", owner,
			`{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"<ExternalId>"}}}`, "444455556666"},
		{"one of two external ids", "AWS::IAM::Role", "arn:aws:iam::111122223333:role/r", owner,
			`{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"<ExternalId a|b>"}}}`, "444455556666"},
		{"unknown addresses", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"<var.cidr>"}}}`, "* open needs var.cidr"},
		{"unknown action", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:Get<What>","Resource":"*"}`, "* public open needs What"},
		{"one of two addresses", "AWS::S3::Bucket", "arn:aws:s3:::b", owner,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"<Net 203.0.113.0/24|198.51.100.0/24>"}}}`, "* 198.51.100.0/24 open needs Net; * 203.0.113.0/24 open needs Net"},
	} {
		v, diags := jsontree.Parse(source.NewFile("p.json", []byte(`{"Version":"2012-10-17","Statement":[`+tt.statements+`]}`)))
		if len(diags) > 0 {
			t.Fatal(tt.name, diags)
		}
		d, _ := policy.Decode(withReferences(v))
		r := resource.Resource{Type: tt.typ, ARN: referenceText(tt.arn), Documents: []resource.Document{{Policy: d}}}
		res := Analyze(r, &zone.Zone{Account: tt.account}, true)
		if got := shortly(res); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		for _, p := range res.Problems {
			t.Errorf("%s: %s", tt.name, p)
		}
		for _, g := range res.Grants {
			if g.Proven && g.Witness == nil {
				t.Errorf("%s: proven without witness", tt.name)
			}
		}
	}
}

// Buckets and access identities of the stack itself are inside.
func TestOwnThings(t *testing.T) {
	own := []value.Text{referenceText("arn:<partition>:s3:::<name Uploads>"), referenceText("arn:<partition>:iam::cloudfront:user/CloudFront Origin Access Identity <name OAI>"), referenceText("<name OAI.Canonical>")}
	for _, tt := range []struct{ typ, arn, statement, want string }{
		{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", `{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::<name Uploads>"}}}`, ""},
		{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", `{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::other"}}}`, "* arn:aws:s3:::other"},
		{"AWS::S3::Bucket", "arn:aws:s3:::b", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity <name OAI>"},"Action":"s3:GetObject","Resource":"*"}`, ""},
		{"AWS::S3::Bucket", "arn:aws:s3:::b", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"},"Action":"s3:GetObject","Resource":"*"}`, "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"},
		{"AWS::S3::Bucket", "arn:aws:s3:::b", `{"Effect":"Allow","Principal":{"CanonicalUser":"<name OAI.Canonical>"},"Action":"s3:GetObject","Resource":"*"}`, ""},
	} {
		v, _ := jsontree.Parse(source.NewFile("p.json", []byte(`{"Version":"2012-10-17","Statement":[`+tt.statement+`]}`)))
		d, _ := policy.Decode(withReferences(v))
		r := resource.Resource{Type: tt.typ, ARN: value.Lit(tt.arn), Own: own, Documents: []resource.Document{{Policy: d}}}
		res := Analyze(r, &zone.Zone{Account: "111122223333"}, true)
		if got := shortly(res); got != tt.want || len(res.Problems) > 0 {
			t.Errorf("%s: %q, want %q %v", tt.statement, got, tt.want, res.Problems)
		}
	}
}

// secretAt lets another account read the secret of a name.
func secretAt(name string) string {
	if name != "*" {
		name = "arn:<partition>:secretsmanager:<region>:<account>:secret:" + name
	}
	return `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"secretsmanager:GetSecretValue","Resource":"` + name + `"}`
}

// A literal that the name AWS gives may turn out to be is never passed over,
// with or without a wildcard behind it.
func TestLiteralsThatMayTurnOut(t *testing.T) {
	id := value.StandIn("Api")
	for _, tt := range []struct {
		pattern, shape string
		want           bool
	}{
		{"arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/*", "arn:aws:execute-api:*:111122223333:" + id + "/*", true},
		{"arn:aws:execute-api:us-east-1:444455556666:a1b2c3d4e5/*", "arn:aws:execute-api:*:111122223333:" + id + "/*", false},
		{"arn:aws:execute-api:us-east-1:111122223333:*", "arn:aws:execute-api:*:111122223333:" + id + "/*", false}, // matches now
		{"arn:aws:s3:us-east-1:111122223333:accesspoint/ap/object/*", "arn:aws:s3:*:111122223333:accesspoint/" + id + "/object/*", true},
		{"arn:aws:es:us-east-1:111122223333:domain/d/*", "arn:aws:es:*:111122223333:domain/" + id + "/*", true},
		{"arn:aws:dynamodb:us-east-1:111122223333:table/t/index/*", "arn:aws:dynamodb:*:111122223333:table/" + id + "/index/*", true},
		{"arn:aws:s3tables:us-east-1:111122223333:bucket/b/table/*", "arn:aws:s3tables:*:111122223333:bucket/" + id + "/table/*", true},
	} {
		if got := mayTurnOut([]piece{{literal: tt.pattern}}, tt.shape); got != tt.want {
			t.Errorf("%s on %q: %v, want %v", tt.pattern, tt.shape, got, tt.want)
		}
	}
}
