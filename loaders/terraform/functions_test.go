package terraform

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// evaluator returns a function that evaluates an expression in a module with
// some values that are known and some that are not.
func evaluator(t testing.TB, fsys fstest.MapFS, o Options) func(string) (*val, *loader) {
	if fsys["main.tf"] == nil {
		fsys["main.tf"] = &fstest.MapFile{Data: []byte("locals {}")}
	}
	return func(text string) (*val, *loader) {
		l := newLoader(fsys, ".", o)
		l.files["expression"] = source.NewFile("expression", []byte(text))
		m := &module{l: l, cfg: l.config(".")}
		l.rootVariables(m)
		l.findAccounts(m)
		e, diags := hclsyntax.ParseExpression([]byte(text), "expression", hcl.Pos{Line: 1, Column: 1})
		if diags.HasErrors() {
			t.Fatalf("%s: %s", text, diags)
		}
		return l.eval(e, m.top()), l
	}
}

// functions.txt has expressions and what "terraform console" (1.11.4) makes of
// them, as JSON.
func TestFunctions(t *testing.T) {
	golden, err := os.ReadFile("testdata/functions.txt")
	if err != nil {
		t.Fatal(err)
	}
	eval := evaluator(t, fstest.MapFS{
		"d/a.txt": {Data: []byte("hello\n")}, "d/b.txt": {Data: []byte("x")}, "t.tpl": {Data: []byte(`{"a":${n}}`)},
	}, Options{})
	lines := strings.Split(strings.TrimSpace(string(golden)), "\n")
	tested := map[string]bool{}
	for i := 0; i+1 < len(lines); i += 2 {
		expr, want := lines[i], strings.TrimPrefix(lines[i+1], "\t")
		got, l := eval("jsonencode(" + expr + ")")
		if s, known := got.known(); !known || s != want || len(l.diags) > 0 {
			t.Errorf("%s\n got %s %v\nwant %s", expr, got.string(), l.diags, want)
		}
		for name := range functions {
			if strings.Contains(expr, name+"(") {
				tested[name] = true
			}
		}
	}
	ours := []string{ // of OpenTofu, of providers, or later than that version
		"base64gunzip", "base64gzip", "cidrcontains", "ephemeralasnull", "provider::aws::arn_build", "provider::aws::arn_parse",
		"provider::aws::trim_iam_role_path", "sensitive", "urldecode",
	}
	for _, name := range sortedKeys(functions) {
		if functions[name].is == computed && !tested[name] && !slices.Contains(ours, name) {
			t.Errorf("function %s is not in the table", name)
		}
	}
}

