package catalog

import (
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

// apiDefinition reads what the definition of a REST API says of its policy and
// of its methods.
func apiDefinition(b *building, block Block) {
	bodyPolicy(b, block)
	definedMethods(b, block)
}

// settleAPI: an API without a policy answers everyone whom its methods let in, a
// private one nobody.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html
func settleAPI(b *building) {
	if b.parent != nil && !b.hasPolicy() {
		b.withoutPolicy()
	}
	b.withMethods()
}

func (b *building) hasPolicy() bool {
	for _, d := range b.res.Documents {
		if !b.unsure[d.Address] {
			return true
		}
	}
	return false
}

func (b *building) withoutPolicy() {
	var conditions []policy.Condition
	for _, path := range []string{"EndpointConfiguration.Types", "endpoint_configuration.types"} {
		for _, v := range at(b.parent.Properties, path) {
			for _, item := range items(v) {
				text, known := item.Text.Known()
				switch {
				case item.Kind == value.Unknown || !known:
					conditions = append(conditions, unsettled(b.Text(item, "type of the endpoint", b.res.Span), item.Span))
				case text == "PRIVATE":
					return
				}
			}
		}
	}
	b.answers(conditions)
	b.note("an API without a resource policy is open")
}

// answers makes the API answer everyone, if some conditions hold.
func (b *building) answers(conditions []policy.Condition) {
	anyone := policy.Principal{Kind: policy.Anyone, Text: value.Lit("*"), Span: b.res.Span}
	s := grants.Allow(0, b.res.Span, anyone, p("execute-api:Invoke"), value.Join(b.res.ARN, value.Lit("/*")))
	s.Condition = conditions
	doc := &policy.Document{Span: b.res.Span, Version: "2012-10-17", Statements: []policy.Statement{s}}
	b.res.Documents = append(b.res.Documents, resource.Document{Policy: doc, Implied: true})
}

// settleHTTP: an HTTP or WebSocket API has no policy, and its routes decide. One
// of which no route is part of the code may have some all the same.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-control-access.html
func settleHTTP(b *building) {
	if b.parent == nil {
		return
	}
	if getter(*b.parent)("Target", "target").Kind != value.Absent {
		b.methods.open = append(b.methods.open, "$default of "+b.parent.Address) // quick create makes it
	}
	switch {
	case b.methods.any():
	case b.methods.ignored:
		b.methods.open = append(b.methods.open, "$connect of "+b.parent.Address) // no route says who may connect
	default:
		b.methods.unknown = append(b.methods.unknown, grants.Anything("routes of "+b.parent.Address))
	}
	b.answers(nil)
	b.withMethods()
}

// unsettled is a condition of which nothing is known but what would settle it.
func unsettled(t value.Text, span source.Span) policy.Condition {
	return policy.Condition{Span: span, KeySpan: span, Values: []policy.Pattern{{Text: t, Span: span}}}
}
