package policyjson

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
)

func load(text string) resource.Stack {
	return Load(source.NewFile("in.json", []byte(text)), Options{})
}

// show writes one line per resource, document, statement and diagnostic.
func show(s resource.Stack) string {
	var b strings.Builder
	for _, r := range s.Resources {
		fmt.Fprintf(&b, "%s %s %s", r.Address, r.Type, r.ARN.Literal)
		for _, x := range []struct{ name, value string }{
			{"account", r.Account}, {"region", r.Region}, {"partition", r.Partition}, {"managed", r.AWSManagedKey}, {"key", r.KeyNotInCode},
		} {
			if x.value != "" {
				fmt.Fprintf(&b, " %s=%s", x.name, x.value)
			}
		}
		if r.Encrypted {
			b.WriteString(" encrypted")
		}
		if r.IdentityPolicy {
			b.WriteString(" identity")
		}
		b.WriteString(showBlock(r.Block) + "\n")
		for _, d := range r.Documents {
			b.WriteString("  - " + strings.Join(strings.Fields(string(d.Source)+" "+d.AccessPointARN.Literal+" "+d.VPC+showBlock(d.Block)), " ") + "\n")
			for _, s := range d.Policy.Statements {
				b.WriteString("    " + showStatement(s) + "\n")
			}
		}
	}
	for _, d := range s.Diagnostics {
		_, pos := d.Where()
		fmt.Fprintf(&b, "%d:%d: %s: %s\n", pos.Line, pos.Column, d.Severity, d.Message)
	}
	return b.String()
}

func showBlock(p *resource.PublicAccessBlock) string {
	if p == nil {
		return ""
	}
	return fmt.Sprintf(" block(%s %t %t)", p.Address, p.IgnorePublicACLs, p.RestrictPublicBuckets)
}

func showStatement(s policy.Statement) string {
	kinds := []string{"Anyone", "AWS", "Federated", "Service", "CanonicalUser", "Authenticated"}
	var words []string
	for _, p := range s.Principal.List {
		words = append(words, kinds[p.Kind]+"="+p.Text.String())
	}
	for _, p := range append(s.Action.List[:len(s.Action.List):len(s.Action.List)], s.Resource.List...) {
		words = append(words, p.Text.String())
	}
	for _, c := range s.Condition {
		words = append(words, "if", c.Operator.Text, c.Key, c.Values[0].Text.String())
	}
	return s.Effect.String() + " " + strings.Join(words, " ") + fmt.Sprintf(" <%s>", clip(s.Span.Text()))
}

func clip(s string) string {
	if len(s) > 24 {
		return s[:24] + "…"
	}
	return s
}

const simple = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"%s","Resource":"%s"}]}`

func simplePolicy(action, arn string) string { return fmt.Sprintf(simple, action, arn) }

// quoted escapes a policy for a string.
func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

func TestInfer(t *testing.T) {
	tests := []struct{ action, resource, typ, arn string }{
		{"s3:GetObject", "arn:aws:s3:::logs/*", "AWS::S3::Bucket", "arn:aws:s3:::logs"},
		{"s3:ListBucket", "arn:aws:s3:::logs", "AWS::S3::Bucket", "arn:aws:s3:::logs"},
		{"s3:*", "arn:aws:s3:::lo*/a", "AWS::S3::Bucket", ""},
		{"*", "arn:aws:s3:::logs", "AWS::S3::Bucket", "arn:aws:s3:::logs"},
		{"s3:*", "*", "", ""},
		{"s3:GetObject", "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap/object/*", "AWS::S3::AccessPoint", "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap"},
		{"SQS:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", "AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q"},
		{"sqs:*", "*", "AWS::SQS::Queue", ""},
		{"sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t", "AWS::SNS::Topic", "arn:aws:sns:eu-west-1:111122223333:t"},
		{"kms:Decrypt", "*", "AWS::KMS::Key", ""},
		{"secretsmanager:GetSecretValue", "*", "AWS::SecretsManager::Secret", ""},
		{"lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:f:live", "AWS::Lambda::Function", "arn:aws:lambda:eu-west-1:111122223333:function:f"},
		{"lambda:GetLayerVersion", "arn:aws:lambda:eu-west-1:111122223333:layer:l:3", "AWS::Lambda::LayerVersion", "arn:aws:lambda:eu-west-1:111122223333:layer:l:3"},
		{"dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/t/index/*", "AWS::DynamoDB::Table", "arn:aws:dynamodb:eu-west-1:111122223333:table/t"},
		{"dynamodb:GetRecords", "arn:aws:dynamodb:eu-west-1:111122223333:table/t/stream/2024", "AWS::DynamoDB::Stream", "arn:aws:dynamodb:eu-west-1:111122223333:table/t/stream/2024"},
		{"execute-api:Invoke", "arn:aws:execute-api:eu-west-1:111122223333:abc/*", "AWS::ApiGateway::RestApi", "arn:aws:execute-api:eu-west-1:111122223333:abc"},
		{"es:ESHttpGet", "arn:aws:es:eu-west-1:111122223333:domain/d/*", "AWS::OpenSearchService::Domain", "arn:aws:es:eu-west-1:111122223333:domain/d"},
		{"rds:*", "*", "", ""},
		{"ec2:CopySnapshot", "*", "", ""}, // snapshots are shared by a list, not by a policy
		{"ec2:*", "arn:aws:ec2:eu-west-1::snapshot/snap-1", "", ""},
		{"*", "*", "", ""},
	}
	for _, tt := range tests {
		r := load(simplePolicy(tt.action, tt.resource)).Resources[0]
		if r.Type != tt.typ || r.ARN.Literal != tt.arn {
			t.Errorf("%s on %s is of %q %q, want %q %q", tt.action, tt.resource, r.Type, r.ARN.Literal, tt.typ, tt.arn)
		}
	}
}

const trust = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole"}}`

