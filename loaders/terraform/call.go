package terraform

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/hclsize"
)

// call is one call of a function, with its arguments evaluated.
type call struct {
	l    *loader
	name string
	args []*val
	at   []source.Span // of the arguments
	span source.Span
	sc   *scope
	open *value.Reference // what undecided returned
}

// errorf reports that the function fails.
func (c *call) errorf(format string, args ...any) *val {
	return c.l.errorf(c.span, "function "+c.name+": "+format, args...)
}

// derived is the result where what decides it is not known.
func (c *call) derived() *val {
	c.l.doubts++
	return derived(c.name, c.span, c.args...)
}

// undecided returns what decides the result where that is not known. Naming it
// takes a walk through the arguments, which one call makes once.
func (c *call) undecided() *value.Reference {
	if c.open == nil {
		c.open = derived(c.name, c.span, c.args...).ref()
	}
	return c.open
}

// lazy are the functions that decide themselves which arguments to evaluate.
var lazy map[string]func(l *loader, e *hclsyntax.FunctionCallExpr, sc *scope, span source.Span) *val

func init() { // the functions evaluate expressions, which may call functions
	lazy = map[string]func(*loader, *hclsyntax.FunctionCallExpr, *scope, source.Span) *val{
		"try": (*loader).try, "can": (*loader).can, "templatestring": (*loader).templateString,
	}
}

func (l *loader) call(e *hclsyntax.FunctionCallExpr, sc *scope, span source.Span) *val {
	name := strings.TrimPrefix(e.Name, "core::")
	if f := lazy[name]; f != nil {
		return f(l, e, sc, span)
	}
	f, ok := functions[name]
	c := &call{l: l, name: name, span: span, sc: sc}
	if !ok && c.ofUnit() {
		f, ok = unitFunctions[name]
	}
	if !ok {
		return l.undefined(e, name, span)
	}
	for i, x := range e.Args {
		v := l.eval(x, sc)
		at := l.span(x.Range())
		if !e.ExpandFinal || i < len(e.Args)-1 {
			c.args, c.at = append(c.args, v), append(c.at, at)
			continue
		}
		if !c.expand(v, at, f.many) {
			return c.derived()
		}
	}
	if n := len(c.args); f.is == computed && (n < f.min || f.max >= 0 && n > f.max) {
		return c.errorf("expected %s, found %d", f.arity(), n)
	}
	if v := c.affordable(); v != nil {
		return v
	}
	if f.is != computed {
		return c.derived()
	}
	v := f.call(c)
	if l.secrets && !keepsPlaces[name] && v.kind != unknown && l.spend(c.weight(), span) {
		for _, a := range c.args {
			if file := a.secretFile(); file != nil {
				l.remember(v)
				return inSecret(v, file)
			}
		}
	}
	return v
}

// keepsPlaces are functions whose results have the places of what they are made
// of, so that only what is secret in them is.
var keepsPlaces = map[string]bool{
	"jsonencode": true, "merge": true, "concat": true, "flatten": true, "toset": true, "tolist": true, "tomap": true, "compact": true, "distinct": true,
	"values": true, "setunion": true, "lookup": true, "element": true, "coalesce": true, "nonsensitive": true,
}

// expand adds the elements of the last argument. It reports false where these
// are not known and the function cannot do with elements in doubt.
func (c *call) expand(v *val, at source.Span, many bool) bool {
	if v.kind != sequence || !v.fixed() || v.maybe != nil {
		if !many {
			c.args = append(c.args, v)
			return false
		}
		pairs, ok := c.l.elements(v, at, c.span)
		if !ok {
			c.l.errorf(at, "expected a list before \"...\", found %s", v.kind)
		}
		for _, p := range pairs {
			c.args, c.at = append(c.args, p.val), append(c.at, at)
		}
		return true
	}
	if !c.l.spend(len(v.items), at) {
		return false
	}
	for _, item := range v.items {
		c.args, c.at = append(c.args, item), append(c.at, at)
	}
	return true
}

func (l *loader) undefined(e *hclsyntax.FunctionCallExpr, name string, span source.Span) *val {
	if strings.HasPrefix(name, "provider::") {
		l.doubts++
		return unknownVal(value.Reference{Name: strings.TrimPrefix(l.failed(span).ref().Name, "value at ") + " " + name}, span)
	}
	message := ""
	if near := spelling.Nearest(name, sortedKeys(functions)); near != "" {
		message = "; did you mean \"" + near + "\"?"
	}
	return l.errorf(l.span(e.NameRange), "function %q does not exist%s", name, message)
}

// try returns the first argument that can be evaluated. One that may fail, for
// what it depends on is not known, leaves the later ones open.
func (l *loader) try(e *hclsyntax.FunctionCallExpr, sc *scope, span source.Span) *val {
	var choices []*val
	var why *value.Reference
	for _, x := range e.Args {
		diags, failures, doubts := len(l.diags), l.failures, l.doubts
		v := l.eval(x, sc)
		if l.failures > failures && !l.exhausted {
			l.diags, l.failures = l.diags[:diags], failures
			continue
		}
		choices = append(choices, v)
		if l.doubts == doubts {
			break
		}
		if c := v.cause(); c != nil && why == nil {
			why = c
		}
	}
	switch {
	case len(choices) == 0:
		return l.errorf(span, "no argument of try can be evaluated")
	case len(choices) == 1:
		return choices[0]
	}
	if why == nil {
		why = l.failed(span).ref()
	}
	return l.either(choices, why, func() string {
		return why.Name + " in try #" + tag("try", append(choices, l.placeVal(e.Range()))...)
	}, span)
}

