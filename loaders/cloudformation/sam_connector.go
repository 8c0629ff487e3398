package cloudformation

import (
	"fmt"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// end is the source or the destination of a connector.
type end struct {
	typ      string
	ref, arn value.Value
	span     source.Span
}

// connectors are the connections for which SAM writes a policy of the
// destination. All others get an identity policy of a role.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
var connectors = map[[2]string]struct{ service, action string }{
	{"AWS::Events::Rule", "AWS::SNS::Topic"}:              {"events.amazonaws.com", "sns:Publish"},
	{"AWS::Events::Rule", "AWS::SQS::Queue"}:              {"events.amazonaws.com", "sqs:SendMessage"},
	{"AWS::Events::Rule", "AWS::Lambda::Function"}:        {"events.amazonaws.com", "lambda:InvokeFunction"},
	{"AWS::SNS::Topic", "AWS::SQS::Queue"}:                {"sns.amazonaws.com", "sqs:SendMessage"},
	{"AWS::SNS::Topic", "AWS::Lambda::Function"}:          {"sns.amazonaws.com", "lambda:InvokeFunction"},
	{"AWS::S3::Bucket", "AWS::Lambda::Function"}:          {"s3.amazonaws.com", "lambda:InvokeFunction"},
	{"AWS::ApiGateway::RestApi", "AWS::Lambda::Function"}: {"apigateway.amazonaws.com", "lambda:InvokeFunction"},
	{"AWS::ApiGatewayV2::Api", "AWS::Lambda::Function"}:   {"apigateway.amazonaws.com", "lambda:InvokeFunction"},
}

// serverless are the types that connectors name and SAM replaces.
var serverless = map[string]string{
	"AWS::Serverless::Function": "AWS::Lambda::Function", "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
	"AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
}

// embedded expands a connector that is written beside the properties of its source.
func (e *evaluator) embedded(s *scope, d *declared, f value.Field) {
	from := object(f.Value.Span, "Id", d.id)
	e.connect(s, d, d.id+f.Key, from, f.Value.Get("Properties"))
}

// connect expands a connector.
func (e *evaluator) connect(s *scope, d *declared, id string, from, p value.Value) {
	origin, ok := e.endOf(s, from)
	if !ok {
		return
	}
	for i, raw := range itemsOf(p.Get("Destination")) {
		to, ok := e.endOf(s, raw)
		if !ok {
			continue
		}
		c, ok := connectors[[2]string{origin.typ, to.typ}]
		if !ok {
			continue
		}
		name := id
		if p.Get("Destination").Kind == value.List {
			name = fmt.Sprintf("%sDestination%d", id, i)
		}
		policy := serviceMay(raw.Span, c.service, c.action, to.arn, origin.arn)
		switch to.typ {
		case "AWS::SNS::Topic":
			s.generate(d, name+"TopicPolicy", "AWS::SNS::TopicPolicy", object(raw.Span, "Topics", list(raw.Span, to.arn), "PolicyDocument", policy))
		case "AWS::SQS::Queue":
			s.generate(d, name+"QueuePolicy", "AWS::SQS::QueuePolicy", object(raw.Span, "Queues", list(raw.Span, to.ref), "PolicyDocument", policy))
		default:
			var account value.Value
			if origin.typ == "AWS::S3::Bucket" {
				account = refTo(raw.Span, "AWS::AccountId")
			}
			s.generate(d, name+"WriteLambdaPermission", permissionType, object(raw.Span, "Action", c.action, "FunctionName", to.arn,
				"Principal", c.service, "SourceArn", origin.arn, "SourceAccount", account))
		}
	}
}

// endOf reads the source or destination of a connector: the id of a resource of
// the template, or a type with what identifies one elsewhere.
func (e *evaluator) endOf(s *scope, v value.Value) (end, bool) {
	if v.Kind != value.Map {
		e.errorf(v.Span, "expected the source or destination of a connector as an object, found %s", v.Kind)
		return end{}, false
	}
	id := v.Get("Id").Text.Literal
	if d := s.resources[id]; d != nil {
		out := end{typ: d.typ, ref: refTo(v.Span, id), arn: arnOf(v.Span, id), span: v.Span}
		switch d.typ {
		case "AWS::SNS::Topic":
			out.arn = out.ref
		case "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api":
			out.arn = subst(v.Span, "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__Api__}/*", "__Api__", out.ref)
		}
		return out, true
	}
	if id != "" {
		e.errorf(v.Get("Id").Span, "resource %q of a connector is not in the template%s", id, e.suggest(id, func() []string { return keys(s.resources) }))
		return end{}, false
	}
	typ := v.Get("Type").Text.Literal
	if plain := serverless[typ]; plain != "" {
		typ = plain
	}
	out := end{typ: typ, arn: v.Get("Arn"), ref: v.Get("QueueUrl"), span: v.Span}
	if out.ref.Kind == value.Absent {
		out.ref = out.arn
	}
	if api := v.Get("ResourceId"); api.Kind != value.Absent && out.arn.Kind == value.Absent {
		out.arn = subst(v.Span, "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__Api__}/*", "__Api__", api)
	}
	return out, true
}