func TestLoad(t *testing.T) {
	const trusts = "  - \n    Allow AWS=444455556666 sts:AssumeRole <{\"Effect\":\"Allow\",\"Princ…>\n"
	tests := []struct{ name, in, want string }{
		{"trust policy", trust, "(policy) AWS::IAM::Role \n" + trusts},
		{"ECR without Resource", `{"Statement":{"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}}`,
			"(policy) AWS::ECR::Repository \n  - \n    Allow Anyone=* ecr:BatchGetImage <{\"Effect\":\"Allow\",\"Princ…>\n"},
		{"identity policy", `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::a"}}`,
			"(policy) AWS::IAM::Policy  identity\n  - \n    Allow s3:* arn:aws:s3:::a <{\"Effect\":\"Allow\",\"Actio…>\n"},
		{"two documents", trust + "\n" + trust, "(policy) AWS::IAM::Role \n" + trusts + "(policy)#2 AWS::IAM::Role \n" + trusts},
		{"two buckets", `{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::a","arn:aws:s3:::b"]}}`,
			"(policy) AWS::S3::Bucket \n  - \n    Allow Anyone=* s3:* arn:aws:s3:::a arn:aws:s3:::b <{\"Effect\":\"Allow\",\"Princ…>\n"},
		{"near miss", `{"Statments":[]}`, "(policy)  \n  - \n" +
			"    Allow AWS=${policy document at in.json:1:1} Federated=${policy document at in.json:1:1} Service=${policy document at in.json:1:1} CanonicalUser=${policy document at in.json:1:1} ${policy document at in.json:1:1} ${policy document at in.json:1:1} if   ${policy document at in.json:1:1} <{\"Statments\":[]}>\n    Deny AWS=${policy document at in.json:1:1} Federated=${policy document at in.json:1:1} Service=${policy document at in.json:1:1} CanonicalUser=${policy document at in.json:1:1} ${policy document at in.json:1:1} ${policy document at in.json:1:1} if   ${policy document at in.json:1:1} <{\"Statments\":[]}>\n" +
			"1:2: warning: policy element \"Statments\" is unknown; did you mean \"Statement\"?\n1:2: warning: policy document has no \"Statement\", only \"Statments\"\n"},
		{"list", `[` + trust + `]`, "1:1: error: not recognised: expected one policy document, found a list\n"},
		{"other JSON", `{"name":"x"}`, "1:1: error: not recognised: expected a policy document, output of the AWS command line that holds one, or a map of Access Analyzer configurations\n"},
		{"syntax", `{"Statement":}`, "1:14: error: invalid JSON: expected \":\" and a value, found \"}\"\n"},

		// Output of the command line.
		{"get-role", `{"Role":{"Arn":"arn:aws:iam::111122223333:role/r","AssumeRolePolicyDocument":` + trust + `}}`,
			"(policy) AWS::IAM::Role arn:aws:iam::111122223333:role/r account=111122223333 partition=aws\n" + trusts},
		{"list-roles, URL-encoded", `{"Roles":[{"Arn":"arn:aws:iam::111122223333:role/r","AssumeRolePolicyDocument":"%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%22*%22%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%7D"}]}`,
			"(policy) AWS::IAM::Role arn:aws:iam::111122223333:role/r account=111122223333 partition=aws\n  - \n    Allow Anyone=* sts:AssumeRole <\"%7B%22Statement%22%3A%7…>\n"},
		{"get-bucket-policy", `{"Policy":` + quoted(simplePolicy("s3:*", "arn:aws:s3:::a")) + `}`,
			"(policy) AWS::S3::Bucket arn:aws:s3:::a partition=aws\n  - \n    Allow Anyone=* s3:* arn:aws:s3:::a <{\\\"Effect\\\":\\\"Allow\\\",\\\"…>\n"},
		{"get-key-policy", `{"PolicyName":"default","Policy":` + quoted(simplePolicy("kms:*", "*")) + `}`,
			"(policy) AWS::KMS::Key \n  - \n    Allow Anyone=* kms:* * <{\\\"Effect\\\":\\\"Allow\\\",\\\"…>\n"},
		{"get-queue-attributes", `{"Attributes":{"QueueArn":"arn:aws:sqs:eu-west-1:111122223333:q","Policy":` + quoted(simplePolicy("sqs:*", "*")) + `}}`,
			"(policy) AWS::SQS::Queue arn:aws:sqs:eu-west-1:111122223333:q account=111122223333 region=eu-west-1 partition=aws\n  - \n    Allow Anyone=* sqs:* * <{\\\"Effect\\\":\\\"Allow\\\",\\\"…>\n"},
		{"get-rest-api, escaped twice", `{"id":"a","name":"b","policy":` + quoted(strings.ReplaceAll(simplePolicy("execute-api:Invoke", "*"), `"`, `\\"`)) + `}`,
			"(policy) AWS::ApiGateway::RestApi \n  - \n    Allow Anyone=* execute-api:Invoke * <\"{\\\\\\\"Version\\\\\\\":\\\\\\\"20…>\n"},
		{"ecr get-repository-policy", `{"registryId":"111122223333","repositoryName":"r","policyText":` + quoted(simplePolicy("ecr:*", "*")) + `}`,
			"(policy) AWS::ECR::Repository  account=111122223333\n  - \n    Allow Anyone=* ecr:* * <{\\\"Effect\\\":\\\"Allow\\\",\\\"…>\n"},
		{"get-role-policy", `{"RoleName":"r","PolicyName":"p","PolicyDocument":{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}}`,
			"(policy) AWS::IAM::Policy  identity\n  - \n    Allow s3:* * <{\"Effect\":\"Allow\",\"Actio…>\n"},
		{"broken policy in a string", "{\"Policy\":\n\"{\\\"Statement\\\":[}\"}", "(policy)  \n  - \n" +
			"    Allow AWS=${valid JSON at in.json:2:18} Federated=${valid JSON at in.json:2:18} Service=${valid JSON at in.json:2:18} CanonicalUser=${valid JSON at in.json:2:18} ${valid JSON at in.json:2:18} ${valid JSON at in.json:2:18} if   ${valid JSON at in.json:2:18} <}>\n" +
			"    Deny AWS=${valid JSON at in.json:2:18} Federated=${valid JSON at in.json:2:18} Service=${valid JSON at in.json:2:18} CanonicalUser=${valid JSON at in.json:2:18} ${valid JSON at in.json:2:18} ${valid JSON at in.json:2:18} if   ${valid JSON at in.json:2:18} <}>\n" +
			"2:18: warning: invalid JSON: expected a value or \"]\", found \"}\"\n"},
		{"duplicate key around a policy", `{"Policy":"{}","Policy":` + quoted(trust) + `}`, "(policy) AWS::IAM::Role \n" + strings.ReplaceAll(trusts, `{"Effect":"Allow","Princ…`, `{\"Effect\":\"Allow\",\"…`) +
			"1:16: error: key \"Policy\" is written twice, expected once\n"},
		{"get-bucket-acl", `{"Owner":{"ID":"me"},"Grants":[{"Grantee":{"ID":"me","Type":"CanonicalUser"},"Permission":"FULL_CONTROL"},
{"Grantee":{"URI":"http://acs.amazonaws.com/groups/global/AllUsers","Type":"Group"},"Permission":"READ"}]}`,
			"(policy) AWS::S3::Bucket \n  - BUCKET_ACL\n    Allow Anyone=* s3:ListBucket s3:ListBucketMultipartUploads s3:ListBucketVersions arn:*:s3:::* arn:*:s3:::*/* <{\"Grantee\":{\"URI\":\"http:…>\n"},
		{"get-public-access-block", `{"PublicAccessBlockConfiguration":{"IgnorePublicAcls":true,"RestrictPublicBuckets":false}}`,
			"(policy) AWS::S3::Bucket  block(PublicAccessBlockConfiguration true false)\n"},
	}
	for _, tt := range tests {
		got := show(load(tt.in))
		if got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestResourceType(t *testing.T) {
	tests := []struct{ option, in, typ, arn string }{
		{"aws_sqs_queue_policy", simplePolicy("sqs:*", "*"), "AWS::SQS::Queue", ""},
		{"AWS::S3::BucketPolicy", simplePolicy("s3:*", "*"), "AWS::S3::Bucket", ""},
		{"AWS::S3::Bucket", simplePolicy("s3:*", "arn:aws:s3:::a/*"), "AWS::S3::Bucket", "arn:aws:s3:::a"},
		{"AWS::EC2::VPCEndpoint", simplePolicy("s3:*", "arn:aws:s3:::a/*"), "AWS::EC2::VPCEndpoint", ""},
		// What the input says goes first.
		{"AWS::S3::Bucket", `{"Role":{"AssumeRolePolicyDocument":` + trust + `}}`, "AWS::IAM::Role", ""},
	}
	for _, tt := range tests {
		r := Load(source.NewFile("in.json", []byte(tt.in)), Options{ResourceType: tt.option}).Resources[0]
		if r.Type != tt.typ || r.ARN.Literal != tt.arn {
			t.Errorf("type %s: %q %q, want %q %q", tt.option, r.Type, r.ARN.Literal, tt.typ, tt.arn)
		}
	}
}

func TestMatchFile(t *testing.T) {
	tests := []struct {
		in   string
		want bool
	}{
		{trust, true},
		{"\xef\xbb\xbf\n" + trust, true},
		{`{"Policy":` + quoted(trust) + `}`, true},
		{`{"arn:aws:sqs:eu-west-1:111122223333:q":{"sqsQueue":{}}}`, true},
		{`{"Statement":[{"Effect":"Allow",}]}`, true}, // ours, though broken
		{`{"Policy":"be nice"}`, false},
		{`{"Resources":{"A":{"Type":"AWS::S3::Bucket"}}}`, false},
		{`{"name":"x","version":"2012-10-17"}`, false},
		{`{"compilerOptions":{} /* policy */}`, false},
		{`resource "aws_iam_policy" "x" {}`, false},
		{``, false},
	}
	for _, tt := range tests {
		if got := MatchFile(source.NewFile("in.json", []byte(tt.in))); got != tt.want {
			t.Errorf("MatchFile(%s) = %t, want %t", tt.in, got, tt.want)
		}
	}
}

func checkStack(t *testing.T, s resource.Stack) {
	t.Helper()
	for _, d := range s.Diagnostics {
		checkSpan(t, d.Span)
	}
	for _, r := range s.Resources {
		checkSpan(t, r.Span)
		if r.Address == "" || r.Path == "" {
			t.Error("a resource has no address or path")
		}
		for _, d := range r.Documents {
			for _, st := range d.Policy.Statements {
				checkSpan(t, st.Span)
				for _, p := range st.Principal.List {
					checkSpan(t, p.Span)
				}
			}
		}
	}
}

func checkSpan(t *testing.T, s source.Span) {
	t.Helper()
	if s.File == nil || s.Start < 0 || s.Start > s.End || s.End > len(s.File.Content) {
		t.Errorf("span %d-%d is not in the file", s.Start, s.End)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(trust))
	f.Add([]byte(`{"Policy":` + quoted(trust) + `}`))
	f.Add([]byte(previewAll))
	f.Add([]byte(`{"Owner":{"ID":"a"},"Grants":[{"Grantee":{"ID":1},"Permission":[]}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		file := source.NewFile("in.json", content)
		stack := Load(file, Options{})
		checkStack(t, stack)
		if show(stack) != show(Load(file, Options{})) {
			t.Error("two results for one input")
		}
		if MatchFile(file) && len(stack.Resources) == 0 && len(stack.Diagnostics) == 0 {
			t.Error("a file of ours gives nothing")
		}
	})
}

// A file that ends before its JSON does is broken as soon as it shows that it was
// to be a policy; what is cut before, or is of another kind, is left to others.
func TestCutFilesAreRecognised(t *testing.T) {
	for _, tt := range []struct{ name, in, shows string }{
		{"version first", `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}`, `"2012-10-17"`},
		{"statement first", `{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}`, `"Statement"`},
		{"old version", `{ "Id": "x", "Version": "2008-10-17", "Statement": {"Effect": "Deny"}}`, `"2008-10-17"`},
		{"as text", `{"Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\"}]}"}`, `2012-10-17\"`},
		{"inside", `{"PolicyVersion": {"Document": {"Statement": [{"Effect": "Allow"}]}, "VersionId": "v1"}}`, `"Statement"`},
	} {
		end := strings.Index(tt.in, tt.shows) + len(tt.shows)
		for cut := end; cut < len(tt.in); cut++ {
			if !MatchFile(source.NewFile("a.json", []byte(tt.in[:cut]))) {
				t.Errorf("%s: %q is not recognised", tt.name, tt.in[:cut])
			}
		}
	}
	for _, other := range []string{`{"a":`, `{"a": 1, // comment` + "\n}", `{"compilerOptions": {"policy": true,}}`, `{"name": "policy-tool", "scripts": {`, `[1, 2`} {
		if MatchFile(source.NewFile("policy.json", []byte(other))) {
			t.Errorf("%q is recognised", other)
		}
	}
}
