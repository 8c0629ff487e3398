package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// places of a policy: a file in which the policy is written, with %EFFECT% and the
// like for its parts, and the name of the file.
var policyForms = map[string][2]string{
	"HCL object": {"main.tf", `resource "aws_iam_policy" "p" {
  name = "p"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "%EFFECT%"
      Action    = ["s3:GetObject", "%ACTION%"]
      Resource  = "%RESOURCE%"
      Condition = { %OPERATOR% = { "%KEY%" = "a" } }
    }]
  })
}
`},
	"policy document block": {"main.tf", `data "aws_iam_policy_document" "d" {
  statement {
    effect    = "%EFFECT%"
    actions   = ["s3:GetObject", "%ACTION%"]
    resources = ["%RESOURCE%"]
    condition {
      test     = "%OPERATOR%"
      variable = "%KEY%"
      values   = ["a"]
    }
  }
}

resource "aws_iam_policy" "p" {
  name   = "p"
  policy = data.aws_iam_policy_document.d.json
}
`},
	"heredoc": {"main.tf", `resource "aws_iam_policy" "p" {
  name   = "p"
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "%EFFECT%", "Action": ["s3:GetObject", "%ACTION%"],
        "Resource": "%RESOURCE%", "Condition": {"%OPERATOR%": {"%KEY%": "a"}}
      }
    }
  EOT
}
`},
	"escaped text in HCL": {"main.tf", `resource "aws_iam_policy" "p" {
  name   = "p"
  policy = "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"%EFFECT%\", \"Action\": \"%ACTION%\", \"Resource\": \"%RESOURCE%\", \"Condition\": {\"%OPERATOR%\": {\"%KEY%\": \"a\"}}}}"
}
`},
	"YAML": {"stack.yaml", `Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: %EFFECT%
            Action:
              - s3:GetObject
              - %ACTION%
            Resource: '%RESOURCE%'
            Condition:
              %OPERATOR%:
                "%KEY%": a
`},
	"flow YAML": {"stack.yaml", `Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: "%EFFECT%", Action: ["%ACTION%"], Resource: "%RESOURCE%", Condition: {%OPERATOR%: {"%KEY%": a}}}]}
`},
	"!Sub": {"stack.yaml", `Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: !Sub "%EFFECT%"
            Action: !Sub "%ACTION%"
            Resource: !Sub "%RESOURCE%"
            Condition:
              %OPERATOR%:
                "%KEY%": !Sub "${AWS::StackName}"
`},
	"JSON in !Sub": {"stack.yaml", `Resources:
  O:
    Type: AWS::SSO::PermissionSet
    Properties:
      Name: o
      InstanceArn: arn:aws:sso:::instance/ssoins-0123456789abcdef
      InlinePolicy: !Sub |
        {"Version": "2012-10-17", "Statement": {
          "Effect": "%EFFECT%", "Action": "%ACTION%", "Resource": "%RESOURCE%",
          "Condition": {"%OPERATOR%": {"%KEY%": "${AWS::StackName}"}}}}
`},
	"SAM": {"template.yaml", `Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Policies:
        - Statement:
            - Effect: "%EFFECT%"
              Action: "%ACTION%"
              Resource: "%RESOURCE%"
              Condition: {"%OPERATOR%": {"%KEY%": a}}
`},
	"output of the CDK": {"Stack.template.json", `{
 "Resources": {
  "RoleDefaultPolicy5FFB7DAB": {
   "Type": "AWS::IAM::Policy",
   "Properties": {
    "PolicyDocument": {
     "Statement": [
      {
       "Action": ["s3:GetObject", "%ACTION%"],
       "Condition": {
        "%OPERATOR%": {
         "%KEY%": "a"
        }
       },
       "Effect": "%EFFECT%",
       "Resource": ["%RESOURCE%", {"Fn::GetAtt": ["B", "Arn"]}]
      }
     ],
     "Version": "2012-10-17"
    },
    "PolicyName": "RoleDefaultPolicy5FFB7DAB",
    "Roles": ["r"]
   },
   "Metadata": {"aws:cdk:path": "Stack/Role/DefaultPolicy/Resource"}
  },
  "B": {"Type": "AWS::S3::Bucket"}
 }
}
`},
	"plan": {"plan.json", `{"format_version": "1.2", "planned_values": {"root_module": {"resources": [
  {"address": "aws_iam_policy.p", "mode": "managed", "type": "aws_iam_policy", "name": "p", "values": {"name": "p",
    "policy": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"%EFFECT%\",\"Action\":\"%ACTION%\",\"Resource\":\"%RESOURCE%\",\"Condition\":{\"%OPERATOR%\":{\"%KEY%\":\"a\"}}}}"}}]}},
 "resource_changes": [{"address": "aws_iam_policy.p", "mode": "managed", "type": "aws_iam_policy", "name": "p", "change": {"actions": ["create"], "before": null, "after_unknown": {}, "after": {"name": "p",
    "policy": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"%EFFECT%\",\"Action\":\"%ACTION%\",\"Resource\":\"%RESOURCE%\",\"Condition\":{\"%OPERATOR%\":{\"%KEY%\":\"a\"}}}}"}}}]}
`},
	"policy": {"policy.json", `{"Version": "2012-10-17", "Statement": [
  {"Effect": "%EFFECT%", "Action": ["%ACTION%"], "Resource": "%RESOURCE%", "Condition": {"%OPERATOR%": {"%KEY%": "a"}}}]}
`},
}

