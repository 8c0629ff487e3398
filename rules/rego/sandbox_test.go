package rego

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/iaclint/iaclint/analysis/source"
)

// Nothing that reaches out of the process, or is not the same in every run, can be
// called, whichever way it is named; and it is said why.
func TestSandbox(t *testing.T) {
	const network, environment, clock, random = "rules have no network", "rules see nothing of the environment", "a rule says the same at any time: there is no clock", "a rule says the same in every run: there is nothing random"
	const keys = "rules neither sign nor verify"
	for _, tt := range []struct{ condition, want string }{
		{`http.send({"method": "get", "url": "http://example.com"})`, "function http.send is not available: " + network},
		{`net.lookup_ip_addr("example.com")`, "function net.lookup_ip_addr is not available: " + network},
		{`opa.runtime().env.HOME`, "function opa.runtime is not available: " + environment},
		{`time.now_ns() > 0`, "function time.now_ns is not available: " + clock},
		{`rand.intn("x", 5) > 0`, "function rand.intn is not available: " + random},
		{`uuid.rfc4122("x")`, "function uuid.rfc4122 is not available: " + random},
		{`io.jwt.decode("x")`, "function io.jwt.decode is not available: " + keys},
		{`io.jwt.encode_sign({}, {}, {})`, "function io.jwt.encode_sign is not available: " + keys},
		{`io.jwt.verify_hs256("x", "y")`, "function io.jwt.verify_hs256 is not available: " + keys},
		{`crypto.x509.parse_certificates("x")`, "function crypto.x509.parse_certificates is not available: " + keys},
		{`providers.aws.sign_req({}, {}, 1)`, "function providers.aws.sign_req is not available: " + keys},
		{`json.match_schema({}, {"$ref": "http://example.com"})`, "function json.match_schema is not available: schemas may be elsewhere, and " + network},
		{`json.verify_schema({"$ref": "http://example.com"})`, "function json.verify_schema is not available: schemas may be elsewhere, and " + network},
		{`is_object({}) with is_object as http.send`, "http has no value, and not all functions of that name are available: " + network},
		{`is_string("x") with is_string as time.now_ns`, "time has no value, and not all functions of that name are available: " + clock},
	} {
		set, wrong := Compile([]*source.File{file(rule("x", tt.condition))}, Options{})
		if set != nil || len(wrong) == 0 {
			t.Errorf("%s compiles", tt.condition)
			continue
		}
		d := wrong[0]
		if _, at := d.Where(); at.Line != 9 || d.Span.Path() != "x.rego" || d.Message != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.condition, said(d), tt.want)
		}
	}
}

// Of what the language has, nothing is left that its authors call
// nondeterministic. What is new in another version of it is looked at here.
func TestCapabilities(t *testing.T) {
	able := capabilities()
	if able.AllowNet == nil || len(able.AllowNet) > 0 {
		t.Errorf("hosts are allowed: %v", able.AllowNet)
	}
	var names []string
	for _, b := range able.Builtins {
		names = append(names, b.Name)
		if b.Nondeterministic {
			t.Errorf("%s is not the same in every run", b.Name)
		}
		for _, word := range []string{"http", "lookup", "env", "runtime", "now", "rand", "file", "jwt", ".sign", "x509", "template"} {
			if strings.Contains(b.Name, word) && b.Name != "internal.template_string" {
				t.Errorf("%s is left, by whose name it does more than compute", b.Name)
			}
		}
	}
	for _, r := range removed {
		known := slices.ContainsFunc(ast.CapabilitiesForThisVersion().Builtins, func(b *ast.Builtin) bool {
			return b.Name == r.prefix || strings.HasSuffix(r.prefix, ".") && strings.HasPrefix(b.Name, r.prefix)
		})
		if !known {
			t.Errorf("%s is removed, and the language has none", r.prefix)
		}
	}
	for _, f := range functions() {
		if !slices.Contains(names, f.Name) || f.Doc == "" || f.Returns == "" {
			t.Errorf("%s is not there, or not described", f.Name)
		}
	}
}

