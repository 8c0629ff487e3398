package catalog

import (
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// Any properties, of any type, are joined without a panic, into the same each
// time; no block that may grant gets lost.
func FuzzResources(f *testing.F) {
	var types []string
	for typ := range index().types {
		types = append(types, typ)
	}
	slices.Sort(types)
	for i, typ := range types {
		for _, p := range index().types[typ] {
			for _, path := range append(slices.Clone(p.form.Policy), p.form.Of...) {
				keys := strings.Split(path, ".")
				f.Add(uint16(i), uint16(i/2), `{"`+strings.Join(keys, `":{"`)+`":[{"Statement":"<x>"}, null, true, 1, "a", {}]`+strings.Repeat("}", len(keys)), uint8(i))
				f.Add(uint16(i), uint16(i), `{"`+strings.Join(keys, `":[{"`)+`":"<x>{\"Statement\":[<y>]}"`+strings.Repeat("}]", len(keys)-1)+"}", uint8(i))
			}
		}
	}
	f.Fuzz(func(t *testing.T, first, second uint16, properties string, when uint8) {
		tree, diags := jsontree.Parse(source.NewFile("x", []byte(properties)))
		if len(diags) > 0 {
			return
		}
		tree = open(tree)
		var list []Block
		for i, n := range []uint16{first, second, first} {
			b := Block{Type: types[int(n)%len(types)], Address: string('a' + rune(i)), Properties: tree, Path: "x"}
			if when>>i&1 == 1 {
				b.When = []string{"condition " + string('A'+rune(when>>4)) + " holds"}
			}
			if when>>(i+3)&1 == 1 {
				b.Scope, b.Account = "other", "444455556666"
			}
			list = append(list, b)
		}
		l := languageOf(list[0].Type)
		once := Resources(l, list)
		if again := Resources(l, list); summary(once) != summary(again) {
			t.Fatalf("%s\nthen\n%s", summary(once), summary(again))
		}
		told := map[string]bool{}
		for _, r := range once.Resources {
			told[r.Address] = true
			for _, a := range r.Attachments {
				told[a] = true
			}
			for _, d := range r.Documents {
				if d.Policy == nil {
					t.Fatalf("no policy in a document of %s", r.Address)
				}
			}
		}
		for _, b := range list {
			if languageOf(b.Type) != l || told[b.Address] {
				continue
			}
			for _, p := range index().types[b.Type] {
				if !p.row.OnlyWithPolicy && p.form.Has == nil && !p.form.Aside {
					t.Fatalf("%s is nowhere in\n%s", b.Type, summary(once))
				}
			}
		}
		joinAll([]resource.Stack{once, once})
	})
}

// open reads "<x>" in texts as references.
func open(v value.Value) value.Value {
	switch v.Kind {
	case value.String:
		var texts []value.Text
		for _, piece := range strings.SplitAfter(v.Text.Literal, ">") {
			head, name, ok := strings.Cut(strings.TrimSuffix(piece, ">"), "<")
			texts = append(texts, value.Lit(head))
			if ok {
				texts = append(texts, value.Ref(value.Reference{Name: name, Is: value.Meaning(len(name) % 7)}))
			}
		}
		v.Text = value.Join(texts...)
		if len(v.Text.Parts) == 1 && v.Text.Parts[0].Ref.Is == value.Anything {
			v.Kind = value.Unknown
		}
	case value.List:
		for i := range v.Items {
			v.Items[i] = open(v.Items[i])
		}
	case value.Map:
		for i := range v.Fields {
			v.Fields[i].Value = open(v.Fields[i].Value)
		}
	}
	return v
}
