package loaders

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
)

// linked loads the inputs, a file or a directory of Terraform each, as one run
// and shows their resources with what their policies name.
func linked(t *testing.T, files map[string]string, inputs []string) string {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, content := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	load := func(name string, o Options) resource.Stack {
		in := Input{FS: fsys, Named: true, Dir: name}
		if content, ok := files[name]; ok {
			in.Dir, in.File = "", source.NewFile(name, []byte(content))
		}
		stack, recognised := Load(in, o)
		if !recognised {
			t.Fatalf("%s is not recognised", name)
		}
		return stack
	}
	var stacks []resource.Stack
	for _, name := range inputs {
		stacks = append(stacks, load(name, Options{}))
	}
	links := Link(stacks)
	for i, name := range inputs {
		if imported := links.Imports(i); imported != nil {
			stacks[i] = load(name, Options{Imported: imported})
		}
	}
	var out []string
	for _, s := range links.Join(stacks) {
		for _, r := range s.Resources {
			out = append(out, show(r))
		}
		for _, d := range s.Diagnostics {
			out = append(out, "! "+d.Message)
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func show(r resource.Resource) string {
	text := fmt.Sprintf("%s %s", r.Address, r.ARN.String())
	if r.Detached {
		text += " detached"
	}
	if r.Block != nil && r.Block.RestrictPublicBuckets {
		text += " block " + r.Block.Address
	}
	for _, d := range r.Documents {
		for _, s := range d.Policy.Statements {
			for _, p := range s.Principal.List {
				text += " | " + p.Text.String()
				if len(p.Text.Parts) == 1 && p.Text.Parts[0].Ref.Values != nil {
					text += " of " + strings.Join(p.Text.Parts[0].Ref.Values, ",")
				}
			}
			for _, p := range s.Resource.List {
				text += " > " + p.Text.String()
			}
			for _, c := range s.Condition {
				text += " ? " + c.Values[0].Text.String()
			}
		}
	}
	return strings.NewReplacer("${own partition}", "aws", "${AWS::Partition}", "aws", "${own account}", "ACCOUNT", "${own region}", "REGION").Replace(text)
}

const (
	// topic T, and a policy P that lets X publish to the topic O
	policyOf = `
  P: {Type: AWS::SNS::TopicPolicy, Properties: {Topics: [O], PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: X}, Action: "sns:Publish", Resource: "*"}]}}}`
	topic  = "Resources:\n  T: {Type: AWS::SNS::Topic}"
	export = "\nOutputs: {X: {Value: V, Export: {Name: N}}}"
)

// template of a topic, a policy on O for X, if there are any, and an export.
func template(of, principal, name, exported string) string {
	out := topic
	if of != "" {
		out += strings.NewReplacer("[O]", "["+of+"]", "AWS: X", "AWS: "+principal).Replace(policyOf)
	}
	if name != "" {
		out += strings.NewReplacer("Value: V", "Value: "+exported, "Name: N", "Name: "+name).Replace(export)
	}
	return out + "\n"
}

// stackSet is a template of a stack set that deploys another.
func stackSet(body string) string {
	return "Resources:\n  S:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n      TemplateBody: |\n        " + strings.ReplaceAll(body, "\n", "\n        ") + "\n"
}

func TestLink(t *testing.T) {
	const key = "    KeyPolicy: {Statement: [{Effect: Allow, Principal: {AWS: \"444455556666\"}, Action: \"kms:*\", Resource: \"*\"}]}"
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"names alike are told apart",
			map[string]string{"a": template("", "", "t", "!Ref T"), "b": template("!ImportValue t", `"444455556666"`, "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T of a} | 444455556666 > *\nT arn:aws:sns:REGION:ACCOUNT:${T}"},
		{"names that nobody else has stay",
			map[string]string{"a": strings.ReplaceAll(template("", "", "t", "!Ref Mine"), " T:", " Mine:"), "b": template("!ImportValue t", `"444455556666"`, "", "")},
			"Mine arn:aws:sns:REGION:ACCOUNT:${Mine} | 444455556666 > *\nT arn:aws:sns:REGION:ACCOUNT:${T}"},
		{"one name does not reach a third stack",
			map[string]string{"a": template("", "", "t", "!Ref T"), "b": template("!ImportValue t", `"444455556666"`, "", ""), "c": template("!Ref T", "!ImportValue t", "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T of a} | 444455556666 > *\nT arn:aws:sns:REGION:ACCOUNT:${T}\n" +
				"T arn:aws:sns:REGION:ACCOUNT:${T} | arn:aws:sns:REGION:ACCOUNT:${T of a} > *"},
		{"a chain",
			map[string]string{"a": template("", "", "t", "!Ref T"), "b": template("", "", "u", "!Sub [\"${X}\", {X: !ImportValue t}]"), "c": template("!ImportValue u", `"444455556666"`, "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T of a} | 444455556666 > *\nT arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T}"},
		{"a circle",
			map[string]string{"a": template("", "", "t", "!ImportValue u"), "b": template("", "", "u", "!ImportValue t"), "c": template("!Ref T", "!ImportValue u", "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T} | ${Fn::ImportValue u} > *"},
		{"a stack that imports from itself",
			map[string]string{"a": template("!ImportValue t", `"444455556666"`, "t", "!Ref T")},
			"T arn:aws:sns:REGION:ACCOUNT:${T} | 444455556666 > *"},
		{"nobody exports it",
			map[string]string{"a": template("", "", "t", "!Ref T"), "b": template("!Ref T", "!ImportValue u", "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T} | ${Fn::ImportValue u} > *"},
		{"names by parameter",
			map[string]string{"a": "Parameters: {Env: {Type: String}}\n" + template("", "", `!Sub "${Env}-t"`, "!Ref T"), "b": "Parameters: {Env: {Type: String}}\n" + template(`!ImportValue {"Fn::Sub": "${Env}-t"}`, `"444455556666"`, "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T of a} | 444455556666 > *\nT arn:aws:sns:REGION:ACCOUNT:${T}"},
		{"names by another parameter",
			map[string]string{"a": "Parameters: {Env: {Type: String}}\n" + template("", "", `!Sub "${Env}-t"`, "!Ref T"), "b": "Parameters: {Stage: {Type: String}}\n" + template("!Ref T", `!ImportValue {"Fn::Sub": "${Stage}-t"}`, "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T} | ${Fn::ImportValue ${Stage}-t} > *"},
		{"names by the stack, which differ",
			map[string]string{"a": template("", "", `!Sub "${AWS::StackName}-t"`, "!Ref T"), "b": template("!Ref T", `!ImportValue {"Fn::Sub": "${AWS::StackName}-t"}`, "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T} | ${Fn::ImportValue ${AWS::StackName}-t} > *"},
		{"a parameter abroad is another than the own",
			map[string]string{"a": "Parameters: {Partner: {Type: String}}\n" + template("!Ref T", "!Ref Partner", "t", "!Ref Partner"), "b": "Parameters: {Partner: {Type: String}}\n" + template("!Ref T", "[!ImportValue t, !Ref Partner]", "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T} | ${Partner of a} > *\nT arn:aws:sns:REGION:ACCOUNT:${T} | ${Partner of a} | ${Partner} > *"},
		{"two literal values",
			map[string]string{"a": template("", "", "t", `"111122223333"`), "b": template("", "", "t", `"444455556666"`), "c": template("!Ref T", "!ImportValue t", "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T} | ${Fn::ImportValue t} of 111122223333,444455556666 > *"},
		{"one value twice",
			map[string]string{"a": template("", "", "t", `"444455556666"`), "b": template("", "", "t", `"444455556666"`), "c": template("!Ref T", "!ImportValue t", "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T} | 444455556666 > *"},
		{"two values that are not literal",
			map[string]string{"a": template("", "", "t", "!Ref T"), "b": template("", "", "t", "!Ref T"), "c": template("!Ref T", "!ImportValue t", "", "")},
			`! "t" is exported with different values by the templates that are analysed, so it is not known which is meant` +
				"\nT arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T} | ${Fn::ImportValue t} > *"},
		{"everyone, imported",
			map[string]string{"a": template("", "", "t", `"*"`), "b": template("!Ref T", "!ImportValue t", "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T} | * > *"},
		{"a value that a condition decides",
			map[string]string{"a": "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, x]}\n" + template("", "", "t", `!If [C, "111122223333", "444455556666"]`), "b": template("!Ref T", "!ImportValue t", "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T} | ${Fn::ImportValue t} of 111122223333,444455556666 > *"},
		{"an output that is not there",
			map[string]string{"a": "Conditions: {C: !Equals [x, y]}\n" + topic + "\nOutputs: {X: {Condition: C, Value: v, Export: {Name: t}}}", "b": template("!Ref T", "!ImportValue t", "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T} | ${Fn::ImportValue t} > *"},
		{"values that are not texts",
			map[string]string{"a": template("", "", "t", "[x, y]"), "b": template("!Ref T", "!ImportValue t", "", "")},
			"T arn:aws:sns:REGION:ACCOUNT:${T}\nT arn:aws:sns:REGION:ACCOUNT:${T} | ${output X} > *"},
		{"a stack set exports elsewhere",
			map[string]string{"a": stackSet(template("", "", "t", "v")), "b": template("!Ref T", "!ImportValue t", "", "")},
			"S/T arn:aws:sns:REGION:ACCOUNT:${S/T}\nT arn:aws:sns:REGION:ACCOUNT:${T} | ${Fn::ImportValue t} > *"},
		{"a stack set imports elsewhere",
			map[string]string{"a": template("", "", "t", `"444455556666"`), "b": stackSet(template("!Ref T", "!ImportValue t", "", ""))},
			"S/T arn:aws:sns:REGION:ACCOUNT:${S/T} | ${Fn::ImportValue t where S deploys to} > *\nT arn:aws:sns:REGION:ACCOUNT:${T}"},
		{"a key", map[string]string{
			"a": "Resources:\n  K:\n    Type: AWS::KMS::Key\n    Properties:\n  " + key + "\nOutputs: {X: {Value: !GetAtt K.Arn, Export: {Name: k}}}\n",
			"b": template("!Ref T", "!ImportValue k", "", "")},
			"K arn:aws:kms:REGION:ACCOUNT:key/${K} | 444455556666 > *\nT arn:aws:sns:REGION:ACCOUNT:${T} | arn:aws:kms:REGION:ACCOUNT:key/${K} > *"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var inputs []string
			for name := range tt.files {
				inputs = append(inputs, name)
			}
			slices.Sort(inputs)
			if got := linked(t, tt.files, inputs); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			slices.Reverse(inputs)
			if got := linked(t, tt.files, inputs); got != tt.want {
				t.Errorf("in reverse, got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// A chain that doubles its value with every export ends.
func TestLongChain(t *testing.T) {
	files := map[string]string{"s0": template("", "", "n0", "!Ref T")}
	inputs := []string{"s0"}
	for i := 1; i <= 200; i++ {
		name, before := fmt.Sprintf("s%d", i), fmt.Sprintf("n%d", i-1)
		files[name] = template("", "", fmt.Sprintf("n%d", i), fmt.Sprintf(`!Join ["", [!ImportValue %s, !ImportValue %s]]`, before, before))
		inputs = append(inputs, name)
	}
	files["user"] = template("!Ref T", "!ImportValue n200", "", "")
	got := linked(t, files, append(inputs, "user"))
	if !strings.Contains(got, "value of the export") {
		t.Errorf("%s", got)
	}
}

// Root modules of Terraform meet by literal names; what another's state holds is
// not known.
func TestLinkTerraform(t *testing.T) {
	files := map[string]string{
		"a/main.tf": `
resource "aws_s3_bucket" "logs" { bucket = "acme-logs" }
resource "aws_s3_bucket" "open" {}
resource "aws_sns_topic" "t" { name = "alerts" }
output "open" { value = aws_s3_bucket.open.id }
`,
		"b/main.tf": `
data "terraform_remote_state" "a" { 
  backend = "local" 
  config = { path = "../a/terraform.tfstate" } 
}
locals {
  policy = { for name, arn in { logs = "arn:aws:s3:::acme-logs/*", open = "*" } : name =>
    jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "s3:GetObject", Resource = arn }] }) }
}
resource "aws_s3_bucket_policy" "logs" {
  bucket = "acme-logs"
  policy = local.policy.logs
}
resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = "acme-logs"
  restrict_public_buckets = true
}
resource "aws_s3_bucket_policy" "open" {
  bucket = data.terraform_remote_state.a.outputs.open
  policy = local.policy.open
}
resource "aws_sns_topic_policy" "t" {
  arn    = "arn:aws:sns:eu-west-1:111122223333:alerts"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = data.terraform_remote_state.a.outputs.partner }, Action = "sns:Publish", Resource = "*" }] })
}
`,
		"c": "Resources:\n  P: {Type: AWS::SNS::TopicPolicy, Properties: {Topics: [\"arn:aws:sns:eu-west-1:111122223333:alerts\"], PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: \"555566667777\"}, Action: \"sns:Publish\", Resource: \"*\"}]}}}\n",
	}
	const want = `aws_s3_bucket.logs arn:aws:s3:::acme-logs block aws_s3_bucket_public_access_block.logs | 444455556666 > arn:aws:s3:::acme-logs/*
aws_s3_bucket.open arn:aws:s3:::${aws_s3_bucket.open.bucket}
aws_s3_bucket_policy.open arn:aws:s3:::${data.terraform_remote_state.a.outputs.open} detached | 444455556666 > *
aws_sns_topic.t arn:aws:sns:REGION:ACCOUNT:alerts | ${data.terraform_remote_state.a.outputs.partner} > * | 555566667777 > *`
	for _, inputs := range [][]string{{"a", "b", "c"}, {"b", "a", "c"}} {
		if got := linked(t, files, inputs); got != want {
			t.Errorf("%v: got\n%s\nwant\n%s", inputs, got, want)
		}
	}
}

// Conditions that two templates call alike are two conditions.
func TestLinkConditions(t *testing.T) {
	conditions := "Parameters: {E: {Type: String}}\nConditions: {C: !Equals [!Ref E, x]}\n"
	files := map[string]string{
		"a": conditions + "Resources: {T: {Type: AWS::SNS::Topic, Condition: C, Properties: {TopicName: t}}}\n",
		"b": conditions + "Resources:" + strings.NewReplacer("TopicPolicy,", "TopicPolicy, Condition: D,", "[O]", `["arn:aws:sns:eu-west-1:111122223333:t"]`, "AWS: X", `AWS: "444455556666"`).Replace(policyOf) + "\n",
	}
	files["b"] = strings.Replace(files["b"], "C: !Equals [!Ref E, x]", "C: !Equals [!Ref E, x], D: !Not [!Condition C]", 1)
	const want = "T arn:aws:sns:REGION:ACCOUNT:t\nT arn:aws:sns:REGION:ACCOUNT:t | 444455556666 > *"
	for _, d := range []string{"D", "C"} {
		files["b"] = strings.Replace(files["b"], "Condition: D,", "Condition: "+d+",", 1)
		for _, inputs := range [][]string{{"a", "b"}, {"b", "a"}} {
			if got := linked(t, files, inputs); got != want {
				t.Errorf("%s %v: got\n%s\nwant\n%s", d, inputs, got, want)
			}
		}
	}
}

// An export that too many templates have is not known, whatever they export.
func TestManyExporters(t *testing.T) {
	files := map[string]string{"user": template("!Ref T", "!ImportValue n", "", "")}
	inputs := []string{"user"}
	for i := range 65 {
		name := fmt.Sprintf("s%d", i)
		files[name] = template("", "", "n", fmt.Sprintf(`"%012d"`, i))
		inputs = append(inputs, name)
	}
	if got := linked(t, files, inputs); !strings.Contains(got, `! "n" is exported with different values`) || !strings.Contains(got, "${T} | ${Fn::ImportValue n} > *") {
		t.Errorf("%s", got)
	}
}
