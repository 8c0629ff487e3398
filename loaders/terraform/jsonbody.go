package terraform

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// parseJSON reads the JSON form of the language into what the parser makes of
// the native form, so that all after it is the same.
//
// https://developer.hashicorp.com/terraform/language/syntax/json
func (l *loader) parseJSON(file *source.File) *hclsyntax.Body {
	tree, diags := jsontree.Parse(file)
	if len(diags) > 0 {
		l.diags = append(l.diags, diags...)
		return nil
	}
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: rangeOf(tree.Span)}
	if tree.Kind != value.Map {
		l.errorf(tree.Span, "expected an object with the blocks of the module, found %s", tree.Kind)
		return nil
	}
	for _, f := range tree.Fields {
		if f.Key == "//" {
			continue
		}
		labels, ok := topLevel[f.Key]
		if !ok {
			l.errorf(f.KeySpan, "block %q is unknown", f.Key)
			continue
		}
		l.jsonBlocks(body, f.Key, f.KeySpan, labels, nil, f.Value)
	}
	return body
}

// jsonBlocks adds the blocks of one type: an object for every label, and an
// object, or a list of them, for the bodies.
func (l *loader) jsonBlocks(body *hclsyntax.Body, typ string, at source.Span, left int, labels []string, v value.Value) {
	switch {
	case v.Kind == value.List:
		for _, item := range v.Items {
			l.jsonBlocks(body, typ, at, left, labels, item)
		}
	case v.Kind == value.Null:
	case v.Kind != value.Map:
		l.errorf(v.Span, "expected an object or a list of objects for %s, found %s", typ, v.Kind)
	case left > 0:
		for _, f := range v.Fields {
			if f.Key != "//" {
				l.jsonBlocks(body, typ, f.KeySpan, left-1, append(labels[:len(labels):len(labels)], f.Key), f.Value)
			}
		}
	default:
		r := rangeOf(at)
		body.Blocks = append(body.Blocks, &hclsyntax.Block{
			Type: typ, Labels: labels, Body: l.jsonBody(typ, v), TypeRange: r, OpenBraceRange: r, CloseBraceRange: rangeOf(v.Span),
		})
	}
}

// names are arguments whose strings are references or types, rather than templates.
var names = map[string]map[string]bool{
	"resource": {"provider": true, "depends_on": true},
	"data":     {"provider": true, "depends_on": true},
	"module":   {"providers": true, "depends_on": true},
	"variable": {"type": true},
}

// metaBlocks say nothing about a resource itself.
var metaBlocks = map[string]bool{"lifecycle": true, "provisioner": true, "connection": true}

// variableFile is in the place of the type of a block for a file of variables.
const variableFile = ""

func (l *loader) jsonBody(typ string, v value.Value) *hclsyntax.Body {
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: rangeOf(v.Span), EndRange: rangeOf(v.Span)}
	for _, f := range v.Fields {
		switch {
		case f.Key == "//":
		case f.Key == "dynamic" && typ != variableFile:
			l.jsonBlocks(body, "dynamic", f.KeySpan, 1, nil, f.Value)
		case f.Key == "content" && typ == "dynamic", f.Key == "validation" && typ == "variable":
			l.jsonBlocks(body, f.Key, f.KeySpan, 0, nil, f.Value)
		case (typ == "resource" || typ == "data") && metaBlocks[f.Key]:
		case typ != variableFile && holdsDynamic(f.Value):
			l.jsonBlocks(body, f.Key, f.KeySpan, 0, nil, f.Value)
		default:
			expr := l.jsonExpr(f.Value, names[typ][f.Key])
			body.Attributes[f.Key] = &hclsyntax.Attribute{
				Name: f.Key, Expr: expr, SrcRange: rangeOf(f.Value.Span), NameRange: rangeOf(f.KeySpan), EqualsRange: rangeOf(f.KeySpan),
			}
		}
	}
	return body
}

// holdsDynamic reports whether a value is a block, or a list of blocks, in which
// others are made by dynamic, at any depth.
func holdsDynamic(v value.Value) bool {
	switch v.Kind {
	case value.List:
		return slices.ContainsFunc(v.Items, holdsDynamic)
	case value.Map:
		return slices.ContainsFunc(v.Fields, func(f value.Field) bool {
			return f.Key == "dynamic" && makesBlocks(f.Value) || holdsDynamic(f.Value)
		})
	}
	return false
}

