package tfplan

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// blocksOf reads JSON in which a text "?name" is a value that is not known.
func blocksOf(t *testing.T, text string) value.Value {
	t.Helper()
	v, diags := jsontree.Parse(source.NewFile("a.json", []byte(text)))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	return opened(v)
}

func opened(v value.Value) value.Value {
	if name, ok := strings.CutPrefix(v.Text.Literal, "?"); ok && v.Kind == value.String {
		return value.Value{Kind: value.Unknown, Text: value.Ref(value.Reference{Name: name})}
	}
	for i := range v.Items {
		v.Items[i] = opened(v.Items[i])
	}
	for i := range v.Fields {
		v.Fields[i].Value = opened(v.Fields[i].Value)
	}
	return v
}

func shown(v value.Value) string {
	var parts []string
	switch v.Kind {
	case value.Absent:
		return "-"
	case value.Unknown:
		for _, item := range v.Items {
			parts = append(parts, shown(item))
		}
		if parts != nil {
			return "one of (" + strings.Join(parts, " ") + ")"
		}
		return v.Text.String()
	case value.List:
		for _, item := range v.Items {
			parts = append(parts, shown(item))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case value.Map:
		for _, f := range v.Fields {
			parts = append(parts, f.Key+":"+shown(f.Value))
		}
		return "{" + strings.Join(parts, " ") + "}"
	}
	return v.Text.String()
}

// A document that is read when the plan is applied is put together from blocks as the
// provider does it. What is not known of a block takes nothing from the others.
func TestDocumentElements(t *testing.T) {
	for in, want := range map[string]string{
		`[{"type": "*", "identifiers": ["*"]}]`:                                           `*`,
		`[{"type": "*", "identifiers": ["*"]}, {"type": "AWS", "identifiers": ["1"]}]`:    `{*:[*] AWS:[1]}`,
		`[{"type": "AWS", "identifiers": ["1"]}, {"type": "AWS", "identifiers": ["?x"]}]`: `{AWS:[1 ${x}]}`,
		`[{"type": "AWS", "identifiers": ["*"]}, {"type": "?t", "identifiers": ["1"]}]`:   `{AWS:[* ${t}] Federated:${t} Service:${t} CanonicalUser:${t}}`,
		`[{"type": "AWS", "identifiers": ["*"]}, "?b"]`:                                   `{AWS:[* ${b}] Federated:${b} Service:${b} CanonicalUser:${b}}`,
	} {
		if got := shown(principals(blocksOf(t, in))); got != want {
			t.Errorf("principals of %s: %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{
		`[{"test": "A", "variable": "k", "values": ["1"]}, {"test": "A", "variable": "k", "values": ["2"]}]`: `{A:{k:[1 2]}}`,
		`[{"test": "A", "variable": "k", "values": ["1"]}, {"test": "B", "variable": "k", "values": ["2"]}]`: `{A:{k:[1]} B:{k:[2]}}`,
		`[{"test": "A", "variable": "k", "values": ["1"]}, {"test": "A", "variable": "?v", "values": []}]`:   `{A:{k:[1 one of (${v} -)]} StringEquals:${v}}`,
		`[{"test": "StringEquals", "variable": "k", "values": ["1"]}, "?b"]`:                                 `{StringEquals:{k:[1 one of (${b} -)]} StringLike:${b}}`,
	} {
		if got := shown(conditions(blocksOf(t, in))); got != want {
			t.Errorf("conditions of %s: %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{
		`[{"Sid": "a", "N": "1"}, {"Sid": "a", "N": "2"}]`:              `[{Sid:a N:2}]`,
		`[{"N": "1"}, {"N": "2"}]`:                                      `[{N:1} {N:2}]`,
		`[{"Sid": "", "N": "1"}, {"Sid": "", "N": "2"}]`:                `[{Sid: N:1} {Sid: N:2}]`,
		`[{"Sid": "a", "N": "1"}, {"N": "0"}, {"Sid": "?s", "N": "2"}]`: `[one of ({Sid:a N:1} -) {N:0} {Sid:${s} N:2}]`,
		`[{"Sid": "a", "N": "1"}, {"N": "0"}, "?d"]`:                    `[one of ({Sid:a N:1} -) {N:0} ${d}]`,
		`[{"Sid": "?s", "N": "1"}, {"Sid": "a", "N": "2"}]`:             `[one of ({Sid:${s} N:1} -) {Sid:a N:2}]`,
	} {
		var s statements
		for _, v := range blocksOf(t, in).Items {
			s.merge(v)
		}
		if got := shown(value.Value{Kind: value.List, Items: s.list}); got != want {
			t.Errorf("statements of %s: %s, want %s", in, got, want)
		}
	}
}
