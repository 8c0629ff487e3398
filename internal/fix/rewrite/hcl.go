package rewrite

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

func parseHCL(name string, content []byte) (*node, error) {
	file, diags := hclsyntax.ParseConfig(content, name, hcl.InitialPos)
	if diags.HasErrors() || file == nil {
		return nil, unwritable("the file has errors in its syntax")
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return nil, unwritable("the file is not one of Terraform")
	}
	root := &node{kind: block, style: rootStyle, end: len(content)}
	ofBody(root, body, 0)
	return root, nil
}

func ofBody(n *node, body *hclsyntax.Body, depth int) {
	if depth > maxDepth {
		return
	}
	for _, a := range body.Attributes {
		c := ofExpression(a.Expr, depth+1)
		c.key, c.from = a.Name, a.NameRange.Start.Byte
		n.add(c)
	}
	for _, b := range body.Blocks {
		c := &node{kind: block, style: hclStyle, start: b.TypeRange.Start.Byte, from: b.TypeRange.Start.Byte, end: b.CloseBraceRange.End.Byte, head: b.DefRange().End.Byte, key: b.Type, labels: b.Labels}
		ofBody(c, b.Body, depth+1)
		n.add(c)
	}
	inOrder(n.children)
}

func ofExpression(e hclsyntax.Expression, depth int) *node {
	r := e.Range()
	n := &node{style: hclStyle, start: r.Start.Byte, from: r.Start.Byte, end: r.End.Byte}
	if depth > maxDepth {
		return n
	}
	within := func(list ...hclsyntax.Expression) {
		n.kind = other
		for _, x := range list {
			if x != nil {
				n.add(ofExpression(x, depth+1))
			}
		}
	}
	switch e := e.(type) {
	case *hclsyntax.ObjectConsExpr:
		n.kind = object
		for _, item := range e.Items {
			c := ofExpression(item.ValueExpr, depth+1)
			c.from = item.KeyExpr.Range().Start.Byte
			c.key = keyOf(item.KeyExpr)
			n.add(c)
		}
	case *hclsyntax.TupleConsExpr:
		n.kind = list
		for _, x := range e.Exprs {
			n.add(ofExpression(x, depth+1))
		}
	case *hclsyntax.ParenthesesExpr:
		within(e.Expression)
	case *hclsyntax.FunctionCallExpr:
		within(e.Args...)
	case *hclsyntax.ConditionalExpr:
		within(e.TrueResult, e.FalseResult)
	case *hclsyntax.ForExpr:
		within(e.CollExpr, e.ValExpr)
	}
	return n
}

// keyOf returns the key of an item as far as it is written out.
func keyOf(e hclsyntax.Expression) string {
	if word := hcl.ExprAsKeyword(e); word != "" {
		return word
	}
	if v, diags := e.Value(nil); !diags.HasErrors() && v.IsKnown() && !v.IsNull() && v.Type().FriendlyName() == "string" {
		return v.AsString()
	}
	return ""
}