// The same mistake, however a policy is written, is shown at the word that is wrong,
// with the function that the word is given to.
func TestPolicyPlaces(t *testing.T) {
	good := map[string]string{"EFFECT": "Allow", "ACTION": "s3:ListBucket", "RESOURCE": "arn:aws:s3:::logs", "OPERATOR": "StringEquals", "KEY": "s3:prefix"}
	for rule, mistake := range map[string][2]string{
		"policy-invalid-effect":                {"EFFECT", "Alow"},
		"policy-invalid-action":                {"ACTION", "s3:ListBuckett"},
		"policy-arn-account-not-allowed":       {"RESOURCE", "arn:aws:s3::111122223333:logs"},
		"policy-invalid-condition-operator":    {"OPERATOR", "StringEqual"},
		"policy-invalid-service-condition-key": {"KEY", "s3:prefixx"},
	} {
		for form, file := range policyForms {
			text := file[1]
			for part, value := range good {
				if part == mistake[0] {
					value = mistake[1]
				}
				text = strings.ReplaceAll(text, "%"+part+"%", value)
			}
			f, ok := placed(t, file[0], text, rule)
			if !ok {
				t.Errorf("%s, %s: not found", form, rule)
				continue
			}
			if got := strings.Trim(strings.TrimPrefix(shownAt(text, f.Location), "!Sub "), `"'\`); got != mistake[1] {
				t.Errorf("%s, %s: at %q (%+v)", form, rule, got, f.Location)
			}
		}
	}
}

// placed runs a check on one file and returns the finding of a rule, which is the only one.
func placed(t *testing.T, name, text, rule string) (finding.Finding, bool) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	_, report := runJSON(t, "--policy-checks", "errors", "--rule", rule, filepath.Join(dir, name))
	if len(report.Findings) != 1 || report.Findings[0].Location == nil {
		encoded, _ := json.Marshal(report.Findings)
		t.Logf("%s", encoded)
		return finding.Finding{}, false
	}
	return report.Findings[0], true
}

// shownAt is the text of a place, which is on one line.
func shownAt(text string, l *finding.Location) string {
	lines := strings.Split(text, "\n")
	if l.StartLine != l.EndLine || l.StartLine < 1 || l.StartLine > len(lines) {
		return ""
	}
	line := []rune(lines[l.StartLine-1])
	if l.StartColumn < 1 || l.EndColumn-1 > len(line) {
		return ""
	}
	return string(line[l.StartColumn-1 : l.EndColumn-1])
}
