package terraform

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// convert returns a value as one of a type, with the defaults of optional
// attributes, or why it is none.
//
// https://developer.hashicorp.com/terraform/language/expressions/type-constraints
func (l *loader) convert(v *val, ty cty.Type, defaults *typeexpr.Defaults) (*val, string) {
	if !l.spend(1, v.span) {
		return l.failed(v.span), ""
	}
	if ty == cty.DynamicPseudoType || v.kind == null || v.kind == unknown {
		return v, ""
	}
	if v.maybe != nil {
		c, why := l.convert(v.certain(), ty, defaults)
		if why != "" {
			return v, why
		}
		return c.doubted(v.maybe), ""
	}
	switch {
	case ty.IsPrimitiveType():
		return convertPrimitive(v, ty)
	case ty.IsListType(), ty.IsSetType():
		return l.convertElements(v, ty, child(defaults, ""))
	case ty.IsTupleType():
		return l.convertTuple(v, ty, defaults)
	case ty.IsMapType():
		return l.convertMap(v, ty, child(defaults, ""))
	case ty.IsObjectType():
		return l.convertObject(v, ty, defaults)
	}
	return v, ""
}

func child(d *typeexpr.Defaults, name string) *typeexpr.Defaults {
	if d == nil {
		return nil
	}
	return d.Children[name]
}

func convertPrimitive(v *val, ty cty.Type) (*val, string) {
	t, ok := v.scalarText()
	if !ok {
		return v, fmt.Sprintf("expected a %s, found %s", ty.FriendlyName(), v.kind)
	}
	switch ty {
	case cty.String:
		if v.kind == text {
			return v, ""
		}
		return &val{kind: text, text: t, span: v.span}, ""
	case cty.Bool:
		if v.kind == boolean {
			return v, ""
		}
		s, known := t.Known()
		switch {
		case !known:
			return derived("tobool", v.span, v), ""
		case v.kind == text && (s == "true" || s == "1"):
			return boolVal(true, v.span), ""
		case v.kind == text && (s == "false" || s == "0"):
			return boolVal(false, v.span), ""
		}
	case cty.Number:
		if v.kind == number {
			return v, ""
		}
		s, known := t.Known()
		if !known {
			return derived("tonumber", v.span, v), ""
		}
		if n, ok := parseNumber(s); ok && v.kind == text {
			return numberVal(n, v.span), ""
		}
	}
	return v, fmt.Sprintf("expected a %s, found %s", ty.FriendlyName(), v.kind)
}

func (l *loader) convertElements(v *val, ty cty.Type, defaults *typeexpr.Defaults) (*val, string) {
	if v.kind != sequence {
		return v, fmt.Sprintf("expected a list, found %s", v.kind)
	}
	items := make([]*val, len(v.items))
	for i, item := range v.items {
		c, why := l.convert(item, ty.ElementType(), defaults)
		if why != "" {
			return v, why
		}
		items[i] = c
	}
	if ty.IsSetType() {
		return setOf(items, v.span), ""
	}
	out := seqVal(items, v.span)
	out.loose = v.loose
	return out, ""
}

func (l *loader) convertTuple(v *val, ty cty.Type, defaults *typeexpr.Defaults) (*val, string) {
	types := ty.TupleElementTypes()
	if v.kind != sequence || v.fixed() && len(v.items) != len(types) {
		return v, fmt.Sprintf("expected a list of %d elements, found %s", len(types), v.kind)
	}
	if !v.fixed() {
		return v, ""
	}
	items := make([]*val, len(types))
	for i, item := range v.items {
		c, why := l.convert(item, types[i], child(defaults, fmt.Sprint(i)))
		if why != "" {
			return v, why
		}
		items[i] = c
	}
	return seqVal(items, v.span), ""
}

func (l *loader) convertMap(v *val, ty cty.Type, defaults *typeexpr.Defaults) (*val, string) {
	if v.kind != mapping {
		return v, fmt.Sprintf("expected a map, found %s", v.kind)
	}
	if v.inst != nil || v.mod != nil {
		return v, ""
	}
	fields := make([]field, len(v.fields))
	for i, f := range v.fields {
		c, why := l.convert(f.val, ty.ElementType(), defaults)
		if why != "" {
			return v, f.key + ": " + why
		}
		f.val = c
		fields[i] = f
	}
	out := mapVal(fields, v.span)
	out.open, out.each = v.open, v.each
	return out, ""
}

