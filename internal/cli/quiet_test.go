package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// Trees as platform teams have them, correct but for a planted mistake in every
// hundredth part. What is reported of them is about the mistakes.
var commonTrees = map[string]struct {
	parts int
	part  func(add func(name, text string), i int, wrong bool)
	// unread is how many findings unread-* there are.
	unread int
}{
	"a repository of 200 roots": {200, func(add func(name, text string), i int, wrong bool) {
		principal := `type = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]`
		if wrong {
			principal = `type = "AWS"
      identifiers = ["*"]`
		}
		condition := `condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }`
		if wrong {
			condition = ""
		}
		add(fmt.Sprintf("live/team%d/main.tf", i), fmt.Sprintf(`
data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 5.0"
  name    = "team%[1]d"
}
resource "aws_s3_bucket" "logs" { bucket = "acme-team%[1]d-logs" }
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.logs.json
}
data "aws_iam_policy_document" "logs" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.logs.arn}/*"]
    principals {
      %[2]s
    }
    %[3]s
  }
  statement {
    sid       = "TLS"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.logs.arn, "${aws_s3_bucket.logs.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
resource "aws_kms_key" "data" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid = "Own", Effect = "Allow", Action = "kms:*", Resource = "*"
      Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
    }]
  })
}
resource "aws_iam_role" "task" {
  name               = "team%[1]d-task"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "task" {
  role   = aws_iam_role.task.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:ListBucket"], Resource = [aws_s3_bucket.logs.arn, "${aws_s3_bucket.logs.arn}/*"] }] })
}
resource "aws_sqs_queue" "events" { name = "team%[1]d-events" }
resource "aws_sns_topic" "events" { name = "team%[1]d-events" }
resource "aws_sqs_queue_policy" "events" {
  queue_url = aws_sqs_queue.events.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Principal = { Service = "sns.amazonaws.com" }, Action = "sqs:SendMessage", Resource = aws_sqs_queue.events.arn
    Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.events.arn } }
  }] })
}
`, i, principal, condition))
	}, 1},
	"output of the CDK": {150, func(add func(name, text string), i int, wrong bool) {
		principal := `{"AWS": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":root"]]}}`
		if wrong {
			principal = `"*"`
		}
		add(fmt.Sprintf("cdk.out/Stack%d.template.json", i), fmt.Sprintf(`{"Resources": {
 "Queue4A7E3555": {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": {"Fn::GetAtt": ["Key961B73FD", "Arn"]}}, "UpdateReplacePolicy": "Delete", "DeletionPolicy": "Delete"},
 "QueuePolicy25439813": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": "Queue4A7E3555"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [
  {"Action": "sqs:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}, "Effect": "Deny", "Principal": {"AWS": "*"}, "Resource": {"Fn::GetAtt": ["Queue4A7E3555", "Arn"]}},
  {"Action": ["sqs:SendMessage", "sqs:GetQueueUrl"], "Effect": "Allow", "Principal": %s, "Resource": {"Fn::GetAtt": ["Queue4A7E3555", "Arn"]}}]}}},
 "Key961B73FD": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [
  {"Action": "kms:*", "Effect": "Allow", "Principal": {"AWS": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":root"]]}}, "Resource": "*"}]}}},
 "HandlerServiceRoleFCDC14AE": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}]},
  "ManagedPolicyArns": [{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]]}]}},
 "HandlerDefaultPolicy": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "p", "Roles": [{"Ref": "HandlerServiceRoleFCDC14AE"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [
  {"Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "Effect": "Allow", "Resource": {"Fn::GetAtt": ["Queue4A7E3555", "Arn"]}}]}}},
 "Bucket83908E77": {"Type": "AWS::S3::Bucket", "Properties": {"PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true}}}
}, "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/hnb659fds/version"}}}`, principal))
	}, 0},
	"templates of SAM": {150, func(add func(name, text string), i int, wrong bool) {
		auth := "      Auth:\n        DefaultAuthorizer: AWS_IAM\n"
		if wrong {
			auth = ""
		}
		add(fmt.Sprintf("services/s%d/template.yaml", i), fmt.Sprintf(`AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage:
    Type: String
    Default: dev
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: !Ref Stage
%s
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      CodeUri: src/
      Policies:
        - SQSPollerPolicy:
            QueueName: !GetAtt Queue.QueueName
      Events:
        Get:
          Type: Api
          Properties:
            RestApiId: !Ref Api
            Path: /
            Method: get
  Queue:
    Type: AWS::SQS::Queue
  Table:
    Type: AWS::Serverless::SimpleTable
`, auth))
	}, 0},
	"a library of modules": {100, func(add func(name, text string), i int, wrong bool) {
		source := `values   = [var.topic_arn]`
		if wrong {
			source = `values   = ["*"]`
		}
		add(fmt.Sprintf("modules/m%d/main.tf", i), fmt.Sprintf(`
variable "name" {
  type = string
}
variable "topic_arn" {
  type = string
}
variable "readers" {
  description = "principals that read"
  type        = list(string)
  default     = []
}
data "aws_iam_policy_document" "this" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.this.arn]
    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      %s
    }
  }
  dynamic "statement" {
    for_each = length(var.readers) > 0 ? [1] : []
    content {
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
      resources = [aws_sqs_queue.this.arn]
      principals {
        type        = "AWS"
        identifiers = var.readers
      }
    }
  }
}
resource "aws_sqs_queue" "this" { name = var.name }
resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.id
  policy    = data.aws_iam_policy_document.this.json
}
output "arn" { value = aws_sqs_queue.this.arn }
`, source))
	}, 0},
	"policies alone": {300, func(add func(name, text string), i int, wrong bool) {
		condition := `, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}`
		if wrong {
			condition = ""
		}
		add(fmt.Sprintf("policies/p%d.json", i), fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [
 {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-%d/*"%s},
 {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::acme-%[1]d", "arn:aws:s3:::acme-%[1]d/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}`, i, condition))
	}, 0},
}

// At the default gate there are at most 30 findings to 1,000 resources, one for each
// mistake and none beside; people are shown a screen or two, and a comment on a pull
// request has all of it.
func TestCommonTreesAreQuiet(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1767323045")
	for name, tree := range commonTrees {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			planted, parts := 0, tree.parts
			if !thorough() {
				parts = 40
			}
			for i := range parts {
				wrong := i%100 == 7
				if wrong {
					planted++
				}
				tree.part(func(name, text string) {
					name = filepath.Join(dir, filepath.FromSlash(name))
					if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
						t.Fatal(err)
					}
				}, i, wrong)
			}
			ours := []string{"--no-config", "--account", "111122223333", "--org", "o-a1b2c3d4e5", "--format"}
			said, errs, status := output("", append(append([]string{"check"}, ours...), "json", dir)...)
			var report finding.Report
			if err := json.Unmarshal([]byte(said), &report); err != nil {
				t.Fatalf("%v %s", err, errs)
			}
			if status != statusFindings {
				t.Errorf("status %d: %s", status, errs)
			}
			groups, unread := map[string]finding.Finding{}, map[string]bool{}
			for _, f := range report.Findings {
				switch {
				case strings.HasPrefix(f.Rule, "unread-"):
					unread[f.Group] = true
				case f.Severity.Rank() >= finding.Severity("medium").Rank():
					groups[f.Group] = f
				}
			}
			if len(groups) != planted || len(unread) != tree.unread {
				t.Errorf("%d findings at the gate and %d unread, expected %d and %d", len(groups), len(unread), planted, tree.unread)
				for _, f := range groups {
					t.Logf("%s %s: %s", f.Path, f.Rule, f.Message)
				}
			}
			resources := report.Summary.Resources
			if 1000*len(groups) > 30*resources {
				t.Errorf("%d findings of %d resources", len(groups), resources)
			}
			text, _, _ := output("", append(append([]string{"check"}, ours...), "text", dir)...)
			comment, _, _ := output("", append(append([]string{"check"}, ours...), "markdown", dir)...)
			lines := strings.Count(text, "\n")
			// Of many the first thirty are shown whole, and of the others a line each.
			if all := len(report.Findings); lines > 60+20*min(all, 50)+2*all || len(comment) > 60_000 {
				t.Errorf("%d lines of text, %d bytes of comment", lines, len(comment))
			}
			for _, f := range groups {
				if who, _, _ := strings.Cut(f.Message, " on "); !strings.Contains(comment, who) || !strings.Contains(text, f.ID[:8]) {
					t.Errorf("%s is not in the comment and the text: %s", f.ID, f.Message)
				}
			}
			t.Logf("%d resources, %d findings at the gate, %d in all, %d lines, comment of %d bytes", resources, len(groups), len(report.Findings), lines, len(comment))
		})
	}
}
