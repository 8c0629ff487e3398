package terraform

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// partlyOf has, for each function, a call with something in it that is not known.
var partlyOf = map[string]string{
	"abs": `abs(var.n)`, "ceil": `ceil(var.n)`, "floor": `floor(var.n)`, "log": `log(var.n, 2)`, "max": `max(1, var.n)`, "min": `min(1, var.n)`,
	"parseint": `parseint(var.u, 10)`, "pow": `pow(var.n, 2)`, "signum": `signum(var.n)`, "sum": `sum([1, var.n])`,
	"chomp": `chomp("${var.u}x\n")`, "endswith": `endswith("${var.u}/x", "/x")`, "format": `format("%s-%s", "a", var.u)`, "formatlist": `formatlist("%s-%s", ["a", "b"], var.u)`,
	"indent": `indent(2, "a\n${var.u}x")`, "join": `join(",", ["a", var.u])`, "lower": `lower("A-${var.u}")`, "upper": `upper("a-${var.u}")`, "title": `title("a ${var.u}")`,
	"regex": `regex("^arn:[^:]+:iam::([0-9]+):role/(.*)$", aws_iam_role.r.arn)`, "regexall": `regexall("[0-9]{12}", aws_iam_role.r.arn)`,
	"replace": `replace("_A_/*", "_A_", aws_iam_role.r.arn)`, "split": `split(",", "a,${data.aws_caller_identity.me.account_id},b")`,
	"startswith": `startswith("a-${var.u}", "a-")`, "strcontains": `strcontains("a-b-${var.u}", "b")`, "strrev": `strrev("a${var.u}")`, "substr": `substr(aws_iam_role.r.arn, 0, 4)`,
	"trim": `trim("//${data.aws_caller_identity.me.account_id}/", "/")`, "trimprefix": `trimprefix("a-${var.u}", "a-")`, "trimsuffix": `trimsuffix("${var.u}-a", "-a")`, "trimspace": `trimspace("  a ${var.u} b\n")`,
	"alltrue": `alltrue([false, var.b])`, "anytrue": `anytrue([true, var.b])`, "chunklist": `chunklist(["a", var.u, "c"], 2)`, "coalesce": `coalesce("", "a", var.u)`,
	"coalescelist": `coalescelist([], ["a"], var.l)`, "compact": `compact(["", "a", var.u])`, "concat": `concat(["a"], var.l)`, "contains": `contains(["a", var.u], "a")`,
	"distinct": `distinct(["a", var.u, "a"])`, "element": `element(["a", var.u], 0)`, "flatten": `flatten([["a"], var.l])`, "index": `index(["a", var.u], "a")`,
	"keys": `keys({a = var.u})`, "length": `length(["a", var.u])`, "lookup": `lookup({a = "x"}, var.u, "y")`, "matchkeys": `matchkeys(["a", "b"], ["x", var.u], ["x"])`,
	"merge": `merge(var.m, {a = 1})`, "one": `one([var.u])`, "range": `range(var.n)`, "reverse": `reverse(["a", var.u])`, "setintersection": `setintersection(["a", "b"], ["a", var.u])`,
	"setproduct": `setproduct(["a"], ["x", var.u])`, "setsubtract": `setsubtract(["a", "b"], [var.u])`, "setunion": `setunion(["a"], [var.u])`, "slice": `slice(["a", "b"], 0, var.n)`,
	"sort": `sort(["b", var.u])`, "transpose": `transpose({a = ["x", var.u]})`, "values": `values({a = var.u})`, "zipmap": `zipmap(["a"], [var.u])`,
	"base64decode": `base64decode(base64encode("x${var.u}"))`, "base64encode": `base64encode("x${var.u}")`, "base64gzip": `base64gzip(var.u)`, "base64gunzip": `base64gunzip(base64gzip(var.u))`,
	"csvdecode": `csvdecode("a\n${var.u}")`, "jsondecode": `jsondecode("{\"a\": \"${var.u}/*\"}")`, "jsonencode": `jsonencode({a = "p-${var.u}"})`,
	"textdecodebase64": `textdecodebase64(textencodebase64(var.u, "UTF-8"), "UTF-8")`, "textencodebase64": `textencodebase64(var.u, "UTF-8")`,
	"urlencode": `urlencode("a ${var.u}")`, "urldecode": `urldecode(urlencode("a ${var.u}"))`, "yamldecode": `yamldecode(yamlencode({a = var.u}))`, "yamlencode": `yamlencode({a = var.u})`,
	"abspath": `abspath("a")`, "pathexpand": `pathexpand("~/a")`, "basename": `basename("a/${var.u}")`, "dirname": `dirname("a/${var.u}")`,
	"file": `file(var.u)`, "filebase64": `filebase64(var.u)`, "fileexists": `fileexists(var.u)`, "fileset": `fileset(".", var.u)`, "templatefile": `templatefile("t.tftpl", {who = var.u})`,
	"filebase64sha256": `filebase64sha256(var.u)`, "filebase64sha512": `filebase64sha512(var.u)`, "filemd5": `filemd5(var.u)`, "filesha1": `filesha1(var.u)`, "filesha256": `filesha256(var.u)`, "filesha512": `filesha512(var.u)`,
	"formatdate": `formatdate("YYYY", var.u)`, "timeadd": `timeadd(var.u, "1h")`, "timecmp": `timecmp(var.u, "2026-01-01T00:00:00Z")`, "timestamp": `timestamp()`, "plantimestamp": `plantimestamp()`,
	"base64sha256": `base64sha256(var.u)`, "base64sha512": `base64sha512(var.u)`, "md5": `md5(var.u)`, "sha1": `sha1(var.u)`, "sha256": `sha256(var.u)`, "sha512": `sha512(var.u)`, "uuidv5": `uuidv5("dns", var.u)`,
	"uuid": `uuid()`, "bcrypt": `bcrypt("a")`, "rsadecrypt": `rsadecrypt("a", "b")`,
	"cidrhost": `cidrhost(var.u, 1)`, "cidrnetmask": `cidrnetmask(var.u)`, "cidrsubnet": `cidrsubnet(var.u, 8, 1)`, "cidrsubnets": `cidrsubnets(var.u, 8, 8)`, "cidrcontains": `cidrcontains(var.u, "10.0.0.1")`,
	"issensitive": `issensitive("a")`, "nonsensitive": `nonsensitive("a-${var.u}")`, "sensitive": `sensitive("a-${var.u}")`, "ephemeralasnull": `ephemeralasnull("a-${var.u}")`, "type": `type("a")`,
	"tobool": `tobool(var.u)`, "tonumber": `tonumber(var.u)`, "tostring": `tostring("a-${var.u}")`, "tolist": `tolist(["a", var.u])`, "toset": `toset(["a", var.u, "a"])`, "tomap": `tomap({a = var.u})`,
	"provider::aws::arn_build": `provider::aws::arn_build("aws", "iam", "", var.u, "root")`, "provider::aws::arn_parse": `provider::aws::arn_parse(aws_iam_role.r.arn)`,
	"provider::aws::trim_iam_role_path": `provider::aws::trim_iam_role_path(aws_iam_role.r.arn)`, "provider::terraform::encode_tfvars": `provider::terraform::encode_tfvars({a = 1})`,
	"provider::terraform::decode_tfvars": `provider::terraform::decode_tfvars("a = \"${var.u}\"")`, "provider::terraform::encode_expr": `provider::terraform::encode_expr("a")`,
	"can": `can(var.m.a)`, "try": `try(var.m.a, "b")`, "templatestring": `templatestring(var.u, {})`,
}

