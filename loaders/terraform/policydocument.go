package terraform

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// policyDocument computes data.aws_iam_policy_document. Its result has the
// places of the values that it is made of.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
func (i *instance) policyDocument() *val {
	p := &documentBuilder{i: i, l: i.m.l}
	span := p.l.blockSpan(i.block)
	for _, name := range []string{"source_json", "source_policy_documents"} {
		p.merge(i.argument(name, span), false)
	}
	own := p.own(span)
	p.add(own.get("Statement").items, false)
	for _, key := range []string{"Version", "Id"} {
		if v := own.get(key); v != nil {
			p.set(key, v)
		}
	}
	for _, name := range []string{"override_json", "override_policy_documents"} {
		p.merge(i.argument(name, span), true)
	}
	if p.version == nil {
		p.version = textVal("2012-10-17", span)
	}
	fields := []field{{key: "Version", span: p.version.span, val: p.version}}
	if p.id != nil {
		fields = append(fields, field{key: "Id", span: p.id.span, val: p.id})
	}
	fields = append(fields, field{key: "Statement", span: span, val: seqVal(p.statements, span)})
	return &val{kind: text, json: mapVal(fields, span), docs: append([]string{i.address}, p.docs...), span: span}
}

type documentBuilder struct {
	i           *instance
	l           *loader
	version, id *val
	statements  []*val
	docs        []string
}

func (p *documentBuilder) set(key string, v *val) {
	if key == "Version" {
		// Of several versions the latest counts.
		if text, known := v.known(); p.version == nil || !known {
			p.version = v
		} else if old, known := p.version.known(); known && text > old {
			p.version = v
		}
	} else {
		p.id = v
	}
}

// merge adds the statements of other documents. One with the Sid of a statement
// that is there takes its place.
func (p *documentBuilder) merge(v *val, override bool) {
	if v == nil || v.isNull() {
		return
	}
	list := []*val{v}
	if v.kind == sequence && v.maybe == nil {
		list = v.items
	}
	for _, doc := range list {
		p.mergeOne(doc, override)
	}
}

func (p *documentBuilder) mergeOne(doc *val, override bool) {
	p.docs = append(p.docs, doc.docs...)
	if doc.isNull() {
		return
	}
	if doc.kind == text {
		if s, known := doc.known(); known && strings.TrimSpace(s) == "" {
			return
		}
	}
	var tree *val
	if doc.kind == text {
		t, diags, ok := p.l.decode(doc)
		if ok {
			tree = t
		} else if len(diags) > 0 && doc.string().Parts == nil {
			p.l.failures++
			p.l.diags = append(p.l.diags, diags...)
		}
	}
	if tree == nil || tree.kind != mapping || tree.open != nil {
		p.unknownDocument(doc, override)
		return
	}
	maybe := doc.maybe
	for _, key := range []string{"Version", "Id"} {
		if v := tree.get(key); v != nil && !v.isNull() && maybe == nil {
			p.set(key, v)
		}
	}
	statements := tree.get("Statement")
	if statements == nil || statements.isNull() {
		return
	}
	items := []*val{statements}
	if statements.kind == sequence && statements.maybe == nil {
		items = statements.items
	}
	if maybe != nil {
		doubted := make([]*val, len(items))
		for n, item := range items {
			doubted[n] = item.doubted(maybe)
		}
		items = doubted
	}
	p.add(items, override)
}

// unknownDocument stands for the statements of a document that is not known.
// One that overrides others may replace any statement that has a Sid.
func (p *documentBuilder) unknownDocument(doc *val, override bool) {
	why := doc.cause()
	if why == nil {
		why = p.l.failed(doc.span).ref()
	}
	if override {
		for n, s := range p.statements {
			if sid := sidOf(s); sid != "" {
				p.statements[n] = s.doubted(why)
			}
		}
	}
	p.statements = append(p.statements, unknownVal(*why, doc.span).doubted(why))
}

func sidOf(s *val) string {
	if s.kind != mapping {
		return ""
	}
	sid := s.get("Sid")
	if sid == nil {
		return ""
	}
	t, _ := sid.scalarText()
	return t.String()
}

func (p *documentBuilder) add(items []*val, override bool) {
	for _, s := range items {
		sid := sidOf(s)
		at := -1
		if sid != "" {
			at = slices.IndexFunc(p.statements, func(o *val) bool { return sidOf(o) == sid })
		}
		switch {
		case at >= 0 && s.maybe != nil: // either of the two
			p.statements[at] = p.statements[at].doubted(s.maybe)
			p.statements = append(p.statements, s)
		case at >= 0:
			p.statements[at] = s
		default:
			p.statements = append(p.statements, s)
		}
	}
}

