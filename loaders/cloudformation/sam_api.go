package cloudformation

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

const bodyPolicy = "x-amazon-apigateway-policy"

// routePolicy is the resource policy that an event asks for one route.
type routePolicy struct {
	policy value.Value
	route  string // "GET/path"
}

// samAPI makes a REST API of AWS::Serverless::Api. Its policy is completed when
// all events are known.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html
func (e *evaluator) samAPI(s *scope, d *declared) {
	p := d.properties()
	d.typ = "AWS::ApiGateway::RestApi"
	e.samDefinition(d)
	if endpoint := p.Get("EndpointConfiguration"); endpoint.Kind == value.String {
		d.set("EndpointConfiguration", object(endpoint.Span, "Types", list(endpoint.Span, endpoint)))
	} else if typ := endpoint.Get("Type"); typ.Kind != value.Absent {
		d.set("EndpointConfiguration", object(endpoint.Span, "Types", list(typ.Span, typ), "VpcEndpointIds", endpoint.Get("VPCEndpointIds")))
	}
	if domain := e.settledObject(s, p.Get("Domain")); domain.Get("Policy").Kind != value.Absent {
		// Only private custom domains have a policy.
		s.generate(d, d.id+"DomainNameV2", "AWS::ApiGateway::DomainNameV2", object(domain.Span,
			"DomainName", domain.Get("DomainName"), "Policy", domain.Get("Policy"))).of(d)
	}
	stage := p.Get("StageName")
	name, _ := e.settledText(s, stage)
	s.generate(d, d.id+name+"Stage", "AWS::ApiGateway::Stage", object(d.body.Span, "RestApiId", refTo(d.body.Span, d.id), "StageName", stage)).alias(d.id + ".Stage")
	s.generate(d, d.id+"Deployment", "AWS::ApiGateway::Deployment", value.Value{}).alias(d.id + ".Deployment")
}

// samHTTP makes an HTTP API of AWS::Serverless::HttpApi.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-httpapi.html
func (e *evaluator) samHTTP(s *scope, d *declared) {
	d.typ = "AWS::ApiGatewayV2::Api"
	e.samDefinition(d)
	s.generate(d, d.id+"Stage", "AWS::ApiGatewayV2::Stage", value.Value{}).alias(d.id + ".Stage")
}

// samDefinition moves the definition of an API to where CloudFormation has it.
func (e *evaluator) samDefinition(d *declared) {
	p := d.properties()
	if uri := p.Get("DefinitionUri"); uri.Kind == value.String {
		d.set("Body", object(uri.Span, "Fn::Transform", object(uri.Span, "Name", includeTransform, "Parameters", object(uri.Span, "Location", uri))))
	} else if uri.Kind != value.Absent {
		e.warnf(uri.Span, "the definition of API %q is not a file here, so its policy is not analysed", d.id)
		d.set("Body", unknown(uri.Span, "definition of "+d.id))
	}
	if body := p.Get("DefinitionBody"); body.Kind != value.Absent {
		d.set("Body", body)
	}
	d.set("DefinitionBody", value.Value{})
	d.set("DefinitionUri", value.Value{})
}

// samMethod is the method or route that SAM makes for an event.
type samMethod struct {
	*declared
	auth value.Value // what the event says of it
}

// samRoute is what an event calls, by which kind of API.
type samRoute struct {
	method, path string
	http         bool
}

// addMethod declares the method of an event. Who may call it is known when all of
// the template is.
func (e *evaluator) addMethod(s *scope, d *declared, id string, api, event value.Value, r samRoute) {
	target := s.resources[api.Get("Ref").Text.Literal]
	if target == nil {
		return
	}
	typ, of := "AWS::ApiGateway::Method", "RestApiId"
	if r.http {
		typ, of = "AWS::ApiGatewayV2::Route", "ApiId"
	}
	key := r.method + " " + r.path
	if r.path == "" {
		key = "$default"
	}
	m := s.generate(d, id+"Method", typ, object(api.Span, of, api, "RouteKey", text(api.Span, key))).of(d)
	target.calls = append(target.calls, samMethod{m.declared, e.settledObject(s, event.Get("Auth"))})
}

// authorize writes who may call the methods of an API: whom the event says, else
// whom the API does. If the API has a definition, that has its methods.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-apifunctionauth.html
func (e *evaluator) authorize(d *declared) {
	auth := e.settledObject(d.scope, d.properties().Get("Auth"))
	preset := auth.Get("DefaultAuthorizer")
	e.addPreflight(d, auth)
	for _, m := range d.calls {
		if d.properties().Get("Body").Kind != value.Absent {
			m.hidden = true
			continue
		}
		by := m.auth.Get("Authorizer")
		if by.Kind == value.Absent {
			by = preset
		}
		name, known := e.settledText(d.scope, by)
		switch {
		case !known:
			m.set("AuthorizationType", unknown(by.Span, "authorizer of "+m.id))
		case name == "":
		case name == "NONE" || name == "AWS_IAM":
			m.set("AuthorizationType", text(by.Span, name))
		default:
			m.set("AuthorizationType", text(by.Span, "CUSTOM"))
			m.set("AuthorizerId", text(by.Span, name))
		}
	}
}

