package terraform

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/analysis/source"
)

// filesOf makes a file system of names and contents.
func filesOf(list ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i+1 < len(list); i += 2 {
		fsys[list[i]] = &fstest.MapFile{Data: []byte(list[i+1])}
	}
	return fsys
}

// What the functions of Terragrunt give in a unit, and in the file that it includes.
func TestUnitFunctions(t *testing.T) {
	fsys := filesOf(
		"live/root.hcl", `locals { here = path_relative_to_include(), up = path_relative_from_include(), of = get_parent_terragrunt_dir(), unit = get_terragrunt_dir() }`,
		"live/account.hcl", `locals { id = "111122223333" }`,
		"live/prod/logs/terragrunt.hcl", `include "root" { path = "../../root.hcl" }`,
		"live/prod/logs/policy.json", `{"a": 1}`,
		"modules/m/main.tf", ``,
		"live/prod/env.hcl", "locals {\n here = path_relative_to_include()\n dir = get_terragrunt_dir()\n of = get_original_terragrunt_dir()\n}",
		"live/loop.hcl", `locals { x = read_terragrunt_config("loop.hcl") }`,
	)
	fsys["live/root.hcl"].Data = []byte(strings.NewReplacer("{ ", "{\n", ", ", "\n", " }", "\n}").Replace(string(fsys["live/root.hcl"].Data)))
	tests := []struct{ expr, want string }{
		{`get_terragrunt_dir()`, `<get_repo_root()>"/live/prod/logs"`},
		{`get_original_terragrunt_dir()`, `<get_repo_root()>"/live/prod/logs"`},
		{`get_parent_terragrunt_dir()`, `<get_repo_root()>"/live"`},
		{`get_repo_root()`, `<get_repo_root()>`},
		{`get_path_from_repo_root()`, `"live/prod/logs"`},
		{`get_path_to_repo_root()`, `"../../.."`},
		{`path_relative_to_include()`, `"prod/logs"`},
		{`path_relative_to_include("root")`, `"prod/logs"`},
		{`path_relative_from_include()`, `"../.."`},
		{`find_in_parent_folders("account.hcl")`, `<get_repo_root()>"/live/account.hcl"`},
		{`find_in_parent_folders("none.hcl", "x")`, `"x"`},
		{`find_in_parent_folders("none.hcl")`, `<find_in_parent_folders("none.hcl")>`},
		{`find_in_parent_folders("modules/m")`, `<get_repo_root()>"/modules/m"`},
		{`read_terragrunt_config(find_in_parent_folders("env.hcl")).locals`, `{dir: <get_repo_root()>"/live/prod", here: ".", of: <get_repo_root()>"/live/prod/logs"}`},
		{`basename(get_terragrunt_dir())`, `"logs"`},
		{`basename(dirname(get_terragrunt_dir()))`, `"prod"`},
		{`dirname(find_in_parent_folders("account.hcl"))`, `<get_repo_root()>"/live"`},
		{`file("policy.json")`, `"{\"a\": 1}"`},
		{`file("${get_terragrunt_dir()}/policy.json")`, `"{\"a\": 1}"`},
		{`file("${dirname(find_in_parent_folders("account.hcl"))}/prod/logs/policy.json")`, `"{\"a\": 1}"`},
		{`read_terragrunt_config(find_in_parent_folders("account.hcl")).locals.id`, `"111122223333"`},
		{`read_terragrunt_config("none.hcl", { locals = { id = "x" } }).locals.id`, `"x"`},
		{`read_terragrunt_config("../../account.hcl").inputs.name`, `<account.hcl.inputs.name>`},
		{`include.root.locals.here`, `"prod/logs"`},
		{`include.root.locals.up`, `"../.."`},
		{`include.root.locals.of`, `<get_repo_root()>"/live"`},
		{`include.root.locals.unit`, `<get_repo_root()>"/live/prod/logs"`},
		{`dependency.vpc.outputs.id`, `<dependency.vpc.outputs.id>`},
		{`get_env("STAGE", "dev")`, `<get_env("STAGE")>`},
		{`get_aws_account_id()`, `<own account>`},
		{`mark_as_read("x")`, `"x"`},
		{`deep_merge({ a = { b = 1 }, l = [1] }, { a = { c = 2 }, l = [2] })`, `{a: {b: 1, c: 2}, l: [1, 2]}`},
		{`deep_merge({ a = { b = 1 } }, { a = get_env("X") })`, `{a: <get_env("X") in merge>}`},
	}
	tested := map[string]bool{}
	for _, test := range tests {
		for name := range unitFunctions {
			if strings.Contains(test.expr, name+"(") {
				tested[name] = true
			}
		}
		l := newLoader(fsys, "live/prod/logs", Options{})
		u := l.unit()
		l.files["expression"] = source.NewFile("expression", []byte(test.expr))
		e, diags := hclsyntax.ParseExpression([]byte(test.expr), "expression", hcl.Pos{Line: 1, Column: 1})
		if diags.HasErrors() {
			t.Fatalf("%s: %s", test.expr, diags)
		}
		v := l.eval(e, u.parts[len(u.parts)-1].m.top())
		if got := describe(v); got != test.want || len(l.diags) > 0 {
			t.Errorf("%s\n got %s %v\nwant %s", test.expr, got, l.diags, test.want)
		}
	}
	for name, f := range unitFunctions {
		if _, counted := unitCosts[name]; !counted {
			t.Errorf("%s has no row in unitCosts", name)
		}
		if f.is == computed && !tested[name] {
			t.Errorf("%s is not in the table", name)
		}
		if _, both := functions[name]; both {
			t.Errorf("%s is a function of Terraform as well", name)
		}
	}
}

