package jsontree

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

func TestErrors(t *testing.T) {
	tests := []struct{ in, want string }{
		{`{"a":1,}`, `1:8: invalid JSON: expected another element after ",", found "}"`},
		{`[1,]`, `1:4: invalid JSON: expected another element after ",", found "]"`},
		{`{'a':1}`, `1:2: invalid JSON: expected a key in double quotes or "}" (JSON has only double quotes), found "'"`},
		{"{\n  \"a\": 1\n  \"b\": 2}", `3:3: invalid JSON: expected "," and a key in double quotes, or "}", found "\""`},
		{`{"a" 1}`, `1:6: invalid JSON: expected ":" and a value, found "1"`},
		{`[1,2`, `1:5: invalid JSON: expected "," and a value, or "]", found the end of the text`},
		{`{"a":"x`, `1:8: invalid JSON: expected the closing "\"", found the end of the text`},
		{"// c\n{}", `1:1: invalid JSON: expected a JSON value (JSON has no comments), found "/"`},
		{`{"a":tru}`, `1:9: invalid JSON: expected ":" and a value, found "}"`},
		{`{"a":"\x"}`, `1:7: invalid JSON: expected a valid escape sequence, found "\\"`},
		{"{\"a\":\"x\ny\"}", `1:8: invalid JSON: expected the closing "\"" or an escape sequence such as "\n", found "\n"`},
		{`{"a":"\ud800"}`, `1:7: invalid JSON: expected a valid escape sequence, found "\\"`},
		{``, `1:1: invalid JSON: expected a JSON value, found the end of the text`},
		{`{"a":1}}`, `1:8: invalid JSON: expected a JSON value, found "}"`},
		{`{"a":1} {"b":2}`, `1:9: expected the end of the file after the JSON value, found another one`},
		{`{"a":`, `1:6: invalid JSON: expected ":" and a value, found the end of the text`},
		{"{\"a\":\"\xff\"}", `1:7: expected UTF-8, found the byte 0xff`},
		{"\xff\xfe{\x00}\x00", `1:1: the file is in UTF-16, expected UTF-8: save it as UTF-8`},
		{"{\x00}\x00", `1:1: the file is in UTF-16, expected UTF-8: save it as UTF-8`},
		{strings.Repeat("[", 300), `1:201: expected JSON nested at most 200 levels deep`},
		{strings.Repeat("[", 3_000_000), `1:201: expected JSON nested at most 200 levels deep`},
	}
	if os.Getenv("IACLINT_LONG") != "" { // a million values
		tests = append(tests, struct{ in, want string }{"[" + strings.Repeat("1,", MaxValues) + "1]", `1:2097151: expected at most 1048576 JSON values in one file`})
	}
	for _, tt := range tests {
		v, diags := Parse(source.NewFile("a.json", []byte(tt.in)))
		if len(diags) != 1 {
			t.Errorf("Parse(%.40q) = %v, %v, want one diagnostic", tt.in, v, diags)
			continue
		}
		_, pos := diags[0].Where()
		got := fmt.Sprintf("%d:%d: %s", pos.Line, pos.Column, diags[0].Message)
		if got != tt.want {
			t.Errorf("Parse(%.40q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

// dump writes the tree with the text that every span covers.
func dump(v value.Value) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s<%s>", v.Kind, v.Span.Text())
	for _, i := range v.Items {
		b.WriteString(" (" + dump(i) + ")")
	}
	for _, f := range v.Fields {
		fmt.Fprintf(&b, " %s<%s>=(%s)", f.Key, f.KeySpan.Text(), dump(f.Value))
	}
	return b.String()
}

func TestSpans(t *testing.T) {
	tests := []struct{ in, want string }{
		{"\xef\xbb\xbf {\"a\": 1.50}", `object<{"a": 1.50}> a<"a">=(number<1.50>)`},
		{`[ "x" , null,true ]`, `list<[ "x" , null,true ]> (string<"x">) (null<null>) (boolean<true>)`},
		{`{"a":{},"a":[]}`, `object<{"a":{},"a":[]}> a<"a">=(object<{}>) a<"a">=(list<[]>)`},
		{`{"\u0061\n":"\ud83d\ude00"}`, "object<{\"\\u0061\\n\":\"\\ud83d\\ude00\"}> a\n<\"\\u0061\\n\">=(string<\"\\ud83d\\ude00\">)"},
	}
	for _, tt := range tests {
		v, diags := Parse(source.NewFile("a.json", []byte(tt.in)))
		if got := dump(v); got != tt.want || diags != nil {
			t.Errorf("Parse(%q)\n got %s, %v\nwant %s", tt.in, got, diags, tt.want)
		}
	}
}

func TestParseAll(t *testing.T) {
	values, diags := ParseAll(source.NewFile("a.json", []byte("{}\n[1]\n \"x\" ")))
	if len(values) != 3 || diags != nil {
		t.Errorf("ParseAll = %v, %v, want three values", values, diags)
	}
}

// A policy in a string is read as if it were written outside: every piece has
// the text that it has in the literal.
func TestQuoted(t *testing.T) {
	file := source.NewFile("a.json", []byte(`{"Policy": "{\"a\\tb\":\u005b1,\"\ud83d\ude00é\",\n2]}"}`))
	v, _ := Parse(file)
	outer := v.Get("Policy")
	got, diags := ParseText(outer.Text.Literal, Quoted(outer.Span))
	want := `object<{\"a\\tb\":\u005b1,\"\ud83d\ude00é\",\n2]}> a` + "\t" + `b<\"a\\tb\">=` +
		`(list<\u005b1,\"\ud83d\ude00é\",\n2]> (number<1>) (string<\"\ud83d\ude00é\">) (number<2>))`
	if dump(got) != want || diags != nil {
		t.Errorf("ParseText\n got %s, %v\nwant %s", dump(got), diags, want)
	}
}

func TestQuotedError(t *testing.T) {
	file := source.NewFile("a.json", []byte("{\n\"Policy\": \"{\\\"a\\\" 1}\"}"))
	v, _ := Parse(file)
	outer := v.Get("Policy")
	_, diags := ParseText(outer.Text.Literal, Quoted(outer.Span))
	if len(diags) != 1 || diags[0].Span.Text() != "1" {
		t.Errorf("ParseText = %v, want a diagnostic at the 1", diags)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,"\u00e9\\",null]}`, `{"P":"{\"a\":1}"}`, `{"a":1,}`, "\xef\xbb\xbf{}", `{"a":"\ud83d\ude00"} 2`, `"\`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		file := source.NewFile("a.json", content)
		values, diags := ParseAll(file)
		if len(values) == 0 && len(diags) == 0 {
			t.Fatal("neither value nor diagnostic")
		}
		for _, d := range diags {
			checkSpan(t, d.Span)
		}
		for _, v := range values {
			checkTree(t, v)
		}
	})
}

func checkTree(t *testing.T, v value.Value) {
	checkSpan(t, v.Span)
	for _, i := range v.Items {
		checkTree(t, i)
	}
	for _, f := range v.Fields {
		checkSpan(t, f.KeySpan)
		checkTree(t, f.Value)
	}
	if v.Kind == value.String {
		inner, diags := ParseText(v.Text.Literal, Quoted(v.Span))
		for _, d := range diags {
			checkSpan(t, d.Span)
		}
		if inner.Kind != value.Absent && inner.Kind != value.String {
			checkTree(t, inner)
		}
	}
}

func checkSpan(t *testing.T, s source.Span) {
	if s.File == nil || s.Start < 0 || s.Start > s.End || s.End > len(s.File.Content) {
		t.Fatalf("span %d-%d is not in the file", s.Start, s.End)
	}
}

func BenchmarkParse(b *testing.B) {
	one := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":["s3:GetObject","s3:ListBucket"],"Resource":"arn:aws:s3:::logs/*"}]}`
	content := []byte("[" + strings.Repeat(one+",", 10<<20/len(one)) + one + "]")
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if _, diags := Parse(source.NewFile("a.json", bytes.Clone(content))); diags != nil {
			b.Fatal(diags)
		}
	}
}
