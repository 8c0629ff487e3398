package cloudformation

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// pseudo parameters whose value is a fact of the deployment.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
var pseudo = map[string]value.Meaning{
	"AWS::AccountId": value.OwnAccount,
	"AWS::Region":    value.OwnRegion,
	"AWS::Partition": value.OwnPartition,
	"AWS::URLSuffix": value.OwnSuffix,
	"AWS::StackName": value.OwnName,
}

// ref evaluates {"Ref": name}.
func (e *evaluator) ref(s *scope, v value.Value) value.Value {
	arg := v.Fields[0].Value
	if arg.Kind == value.Map { // with the language extensions, a function may give the name
		arg = e.argument(s, arg)
	}
	name, known := arg.Text.Known()
	if arg.Kind == value.Unknown {
		return unknown(v.Span, "Ref of "+arg.Text.String())
	}
	if arg.Kind != value.String || !known {
		return e.fault(arg.Span, "expected the name of a parameter or resource for \"Ref\", found %s", arg.Kind)
	}
	return e.named2(s, name, v.Span, arg.Span)
}

// named2 returns the value of a name; span is that of its use, at that of the
// name itself.
func (e *evaluator) named2(s *scope, name string, span, at source.Span) value.Value {
	if m, ok := pseudo[name]; ok {
		return value.Value{Kind: value.String, Span: span, Text: s.own(s.pseudoName(name), m)}
	}
	switch name {
	case "AWS::NoValue":
		return value.Value{Span: span}
	case "AWS::StackId":
		return value.Value{Kind: value.String, Span: span, Text: s.stackARN(s.prefix)}
	case "AWS::NotificationARNs":
		return unknown(span, name)
	}
	if s.parameters[name] != nil {
		return e.parameterValue(s, name, span)
	}
	if d := s.resources[name]; d != nil {
		return e.attribute(d, "Ref", span)
	}
	return e.nobody(s, name, span, at)
}

// pseudoName tells the stacks of one input apart by their names, and nothing else.
func (s *scope) pseudoName(name string) string {
	if name == "AWS::StackName" || name == "AWS::StackId" {
		return s.prefix + name
	}
	return name
}

// own is a reference to a fact of the deployment.
func (s *scope) own(name string, m value.Meaning) value.Text {
	return value.Ref(value.Reference{Name: name, Is: m, Scope: s.deployment})
}

// stackARN is the id of the stack whose names have a prefix.
func (s *scope) stackARN(prefix string) value.Text {
	return value.Join(value.Lit("arn:"), s.own("AWS::Partition", value.OwnPartition), value.Lit(":cloudformation:"),
		s.own("AWS::Region", value.OwnRegion), value.Lit(":"), s.own("AWS::AccountId", value.OwnAccount),
		value.Lit(":stack/"), s.own(prefix+"AWS::StackName", value.OwnName), value.Lit("/"), s.own(prefix+"AWS::StackId", value.OwnName))
}

// nobody is the value of a name that is not in the template.
func (e *evaluator) nobody(s *scope, name string, span, at source.Span) value.Value {
	if s.marked(name) { // which of several it is depends on the item
		return unknown(span, s.prefix+s.unmarkedText(name).String())
	}
	if s.loose {
		e.warnf(at, "%q is not in the template; what is not analysed may declare it", name)
	} else {
		e.errorf(at, "%q is neither a parameter nor a resource of the template%s", name,
			e.suggest(name, func() []string { return append(keys(s.parameters), keys(s.resources)...) }))
	}
	return unknown(span, s.prefix+name)
}

// getAtt evaluates Fn::GetAtt, written as "Resource.Attribute" or as a list.
func (e *evaluator) getAtt(s *scope, v, arg value.Value) value.Value {
	var name, attribute string
	switch {
	case arg.Kind == value.String:
		text, known := arg.Text.Known()
		first, rest, found := strings.Cut(text, ".")
		if !known || !found || first == "" || rest == "" {
			return e.fault(arg.Span, "expected \"Resource.Attribute\" for \"Fn::GetAtt\", found %q", arg.Text.String())
		}
		name, attribute = first, rest
	case arg.Kind == value.List && len(arg.Items) >= 2:
		first := e.argument(s, arg.Items[0])
		var rest []string
		for _, item := range arg.Items[1:] {
			got := e.argument(s, item)
			text, known := got.Text.Known()
			if got.Kind == value.Unknown || got.Kind == value.String && !known {
				return unknown(v.Span, "Fn::GetAtt of "+got.Text.String())
			}
			if !got.IsScalar() {
				return e.fault(item.Span, "expected the name of an attribute for \"Fn::GetAtt\", found %s", got.Kind)
			}
			rest = append(rest, text)
		}
		text, known := first.Text.Known()
		if first.Kind != value.String || !known {
			return e.fault(arg.Items[0].Span, "expected the name of a resource for \"Fn::GetAtt\", found %s", first.Kind)
		}
		name, attribute = text, strings.Join(rest, ".")
	default:
		return e.fault(arg.Span, "expected \"Resource.Attribute\", or a list of the two, for \"Fn::GetAtt\", found %s", described(arg))
	}
	return e.attributeOf(s, name, attribute, v.Span, arg.Span)
}