// What a module gets from its unit. Nothing that the unit says and that is not known
// leaves a variable with its default.
func TestUnitInputs(t *testing.T) {
	const module = `
variable "a" { default = "default" }
variable "b" { default = "default" }
resource "aws_s3_bucket" "b" { bucket = "${var.a}-${var.b}" }
`
	tests := []struct{ name, unit, more, want string }{
		{"inputs", `inputs = { a = "x" }`, "", `"x-default"`},
		{"inputs that are not known", `inputs = run_cmd("x")`, "", `<inputs.a>"-"<inputs.b>`},
		{"merged with what is not known", `inputs = merge({ a = "x" }, run_cmd("x"))`, "", `<key(run_cmd("x") in merge, "x")>"-"<inputs.b>`},
		{"before what is known", `inputs = merge(run_cmd("x"), { a = "x" })`, "", `"x-"<inputs.b>`},
		{"an include", `include { path = "../common.hcl" }` + "\n" + `inputs = { a = "x" }`, `inputs = { a = "no", b = "common" }`, `"x-common"`},
		{"an include that is not here", `include { path = "../gone.hcl" }` + "\n" + `inputs = { a = "x" }`, "", `"x-"<var.b>`},
		{"an include that cannot be parsed", `include { path = "../common.hcl" }`, `inputs = {`, `<var.a>"-"<var.b>`},
		{"no merge", "include \"c\" {\n path = \"../common.hcl\"\n merge_strategy = \"no_merge\"\n expose = true\n}\ninputs = { a = include.c.inputs.a }", `inputs = { a = "common", b = "no" }`, `"common-default"`},
		{"arguments", "terraform {\n extra_arguments \"x\" {\n commands = [\"plan\"]\n arguments = [\"-lock-timeout=1m\", \"-var\", \"a=x\", \"-var=b=y\"]\n }\n}", "", `"x-y"`},
		{"arguments that are not known", "terraform {\n extra_arguments \"x\" {\n commands = [\"plan\"]\n arguments = get_terraform_cli_args()\n }\n}", "", `<var.a>"-"<var.b>`},
		{"a file of variables", "terraform {\n extra_arguments \"x\" {\n commands = [\"plan\"]\n optional_var_files = [\"${get_terragrunt_dir()}/../common.hcl\", \"gone.tfvars\"]\n }\n}", `a = "x"`, `"x-default"`},
		{"a file of variables that is not known", "terraform {\n extra_arguments \"x\" {\n commands = [\"plan\"]\n optional_var_files = [\"${get_env(\"STAGE\")}.tfvars\"]\n }\n}", ``, `<var.a>"-"<var.b>`},
		{"the environment of Terraform", "terraform {\n extra_arguments \"x\" {\n commands = [\"plan\"]\n env_vars = { TF_VAR_a = \"x\", TF_LOG = \"no\" }\n }\n}", ``, `"x-default"`},
		{"the environment before inputs", "inputs = { a = \"no\" }\nterraform {\n extra_arguments \"x\" {\n commands = [\"plan\"]\n env_vars = { TF_VAR_a = \"x\" }\n }\n}", ``, `"x-default"`},
		{"an environment that is not known", "terraform {\n extra_arguments \"x\" {\n commands = [\"plan\"]\n env_vars = merge({ TF_LOG = \"no\" }, run_cmd(\"x\"))\n }\n}", ``, `<var.a>"-"<var.b>`},
		{"generated values", "generate \"v\" {\n path = \"x.auto.tfvars\"\n if_exists = \"overwrite\"\n contents = \"a = 1\"\n}", "", `<var.a>"-"<var.b>`},
		{"arguments that are not known before inputs", "inputs = { a = \"x\" }\nterraform {\n extra_arguments \"x\" {\n commands = [\"plan\"]\n arguments = get_terraform_cli_args()\n }\n}", "", `<var.a>"-"<var.b>`},
		{"a generated variable", "generate \"v\" {\n path = \"a_override.tf\"\n if_exists = \"overwrite\"\n contents = \"variable \\\"a\\\" {\\n default = \\\"made\\\"\\n}\"\n}", "", `"made-default"`},
		{"generated and not known", "generate \"v\" {\n path = \"v.tf\"\n if_exists = \"overwrite\"\n contents = run_cmd(\"x\")\n}", "", `<var.a>"-"<var.b>`},
	}
	for _, test := range tests {
		fsys := filesOf("m/main.tf", module, "live/u/terragrunt.hcl", test.unit+"\n", "live/common.hcl", test.more+"\n")
		if !strings.Contains(test.unit, "terraform {") {
			fsys["live/u/terragrunt.hcl"].Data = append(fsys["live/u/terragrunt.hcl"].Data, "\nterraform {\n source = \"../../m\"\n}\n"...)
		} else {
			fsys["live/u/terragrunt.hcl"].Data = []byte(strings.Replace(test.unit, "terraform {", "terraform {\n source = \"../../m\"\n", 1) + "\n")
		}
		if !IsUnit(fsys, "live/u") {
			t.Errorf("%s: not a unit", test.name)
		}
		l := newLoader(fsys, "live/u", Options{})
		root, _ := l.unit().enter()
		v := root.resource("aws_s3_bucket", "b", source.Span{})
		got := describe(l.attribute(v, "bucket", source.Span{}, source.Span{}))
		if got != test.want {
			t.Errorf("%s:\n got %s %v\nwant %s", test.name, got, l.diags, test.want)
		}
	}
}

