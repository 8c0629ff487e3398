package terraform

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// renderer turns what was evaluated into the tree that the catalogue and the
// policy decoder read.
type renderer struct {
	l    *loader
	docs []string
}

func (r *renderer) documents() []string { return slices.Compact(r.docs) }

func (r *renderer) note(v *val) {
	for _, d := range v.docs {
		if !slices.Contains(r.docs, d) {
			r.docs = append(r.docs, d)
		}
	}
}

// uncertain returns the unknown in the place of what may not be there.
func uncertain(v *val) value.Value {
	why := value.Reference{Name: "value"}
	if c := v.cause(); c != nil {
		why.Name = c.Name
	}
	return value.Value{Kind: value.Unknown, Span: v.span, Text: value.Ref(why)}
}

// optional renders what may not be there.
func (r *renderer) optional(v *val, render func(*val) value.Value) value.Value {
	why := value.Reference{Name: "value"}
	if c := v.cause(); c != nil {
		why = value.Reference{Name: c.Name}
	}
	if v.kind == unknown && v.choices == nil {
		return uncertain(v)
	}
	return value.OneOf(why, v.span, render(v.certain()), value.Value{})
}

// oneOf renders an unknown that is one of several values.
func (r *renderer) oneOf(v *val, render func(*val) value.Value) value.Value {
	out := value.Value{Kind: value.Unknown, Span: v.span, Text: v.text}
	for _, c := range v.choices {
		out.Items = append(out.Items, render(c))
	}
	return out
}

// properties renders the arguments of a resource. A string that holds JSON is
// the tree that it holds: so that every part of a policy has the place where it
// is written.
func (r *renderer) properties(v *val) value.Value {
	if !r.l.spend(1, v.span) {
		return uncertain(r.l.failed(v.span))
	}
	switch v.kind {
	case text:
		r.note(v)
		if v.json != nil || looksLikeJSON(v.string()) {
			tree, faults, ok := r.l.decode(v)
			if ok && (tree.kind == mapping || tree.kind == sequence) {
				if v.maybe != nil {
					return uncertain(v)
				}
				return r.document(tree, "")
			}
			if len(faults) > 0 && mustBePolicy(v.string()) {
				return jsontree.Unreadable(faults[0])
			}
			if v.json == nil && v.string().Parts != nil {
				return uncertain(v) // whether it is JSON depends on what is not known
			}
		}
		if v.maybe != nil && v.string().Parts == nil {
			return r.optional(v, r.properties)
		}
		if f := v.secretFile(); f != nil { // of secrets, only policies are read
			return value.Value{Kind: value.Unknown, Span: v.span, Text: value.Ref(value.Reference{Name: f.Name})}
		}
		return value.Value{Kind: value.String, Span: v.span, Text: v.string()}
	case sequence:
		if v.maybe != nil {
			return uncertain(v)
		}
		out := value.Value{Kind: value.List, Span: v.span, Items: []value.Value{}}
		for _, item := range v.items {
			if item.maybe != nil {
				out.Items = append(out.Items, r.optional(item, r.properties))
				continue
			}
			out.Items = append(out.Items, r.properties(item))
		}
		return out
	case mapping:
		if v.maybe != nil || v.open != nil || v.inst != nil || v.mod != nil {
			return uncertain(v)
		}
		out := value.Value{Kind: value.Map, Span: v.span, Fields: []value.Field{}}
		for _, f := range v.fields {
			out.Fields = append(out.Fields, value.Field{Key: f.key, KeySpan: f.span, Value: r.properties(f.val)})
		}
		return out
	case unknown:
		if v.choices != nil && v.maybe == nil {
			return r.oneOf(v, r.properties)
		}
	}
	return r.document(v, "")
}

// resource renders the arguments of a resource. One that names what the resource
// belongs to is there if it may be: where it is null it names nothing, and Terraform
// refuses it.
func (r *renderer) resource(v *val, owners []string) value.Value {
	for _, path := range owners {
		v = named(v, path)
	}
	out := value.Value{Kind: value.Map, Span: v.span, Fields: []value.Field{}}
	for _, f := range v.fields {
		out.Fields = append(out.Fields, value.Field{Key: f.key, KeySpan: f.span, Value: r.properties(f.val)})
	}
	return out
}

