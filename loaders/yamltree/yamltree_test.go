package yamltree

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

var tags = Tags{"!Ref": "Ref", "!Sub": "Fn::Sub"}

// The place of a value is what a user would edit, in every style.
func TestPlaces(t *testing.T) {
	tests := []struct{ in, span, text string }{
		{"a: plain # comment", "plain", "plain"},
		{"a: \"x\\\"y\" # c", `"x\"y"`, `x"y`},
		{"a: 'it''s'", "'it''s'", "it's"},
		{"a: several\n  lines\nb: c", "several\n  lines", "several lines"},
		{"a: |\n  one\n  two\n\nb: c", "|\n  one\n  two", "one\ntwo\n"},
		{"a: |2-\n   one\n  two\nb: c", "|2-\n   one\n  two", " one\ntwo"},
		{"a: >- # folded\n  one\n  two\nb: c", ">- # folded\n  one\n  two", "one two"},
		{"a: |\nb: c", "|", ""},
		{"a:\n- |\n  x\n- y", "- |\n  x\n- y", ""},
		{"é: \"ü\" ", `"ü"`, "ü"},
		{"\xef\xbb\xbfa: b", "b", "b"},
		{"# c\r\na: b\r\n", "b", "b"},
		{"x: 1\ra: b", "b", "b"},
		{"x: \"\u2028\"\na: b", "b", "b"},
		{"a: &anchor b", "b", "b"},
		{"a: !!str 12", "12", "12"},
		{"a: !Ref b", "!Ref b", ""},
		{"a: !Sub\n  \"b\"", "!Sub\n  \"b\"", ""},
		{"a: [b, {c: d}] # e", "[b, {c: d}]", ""},
		{"a: [b, # x ]\n  c ]", "[b, # x ]\n  c ]", ""},
		{"a: [ ]", "[ ]", ""},
		{"a: {}", "{}", ""},
		{"a:\n  b: c\n  d: e\n", "b: c\n  d: e", ""},
		{"a:\n- b\n- c\nd: e", "- b\n- c", ""},
		{"a:\nb: c", "", ""},
		{"x: &x {y: z}\na: *x", "{y: z}", ""},
		{"a: {b: }", "{b: }", ""},
		{"a: [[b], [c]]", "[[b], [c]]", ""},
	}
	for _, tt := range tests {
		docs, diags := Parse(source.NewFile("a.yaml", []byte(tt.in)), tags)
		if len(docs) != 1 || len(diags) > 0 {
			t.Errorf("%q: %v", tt.in, diags)
			continue
		}
		v := docs[0].Fields[len(docs[0].Fields)-1].Value
		if docs[0].Get("a").Kind != value.Absent {
			v = docs[0].Get("a")
		}
		if got := v.Span.Text(); got != tt.span || v.Text.Literal != tt.text {
			t.Errorf("%q: %q at %q, want %q at %q", tt.in, v.Text.Literal, got, tt.text, tt.span)
		}
	}
}