func (l *loader) can(e *hclsyntax.FunctionCallExpr, sc *scope, span source.Span) *val {
	if len(e.Args) != 1 {
		return l.errorf(span, "function can: expected one argument, found %d", len(e.Args))
	}
	diags, failures, doubts := len(l.diags), l.failures, l.doubts
	v := l.eval(e.Args[0], sc)
	switch {
	case l.failures > failures && !l.exhausted:
		l.diags, l.failures = l.diags[:diags], failures
		return boolVal(false, span)
	case l.doubts > doubts:
		return derived("can", span, v, l.placeVal(e.Range()))
	}
	return boolVal(true, span)
}

// library makes a function of one of the library of cty, which is given values
// that are wholly known.
func library(f function.Function) func(*call) *val {
	return func(c *call) *val {
		args := make([]cty.Value, len(c.args))
		params, variadic := f.Params(), f.VarParam()
		for i, v := range c.args {
			if !v.wholly() {
				return c.derived()
			}
			var want cty.Type
			switch {
			case i < len(params):
				want = params[i].Type
			case variadic != nil:
				want = variadic.Type
			default:
				return c.errorf("too many arguments")
			}
			converted, err := convert.Convert(toCty(v), want)
			if err != nil {
				return c.errorf("argument %d: %s", i+1, err)
			}
			args[i] = converted
		}
		result, err := f.Call(args)
		if err != nil {
			return c.errorf("%s", err)
		}
		v := fromCty(result, c.resultSpan())
		if !c.l.spend(v.weight(), c.span) {
			return c.l.failed(c.span)
		}
		return v
	}
}

// resultSpan is where the result of a function is written: its only argument's
// place where it has one, for that is what a user would edit.
func (c *call) resultSpan() source.Span {
	if len(c.args) == 1 && !c.args[0].span.IsZero() {
		return c.args[0].span
	}
	return c.span
}

// expression parses an expression that is written outside of a file.
func (l *loader) expression(text, name string) hclsyntax.Expression {
	start := hcl.Pos{Line: 1, Column: 1}
	if _, why := tooMuch([]byte(text), name, start); why != "" {
		l.errorf(source.Span{}, "%s: %s", name, why)
		return nil
	}
	e, diags := hclsyntax.ParseExpression([]byte(text), name, start)
	if diags.HasErrors() {
		l.diags = append(l.diags, source.Diagnostic{Severity: source.Error, Path: l.root, Message: name + ": " + diags[0].Summary + ": " + diags[0].Detail})
		return nil
	}
	return e
}

// templateString evaluates a text that another expression gives as a template.
func (l *loader) templateString(e *hclsyntax.FunctionCallExpr, sc *scope, span source.Span) *val {
	if len(e.Args) != 2 {
		return l.errorf(span, "function templatestring: expected 2 arguments, found %d", len(e.Args))
	}
	return l.renderedText("templatestring", l.eval(e.Args[0], sc), l.eval(e.Args[1], sc), span)
}

// renderedText evaluates a text as a template, in the place where it stands.
func (l *loader) renderedText(what string, template, vars *val, span source.Span) *val {
	s, known := template.known()
	if !known {
		l.doubts++
		return derived(what, span, template, vars)
	}
	at := template.placed(span).span
	if at.File != nil && at.Start == 0 && at.End == len(at.File.Content) && s == string(at.File.Content) {
		return l.rendered(s, at.File.Name, 0, vars, span)
	}
	return l.rendered(s, l.alias(at), 0, vars, span)
}

// templateData is data.template_file, which renders its template with its vars.
//
// https://registry.terraform.io/providers/hashicorp/template/latest/docs/data-sources/file
func templateData(i *instance, name string, span source.Span) *val {
	template, vars := i.argument("template", span), i.argument("vars", span)
	if name != "rendered" || template == nil {
		return nil
	}
	if vars == nil || vars.isNull() {
		vars = &val{kind: mapping, span: span}
	}
	return i.m.l.renderedText("template", template, vars, span)
}

// rendered evaluates a template with the variables that it is given. Its
// functions may not read other templates in their turn.
func (l *loader) rendered(text, name string, offset int, vars *val, span source.Span) *val {
	if vars.kind != mapping || vars.maybe != nil {
		l.doubts++
		return derived("template", span, textVal(text, span), vars)
	}
	expr := l.parsed[name]
	if expr == nil {
		start := hcl.Pos{Line: 1, Column: 1, Byte: offset}
		if at, why := tooMuch([]byte(text), name, start); why != "" {
			return l.errorf(l.span(at), "%s", why)
		}
		if n := hclsize.Pieces([]byte(text)); n > hclsize.Max || !l.spend(plus(len(text), times(valueSteps, n)), span) {
			return l.errorf(span, "the template is too large to evaluate")
		}
		var diags hcl.Diagnostics
		expr, diags = hclsyntax.ParseTemplate([]byte(text), name, start)
		if diags.HasErrors() {
			l.report(diags)
			return l.failed(span)
		}
		l.parsed[name] = expr
	}
	if slices.Contains(l.templates, name) {
		return l.errorf(span, "template %q reads itself", name)
	}
	l.templates = append(l.templates, name)
	inner := &scope{only: true, vars: map[string]*val{}}
	for _, f := range vars.fields {
		inner.vars[f.key] = f.val
	}
	if vars.inst != nil || vars.mod != nil || vars.open != nil {
		inner.open = vars
	}
	v := l.eval(expr, inner)
	l.templates = l.templates[:len(l.templates)-1]
	if v.span.File == nil {
		v = v.at(span)
	}
	return v
}
