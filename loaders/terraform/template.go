package terraform

import (
	"strings"

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
	full   bool // there is no budget for more
}

func (b *textBuilder) add(c chunk) {
	switch {
	case b.l.spend(chunkCost+len(c.part.Literal), c.span):
		b.chunks = append(b.chunks, c)
	case !b.full:
		b.full = true
		b.chunks = append(b.chunks, chunk{part: value.Part{Ref: b.l.failed(c.span).ref()}, span: c.span})
	}
}

// chunkCost is what a chunk costs beside its text.
const chunkCost = 16

// value adds a scalar, and reports whether it is one.
func (b *textBuilder) value(v *val, place source.Span) bool {
	if v.kind == text && v.chunks != nil {
		for _, c := range v.chunks {
			if b.add(c); b.full {
				break
			}
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
	var w textWriter
	for _, c := range b.chunks {
		w.part(c.part)
	}
	v := &val{kind: text, text: w.text(), chunks: b.chunks, docs: b.docs, span: span}
	if b.l.secrets {
		if file := v.secretFile(); file != nil {
			v.span = source.Span{File: file}
			b.l.remember(v)
		}
	}
	return v
}

// textWriter puts a text together from many pieces.
type textWriter struct {
	parts   []value.Part
	literal strings.Builder
}

func (w *textWriter) part(p value.Part) {
	if p.Ref == nil {
		w.literal.WriteString(p.Literal)
		return
	}
	w.flush()
	w.parts = append(w.parts, p)
}

func (w *textWriter) flush() {
	if w.literal.Len() > 0 {
		w.parts = append(w.parts, value.Part{Literal: w.literal.String()})
		w.literal.Reset()
	}
}

func (w *textWriter) text() value.Text {
	w.flush()
	return value.Join(value.Text{Parts: w.parts})
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
