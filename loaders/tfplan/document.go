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
		return value.Value{Kind: value.Unknown, Span: m.span(o.where), Text: value.Ref(value.Reference{Name: o.address + ".json (" + later + ")"})}
	}
	out := value.Value{Kind: value.Map, Span: m.span(o.where)}
	version := value.Value{Kind: value.String, Span: out.Span, Text: value.Lit("2012-10-17")}
	if v := p.Get("version"); v.Kind != value.Absent {
		version = v
	}
	// One with the Sid of a statement that is there takes its place, whichever
	// document it is from.
	var s statements
	for _, name := range []string{"source_json", "source_policy_documents"} {
		for _, v := range m.inputs(p.Get(name)) {
			s.merge(v)
		}
	}
	own := p.Get("statement")
	switch own.Kind {
	case value.List:
		for _, item := range own.Items {
			s.merge(m.statement(item))
		}
	case value.Unknown:
		s.merge(own)
	}
	for _, name := range []string{"override_json", "override_policy_documents"} {
		for _, v := range m.inputs(p.Get(name)) {
			s.merge(v)
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

// merge replaces the statement with the same Sid, or else adds one. Where a Sid is
// not known, any statement that has one may be replaced.
func (s *statements) merge(v value.Value) {
	sid := v.Get("Sid")
	text, known := sid.Text.Known()
	certain := v.Kind == value.Map && known && sid.Kind != value.Unknown
	if certain && text == "" {
		s.list = append(s.list, v)
		return
	}
	why := value.Reference{Name: "Sid"}
	if names := v.Text.References(); len(names) > 0 {
		why.Name = names[0]
	} else if names := sid.Text.References(); len(names) > 0 {
		why.Name = names[0]
	}
	for i, old := range s.list {
		switch is, ok := old.Get("Sid").Text.Known(); {
		case old.Kind != value.Map, ok && is == "":
		case certain && ok && is == text:
			s.list[i] = v
			return
		case !certain || !ok:
			s.list[i] = value.OneOf(why, old.Span, old, value.Value{})
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

// principalKeys are those that an unknown one may be.
var principalKeys = []string{"AWS", "Federated", "Service", "CanonicalUser"}

// principals turns blocks of type and identifiers into the element. Type "*" alone,
// with the identifier "*", is written without a type.
func principals(v value.Value) value.Value {
	if v.Kind != value.List || len(v.Items) == 0 {
		return v
	}
	out := value.Value{Kind: value.Map, Span: v.Span}
	var open value.Value
	for _, item := range v.Items {
		typ, known := item.Get("type").Text.Known()
		ids := item.Get("identifiers")
		switch {
		case item.Kind != value.Map:
			open = item
		case !known:
			open = value.Value{Kind: value.Unknown, Span: item.Span, Text: item.Get("type").Text}
		case ids.Kind == value.Absent:
		case typ == "*" && len(v.Items) == 1 && isStar(ids):
			return value.Value{Kind: value.String, Span: item.Span, Text: value.Lit("*")}
		default:
			out.Fields = appendTo(out.Fields, typ, ids)
		}
	}
	if open.Kind != value.Absent {
		for _, key := range principalKeys {
			if out.Get(key).Kind == value.Absent {
				out.Fields = append(out.Fields, value.Field{Key: key, KeySpan: open.Span, Value: open})
			} else {
				out.Fields = appendTo(out.Fields, key, open)
			}
		}
	}
	return out
}

func isStar(ids value.Value) bool {
	items := itemsOf(ids)
	return len(items) == 1 && items[0].Kind == value.String && items[0].Text.Equal(value.Lit("*"))
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

// operators are names for a condition that is not known: under one that the element
// does not have yet, an unknown is one more constraint.
var operators = []string{"StringEquals", "StringLike", "ArnEquals", "ArnLike", "Bool", "IpAddress", "NumericEquals", "DateEquals", "BinaryEquals"}

// conditions turns blocks of test, variable and values into the element. The values
// of blocks with one operator and key are written under one key, so that a block of
// which these are not known may let more requests in, or fewer.
func conditions(v value.Value) value.Value {
	if v.Kind != value.List || len(v.Items) == 0 {
		return v
	}
	out := value.Value{Kind: value.Map, Span: v.Span}
	var open value.Value
	for _, item := range v.Items {
		test, knownTest := item.Get("test").Text.Known()
		key, knownKey := item.Get("variable").Text.Known()
		if item.Kind != value.Map || !knownTest || !knownKey {
			open = value.Value{Kind: value.Unknown, Span: item.Span, Text: value.Join(item.Text, item.Get("test").Text, item.Get("variable").Text)}
			continue
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
	if open.Kind == value.Absent {
		return out
	}
	if names := open.Text.References(); len(names) > 0 {
		open.Text = value.Ref(value.Reference{Name: names[0]})
	} else {
		open.Text = value.Ref(value.Reference{Name: "condition"})
	}
	for i, operator := range out.Fields {
		for n, key := range operator.Value.Fields {
			list := value.Value{Kind: value.List, Span: key.Value.Span}
			list.Items = append(append(list.Items, itemsOf(key.Value)...), value.OneOf(*open.Text.Parts[0].Ref, open.Span, open, value.Value{}))
			out.Fields[i].Value.Fields[n].Value = list
		}
	}
	for _, name := range operators {
		if out.Get(name).Kind == value.Absent {
			out.Fields = append(out.Fields, value.Field{Key: name, KeySpan: open.Span, Value: open})
			return out
		}
	}
	return open
}
