package terraform

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// givenFile is a file of values that is given.
func givenFile(name, text string) Given { return Given{File: source.NewFile(name, []byte(text))} }

// files makes a file system of pairs of a name and a text.
func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

func TestIsModule(t *testing.T) {
	fsys := files("a/main.tf", "", "b/main.tf.json", "{}", "c/main.tofu", "", "d/main.tofu.json", "{}", "e/x.tfvars", "", "f/.hidden.tf", "", "g/main.tf~", "", "h/a/main.tf", "")
	for dir, want := range map[string]bool{"a": true, "b": true, "c": true, "d": true, "e": false, "f": false, "g": false, "h": false, "nowhere": false} {
		if got := IsModule(fsys, dir); got != want {
			t.Errorf("IsModule(%s) = %t", dir, got)
		}
	}
}

func TestCalled(t *testing.T) {
	fsys := files(
		"live/main.tf", "module \"a\" {\n  source = \"../modules/a\"\n}\nmodule \"b\" {\n  source = \"./b\"\n}\nmodule \"r\" {\n  source = \"acme/x/aws\"\n}\nmodule \"out\" {\n  source = \"../../out\"\n}\nmodule \"again\" {\n  source = \"./b/\"\n}\n",
		"live/more.tf.json", `{"module": {"j": {"source": "../modules/j"}}}`,
		"live/broken.tf", "module \"",
	)
	want := []string{"live/b", "modules/a", "modules/j"}
	if got := Called(fsys, "live", nil); !slices.Equal(got, want) {
		t.Errorf("Called = %q, want %q", got, want)
	}
}

// name returns what a module names its bucket.
func name(t *testing.T, blocks []catalog.Block) string {
	t.Helper()
	if len(blocks) != 1 {
		t.Fatalf("%d blocks, want one", len(blocks))
	}
	return shownText(blocks[0].Properties.Get("bucket").Text)
}