// What has no end is ended, and is told; other rules report all the same.
func TestLimits(t *testing.T) {
	in := input(t, "t.json", bucket)
	doubled := "v0 := [1, 1]; "
	for i := range 28 {
		doubled += fmt.Sprintf("v%d := [v%d, v%d]; ", i+1, i, i)
	}
	for _, tt := range []struct{ name, condition string }{
		{"a long list", `count([x | some x in numbers.range(1, 1000000000)]) > 0`},
		{"nested loops", `count([1 | some x in numbers.range(1, 40000); some y in numbers.range(1, 20000); some z in numbers.range(1, 20000); x + y + z < 0]) > 0`},
		{"large numbers", `a := 1e9000 * 1e9000; b := a * a; c := b * b; d := c * c; e := d * d; f := e * e; f > 1`},
		{"values that share", doubled + "count(json.marshal(v28)) > 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set := compile(t, rule("endless", tt.condition), rule("x", "true"))
			begin := time.Now()
			out := set.Run(in, 300*time.Millisecond)
			if d := time.Since(begin); d > 5*time.Second {
				t.Errorf("it took %s", d)
			}
			told := append(out.Unfinished, out.Wrong...)
			if len(told) != 1 || !strings.Contains(told[0].Message, "rule endless") || !strings.HasPrefix(said(told[0]), "0.rego:") {
				t.Errorf("%v", told)
			}
			if len(out.Findings[0]) != 1 || out.Findings[0][0].Rule != "x" {
				t.Errorf("the other rule finds %v", out.Findings)
			}
		})
	}
}

// A rule that keeps more than there is memory for is ended, as one that takes too
// long is; one whose values are garbage at once is not.
func TestMemory(t *testing.T) {
	in := input(t, "t.json", bucket)
	const objects = `o := {[x, z]: y | some x in numbers.range(1, 30000); some z in numbers.range(1, 30000); y := [x, z, sprintf("%d-%d", [x, z])]}; count(o) > 0`
	for _, tt := range []struct{ name, condition, want string }{
		{"an object", objects, errMemory.Error()},
		{"a list", `count([t | some x in numbers.range(1, 30000); some z in numbers.range(1, 30000); t := sprintf("a text of no use %d-%d", [x, z])]) > 0`, errMemory.Error()},
		{"garbage", `every x in numbers.range(1, 100) { count(numbers.range(x, 2000)) > 0 }`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := compile(t, rule("large", tt.condition)).within(in, time.Minute, 64<<20)
			if tt.want == "" {
				if len(out.Unfinished)+len(out.Wrong) > 0 || len(out.Findings[0]) != 1 {
					t.Errorf("%v", out)
				}
				return
			}
			want := "rule large (package iaclint.rules.large) was ended: " + tt.want + "; what it would have found is not known"
			if len(out.Unfinished) != 1 || out.Unfinished[0].Message != want || !strings.HasPrefix(said(out.Unfinished[0]), "0.rego:") {
				t.Errorf("%v", out.Unfinished)
			}
		})
	}
}

// What rules say is bounded as well.
func TestLongMessages(t *testing.T) {
	text := head("talks") + `finding contains {"at": r, "message": m} if {
	some r in input.resources
	some x in numbers.range(1, 40000)
	m := sprintf("%d%s", [x, "` + strings.Repeat("a", longestMessage) + `"])
}
`
	out := compile(t, text).Run(input(t, "t.json", bucket), time.Minute)
	if len(out.Unfinished) != 1 || !strings.Contains(out.Unfinished[0].Message, "rule talks (package iaclint.rules.talks) was ended: its messages are longer than 16 MiB together") {
		t.Errorf("%v %v", out.Unfinished, out.Wrong)
	}
}

// One call cannot make a text that does not fit in memory.
func TestLargeTexts(t *testing.T) {
	in := input(t, "t.json", bucket)
	const long = `a := concat("", [c | some i in numbers.range(1, 3000); c := "aaaaaaaaaa"]); `
	for _, tt := range []struct{ condition, want string }{
		{long + `b := replace(a, "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"); c := split(b, ""); count(c) > 0`, "split: the text is longer than 4 MiB"},
		{long + `f := concat("", ["%[1]s" | some i in numbers.range(1, 800)]); count(sprintf(f, [a])) > 0`, "sprintf: the text is longer than 4 MiB"},
		{`f := concat("", ["%1000000d" | some i in numbers.range(1, 1000)]); count(sprintf(f, [1])) > 0`, "sprintf: the text is longer than 4 MiB"},
		{`format_int(to_number("1e300000"), 10) == ""`, ""},
	} {
		out := compile(t, rule("x", tt.condition)).Run(in, 20*time.Second)
		if tt.want == "" {
			if len(out.Findings[0]) > 0 {
				t.Errorf("%s: %v", tt.condition, out)
			}
			continue
		}
		want := "rule x (package iaclint.rules.x) was ended: " + tt.want + "; what it would have found is not known"
		if len(out.Unfinished) != 1 || out.Unfinished[0].Message != want {
			t.Errorf("%.80s\n got %v\nwant %s", tt.condition, out.Unfinished, want)
		}
	}
}

