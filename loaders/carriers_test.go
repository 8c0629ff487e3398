package loaders

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iaclint/iaclint/analysis/source"
)

// A policy that names principals is listed, whatever the block is that holds it.
func TestCarriers(t *testing.T) {
	const (
		open     = `{ Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }] }`
		limit    = `{ Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }] }`
		data     = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\"sqs:SendMessage\"]\n    principals {\n      type = \"AWS\"\n      identifiers = [\"*\"]\n    }\n  }\n}\n"
		queue    = "    Resources:\n      Q: {Type: AWS::SQS::Queue}\n      P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Q], PolicyDocument: {Statement: {Effect: Allow, Principal: '*', Action: sqs:SendMessage, Resource: '*'}}}}\n"
		missing  = "module \"m\" {\n  source = \"git::https://example.com/m.git\"\n"
		property = `{"Resources": {"N": {"Type": "AWS::New::Thing", "Properties": {"Name": "n", "ResourcePolicy": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}]}}}}}`
	)
	tests := []struct {
		name, file, text string
		want             string // address and type, "" for nothing
	}{
		{"attribute", "main.tf", `resource "aws_new_thing" "n" { policy = jsonencode(` + open + `) }`, "aws_new_thing.n AWS::SQS::Queue"},
		{"attribute of another name", "main.tf", `resource "aws_new_thing" "n" { access_policies = jsonencode(` + open + `) }`, "aws_new_thing.n AWS::SQS::Queue"},
		{"block", "main.tf", "resource \"aws_new_thing\" \"n\" {\n  resource_policy {\n    json = jsonencode(" + open + ")\n  }\n}", "aws_new_thing.n AWS::SQS::Queue"},
		{"data source", "main.tf", `resource "aws_new_thing" "n" { policy = data.aws_iam_policy_document.d.json }` + "\n" + data, "aws_new_thing.n AWS::SQS::Queue"},
		{"no principals", "main.tf", `resource "aws_new_thing" "n" { policy = jsonencode(` + limit + `) }`, ""},
		{"what a stack may update", "main.tf", `resource "aws_cloudformation_stack" "s" { policy_body = jsonencode(` + open + `) }`, ""},
		{"awscc", "main.tf", `resource "awscc_sqs_queue_inline_policy" "p" { policy_document = jsonencode(` + open + `) }`, "awscc_sqs_queue_inline_policy.p AWS::SQS::Queue"},
		{"awscc, not in the catalogue", "main.tf", `resource "awscc_new_thing" "n" { resource_policy = { text = jsonencode(` + open + `) } }`, "awscc_new_thing.n AWS::SQS::Queue"},
		{"cloud control", "main.tf", "resource \"aws_cloudcontrolapi_resource\" \"p\" {\n  type_name = \"AWS::SQS::QueueInlinePolicy\"\n  desired_state = jsonencode({ Queue = \"q\", PolicyDocument = " + open + " })\n}", "aws_cloudcontrolapi_resource.p AWS::SQS::Queue"},
		{"cloud control, not in the catalogue", "main.tf", "resource \"aws_cloudcontrolapi_resource\" \"p\" {\n  type_name = \"AWS::New::Thing\"\n  desired_state = jsonencode({ Policy = " + open + " })\n}", "aws_cloudcontrolapi_resource.p AWS::SQS::Queue"},
		{"stack", "main.tf", "resource \"aws_cloudformation_stack\" \"s\" {\n  template_body = <<-Y\n" + queue + "  Y\n}", "aws_cloudformation_stack.s/Q AWS::SQS::Queue"},
		{"missing module", "main.tf", missing + "  policy = jsonencode(" + open + ")\n}", "module.m AWS::SQS::Queue"},
		{"missing module, deeper", "main.tf", missing + "  queues = { a = { policies = [data.aws_iam_policy_document.d.json] } }\n}\n" + data, "module.m AWS::SQS::Queue"},
		{"nothing uses it", "main.tf", data, ""},
		{"CloudFormation", "t.json", property, "N AWS::SQS::Queue"},
	}
	for _, test := range tests {
		fsys := fstest.MapFS{test.file: {Data: []byte(test.text)}}
		in := Input{FS: fsys, Dir: "."}
		if !IsModuleFile(test.file) {
			in = Input{File: source.NewFile(test.file, []byte(test.text)), FS: fsys}
		}
		stack, _ := Load(in, Options{})
		var got []string
		for _, r := range stack.Resources {
			if len(r.Documents) > 0 {
				got = append(got, r.Address+" "+r.Type)
			}
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s: got %q, want %q\n%v", test.name, got, test.want, stack.Diagnostics)
		}
	}
}

// A file whose text a module takes is part of the module; one that may be deployed
// from elsewhere is not.
func TestTaken(t *testing.T) {
	const policy = `{"Statement": []}`
	fsys := fstest.MapFS{
		"main.tf": {Data: []byte(`
			resource "aws_sqs_queue" "a" { policy = file("a.json") }
			resource "aws_sqs_queue" "b" { policy = templatefile("${path.module}/b.json", {}) }
			resource "aws_sqs_queue" "c" { policy = jsonencode(jsondecode(file("c.json"))) }
			resource "aws_sqs_queue" "d" { name = fileexists("d.json") ? "x" : "y" }
			resource "aws_sqs_queue" "e" { name = file("e.json") }`)},
		"a.json": {Data: []byte(policy)}, "b.json": {Data: []byte(policy)}, "c.json": {Data: []byte(policy)}, "d.json": {Data: []byte(policy)},
		"e.json": {Data: []byte(`{"Resources": {}}`)},
	}
	stack, _ := Load(Input{FS: fsys, Dir: "."}, Options{})
	if want := []string{"a.json", "b.json", "c.json"}; !slices.Equal(stack.Within, want) {
		t.Errorf("taken %q, want %q", stack.Within, want)
	}
}
