package cloudformation

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// samFunction makes a function of AWS::Serverless::Function, with its role, the
// permissions of its events, its URL and its alias.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
func (e *evaluator) samFunction(s *scope, d *declared) {
	p := d.properties()
	d.typ = "AWS::Lambda::Function"
	if !isGiven(p.Get("Role")) {
		e.samRole(s, d, "lambda.amazonaws.com", p.Get("AssumeRolePolicyDocument"))
		if p.Get("Role").Kind == value.Absent {
			d.set("Role", arnOf(d.body.Span, d.id+"Role"))
		}
	}
	target := refTo(d.body.Span, d.id)
	if alias := p.Get("AutoPublishAlias"); alias.Kind != value.Absent {
		name, _ := e.settledText(s, alias)
		s.generate(d, d.id+"Version", "AWS::Lambda::Version", object(d.body.Span, "FunctionName", target)).alias(d.id + ".Version")
		s.generate(d, d.id+"Alias"+name, "AWS::Lambda::Alias", object(d.body.Span, "FunctionName", target, "Name", alias)).alias(d.id + ".Alias")
		target = refTo(d.body.Span, d.id+"Alias"+name)
	}
	if deployment := p.Get("DeploymentPreference"); deployment.Kind == value.Map && deployment.Get("Role").Kind == value.Absent && s.resources["CodeDeployServiceRole"] == nil {
		s.generate(d, "CodeDeployServiceRole", "AWS::IAM::Role", object(deployment.Span, "AssumeRolePolicyDocument", trust(deployment.Span, "codedeploy.amazonaws.com")))
	}
	e.samURL(s, d, target)
	for _, name := range []string{"OnSuccess", "OnFailure"} {
		destination := p.Get("EventInvokeConfig").Get("DestinationConfig").Get(name)
		if destination.Get("Destination").Kind != value.Absent {
			continue
		}
		switch kind, _ := destination.Get("Type").Text.Known(); kind {
		case "SQS":
			s.generate(d, d.id+name+"Queue", "AWS::SQS::Queue", value.Value{}).alias(d.id + ".DestinationQueue")
		case "SNS":
			s.generate(d, d.id+name+"Topic", "AWS::SNS::Topic", value.Value{}).alias(d.id + ".DestinationTopic")
		}
	}
	for _, f := range e.expanded(s, e.settledObject(s, p.Get("Events"))) {
		if f.Value = e.settledObject(s, f.Value); f.Value.Kind == value.Absent {
			continue
		}
		e.samEvent(s, d, target, f)
	}
	for _, spent := range []string{"Events", "FunctionUrlConfig", "AutoPublishAlias", "AssumeRolePolicyDocument", "Policies"} {
		d.set(spent, value.Value{})
	}
}

// samRole declares the role that SAM makes for a resource without one, with the
// policies that the resource lists.
func (e *evaluator) samRole(s *scope, d *declared, service string, trusted value.Value) {
	p := d.properties()
	if trusted.Kind == value.Absent {
		trusted = trust(d.body.Span, service)
	}
	path := p.Get("RolePath")
	s.generate(d, d.id+"Role", "AWS::IAM::Role", object(d.body.Span, "AssumeRolePolicyDocument", trusted, "Path", path,
		"Policies", e.inlinePolicies(s, d.id+"Role", p.Get("Policies")), "PermissionsBoundary", p.Get("PermissionsBoundary"))).of(d)
}

// samURL declares the URL of a function. SAM lets anyone call it if the template
// says, in so many words, that it asks for no authentication.
//
// https://github.com/aws/serverless-application-model/blob/develop/samtranslator/model/sam_resources.py
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-functionurlconfig.html
func (e *evaluator) samURL(s *scope, d *declared, target value.Value) {
	config := e.settledObject(s, d.properties().Get("FunctionUrlConfig"))
	if config.Kind == value.Absent {
		return
	}
	if config.Kind != value.Map {
		e.errorf(config.Span, "expected the URL of a function as an object, found %s", config.Kind)
		return
	}
	auth := config.Get("AuthType")
	span := auth.Span
	if auth.Kind == value.Absent {
		span = config.Span
	}
	s.generate(d, d.id+"Url", "AWS::Lambda::Url", object(config.Span, "AuthType", auth, "TargetFunctionArn", target, "InvokeMode", config.Get("InvokeMode")))
	if literal, known := auth.Text.Known(); auth.Kind != value.String || !known || literal != "NONE" {
		return // for a function of any kind, SAM adds no permission
	}
	s.generate(d, d.id+"UrlPublicPermissions", permissionType, object(span,
		"Action", "lambda:InvokeFunctionUrl", "FunctionName", target, "Principal", "*", "FunctionUrlAuthType", auth))
	s.generate(d, d.id+"URLInvokeAllowPublicAccess", permissionType, object(span,
		"Action", "lambda:InvokeFunction", "FunctionName", target, "Principal", "*",
		"InvokedViaFunctionUrl", value.Value{Kind: value.Bool, Span: span, Text: value.Lit("true")}))
}

