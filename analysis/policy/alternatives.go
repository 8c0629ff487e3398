package policy

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/value"
)

// entry is an entry of a list, and what decides whether it is there: "" when it
// certainly is.
type entry struct {
	value value.Value
	maybe string
}

// entries returns the entries of a list, or the value itself: any list of one may
// be written without brackets. Of a value that is one of several, which may be
// lists, it returns the entries of all.
func entries(v value.Value) []entry { return addEntries(nil, v, "", true) }

func addEntries(out []entry, v value.Value, maybe string, list bool) []entry {
	switch {
	case v.Kind == value.List && list:
		for _, item := range v.Items {
			out = addEntries(out, item, maybe, item.Kind == value.Unknown)
		}
	case v.Kind == value.Unknown && len(v.Items) > 0:
		for _, alternative := range v.Items {
			if alternative.Kind != value.Absent {
				out = addEntries(out, alternative, decidedBy(v), list)
			}
		}
	default:
		out = append(out, entry{v, maybe})
	}
	return out
}

// decidedBy names what decides between alternatives.
func decidedBy(v value.Value) string {
	if names := v.Text.References(); len(names) > 0 {
		return names[0]
	}
	return "value"
}

// inDoubt returns statements as ones that may not be there.
func inDoubt(list []Statement, maybe string) []Statement {
	if maybe == "" {
		return list
	}
	for i := range list {
		if list[i].Maybe == "" {
			list[i].Maybe = maybe
		}
		list[i].Alternatives = 0
	}
	return list
}

// oneDocument reads a document that is one of several: each of their statements
// may be there.
func (d *decoder) oneDocument(v value.Value) *Document {
	out := &Document{Span: v.Span}
	for _, alternative := range v.Items {
		if alternative.Kind == value.Absent || alternative.Kind == value.Null {
			continue
		}
		d.refused = ""
		doc := d.document(alternative)
		if out.Version == "" || doc.HasVariables() {
			out.Version = doc.Version
		}
		next := nextIndex(out.Statements)
		for _, s := range inDoubt(doc.Statements, decidedBy(v)) {
			s.Index += next
			out.Statements = append(out.Statements, s)
		}
	}
	return out
}

// maxAlternatives bounds the alternatives of one statement.
const maxAlternatives = 16

// alternatives returns the statements that one is one of, and what decides: its
// principal or its condition is one of several. Past the bound the statement is
// returned as it is, with unknown elements.
func alternatives(v value.Value) (list []value.Value, why string) {
	list = []value.Value{v}
	if v.Kind != value.Map {
		return list, ""
	}
	for i, f := range v.Fields {
		if f.Key != "Principal" && f.Key != "NotPrincipal" && f.Key != "Condition" {
			continue
		}
		choices, by := elementAlternatives(f.Value, f.Key == "Condition")
		if len(choices) < 2 || len(list)*len(choices) > maxAlternatives {
			continue
		}
		why = by
		var more []value.Value
		for _, one := range list {
			for _, c := range choices {
				next := one
				next.Fields = slices.Clone(one.Fields)
				next.Fields[i].Value = c
				more = append(more, next)
			}
		}
		list = more
	}
	return list, why
}

// elementAlternatives returns the values that an element can be: itself, one of
// several, or for a condition with operator blocks that are one of several every
// combination of these. Where no condition may be there, it is an empty one.
func elementAlternatives(v value.Value, condition bool) (list []value.Value, why string) {
	if v.Kind == value.Unknown && len(v.Items) > 0 {
		for _, a := range v.Items {
			switch {
			case a.Kind == value.Absent && condition, a.Kind == value.Null && condition:
				a = value.Value{Kind: value.Map, Span: v.Span}
			case a.Kind == value.Absent:
				a = value.Value{Kind: value.Map, Span: v.Span} // nobody
			}
			list = append(list, a)
		}
		return list, decidedBy(v)
	}
	list = []value.Value{v}
	if v.Kind != value.Map || !condition {
		return list, ""
	}
	for i, f := range v.Fields {
		choices, by := elementAlternatives(f.Value, false)
		if len(choices) < 2 || len(list)*len(choices) > maxAlternatives {
			continue
		}
		why = by
		var more []value.Value
		for _, one := range list {
			for _, c := range choices {
				next := one
				next.Fields = slices.Clone(one.Fields)
				next.Fields[i].Value = c
				more = append(more, next)
			}
		}
		list = more
	}
	return list, why
}
