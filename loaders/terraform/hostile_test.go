package terraform

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// errorsOf returns the errors of a module whose files are given.
func errorsOf(fsys fstest.MapFS, dir string) []string {
	l := newLoader(fsys, dir, Options{})
	_, diags := l.blocks()
	var messages []string
	for _, u := range l.unread {
		messages = append(messages, u.Why)
	}
	for _, d := range diags {
		if d.Severity == source.Error {
			messages = append(messages, d.Message)
		}
	}
	return messages
}

// Modules that want to read what they should not, or to take time and memory
// without bound.
func TestHostile(t *testing.T) {
	bucket := func(name string) string {
		return "resource \"aws_s3_bucket\" \"b\" {\n  bucket = " + name + "\n}\n"
	}
	doubling := func(form string) string {
		var b strings.Builder
		b.WriteString("locals {\n  a0 = \"x\"\n")
		for i := range 60 {
			fmt.Fprintf(&b, "  a%d = "+form+"\n", i+1, i)
		}
		b.WriteString("}\n")
		return b.String()
	}
	tests := []struct {
		name, text, want string
	}{
		{"absolute path", bucket(`file("/etc/passwd")`), "only relative paths are read"},
		{"home directory", bucket(`file("~/.aws/credentials")`), "only relative paths are read"},
		{"drive", bucket(`file("C:\\secrets")`), "only relative paths are read"},
		{"way out", bucket(`file("../../../etc/passwd")`), "leads out of the directory"},
		{"way out by a template", bucket(`templatefile("../x", {})`), "leads out of the directory"},
		{"way out by fileset", bucket(`join(",", fileset("..", "*"))`), "leads out of the directory"},
		{"way out by a pattern", bucket(`join(",", fileset(".", "../*"))`), "leads out of the directory"},
		{"way out by a module", "module \"m\" {\n  source = \"../..\"\n}\n", "outside of the directory that is analysed"},
		{"a module of itself", "module \"m\" {\n  source = \".\"\n}\n", "calls itself"},
		{"a local value of itself", "locals {\n  a = local.b\n  b = local.a\n}\n" + bucket("local.a"), "depends on itself"},
		{"a resource of itself", bucket("aws_s3_bucket.b.tags"), ""},
		{"a module that needs itself", "module \"m\" {\n  source = \"./m\"\n  in = module.m.out\n}\n", "depends on itself"},
		{"a list of megabytes", "locals {\n  a = [" + strings.Repeat("1,", 2<<20) + "]\n}\n", "configuration of the module is too large"},
		{"blocks of megabytes", strings.Repeat("a {}\n", 1<<20), "configuration of the module is too large"},
		{"templates of megabytes", bucket(`"` + strings.Repeat("${a}", 1<<20) + `"`), "configuration of the module is too large"},
		{"doubling lists", doubling("[for a in [local.a%[2]d, local.a%[2]d] : a]") + bucket("jsonencode(local.a60)"), "takes too much"},
		{"doubling texts", doubling(`"${local.a%[2]d}${local.a%[2]d}"`) + bucket("local.a60"), "takes too much"},
		{"doubling by join", doubling(`join("", [local.a%[2]d, local.a%[2]d, "${local.a%[2]d}"])`) + bucket("local.a60"), "takes too much"},
		{"products", bucket(`join("", [for a in setproduct(range(1000), range(1000), range(1000)) : a[0]])`), "takes too much"},
		{"loops in loops", bucket(`join("", flatten([for a in range(1000) : [for b in range(1000) : [for c in range(1000) : "${a}${b}${c}"]]]))`), "takes too much"},
		{"long ranges", bucket(`length(range(1000000000))`), "function range"},
		{"wide formats", bucket(`format("%999999999d", 1)`), ""},
		{"indentation", bucket(`indent(1000000000, "a\nb")`), "expected at most 1000 spaces"},
		{"replacement", bucket(`replace(replace(replace(join("", range(1000)), "", "aaaaaaaaaaaaaaaaaaaa"), "", "bbbbbbbbbbbbbbbbbbb"), "", "cccccccccccccccccc")`), "takes too much"},
		{"large numbers", bucket(`"${1e999999}"`), ""},
		{"counts", "resource \"aws_s3_bucket\" \"b\" {\n  count = 100000000\n}\n", "expected at most 4096"},
		{"many keys", "resource \"aws_s3_bucket\" \"b\" {\n  for_each = toset(flatten([for a in range(100) : [for b in range(100) : \"${a}-${b}\"]]))\n}\n", "expected at most 4096"},
		{"brackets", bucket(strings.Repeat("[", 100_000)), "nested at most"},
		{"operators", bucket(strings.Repeat("!", 100_000) + "true"), "nested at most"},
		{"conditionals", bucket(strings.Repeat("true ? 1 : ", 100_000) + "2"), "nested at most"},
		{"templates", bucket(strings.Repeat(`"${`, 100_000)), "nested at most"},
		{"indexes", bucket("local.a" + strings.Repeat("[local.b]", 100_000)), "nested at most"},
		{"directives", bucket("\"" + strings.Repeat("%{if true}", 100_000) + "\""), "nested at most"},
		{"blocks", strings.Repeat("a {\n", 100_000), "nested at most"},
		{"nested templates", bucket(`templatefile("t.tpl", {})`), "reads itself"},
		{"aliases of YAML", bucket("jsonencode(yamldecode(\"a: &a [x,x]\\nb: &b [*a,*a]\\n" + strings.Repeat("c: [*a,*b]\\n", 20) + "\"))"), "too many aliases"},
		{"brackets of JSON", bucket(`jsonencode(jsondecode("` + strings.Repeat("[", 10_000) + `"))`), "nested at most"},
		{"what stands for references", bucket("jsonencode(jsondecode(\"{\\\"a\\\": \\\"\ue0000\ue001\\\"}\"))"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fsys := fstest.MapFS{
				"root/a/main.tf": {Data: []byte(tt.text)}, "root/a/t.tpl": {Data: []byte(`${templatefile("t.tpl", {})}`)},
				"root/a/m/main.tf": {Data: []byte("variable \"in\" {}\noutput \"out\" {\n  value = var.in\n}\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = var.in\n}\n")},
			}
			if strings.HasPrefix(tt.name, "way out") {
				fsys = fstest.MapFS{"main.tf": {Data: []byte(tt.text)}}
			}
			dir := "root/a"
			if fsys["main.tf"] != nil {
				dir = "."
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			got := errorsOf(fsys, dir)
			runtime.ReadMemStats(&after)
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %s", took)
			}
			if size := (after.TotalAlloc - before.TotalAlloc) >> 20; size > 4096 {
				t.Errorf("allocated %d MiB", size)
			}
			switch {
			case tt.want == "":
			case len(got) == 0:
				t.Errorf("no error, want %q", tt.want)
			case !strings.Contains(strings.Join(got, "\n"), tt.want):
				t.Errorf("got %.2000q, want %q", got, tt.want)
			}
		})
	}
}

