package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// written is a policy of a resource, in one language.
type written struct {
	language string
	args     []string
	files    map[string]string
	address  string // of the resource; "" when there is one only
	typ      string // where the address is of several
}

// subject is a kind of resource that a policy can be attached to in every
// language.
type subject struct {
	kind      string
	preview   string                    // access preview configuration, with %q for the policy
	template  map[string]string         // logical id to resource, with $POLICY
	address   string                    // in it
	module    string                    // HCL, with $POLICY for an expression
	plan      map[string]map[string]any // address to values; "$POLICY" is the text
	inModule  string                    // address in the module and the plan
	functions bool                      // a serverless function has such a policy
}

var subjects = map[string]subject{
	"bucket": {
		kind:    "AWS::S3::Bucket",
		preview: `{"arn:aws:s3:::b": {"s3Bucket": {"bucketPolicy": %q}}}`,
		template: map[string]string{
			"Bucket": `{"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "b"}}`,
			"Policy": `{"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "b", "PolicyDocument": $POLICY}}`,
		},
		address:  "Bucket",
		module:   "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"b\"\n}\nresource \"aws_s3_bucket_policy\" \"b\" {\n  bucket = aws_s3_bucket.b.id\n  policy = $POLICY\n}\n",
		plan:     map[string]map[string]any{"aws_s3_bucket.b": {"bucket": "b"}, "aws_s3_bucket_policy.b": {"bucket": "b", "policy": "$POLICY"}},
		inModule: "aws_s3_bucket.b",
	},
	"queue": {
		kind:    "AWS::SQS::Queue",
		preview: `{"arn:aws:sqs:eu-west-1:111122223333:q": {"sqsQueue": {"queuePolicy": %q}}}`,
		template: map[string]string{
			"Queue":  `{"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q"}}`,
			"Policy": `{"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": $POLICY}}`,
		},
		address:  "Queue",
		module:   "resource \"aws_sqs_queue\" \"q\" {\n  name   = \"q\"\n  policy = $POLICY\n}\n",
		plan:     map[string]map[string]any{"aws_sqs_queue.q": {"name": "q", "policy": "$POLICY"}},
		inModule: "aws_sqs_queue.q",
	},
	"role": {
		kind:      "AWS::IAM::Role",
		preview:   `{"arn:aws:iam::111122223333:role/r": {"iamRole": {"trustPolicy": %q}}}`,
		template:  map[string]string{"Role": `{"Type": "AWS::IAM::Role", "Properties": {"RoleName": "r", "AssumeRolePolicyDocument": $POLICY}}`},
		address:   "Role",
		module:    "resource \"aws_iam_role\" \"r\" {\n  name               = \"r\"\n  assume_role_policy = $POLICY\n}\n",
		plan:      map[string]map[string]any{"aws_iam_role.r": {"name": "r", "assume_role_policy": "$POLICY"}},
		inModule:  "aws_iam_role.r",
		functions: true,
	},
	"key": {
		kind:     "AWS::KMS::Key",
		preview:  `{"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab": {"kmsKey": {"keyPolicies": {"default": %q}}}}`,
		template: map[string]string{"Key": `{"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": $POLICY}}`},
		address:  "Key",
		module:   "resource \"aws_kms_key\" \"k\" {\n  policy = $POLICY\n}\n",
		plan:     map[string]map[string]any{"aws_kms_key.k": {"policy": "$POLICY"}},
		inModule: "aws_kms_key.k",
	},
}

// ARNs of buckets and queues in a policy.
var (
	bucketARN = regexp.MustCompile(`(arn:aws:s3:::)[a-zA-Z0-9._-]+`)
	queueARN  = regexp.MustCompile(`arn:aws:sqs:[a-z0-9-]*:[0-9]*:[a-zA-Z0-9._-]+`)
)

// about makes a policy one about the subject.
func (s subject) about(policy string) string {
	switch s.kind {
	case "AWS::S3::Bucket":
		return bucketARN.ReplaceAllString(policy, "${1}b")
	case "AWS::SQS::Queue":
		return queueARN.ReplaceAllString(policy, "arn:aws:sqs:eu-west-1:111122223333:q")
	}
	return policy
}

