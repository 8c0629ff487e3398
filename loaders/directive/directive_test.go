package directive

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// found writes a directive with the lines that it covers, so that a table can
// say it in one row.
func found(d Directive) string {
	if d.Problem != "" {
		return "problem: " + d.Problem
	}
	start, end := d.Cover.Range(source.Bytes)
	s := fmt.Sprintf("%s %d-%d", strings.Join(d.Rules, ","), start.Line, end.Line)
	for _, part := range []string{"key=" + d.Key, "exp=" + d.Expires, "owner=" + d.Owner, "access=" + d.MaxAccess, d.Reason} {
		if !strings.HasSuffix(part, "=") && part != "" {
			s += " " + part
		}
	}
	return s
}

func all(name, content string) string {
	var out []string
	for _, d := range Find(source.NewFile(name, []byte(content))) {
		out = append(out, found(d))
	}
	return strings.Join(out, "|")
}

func TestText(t *testing.T) {
	for _, c := range []struct{ comment, want string }{
		{"iaclint:ignore=public-read -- a website", "public-read 2-2 a website"},
		// a word is never taken for a reason: it may be a property that is spelled wrong
		{"iaclint:ignore public-read a website", `problem: has the unknown word "a"; a reason stands behind "--"`},
		{"iaclint:ignore public-read -- a website", "public-read 2-2 a website"},
		{"iaclint:ignore=public-read expirs=2027-01-31 -- x", `problem: has the unknown word "expirs=2027-01-31"; did you mean "expires"?`},
		{"iaclint:ignore=public-read public-write -- x", `problem: has the unknown word "public-write"; a reason stands behind "--"`},
		{"iaclint-ignore=public-read -- x", `problem: begins with "iaclint-ignore"; did you mean "iaclint:ignore"?`},
		{"iaclint: ignore=public-read -- x", `problem: begins with "iaclint: ignore"; did you mean "iaclint:ignore"?`},
		{"iaclint:ignor=public-read -- x", `problem: begins with "iaclint:ignor"; did you mean "iaclint:ignore"?`},
		{"ialint:ignore=public-read -- x", `problem: begins with "ialint:ignore"; did you mean "iaclint:ignore"?`},
		{"IaClint:Ignore=public-read -- x", `problem: begins with "IaClint:Ignore"; did you mean "iaclint:ignore"?`},
		{"iaclint:skip=public-read -- x", `problem: begins with "iaclint:skip"; did you mean "iaclint:ignore"?`},
		{"iaclint disable=public-read", `problem: begins with "iaclint disable"; did you mean "iaclint:ignore"?`},
		{"iaclint ignores this one", ""},   // prose
		{"tflint-ignore: some_rule", ""},   // another tool's
		{"checkov:skip=CKV_AWS_1:why", ""}, // another tool's
		{"iaclint:ignore=public-read,public-write -- two", "public-read,public-write 2-2 two"},
		{"iaclint:ignore=public-read, public-write -- two", "public-read,public-write 2-2 two"},
		{"iaclint:ignore=public-read , public-write -- two", "public-read,public-write 2-2 two"},
		{"iaclint:ignore=public-read [key=prod] [exp=2027-01-31] -- why", "public-read 2-2 key=prod exp=2027-01-31 why"},
		{"iaclint:ignore=public-read exp=2027-01-31 owner=web access=Read -- why not", "public-read 2-2 exp=2027-01-31 owner=web access=Read why not"},
		{"iaclint:ignore=public-read access=Permissions -- x", "public-read 2-2 access=Permissions management x"},
		{"iaclint:ignore=public-read", "public-read 2-2"},
		{"iaclint:ignore=public-read -- a -- b = c", "public-read 2-2 a -- b = c"},
		{"iaclint:ignore", `problem: names no rule; "iaclint:ignore=RULE -- reason" is expected`},
		{"iaclint:ignore -- why", `problem: names no rule; "iaclint:ignore=RULE -- reason" is expected`},
		{"iaclint:ignored public-read", `problem: expected "iaclint:ignore=RULE -- reason"`},
		{"iaclint:ignore=all -- x", "problem: names all rules; what is intended has to be named"},
		{"iaclint:ignore=public-* -- x", "problem: names all rules; what is intended has to be named"},
		{"iaclint:ignore=public-read exp=2027-02-30 -- x", "problem: exp is not a date such as 2027-01-31"},
		{"iaclint:ignore=public-read exp= -- x", "problem: exp is empty; a date such as 2027-01-31 is expected"},
		{"iaclint:ignore=public-read access=some -- x", "problem: access is not one of List, Read, Tagging, Write, Permissions"},
		{"see iaclint:ignore=public-read", ""}, // prose
	} {
		if got := all("a.tf", "# "+c.comment+"\na = 1\n"); got != c.want {
			t.Errorf("%s: %s, want %s", c.comment, got, c.want)
		}
	}
}

