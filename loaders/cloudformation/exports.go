package cloudformation

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// exports returns what a template and the stacks nested in it export. What a
// stack set deploys is exported elsewhere: an export is one of its account and
// Region.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
func (e *evaluator) exports(s *scope) []resource.Export {
	if s.deployment != "" {
		return nil
	}
	var out []resource.Export
	e.enter(nil)
	for _, f := range e.entries(s, "Outputs") {
		if f.Value.Get("Export").Kind == value.Map {
			out = append(out, e.exported(s, f)...)
		}
	}
	for _, d := range slices.Clone(s.order) {
		if d.nested != nil {
			out = append(out, e.exports(d.nested)...)
		}
	}
	return out
}

// exported evaluates an output in all worlds that matter to it and returns each
// value that it can have.
func (e *evaluator) exported(s *scope, output value.Field) []resource.Export {
	var out []resource.Export
	pending := [][]fact{nil}
	for worlds := 1; len(pending) > 0; {
		facts := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		e.enter(facts)
		export, exists := e.output(s, output)
		if a := e.need; a != nil && worlds < maxForms {
			worlds++
			split := func(is bool) []fact { return append(slices.Clone(facts), fact{*a, is}) }
			pending = append(pending, split(false), split(true))
			continue
		} else if a != nil {
			export.Value = openOutput(s, output)
		}
		same := func(x resource.Export) bool { return x.Name.Equal(export.Name) && x.Value.Equal(export.Value) }
		if exists && !slices.ContainsFunc(out, same) {
			out = append(out, export)
		}
	}
	e.enter(nil)
	return out
}

// output evaluates an output in the world.
func (e *evaluator) output(s *scope, output value.Field) (resource.Export, bool) {
	if s.parent != nil && !e.exists(s.parent) {
		return resource.Export{}, false
	}
	if c := output.Value.Get("Condition"); c.Kind != value.Absent {
		name, known := c.Text.Known()
		if c.Kind != value.String || !known {
			e.errorf(c.Span, "expected the name of a condition, found %s", c.Kind)
		} else if e.consult(s, name, c.Span) == fails {
			return resource.Export{}, false
		}
	}
	name, ok := e.text(e.argument(s, output.Value.Get("Export").Get("Name")))
	if !ok {
		return resource.Export{}, false
	}
	text, ok := e.text(e.argument(s, output.Value.Get("Value")))
	if !ok || len(text.Parts) > maxNameParts || length(text) > maxName {
		text = openOutput(s, output)
	}
	return resource.Export{Name: e.resolved(name), Value: text, Path: s.file.Name}, true
}

// openOutput is the value of an output of which nothing is known.
func openOutput(s *scope, output value.Field) value.Text {
	return value.Ref(value.Reference{Name: s.prefix + "output " + output.Key})
}

// importValue evaluates Fn::ImportValue: what another stack exports. A template
// of a stack set imports what is exported where it is deployed to.
func (e *evaluator) importValue(s *scope, v, arg value.Value) value.Value {
	got := e.argument(s, arg)
	if !got.IsScalar() {
		return e.fault(arg.Span, "expected the name of an export for \"Fn::ImportValue\", found %s", got.Kind)
	}
	reference := "Fn::ImportValue " + got.Text.String()
	if s.deployment != "" {
		return unknown(v.Span, reference+" where "+s.deployment+" deploys to")
	}
	name := e.resolved(got.Text)
	e.imports = imported(e.imports, resource.Import{Name: name, Reference: reference})
	var values []value.Text
	if e.options.Imported != nil {
		values = e.options.Imported(name)
	}
	if literal, known := name.Known(); known && len(values) == 0 {
		if text, ok := e.options.Deployed.Export(literal); ok {
			values = []value.Text{value.Lit(text)}
		}
	}
	switch {
	case len(values) == 0:
		return unknown(v.Span, reference)
	case len(values) == 1:
		if len(values[0].Parts) == 1 && values[0].Parts[0].Ref.Is == value.Anything {
			return value.Value{Kind: value.Unknown, Span: v.Span, Text: values[0]}
		}
		return value.Value{Kind: value.String, Span: v.Span, Text: values[0]}
	}
	r := value.Reference{Name: reference}
	for _, t := range values {
		literal, known := t.Known()
		if !known {
			e.warnf(v.Span, "%q is exported with different values by the templates that are analysed, so it is not known which is meant", got.Text.String())
			return refer(v.Span, value.Reference{Name: reference})
		}
		r.Values = append(r.Values, literal)
	}
	return refer(v.Span, r)
}

// imported adds an import to a list that has each once.
func imported(list []resource.Import, i resource.Import) []resource.Import {
	if slices.ContainsFunc(list, func(x resource.Import) bool { return x.Reference == i.Reference && x.Name.Equal(i.Name) }) {
		return list
	}
	return append(list, i)
}