// addPreflight declares the methods that SAM makes for requests of browsers for
// permission: the default authorizer guards them, unless it is told not to.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html
func (e *evaluator) addPreflight(d *declared, auth value.Value) {
	cors := d.properties().Get("Cors")
	if d.typ != "AWS::ApiGateway::RestApi" || cors.Kind == value.Absent || len(d.calls) == 0 && d.properties().Get("Body").Kind == value.Absent {
		return
	}
	if guarded, known := auth.Get("AddDefaultAuthorizerToCorsPreflight").Text.Known(); auth.Get("DefaultAuthorizer").Kind != value.Absent && (!known || guarded != "false") {
		return
	}
	api := refTo(cors.Span, d.id)
	d.scope.generate(d, d.id+"Cors", "AWS::ApiGateway::Method", object(cors.Span, "RestApiId", api, "RouteKey", text(cors.Span, "OPTIONS"))).of(d)
}

// finishAPI writes the resource policy of an API.
func (e *evaluator) finishAPI(d *declared) {
	own := e.settledObject(d.scope, e.settledObject(d.scope, d.properties().Get("Auth")).Get("ResourcePolicy"))
	if own.Kind == value.Absent && len(d.routes) == 0 {
		return
	}
	var statements []value.Value
	body := d.properties().Get("Body")
	span := own.Span
	if written := body.Get(bodyPolicy); written.Kind == value.Map {
		statements = append(statements, itemsOf(written.Get("Statement"))...)
		body.Fields = slices.DeleteFunc(slices.Clone(body.Fields), func(f value.Field) bool { return f.Key == bodyPolicy })
		d.set("Body", body)
	}
	stage := d.properties().Get("StageName")
	if own.Kind != value.Absent {
		statements = append(statements, e.shorthand(own, routeARN(own.Span, stage, "*"))...)
	}
	for _, r := range d.routes {
		if span.IsZero() {
			span = r.policy.Span
		}
		statements = append(statements, e.shorthand(r.policy, routeARN(r.policy.Span, stage, r.route))...)
	}
	d.set("Policy", object(span, "Version", "2012-10-17", "Statement", list(span, statements...)))
}

func itemsOf(v value.Value) []value.Value {
	switch v.Kind {
	case value.List:
		return v.Items
	case value.Absent:
		return nil
	}
	return []value.Value{v}
}

func routeARN(span source.Span, stage value.Value, route string) value.Value {
	if stage.Kind == value.Absent {
		stage = text(span, "*")
	}
	return subst(span, "execute-api:/${__Stage__}/"+route, "__Stage__", stage)
}

// shorthand writes out the lists of which SAM makes statements.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-resourcepolicystatement.html
func (e *evaluator) shorthand(v, resource value.Value) []value.Value {
	if v.Kind != value.Map {
		e.errorf(v.Span, "expected the resource policy of an API as an object, found %s", v.Kind)
		return nil
	}
	var out []value.Value
	statement := func(span source.Span, effect string, principal, condition value.Value) {
		out = append(out, object(span, "Effect", effect, "Principal", principal, "Action", "execute-api:Invoke", "Resource", resource, "Condition", condition))
	}
	openExcept := func(span source.Span, operator string, keys value.Value) {
		statement(span, "Allow", text(span, "*"), value.Value{})
		statement(span, "Deny", text(span, "*"), object(span, operator, keys))
	}
	if a := v.Get("AwsAccountWhitelist"); a.Kind != value.Absent {
		statement(a.Span, "Allow", object(a.Span, "AWS", a), value.Value{})
	}
	if a := v.Get("AwsAccountBlacklist"); a.Kind != value.Absent {
		statement(a.Span, "Deny", object(a.Span, "AWS", a), value.Value{})
	}
	if a := v.Get("IpRangeWhitelist"); a.Kind != value.Absent {
		openExcept(a.Span, "NotIpAddress", object(a.Span, "aws:SourceIp", a))
	}
	if a := v.Get("IpRangeBlacklist"); a.Kind != value.Absent {
		openExcept(a.Span, "IpAddress", object(a.Span, "aws:SourceIp", a))
	}
	for _, side := range []struct{ suffix, operator string }{{"Blacklist", "StringEquals"}, {"Whitelist", "StringNotEquals"}} {
		keys, span := networks(v, side.suffix)
		if len(keys.Fields) > 0 {
			openExcept(span, side.operator, keys)
		}
	}
	out = append(out, itemsOf(v.Get("CustomStatements"))...)
	known := []string{
		"AwsAccountWhitelist", "AwsAccountBlacklist", "IpRangeWhitelist", "IpRangeBlacklist", "SourceVpcWhitelist", "SourceVpcBlacklist",
		"IntrinsicVpcWhitelist", "IntrinsicVpcBlacklist", "IntrinsicVpceWhitelist", "IntrinsicVpceBlacklist", "CustomStatements",
	}
	for _, f := range v.Fields {
		if !contains(known, f.Key) {
			e.errorf(f.KeySpan, "%q is unknown in the resource policy of an API%s", f.Key, e.suggest(f.Key, func() []string { return known }))
		}
	}
	return out
}

