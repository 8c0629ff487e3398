package terraform

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// template puts a text together. Its chunks keep the place of every literal, so
// that JSON in a heredoc can be read with positions.
func (l *loader) template(e *hclsyntax.TemplateExpr, sc *scope, span source.Span) *val {
	if len(e.Parts) == 1 {
		if lit, ok := e.Parts[0].(*hclsyntax.LiteralValueExpr); ok && lit.Val.Type() == cty.String && !lit.Val.IsNull() {
			s := lit.Val.AsString()
			if !l.spend(len(s), span) {
				return l.failed(span)
			}
			v := textVal(s, span)
			v.chunks = []chunk{{value.Part{Literal: s}, l.span(lit.SrcRange)}}
			return v
		}
	}
	if len(e.Parts) == 0 {
		return textVal("", span)
	}
	b := &textBuilder{l: l}
	for _, part := range e.Parts {
		place := l.span(part.Range())
		if lit, ok := part.(*hclsyntax.LiteralValueExpr); ok && lit.Val.Type() == cty.String && !lit.Val.IsNull() {
			b.add(chunk{value.Part{Literal: lit.Val.AsString()}, place})
			continue
		}
		v := l.eval(part, sc)
		if !b.value(v, place) {
			return l.errorf(place, "a template needs a string here, found %s", v.kind)
		}
	}
	return b.done(span)
}

// textBuilder puts texts and their places together.
type textBuilder struct {
	l      *loader
	chunks []chunk
	docs   []string
}

func (b *textBuilder) add(c chunk) {
	if b.l.spend(len(c.part.Literal), c.span) {
		b.chunks = append(b.chunks, c)
	} else {
		b.chunks = append(b.chunks, chunk{part: value.Part{Ref: b.l.failed(c.span).ref()}, span: c.span})
	}
}

// value adds a scalar, and reports whether it is one.
func (b *textBuilder) value(v *val, place source.Span) bool {
	if v.kind == text && v.chunks != nil {
		for _, c := range v.chunks {
			b.add(c)
		}
		b.docs = append(b.docs, v.docs...)
		return true
	}
	t, ok := v.scalarText()
	if !ok {
		return false
	}
	if !v.span.IsZero() {
		place = v.span
	}
	if t.Parts == nil {
		b.add(chunk{value.Part{Literal: t.Literal}, place})
	}
	for _, p := range t.Parts {
		b.add(chunk{p, place})
	}
	b.docs = append(b.docs, v.docs...)
	return true
}

func (b *textBuilder) done(span source.Span) *val {
	texts := make([]value.Text, len(b.chunks))
	for i, c := range b.chunks {
		texts[i] = value.Text{Literal: c.part.Literal}
		if c.part.Ref != nil {
			texts[i] = value.Text{Parts: []value.Part{c.part}}
		}
	}
	return &val{kind: text, text: value.Join(texts...), chunks: b.chunks, docs: b.docs, span: span}
}

// templateJoin evaluates a for directive of a template.
func (l *loader) templateJoin(e *hclsyntax.TemplateJoinExpr, sc *scope) *val {
	list := l.eval(e.Tuple, sc)
	span := l.span(e.Range())
	if list.kind != sequence {
		return derived("for", span, list)
	}
	b := &textBuilder{l: l}
	for _, item := range list.items {
		if item.maybe != nil {
			item = derived("for", item.span, item)
		}
		if !b.value(item, span) {
			return l.errorf(item.span, "a template needs a string here, found %s", item.kind)
		}
	}
	return b.done(span)
}