// Where the value of a variable comes from, by rising precedence.
func TestVariables(t *testing.T) {
	const main = "variable \"v\" {\n  default = \"default\"\n}\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = var.v\n}\n"
	tests := []struct {
		name string
		fsys fstest.MapFS
		o    Options
		want string
	}{
		{"default", files("main.tf", main), Options{}, `"default"`},
		{"environment", files("main.tf", main), Options{Environ: map[string]string{"TF_VAR_v": "e", "v": "x"}}, `"e"`},
		{"terraform.tfvars", files("main.tf", main, "terraform.tfvars", `v = "t"`), Options{Environ: map[string]string{"TF_VAR_v": "e"}}, `"t"`},
		{"terraform.tfvars.json", files("main.tf", main, "terraform.tfvars", `v = "t"`, "terraform.tfvars.json", `{"v": "j"}`), Options{}, `"j"`},
		{"auto", files("main.tf", main, "terraform.tfvars", `v = "t"`, "b.auto.tfvars", `v = "b"`, "a.auto.tfvars.json", `{"v": "a"}`), Options{}, `"b"`},
		{"other tfvars are not read", files("main.tf", main, "prod.tfvars", `v = "p"`), Options{}, `"default"`},
		{"file given", files("main.tf", main, "b.auto.tfvars", `v = "b"`), Options{Given: []Given{givenFile("x.tfvars", `v = "1"`), givenFile("y.tfvars.json", `{"v": "2"}`)}}, `"2"`},
		{"argument", files("main.tf", main), Options{Given: []Given{givenFile("x.tfvars", `v = "1"`), {Name: "v", Text: "a"}}}, `"a"`},
		{"file after argument", files("main.tf", main), Options{Given: []Given{{Name: "v", Text: "a"}, givenFile("x.tfvars", `v = "1"`)}}, `"1"`},
		{"no value", files("main.tf", strings.Replace(main, "  default = \"default\"\n", "", 1)), Options{}, `<var.v>`},
		{"null is the default's turn", files("main.tf", strings.Replace(main, "{\n  default", "{\n  nullable = false\n  default", 1), "terraform.tfvars", `v = null`), Options{}, `"default"`},
		{"number as text", files("main.tf", strings.Replace(main, "{\n  default", "{\n  type = string\n  default", 1), "terraform.tfvars", `v = 12`), Options{}, `"12"`},
		{"tofu in place of tf", files("main.tf", "", "main.tofu", main), Options{}, `"default"`},
		{"override", files("main.tf", main, "x_override.tf", "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"o-${var.v}\"\n}\nvariable \"v\" {\n  default = \"w\"\n}\n"), Options{}, `"o-w"`},
		{"workspace", files("main.tf", strings.Replace(main, "= var.v", "= terraform.workspace", 1)), Options{Workspace: "prod"}, `"prod"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			blocks, diags := newLoader(tt.fsys, ".", tt.o).blocks()
			if got := name(t, blocks); got != tt.want || len(diags) > 0 {
				t.Errorf("got %s %v, want %s", got, diags, tt.want)
			}
		})
	}
}

func TestVariableErrors(t *testing.T) {
	tests := []struct{ declared, given, want string }{
		{"type = number", `v = "x"`, "not of its type"},
		{"type = list(string)", `v = "x"`, "expected a list"},
		{"type = object({ a = string })", `v = {}`, `attribute "a" is missing`},
		{"type = strin", `v = ""`, "type"},
		{"type = string", `v = local.x`, "no variable"},
		{"type = string", `b {}`, "does not belong"},
	}
	for _, tt := range tests {
		fsys := files("main.tf", "variable \"v\" {\n  "+tt.declared+"\n}\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = var.v\n}\n", "terraform.tfvars", tt.given)
		if got := errorsOf(fsys, "."); !strings.Contains(strings.Join(got, "\n"), tt.want) {
			t.Errorf("%s, %s: got %q, want %q", tt.declared, tt.given, got, tt.want)
		}
	}
}

// One file is a module of itself: what others would supply is not known.
func TestLoadFile(t *testing.T) {
	fsys := files(
		"a/main.tf", "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"${var.v}-${local.l}-${aws_sqs_queue.q.name}\"\n}\nresource \"aws_sqs_queue\" \"x\" {\n  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"sqs:*\", Principal = data.aws_x.y.z }] })\n}\n",
		"a/rest.tf", "variable \"v\" {}\nresource \"aws_s3_bucket\" \"other\" {}\n", "a/terraform.tfvars", `v = "x"`,
	)
	stack := LoadFile(fsys, "a/main.tf", Options{})
	var addresses []string
	for _, r := range stack.Resources {
		addresses = append(addresses, r.Address)
	}
	if want := []string{"aws_s3_bucket.b", "aws_sqs_queue.x"}; !slices.Equal(addresses, want) || len(stack.Diagnostics) > 0 {
		t.Errorf("got %q %v, want %q", addresses, stack.Diagnostics, want)
	}
}

// What a plan knows takes the place of a reference.
func TestKnown(t *testing.T) {
	fsys := files("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n", "m/main.tf",
		"resource \"aws_vpc\" \"v\" {\n  count = 2\n}\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = \"b-${aws_vpc.v[0].id}-${aws_vpc.v[1].id}\"\n}\n")
	known := func(address, attribute string) (value.Value, bool) {
		return value.Value{Kind: value.String, Text: value.Lit("vpc-1")}, address+"."+attribute == "module.m.aws_vpc.v[0].id"
	}
	blocks, diags := Blocks(fsys, ".", Options{Known: known})
	if got, want := name(t, blocks), `"b-vpc-1-"<module.m.aws_vpc.v[1].id is own name>`; got != want || len(diags) > 0 {
		t.Errorf("got %s %v, want %s", got, diags, want)
	}
}

// Every error says where it is and what was expected.
func TestErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"resorce \"a\" \"b\" {}", `main.tf:1:1 block "resorce" is unknown; did you mean "resource"?`},
		{"resource \"a\" {}", `main.tf:1:1 block "resource" needs 2 labels, found 1`},
		{"locals {\n  a = 1\n  a = 2\n}", "main.tf:3:3 attribute redefined"},
		{"variable \"a\" {}\nvariable \"a\" {}", `main.tf:2:1 variable "a" is declared twice`},
		{"locals {\n  a = [1\n}", "main.tf:"},
		{"resource \"aws_s3_bucket\" \"b\" {\n  bucket = var.buket\n}\nvariable \"bucket\" {}", `main.tf:2:12 variable "buket" is not declared; did you mean "bucket"?`},
		{"resource \"aws_s3_bucket\" \"b\" {\n  bucket = local.x\n}", `main.tf:2:12 local value "x" is not declared`},
		{"resource \"aws_s3_bucket\" \"b\" {\n  bucket = aws_s3_bucket.c.id\n}", `main.tf:2:12 resource "aws_s3_bucket.c" is not declared`},
		{"resource \"aws_s3_bucket\" \"b\" {\n  bucket = data.aws_s3_bucket.c.id\n}", `main.tf:2:12 data source "data.aws_s3_bucket.c" is not declared`},
		{"resource \"aws_s3_bucket\" \"b\" {\n  bucket = module.m.x\n}", `main.tf:2:12 module "m" is not declared`},
		{"resource \"aws_s3_bucket\" \"b\" {\n  bucket = each.key\n}", "main.tf:2:12 each.key and each.value are known only in a block with for_each"},
		{"resource \"aws_s3_bucket\" \"b\" {\n  bucket = lowr(\"a\")\n}", `main.tf:2:12 function "lowr" does not exist; did you mean "lower"?`},
		{"resource \"aws_s3_bucket\" \"b\" {\n  bucket = lower(\"a\", \"b\")\n}", "main.tf:2:12 function lower: expected 1 arguments, found 2"},
		{"resource \"aws_s3_bucket\" \"b\" {\n  bucket = [\"a\"][1]\n}", "main.tf:2:12 index 1 is out of range: the list has 1 elements"},
		{"resource \"aws_s3_bucket\" \"b\" {\n  bucket = { a = 1 }.b\n}", `main.tf:2:21 the object has no attribute "b"`},
		{"resource \"aws_s3_bucket\" \"b\" {\n  for_each = [\"a\"]\n}", "main.tf:2:14 for_each must be a map or a set of strings, found a list"},
		{"resource \"aws_s3_bucket\" \"b\" {\n  count = -1\n}", "main.tf:2:11 count must be a whole number that is not negative, found -1"},
		{"module \"m\" {}", `main.tf:1:1 module "m" has no source`},
		{"terraform {}\nmoved {\n  from = a.b\n  to = a.c\n}\nremoved {\n  from = a.b\n}\nimport {\n  to = a.b\n  id = \"x\"\n}\ncheck \"c\" {}\nephemeral \"a\" \"b\" {}\n", ""},
		{"\xef\xbb\xbfterraform {}\n", ""},
		{"\xff\xfea\x00", "main.tf:1:1 the file is in UTF-16"},
	}
	for _, tt := range tests {
		l := newLoader(files("main.tf", tt.text), ".", Options{})
		_, diags := l.blocks()
		got := ""
		for _, d := range diags {
			where, pos := d.Where()
			got += strings.TrimSpace(strings.Join([]string{where, ":", itoa(pos.Line), ":", itoa(pos.Column), " ", d.Message}, "")) + "\n"
		}
		if tt.want == "" && got != "" || !strings.Contains(strings.ToLower(got), strings.ToLower(tt.want)) {
			t.Errorf("%q\n got %swant %s", tt.text, got, tt.want)
		}
	}
}

func itoa(n int) string { return formatNumber(intVal(n, source.Span{}).num) }

// What is own follows from the provider of what is referred to: the default one
// is that without an alias, also where none is declared.
func TestProviderScopes(t *testing.T) {
	const other = `provider "aws" {
  alias   = "o"
  profile = "other"
}
data "aws_caller_identity" "o" { provider = aws.o }
`
	policy := func(account string) string {
		return `resource "aws_sqs_queue" "q" {
  name   = "q"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::${` + account + `}:root" }, Action = "sqs:SendMessage", Resource = "*" }] })
}
`
	}
	for _, test := range []struct {
		code string
		own  bool
	}{
		{other + policy("data.aws_caller_identity.o.account_id"), false},
		{`provider "aws" { region = "us-east-1" }` + "\n" + other + policy("data.aws_caller_identity.o.account_id"), false},
		{other + `data "aws_caller_identity" "me" {}` + "\n" + policy("data.aws_caller_identity.me.account_id"), true},
		{strings.Replace(other, "profile", "region", 1) + policy("data.aws_caller_identity.o.account_id"), true},
		{"module \"m\" {\n  source = \"./m\"\n  providers = { aws = aws.o }\n}\n" + other + policy("module.m.id"), false},
		{"module \"m\" {\n  source = \"./m\"\n}\n" + other + policy("module.m.id"), true},
	} {
		stack := Load(fstest.MapFS{
			"main.tf":   {Data: []byte(test.code)},
			"m/main.tf": {Data: []byte("data \"aws_caller_identity\" \"me\" {}\noutput \"id\" { value = data.aws_caller_identity.me.account_id }\n")},
		}, ".", Options{})
		if len(stack.Resources) != 1 || len(stack.Resources[0].Documents) != 1 || len(stack.Diagnostics) > 0 {
			t.Fatalf("%s\n%v", test.code, stack)
		}
		own := false
		for _, p := range stack.Resources[0].Documents[0].Policy.Statements[0].Principal.List[0].Text.Parts {
			own = own || p.Ref != nil && p.Ref.Is == value.OwnAccount
		}
		if own != test.own {
			t.Errorf("own is %v, want %v:\n%s", own, test.own, test.code)
		}
	}
}