func TestHCL(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"above a block", "# iaclint:ignore=r -- x\nresource \"a\" \"b\" {\n  c = 1\n}\n", "r 2-4 x"},
		{"behind its first line", "resource \"a\" \"b\" { // iaclint:ignore=r -- x\n  c = 1\n}\n", "r 1-3 x"},
		{"behind its last line", "resource \"a\" \"b\" {\n  c = 1\n} # iaclint:ignore=r -- x\n", "r 1-3 x"},
		{"in a block comment", "/* iaclint:ignore=r -- x */\nmodule \"a\" {\n}\n", "r 2-3 x"},
		{"several lines", "/*\n * iaclint:ignore=r -- x\n */\nmodule \"a\" {\n}\n", "r 4-5 x"},
		{"stacked", "# iaclint:ignore=r -- x\n# prose\n\n# iaclint:ignore=s -- y\nmodule \"a\" {\n}\n", "r 5-6 x|s 5-6 y"},
		{"a statement", "locals {\n  p = jsonencode({\n    Statement = [\n      # iaclint:ignore=r -- x\n      {\n        Effect = \"Allow\"\n      },\n      { Effect = \"Deny\" },\n    ]\n  })\n}\n", "r 5-7 x"},
		{"an item", "a = {\n  b = [\n    \"c\", # iaclint:ignore=r -- x\n    \"d\"\n  ]\n}\n", "r 3-3 x"},
		{"a nested block", "data \"a\" \"b\" {\n  # iaclint:ignore=r -- x\n  statement {\n    c = 1\n  }\n}\n", "r 3-5 x"},
		{"in a string", "a = \"# iaclint:ignore=r -- x\"\n", ""},
		{"in a heredoc", "a = <<E\n# iaclint:ignore=r -- x\nE\n", ""},
		{"at nothing", "a {\n  b = 1\n  # iaclint:ignore=r -- x\n}\nc = 1\n", "problem: stands at nothing; it belongs above or behind a statement, an attribute, a resource or a module call"},
		{"at the end", "a = 1\n# iaclint:ignore=r -- x\n", "problem: stands at nothing; it belongs above or behind a statement, an attribute, a resource or a module call"},
		{"not parsed", "a = = 1\n", ""},
	} {
		if got := all("a.tf", c.content); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestYAML(t *testing.T) {
	const head = "Resources:\n"
	for _, c := range []struct{ name, content, want string }{
		{"above a resource", head + "  # iaclint:ignore=r -- x\n  B:\n    Type: T\n", "r 3-4 x"},
		{"behind its name", head + "  B: # iaclint:ignore=r -- x\n    Type: T\n  C:\n    Type: T\n", "r 2-3 x"},
		{"a statement", head + "  B:\n    S:\n      # iaclint:ignore=r -- x\n      - Effect: Allow\n        Principal: '*'\n      - Effect: Deny\n", "r 5-6 x"},
		{"an attribute", head + "  B:\n    S:\n      - Effect: Allow\n        Principal: '*' # iaclint:ignore=r -- x\n", "r 5-5 x"},
		{"an item", head + "  B:\n    - a # iaclint:ignore=r -- x\n    - b\n", "r 3-3 x"},
		{"all resources", "# iaclint:ignore=r -- x\nResources:\n  B:\n    Type: T\n", "problem: stands at nothing; it belongs above or behind a statement, an attribute, a resource or a module call"},
		{"in a block scalar", head + "  B:\n    D: |\n      # iaclint:ignore=r -- x\n      a\n    E: f\n", ""},
		{"in a tagged block scalar", head + "  B:\n    D: !Sub |\n      # iaclint:ignore=r -- x\n      a\n    E: f\n", ""},
		{"below a tag", head + "  B:\n    S: !If\n      - C\n      # iaclint:ignore=r -- x\n      - {Effect: Allow}\n      - {Effect: Deny}\n", "r 6-6 x"},
		{"in quotes", head + "  B:\n    D: \"a # iaclint:ignore=r -- x\"\n    E: 'b\n      # iaclint:ignore=r -- x'\n", ""},
		{"in tagged quotes", head + "  B:\n    D: !Sub \"a # iaclint:ignore=r -- x\"\n", ""},
		{"behind quotes", head + "  B:\n    D: \"a # b\" # iaclint:ignore=r -- x\n", "r 3-3 x"},
		{"no comment", head + "  B:\n    D: a#iaclint:ignore=r -- x\n", ""},
		{"metadata", head + "  B:\n    Type: T\n    Metadata:\n      iaclint:\n        ignore:\n          - rule: r\n            reason: x\n            expires: 2027-01-31\n            owner: web\n", "r 2-10 exp=2027-01-31 owner=web x"},
		{"metadata of several rules", head + "  B:\n    Metadata: {iaclint: {ignore: {rules: [r, s], reason: x}}}\n", "r,s 2-3 x"},
		{"metadata with a mistake", head + "  B:\n    Metadata: {iaclint: {ignore: [{rule: r, reson: x}]}}\n", "problem: unknown word reson; expected are rule, reason, owner, expires, key and max_access"},
	} {
		if got := all("a.yaml", c.content); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestJSON(t *testing.T) {
	for _, c := range []struct{ file, content, want string }{
		{"a.json", "{\"Resources\": {\n\"B\": {\"Metadata\": {\"iaclint\": {\"ignore\": [{\"rule\": \"r\", \"reason\": \"x\"}]}}}}}", "r 2-2 x"},
		{"a.template", "{\"Resources\": {\n\"B\": {\"Metadata\": {\"iaclint\": {\"ignore\": [\"r\"]}}}}}", "problem: expected an object with rule and reason"},
		{"a.tf.json", "{\"resource\": {\"a\": {\n\"b\": {\"//\": \"iaclint:ignore=r -- x\", \"c\": 1}}}}", "r 2-2 x"},
		{"a.tf.json", "{\"module\": {\n\"b\": {\"//\": [\"prose\", \"iaclint:ignore=r -- x\"], \"c\": 1}}}", "r 2-2 x"},
		{"a.tf.json", "{\"//\": \"iaclint:ignore=r -- x\", \"resource\": {}}", "problem: stands at nothing; it belongs into a resource or a module call"},
		{"a.json", "{\"//\": \"iaclint:ignore=r -- x\"}", ""},
	} {
		if got := all(c.file, c.content); got != c.want {
			t.Errorf("%s: %q, want %q", c.content, got, c.want)
		}
	}
}

// All of a finding has to be covered, by what is nearest to it.
func TestChoose(t *testing.T) {
	f := source.NewFile("a.tf", make([]byte, 100))
	span := func(start, end int) source.Span { return source.Span{File: f, Start: start, End: end} }
	at := func(name string, start, end int) Directive { return Directive{Reason: name, Cover: span(start, end)} }
	resource := span(0, 5)
	one := finding.Finding{Span: span(22, 24), Statements: []finding.Statement{{Span: span(20, 30)}}}
	two := finding.Finding{Span: span(22, 24), Statements: []finding.Statement{{Span: span(20, 30)}, {Span: span(40, 50)}}}
	called := span(80, 90)
	other := finding.Finding{Span: span(22, 24), Statements: []finding.Statement{{Span: span(20, 30), Related: []source.Span{span(60, 70)}}, {Span: span(40, 50)}}}
	for _, c := range []struct {
		name       string
		directives []Directive
		finding    finding.Finding
		want       string
	}{
		{"none", nil, one, ""},
		{"the resource", []Directive{at("a", 0, 10)}, one, "a"},
		{"a part of the resource", []Directive{at("a", 1, 5)}, one, ""},
		{"the statement", []Directive{at("a", 20, 30)}, one, "a"},
		{"the principal", []Directive{at("a", 22, 24)}, one, "a"},
		{"another part of the statement", []Directive{at("a", 26, 28)}, one, ""},
		{"the nearest", []Directive{at("a", 18, 32), at("b", 20, 30), at("c", 22, 25)}, one, "c"},
		{"one of two statements", []Directive{at("a", 20, 30)}, two, ""},
		{"the principal of one of two", []Directive{at("a", 22, 24)}, two, ""},
		{"both statements", []Directive{at("a", 22, 24), at("b", 40, 50)}, two, "a,b"},
		{"a document", []Directive{at("a", 15, 60)}, two, "a,a"},
		{"the module call", []Directive{at("a", 80, 95)}, two, "a"},
		{"the module of one of two documents", []Directive{at("a", 60, 70)}, other, ""},
		{"the module of one, and the other", []Directive{at("a", 60, 70), at("b", 40, 50)}, other, "a,b"},
		{"a principal written elsewhere", []Directive{at("a", 60, 70)}, finding.Finding{Span: span(62, 68), Statements: one.Statements}, "a"},
		{"one of two, elsewhere", []Directive{at("a", 60, 70)}, finding.Finding{Span: span(62, 68), Statements: two.Statements}, ""},
		{"another file", []Directive{{Reason: "a", Cover: source.Span{File: source.NewFile("b.tf", nil), End: 100}}}, one, ""},
		{"nowhere", []Directive{{Reason: "a"}}, finding.Finding{}, ""},
	} {
		var got []string
		for _, d := range Choose(c.directives, c.finding, []source.Span{resource, called}) {
			got = append(got, d.Reason)
		}
		if strings.Join(got, ",") != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

func TestAboutAddress(t *testing.T) {
	for _, c := range []struct {
		key, address string
		want         bool
	}{
		{"", "a.b", true},
		{"prod", `a.b["prod"]`, true},
		{"prod", `module.m["prod"].a.b[0]`, true},
		{"0", `module.m["prod"].a.b[0]`, true},
		{"prod", `a.b["prod2"]`, false},
		{"prod", "a.b", false},
		{"1", "a.b[10]", false},
	} {
		if got := (Directive{Key: c.key}).AboutAddress(c.address); got != c.want {
			t.Errorf("%q in %s: %v", c.key, c.address, got)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{
		"# iaclint:ignore=r -- x\nresource \"a\" \"b\" {\n  c = [{ d = 1 }] // iaclint:ignore=r\n}\n",
		"Resources:\n  # iaclint:ignore=r -- x\n  B:\n    D: !Sub |\n      # a\n    E: 'f' # iaclint:ignore=s\n",
		"{\"Resources\": {\"B\": {\"Metadata\": {\"iaclint\": {\"ignore\": [{\"rule\": \"r\"}]}}}}}",
		"{\"resource\": {\"a\": {\"b\": {\"//\": \"iaclint:ignore=r -- x\"}}}}",
	} {
		f.Add(s, uint8(0))
		f.Add(s, uint8(1))
	}
	names := []string{"a.tf", "a.yaml", "a.json", "a.tf.json", "a.template"}
	f.Fuzz(func(t *testing.T, content string, name uint8) {
		file := source.NewFile(names[int(name)%len(names)], []byte(content))
		for _, d := range Find(file) {
			for _, s := range []source.Span{d.Span, d.Cover} {
				if s.Start < 0 || s.End < s.Start || s.End > len(content) {
					t.Fatalf("span %d-%d of %d bytes", s.Start, s.End, len(content))
				}
			}
			if d.Problem == "" && (len(d.Rules) == 0 || d.Cover.IsZero()) {
				t.Fatalf("%+v", d)
			}
		}
	})
}