func TestScalars(t *testing.T) {
	for in, want := range map[string]value.Kind{
		"012345678901": value.String, "123456789012": value.Number, "2012-10-17": value.String, "NO": value.String, "yes": value.String, "True": value.Bool,
		"~": value.Null, "null": value.Null, `"null"`: value.String, "1e3": value.Number, "0x10": value.String, "1_000": value.String, "12:30": value.String,
		".5": value.String, "-1": value.Number, "-": value.List, "<<": value.String, "!!str true": value.String, "*": value.Absent,
	} {
		docs, _ := Parse(source.NewFile("a.yaml", []byte(in)), tags)
		got := value.Absent
		if len(docs) > 0 {
			got = docs[0].Kind
		}
		if got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}

func TestFaults(t *testing.T) {
	tests := []struct{ in, span, message string }{
		{"a: !Foo b", "!Foo", `tag "!Foo" is unknown`},
		{"a: *b", "", `invalid YAML: unknown anchor 'b' referenced`},
		{"a: &b [*b]", "*b", `alias "*b" is inside what it stands for`},
		{"[a]: b", "[a]", "expected a string as key, found list"},
		{"<<: a", "a", `expected a mapping, or a list of mappings, for "<<", found string`},
		{"a: b\n c: d: e\n", "c: d: e", "invalid YAML: mapping values are not allowed in this context: expected one colon in the line, or quotes around the text, and a colon in the line before"},
		{"a:\n  b\n    c: d\n", "c: d", "invalid YAML: mapping values are not allowed in this context: expected one colon in the line, or quotes around the text, and a colon in the line before"},
		{"x: y\na: \"b\nc: d\ne: f\n", "a: \"b", "invalid YAML: found unexpected end of stream: expected the quotes to be closed"},
		{"a:\n\t- b", "\t", "invalid YAML: a tab in the indentation, expected spaces"},
		{"a:\n  b: c\n \td: e\n", "\t", "invalid YAML: a tab in the indentation, expected spaces"},
		{"a:\n  b:\n    c: d\n   e: f\n  g: h\n", "e: f", "invalid YAML: did not find expected key: expected the line to be indented like its neighbours, or what precedes it to be closed"},
		{"x: y\na:\n  - b\n  c: d\n", "c: d", "invalid YAML: did not find expected '-' indicator: expected the line to be indented like the items before it"},
		{"x: y\n---\nz: a\nb: @c\nd: e\n", "b: @c", "invalid YAML: found character that cannot start any token: expected quotes around the text"},
		{"x: y\na: {b: c,\nd: e\nf: g\n", "d: e", "invalid YAML: did not find expected ',' or '}'"},
		{"a: \xff", "", "invalid YAML: invalid leading UTF-8 octet"},
	}
	for _, tt := range tests {
		_, diags := Parse(source.NewFile("a.yaml", []byte(tt.in)), tags)
		if len(diags) != 1 || diags[0].Message != tt.message || tt.span != "" && diags[0].Span.Text() != tt.span {
			t.Errorf("%q: %v", tt.in, diags)
			for _, d := range diags {
				t.Logf("%q at %q", d.Message, d.Span.Text())
			}
		}
	}
}

func TestMerge(t *testing.T) {
	docs, diags := Parse(source.NewFile("a.yaml", []byte("x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  <<: [*x, *y]\n  a: 5\n")), tags)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	z := docs[0].Get("z")
	for key, want := range map[string]string{"a": "5", "b": "2", "c": "4"} {
		if got := z.Get(key).Text.Literal; got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	if len(z.Fields) != 3 {
		t.Errorf("%d keys, want 3", len(z.Fields))
	}
}

// A text inside a scalar has the place that it is written at.
func TestWithin(t *testing.T) {
	for _, in := range []string{
		`{"Action": "s3:*"}`, "|\n  {\n    \"Action\":\n      \"s3:*\"}", ">\n  {\"Action\":\n  \"s3:*\"}", `"{\"Action\": \"s3:*\"}"`, `'{"Action": "s3:*"}'`,
		"\"{\\\"Action\\\": \\\n   \\\"s3:*\\\"}\"", `"\x7b\u0022Action\": \"s3:*\"}"`, "'{\"Action\":\n\n   \"s3:*\"}'",
	} {
		tree, diags := Parse(source.NewFile("a.yaml", []byte("k: "+in+"\nz: z")), Tags{})
		if len(diags) > 0 {
			t.Fatalf("%s: %v", in, diags)
		}
		v := tree[0].Get("k")
		if v.Kind == value.Map { // JSON is YAML
			v = value.Value{Kind: value.String, Span: v.Span, Text: value.Lit(v.Span.Text())}
		}
		doc, diags := jsontree.ParseText(v.Text.Literal, Within(v))
		if got := strings.Trim(doc.Get("Action").Span.Text(), `\"`); len(diags) > 0 || got != "s3:*" {
			t.Errorf("%s: %v, action at %q", in, diags, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: &x |\n  b\nc: *x\n", "- !Ref a\n- {b: [c, 'd''e', \"f\\n\"]}\n", "a: >-2\n   b\n\n  c\n...\n---\nd", "<<: {a: b}\n", "? a\n: b\n", "\xef\xbb\xbf\u2028a: b", "[a: b, ? c]", "!Sub &a\n  - x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		file := source.NewFile("a.yaml", content)
		docs, diags := Parse(file, tags)
		for _, d := range diags {
			checkSpan(t, d.Span)
		}
		left := 10_000 // aliases stand for far more than is written
		for _, v := range docs {
			checkTree(t, v, &left)
		}
	})
}

func checkTree(t *testing.T, v value.Value, left *int) {
	if *left--; *left < 0 {
		return
	}
	checkSpan(t, v.Span)
	if v.Kind == value.String {
		where := Within(v)
		for i := range v.Text.Literal {
			checkSpan(t, where(i, i+1))
			checkSpan(t, where(i, len(v.Text.Literal)))
		}
	}
	for _, item := range v.Items {
		checkTree(t, item, left)
	}
	for _, f := range v.Fields {
		checkSpan(t, f.KeySpan)
		checkTree(t, f.Value, left)
	}
}

func checkSpan(t *testing.T, s source.Span) {
	if s.File == nil || s.Start < 0 || s.Start > s.End || s.End > len(s.File.Content) {
		t.Fatalf("span %d-%d is not in the file", s.Start, s.End)
	}
}

// Merge keys multiply: of lists in lists nothing is merged, and what all of them bring
// together is bounded.
func TestMergeIsBounded(t *testing.T) {
	var lists, maps strings.Builder
	lists.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := range 12 {
		fmt.Fprintf(&lists, "a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 8), i)
	}
	lists.WriteString("b:\n  <<: *a12\n  c: 1\n")
	maps.WriteString("a: &a\n")
	for i := range 1000 {
		fmt.Fprintf(&maps, "  k%d: 1\n", i)
	}
	for i := range 4_000 {
		fmt.Fprintf(&maps, "b%d: {<<: *a}\n", i)
	}
	for name, text := range map[string]string{"lists": lists.String(), "maps": maps.String()} {
		_, ds := Parse(source.NewFile("a.yaml", []byte(text)), tags)
		if len(ds) == 0 {
			t.Errorf("%s: nothing is said", name)
		}
	}
}
