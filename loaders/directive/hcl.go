package directive

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/loaders/hclsize"
)

// ofHCL reads the comments of Terraform's own syntax. A file with mistakes is
// read as far as it goes, and one that is too large not at all: its loader
// reports them.
func ofHCL(f *source.File) []Directive {
	p := &page{file: f}
	if hclsize.TooLarge(f.Content) {
		return nil
	}
	tokens, _ := hclsyntax.LexConfig(f.Content, f.Name, hcl.InitialPos)
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenComment {
			p.comments = append(p.comments, construct{t.Range.Start.Byte, t.Range.End.Byte})
		}
	}
	parsed, _ := hclsyntax.ParseConfig(f.Content, f.Name, hcl.InitialPos)
	if parsed == nil {
		return p.directives()
	}
	if body, ok := parsed.Body.(*hclsyntax.Body); ok {
		p.body(body)
	}
	return p.directives()
}

func (p *page) add(from, to hcl.Range) {
	p.constructs = append(p.constructs, construct{from.Start.Byte, to.End.Byte})
}

func (p *page) body(b *hclsyntax.Body) {
	for _, a := range b.Attributes {
		p.add(a.SrcRange, a.SrcRange)
		p.expression(a.Expr)
	}
	for _, inner := range b.Blocks {
		p.add(inner.TypeRange, inner.CloseBraceRange)
		p.body(inner.Body)
	}
}

// expression adds the items of objects and lists, at any depth.
func (p *page) expression(e hclsyntax.Expression) {
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.ObjectConsExpr:
			for _, item := range n.Items {
				p.add(item.KeyExpr.Range(), item.ValueExpr.Range())
			}
		case *hclsyntax.TupleConsExpr:
			for _, item := range n.Exprs {
				p.add(item.Range(), item.Range())
			}
		}
		return nil
	})
}