// own returns the statements that the block itself has.
func (p *documentBuilder) own(span source.Span) *val {
	var fields []field
	if v := p.i.argument("version", span); v != nil && !v.isNull() {
		fields = append(fields, field{key: "Version", span: v.span, val: v})
	} else {
		fields = append(fields, field{key: "Version", val: textVal("2012-10-17", span)})
	}
	if v := p.i.argument("policy_id", span); v != nil && !v.isNull() {
		fields = append(fields, field{key: "Id", span: v.span, val: v})
	}
	var statements []*val
	for _, s := range listOf(p.i.argument("statement", span)) {
		if s.kind != mapping || s.open != nil {
			statements = append(statements, s)
			continue
		}
		statements = append(statements, p.statement(s))
	}
	fields = append(fields, field{key: "Statement", span: span, val: seqVal(statements, span)})
	return mapVal(fields, span)
}

// listOf returns the elements of a list of blocks; one block may be an object.
func listOf(v *val) []*val {
	switch {
	case v == nil || v.isNull():
		return nil
	case v.kind == sequence && v.maybe == nil:
		return v.items
	}
	return []*val{v}
}

// elementNames are the elements of a statement that hold lists of strings.
var elementNames = []struct{ argument, element string }{
	{"actions", "Action"}, {"not_actions", "NotAction"}, {"resources", "Resource"}, {"not_resources", "NotResource"},
}

func (p *documentBuilder) statement(s *val) *val {
	var fields []field
	if sid := s.get("sid"); sid != nil && !sid.isNull() {
		if text, known := sid.known(); !known || text != "" {
			fields = append(fields, field{key: "Sid", span: sid.span, val: sid})
		}
	}
	effect := s.get("effect")
	switch {
	case effect == nil || effect.isNull():
		effect = textVal("Allow", s.span)
	case effect.maybe != nil:
		given := effect
		effect = p.l.either([]*val{given.certain(), textVal("Allow", s.span)}, given.maybe, func() string { return given.maybe.Name + " #" + tag("effect", given) }, s.span)
	}
	fields = append(fields, field{key: "Effect", span: effect.span, val: effect})
	for _, name := range []struct{ argument, element string }{{"principals", "Principal"}, {"not_principals", "NotPrincipal"}} {
		if v := p.principals(listOf(s.get(name.argument)), s.span); v != nil {
			fields = append(fields, field{key: name.element, span: v.span, val: v})
		}
	}
	for _, name := range elementNames {
		if v := p.strings(s.get(name.argument), name.element == "Resource" || name.element == "NotResource"); v != nil {
			fields = append(fields, field{key: name.element, span: v.span, val: v})
		}
	}
	if v := p.conditions(listOf(s.get("condition")), s.span); v != nil {
		fields = append(fields, field{key: "Condition", span: v.span, val: v})
	}
	out := mapVal(fields, s.span)
	out.maybe = s.maybe
	return out
}

// strings returns a list of strings, one alone as a string as the provider
// writes it; nil for an empty one, which the provider leaves out.
func (p *documentBuilder) strings(v *val, variables bool) *val {
	switch {
	case v == nil || v.isNull():
		return nil
	case v.kind != sequence || v.maybe != nil:
		return seqVal([]*val{derived("element", v.span, v)}, v.span)
	case len(v.items) == 0:
		return nil
	}
	items := make([]*val, len(v.items))
	for i, item := range v.items {
		items[i] = p.string(item, variables)
	}
	if len(items) == 1 && items[0].maybe == nil {
		return items[0]
	}
	return seqVal(items, v.span)
}

// string returns one string. The provider writes policy variables as &{…}.
func (p *documentBuilder) string(v *val, variables bool) *val {
	t, ok := v.scalarText()
	if !ok || v.kind == unknown {
		return v
	}
	c := &val{kind: text, text: t, span: v.span, maybe: v.maybe}
	if !variables {
		return c
	}
	replace := func(s string) string { return strings.ReplaceAll(s, "&{", "${") }
	if t.Parts == nil {
		c.text = value.Lit(replace(t.Literal))
		return c
	}
	parts := make([]value.Part, len(t.Parts))
	for i, part := range t.Parts {
		part.Literal = replace(part.Literal)
		parts[i] = part
	}
	c.text = value.Text{Parts: parts}
	return c
}

