package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// These deploy what CloudFormation describes.
const (
	stackType    = "aws_cloudformation_stack"
	stackSetType = "aws_cloudformation_stack_set"
	controlType  = "aws_cloudcontrolapi_resource"
)

// mayCarry reports whether a resource of a type that the catalogue does not know may
// have a resource policy, or a template with some.
func mayCarry(b *hclsyntax.Block) bool {
	typ := b.Labels[0]
	if typ == stackType || typ == stackSetType || typ == controlType || strings.HasPrefix(typ, "awscc_") {
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
	case b.Type == stackType, b.Type == stackSetType:
		l.deploy(i, b)
		return true
	case b.Type == controlType:
		name, known := b.Properties.Get("type_name").Text.Known()
		if !known || !strings.HasPrefix(name, "AWS::") {
			return false
		}
		b.Type, b.Properties = name, b.Properties.Get("desired_state")
	case strings.HasPrefix(b.Type, "awscc_"):
		var known bool
		if b, known = catalogControl(b); !known {
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
	body := i.argument("template_body", b.Span)
	if l.o.Template == nil {
		return
	}
	s, known := "", false
	if body != nil {
		s, known = body.known()
	}
	if !known {
		why := "is not in the code"
		if body != nil && !body.isNull() {
			why = "is not known before deployment"
		}
		l.diags = append(l.diags, source.Diagnostic{Severity: source.Warning, Path: b.Path, Span: b.Span, Message: "the template of " + b.Address + " " + why + ", so it is not analysed"})
		return
	}
	parameters := map[string]string{}
	if given := i.argument("parameters", b.Span); given != nil && given.kind == mapping {
		for _, f := range given.fields {
			if text, ok := f.val.scalarText(); ok && f.val.maybe == nil {
				if known, ok := text.Known(); ok {
					parameters[f.key] = known
				}
			}
		}
	}
	out := l.o.Template(l.templateFile(body, s, b), parameters)
	for _, r := range out.Resources {
		inner := b.Address + "/"
		r.Address = inner + r.Address
		for n, a := range r.Attachments {
			r.Attachments[n] = inner + a
		}
		for n := range r.Documents {
			if r.Documents[n].Address != "" {
				r.Documents[n].Address = inner + r.Documents[n].Address
			}
		}
		r.When = append(b.When[:len(b.When):len(b.When)], r.When...)
		r.Related = append(r.Related, resource.Related{Span: b.Span, Message: "template deployed here"})
		l.deployed.Resources = append(l.deployed.Resources, r)
	}
	l.deployed.Diagnostics = append(l.deployed.Diagnostics, out.Diagnostics...)
	l.deployed.Unread = append(l.deployed.Unread, out.Unread...)
}

// templateFile returns a template as a file whose lines have the numbers that they
// have where the template is written.
func (l *loader) templateFile(body *val, s string, b catalog.Block) *source.File {
	span := body.span
	if f := span.File; f != nil && string(f.Content) == s {
		l.taken[f.Name] = true
		return f
	}
	name, before := b.Path, b.Span
	if span.File != nil && !span.File.Sensitive {
		name, before = span.Path(), span
		if len(body.chunks) > 0 && !body.chunks[0].span.IsZero() {
			before = body.chunks[0].span
		}
	}
	start, _ := before.Range(source.Runes)
	return source.NewFile(name, []byte(strings.Repeat("\n", max(start.Line-1, 0))+s))
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