const permissionType = "AWS::Lambda::Permission"

// samEvent declares what SAM makes of one event of a function.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html
func (e *evaluator) samEvent(s *scope, d *declared, target value.Value, f value.Field) {
	typ := f.Value.Get("Type")
	kind, known := typ.Text.Known()
	if f.Value.Kind != value.Map || typ.Kind != value.String || !known {
		e.errorf(f.Value.Span, "expected an event: an object with %q, found %s", "Type", f.Value.Kind)
		return
	}
	id, p, span := d.id+f.Key, e.settledObject(s, f.Value.Get("Properties")), f.Value.Span
	permit := func(suffix, principal string, more ...any) {
		pairs := append([]any{"Action", "lambda:InvokeFunction", "FunctionName", target, "Principal", principal}, more...)
		s.generate(d, id+"Permission"+suffix, permissionType, object(span, pairs...))
	}
	switch kind {
	case "S3":
		permit("", "s3.amazonaws.com", "SourceAccount", refTo(span, "AWS::AccountId"))
	case "SNS":
		if subscription := p.Get("SqsSubscription"); subscription.Kind == value.Map || subscription.Text.Literal == "true" {
			e.samQueue(s, d, id, "sns.amazonaws.com", p.Get("Topic"), subscription.Get("QueueUrl"), subscription.Get("QueueArn"), span)
			return
		}
		permit("", "sns.amazonaws.com", "SourceArn", p.Get("Topic"))
	case "Api", "HttpApi":
		e.samCall(s, d, id, kind, p, span, permit)
	case "Schedule", "CloudWatchEvent", "EventBridgeRule":
		name := p.Get("RuleName")
		if kind == "Schedule" {
			name = p.Get("Name")
		}
		s.generate(d, id, "AWS::Events::Rule", object(span, "Name", name, "EventBusName", p.Get("EventBusName")))
		permit("", "events.amazonaws.com", "SourceArn", arnOf(span, id))
		if letters := p.Get("DeadLetterConfig"); letters.Get("Type").Text.Literal == "SQS" {
			e.samQueue(s, d, id, "events.amazonaws.com", arnOf(span, id), value.Value{}, value.Value{}, letters.Span)
		}
	case "ScheduleV2":
		samCallerRole(s, d, id, "scheduler.amazonaws.com", p, span)
	case "CloudWatchLogs":
		permit("", "logs.amazonaws.com", "SourceArn",
			subst(span, "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${__LogGroupName__}:*", "__LogGroupName__", p.Get("LogGroupName")))
	case "IoTRule":
		s.generate(d, id, "AWS::IoT::TopicRule", value.Value{})
		permit("", "iot.amazonaws.com", "SourceArn", subst(span, "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${RuleName}", "RuleName", refTo(span, id)),
			"SourceAccount", refTo(span, "AWS::AccountId"))
	case "Cognito":
		var pool value.Value
		if name := p.Get("UserPool").Get("Ref"); name.Kind == value.String {
			pool = arnOf(span, name.Text.Literal)
		}
		permit("Cognito", "cognito-idp.amazonaws.com", "SourceArn", pool)
	case "AlexaSkill":
		permit("", "alexa-appkit.amazon.com", "EventSourceToken", p.Get("SkillId"))
	case "Kinesis", "DynamoDB", "SQS", "MQ", "MSK", "SelfManagedKafka", "DocumentDB", "WebSocketApi":
		// The function's role reads from the source; nobody is let in.
	default:
		e.warnf(typ.Span, "event type %q is not known; who may call the function through it is not analysed", kind)
	}
}

// samCallerRole declares the role with which a service calls what an event
// triggers.
func samCallerRole(s *scope, d *declared, id, service string, p value.Value, span source.Span) {
	if !isGiven(p.Get("RoleArn")) {
		s.generate(d, id+"Role", "AWS::IAM::Role", object(span, "AssumeRolePolicyDocument", trust(span, service)))
	}
}

// samQueue lets a service send to a queue, one that SAM makes unless it is given.
func (e *evaluator) samQueue(s *scope, d *declared, id, service string, from, url, arn value.Value, span source.Span) {
	if url.Kind == value.Absent {
		s.generate(d, id+"Queue", "AWS::SQS::Queue", value.Value{})
		url, arn = refTo(span, id+"Queue"), arnOf(span, id+"Queue")
	}
	s.generate(d, id+"QueuePolicy", "AWS::SQS::QueuePolicy", object(span, "Queues", list(span, url),
		"PolicyDocument", serviceMay(span, service, "sqs:SendMessage", arn, from)))
}

// serviceMay is a policy that lets a service act for one source.
func serviceMay(span source.Span, service, action string, resource, from value.Value) value.Value {
	return object(span, "Version", "2012-10-17", "Statement", list(span, object(span,
		"Effect", "Allow", "Principal", object(span, "Service", service), "Action", action, "Resource", resource,
		"Condition", object(span, "ArnEquals", object(span, "aws:SourceArn", from)))))
}

