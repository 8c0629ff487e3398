package cloudformation

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

const (
	stackType    = "AWS::CloudFormation::Stack"
	stackSetType = "AWS::CloudFormation::StackSet"
)

// Nesting is bounded, and so is the number of stacks: a template of templates
// that each name two more is small and stands for many.
const (
	maxNesting = 16
	maxStacks  = 512
)

// template returns the scope of a nested stack's template, nil where it is not here.
func (e *evaluator) template(d *declared) *scope {
	if d.opened {
		return d.nested
	}
	d.opened = true
	root, file := e.templateOf(d)
	if root.Kind != value.Map {
		return nil
	}
	if e.stacks++; e.stacks > maxStacks {
		e.errorf(d.body.Span, "expected at most %d nested stacks; the template of %q is not analysed", maxStacks, d.address)
		return nil
	}
	if d.scope.depth() >= maxNesting {
		e.errorf(d.body.Span, "expected stacks nested at most %d levels deep; the template of %q is not analysed", maxNesting, d.address)
		return nil
	}
	for s := d.scope; s != nil; s = s.outer() {
		if file != s.file || file == d.scope.file && d.typ == stackSetType {
			continue
		}
		e.errorf(d.body.Span, "template %q nests itself", file.Name)
		return nil
	}
	world, need, consulted, inside := e.world, e.need, e.consulted, e.inside
	d.nested = e.scope(file, root, d)
	e.world, e.need, e.consulted, e.inside = world, need, consulted, inside
	return d.nested
}

func (s *scope) outer() *scope {
	if s.parent == nil {
		return nil
	}
	return s.parent.scope
}

// templateOf reads the template of a stack or stack set.
func (e *evaluator) templateOf(d *declared) (value.Value, *source.File) {
	if d.typ == stackSetType {
		return e.inlineTemplate(d)
	}
	raw := d.properties().Get("TemplateURL")
	if asset := assetOf(d); asset.Kind == value.String {
		raw = asset
	}
	if raw.Kind == value.Absent && d.typ == stackType {
		e.warnf(d.body.Span, "stack %q names no template, so it is not analysed", d.id)
		return value.Value{}, nil
	}
	v := e.argument(d.scope, raw)
	location, known := v.Text.Known()
	name, isLocal := d.scope.local(strings.TrimPrefix(location, "file://"))
	if v.Kind != value.String || !known || !isLocal || e.options.FS == nil {
		e.unreadStack(d, raw.Span, sourceText(v), remote)
		return value.Value{}, nil
	}
	l := e.read(name, raw.Span, "template")
	if l.ok && l.root.Kind != value.Map {
		e.errorf(raw.Span, "expected a template in %q, found %s", name, l.root.Kind)
	}
	for s := d.scope; s != nil; s = s.outer() { // the input itself was not read here
		if s.parent == nil && s.file.Name == name {
			return l.root, s.file
		}
	}
	return l.root, l.file
}

// inlineTemplate reads the body of a stack set, a template written as text.
func (e *evaluator) inlineTemplate(d *declared) (value.Value, *source.File) {
	raw := d.properties().Get("TemplateBody")
	if raw.Kind == value.Absent {
		e.unreadStack(d, d.body.Span, sourceText(e.argument(d.scope, d.properties().Get("TemplateURL"))), remote)
		return value.Value{}, nil
	}
	v := e.argument(d.scope, raw)
	if v.Kind == value.Map {
		return v, d.scope.file
	}
	text, known := v.Text.Known()
	if v.Kind != value.String || !known {
		e.unreadStack(d, raw.Span, sourceText(v), remote)
		return value.Value{}, nil
	}
	body := source.NewFile(d.scope.file.Name, []byte(text))
	root, diags := parse(body)
	where := place(raw)
	if raw.Kind != value.String {
		where = func(int, int) source.Span { return raw.Span }
	}
	for _, diag := range diags {
		diag.Span = where(diag.Span.Start, diag.Span.End)
		e.diags = append(e.diags, diag)
	}
	return moved(root, where), d.scope.file
}

// moved returns a value with its places in the file that the text stands in.
func moved(v value.Value, where func(start, end int) source.Span) value.Value {
	v.Span = where(v.Span.Start, v.Span.End)
	if v.Items != nil {
		items := make([]value.Value, len(v.Items))
		for i := range v.Items {
			items[i] = moved(v.Items[i], where)
		}
		v.Items = items
	}
	if v.Fields != nil {
		fields := make([]value.Field, len(v.Fields))
		for i, f := range v.Fields {
			f.KeySpan = where(f.KeySpan.Start, f.KeySpan.End)
			f.Value = moved(f.Value, where)
			fields[i] = f
		}
		v.Fields = fields
	}
	return v
}

// stackAttribute returns what Ref or Fn::GetAtt give of a nested stack.
func (e *evaluator) stackAttribute(d *declared, name string, span source.Span) value.Value {
	if name == "Ref" {
		return value.Value{Kind: value.String, Span: span, Text: d.scope.stackARN(d.address + "/")}
	}
	output, ok := strings.CutPrefix(name, "Outputs.")
	if !ok {
		return e.fault(span, "expected \"Outputs.Name\" of the stack %q, found %q", d.id, name)
	}
	open := value.Reference{Name: d.address + "." + name}
	s := e.template(d)
	if s == nil {
		return refer(span, open)
	}
	raw, ok := s.outputs[output]
	if !ok {
		if s.loose {
			return refer(span, open)
		}
		return e.fault(span, "stack %q has no output %q%s", d.id, output, e.suggest(output, func() []string { return keys(s.outputs) }))
	}
	busy := "output " + output
	if s.busy[busy] {
		return e.fault(span, "output %q of stack %q depends on itself", output, d.id)
	}
	s.busy[busy] = true
	v := e.argument(s, raw.Get("Value"))
	delete(s.busy, busy)
	if !v.IsScalar() {
		return refer(span, open)
	}
	return v
}