// makesBlocks reports whether a value is what stands behind dynamic: bodies with
// for_each and content, by the type of the blocks that they make.
func makesBlocks(v value.Value) bool {
	if v.Kind == value.List {
		return slices.ContainsFunc(v.Items, makesBlocks)
	}
	return v.Kind == value.Map && slices.ContainsFunc(v.Fields, func(f value.Field) bool {
		bodies := []value.Value{f.Value}
		if f.Value.Kind == value.List {
			bodies = f.Value.Items
		}
		return slices.ContainsFunc(bodies, func(b value.Value) bool {
			return b.Kind == value.Map && b.Get("for_each").Kind != value.Absent && b.Get("content").Kind != value.Absent
		})
	})
}

// jsonExpr returns the expression that a JSON value is.
func (l *loader) jsonExpr(v value.Value, name bool) hclsyntax.Expression {
	r := rangeOf(v.Span)
	switch v.Kind {
	case value.Bool:
		return &hclsyntax.LiteralValueExpr{Val: cty.BoolVal(v.Text.Literal == "true"), SrcRange: r}
	case value.Number:
		if n, ok := parseNumber(v.Text.Literal); ok {
			return &hclsyntax.LiteralValueExpr{Val: cty.NumberVal(n), SrcRange: r}
		}
		l.errorf(v.Span, "number %q is too long", v.Text.Literal)
		return &hclsyntax.LiteralValueExpr{Val: cty.NumberVal(new(big.Float)), SrcRange: r}
	case value.String:
		return l.jsonString(v, name)
	case value.List:
		list := &hclsyntax.TupleConsExpr{SrcRange: r, OpenRange: r}
		for _, item := range v.Items {
			list.Exprs = append(list.Exprs, l.jsonExpr(item, name))
		}
		return list
	case value.Map:
		object := &hclsyntax.ObjectConsExpr{SrcRange: r, OpenRange: r}
		for _, f := range v.Fields {
			key := l.jsonString(value.Value{Kind: value.String, Span: f.KeySpan, Text: value.Lit(f.Key)}, false)
			object.Items = append(object.Items, hclsyntax.ObjectConsItem{KeyExpr: key, ValueExpr: l.jsonExpr(f.Value, name)})
		}
		return object
	}
	return &hclsyntax.LiteralValueExpr{Val: cty.NullVal(cty.DynamicPseudoType), SrcRange: r}
}

// jsonString reads a string as a template, or as a name.
func (l *loader) jsonString(v value.Value, name bool) hclsyntax.Expression {
	text, r := v.Text.Literal, rangeOf(v.Span)
	// Where the text is written without escapes, its bytes are those of the file.
	plain := v.Span.Text() == `"`+text+`"`
	start := hcl.Pos{Line: 1, Column: 1, Byte: v.Span.Start + 1}
	if !name && !strings.Contains(text, "${") && !strings.Contains(text, "%{") {
		return &hclsyntax.LiteralValueExpr{Val: cty.StringVal(text), SrcRange: r}
	}
	if _, why := tooMuch([]byte(text), r.Filename, start); why != "" {
		l.errorf(v.Span, "%s", why)
		return &hclsyntax.ExprSyntaxError{Placeholder: cty.DynamicVal, SrcRange: r}
	}
	file := r.Filename
	if !plain {
		file = l.alias(v.Span)
		start.Byte = 0
	}
	var e hclsyntax.Expression
	var diags hcl.Diagnostics
	if name {
		e, diags = hclsyntax.ParseExpression([]byte(text), file, start)
	} else {
		e, diags = hclsyntax.ParseTemplate([]byte(text), file, start)
	}
	if diags.HasErrors() {
		if name { // a string that is neither: the caller reads it as it stands
			return &hclsyntax.LiteralValueExpr{Val: cty.StringVal(text), SrcRange: r}
		}
		l.report(diags)
	}
	return e
}

// alias registers a text that is written with escapes, so that places in it are
// those of the string that it is written in.
func (l *loader) alias(span source.Span) string {
	name := fmt.Sprintf("%s#%d", span.Path(), span.Start)
	l.aliases[name] = span
	return name
}

func rangeOf(s source.Span) hcl.Range {
	return hcl.Range{Filename: s.Path(), Start: hcl.Pos{Line: 1, Column: 1, Byte: s.Start}, End: hcl.Pos{Line: 1, Column: 1, Byte: s.End}}
}

// parseJSONAttributes reads an object of values: a file of variables.
func (l *loader) parseJSONAttributes(file *source.File) *hclsyntax.Body {
	tree, diags := jsontree.Parse(file)
	if len(diags) > 0 {
		l.diags = append(l.diags, diags...)
		return nil
	}
	if tree.Kind != value.Map {
		l.errorf(tree.Span, "expected an object with the values of variables, found %s", tree.Kind)
		return nil
	}
	return l.jsonBody(variableFile, tree)
}