// networks collects the networks and endpoints that lists with a suffix name.
func networks(v value.Value, suffix string) (keys value.Value, span source.Span) {
	var vpcs, endpoints []value.Value
	for _, item := range itemsOf(v.Get("SourceVpc" + suffix)) {
		if strings.HasPrefix(item.Text.Literal, "vpce-") {
			endpoints = append(endpoints, item)
		} else {
			vpcs = append(vpcs, item)
		}
	}
	vpcs = append(vpcs, itemsOf(v.Get("IntrinsicVpc"+suffix))...)
	endpoints = append(endpoints, itemsOf(v.Get("IntrinsicVpce"+suffix))...)
	for _, name := range []string{"SourceVpc", "IntrinsicVpc", "IntrinsicVpce"} {
		if at := v.Get(name + suffix); span.IsZero() {
			span = at.Span
		}
	}
	keys = object(span)
	if len(vpcs) > 0 {
		keys.Fields = append(keys.Fields, value.Field{Key: "aws:SourceVpc", KeySpan: span, Value: list(span, vpcs...)})
	}
	if len(endpoints) > 0 {
		keys.Fields = append(keys.Fields, value.Field{Key: "aws:SourceVpce", KeySpan: span, Value: list(span, endpoints...)})
	}
	return keys, span
}

// samStateMachine makes a state machine, its role, and the roles with which
// services start it.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-statemachine.html
func (e *evaluator) samStateMachine(s *scope, d *declared) {
	p := d.properties()
	d.typ = "AWS::StepFunctions::StateMachine"
	d.set("StateMachineName", p.Get("Name"))
	if !isGiven(p.Get("Role")) {
		e.samRole(s, d, "states.amazonaws.com", value.Value{})
	}
	d.set("Policies", value.Value{})
	if alias := p.Get("AutoPublishAlias"); alias.Kind != value.Absent {
		s.generate(d, d.id+"Version", "AWS::StepFunctions::StateMachineVersion", value.Value{}).alias(d.id + ".Version")
		s.generate(d, d.id+"Alias", "AWS::StepFunctions::StateMachineAlias", value.Value{}).alias(d.id + ".Alias")
	}
	for _, f := range e.expanded(s, e.settledObject(s, p.Get("Events"))) {
		if f.Value = e.settledObject(s, f.Value); f.Value.Kind == value.Absent {
			continue
		}
		typ := f.Value.Get("Type")
		id, q, span := d.id+f.Key, f.Value.Get("Properties"), f.Value.Span
		switch kind, _ := typ.Text.Known(); kind {
		case "Schedule", "CloudWatchEvent", "EventBridgeRule":
			s.generate(d, id, "AWS::Events::Rule", object(span, "Name", q.Get("RuleName"), "EventBusName", q.Get("EventBusName")))
			samCallerRole(s, d, id, "events.amazonaws.com", q, span)
			if letters := q.Get("DeadLetterConfig"); letters.Get("Type").Text.Literal == "SQS" {
				e.samQueue(s, d, id, "events.amazonaws.com", arnOf(span, id), value.Value{}, value.Value{}, letters.Span)
			}
		case "ScheduleV2":
			samCallerRole(s, d, id, "scheduler.amazonaws.com", q, span)
		case "Api":
			api := s.namedAPI(q.Get("RestApiId"))
			if api.Kind == value.Absent {
				e.implicitAPI(s, d, "Api", "ServerlessRestApi", span)
				api = refTo(span, "ServerlessRestApi")
			}
			method, path := e.routeOf(s, q)
			e.askPolicy(s, api, q, method+path)
			e.addMethod(s, d, id, api, q, samRoute{method, path, false})
			samCallerRole(s, d, id, "apigateway.amazonaws.com", q, span)
		default:
			e.warnf(f.Value.Span, "event type %q of a state machine is not known; who may start it through it is not analysed", kind)
		}
	}
	d.set("Events", value.Value{})
}