// samCall lets an API call the function, for one path and method.
func (e *evaluator) samCall(s *scope, d *declared, id, kind string, p value.Value, span source.Span, permit func(suffix, principal string, more ...any)) {
	api, stage, implicit := p.Get("RestApiId"), text(span, "*"), "ServerlessRestApi"
	if kind == "HttpApi" {
		api, implicit = p.Get("ApiId"), "ServerlessHttpApi"
	}
	if api.Kind == value.Absent {
		e.implicitAPI(s, d, kind, implicit, span)
		api = refTo(span, implicit)
		if kind == "Api" {
			stage = text(span, "Prod")
		}
	} else {
		api = s.namedAPI(api)
		if target := s.resources[api.Get("Ref").Text.Literal]; kind == "Api" && target != nil {
			if name := target.properties().Get("StageName"); name.Kind != value.Absent {
				stage = name
			}
		}
	}
	method, path := e.routeOf(s, p)
	route := method + asPattern(path)
	if path == "" { // the default route of an HTTP API
		route = "*"
	}
	permit("", "apigateway.amazonaws.com", "SourceArn",
		subst(span, "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/${__Stage__}/"+route, "__ApiId__", api, "__Stage__", stage))
	if kind == "Api" {
		e.askPolicy(s, api, p, method+path)
	}
	e.addMethod(s, d, id, api, p, samRoute{method, path, kind == "HttpApi"})
}

// namedAPI returns the API of an event as a reference: SAM takes its logical id
// as plain text too.
func (s *scope) namedAPI(api value.Value) value.Value {
	if id, known := api.Text.Known(); known && api.Kind == value.String && s.resources[id] != nil {
		return refTo(api.Span, id)
	}
	return api
}

// routeOf is the method, "*" for all, and the path of an event.
func (e *evaluator) routeOf(s *scope, p value.Value) (method, path string) {
	method, known := e.settledText(s, p.Get("Method"))
	if method = strings.ToUpper(method); !known || method == "ANY" || method == "" || method == "X-AMAZON-APIGATEWAY-ANY-METHOD" {
		method = "*"
	}
	path, known = e.settledText(s, p.Get("Path"))
	if !known {
		path = "/*"
	}
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	return method, path
}

// askPolicy adds the resource policy that an event asks of its API for one route.
func (e *evaluator) askPolicy(s *scope, api, p value.Value, route string) {
	policy := e.settledObject(s, e.settledObject(s, p.Get("Auth")).Get("ResourcePolicy"))
	if target := s.resources[api.Get("Ref").Text.Literal]; target != nil && policy.Kind == value.Map {
		target.routes = append(target.routes, routePolicy{policy, route})
	}
}

// asPattern puts a wildcard in place of every path parameter.
func asPattern(path string) string {
	var b strings.Builder
	for path != "" {
		before, rest, found := strings.Cut(path, "{")
		b.WriteString(before)
		if !found {
			break
		}
		_, after, closed := strings.Cut(rest, "}")
		if !closed {
			break
		}
		b.WriteByte('*')
		path = after
	}
	return b.String()
}

// implicitAPI declares the API that SAM makes for events that name none. It is
// there if one of the resources that have such events is.
//
// https://github.com/aws/serverless-application-model/blob/develop/samtranslator/plugins/api/implicit_api_plugin.py
func (e *evaluator) implicitAPI(s *scope, d *declared, kind, id string, span source.Span) {
	known := s.resources[id]
	if known != nil && !known.implicit {
		return // declared by the template
	}
	if known == nil {
		g := s.generate(&declared{body: value.Value{Span: span}}, id, "AWS::Serverless::"+kind, object(span))
		known = g.declared
		known.implicit = true
		e.applyGlobals(s, known, kind)
		if kind == "Api" {
			known.set("StageName", text(span, "Prod"))
			e.samAPI(s, known)
		} else {
			e.samHTTP(s, known)
		}
	}
	known.users = append(known.users, d.body.Get("Condition"))
}

// underUsers puts an implicit API under the conditions of what uses it.
func (s *scope) underUsers(d *declared) {
	if !d.implicit || slices.ContainsFunc(d.users, func(c value.Value) bool { return c.Kind == value.Absent }) {
		return
	}
	var either value.Value
	for i, c := range d.users {
		one := object(c.Span, "Condition", c)
		if i == 0 {
			either = one
			continue
		}
		if !slices.ContainsFunc(d.users[:i], func(b value.Value) bool { return b.Text.Equal(c.Text) }) {
			either = object(c.Span, "Fn::Or", list(c.Span, either, one))
		}
	}
	name := d.id + "Condition"
	s.conditions[name] = &condition{name: s.prefix + name, body: either}
	d.body.Fields = append(slices.Clone(d.body.Fields), value.Field{Key: "Condition", Value: text(d.body.Span, name)})
}
