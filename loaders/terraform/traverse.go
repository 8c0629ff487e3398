package terraform

import (
	"math/big"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// doubt notes that what is being evaluated may fail, because a value is not known.
func (l *loader) doubt(v *val) {
	if v.kind == unknown || v.maybe != nil {
		l.doubts++
	}
}

func (l *loader) traverse(v *val, steps hcl.Traversal, span source.Span) *val {
	for i, step := range steps {
		switch s := step.(type) {
		case hcl.TraverseAttr:
			v = l.attribute(v, s.Name, l.span(s.SrcRange), span)
		case hcl.TraverseIndex:
			v = l.indexed(v, literal(s.Key, l.span(s.SrcRange)), span)
		case hcl.TraverseSplat:
			// Never made by the parser: it has its own kind of expression.
			return l.traverse(v, steps[i+1:], span)
		}
	}
	return v
}

// attribute returns an attribute of an object, a resource or a module.
func (l *loader) attribute(v *val, name string, at, span source.Span) *val {
	out := l.attributeOf(v, name, at, span)
	if v.many || v.unsure != "" {
		c := *out
		c.many, c.by, c.unsure = v.many, v.by, v.unsure
		return &c
	}
	return out
}

func (l *loader) attributeOf(v *val, name string, at, span source.Span) *val {
	l.doubt(v)
	switch v.kind {
	case unknown:
		return l.part(v, "."+name, span)
	case mapping:
		switch {
		case v.inst != nil:
			return v.inst.attribute(name, at, span)
		case v.mod != nil:
			return v.mod.output(name, at, span)
		}
		if f := v.get(name); f != nil {
			l.doubt(f)
			return f.placed(span)
		}
		if v.each != nil {
			l.doubts++
			return v.each.placed(span).chosen(textVal(name, at))
		}
		if v.open != nil {
			l.doubts++
			return l.part(v.open, "."+name, span)
		}
		return l.errorf(at, "the object has no attribute %q%s", name, suggestKey(name, v))
	case sequence:
		// Terraform 0.11's way to write an index, and aws_x.y.attr of a
		// resource with count.
		if n, ok := parseNumber(name); ok {
			return l.indexed(v, numberVal(n, at), span)
		}
		return l.errorf(at, "a list has no attribute %q, expected an index such as [0]", name)
	}
	return l.errorf(at, "%s has no attribute %q", v.kind, name)
}

func suggestKey(name string, v *val) string {
	var keys []string
	for _, f := range v.fields {
		keys = append(keys, f.key)
	}
	if near := spelling.Nearest(name, keys); near != "" {
		return "; did you mean \"" + near + "\"?"
	}
	return ""
}

// part returns a part of what is not known. The name says which, so far as that
// is written in the code.
func (l *loader) part(v *val, step string, span source.Span) *val {
	r := *v.ref()
	if r.Is == value.Anything && r.Values == nil {
		return unknownVal(value.Reference{Name: r.Name + step}, span)
	}
	return derived(step, span, v)
}

// indexed returns an element of a list or map.
func (l *loader) indexed(v, key *val, span source.Span) *val {
	l.doubt(v)
	l.doubt(key)
	switch v.kind {
	case unknown:
		if s, ok := key.known(); ok {
			return l.part(v, "."+s, span)
		}
		if key.kind == number {
			return l.part(v, "["+formatNumber(key.num)+"]", span)
		}
		return derived("index", span, v, key)
	case sequence:
		return l.element(v, key, span)
	case mapping:
		if v.inst != nil || v.mod != nil {
			if s, ok := key.known(); ok {
				return l.attribute(v, s, key.span, span)
			}
			return derived("index", span, v, key)
		}
		return l.member(v, key, span)
	}
	return l.errorf(span, "%s has no elements", v.kind)
}

func (l *loader) element(v, key *val, span source.Span) *val {
	n, ok := l.numberOf(key)
	if !ok {
		return l.errorf(span, "index of a list must be a number, found %s", key.kind)
	}
	if v.isSet {
		return l.errorf(span, "elements of a set have no index; make it a list with tolist(…)")
	}
	if n != nil && !n.IsInt() {
		return l.errorf(span, "index of a list must be a whole number, found %s", formatNumber(n))
	}
	return l.elementAt(v, n, key, span)
}

// elementAt returns the element at an index, nil being one that is not known.
func (l *loader) elementAt(v *val, n *big.Float, key *val, span source.Span) *val {
	i, sure := -1, n != nil && !v.loose
	if n != nil {
		if n.Sign() < 0 {
			return l.errorf(span, "index %s is out of range: the list has %d elements", formatNumber(n), len(v.items))
		}
		if at, _ := n.Int64(); at <= int64(len(v.items)) {
			i = int(at)
		} else {
			i = len(v.items)
		}
		if i < len(v.items) && sure {
			sure = !slices.ContainsFunc(v.items[:i+1], func(o *val) bool { return o.maybe != nil })
		} else if i == len(v.items) && v.fixed() {
			return l.errorf(span, "index %s is out of range: the list has %d elements", formatNumber(n), len(v.items))
		} else {
			sure = false
		}
	}
	if sure {
		return v.items[i].placed(span)
	}
	l.doubts++
	return l.anyOf(v, v.items, key, span)
}

// anyOf returns what is known of an element when it is not known which it is.
func (l *loader) anyOf(v *val, items []*val, key *val, span source.Span) *val {
	if len(items) == 0 {
		return derived("index", span, v, key)
	}
	certain := make([]*val, len(items))
	for i, item := range items {
		certain[i] = item.certain()
	}
	if len(certain) == 1 {
		if certain[0].kind == unknown && certain[0].ref().Is == value.Anything {
			return derived("index", span, v, key)
		}
		return certain[0].placed(span).chosen(key) // the one that stands for all
	}
	why := key.cause()
	if why == nil {
		why = v.cause()
	}
	if why == nil {
		why = l.failed(span).ref()
	}
	return l.either(certain, why, func() string { return why.Name + " index #" + tag("index", v, key) }, span)
}

func (l *loader) member(v, key *val, span source.Span) *val {
	t, ok := key.scalarText()
	if !ok {
		return l.errorf(span, "index of a map must be a string, found %s", key.kind)
	}
	s, known := t.Known()
	if known && key.maybe == nil {
		if f := v.get(s); f != nil {
			l.doubt(f)
			return f.placed(span)
		}
		switch {
		case v.each != nil:
			l.doubts++
			return v.each.placed(span).chosen(key)
		case v.open != nil:
			l.doubts++
			return l.part(v.open, "."+s, span)
		}
		return l.errorf(span, "the map has no element %q%s", s, suggestKey(s, v))
	}
	l.doubts++
	if v.open == nil && len(v.fields) > 0 {
		var choices []*val
		for _, f := range v.sorted() {
			choices = append(choices, f.val)
		}
		why := key.cause()
		if why == nil {
			why = l.failed(span).ref()
		}
		return l.either(choices, why, func() string { return why.Name + " key #" + tag("key", v, key) }, span)
	}
	if v.each != nil && len(v.fields) == 0 {
		return v.each.placed(span).chosen(key)
	}
	return derived("index", span, v, key)
}

// chosen returns what stands for several, as the one with a key. Unless that is
// the key which tells them apart, it may be the one or the other of them.
func (v *val) chosen(key *val) *val {
	if !v.many {
		return v
	}
	c := *v
	c.many = false
	generic := key.kind == unknown && v.by == nil && strings.HasPrefix(key.ref().Name, countIndex)
	if v.by != nil && key.maybe == nil && equal(key.certain(), v.by) == yes || generic {
		return &c
	}
	c.unsure = "this one of several"
	return &c
}

// countIndex begins the names of the numbers of instances that are not counted.
const countIndex = "count.index of "

// reference evaluates a name and the steps after it.
func (l *loader) reference(t hcl.Traversal, sc *scope, span source.Span) *val {
	name := t.RootName()
	rest := t[1:]
	if v := sc.lookup(name); v != nil {
		if len(rest) == 0 {
			return v.placed(span)
		}
		return l.traverse(v, rest, span)
	}
	if sc.isTemplate() {
		if open := sc.openVars(); open != nil {
			return l.traverse(l.attribute(open, name, span, span), rest, span)
		}
		return l.errorf(span, "the template has no variable %q", name)
	}
	m := sc.m
	switch name {
	case "var", "local", "module", "path", "terraform", "data", "ephemeral", "resource":
	case "count":
		if sc.count != nil && attrName(rest, 0) == "index" {
			return l.traverse(sc.count.placed(span), rest[1:], span)
		}
		return l.errorf(span, "count.index is known only in a block with count")
	case "each":
		switch attrName(rest, 0) {
		case "key":
			if sc.key != nil {
				return l.traverse(sc.key.placed(span), rest[1:], span)
			}
		case "value":
			if sc.val != nil {
				return l.traverse(sc.val.placed(span), rest[1:], span)
			}
		}
		return l.errorf(span, "each.key and each.value are known only in a block with for_each")
	case "self":
		if sc.self != nil {
			return l.traverse(sc.self.value(), rest, span)
		}
		return l.errorf(span, "self is known only in a block of a resource")
	}
	first := attrName(rest, 0)
	if first == "" {
		return l.errorf(span, "%q is not a variable, expected a reference such as var.%s or local.%s", name, name, name)
	}
	at := l.span(t.SourceRange())
	switch name {
	case "var":
		return l.traverse(m.variable(first, at).placed(span), rest[1:], span)
	case "local":
		return l.traverse(m.local(first, at).placed(span), rest[1:], span)
	case "module":
		return l.traverse(m.child(first, at), rest[1:], span)
	case "path":
		return l.traverse(m.pathValue(first, at), rest[1:], span)
	case "terraform":
		if first == "workspace" {
			return l.workspace(at)
		}
		return l.errorf(at, "terraform has no attribute %q, expected workspace", first)
	case "ephemeral":
		return l.traverse(unknownVal(value.Reference{Name: m.address("ephemeral." + first + "." + attrName(rest, 1))}, at), rest[min(2, len(rest)):], span)
	case "data":
		second := attrName(rest, 1)
		if second == "" {
			return l.errorf(at, "expected a reference to a data source such as data.aws_caller_identity.current")
		}
		return l.traverse(m.resource("data."+first, second, at), rest[2:], span)
	case "resource":
		second := attrName(rest, 1)
		if second == "" {
			return l.errorf(at, "expected a reference to a resource such as resource.aws_s3_bucket.logs")
		}
		return l.traverse(m.resource(first, second, at), rest[2:], span)
	}
	return l.traverse(m.resource(name, first, at), rest[1:], span)
}

// attrName returns the name of a step, "" when it is none.
func attrName(steps hcl.Traversal, i int) string {
	if i >= len(steps) {
		return ""
	}
	switch s := steps[i].(type) {
	case hcl.TraverseAttr:
		return s.Name
	case hcl.TraverseIndex:
		if s.Key.Type() == cty.String && !s.Key.IsNull() {
			return s.Key.AsString()
		}
	}
	return ""
}