// Links that lead out of the tree are not followed.
func TestLinks(t *testing.T) {
	outside, inside := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(outside, "secret.txt"), "secret")
	write(filepath.Join(outside, "main.tf"), "resource \"aws_s3_bucket\" \"outside\" {}\n")
	for name, target := range map[string]string{"link.txt": "secret.txt", "module": ".", "link.tf": "main.tf"} {
		if err := os.Symlink(filepath.Join(outside, target), filepath.Join(inside, name)); err != nil {
			t.Skip(err)
		}
	}
	write(filepath.Join(inside, "main.tf"), "resource \"aws_s3_bucket\" \"b\" {\n  bucket = file(\"link.txt\")\n}\nmodule \"m\" {\n  source = \"./module\"\n}\n")
	root, err := os.OpenRoot(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	blocks, diags := newLoader(root.FS(), ".", Options{}).blocks()
	if len(blocks) != 1 || len(diags) != 3 {
		t.Errorf("%d blocks and diagnostics %v, want one and one for each link", len(blocks), diags)
	}
	for _, b := range blocks {
		if text := b.Properties.Get("bucket").Text.String(); strings.Contains(text, "secret") {
			t.Errorf("bucket is %q", text)
		}
	}
}

// Values of sensitive variables and outputs are analysed in policies, where their
// places are in a file that is sensitive, and are unknown elsewhere.
func TestSensitive(t *testing.T) {
	fsys := fstest.MapFS{"main.tf": {Data: []byte(`
variable "a" {
  sensitive = true
  default   = "s3cr3t"
}
variable "b" {
  type      = object({ x = string })
  sensitive = true
  default   = { x = "s3cr3t" }
}
module "m" {
  source = "./m"
}
resource "aws_s3_bucket" "b" {
  bucket = "${var.a}-${upper(var.b.x)}-${sensitive("s3cr3t")}-${module.m.o}-${sha256(var.a)}"
  policy = jsonencode({ Statement = [for s in [var.a] : { Sid = s, Principal = var.a == "other" ? "*" : "" }] })
}
`)}, "m/main.tf": {Data: []byte("output \"o\" {\n  value = \"s3cr3t\"\n  sensitive = true\n}\n")}}
	blocks, diags := newLoader(fsys, ".", Options{}).blocks()
	if len(blocks) != 1 || len(diags) > 0 {
		t.Fatal(blocks, diags)
	}
	properties := blocks[0].Properties
	if bucket := properties.Get("bucket"); bucket.Kind != value.Unknown {
		t.Errorf("bucket is %q", bucket.Text)
	}
	statement := properties.Get("policy").Get("Statement").Items[0]
	if sid := statement.Get("Sid"); sid.Text.Literal != "s3cr3t" || !sid.Span.File.Sensitive {
		t.Errorf("Sid is %v", sid)
	}
	if principal := statement.Get("Principal"); principal.Text.Literal != "" || principal.Kind != value.String {
		t.Errorf("Principal is %v", principal)
	}
}
