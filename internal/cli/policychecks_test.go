package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/rules"
)

// docs/policy-checks.md ends in the pages of all checks.
func TestPolicyChecksDocument(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "policy-checks.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, _, ok := strings.Cut(string(text), "<!-- checks -->\n")
	if !ok {
		t.Fatal("no place for the checks in docs/policy-checks.md")
	}
	var b strings.Builder
	b.WriteString(before + "<!-- checks -->\n| rule | AWS's type | rests on | finding |\n|---|---|---|---|\n")
	for _, r := range rules.PolicyChecks() {
		c, _ := validate.FindRule(r.ID)
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s | %s |\n", r.ID, r.ID, c.Type, c.Basis, r.Summary)
	}
	for _, r := range rules.PolicyChecks() {
		fmt.Fprintf(&b, "\n## %s\n\n*%s*: %s.\n\n%s", r.ID, r.Severity, r.Summary, rules.PageOf(r).Markdown())
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != b.String() {
		t.Errorf("docs/policy-checks.md is not what the checks say; run the tests with -update:\n%s", firstDifference(string(text), b.String()))
	}
}

// One mistake, an action that does not exist, is found in every language of policies
// and by every carrier of them, and the finding is at the word.
func TestPolicyChecksPointAtTheWord(t *testing.T) {
	const (
		wrong     = "s3:GetObjekt"
		trust     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
		statement = `{ "Effect": "Allow",
      "Action": ["s3:ListBucket", "s3:GetObjekt"],
      "Resource": "*" }`
		document = `{ "Version": "2012-10-17", "Statement": [` + statement + `] }`
		object   = `jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:ListBucket", "s3:GetObjekt"], Resource = "*" }]
  })`
		yaml = `{Version: "2012-10-17", Statement: [{Effect: Allow, Action: [s3:ListBucket, s3:GetObjekt], Resource: "*"}]}`
		role = `    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: ` + trust + "\n"
		aws = "resource \"aws_iam_role\" \"r\" {\n  assume_role_policy = " + `jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }] })` + "\n}\n"
	)
	sam := func(kind, policies string) string {
		return "Transform: AWS::Serverless-2016-10-31\nParameters:\n  P: {Type: String}\nConditions:\n  C: !Equals [!Ref P, x]\nResources:\n  F:\n    Type: AWS::Serverless::" + kind +
			"\n    Properties:\n      PermissionsBoundary: arn:aws:iam::111122223333:policy/b\n      Policies:" + policies + "\n"
	}
	for _, tt := range []struct{ name, file, content string }{
		{"object in HCL", "main.tf", `resource "aws_iam_policy" "p" { policy = ` + object + ` }`},
		{"block of a policy document", "main.tf", "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"s3:ListBucket\", \"s3:GetObjekt\"]\n    resources = [\"*\"]\n  }\n}\nresource \"aws_iam_policy\" \"p\" { policy = data.aws_iam_policy_document.d.json }\n"},
		{"heredoc", "main.tf", "resource \"aws_iam_policy\" \"p\" {\n  policy = <<EOT\n" + document + "\nEOT\n}\n"},
		{"policy of a role", "main.tf", aws + `resource "aws_iam_role_policy" "p" { ` + "\n  role = aws_iam_role.r.id\n  policy = " + object + "\n}\n"},
		{"policy of a user", "main.tf", "resource \"aws_iam_user_policy\" \"p\" {\n  user = \"u\"\n  policy = " + object + "\n}\n"},
		{"policy of a group", "main.tf", "resource \"aws_iam_group_policy\" \"p\" {\n  group = \"g\"\n  policy = " + object + "\n}\n"},
		{"permission set", "main.tf", "resource \"aws_ssoadmin_permission_set_inline_policy\" \"p\" {\n  instance_arn = \"arn:aws:sso:::instance/ssoins-1\"\n  permission_set_arn = \"arn:aws:sso:::permissionSet/ssoins-1/ps-1\"\n  inline_policy = " + object + "\n}\n"},
		{"policy of an organization", "main.tf", "resource \"aws_organizations_policy\" \"p\" {\n  name = \"p\"\n  content = " + object + "\n}\n"},
		{"boundary", "main.tf", "resource \"aws_iam_policy\" \"boundary\" {\n  policy = " + object + "\n}\nresource \"aws_iam_user\" \"u\" {\n  name = \"u\"\n  permissions_boundary = aws_iam_policy.boundary.arn\n}\n"},
		{"JSON", "policy.json", document},
		{"YAML", "t.yaml", "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: " + yaml + "\n"},
		{"inline policy of a role in YAML", "t.yaml", "Resources:\n  R:\n" + role + "      Policies:\n        - PolicyName: p\n          PolicyDocument: " + yaml + "\n"},
		{"inline policy of a user in YAML", "t.yaml", "Resources:\n  U:\n    Type: AWS::IAM::User\n    Properties:\n      Policies:\n        - PolicyName: p\n          PolicyDocument: " + yaml + "\n"},
		{"inline policy of a group in YAML", "t.yaml", "Resources:\n  G:\n    Type: AWS::IAM::Group\n    Properties:\n      Policies:\n        - PolicyName: p\n          PolicyDocument: " + yaml + "\n"},
		{"permission set in YAML", "t.yaml", "Resources:\n  S:\n    Type: AWS::SSO::PermissionSet\n    Properties:\n      Name: s\n      InstanceArn: arn:aws:sso:::instance/ssoins-1\n      InlinePolicy: " + yaml + "\n"},
		{"policy of an organization in YAML", "t.yaml", "Resources:\n  O:\n    Type: AWS::Organizations::Policy\n    Properties:\n      Name: o\n      Type: SERVICE_CONTROL_POLICY\n      Content: " + yaml + "\n"},
		{"policies of a SAM function", "t.yaml", sam("Function", "\n        - AWSLambdaExecute\n        - S3ReadPolicy: {BucketName: b}\n        - "+yaml)},
		{"the one policy of a SAM function", "t.yaml", sam("Function", " "+yaml)},
		{"policy of a SAM function without a version", "t.yaml", sam("Function", "\n        - "+strings.Replace(yaml, `Version: "2012-10-17", `, "", 1))},
		{"policies of a SAM function whose first has a misspelt element", "t.yaml", sam("Function", "\n        - {Version: \"2012-10-17\", Statment: []}\n        - "+yaml)},
		{"statement of a SAM function", "t.yaml", sam("Function", "\n        - {Effect: Allow, Action: s3:GetObjekt, Resource: \"*\"}")},
		{"policy of a SAM function under a condition", "t.yaml", sam("Function", "\n        - !If\n          - C\n          - "+yaml+"\n          - !Ref AWS::NoValue")},
		{"policies of a SAM function under a condition", "t.yaml", sam("Function", "\n        Fn::If:\n          - C\n          - AWSLambdaExecute\n          - ["+yaml+"]")},
		{"policies of a SAM state machine", "t.yaml", sam("StateMachine", "\n        - "+yaml)},
		{"Fn::Sub", "t.yaml", "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: \"2012-10-17\"\n        Statement:\n          - Effect: Allow\n            Action: !Sub s3:GetObjekt\n            Resource: !Sub arn:${AWS::Partition}:s3:::b/*\n"},
		{"output of the CDK", "cdk.out/S.template.json", `{"Resources":{"P":{"Type":"AWS::IAM::ManagedPolicy","Properties":{"PolicyDocument":` + document + `},"Metadata":{"aws:cdk:path":"S/P/Resource"}}}}`},
		{"plan", "plan.json", `{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[{"address":"aws_iam_policy.p","mode":"managed","type":"aws_iam_policy","name":"p","provider_name":"registry.terraform.io/hashicorp/aws","values":{
"name":"p","policy":` + strconv.Quote(strings.Join(strings.Fields(document), " ")) + `}}]}},"resource_changes":[{"address":"aws_iam_policy.p","mode":"managed","type":"aws_iam_policy","name":"p","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"before":null,"after":{
"name":"p","policy":` + strconv.Quote(strings.Join(strings.Fields(document), " ")) + `},"after_unknown":{}}}],"configuration":{}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, filepath.FromSlash(tt.file))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(tt.content), 0o644); err != nil {
				t.Fatal(err)
			}
			target := dir
			if filepath.Ext(file) != ".tf" {
				target = file
			}
			out, errs, status := output("", "--no-config", "--format", "compact", "--rule", "policy-invalid-action", target)
			m := regexp.MustCompile(`:(\d+):(\d+): error: The action ` + wrong + ` does not exist`).FindStringSubmatch(out)
			if m == nil || status != statusFindings {
				t.Fatalf("exit status %d\n%s%s", status, out, errs)
			}
			line, _ := strconv.Atoi(m[1])
			column, _ := strconv.Atoi(m[2])
			text := strings.Split(tt.content, "\n")[line-1]
			if rest := text[min(column-1, len(text)):]; !strings.HasPrefix(strings.TrimLeft(rest, `\"`), wrong) && !strings.HasPrefix(rest, "!Sub "+wrong) {
				t.Errorf("%s:%d:%d is %.40q", tt.file, line, column, rest)
			}
		})
	}
}
