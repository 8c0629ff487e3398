package tfplan

import (
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// document returns the policy that a data.aws_iam_policy_document gives which is
// read when the plan is applied. The plan has its statements as far as they are
// known.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
func (m merger) document(o *object) value.Value {
	m.resolve(o)
	p := o.block.Properties
	if p.Kind != value.Map {
		return value.Value{Kind: value.Unknown, Span: m.span(o.where), Text: value.Ref(value.Reference{Name: o.address + ".json (known after apply)"})}
	}
	out := value.Value{Kind: value.Map, Span: m.span(o.where)}
	version := value.Value{Kind: value.String, Span: out.Span, Text: value.Lit("2012-10-17")}
	if v := p.Get("version"); v.Kind != value.Absent {
		version = v
	}
	var s statements
	for _, name := range []string{"source_json", "source_policy_documents"} {
		s.add(m.inputs(p.Get(name)))
	}
	own := p.Get("statement")
	switch own.Kind {
	case value.List:
		for _, item := range own.Items {
			s.add([]value.Value{m.statement(item)})
		}
	case value.Unknown:
		s.add([]value.Value{own})
	}
	for _, name := range []string{"override_json", "override_policy_documents"} {
		for _, v := range m.inputs(p.Get(name)) {
			s.override(v)
		}
	}
	out.Fields = []value.Field{
		{Key: "Version", Value: version},
		{Key: "Statement", Value: value.Value{Kind: value.List, Span: out.Span, Items: s.list}},
	}
	return out
}

// documents returns the addresses of the data sources that the policies of an
// object are made with.
func (l *loader) documents(o *object) []string {
	var out []string
	l.addDocuments(o, &out)
	return out
}

func (l *loader) addDocuments(o *object, out *[]string) {
	if o.code == nil {
		return
	}
	for f := range l.members(o.code.expressions) {
		if !strings.Contains(f.key, "polic") && f.key != "content" && f.key != "source_json" && f.key != "override_json" {
			continue
		}
		for _, ref := range l.references(f.value) {
			found, _ := l.targetsOf(steps(ref), o.scope(), trail{})
			for _, t := range found {
				if t.object.typ == policyDocument && t.object.mode == tfjson.DataResourceMode && t.object != o && !slices.Contains(*out, t.object.address) {
					*out = append(*out, t.object.address)
					l.addDocuments(t.object, out)
				}
			}
		}
	}
}

// statements of a document that is put together from several.
type statements struct{ list []value.Value }

func (s *statements) add(list []value.Value) { s.list = append(s.list, list...) }

// override replaces the statement with the same Sid, or else adds one. Where a
// Sid is not known, any statement that has one may be replaced.
func (s *statements) override(v value.Value) {
	sid := v.Get("Sid")
	text, known := sid.Text.Known()
	certain := v.Kind == value.Map && known && sid.Kind != value.Unknown
	for i, old := range s.list {
		switch is, ok := old.Get("Sid").Text.Known(); {
		case ok && is == "":
		case certain && ok && is == text:
			s.list[i] = v
			return
		case !certain || !ok:
			s.list[i] = value.Value{Kind: value.Unknown, Span: old.Span}
		}
	}
	s.list = append(s.list, v)
}

// inputs returns the statements of the documents that another one is made from.
func (m merger) inputs(v value.Value) []value.Value {
	switch v.Kind {
	case value.List:
		var out []value.Value
		for _, item := range v.Items {
			out = append(out, m.inputs(item)...)
		}
		return out
	case value.Absent, value.Null:
		return nil
	case value.String:
		text, known := v.Text.Known()
		if known && strings.TrimSpace(text) == "" {
			return nil
		}
		if !known {
			break
		}
		doc, diags := jsontree.ParseText(text, jsontree.Quoted(v.Span))
		m.diags = append(m.diags, diags...)
		if len(diags) == 0 {
			v = doc
		}
	}
	switch s := v.Get("Statement"); s.Kind {
	case value.List:
		return s.Items
	case value.Map, value.Unknown:
		return []value.Value{s}
	}
	return []value.Value{{Kind: value.Unknown, Span: v.Span, Text: v.Text}}
}

// elements of a statement, as a document and as the data source calls them.
var elements = []struct{ name, attribute string }{
	{"Action", "actions"}, {"NotAction", "not_actions"}, {"Resource", "resources"}, {"NotResource", "not_resources"},
}

func (m merger) statement(v value.Value) value.Value {
	if v.Kind != value.Map {
		return v
	}
	out := value.Value{Kind: value.Map, Span: v.Span}
	add := func(key string, f value.Value) {
		if f.Kind != value.Absent && !(f.Kind == value.List && len(f.Items) == 0) {
			out.Fields = append(out.Fields, value.Field{Key: key, KeySpan: f.Span, Value: f})
		}
	}
	effect := v.Get("effect")
	if effect.Kind == value.Absent {
		effect = value.Value{Kind: value.String, Span: v.Span, Text: value.Lit("Allow")}
	}
	add("Sid", v.Get("sid"))
	add("Effect", effect)
	add("Principal", principals(v.Get("principals")))
	add("NotPrincipal", principals(v.Get("not_principals")))
	for _, e := range elements {
		add(e.name, v.Get(e.attribute))
	}
	add("Condition", conditions(v.Get("condition")))
	return out
}

// principals turns blocks of type and identifiers into the element. Type "*" is
// written without a type.
func principals(v value.Value) value.Value {
	if v.Kind != value.List || len(v.Items) == 0 {
		return v
	}
	out := value.Value{Kind: value.Map, Span: v.Span}
	for _, item := range v.Items {
		typ, known := item.Get("type").Text.Known()
		ids := item.Get("identifiers")
		switch {
		case item.Kind != value.Map || !known:
			return value.Value{Kind: value.Unknown, Span: item.Span, Text: item.Get("type").Text}
		case typ == "*":
			return value.Value{Kind: value.String, Span: item.Span, Text: value.Lit("*")}
		case ids.Kind == value.Absent:
			continue
		}
		out.Fields = appendTo(out.Fields, typ, ids)
	}
	return out
}

// appendTo adds values under a key, to those that it has.
func appendTo(fields []value.Field, key string, v value.Value) []value.Field {
	for i, f := range fields {
		if f.Key == key {
			joined := value.Value{Kind: value.List, Span: f.Value.Span}
			joined.Items = append(append(joined.Items, itemsOf(f.Value)...), itemsOf(v)...)
			fields[i].Value = joined
			return fields
		}
	}
	return append(fields, value.Field{Key: key, KeySpan: v.Span, Value: v})
}

func itemsOf(v value.Value) []value.Value {
	if v.Kind == value.List {
		return v.Items
	}
	return []value.Value{v}
}

// conditions turns blocks of test, variable and values into the element.
func conditions(v value.Value) value.Value {
	if v.Kind != value.List || len(v.Items) == 0 {
		return v
	}
	out := value.Value{Kind: value.Map, Span: v.Span}
	for _, item := range v.Items {
		test, knownTest := item.Get("test").Text.Known()
		key, knownKey := item.Get("variable").Text.Known()
		if item.Kind != value.Map || !knownTest || !knownKey {
			return value.Value{Kind: value.Unknown, Span: item.Span}
		}
		values := item.Get("values")
		if values.Kind == value.Absent {
			values = value.Value{Kind: value.List, Span: item.Span}
		}
		i := 0
		for i < len(out.Fields) && out.Fields[i].Key != test {
			i++
		}
		if i == len(out.Fields) {
			out.Fields = append(out.Fields, value.Field{Key: test, KeySpan: item.Span, Value: value.Value{Kind: value.Map, Span: item.Span}})
		}
		out.Fields[i].Value.Fields = appendTo(out.Fields[i].Value.Fields, key, values)
	}
	return out
}
