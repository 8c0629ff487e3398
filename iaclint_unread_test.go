package iaclint_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iaclint/iaclint"
)

// A statement that could not be read may take back what the others allow and may let
// in anyone else. Whom the others let in is told all the same: one finding each, never
// proven, beside the one of what is not read.
func TestKnownBesideUnread(t *testing.T) {
	who := []struct{ json, hcl, says, rule string }{
		{`{"AWS":"444455556666"}`, `{ AWS = "444455556666" }`, "account 444455556666 could", "undetermined-external"},
		{`{"AWS":["arn:aws:iam::444455556666:role/r","111122223333"]}`, `{ AWS = ["arn:aws:iam::444455556666:role/r", "111122223333"] }`, "arn:aws:iam::444455556666:role/r could", "undetermined-external"},
		{`"*"`, `"*"`, "anyone could", "undetermined-public"},
		{`{"AWS":"111122223333"}`, `{ AWS = "111122223333" }`, "", ""},
	}
	const queue = "resource \"aws_sqs_queue\" \"q\" {\n  name = \"q\"\n  policy = jsonencode({ Statement = %s })\n}\nvariable \"more\" {}\n"
	const known = `{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Principal = %s }`
	for _, w := range who {
		statement := `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*","Principal":` + w.json + `}`
		template := `{"Parameters":{"More":{"Type":"String"}},"Resources":{"Q":{"Type":"AWS::SQS::Queue"},"P":{"Type":"AWS::SQS::QueuePolicy","Properties":{"Queues":[{"Ref":"Q"}],"PolicyDocument":{"Statement":%s}}}}}`
		for name, text := range map[string]string{
			"element/main.tf":   fmt.Sprintf(queue, "["+fmt.Sprintf(known, w.hcl)+", var.more]"),
			"before/main.tf":    fmt.Sprintf(queue, "[var.more, "+fmt.Sprintf(known, w.hcl)+"]"),
			"joined/main.tf":    fmt.Sprintf(queue, "concat(["+fmt.Sprintf(known, w.hcl)+"], var.more)"),
			"json/main.tf.json": `{"variable":{"more":{}},"resource":{"aws_sqs_queue":{"q":{"name":"q","policy":"${jsonencode({Statement=[` + strings.ReplaceAll(fmt.Sprintf(known, w.hcl), `"`, `\"`) + `,var.more]})}"}}}}`,
			"template/t.json":   fmt.Sprintf(template, "["+statement+`,{"Ref":"More"}]`),
			"transform/t.json":  fmt.Sprintf(template, "["+statement+`,{"Fn::Transform":{"Name":"Own","Parameters":{}}}]`),
			"documents/main.tf": "variable \"more\" { type = list(string) }\ndata \"aws_iam_policy_document\" \"d\" {\n  source_policy_documents = concat(var.more, [jsonencode({ Statement = [" + fmt.Sprintf(known, w.hcl) + "] })])\n}\nresource \"aws_sqs_queue\" \"q\" {\n  name   = \"q\"\n  policy = data.aws_iam_policy_document.d.json\n}\n",
		} {
			file := name[strings.Index(name, "/")+1:]
			report, err := iaclint.Check(context.Background(), fstest.MapFS{file: {Data: []byte(text)}}, iaclint.Options{Account: "111122223333"})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range report.Findings {
				if f.FindingType != "" || f.Rule == "unread-template" {
					continue
				}
				if f.Certainty == "proven" {
					t.Errorf("%s, %s: proven: %s", name, w.json, f.Message)
				}
				if w.says != "" && f.Rule == w.rule && strings.Contains(f.Message, w.says) {
					got = append(got, "told")
				} else {
					got = append(got, f.Rule)
				}
			}
			slices.Sort(got)
			want := "told unread-policy"
			if w.says == "" {
				want = "unread-policy"
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s, %s: %q, want %q\n%v", name, w.json, got, want, report.Diagnostics)
			}
		}
	}
}