const functionPage = "../../docs/terraform-functions.md"

// docs/terraform-functions.md says of each function what it makes of something that is
// known in part, as it is computed.
func TestFunctionPage(t *testing.T) {
	files := fstest.MapFS{"main.tf": {Data: []byte(partlyKnown)}, "t.tftpl": {Data: []byte("hello ${who}")}}
	eval := evaluator(t, files, Options{})
	var names []string
	for name := range functions {
		names = append(names, name)
	}
	for name := range partlyOf {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var b strings.Builder
	b.WriteString(`# Functions of Terraform

What each function makes of something that is known in part, made by the tests of the code that evaluates them: a function that is
not here is not computed, and its result is a value that is not known, by the name of the call. In the results ` + "`<…>`" + ` is a value that is not
known, by what would settle it, ` + "`?`" + ` stands behind what may not be there, and ` + "`…`" + ` for further keys. What is wholly known is computed as Terraform does,
but for what depends on time, chance, keys or the machine.

| function | for example | result |
|---|---|---|
`)
	cell := func(s string) string { return "`` " + strings.NewReplacer("|", `\|`, "\n", `\n`).Replace(s) + " ``" }
	for _, name := range names {
		expr := partlyOf[name]
		if expr == "" {
			t.Errorf("%s has no example in partlyOf", name)
			continue
		}
		v, l := eval(expr)
		result := cell(describe(v))
		switch {
		case len(l.diags) > 0:
			t.Errorf("%s: %v", expr, l.diags)
		case functions[name].is == unknowable:
			result = "not computed"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, cell(expr), result)
	}
	if *update {
		if err := os.WriteFile(functionPage, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile(functionPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != b.String() {
		t.Errorf("%s is not what the functions do; run the tests with -update", functionPage)
	}
}
