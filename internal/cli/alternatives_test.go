package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A value that is one of several known ones is as loud as the loudest of them, in
// every language and wherever it stands in a policy: one intent, one verdict.
func TestKnownAlternatives(t *testing.T) {
	terraform := func(statement string) string {
		return `variable "open" { type = bool }
variable "stage" { type = string }
variable "who" { type = string }
variable "list" { type = list(string) }
locals {
  table = { dev = "*", prod = "444455556666" }
  lists = { dev = ["*"], prod = ["444455556666"] }
}
resource "aws_sqs_queue" "q" {
  name   = "q"
  policy = jsonencode({ Version = "2012-10-17", Statement = ` + statement + ` })
}
`
	}
	principal := func(p string) string {
		return terraform(`[{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Principal = { AWS = ` + p + ` } }]`)
	}
	condition := func(c string) string {
		return terraform(`[{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Principal = "*", Condition = ` + c + ` }]`)
	}
	template := func(statement string) string {
		return `Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Who: {Type: String}
Conditions:
  Open: !Equals [!Ref Stage, dev]
Mappings:
  Table:
    dev: {one: "*", list: ["*"]}
    prod: {one: "444455556666", list: ["444455556666"]}
Resources:
  Q: {Type: AWS::SQS::Queue}
  P:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Q]
      PolicyDocument:
        Version: "2012-10-17"
        Statement: ` + statement + "\n"
	}
	const everyone, named, nobody = "undetermined-public", "undetermined-external", ""
	const own, other = `{ StringEquals = { "aws:PrincipalAccount" = "111122223333" } }`, `{ StringEquals = { "aws:PrincipalAccount" = "444455556666" } }`
	for _, tt := range []struct{ name, file, text, want string }{
		{"conditional", "main.tf", principal(`var.open ? "*" : "444455556666"`), everyone},
		{"conditional, the other is not known", "main.tf", principal(`var.open ? "*" : var.who`), everyone},
		{"conditional list, the other is not known", "main.tf", principal(`var.open ? ["*"] : var.list`), everyone},
		{"text around the choice", "main.tf", principal(`"${var.open ? "*" : "444455556666"}"`), everyone},
		{"element of a table", "main.tf", principal(`local.table[var.stage]`), everyone},
		{"list of a table", "main.tf", principal(`local.lists[var.stage]`), everyone},
		{"default of a look-up", "main.tf", principal(`lookup({ a = "444455556666" }, var.stage, "*")`), everyone},
		{"part of a list", "main.tf", principal(`concat(["444455556666"], var.open ? ["*"] : [])`), everyone + " external-account"},
		{"statement of a loop", "main.tf", terraform(`[for w in var.open ? ["*"] : ["444455556666"] : { Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Principal = { AWS = w } }]`), everyone},
		{"statement that may be there", "main.tf", terraform(`concat([], var.open ? [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Principal = "*" }] : [])`), everyone},
		{"no condition", "main.tf", condition(`var.open ? {} : ` + own), everyone},
		{"wide network", "main.tf", condition(`{ IpAddress = { "aws:SourceIp" = var.open ? "0.0.0.0/0" : "52.1.2.0/24" } }`), everyone},
		{"no alternative is everyone", "main.tf", principal(`var.open ? "111122223333" : "444455556666"`), named},
		{"one of two outside", "main.tf", principal(`var.open ? "444455556666" : "777788889999"`), named + " " + named},
		{"all own", "main.tf", principal(`var.open ? "111122223333" : "arn:aws:iam::111122223333:role/a"`), nobody},
		{"condition on own or other", "main.tf", condition(`var.open ? ` + other + ` : ` + own), named},
		{"the same person under either condition", "main.tf", terraform(`[{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Principal = { AWS = "444455556666" }, Condition = var.open ? { StringEquals = { "aws:PrincipalTag/a" = "b" } } : {} }]`), "external-account"},
		{"mapping", "t.yaml", template(`{Effect: Allow, Action: "sqs:SendMessage", Resource: "*", Principal: {AWS: !FindInMap [Table, !Ref Stage, one]}}`), everyone},
		{"list of a mapping", "t.yaml", template(`{Effect: Allow, Action: "sqs:SendMessage", Resource: "*", Principal: {AWS: !FindInMap [Table, !Ref Stage, list]}}`), everyone},
		{"list of any row of a mapping", "t.yaml", template(`{Effect: Allow, Action: "sqs:SendMessage", Resource: "*", Principal: {AWS: !FindInMap [Table, !Ref Who, list]}}`), everyone},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, tt.file), []byte(tt.text), 0o666); err != nil {
				t.Fatal(err)
			}
			out, errs, _ := output("", "--no-config", "--policy-checks", "off", "--account", "111122223333", "--format", "compact", dir)
			var rules []string
			for line := range strings.Lines(out) {
				if i := strings.LastIndexByte(line, '['); i >= 0 {
					rules = append(rules, strings.TrimSpace(strings.Trim(line[i:], "[]\n")))
				}
			}
			if got := strings.Join(rules, " "); got != tt.want || errs != "" {
				t.Errorf("rules %q, want %q: %s%s", got, tt.want, out, errs)
			}
		})
	}
}