// named returns a value in which the texts at a path are certain. The path goes on in
// every item of a list.
func named(v *val, path string) *val {
	if path == "" {
		if v.kind != text {
			return v
		}
		return v.certain()
	}
	c := *v
	switch v.kind {
	case mapping:
		key, rest, _ := strings.Cut(path, ".")
		c.fields = slices.Clone(v.fields)
		for i, f := range c.fields {
			if f.key == key {
				c.fields[i].val = named(f.val, rest)
			}
		}
	case sequence:
		c.items = slices.Clone(v.items)
		for i, item := range c.items {
			c.items[i] = named(item, path)
		}
	}
	return &c
}

// document renders a part of a JSON document; element is the key that it is
// the value of.
func (r *renderer) document(v *val, element string) value.Value {
	if v.maybe != nil {
		return r.optional(v, func(v *val) value.Value { return r.document(v, element) })
	}
	if !r.l.spend(1, v.span) {
		return uncertain(r.l.failed(v.span))
	}
	switch v.kind {
	case null:
		return value.Value{Kind: value.Null, Span: v.span}
	case boolean, number:
		t, _ := v.scalarText()
		k := value.Bool
		if v.kind == number {
			k = value.Number
		}
		return value.Value{Kind: k, Span: v.span, Text: t}
	case text:
		r.note(v)
		return value.Value{Kind: value.String, Span: v.span, Text: v.string()}
	case sequence:
		out := value.Value{Kind: value.List, Span: v.span, Items: []value.Value{}}
		for _, item := range v.items {
			out.Items = append(out.Items, r.document(item, element))
		}
		return out
	case mapping:
		return r.object(v, element)
	}
	return r.oneOf(v, func(v *val) value.Value { return r.document(v, element) })
}

// principalKeys are those that an unknown one may be.
var principalKeys = []string{"AWS", "Federated", "Service", "CanonicalUser"}

func (r *renderer) object(v *val, element string) value.Value {
	if v.inst != nil || v.mod != nil || v.open != nil && element != "Principal" && element != "Condition" {
		return uncertain(v)
	}
	out := value.Value{Kind: value.Map, Span: v.span, Fields: []value.Field{}}
	for _, f := range v.fields {
		below := f.key
		if element == "Condition" || element == "Principal" {
			below = ""
		}
		out.Fields = append(out.Fields, value.Field{Key: f.key, KeySpan: f.span, Value: r.document(f.val, below)})
	}
	if v.open == nil {
		return out
	}
	more := value.Value{Kind: value.Unknown, Span: v.span, Text: v.open.text}
	if element == "Condition" {
		return withCondition(out, more)
	}
	for _, key := range principalKeys {
		if v.get(key) == nil {
			out.Fields = append(out.Fields, value.Field{Key: key, KeySpan: v.span, Value: more})
		}
	}
	return out
}

// operators are names for a condition that is not known: under one that the
// condition element does not have yet, an unknown is one more constraint.
var operators = []string{"StringEquals", "StringLike", "ArnEquals", "ArnLike", "Bool", "IpAddress", "NumericEquals", "DateEquals", "BinaryEquals"}

// withCondition adds a constraint of which nothing is known.
func withCondition(condition, unknown value.Value) value.Value {
	if condition.Kind != value.Map {
		return unknown
	}
	for _, name := range operators {
		if slices.ContainsFunc(condition.Fields, func(f value.Field) bool { return strings.EqualFold(f.Key, name) }) {
			continue
		}
		condition.Fields = append(slices.Clone(condition.Fields), value.Field{Key: name, KeySpan: unknown.Span, Value: unknown})
		return condition
	}
	return unknown
}

// fromValue returns a tree as the evaluator has it.
func fromValue(v value.Value) *val {
	switch v.Kind {
	case value.Bool:
		return boolVal(v.Text.Literal == "true", v.Span)
	case value.Number:
		if n, ok := parseNumber(v.Text.Literal); ok {
			return numberVal(n, v.Span)
		}
		return textVal(v.Text.Literal, v.Span)
	case value.String:
		return &val{kind: text, text: v.Text, span: v.Span}
	case value.List:
		items := make([]*val, len(v.Items))
		for i, item := range v.Items {
			items[i] = fromValue(item)
		}
		return seqVal(items, v.Span)
	case value.Map:
		fields := make([]field, len(v.Fields))
		for i, f := range v.Fields {
			fields[i] = field{key: f.Key, span: f.KeySpan, val: fromValue(f.Value)}
		}
		return mapVal(fields, v.Span)
	case value.Unknown:
		if len(v.Text.Parts) == 1 && v.Text.Parts[0].Ref != nil {
			return unknownVal(*v.Text.Parts[0].Ref, v.Span)
		}
		return unknownVal(value.Reference{Name: "value"}, source.Span{})
	}
	return nullVal(v.Span)
}