// attributeOf returns an attribute of the resource of a name.
func (e *evaluator) attributeOf(s *scope, name, attribute string, span, at source.Span) value.Value {
	if d := s.resources[name]; d != nil {
		return e.attribute(d, attribute, span)
	}
	// Resources that SAM makes are known by "Function.Alias" as well.
	for rest := attribute; ; {
		part, after, more := strings.Cut(rest, ".")
		if !more {
			break
		}
		name, rest = name+"."+part, after
		if d := s.resources[name]; d != nil {
			return e.attribute(d, rest, span)
		}
	}
	if s.parameters[name] != nil {
		return e.fault(at, "expected a resource for \"Fn::GetAtt\", found the parameter %q", name)
	}
	return e.nobody(s, name, span, at)
}

// shallow is a block with those properties only that a name can be made of, and
// what evaluating them depends on.
type shallow struct {
	block     catalog.Block
	need      *atom
	consulted []consultation
}

// Names and ARNs have at most two thousand characters.
const (
	maxName      = 4096
	maxNameParts = 64
)

// attribute returns what Ref or Fn::GetAtt give of a resource.
func (e *evaluator) attribute(d *declared, name string, span source.Span) value.Value {
	v := e.attributeValue(d, name, span)
	if len(v.Text.Parts) > maxNameParts || length(v.Text) > maxName {
		return e.fault(span, "what %q gives of resource %q is too long for a name", name, d.id)
	}
	if v.Span.IsZero() || v.Kind != value.Absent {
		v.Span = span
	}
	return v
}

func (e *evaluator) attributeValue(d *declared, name string, span source.Span) value.Value {
	switch {
	case d.typ == stackType:
		return e.stackAttribute(d, name, span)
	case d.typ == "AWS::SSM::Parameter" && name == "Value":
		if d.busy {
			return e.circular(d, span)
		}
		d.busy = true
		defer func() { d.busy = false }()
		if v := e.argument(d.scope, d.properties().Get("Value")); v.IsScalar() {
			return v
		}
	}
	if d.typ == jsonType && name == "Value" {
		return e.jsonAttribute(d, span)
	}
	if d.busy {
		return e.circular(d, span)
	}
	b := e.shallow(d)
	if v, ok := catalog.Attribute(catalog.CloudFormation, b, name); ok {
		return v
	}
	r := value.Reference{Name: d.scope.prefix + d.id, Scope: d.scope.deployment, Declared: true}
	if name != "Ref" {
		r.Name += "." + name
	}
	if id, known := d.physical(); known && name == "Ref" {
		return value.Value{Kind: value.String, Text: value.Lit(id)}
	}
	if isPlainID(d.typ, name) {
		r.Is = value.OwnName
		return value.Value{Kind: value.String, Text: value.Ref(r)}
	}
	return refer(span, r)
}

func (e *evaluator) circular(d *declared, span source.Span) value.Value {
	return e.fault(span, "the name of resource %q depends on itself", d.id)
}

// isPlainID reports whether an attribute is an id that AWS gives, and nothing
// that a custom resource or another service made up. What Ref gives is one.
func isPlainID(typ, attribute string) bool {
	if strings.HasPrefix(typ, "Custom::") || typ == "AWS::CloudFormation::CustomResource" || !strings.HasPrefix(typ, "AWS::") {
		return false
	}
	return attribute == "Ref" || attribute == "Id" || strings.HasSuffix(attribute, "Id") && !strings.Contains(attribute, ".")
}

// shallow evaluates the properties of a resource that are texts; those that hold
// objects and lists are no part of a name, and may refer back.
func (e *evaluator) shallow(d *declared) catalog.Block {
	if got, ok := d.shallow[e.world]; ok {
		if e.need == nil {
			e.need = got.need
		}
		e.consulted = append(e.consulted, got.consulted...)
		return got.block
	}
	b := e.block(d)
	b.Properties = value.Value{Kind: value.Map, Span: d.properties().Span}
	need, consulted, granting := e.need, e.consulted, e.granting
	e.need, e.consulted, e.granting = nil, nil, 0
	d.busy = true
	for _, f := range e.expanded(d.scope, d.properties()) {
		if f.Value.Kind == value.List || f.Value.Kind == value.Map && !isFunction(f.Value) {
			continue
		}
		v := e.argument(d.scope, f.Value)
		if v.IsScalar() {
			f.Value = v
			b.Properties.Fields = append(b.Properties.Fields, f)
		}
	}
	d.busy = false
	got := shallow{b, e.need, e.consulted}
	if d.shallow == nil || e.world != e.base {
		// Worlds other than the base are left soon, and what was found in them
		// with them.
		kept := map[*world]shallow{}
		if old, ok := d.shallow[e.base]; ok {
			kept[e.base] = old
		}
		d.shallow = kept
	}
	d.shallow[e.world] = got
	e.need, e.consulted, e.granting = need, append(consulted, got.consulted...), granting
	if e.need == nil {
		e.need = got.need
	}
	return b
}

// isFunction reports whether an object is a call of a function that may give a text.
func isFunction(v value.Value) bool {
	if len(v.Fields) != 1 || strings.HasPrefix(v.Fields[0].Key, forEach) {
		return false
	}
	return v.Fields[0].Key == "Ref" || strings.HasPrefix(v.Fields[0].Key, "Fn::")
}