// All functions of Terraform and OpenTofu, and what becomes of a call.
func TestFunctionList(t *testing.T) {
	var b strings.Builder
	for _, name := range append(sortedKeys(functions), "can", "templatestring", "try") {
		switch f := functions[name]; {
		case f.is == unknowable:
			b.WriteString(name + " unknown\n")
		case strings.HasPrefix(name, "file") || name == "templatefile":
			b.WriteString(name + " computed, refused outside of the input\n")
		default:
			b.WriteString(name + " computed\n")
		}
	}
	const name = "testdata/function-list.txt"
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

const partlyKnown = `
variable "u" { type = string }
variable "l" { type = list(string) }
variable "m" { type = map(string) }
variable "b" { type = bool }
variable "n" { type = number }
variable "pick" {
  type = string
  validation {
    condition     = contains(["x", "y"], var.pick)
    error_message = "no"
  }
}
resource "aws_s3_bucket" "b" {}
resource "aws_s3_bucket" "many" { count = var.n }
resource "aws_iam_role" "r" { name = "r" }
resource "aws_cloudfront_distribution" "d" {}
resource "aws_vpc" "v" {}
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "aws_partition" "this" {}
data "aws_organizations_organization" "org" {}
data "aws_ssm_parameter" "p" { name = "p" }
data "aws_iam_role" "named" { name = "ops" }
data "aws_s3_bucket" "named" { bucket = "logs" }
data "aws_elb_service_account" "elb" { region = "eu-west-1" }
data "aws_elb_service_account" "us" { region = "us-gov-west-1" }
data "aws_redshift_service_account" "red" { region = "us-east-1" }
data "aws_cloudtrail_service_account" "trail" { region = "us-east-1" }
data "aws_arn" "parsed" { arn = "arn:aws:s3:::x" }
data "aws_iam_session_context" "s" { arn = "arn:aws:sts::111122223333:assumed-role/a/bb" }
data "aws_iam_openid_connect_provider" "github" { url = "https://token.actions.githubusercontent.com" }
data "aws_iam_openid_connect_provider" "cluster" { url = "https://${var.pick}/id" }
data "aws_iam_openid_connect_provider" "by_arn" { arn = "arn:aws:iam::111122223333:oidc-provider/gitlab.com" }
data "aws_service_principal" "s3" { service_name = "s3" }
`

// What is known of expressions with parts that are not.
func TestPartlyKnown(t *testing.T) {
	eval := evaluator(t, fstest.MapFS{"main.tf": {Data: []byte(partlyKnown)}}, Options{})
	tests := []struct{ expr, want string }{
		{`"a-${var.u}/*"`, `"a-"<var.u>"/*"`},
		{`concat(["a"], var.l, ["b"])`, `["a", <var.l[*] at expression:1:1>?, "b"]`},
		{`length(concat(["a"], var.l))`, `<var.l in length>`},
		{`length(["a", var.u])`, `2`},
		{`flatten([["a"], var.l, [var.u]])`, `["a", <var.l>?, <var.u>?]`},
		{`merge({a = 1}, var.m)`, `{a: <key(var.m in merge, 1)>, …}`},
		{`merge(var.m, {a = 1})`, `{a: 1, …}`},
		{`merge(var.m, {a = 1}).b`, `<var.m in merge.b>`},
		{`[for x in var.l : "${x}!"]`, `[<var.l[*] at expression:1:1>"!"?]`},
		{`[for x in ["a", var.u] : x if x != "a"]`, `[<var.u>?]`},
		{`{for x in var.l : x => 1}`, `{…}`},
		{`{for k, v in {a = 1, b = var.u} : k => v}`, `{a: 1, b: <var.u>}`},
		{`var.b ? "x" : "y"`, `<var.b ? in ["x" "y"]>`},
		{`var.b ? ["x", "z"] : ["x"]`, `["x", "z"?]`},
		{`(var.b ? ["x", "z"] : ["x"])[0]`, `<var.b index in ["x" "z"]>`},
		{`var.b ? {a = "x", b = 1} : {a = "x"}`, `{a: "x", b: 1?}`},
		{`var.b ? "x" : null`, `"x"?`},
		{`(var.b ? "x" : null) == null`, `<var.b in ==>`},
		{`var.u == "x"`, `<==(var.u, "x")>`},
		{`var.u == var.u`, `true`},
		{`"a-${var.u}" == "b"`, `false`},
		{`"a-${var.u}" == "a-x"`, `<==("a-${var.u}", "a-x")>`},
		{`aws_s3_bucket.b.arn == "arn:aws:s3:::x"`, `<==("arn:${own partition}:s3:::${aws_s3_bucket.b.bucket}", "arn:aws:s3:::x")>`},
		{`var.b && false`, `false`},
		{`var.b || true`, `true`},
		{`!var.b`, `<!(var.b)>`},
		{`var.u == null ? "a" : "a"`, `"a"`},
		{`{a = "1", b = "2"}[var.u]`, `<var.u key in ["1" "2"]>`},
		{`["1", "2"][var.n]`, `<var.n index in ["1" "2"]>`},
		{`lookup({a = "1"}, var.u, "3")`, `<var.u in lookup in ["3" "1"]>`},
		{`lookup(var.m, "a", "3")`, `<var.m in lookup>`},
		{`try(var.m.a, "x")`, `<var.m.a in try>`},
		{`try(aws_s3_bucket.many[0].id, "x")`, `<aws_s3_bucket.many[0].bucket in try>`},
		{`can(var.m.a)`, `<can(var.m.a, "expression:0")>`},
		{`coalesce(var.u, "x")`, `<var.u in coalesce>`},
		{`coalesce("", "a-${var.u}", "x")`, `"a-"<var.u>`},
		{`one(aws_s3_bucket.many[*].id)`, `<aws_s3_bucket.many[0].bucket is own name>?`},
		{`aws_s3_bucket.many[*].id`, `[<aws_s3_bucket.many[0].bucket is own name>?]`},
		{`join(",", ["a", var.u])`, `"a,"<var.u>`},
		{`join(",", concat(["a"], var.l, ["b"]))`, `"a"<var.l in join>",b"`},
		{`join(",", var.l)`, `<join(var.l) in join>`},
		{`format("arn:aws:s3:::%s/%s", var.u, "x")`, `"arn:aws:s3:::"<var.u>"/x"`},
		{`format("%05d", var.n)`, `<%05d(var.n)>`},
		{`formatlist("%s/*", ["a", aws_s3_bucket.b.id])`, `["a/*", <aws_s3_bucket.b.bucket is own name>"/*"]`},
		{`formatlist("%s/*", var.l)`, `[<var.l[*] at expression:1:1>"/*"?]`},
		{`lower(aws_s3_bucket.b.id)`, `<lower(aws_s3_bucket.b.bucket) is own name>`},
		{`lower("A${var.u}")`, `"a"<lower(var.u)>`},
		{`split(":", aws_iam_role.r.arn)[4]`, `<own account>`},
		{`element(split("/", aws_iam_role.r.arn), 1)`, `"r"`},
		{`split(":", var.u)`, `<split(":", var.u)>`},
		{`split("-", aws_s3_bucket.b.id)`, `<split("-", "${aws_s3_bucket.b.bucket}")>`},
		{`replace(aws_iam_role.r.arn, ":role/", ":user/")`, `"arn:"<own partition>":iam::"<own account>":user/r"`},
		{`replace(aws_iam_role.r.arn, "aws", "x")`, `"arn:"<replace("${own partition}", "aws", "x")>":iam::"<own account>":role/r"`},
		{`replace(var.u, "a", "b")`, `<replace(var.u, "a", "b")>`},
		{`replace("_A_/*", "_A_", aws_s3_bucket.b.arn)`, `"arn:"<own partition>":s3:::"<aws_s3_bucket.b.bucket is own name>"/*"`},
		{`replace("x/${var.u}/_A_", "_A_", "y")`, `"x/"<var.u>"/y"`},
		{`replace("x/${var.u}/ab", "ab", "y")`, `"x/"<replace(var.u, "ab", "y")>"/y"`},
		{`replace("${var.u}b", "ab", "y")`, `<replace("${var.u}b", "ab", "y")>`},
		{`replace("a${var.u}", "ab", "y")`, `<replace("a${var.u}", "ab", "y")>`},
		{`replace("a:${data.aws_caller_identity.me.account_id}:b", "a:b", "y")`, `"a:"<own account>":b"`},
		{`replace(" ${data.aws_caller_identity.me.account_id}  b", "/\\s+/", "")`, `<own account>"b"`},
		{`replace("x ${var.u}", "/\\s+/", "")`, `<replace("x ${var.u}", "/\\s+/", "")>`},
		{`replace("x:${var.u}:y z", "/\\s+/", "")`, `"x:"<replace(var.u, "/\\s+/", "")>":yz"`},
		{`replace("a-b ${var.u}", "/[- ]/", "_")`, `"a_b_"<replace(var.u, "/[- ]/", "_")>`},
		{`replace(aws_iam_role.r.arn, "/^arn:/", "")`, `<own partition>":iam::"<own account>":role/r"`},
		{`replace("k=v ${data.aws_caller_identity.me.account_id}", "/(\\w)=(\\w)/", "$2=$1")`, `"v=k "<replace("${own account}", "/(\\w)=(\\w)/", "$2=$1")>`},
		{`substr(aws_iam_role.r.arn, 0, 4)`, `"arn:"`},
		{`substr(aws_iam_role.r.arn, 0, -1)`, `"arn:"<own partition>":iam::"<own account>":role/r"`},
		{`substr(aws_iam_role.r.arn, 4, -1)`, `<own partition>":iam::"<own account>":role/r"`},
		{`substr("x:${data.aws_caller_identity.me.account_id}:y", 0, 14)`, `"x:"<own account>`},
		{`substr("${var.u}:abc", -3, 2)`, `"ab"`},
		{`substr("${var.u}:abc", 1, 2)`, `<substr("${var.u}:abc", 1, 2)>`},
		{`trim("--${var.u}--x--", "-")`, `<trim("--${var.u}--x--", "-")>`},
		{`trim("//${data.aws_caller_identity.me.account_id}/", "/")`, `<own account>`},
		{`trimspace("  a ${var.u} b\n")`, `"a "<var.u>" b"`},
		{`chomp("${var.u}x\n")`, `<var.u>"x"`},
		{`indent(2, "{\n\"a\": \"${var.u}\"\n}")`, `"{\n  \"a\": \""<var.u>"\"\n  }"`},
		{`split(",", "a,${data.aws_caller_identity.me.account_id},b")`, `["a", <own account>, "b"]`},
		{`split(",", "a,${var.u},b")`, `["a", <split(",", var.u)>?, "b"]`},
		{`split(",", "a,x${var.u}")`, `["a", "x"<first of split(",", "x${var.u}")>, <split(",", "x${var.u}")>?]`},
		{`split(":", split(",", "444455556666:${var.u},b")[0])[0]`, `"444455556666"`},
		{`regex("^arn:[^:]+:iam::([0-9]+):role/(.*)$", aws_iam_role.r.arn)`, `[<own account>, "r"]`},
		{`regex(":([a-z]+):", aws_iam_role.r.arn)`, `<regex(":([a-z]+):", "arn:${own partition}:iam::${own account}:role/r")>`},
		{`regexall("[0-9]{12}", aws_iam_role.r.arn)`, `[<own account>]`},
		{`regexall("[0-9]{12}", "x ${data.aws_caller_identity.me.account_id}, 123456789012")`, `[<own account>, "123456789012"]`},
		{`strcontains("a:${data.aws_caller_identity.me.account_id}", "b")`, `false`},
		{`strcontains("a:${var.u}", "b")`, `<strcontains("a:${var.u}", "b")>`},
		{`base64decode(base64encode("x${var.u}"))`, `"x"<var.u>`},
		{`urldecode(urlencode("x${var.u}"))`, `"x"<var.u>`},
		{`yamldecode(yamlencode({a = var.u}))`, `{a: <var.u>}`},
		{`length("x${var.u}") > 0`, `true`},
		{`length("ab${var.u}") >= 2`, `true`},
		{`length("${var.u}ab") >= 2`, `<>=(length("${var.u}ab"), 2)>`}, // a character of var.u may take in the a
		{`length("${var.u}abc") < 2`, `false`},
		{`length("aé${var.u}") > 2`, `<>(length("aé${var.u}"), 2)>`},
		{`length(concat(["a"], var.l)) >= 1`, `true`},
		{`length(var.l) < 0`, `false`},
		{`length(var.l) > 0`, `<>(length(var.l), 0)>`},
		{`length(["a", var.u]) == 2`, `true`},
		{`0 == length("x${var.u}")`, `false`},
		{`"x${var.u}" == ""`, `false`},
		{`"x${var.u}" != ""`, `true`},
		{`data.aws_caller_identity.me.account_id == "12"`, `false`},
		{`"${var.u}a${var.u}" == "bb"`, `false`},
		{`chunklist(["a", var.u, "c"], 2)`, `[["a", <var.u>], ["c"]]`},
		{`chunklist(concat(["a", "b", "c"], var.l), 1)[0]`, `["a"]`},
		{`chunklist(concat(var.l, ["a"]), 1)`, `[[<var.l[*] at expression:1:11>]?, ["a"]]`},
		{`chunklist(concat(["a", "b", "c"], var.l), 2)`, `[["a", "b"], ["c", <var.l[*] at expression:1:11>?]?]`},
		{`transpose({a = ["x", var.u], b = ["x"]})`, `{x: ["a", "b"], …}`},
		{`keys({a = var.u, b = 1})`, `["a", "b"]`},
		{`format("${data.aws_caller_identity.me.account_id}-%s", "x")`, `<own account>"-x"`},
		{`format("${var.u}-%s", "x")`, `<format("${var.u}-%s", "x")>`},
		{`startswith(aws_iam_role.r.arn, "arn:")`, `true`},
		{`startswith(aws_iam_role.r.arn, "https:")`, `false`},
		{`startswith(var.u, "https:")`, `<startswith(var.u, "https:")>`},
		{`trimprefix("arn:${var.u}", "arn:")`, `<var.u>`},
		{`trimprefix(var.u, "arn:")`, `<trimprefix(var.u, "arn:")>`},
		{`contains(["a", var.u], "a")`, `true`},
		{`contains(["a", var.u], "b")`, `<var.u in contains>`},
		{`contains(var.l, "b")`, `<contains(var.l, "b")>`},
		{`contains(["a"], "b")`, `false`},
		{`distinct(["a", var.u, "a", var.u])`, `["a", <var.u>]`},
		{`compact(["", "a", var.u, "x${var.u}"])`, `["a", <var.u>?, "x"<var.u>]`},
		{`setsubtract(["a", "b"], [var.u])`, `["a"?, "b"?]`},
		{`toset(["b", var.u, "a"])`, `["a", "b", <var.u>]`},
		{`tolist(toset(["b", var.u, "a"]))[0]`, `<var.u index>`},
		{`keys({b = var.u, a = 1})`, `["a", "b"]`},
		{`values(merge({b = 1}, var.m))`, `[<key(var.m in merge, 1)>, <var.m in merge[*] at expression:1:1>?]`},
		{`sort(["b", var.u])`, `["b", <var.u>]`},
		{`sort(["b", var.u])[0]`, `<var.u index>`},
		{`slice(["a", "b"], 0, var.n)`, `["a"?, "b"?]`},
		{`zipmap(["a"], [var.u])`, `{a: <var.u>}`},
		{`alltrue([true, var.b])`, `<var.b in alltrue>`},
		{`anytrue([true, var.b])`, `true`},
		{`uuid()`, `<uuid()>`},
		{`timestamp()`, `<timestamp()>`},
		{`sensitive("x")`, `"x"`},
		{`nonsensitive(var.u)`, `<var.u>`},
		{`jsonencode({a = var.u, b = ["x", var.l]})`, `"{\"a\":"<var.u>",\"b\":[\"x\","<var.l>"]}"`},
		{`jsonencode({a = "p-${var.u}"})`, `"{\"a\":\"p-"<var.u>"\"}"`},
		{`jsondecode(jsonencode({a = var.u})).a`, `<var.u>`},
		{`jsondecode("{\"a\": \"${var.u}/*\"}").a`, `<var.u>"/*"`},
		{`jsondecode(var.u).a`, `<jsondecode(var.u).a>`},
		{`provider::aws::arn_build("aws", "iam", "", var.u, "root")`, `"arn:aws:iam::"<var.u>":root"`},
		{`provider::aws::arn_parse(aws_iam_role.r.arn).account_id`, `<own account>`},
		{`provider::aws::trim_iam_role_path("arn:aws:iam::1:role/a/b/c")`, `"arn:aws:iam::1:role/c"`},
		{`provider::time::rfc3339_parse("x")`, `<expression:1:1 provider::time::rfc3339_parse>`},
		{`base64gunzip(base64gzip("x"))`, `"x"`},
		{`urldecode("a%20b")`, `"a b"`},
		{`cidrcontains("10.0.0.0/8", "10.1.2.3")`, `true`},
		{`ephemeralasnull("x")`, `"x"`},
		{`data.aws_caller_identity.me.account_id`, `<own account>`},
		{`data.aws_region.here.name`, `<own region>`},
		{`data.aws_partition.this.partition`, `<own partition>`},
		{`data.aws_partition.this.dns_suffix`, `<own domain suffix>`},
		{`data.aws_organizations_organization.org.id`, `<own organization>`},
		{`data.aws_ssm_parameter.p.value`, `<data.aws_ssm_parameter.p.value>`},
		{`data.aws_ssm_parameter.p.name`, `"p"`},
		{`data.aws_iam_role.named.arn`, `"arn:"<own partition>":iam::"<own account>":role/"<data.aws_iam_role.named.path>"ops"`},
		{`data.aws_s3_bucket.named.arn`, `"arn:"<own partition>":s3:::logs"`},
		{`data.aws_elb_service_account.elb.arn`, `"arn:aws:iam::156460612806:root"`},
		{`data.aws_elb_service_account.us.arn`, `"arn:aws-us-gov:iam::048591011584:root"`},
		{`data.aws_redshift_service_account.red.arn`, `"arn:aws:iam::193672423079:user/logs"`},
		{`data.aws_cloudtrail_service_account.trail.id`, `"086441151436"`},
		{`data.aws_arn.parsed.service`, `"s3"`},
		{`data.aws_iam_session_context.s.issuer_name`, `"a"`},
		{`data.aws_iam_openid_connect_provider.github.arn`, `"arn:"<own partition>":iam::"<own account>":oidc-provider/token.actions.githubusercontent.com"`},
		{`data.aws_iam_openid_connect_provider.github.url`, `"token.actions.githubusercontent.com"`},
		{`data.aws_iam_openid_connect_provider.cluster.arn`, `"arn:"<own partition>":iam::"<own account>":oidc-provider/"<var.pick in ["x" "y"]>"/id"`},
		{`data.aws_iam_openid_connect_provider.by_arn.arn`, `"arn:aws:iam::111122223333:oidc-provider/gitlab.com"`},
		{`data.aws_iam_openid_connect_provider.by_arn.url`, `"gitlab.com"`},
		{`data.aws_service_principal.s3.name`, `"s3.amazonaws.com"`},
		{`aws_cloudfront_distribution.d.id`, `<aws_cloudfront_distribution.d.id is own name>`},
		{`aws_vpc.v.id`, `<aws_vpc.v.id is own name>`},
		{`path.module`, `"."`},
		{`path.cwd`, `<path.cwd>`},
		{`terraform.workspace`, `<terraform.workspace>`},
		{`var.pick`, `<var.pick in ["x" "y"]>`},
	}
	for _, tt := range tests {
		v, l := eval(tt.expr)
		if got := describe(v); got != tt.want || len(l.diags) > 0 {
			t.Errorf("%s\n got %s %v\nwant %s", tt.expr, got, l.diags, tt.want)
		}
	}
}

// describe writes a value; names that end in a tag without it.
func describe(v *val) string {
	var b strings.Builder
	describeTo(&b, v)
	return b.String()
}

func describeTo(b *strings.Builder, v *val) {
	switch v.kind {
	case null:
		b.WriteString("null")
	case sequence:
		b.WriteString("[")
		for i, item := range v.items {
			if i > 0 {
				b.WriteString(", ")
			}
			describeTo(b, item)
		}
		b.WriteString("]")
	case mapping:
		b.WriteString("{")
		for i, f := range v.sorted() {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(f.key + ": ")
			describeTo(b, f.val)
		}
		if v.open != nil {
			if len(v.fields) > 0 {
				b.WriteString(", ")
			}
			b.WriteString("…")
		}
		b.WriteString("}")
	case text, unknown:
		t := v.string()
		parts := slices.Clone(t.Parts)
		for i, p := range parts {
			if p.Ref != nil {
				r := *p.Ref
				r.Name = shortName(r.Name)
				parts[i].Ref = &r
			}
		}
		if t.Parts != nil {
			t = value.Text{Parts: parts}
		}
		b.WriteString(shownText(t))
	default:
		t, _ := v.scalarText()
		b.WriteString(t.Literal)
	}
	if v.maybe != nil {
		b.WriteString("?")
	}
}

// tags make names that are equal otherwise differ.
var tags = regexp.MustCompile(` #[0-9a-z]+`)

func shortName(s string) string { return tags.ReplaceAllString(s, "") }