// A call that fails has no result; that is told, as it may be a mistake.
func TestDoubts(t *testing.T) {
	out := compile(t, rule("x", `startswith(r.properties.Tags[1].Value, "a")`)).Run(input(t, "t.json", bucket), time.Minute)
	if len(out.Doubts) != 1 || said(out.Doubts[0]) != "0.rego:9:2: rule x: startswith: operand 1 must be string but got object; what depends on it is not found" || out.Doubts[0].Severity != source.Warning {
		t.Errorf("%v", out.Doubts)
	}
}

// A secret policy is not shown to rules, in whatever way they ask.
func TestSecrets(t *testing.T) {
	in := input(t, "t.json", bucket)
	hidden := &source.File{Name: "plan.json", Unquoted: true, Sensitive: true}
	for i := range in.Resources {
		d := in.Resources[i].Cases[0].Documents[0].Policy
		for k := range d.Statements {
			d.Statements[k].Span.File = hidden
		}
		in.Resources[i] = analysed(in.Resources[i].Cases, in.Resources[i].Zone).Resources[0]
	}
	text, err := JSON(in)
	if err != nil {
		t.Fatal(err)
	}
	all := head("x") + `finding contains {"at": r, "message": sprintf("%v %v %v %v", [r.documents, r.findings, iaclint.external(r), iaclint.who(r, "*")])} if some r in input.resources` + "\n"
	out := compile(t, all).Run(in, time.Minute)
	if len(out.Findings[0]) != 1 {
		t.Fatalf("%v", out)
	}
	for _, secret := range []string{"444455556666", "o-a1b2c3d4e5", "Partner"} {
		if strings.Contains(string(text), secret) || strings.Contains(out.Findings[0][0].Message, secret) {
			t.Errorf("%s is shown in %s or %s", secret, text, out.Findings[0][0].Message)
		}
	}
}

// Whatever the text of a rule, it compiles or is refused.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		rule("x", "true"), rule("x", "iaclint.who(r, [1])"), head("x"), "package iaclint.rules.x\nfinding contains 1", "# METADATA\n# custom: [\npackage x\n",
		"# METADATA\n# title: 5\n# custom:\n#  id: {}\npackage iaclint.rules.x\nfinding := 1", "package x\nimport rego.v1\na.b.c contains d if d := 1", "package x\nfinding[x] := 1 if x := 2", "\x00", "package x\n`",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, wrong := Compile([]*source.File{file(text)}, Options{})
		if (set == nil) == (len(wrong) == 0) {
			t.Errorf("%v %v", set, wrong)
		}
		for _, d := range wrong {
			if d.Span.IsZero() && d.Path == "" || d.Span.End > len(text) || strings.Contains(d.Message, "internal error") {
				t.Errorf("%q: %+v", text, d)
			}
			said(d)
		}
	})
}

// A file that is not text is refused once and at once: the parser takes time for the
// square of what is no character in a comment.
func TestNotText(t *testing.T) {
	for _, bad := range []string{"\xf8", "\x00", "\xed\xa0\x80"} {
		text := "# METADATA\n# title: x " + strings.Repeat(bad, 200_000) + "\n" + head("x")
		began := time.Now()
		_, wrong := Compile([]*source.File{file(text)}, Options{})
		if len(wrong) != 1 || wrong[0].Message != "the file is not UTF-8" || wrong[0].Span.Start != strings.Index(text, bad) {
			t.Errorf("%q: %d %.200v", bad, len(wrong), wrong)
		}
		if took := time.Since(began); took > compileTime/2 {
			t.Errorf("%q takes %s", bad, took)
		}
	}
}