func (l *loader) convertObject(v *val, ty cty.Type, defaults *typeexpr.Defaults) (*val, string) {
	if v.kind != mapping {
		return v, fmt.Sprintf("expected an object, found %s", v.kind)
	}
	if v.inst != nil || v.mod != nil {
		return v, ""
	}
	names := make([]string, 0, len(ty.AttributeTypes()))
	for name := range ty.AttributeTypes() {
		names = append(names, name)
	}
	order := map[string]int{}
	for i, f := range v.fields {
		order[f.key] = i + 1
	}
	slices.SortFunc(names, func(a, b string) int {
		if order[a] != order[b] && order[a] > 0 && order[b] > 0 {
			return order[a] - order[b]
		}
		if order[a] > 0 != (order[b] > 0) {
			return order[b] - order[a]
		}
		return strings.Compare(a, b)
	})
	var fields []field
	for _, name := range names {
		f := field{key: name}
		for _, own := range v.fields {
			if own.key == name {
				f = own
			}
		}
		var fallback *val
		if defaults != nil {
			if d, ok := defaults.DefaultValues[name]; ok {
				fallback = fromCty(d, v.span)
			}
		}
		switch {
		case f.val == nil && v.open != nil:
			f.val = l.part(v.open, "."+name, v.span)
		case f.val == nil && fallback == nil && !ty.AttributeOptional(name):
			return v, fmt.Sprintf("attribute %q is missing", name)
		case f.val == nil && fallback == nil:
			f.val = nullVal(v.span)
		case fallback != nil && (f.val == nil || f.val.isNull()):
			f.val = fallback
		case fallback != nil && f.val.maybe != nil:
			old := f.val
			f.val = l.either([]*val{old.certain(), fallback}, old.maybe, func() string { return old.maybe.Name + " #" + tag(name, old, fallback) }, old.span)
		}
		c, why := l.convert(f.val, ty.AttributeType(name), child(defaults, name))
		if why != "" {
			return v, name + ": " + why
		}
		f.val = c
		fields = append(fields, f)
	}
	return mapVal(fields, v.span), ""
}

// setOf returns the distinct elements, in the order in which sets iterate.
func setOf(items []*val, span source.Span) *val {
	var known, rest []*val
	seen := membersOf(nil)
	for _, item := range items {
		if seen.has(item) {
			continue
		}
		seen.add(item)
		if _, ok := item.known(); ok {
			known = append(known, item)
			continue
		}
		rest = append(rest, item)
	}
	sort.SliceStable(known, func(i, j int) bool { return known[i].string().Literal < known[j].string().Literal })
	if len(known) == 0 { // numbers and the like: as cty orders them
		sort.SliceStable(rest, func(i, j int) bool {
			return rest[i].kind == number && rest[j].kind == number && rest[i].num.Cmp(rest[j].num) < 0
		})
	}
	v := seqVal(append(known, rest...), span)
	v.isSet = true
	return v
}

// toCty returns a value that is wholly known as cty has it.
func toCty(v *val) cty.Value {
	switch v.kind {
	case boolean:
		return cty.BoolVal(v.flag)
	case number:
		return cty.NumberVal(v.num)
	case text:
		return cty.StringVal(v.string().Literal)
	case sequence:
		items := make([]cty.Value, len(v.items))
		for i, item := range v.items {
			items[i] = toCty(item)
		}
		if v.isSet && len(items) > 0 {
			if same := cty.TupleVal(items); canList(same) {
				return cty.SetVal(items)
			}
		}
		return cty.TupleVal(items)
	case mapping:
		m := make(map[string]cty.Value, len(v.fields))
		for _, f := range v.fields {
			m[f.key] = toCty(f.val)
		}
		return cty.ObjectVal(m)
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

// canList reports whether the elements of a tuple have one type.
func canList(tuple cty.Value) bool {
	types := tuple.Type().TupleElementTypes()
	for _, t := range types {
		if !t.Equals(types[0]) || t == cty.DynamicPseudoType {
			return false
		}
	}
	return true
}

// fromCty returns a value of cty, all of it at one place.
func fromCty(c cty.Value, span source.Span) *val {
	c, _ = c.Unmark()
	if !c.IsKnown() {
		return unknownVal(value.Reference{Name: "value"}, span)
	}
	if c.IsNull() {
		return nullVal(span)
	}
	ty := c.Type()
	switch {
	case ty == cty.Bool:
		return boolVal(c.True(), span)
	case ty == cty.Number:
		return numberVal(new(big.Float).Set(c.AsBigFloat()), span)
	case ty == cty.String:
		return textVal(c.AsString(), span)
	case ty.IsListType(), ty.IsSetType(), ty.IsTupleType():
		items := []*val{}
		for it := c.ElementIterator(); it.Next(); {
			_, item := it.Element()
			items = append(items, fromCty(item, span))
		}
		v := seqVal(items, span)
		v.isSet = ty.IsSetType()
		return v
	case ty.IsMapType(), ty.IsObjectType():
		fields := []field{}
		for it := c.ElementIterator(); it.Next(); {
			key, item := it.Element()
			fields = append(fields, field{key: key.AsString(), span: span, val: fromCty(item, span)})
		}
		return mapVal(fields, span)
	}
	return unknownVal(value.Reference{Name: "value"}, span)
}