// languages returns a policy in every language.
func (s subject) languages(t *testing.T, policy string) []written {
	t.Helper()
	var doc any
	if err := json.Unmarshal([]byte(policy), &doc); err != nil {
		t.Fatalf("%v: %s", err, policy)
	}
	resources := map[string]any{}
	for id, text := range s.template {
		var r any
		if err := json.Unmarshal([]byte(strings.ReplaceAll(text, "$POLICY", policy)), &r); err != nil {
			t.Fatal(err)
		}
		resources[id] = r
	}
	template := map[string]any{"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}
	out := []written{
		{language: "preview", files: map[string]string{"preview.json": fmt.Sprintf(s.preview, policy)}},
		{language: "document", args: []string{"--resource-type", s.kind}, files: map[string]string{"policy.json": policy}},
		{language: "JSON template", files: map[string]string{"template.json": indented(template)}, address: s.address},
		{language: "YAML template", files: map[string]string{"template.yaml": yamlOf(template, "")}, address: s.address},
		{language: "flow template", files: map[string]string{"template.yml": "Resources: " + indented(resources)}, address: s.address},
		{language: "jsonencode", files: map[string]string{"main.tf": s.hcl("jsonencode(" + hclOf(doc, "") + ")")}, address: s.inModule},
		{language: "heredoc", files: map[string]string{"main.tf": s.hcl("<<EOF\n" + escaped(indented(doc)) + "\nEOF\n")}, address: s.inModule},
		{language: "module", files: map[string]string{
			"main.tf":     "module \"m\" {\n  source = \"./m\"\n  policy = jsonencode(" + hclOf(doc, "") + ")\n}\n",
			"m/module.tf": "variable \"policy\" {\n  type = string\n}\n" + s.hcl("var.policy"),
		}, address: "module.m." + s.inModule},
		{language: "plan", files: map[string]string{"plan.json": s.planOf(policy)}, address: s.inModule},
	}
	if block, ok := documentBlock(doc); ok {
		out = append(out, written{language: "document block", files: map[string]string{"main.tf": block + s.hcl("data.aws_iam_policy_document.p.json")}, address: s.inModule})
	}
	if s.functions {
		function := map[string]any{"Transform": "AWS::Serverless-2016-10-31", "Resources": map[string]any{"F": map[string]any{
			"Type":       "AWS::Serverless::Function",
			"Properties": map[string]any{"Runtime": "python3.13", "Handler": "app.handler", "CodeUri": "src/", "AssumeRolePolicyDocument": doc},
		}}}
		out = append(out, written{language: "serverless function", files: map[string]string{"template.yaml": yamlOf(function, "")}, address: "F", typ: s.kind})
	}
	return out
}

func (s subject) hcl(policy string) string { return strings.ReplaceAll(s.module, "$POLICY", policy) }

// planOf is what terraform show -json says of resources to create.
func (s subject) planOf(policy string) string {
	var resources, changes []any
	for _, address := range slices.Sorted(maps.Keys(s.plan)) {
		values := map[string]any{}
		for k, v := range s.plan[address] {
			if v == "$POLICY" {
				v = policy
			}
			values[k] = v
		}
		typ, name, _ := strings.Cut(address, ".")
		common := map[string]any{"address": address, "mode": "managed", "type": typ, "name": name, "provider_name": "registry.terraform.io/hashicorp/aws"}
		r, c := maps.Clone(common), maps.Clone(common)
		r["schema_version"], r["values"], r["sensitive_values"] = 0, values, map[string]any{}
		c["change"] = map[string]any{"actions": []string{"create"}, "before": nil, "after": values, "after_unknown": map[string]any{}}
		resources, changes = append(resources, r), append(changes, c)
	}
	return indented(map[string]any{
		"format_version": "1.2", "terraform_version": "1.9.0",
		"planned_values":   map[string]any{"root_module": map[string]any{"resources": resources}},
		"resource_changes": changes,
		"configuration":    map[string]any{"provider_config": map[string]any{"aws": map[string]any{"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws"}}, "root_module": map[string]any{}},
	})
}

func indented(v any) string {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		panic(err)
	}
	return string(text)
}

// yamlOf writes a JSON value in YAML's block style.
func yamlOf(v any, indent string) string {
	var b strings.Builder
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			return " {}\n"
		}
		if indent != "" {
			b.WriteString("\n")
		}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			fmt.Fprintf(&b, "%s%s:%s", indent, quoted(k), yamlOf(v[k], indent+"  "))
		}
	case []any:
		if len(v) == 0 {
			return " []\n"
		}
		b.WriteString("\n")
		for _, item := range v {
			fmt.Fprintf(&b, "%s-%s", indent, yamlOf(item, indent+"  "))
		}
	case string:
		return " " + quoted(v) + "\n"
	default:
		return fmt.Sprintf(" %v\n", v)
	}
	return b.String()
}

func quoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// escaped escapes what HCL would expand.
func escaped(s string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(s)
}

// hclOf writes a JSON value as an expression of HCL.
func hclOf(v any, indent string) string {
	var b strings.Builder
	switch v := v.(type) {
	case map[string]any:
		b.WriteString("{\n")
		for _, k := range slices.Sorted(maps.Keys(v)) {
			fmt.Fprintf(&b, "%s  %s = %s\n", indent, escaped(quoted(k)), hclOf(v[k], indent+"  "))
		}
		b.WriteString(indent + "}")
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, hclOf(item, indent+"  "))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case string:
		return escaped(quoted(v))
	default:
		return fmt.Sprint(v)
	}
	return b.String()
}

