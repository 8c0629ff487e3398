package cloudformation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// parameter is one entry of Parameters.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
type parameter struct {
	name    string // with the scope's prefix
	typ     string
	span    source.Span
	initial value.Value // Default
	allowed []string    // nil: anything
	noEcho  bool
}

// given is a value that the user gives to a parameter.
type given struct {
	text string
	span source.Span // in a parameter file
}

func (p *parameter) isList() bool {
	return p.typ == "CommaDelimitedList" || strings.HasPrefix(p.typ, "List<")
}

// isStored reports a parameter whose value is the name of one in the parameter
// store, where the actual value is.
func (p *parameter) isStored() bool {
	return strings.HasPrefix(p.typ, "AWS::SSM::Parameter::Value<")
}

// isOwnID reports a parameter of which CloudFormation checks that it is the id of
// something in the account: no pattern, and no list. An image may be anyone's.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
func (p *parameter) isOwnID() bool {
	return strings.HasPrefix(p.typ, "AWS::EC2::") && strings.HasSuffix(p.typ, "::Id") && p.typ != "AWS::EC2::Image::Id"
}

func (e *evaluator) readParameters(s *scope) {
	v := s.section("Parameters")
	switch v.Kind {
	case value.Absent, value.Null:
		return
	case value.Map:
	default:
		e.errorf(v.Span, "expected %q to be an object, found %s", "Parameters", v.Kind)
		return
	}
	e.duplicates(v)
	for _, f := range v.Fields {
		e.options.Asked.See(f.Key)
		p := &parameter{name: s.prefix + f.Key, span: f.KeySpan, typ: "String"}
		s.parameters[f.Key] = p
		if f.Value.Kind != value.Map {
			e.errorf(f.Value.Span, "expected a parameter: an object with %q, found %s", "Type", f.Value.Kind)
			continue
		}
		if typ := f.Value.Get("Type"); typ.Kind == value.String {
			p.typ, _ = typ.Text.Known()
		} else {
			e.errorf(f.Value.Span, "expected %q of parameter %q to be a string, found %s", "Type", f.Key, typ.Kind)
		}
		p.initial = f.Value.Get("Default")
		if k := p.initial.Kind; k == value.Map || k == value.List || k == value.Null {
			e.errorf(p.initial.Span, "expected the default of parameter %q to be a string or number, found %s", f.Key, k)
			p.initial = unknown(p.initial.Span, p.name)
		}
		if echo, _ := f.Value.Get("NoEcho").Text.Known(); strings.EqualFold(echo, "true") {
			p.noEcho = true
			hide(p.initial)
			hide(f.Value.Get("AllowedValues"))
		}
		p.allowed = e.allowedValues(f)
	}
}

// hide has reports show nothing of a value where they quote the lines around it.
func hide(v value.Value) {
	if v.Span.File != nil {
		v.Span.File.Hide(v.Span.Start, v.Span.End)
	}
}

func (e *evaluator) allowedValues(f value.Field) []string {
	v := f.Value.Get("AllowedValues")
	if v.Kind == value.Absent {
		return nil
	}
	if v.Kind != value.List {
		e.errorf(v.Span, "expected the allowed values of parameter %q as a list, found %s", f.Key, v.Kind)
		return nil
	}
	allowed := make([]string, 0, len(v.Items))
	for _, item := range v.Items {
		text, known := item.Text.Known()
		if !item.IsScalar() || !known {
			e.errorf(item.Span, "expected an allowed value as a string or number, found %s", item.Kind)
			return nil
		}
		allowed = append(allowed, text)
	}
	return allowed
}

// parameterValue returns the value that a parameter has, at the place where it
// is used.
func (e *evaluator) parameterValue(s *scope, id string, span source.Span) value.Value {
	p := s.parameters[id]
	open := value.Reference{Name: p.name}
	if !p.isList() && !p.isStored() && !p.noEcho {
		open.Values = p.allowed
	}
	if s.parent != nil {
		if v, ok := e.passed(s, id, span); ok {
			if p.noEcho {
				hide(v)
			}
			if p.noEcho || p.isStored() {
				return refer(span, open)
			}
			return e.typed(p, v, span)
		}
	} else if g, ok := e.given[id]; ok {
		if p.noEcho && !g.span.IsZero() {
			g.span.File.Hide(g.span.Start, g.span.End)
		}
		if p.noEcho || p.isStored() {
			return refer(span, open)
		}
		if p.allowed != nil && !p.isList() && !contains(p.allowed, g.text) {
			where := g.span
			if where.IsZero() {
				where = p.span
			}
			e.warnf(where, "the value of parameter %q is none of those that the template allows", id)
		}
		e.comesFrom(id, g.span)
		return e.typed(p, value.Value{Kind: value.String, Span: span, Text: value.Lit(g.text)}, span)
	}
	if t, ok := e.values[id]; ok && s.parent == nil {
		if p.noEcho || p.isStored() {
			return refer(span, open)
		}
		v := value.Value{Kind: value.String, Span: span, Text: t}
		if len(t.Parts) == 1 {
			v.Kind = value.Unknown
		}
		return e.typed(p, v, span)
	}
	if text, ok := s.told(p, id); ok {
		return e.typed(p, value.Value{Kind: value.String, Span: span, Text: value.Lit(text)}, span)
	}
	absent := p.initial.Kind == value.Absent || s.parent == nil && e.isOpen(id)
	if absent && p.isOwnID() {
		return value.Value{Kind: value.String, Span: span, Text: s.own(p.name, value.OwnName)}
	}
	if absent || p.noEcho || p.isStored() {
		return refer(span, open)
	}
	e.comesFrom(id, p.initial.Span)
	v := p.initial
	v.Span = span
	return e.typed(p, v, span)
}

