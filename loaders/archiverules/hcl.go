package archiverules

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/hclsize"
)

// hcl reads the resources of a Terraform file. What is wrong with the file is
// for its loader to report.
func (r *reader) hcl() {
	if hclsize.TooLarge(r.file.Content) {
		return
	}
	parsed, _ := hclsyntax.ParseConfig(r.file.Content, r.file.Name, hcl.InitialPos)
	if parsed == nil {
		return
	}
	body, ok := parsed.Body.(*hclsyntax.Body)
	if !ok {
		return
	}
	for _, b := range body.Blocks {
		if b.Type != "resource" || len(b.Labels) != 2 || b.Labels[0] != "aws_accessanalyzer_archive_rule" {
			continue
		}
		at := value.Value{Span: r.span(b.DefRange())}
		resource := r.block(b.Body)
		dynamic := false
		for _, inner := range b.Body.Blocks {
			dynamic = dynamic || inner.Type == "dynamic"
		}
		if dynamic {
			r.warnf(at.Span, "archive rule is not imported: its filters are not written out")
			continue
		}
		r.terraform(at, resource)
	}
}

func (r *reader) span(at hcl.Range) source.Span {
	return source.Span{File: r.file, Start: at.Start.Byte, End: at.End.Byte}
}

// block turns attributes and blocks into a tree; nested blocks of one type are
// a list.
func (r *reader) block(b *hclsyntax.Body) value.Value {
	out := value.Value{Kind: value.Map, Span: r.span(b.SrcRange)}
	for _, a := range b.Attributes {
		out.Fields = append(out.Fields, value.Field{Key: a.Name, KeySpan: r.span(a.NameRange), Value: r.expression(a.Expr)})
	}
	lists := map[string]*value.Value{}
	for _, inner := range b.Blocks {
		list := lists[inner.Type]
		if list == nil {
			list = &value.Value{Kind: value.List, Span: r.span(inner.Range())}
			lists[inner.Type] = list
		}
		list.Items = append(list.Items, r.block(inner.Body))
	}
	for name, list := range lists {
		out.Fields = append(out.Fields, value.Field{Key: name, Value: *list})
	}
	return out
}

// expression returns the value of what is written out, and else an unknown one.
func (r *reader) expression(e hclsyntax.Expression) value.Value {
	span := r.span(e.Range())
	if list, ok := e.(*hclsyntax.TupleConsExpr); ok {
		out := value.Value{Kind: value.List, Span: span}
		for _, item := range list.Exprs {
			out.Items = append(out.Items, r.expression(item))
		}
		return out
	}
	v, ds := e.Value(nil)
	switch {
	case ds.HasErrors() || !v.IsKnown():
		return value.Value{Kind: value.Unknown, Span: span, Text: value.Ref(value.Reference{Name: span.Text()})}
	case v.IsNull():
		return value.Value{Kind: value.Null, Span: span}
	case v.Type() == cty.String:
		return value.Value{Kind: value.String, Span: span, Text: value.Text{Literal: v.AsString()}}
	case v.Type() == cty.Bool:
		return value.Value{Kind: value.Bool, Span: span, Text: value.Text{Literal: map[bool]string{true: "true", false: "false"}[v.True()]}}
	case v.Type() == cty.Number:
		return value.Value{Kind: value.Number, Span: span, Text: value.Text{Literal: v.AsBigFloat().Text('f', -1)}}
	}
	return value.Value{Kind: value.Unknown, Span: span, Text: value.Ref(value.Reference{Name: span.Text()})}
}