// Any text as a file of Terragrunt, and as one that another reads.
func FuzzUnit(f *testing.F) {
	f.Add([]byte("include \"root\" {\n path = find_in_parent_folders(\"root.hcl\")\n}\nterraform {\n source = \"../m\"\n}\ninputs = { name = include.root.locals.x }\n"))
	f.Add([]byte("locals {\n x = read_terragrunt_config(\"terragrunt.hcl\")\n y = read_terragrunt_config(\"../u/terragrunt.hcl\").locals.x\n}\nterraform {\n source = \"${get_repo_root()}/m\"\n}\n"))
	f.Add([]byte("generate \"p\" {\n path = \"p.tf\"\n if_exists = \"overwrite\"\n contents = <<EOF\nprovider \"aws\" {\n region = \"${get_env(\"R\")}\"\n}\nEOF\n}\ngenerate = { x = { path = \"x.tf\", contents = \"locals {}\" } }\n"))
	f.Add([]byte("terraform {\n source = \"../m\"\n extra_arguments \"x\" {\n arguments = [\"-var\", \"name=x\", \"-var-file=v.tfvars\"]\n required_var_files = [\"x.tfvars\"]\n env_vars = { TF_VAR_name = \"y\" }\n }\n}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		fsys := filesOf("m/main.tf", "variable \"name\" {}\nresource \"aws_s3_bucket\" \"b\" { bucket = var.name }\n", "u/terragrunt.hcl", string(text), "root.hcl", string(text))
		IsUnit(fsys, "u")
		Called(fsys, "u", nil)
		for _, d := range Load(fsys, "u", Options{}).Diagnostics {
			d.Where()
		}
	})
}
