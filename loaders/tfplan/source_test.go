package tfplan

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

const configuration = `
variable "name" { default = "other" }
variable "partner" { default = "arn:aws:iam::444455556666:root" }
variable "hush" { sensitive = true }
resource "aws_s3_bucket" "b" {
  bucket = var.name
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.b.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = [var.partner, var.hush]
    }
  }
}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
  policy = data.aws_iam_policy_document.d.json
}
resource "aws_sns_topic" "t" {
  name   = "t"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = ["b", "a"] }, Action = "sns:Publish", Resource = "*" }]
  })
}
resource "aws_sns_topic" "stale" {
  name   = "renamed"
  policy = local.unknown
}
`

// with returns a plan with the configuration that it was made from beside it.
func with(code string) *loader {
	policy := `"policy":"{\"Statement\":[{\"Action\":\"sns:Publish\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"a\",\"b\"]},\"Resource\":\"*\"}],\"Version\":\"2012-10-17\"}"`
	plan := written(array(change("aws_s3_bucket.b", `"create"`, bucket), change("aws_s3_bucket_policy.p", `"create"`, newPolicy),
		change("aws_sns_topic.t", `"create"`, `"after":{"name":"t",`+policy+`},"after_unknown":{}`),
		change("aws_sns_topic.stale", `"create"`, `"after":{"name":"stale"},"after_unknown":{"policy":true}`)),
		`{"root_module":{"variables":{"hush":{"sensitive":true}},"resources":`+array(declared("aws_s3_bucket.b", `"bucket":{"references":["var.name"]}`), declared("aws_s3_bucket_policy.p", toBucket+","+viaDoc),
			declared("aws_sns_topic.t", `"policy":{}`), declared("aws_sns_topic.stale", `"policy":{"references":["local.unknown"]}`))+`}}`,
		`,"variables":{"name":{"value":"logs"},"partner":{"value":"arn:aws:iam::777788889999:root"},"hush":{"value":"HUSH"}}`)
	l := newLoader(open(source.NewFile("infra/plan.json", []byte(plan))), Options{FS: fstest.MapFS{"infra/main.tf": {Data: []byte(code)}}})
	l.read()
	l.resolveAll()
	l.addSource()
	return l
}

// What the plan does not know is as the configuration has it, with the values of
// the plan; what it knows counts, and has its place in the configuration.
func TestPlanWithSource(t *testing.T) {
	l := with(configuration)
	want := `aws_s3_bucket.b.bucket = logs
aws_s3_bucket_policy.p.bucket = logs
aws_s3_bucket_policy.p.policy = {Version: 2012-10-17, Statement: [{Effect: Allow, Principal: {AWS: [arn:aws:iam::777788889999:root, ?${var.hush}]}, Action: s3:GetObject, Resource: arn:${own partition}:s3:::logs/*}]}
aws_s3_bucket_policy.p.bucket -> aws_s3_bucket.b
aws_s3_bucket_policy.p <- data.aws_iam_policy_document.d
aws_sns_topic.t.name = t
aws_sns_topic.t.policy = {Statement: [{Action: sns:Publish, Effect: Allow, Principal: {AWS: [a, b]}, Resource: *}], Version: 2012-10-17}
aws_sns_topic.stale.name = stale
aws_sns_topic.stale.policy = ?${aws_sns_topic.stale.policy (known after apply)}
`
	if got := blocks(l); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	places := map[string]string{}
	var note func(path string, v value.Value)
	note = func(path string, v value.Value) {
		places[path] = v.Span.Path() + ": " + v.Span.Text()
		for _, f := range v.Fields {
			note(path+"."+f.Key, f.Value)
		}
		for _, item := range v.Items {
			note(path+"."+item.Text.String(), item)
		}
	}
	for _, o := range l.objects {
		note(o.address, o.block.Properties)
		places[o.address] = o.block.Path + ": " + o.block.Span.Text()
	}
	for path, want := range map[string]string{
		"aws_sns_topic.t":        `infra/main.tf: resource "aws_sns_topic" "t"`,
		"aws_s3_bucket.b.bucket": "infra/main.tf: var.name",
		"aws_sns_topic.t.policy.Statement..Principal.AWS.a": `infra/main.tf: a`,
		"aws_sns_topic.t.policy.Statement..Action":          `infra/main.tf: sns:Publish`,
	} {
		if got := strings.ReplaceAll(places[path], `"sns:Publish"`, "sns:Publish"); strings.ReplaceAll(got, `"a"`, "a") != want {
			t.Errorf("%s is at %s, want %s", path, got, want)
		}
	}
}

func TestOtherSource(t *testing.T) {
	l := with(`resource "aws_sns_topic" "other" {}`)
	if len(l.diags) != 1 || !strings.Contains(l.diags[0].Message, "none of the resources of the plan") || l.diags[0].Severity != source.Warning {
		t.Errorf("diagnostics %v, want one warning", l.diags)
	}
}

// References that lead in circles, two at a time, end.
func TestCircles(t *testing.T) {
	l := loaded(written(array(change("module.m.aws_s3_bucket_policy.p", `"create"`, newPolicy)),
		`{"root_module":{"module_calls":{"m":{"expressions":{"x":{"references":["module.m.x","module.m.y"]},"y":{"references":["module.m.y","module.m.x"]}},
			"module":{"outputs":{"x":{"expression":{"references":["var.x","var.y"]}},"y":{"expression":{"references":["var.y","var.x"]}}},
				"resources":`+array(declared("aws_s3_bucket_policy.p", `"bucket":{"references":["var.x","var.y"]},"policy":{"references":["var.y"]}`))+`}}}}}`))
	want := `module.m.aws_s3_bucket_policy.p.bucket = ?${module.m.aws_s3_bucket_policy.p.bucket (known after apply)}
module.m.aws_s3_bucket_policy.p.policy = ?${module.m.aws_s3_bucket_policy.p.policy (known after apply)}
`
	if got := blocks(l); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
