package cloudformation

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// findInMap evaluates Fn::FindInMap. Where a key is not known, the result is one
// of the values that the mapping has under it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html
func (e *evaluator) findInMap(s *scope, v, arg value.Value) value.Value {
	if arg.Kind != value.List || len(arg.Items) < 3 || len(arg.Items) > 4 {
		return e.fault(arg.Span, "expected a mapping and two keys for \"Fn::FindInMap\", found %s", described(arg))
	}
	fallback, hasFallback := e.fallback(s, arg)
	var names [3]value.Value
	for i := range names {
		names[i] = e.argument(s, arg.Items[i])
		if !names[i].IsScalar() {
			return e.fault(arg.Items[i].Span, "expected a string for \"Fn::FindInMap\", found %s", names[i].Kind)
		}
	}
	label := "Fn::FindInMap " + names[0].Text.String() + "." + names[1].Text.String() + "." + names[2].Text.String()
	mapping, known := e.literal(names[0])
	if !known {
		return unknown(v.Span, label)
	}
	top := s.section("Mappings").Get(mapping)
	if top.Kind != value.Map {
		if hasFallback {
			return fallback
		}
		if s.loose || s.section("Mappings").Get("Fn::Transform").Kind != value.Absent {
			return unknown(v.Span, label)
		}
		var all []string
		for _, f := range s.section("Mappings").Fields {
			all = append(all, f.Key)
		}
		return e.fault(arg.Items[0].Span, "mapping %q is not in the template%s", mapping, e.suggest(mapping, func() []string { return all }))
	}
	found := e.lookUp(names[1], []value.Value{top})
	found = e.lookUp(names[2], found)
	_, first := e.literal(names[1])
	_, second := e.literal(names[2])
	if first && second {
		switch {
		case len(found) == 1:
			got, _ := e.value(s, found[0])
			if got.IsScalar() {
				got.Span = v.Span
			}
			return got
		case hasFallback:
			return fallback
		}
		return e.fault(v.Span, "mapping %q has no value for the keys %q and %q", mapping, names[1].Text.String(), names[2].Text.String())
	}
	return e.oneOf(v, label, found, fallback, hasFallback)
}

// lookUp returns the values of maps under a key, or under all keys that it may be.
func (e *evaluator) lookUp(key value.Value, maps []value.Value) (found []value.Value) {
	text := e.resolved(key.Text)
	literal, known := text.Known()
	var allowed []string
	if len(text.Parts) == 1 && text.Parts[0].Ref != nil {
		allowed = text.Parts[0].Ref.Values
	}
	for _, m := range maps {
		for _, f := range m.Fields {
			switch {
			case known && f.Key == literal:
			case known, allowed != nil && !contains(allowed, f.Key), !known && !couldBe(text, f.Key):
				continue
			}
			found = append(found, f.Value)
		}
	}
	return found
}

// oneOf is a value that is one of several.
func (e *evaluator) oneOf(v value.Value, label string, found []value.Value, fallback value.Value, hasFallback bool) value.Value {
	r := value.Reference{Name: label}
	if hasFallback {
		found = append(found, fallback)
	}
	values := make([]string, 0, len(found))
	for _, f := range found {
		text, known := f.Text.Known()
		if !f.IsScalar() || !known || f.Kind == value.Unknown {
			return value.OneOf(r, v.Span, found...)
		}
		values = append(values, text)
	}
	slices.Sort(values)
	if len(values) > 0 {
		r.Values = slices.Compact(values)
	}
	return refer(v.Span, r)
}

// fallback evaluates the DefaultValue of the language extensions.
func (e *evaluator) fallback(s *scope, arg value.Value) (value.Value, bool) {
	if len(arg.Items) < 4 {
		return value.Value{}, false
	}
	raw := arg.Items[3]
	if raw.Kind != value.Map || len(raw.Fields) != 1 || raw.Fields[0].Key != "DefaultValue" {
		return e.fault(raw.Span, "expected an object with %q for \"Fn::FindInMap\", found %s", "DefaultValue", raw.Kind), true
	}
	return e.argument(s, raw.Fields[0].Value), true
}

// resolveDynamic replaces dynamic references, which are read at deployment.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
func resolveDynamic(t value.Text) value.Text {
	const start, end = "{{resolve:", "}}"
	if t.Parts == nil && !strings.Contains(t.Literal, start) {
		return t
	}
	var out []value.Text
	var name strings.Builder
	inside := false
	literal := func(s string) {
		for s != "" {
			mark := start
			if inside {
				mark = end
			}
			before, after, found := strings.Cut(s, mark)
			if inside {
				name.WriteString(before)
			} else {
				out = append(out, value.Lit(before))
			}
			if !found {
				return
			}
			if inside {
				out = append(out, value.Ref(value.Reference{Name: start + name.String() + end}))
			}
			name.Reset()
			inside, s = !inside, after
		}
	}
	parts := t.Parts
	if parts == nil {
		parts = []value.Part{{Literal: t.Literal}}
	}
	for _, p := range parts {
		switch {
		case p.Ref == nil:
			literal(p.Literal)
		case inside:
			name.WriteString("${" + p.Ref.Name + "}")
		default:
			out = append(out, value.Ref(*p.Ref))
		}
	}
	if inside { // no end: it is a text like any other
		return t
	}
	return value.Join(out...)
}