// listOf makes a list of what may be written as one item.
func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// documentBlock writes a policy as data "aws_iam_policy_document", in which
// policy variables are written with an ampersand. A principal that is written as
// a text, and is not "*", cannot be.
func documentBlock(doc any) (text string, ok bool) {
	policy := doc.(map[string]any)
	var b strings.Builder
	strs := func(name string, v any) {
		if v == nil {
			return
		}
		var items []string
		for _, item := range listOf(v) {
			items = append(items, quoted(strings.ReplaceAll(fmt.Sprint(item), "${", "&{")))
		}
		fmt.Fprintf(&b, "    %s = [%s]\n", name, strings.Join(items, ", "))
	}
	b.WriteString("data \"aws_iam_policy_document\" \"p\" {\n")
	if version, ok := policy["Version"]; ok {
		fmt.Fprintf(&b, "  version = %q\n", version)
	} else {
		b.WriteString("  version = \"2008-10-17\"\n")
	}
	for _, item := range listOf(policy["Statement"]) {
		s := item.(map[string]any)
		fmt.Fprintf(&b, "  statement {\n    effect = %q\n", s["Effect"])
		for name, element := range map[string]string{"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"} {
			strs(name, s[element])
		}
		for block, element := range map[string]string{"principals": "Principal", "not_principals": "NotPrincipal"} {
			switch p := s[element].(type) {
			case string:
				if p != "*" {
					return "", false
				}
				fmt.Fprintf(&b, "    %s {\n      type        = \"*\"\n      identifiers = [%q]\n    }\n", block, p)
			case map[string]any:
				for _, k := range slices.Sorted(maps.Keys(p)) {
					fmt.Fprintf(&b, "    %s {\n      type = %q\n  ", block, k)
					strs("identifiers", p[k])
					b.WriteString("    }\n")
				}
			}
		}
		conditions, _ := s["Condition"].(map[string]any)
		for _, test := range slices.Sorted(maps.Keys(conditions)) {
			keys := conditions[test].(map[string]any)
			for _, key := range slices.Sorted(maps.Keys(keys)) {
				fmt.Fprintf(&b, "    condition {\n      test     = %q\n      variable = %q\n  ", test, key)
				strs("values", keys[key])
				b.WriteString("    }\n")
			}
		}
		b.WriteString("  }\n")
	}
	b.WriteString("}\n")
	return b.String(), true
}

// answer is what a report says of a resource, but for what its place in the
// code decides.
func (w written) answer(t *testing.T, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	path := dir
	for _, name := range slices.Sorted(maps.Keys(w.files)) {
		path = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(w.files[name]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if strings.HasSuffix(path, ".tf") {
		path = dir
	}
	_, report := runJSON(t, append(append(slices.Clone(args), w.args...), path)...)
	mine := func(address, typ string) bool {
		return (w.address == "" || address == w.address) && (w.typ == "" || typ == w.typ)
	}
	var verdicts, findings []string
	for _, r := range report.Resources {
		if mine(r.Address, r.ResourceType) {
			verdicts = append(verdicts, fmt.Sprintf("%s %s %s", r.ResourceType, r.Account, r.Verdict))
		}
	}
	for _, f := range report.Findings {
		if mine(f.Address, f.ResourceType) {
			findings = append(findings, identity(f))
		}
	}
	slices.Sort(findings)
	return strings.Join(append(verdicts, findings...), "\n")
}

// identity is all of a finding but its place, its resource and its wording.
func identity(f finding.Finding) string {
	return fmt.Sprintf("%s %s principal %s condition %s actions %s public %t %s %s",
		f.Rule, f.Severity, pairs(f.Principal, ":"), pairs(f.Condition, "="), strings.Join(f.Action, ","), f.IsPublic, f.Certainty, f.AccessLevels)
}

// checkLanguages demands the same answer on a policy in every language.
func checkLanguages(t *testing.T, s subject, policy string, args ...string) {
	t.Helper()
	all := s.languages(t, policy)
	want := all[0].answer(t, args...)
	for _, w := range all[1:] {
		if got := w.answer(t, args...); got != want {
			t.Errorf("%s\n%s: %s\n%s: %s", policy, all[0].language, want, w.language, got)
		}
	}
}

// The same policy gives the same findings in every language.
func TestLanguagesAgree(t *testing.T) {
	t.Parallel()
	count := 25
	if !thorough() {
		count = 8
	}
	for _, name := range slices.Sorted(maps.Keys(subjects)) {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewSource(1))
			for range count {
				checkLanguages(t, subjects[name], randomPolicy(r, name), "--account", "111122223333", "--region", "eu-west-1")
				if t.Failed() {
					return
				}
			}
		})
	}
}

// Third-party policies give the same findings in every language.
func TestLabelledPoliciesInEveryLanguage(t *testing.T) {
	dir := corpusDir(t)
	rows := 0
	for _, row := range labelledRows(t, dir, "policy") {
		for _, s := range subjects {
			if s.kind != row.ResourceType {
				continue
			}
			text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(row.Path)))
			if err != nil {
				t.Fatal(err)
			}
			var doc any
			placeholders := bytes.Contains(text, []byte("%s")) // the policy is about no resource in particular
			if json.Unmarshal(text, &doc) != nil || placeholders || bytes.Count(text, []byte("\n")) > 200 {
				continue
			}
			rows++
			policy := s.about(string(text))
			row.ResourceType = "" // the code tells
			t.Run(row.ID, func(t *testing.T) { checkLanguages(t, s, policy, row.flags()...) })
		}
	}
	t.Logf("%d policies", rows)
}
