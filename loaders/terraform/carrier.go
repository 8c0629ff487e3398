package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// mayCarry reports whether a resource of a type that the catalogue does not know may
// have a resource policy, or a template with some.
func mayCarry(b *hclsyntax.Block) bool {
	typ := b.Labels[0]
	if catalogDeploys(typ) || catalogControls(typ) {
		return true
	}
	return catalogForeign(catalog.Terraform, typ) && bodyMayCarry(typ, b.Body)
}

func bodyMayCarry(typ string, body *hclsyntax.Body) bool {
	for name, a := range body.Attributes {
		if catalogMayCarry(catalog.Terraform, typ, name) || namesPrincipals(a.Expr) {
			return true
		}
	}
	for _, nested := range body.Blocks {
		if catalogMayCarry(catalog.Terraform, typ, blockName(nested)) || bodyMayCarry(typ, nested.Body) {
			return true
		}
	}
	return false
}

// namesPrincipals reports whether an expression has a policy in it that names
// principals, or takes one that a data source makes.
func namesPrincipals(e hclsyntax.Expression) bool {
	found := false
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.ObjectConsKeyExpr:
			if name := hcl.ExprAsKeyword(n); name == "Principal" || name == "NotPrincipal" {
				found = true
			}
		case *hclsyntax.LiteralValueExpr:
			if n.Val.Type() == cty.String && n.Val.IsKnown() && !n.Val.IsNull() && strings.Contains(n.Val.AsString(), "Principal") {
				found = true
			}
		case *hclsyntax.ScopeTraversalExpr:
			if t := n.Traversal; len(t) > 1 && t.RootName() == "data" {
				if name, ok := t[1].(hcl.TraverseAttr); ok && name.Name == "aws_iam_policy_document" {
					found = true
				}
			}
		}
		return nil
	})
	return found
}

// foreign takes a block that CloudFormation describes; it reports false for others.
func (l *loader) foreign(i *instance, b catalog.Block) bool {
	switch {
	case catalogDeploys(b.Type):
		l.deploy(i, b)
		return true
	case catalogControls(b.Type):
		var known bool
		if b, known = catalogControlOf(b); !known {
			return false
		}
	default:
		return false
	}
	l.ofCloudFormation = append(l.ofCloudFormation, b)
	return true
}

// deploy reads the template of a stack of CloudFormation.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudformation_stack
func (l *loader) deploy(i *instance, b catalog.Block) {
	if l.o.Template == nil {
		return
	}
	body := i.argument("template_body", b.Span)
	t := catalogTemplateOf(b, b.Properties.Get("parameters"))
	switch {
	case body == nil || body.isNull():
		l.unread = append(l.unread, catalogUnreadTemplate(b, value.Value{}, b.Properties.Get("template_url")))
		return
	case body.json != nil && body.maybe == nil:
		r := &renderer{l: l}
		t.Tree = r.document(body.json, "")
	case body.from != nil && body.from.function == "yamlencode" && body.maybe == nil:
		r := &renderer{l: l}
		t.Tree = r.document(body.from.arg, "")
	case body.kind == text && body.maybe == nil:
		t.Pieces = l.piecesOf(body)
		if f := body.span.File; f != nil && body.string().Equal(value.Lit(string(f.Content))) {
			l.taken[f.Name] = true
			t.File = f
		}
	default:
		l.unread = append(l.unread, catalogUnreadTemplate(b, value.Value{Kind: value.Unknown, Text: value.Ref(*body.cause())}, value.Value{}))
		return
	}
	out := catalogDeployed(b, l.o.Template(t))
	l.deployed.Resources = append(l.deployed.Resources, out.Resources...)
	l.deployed.Diagnostics = append(l.deployed.Diagnostics, out.Diagnostics...)
	l.deployed.Unread = append(l.deployed.Unread, out.Unread...)
	l.deployed.Short = l.deployed.Short || out.Short
}

// piecesOf returns a text with the places of its pieces.
func (l *loader) piecesOf(v *val) []jsontree.Piece {
	chunks := v.chunks
	if chunks == nil {
		t := v.string()
		parts := t.Parts
		if parts == nil {
			parts = []value.Part{{Literal: t.Literal}}
		}
		for _, p := range parts {
			chunks = append(chunks, chunk{p, v.span})
		}
	}
	out := make([]jsontree.Piece, len(chunks))
	for i, c := range chunks {
		d := &decoder{chunks: []chunk{c}, span: v.span, starts: []int{0}}
		out[i] = jsontree.Piece{Literal: c.part.Literal, Ref: c.part.Ref, Place: d.place}
	}
	return out
}

// given returns the arguments of a module that is not there. Policies among them are
// judged by themselves: nothing proves that they go nowhere.
func (m *module) given() catalog.Block {
	l := m.l
	span := l.blockSpan(m.call)
	b := catalog.Block{Address: m.path, Path: span.Path(), Span: span, When: m.when, Related: m.parent.related, Notes: []string{"the module is not read, so a policy that goes into it is judged by itself"}}
	r := &renderer{l: l}
	b.Properties = value.Value{Kind: value.Map, Span: span}
	l.unreported(func() {
		for _, a := range sortedAttributes(m.call.Body) {
			if !moduleArguments[a.Name] {
				b.Properties.Fields = append(b.Properties.Fields, value.Field{Key: a.Name, KeySpan: l.span(a.NameRange), Value: r.properties(l.eval(a.Expr, m.scope))})
			}
		}
	})
	b.Documents = r.documents()
	return b
}