// principals returns the principal element. Only one block of type "*" with the
// identifier "*" is written without a key.
func (p *documentBuilder) principals(blocks []*val, span source.Span) *val {
	if len(blocks) == 0 {
		return nil
	}
	var fields []field
	var open []*val
	for _, b := range blocks {
		if b.kind != mapping || b.open != nil {
			open = append(open, b)
			continue
		}
		typ, ids := b.get("type"), b.get("identifiers")
		if typ == nil {
			typ = p.l.errorf(b.span, "principals needs a type, such as AWS or Service")
		}
		if ids == nil {
			ids = p.l.errorf(b.span, "principals needs a list of identifiers")
		}
		kind, known := typ.known()
		if !known {
			open = append(open, typ, ids)
			continue
		}
		items := []*val{derived("element", ids.span, ids)}
		if ids.kind == sequence && ids.maybe == nil {
			items = make([]*val, len(ids.items))
			for i, item := range ids.items {
				items[i] = p.string(item, true)
			}
		}
		if b.maybe != nil {
			for i, item := range items {
				items[i] = item.doubted(b.maybe)
			}
		}
		if s, isStar := oneKnown(items); len(blocks) == 1 && kind == "*" && isStar && s == "*" {
			return items[0]
		}
		at := slices.IndexFunc(fields, func(f field) bool { return f.key == kind })
		if at < 0 {
			fields = append(fields, field{key: kind, span: typ.span, val: seqVal(items, ids.span)})
			continue
		}
		f := &fields[at]
		f.val = seqVal(append(slices.Clone(f.val.items), items...), f.val.span)
	}
	for i, f := range fields {
		if len(f.val.items) == 1 && f.val.items[0].maybe == nil {
			fields[i].val = f.val.items[0]
		}
	}
	v := mapVal(fields, blocks[0].span)
	if open != nil {
		v.open = derived("principals", span, open...)
	}
	return v
}

func oneKnown(items []*val) (string, bool) {
	if len(items) != 1 {
		return "", false
	}
	return items[0].known()
}

// conditions returns the condition element. The values of blocks with one operator
// and key are written under one key.
//
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/policy_model.go
func (p *documentBuilder) conditions(blocks []*val, span source.Span) *val {
	if len(blocks) == 0 {
		return nil
	}
	var fields []field
	var open []*val
	var wider []wideningBlock
	for _, b := range blocks {
		if b.kind != mapping || b.open != nil {
			open = append(open, b)
			wider = append(wider, wideningBlock{why: b.cause()})
			continue
		}
		test, variable, values := b.get("test"), b.get("variable"), b.get("values")
		for _, v := range []**val{&test, &variable, &values} {
			if *v == nil {
				*v = p.l.errorf(b.span, "condition needs a test, a variable and values")
			}
		}
		operator, known := test.known()
		key, alsoKnown := variable.known()
		if name, ok := claimKey(variable.text); ok && variable.kind == text && variable.maybe == nil {
			key, alsoKnown = name, true
		}
		list := p.strings(values, true)
		if list == nil {
			list = seqVal(nil, values.span)
		}
		if !known || !alsoKnown || b.maybe != nil {
			open = append(open, b)
			w := wideningBlock{operator: operator, key: key, why: b.cause(), values: listOf(list)}
			if !known {
				w.operator, w.why = "", test.cause()
			}
			if !alsoKnown {
				w.key, w.why = "", variable.cause()
			}
			if b.maybe != nil {
				w.why = b.maybe
			}
			wider = append(wider, w)
			continue
		}
		at := slices.IndexFunc(fields, func(f field) bool { return f.key == operator })
		if at < 0 {
			fields = append(fields, field{key: operator, span: test.span, val: mapVal(nil, test.span)})
			at = len(fields) - 1
		}
		keys := slices.Clone(fields[at].val.fields)
		if n := slices.IndexFunc(keys, func(f field) bool { return strings.EqualFold(f.key, key) }); n >= 0 {
			if keys[n].key == key {
				keys[n].val = seqVal(append(slices.Clone(listOf(keys[n].val)), listOf(list)...), keys[n].val.span)
			} else { // in other letters, a second key: AWS does not document what the two amount to
				keys[n].val = derived("values of two conditions", list.span, keys[n].val, list)
			}
		} else {
			keys = append(keys, field{key: key, span: variable.span, val: list})
		}
		fields[at].val = mapVal(keys, fields[at].val.span)
	}
	for _, w := range wider {
		w.widen(p, fields)
	}
	v := mapVal(fields, blocks[0].span)
	if open != nil {
		v.open = derived("condition", span, open...)
	}
	return v
}

// wideningBlock is a condition block that may not be there, or of which it is not
// known which operator and key it has: "". If it has those of another block, its
// values are further ones beside the other's, so that more requests meet them.
type wideningBlock struct {
	operator, key string
	why           *value.Reference
	values        []*val // nil: not known
}

func (w wideningBlock) widen(p *documentBuilder, fields []field) {
	if w.why == nil {
		w.why = p.l.failed(source.Span{}).ref()
	}
	for i, f := range fields {
		if w.operator != "" && f.key != w.operator {
			continue
		}
		keys := slices.Clone(f.val.fields)
		for n, k := range keys {
			if w.key != "" && !strings.EqualFold(k.key, w.key) {
				continue
			}
			items := slices.Clone(listOf(k.val))
			for _, v := range w.values {
				items = append(items, v.doubted(w.why))
			}
			if w.values == nil {
				items = append(items, unknownVal(*w.why, k.val.span).doubted(w.why))
			}
			keys[n].val = seqVal(items, k.val.span)
		}
		fields[i].val = mapVal(keys, f.val.span)
	}
}