// comesFrom notes where the value of a parameter is written, if it says who may
// do something.
func (e *evaluator) comesFrom(id string, span source.Span) {
	r := resource.Related{Span: span, Message: fmt.Sprintf("parameter %s has its value here", id)}
	if e.granting > 0 && !span.IsZero() && !slices.Contains(e.related, r) {
		e.related = append(e.related, r)
	}
}

// typed makes a list of a text if the parameter is one.
func (e *evaluator) typed(p *parameter, v value.Value, span source.Span) value.Value {
	v.Span = span
	if !p.isList() || !v.IsScalar() {
		return v
	}
	if v.Kind == value.Unknown {
		return v
	}
	items, ok := splitText(v.Text, ",")
	if !ok {
		return unknown(span, p.name)
	}
	list := value.Value{Kind: value.List, Span: span, Items: []value.Value{}}
	for _, t := range items {
		if t.Parts == nil {
			t.Literal = strings.TrimSpace(t.Literal)
		}
		list.Items = append(list.Items, value.Value{Kind: value.String, Span: span, Text: t})
	}
	return list
}

// passed evaluates what the parent stack gives to a parameter.
func (e *evaluator) passed(s *scope, id string, span source.Span) (value.Value, bool) {
	d := s.parent
	raw := d.properties().Get("Parameters")
	if raw.Kind == value.Map && len(raw.Fields) == 1 && strings.HasPrefix(raw.Fields[0].Key, "Fn::") {
		raw = e.argument(d.scope, raw)
	}
	if raw.Kind == value.Unknown {
		return unknown(span, s.prefix+id), true
	}
	v := raw.Get(id)
	for _, item := range raw.Items { // as a stack set has them
		if item.Get("ParameterKey").Text.Literal == id {
			v = item.Get("ParameterValue")
		}
	}
	if v.Kind == value.Absent {
		return v, false
	}
	if s.busy["parameter "+id] {
		return e.fault(v.Span, "parameter %q depends on itself", s.prefix+id), true
	}
	s.busy["parameter "+id] = true
	v = e.argument(d.scope, v)
	delete(s.busy, "parameter "+id)
	if v.Kind == value.List { // CloudFormation wants a text, and some tools write a list
		v = joined(v.Items, value.Lit(","), v.Span)
	}
	return v, v.Kind != value.Absent
}

// readGiven collects the values of parameters.
func (e *evaluator) readGiven() map[string]given {
	all := map[string]given{}
	for _, f := range e.options.ParameterFiles {
		e.parameterFile(f, all)
	}
	for name, text := range e.options.Parameters {
		all[name] = given{text: text}
	}
	return all
}

// parameterFile reads a file of parameters, in any form that the AWS tools take:
// a list of {"ParameterKey", "ParameterValue"}, {"Parameters": {name: value}}, or
// {name: value}.
//
// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/create-stack.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html
func (e *evaluator) parameterFile(f *source.File, all map[string]given) {
	v, diags := parse(f)
	if len(diags) > 0 {
		e.diags = append(e.diags, diags...)
		return
	}
	switch v.Kind {
	case value.List:
		for _, item := range v.Items {
			key, known := item.Get("ParameterKey").Text.Known()
			switch {
			case item.Kind == value.String && strings.Contains(item.Text.Literal, "="):
				name, text, _ := strings.Cut(item.Text.Literal, "=")
				all[name] = given{text, item.Span}
			case item.Kind != value.Map || !known || key == "":
				e.errorf(item.Span, "expected an object with %q and %q, found %s", "ParameterKey", "ParameterValue", item.Kind)
			case item.Get("ParameterValue").Kind != value.Absent:
				e.give(all, key, item.Get("ParameterValue"))
			}
		}
	case value.Map:
		for _, wrapper := range []string{"Parameters", "parameters"} {
			if inner := v.Get(wrapper); inner.Kind == value.Map {
				v = inner
				break
			}
		}
		for _, field := range v.Fields {
			e.give(all, field.Key, field.Value)
		}
	default:
		e.errorf(v.Span, "expected parameters as a list of objects with %q and %q, or as one object, found %s", "ParameterKey", "ParameterValue", v.Kind)
	}
}

func (e *evaluator) give(all map[string]given, key string, v value.Value) {
	text, known := v.Text.Known()
	if v.Kind == value.List {
		t := joined(v.Items, value.Lit(","), v.Span)
		text, known = t.Text.Known()
		known = known && !slices.ContainsFunc(v.Items, func(item value.Value) bool { return !item.IsScalar() })
	} else if !v.IsScalar() {
		known = false
	}
	if !known {
		e.errorf(v.Span, "expected the value of parameter %q as a string, found %s", key, v.Kind)
		return
	}
	all[key] = given{text, v.Span}
}
