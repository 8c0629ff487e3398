package cloudformation

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// expandSAM replaces the resources of the Serverless Application Model by what
// SAM makes of them, as far as that decides who can reach something. What is
// generated keeps the places of what it was generated from.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
func (e *evaluator) expandSAM(s *scope) {
	for _, d := range slices.Clone(s.order) {
		kind, ok := strings.CutPrefix(d.typ, "AWS::Serverless::")
		if !ok {
			continue
		}
		e.applyGlobals(s, d, kind)
		switch kind {
		case "Function":
			e.samFunction(s, d)
		case "Api":
			e.samAPI(s, d)
		case "HttpApi":
			e.samHTTP(s, d)
		case "WebSocketApi":
			d.typ = "AWS::ApiGatewayV2::Api"
			d.set("ProtocolType", text(d.body.Span, "WEBSOCKET"))
		case "StateMachine":
			e.samStateMachine(s, d)
		case "SimpleTable":
			d.typ = "AWS::DynamoDB::Table"
			d.set("TableName", d.properties().Get("TableName"))
		case "LayerVersion":
			d.typ = "AWS::Lambda::LayerVersion"
		case "GraphQLApi":
			d.typ = "AWS::AppSync::GraphQLApi"
		case "Application":
			d.typ = stackType
			d.set("TemplateURL", d.properties().Get("Location"))
		case "Connector":
			d.hidden = true
		case "CapacityProvider":
			d.typ = "AWS::Lambda::CapacityProvider"
		default:
			e.warnf(d.body.Get("Type").Span, "%q is not a resource of the Serverless Application Model that is known; it is not analysed", d.typ)
		}
	}
	for _, d := range s.order {
		s.underUsers(d)
		e.authorize(d)
		if d.typ == "AWS::ApiGateway::RestApi" {
			e.finishAPI(d)
		}
	}
	for _, d := range slices.Clone(s.order) {
		if d.typ == "AWS::Serverless::Connector" {
			e.connect(s, d, d.id, d.properties().Get("Source"), d.properties())
		}
		for _, f := range d.body.Get("Connectors").Fields {
			e.embedded(s, d, f)
		}
	}
}

// applyGlobals merges what Globals says of a kind of resource into one.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
func (e *evaluator) applyGlobals(s *scope, d *declared, kind string) {
	globals := s.section("Globals").Get(kind)
	if globals.Kind == value.Absent {
		return
	}
	if globals.Kind != value.Map {
		e.errorf(globals.Span, "expected the globals of %q as an object, found %s", kind, globals.Kind)
		return
	}
	own := d.properties()
	if own.Kind != value.Map {
		own = value.Value{Kind: value.Map, Span: d.body.Span}
	}
	d.setProperties(overlay(globals, own))
}

// overlay merges objects key by key, puts lists one after the other, and lets
// the second win elsewhere.
func overlay(under, over value.Value) value.Value {
	switch {
	case under.Kind == value.Map && over.Kind == value.Map && !isFunction(under) && !isFunction(over):
		out := over
		out.Fields = nil
		for _, f := range under.Fields {
			if own := over.Get(f.Key); own.Kind != value.Absent {
				f.Value = overlay(f.Value, own)
			}
			out.Fields = append(out.Fields, f)
		}
		for _, f := range over.Fields {
			if under.Get(f.Key).Kind == value.Absent {
				out.Fields = append(out.Fields, f)
			}
		}
		return out
	case under.Kind == value.List && over.Kind == value.List:
		over.Items = append(append([]value.Value{}, under.Items...), over.Items...)
	}
	return over
}

// generated is a resource that SAM makes of another.
type generated struct{ *declared }

// generate declares a resource that SAM makes of d, under d's condition.
func (s *scope) generate(d *declared, id, typ string, properties value.Value) generated {
	span := properties.Span
	if span.IsZero() {
		span = d.body.Span
	}
	body := value.Value{Kind: value.Map, Span: span, Fields: []value.Field{{Key: "Type", Value: text(span, typ)}}}
	if c := d.body.Get("Condition"); c.Kind != value.Absent {
		body.Fields = append(body.Fields, value.Field{Key: "Condition", Value: c})
	}
	if properties.Kind != value.Absent {
		body.Fields = append(body.Fields, value.Field{Key: "Properties", Value: properties})
	}
	g := &declared{scope: s, id: id, address: s.prefix + id, typ: typ, body: body, name: d.name}
	s.add(g)
	return generated{g}
}

