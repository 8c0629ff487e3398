package terraform

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// maxValues is how many values a reference lists at most.
const maxValues = 32

// either returns what is known of a value that is one of several, which one
// being decided by what is not known: why. Elements that all have in common are
// kept, others may be there. label names the choice, and names no other.
func either(choices []*val, why *value.Reference, label string, span source.Span) *val {
	var distinct []*val
	seen := membersOf(nil)
	for _, c := range choices {
		if !seen.has(c) {
			seen.add(c)
			distinct = append(distinct, c)
		}
	}
	if len(distinct) == 1 {
		return distinct[0]
	}
	some := slices.DeleteFunc(slices.Clone(distinct), (*val).isNull)
	if len(some) < len(distinct) {
		return orNull(some, why, label, span)
	}
	switch {
	case all(distinct, func(v *val) bool { return v.kind == sequence && v.maybe == nil }):
		return eitherSequence(distinct, why, span)
	case all(distinct, isDocument):
		return eitherDocument(distinct, why, label, span)
	case all(distinct, func(v *val) bool {
		return v.kind == mapping && v.open == nil && v.inst == nil && v.mod == nil && v.maybe == nil
	}):
		return eitherMapping(distinct, why, label, span)
	}
	r := value.Reference{Name: label}
	if values, ok := valuesOf(distinct); ok {
		r.Values = values
		return unknownVal(r, span)
	}
	v := unknownVal(r, span)
	v.choices = distinct
	for _, c := range distinct {
		v.size = min(max(v.size, 1)+c.weight(), tooLarge)
	}
	return v
}

// either is the function of that name, counted. The name of the choice is asked for
// once there are steps for it.
func (l *loader) either(choices []*val, why *value.Reference, name func() string, span source.Span) *val {
	if !l.spend(choosing(choices), span) {
		return l.failed(span)
	}
	return either(choices, why, name(), span)
}

// orNull returns what is known of a value that may be null.
func orNull(some []*val, why *value.Reference, label string, span source.Span) *val {
	if all(some, isDocument) {
		empty := textVal("", span)
		empty.json = mapVal([]field{{key: "Statement", val: seqVal(nil, span)}}, span)
		return eitherDocument(append(some, empty), why, label, span)
	}
	v := either(some, why, label, span)
	if v.kind == unknown {
		if v.ref().Values != nil { // null is not among them
			return unknownVal(value.Reference{Name: label}, span)
		}
		return v
	}
	return v.doubted(why)
}

func all(list []*val, f func(*val) bool) bool {
	for _, v := range list {
		if !f(v) {
			return false
		}
	}
	return true
}

// valuesOf returns the texts of scalars all of which are known, or unknown with
// a list of values.
func valuesOf(list []*val) (values []string, ok bool) {
	for _, v := range list {
		if v.maybe != nil {
			return nil, false
		}
		var more []string
		t, scalar := v.scalarText()
		s, known := t.Known()
		switch {
		case scalar && known:
			more = []string{s}
		case v.kind == unknown && v.ref().Values != nil:
			more = v.ref().Values
		default:
			return nil, false
		}
		for _, m := range more {
			if !slices.Contains(values, m) {
				values = append(values, m)
			}
			if len(values) > maxValues {
				return nil, false
			}
		}
	}
	return values, true
}

func eitherSequence(list []*val, why *value.Reference, span source.Span) *val {
	sure := make([]*members, len(list)) // elements that are there for certain
	for i, v := range list {
		sure[i] = membersOf(slices.DeleteFunc(slices.Clone(v.items), func(o *val) bool { return o.maybe != nil }))
	}
	var items []*val
	seen := membersOf(nil)
	set := false
	for i, v := range list {
		set = set || v.isSet
		for _, item := range v.items {
			if seen.has(item.certain()) {
				continue
			}
			seen.add(item.certain())
			everywhere := item.maybe == nil
			for j := range list {
				everywhere = everywhere && (i == j || sure[j].has(item))
			}
			if !everywhere {
				item = item.doubted(why)
			}
			items = append(items, item)
		}
	}
	v := seqVal(items, span)
	v.isSet, v.loose = set, !set
	return v
}

func eitherMapping(list []*val, why *value.Reference, label string, span source.Span) *val {
	var fields []field
	seen := map[string]bool{}
	for _, v := range list {
		for _, f := range v.fields {
			if seen[f.key] {
				continue
			}
			seen[f.key] = true
			var choices []*val
			absent := false
			for _, other := range list {
				if o := other.get(f.key); o != nil {
					choices = append(choices, o)
				} else {
					absent = true
				}
			}
			f.val = either(choices, why, label+"."+f.key, f.val.span)
			if absent {
				f.val = f.val.doubted(why)
			}
			fields = append(fields, f)
		}
	}
	return mapVal(fields, span)
}

// isDocument reports whether a value is the JSON form of a policy document.
func isDocument(v *val) bool {
	return v.kind == text && v.maybe == nil && v.json != nil && v.json.kind == mapping && v.json.open == nil && v.json.get("Statement") != nil
}

// eitherDocument returns a document with the statements of all, those that not
// all have in doubt.
func eitherDocument(list []*val, why *value.Reference, label string, span source.Span) *val {
	var trees []*val
	var docs []string
	for _, v := range list {
		docs = append(docs, v.docs...)
		var fields []field
		for _, f := range v.json.fields {
			if f.key == "Statement" && f.val.kind != sequence {
				f.val = seqVal([]*val{f.val}, f.val.span)
			}
			fields = append(fields, f)
		}
		trees = append(trees, mapVal(fields, v.json.span))
	}
	for i, tree := range trees {
		for _, key := range []string{"Version", "Id"} {
			if tree.get(key) == nil { // so that a null in place of a document leaves no doubt about the other's
				for _, other := range trees {
					if o := other.get(key); o != nil {
						trees[i] = mapVal(append(slices.Clone(trees[i].fields), field{key: key, val: o}), tree.span)
						break
					}
				}
			}
		}
	}
	tree := eitherMapping(trees, why, label, span)
	return &val{kind: text, json: tree, docs: docs, span: span}
}
