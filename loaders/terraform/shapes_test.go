package terraform

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// What can be written in several ways is read alike: static and generated blocks,
// conditions in one block or in several, values from flags and files, encoded texts.
func TestShapes(t *testing.T) {
	const queue = "resource \"aws_sqs_queue\" \"q\" {\n  name   = \"q\"\n  policy = %s\n}\n"
	document := func(condition string) string {
		return fmt.Sprintf(queue, "data.aws_iam_policy_document.d.json") +
			"data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\"sqs:SendMessage\"]\n" + condition + "  }\n}\n"
	}
	block := func(test, key, values string) string {
		return fmt.Sprintf("    condition {\n      test     = %q\n      variable = %q\n      values   = [%s]\n    }\n", test, key, values)
	}
	json := func(static string) string {
		return `{"resource": {"aws_sqs_queue": {"q": {"policy": "${data.aws_iam_policy_document.d.json}"}}},
			"data": {"aws_iam_policy_document": {"d": {"statement": ` + static + `, "dynamic": {"statement": {"for_each": ["two"], "content": {"sid": "${statement.value}", "actions": ["sqs:B"]}}}}}}}`
	}
	tests := []struct {
		name  string
		files fstest.MapFS
		o     Options
		want  []string
		lacks []string
	}{
		{"one key twice", files("main.tf", document(block("StringEquals", "aws:PrincipalAccount", `"1"`)+block("StringEquals", "aws:PrincipalAccount", `"2", "3"`))), Options{},
			[]string{`- "1"`, `- "2"`, `- "3"`}, []string{"unknown"}},
		{"one key three times", files("main.tf", document(strings.Repeat(block("ArnLike", "aws:SourceArn", `"a"`), 2)+block("ArnLike", "aws:SourceArn", `var.x`))+`variable "x" {}`), Options{},
			[]string{`- "a"`, "<var.x>"}, []string{"two conditions"}},
		{"one key in other letters", files("main.tf", document(block("StringEquals", "aws:SourceArn", `"a"`)+block("StringEquals", "AWS:SourceARN", `"b"`))), Options{},
			[]string{"values of two conditions"}, nil},
		{"a list and a generated block in JSON", files("main.tf.json", json(`[{"sid": "one", "actions": ["sqs:A"]}]`)), Options{}, []string{`Sid: "one"`, `Sid: "two"`}, nil},
		{"an object and a generated block in JSON", files("main.tf.json", json(`{"sid": "one", "actions": ["sqs:A"]}`)), Options{}, []string{`Sid: "one"`, `Sid: "two"`}, nil},
		{"variables as text", files("main.tf", fmt.Sprintf(queue, `provider::terraform::decode_tfvars("a = \"x\"\nb = [1, \"y\"]").b[1]`)), Options{}, []string{`policy: "y"`}, []string{"error"}},
		{"variables in a file", files("main.tf", fmt.Sprintf(queue, `provider::terraform::decode_tfvars(file("a.txt")).a`), "a.txt", "a = \"x\"\n"), Options{}, []string{`policy: "x" a.txt:1:5-8`}, []string{"error"}},
		{"variables that are none", files("main.tf", fmt.Sprintf(queue, `provider::terraform::decode_tfvars("a {}")`)), Options{}, []string{`found the block "a"`}, nil},
		{"variables not known", files("main.tf", fmt.Sprintf(queue, `provider::terraform::decode_tfvars("a = ${var.x}").a`)+`variable "x" {}`), Options{}, []string{"policy: unknown"}, []string{"error"}},
		{"the workspace given", files("main.tf", fmt.Sprintf(queue, "terraform.workspace")), Options{Workspace: "w", Environ: map[string]string{"TF_WORKSPACE": "e"}}, []string{`policy: "w"`}, nil},
		{"the workspace of the environment", files("main.tf", fmt.Sprintf(queue, "terraform.workspace"), ".terraform/environment", "f"), Options{Environ: map[string]string{"TF_WORKSPACE": "e"}}, []string{`policy: "e"`}, nil},
		{"the workspace selected", files("main.tf", fmt.Sprintf(queue, "terraform.workspace"), ".terraform/environment", "f\n"), Options{Environ: map[string]string{}}, []string{`policy: "f"`}, nil},
		{"the workspace where the environment is not asked for", files("main.tf", fmt.Sprintf(queue, "terraform.workspace"), ".terraform/environment", "f"), Options{}, []string{"<terraform.workspace>"}, nil},
		{"a binary file of variables", files("main.tf", fmt.Sprintf(queue, `"x"`), "terraform.tfvars", "\x00GITCRYPT\x00\x01\xff\x02"), Options{}, []string{`policy: "x"`, "error terraform.tfvars:1:1 the file is binary or encrypted"}, nil},
		{"an encrypted file of variables", files("main.tf", fmt.Sprintf(queue, `"x"`), "terraform.tfvars", "$ANSIBLE_VAULT;1.1;AES256\n3439\n3430\n"), Options{}, []string{`policy: "x"`, "terraform.tfvars:1:1 the file is encrypted"}, nil},
	}
	for _, test := range tests {
		got := dump(newLoader(test.files, ".", test.o))
		for _, w := range test.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: got\n%s\nwithout %s", test.name, got, w)
			}
		}
		for _, l := range test.lacks {
			if strings.Contains(got, l) {
				t.Errorf("%s: got\n%s\nwith %s", test.name, got, l)
			}
		}
		if n := strings.Count(got, "\nerror "); n > 1 {
			t.Errorf("%s: %d errors\n%s", test.name, n, got)
		}
	}
}