// alias lets Ref and Fn::GetAtt know a resource by another name.
func (g generated) alias(name string) generated {
	g.scope.resources[name] = g.declared
	return g
}

// of gives a resource the address of what it was generated from.
func (g generated) of(d *declared) generated {
	g.address = d.address
	return g
}

func (d *declared) setProperties(v value.Value) {
	d.body.Fields = slices.DeleteFunc(slices.Clone(d.body.Fields), func(f value.Field) bool { return f.Key == "Properties" })
	d.body.Fields = append(d.body.Fields, value.Field{Key: "Properties", Value: v})
}

// set sets a property, or takes it away if it is absent.
func (d *declared) set(name string, v value.Value) {
	p := d.properties()
	if p.Kind != value.Map {
		p = value.Value{Kind: value.Map, Span: d.body.Span}
	}
	p.Fields = slices.DeleteFunc(slices.Clone(p.Fields), func(f value.Field) bool { return f.Key == name })
	if v.Kind != value.Absent {
		p.Fields = append(p.Fields, value.Field{Key: name, KeySpan: v.Span, Value: v})
	}
	d.setProperties(p)
}

// Values of generated resources, all at one place.

func text(span source.Span, s string) value.Value {
	return value.Value{Kind: value.String, Span: span, Text: value.Lit(s)}
}

func list(span source.Span, items ...value.Value) value.Value {
	return value.Value{Kind: value.List, Span: span, Items: items}
}

// object makes an object of keys and values in turn; absent ones are left out.
func object(span source.Span, pairs ...any) value.Value {
	v := value.Value{Kind: value.Map, Span: span}
	for i := 0; i+1 < len(pairs); i += 2 {
		var field value.Value
		switch x := pairs[i+1].(type) {
		case string:
			field = text(span, x)
		case value.Value:
			field = x
		}
		if field.Kind != value.Absent {
			v.Fields = append(v.Fields, value.Field{Key: pairs[i].(string), KeySpan: span, Value: field})
		}
	}
	return v
}

func refTo(span source.Span, id string) value.Value { return object(span, "Ref", id) }

func arnOf(span source.Span, id string) value.Value {
	return object(span, "Fn::GetAtt", list(span, text(span, id), text(span, "Arn")))
}

// subst is Fn::Sub with variables.
func subst(span source.Span, template string, variables ...any) value.Value {
	return object(span, "Fn::Sub", list(span, text(span, template), object(span, variables...)))
}

// trust is the policy of a role that a service may assume.
func trust(span source.Span, service string) value.Value {
	return object(span, "Version", "2012-10-17", "Statement", list(span, object(span,
		"Effect", "Allow", "Principal", object(span, "Service", list(span, text(span, service))), "Action", list(span, text(span, "sts:AssumeRole")))))
}

// isGiven reports whether a property is there in every case: a function may
// give AWS::NoValue.
func isGiven(v value.Value) bool {
	return v.Kind != value.Absent && !mayBeNothing(v)
}

func mayBeNothing(v value.Value) bool {
	if v.Kind != value.Map || len(v.Fields) != 1 {
		return false
	}
	switch arg := v.Fields[0].Value; v.Fields[0].Key {
	case "Ref":
		return arg.Text.Literal == "AWS::NoValue"
	case "Fn::If":
		return len(arg.Items) == 3 && (mayBeNothing(arg.Items[1]) || mayBeNothing(arg.Items[2]))
	}
	return false
}

// settledObject returns an object that decides what SAM generates, a function in
// its place evaluated. It is Absent, with a word on it, if that is not known.
func (e *evaluator) settledObject(s *scope, v value.Value) value.Value {
	if v.Kind != value.Map || !isFunction(v) {
		return v
	}
	e.enter(nil)
	got := e.argument(s, v)
	e.enter(nil)
	if got.Kind == value.Unknown {
		e.errorf(v.Span, "expected an object from which SAM can tell what to generate; what this function gives is not known, so it is not analysed")
		return value.Value{}
	}
	return got
}

// settledText evaluates a property that decides what SAM generates. SAM knows
// parameters and nothing else.
func (e *evaluator) settledText(s *scope, v value.Value) (text string, known bool) {
	if v.Kind == value.Absent {
		return "", true
	}
	e.enter(nil)
	got := e.argument(s, v)
	e.enter(nil)
	if got.Kind == value.Absent {
		return "", true
	}
	return e.literal(got)
}
