package cloudformation

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// forEach is the beginning of the key of a loop.
const forEach = "Fn::ForEach::"

// expand returns the fields of an object with its loops unrolled and what it
// includes in place.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
func (e *evaluator) expand(s *scope, fields []value.Field) []value.Field {
	special := false
	for _, f := range fields {
		special = special || strings.HasPrefix(f.Key, forEach) || f.Key == "Fn::Transform"
	}
	if !special {
		return fields
	}
	var out []value.Field
	for _, f := range fields {
		switch {
		case strings.HasPrefix(f.Key, forEach):
			out = append(out, e.loop(s, f)...)
		case f.Key == "Fn::Transform":
			out = append(out, e.transformed(s, f.Value)...)
		default:
			out = append(out, f)
		}
	}
	return out
}

// loop unrolls Fn::ForEach::Name: [identifier, collection, body].
func (e *evaluator) loop(s *scope, f value.Field) []value.Field {
	v := f.Value
	if v.Kind != value.List || len(v.Items) != 3 {
		e.errorf(v.Span, "expected an identifier, a collection and an object for %q, found %s", f.Key, described(v))
		return nil
	}
	identifier, known := v.Items[0].Text.Known()
	if v.Items[0].Kind != value.String || !known || identifier == "" {
		e.errorf(v.Items[0].Span, "expected an identifier for %q, found %s", f.Key, v.Items[0].Kind)
		return nil
	}
	body := v.Items[2]
	if body.Kind != value.Map {
		e.errorf(body.Span, "expected an object as body of %q, found %s", f.Key, body.Kind)
		return nil
	}
	collection := e.collection(s, f.Key, v.Items[1])
	var out []value.Field
	for _, item := range collection {
		if e.steps > maxSteps {
			break // which is reported
		}
		replaced := e.substitute(body, identifier, item)
		out = append(out, e.expand(s, replaced.Fields)...)
	}
	return out
}

// collection returns the known items of the collection of a loop. Of others it
// records that what they declare is not read.
func (e *evaluator) collection(s *scope, key string, v value.Value) []string {
	got := e.argument(s, v)
	switch got.Kind {
	case value.List:
	case value.Unknown:
		e.unreadLoop(s, key, v.Span, got)
		return nil
	default:
		e.errorf(v.Span, "expected a list as collection of %q, found %s", key, got.Kind)
		return nil
	}
	var out []string
	for _, item := range got.Items {
		text, known := e.literal(item)
		if !known {
			e.unreadLoop(s, key, item.Span, item)
			continue
		}
		out = append(out, text)
	}
	return out
}

// substitute replaces an identifier in the keys and texts of a loop's body:
// ${Identifier} is the item, &{Identifier} its letters and digits.
func (e *evaluator) substitute(v value.Value, identifier, item string) value.Value {
	r := strings.NewReplacer("${"+identifier+"}", item, "&{"+identifier+"}", alphanumeric(item))
	return e.replace(v, identifier, item, r)
}

func (e *evaluator) replace(v value.Value, identifier, item string, r *strings.Replacer) value.Value {
	if !e.step(v.Span) {
		return unknown(v.Span, "too much to evaluate")
	}
	switch v.Kind {
	case value.String:
		if strings.Contains(v.Text.Literal, "{"+identifier+"}") {
			v.Text = value.Lit(r.Replace(v.Text.Literal))
			e.spend(v.Span, len(v.Text.Literal))
		}
	case value.List:
		items := make([]value.Value, len(v.Items))
		for i := range v.Items {
			items[i] = e.replace(v.Items[i], identifier, item, r)
		}
		v.Items = items
	case value.Map:
		if name, _ := v.Get("Ref").Text.Known(); len(v.Fields) == 1 && name == identifier && v.Get("Ref").Kind == value.String {
			return value.Value{Kind: value.String, Span: v.Span, Text: value.Lit(item)}
		}
		fields := make([]value.Field, len(v.Fields))
		for i, f := range v.Fields {
			if strings.Contains(f.Key, "{"+identifier+"}") {
				f.Key = r.Replace(f.Key)
			}
			f.Value = e.replace(f.Value, identifier, item, r)
			fields[i] = f
		}
		v.Fields = fields
	}
	return v
}

func alphanumeric(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s)
}
