package catalog

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

// bodyPolicy reads the policy in the OpenAPI definition of an API.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-policy.html
func bodyPolicy(b *building, block Block) {
	const extension = "x-amazon-apigateway-policy"
	for _, name := range []string{"Body", "body"} {
		v := one(block.Properties, name)
		if v.Kind == value.String {
			text := v.Text.String()
			if !strings.Contains(text, extension) {
				continue
			}
			quiet := grants.Reader{}
			if v = quiet.Tree(v); len(quiet.Diagnostics) > 0 {
				b.Warnf(v.Span, "the policy in the definition of the API cannot be read, expected JSON")
			}
			if v.Kind == value.Unknown { // there is a policy, but which?
				b.addPolicy(v, block)
				continue
			}
		}
		if v.Kind == value.Map {
			b.addPolicy(v.Get(extension), block)
		}
	}
}

func (b *building) addPolicy(v value.Value, block Block) {
	if doc := b.document(v, block); doc != nil {
		b.add(resource.Document{Policy: doc, Sole: !b.row.Several}, block)
	}
}

// document makes a document of one statement.
func document(statement value.Value) value.Value {
	return value.Value{Kind: value.Map, Span: statement.Span, Fields: []value.Field{
		{Key: "Version", KeySpan: statement.Span, Value: value.Value{Kind: value.String, Span: statement.Span, Text: value.Lit("2012-10-17")}},
		{Key: "Statement", KeySpan: statement.Span, Value: statement},
	}}
}

// statement allows principals, named as in a permission of Lambda, some actions.
func (b *building) statement(block Block, principals, actions value.Value, unset []string) policy.Statement {
	arn := b.res.ARN
	if arn.Literal == "" && arn.Parts == nil {
		arn = value.Lit("*")
	}
	s := grants.Allow(0, block.Span, policy.Principal{}, unset, arn)
	if actions.Kind != value.Absent {
		s.Action.List = nil
		for _, a := range items(actions) {
			s.Action.List = append(s.Action.List, policy.Pattern{Text: b.Text(a, "action", block.Span), Span: a.Span})
		}
	}
	s.Principal.List, s.Principal.Span = nil, principals.Span
	for _, x := range items(principals) {
		s.Principal.List = append(s.Principal.List, grants.Named(b.Text(x, "principal", block.Span), x.Span)...)
	}
	return s
}

// inlineStatement reads a statement that is spread over properties.
func inlineStatement(effect, principal, action, condition string) func(*building, Block) {
	return func(b *building, block Block) {
		v := block.Properties
		s := b.statement(block, one(v, principal), one(v, action), p("*"))
		if condition != "" {
			if c := b.Tree(one(v, condition)); c.Kind != value.Absent {
				whole := document(value.Value{Kind: value.Map, Span: c.Span, Fields: []value.Field{
					{Key: "Effect", Value: value.Value{Kind: value.String, Text: value.Lit("Allow")}},
					{Key: "Principal", Value: value.Value{Kind: value.String, Text: value.Lit("*")}},
					{Key: "Action", Value: value.Value{Kind: value.String, Text: value.Lit("*")}},
					{Key: "Resource", Value: value.Value{Kind: value.String, Text: value.Lit("*")}},
					{Key: "Condition", Value: c},
				}})
				if doc := b.Document(whole); doc != nil {
					s.Condition = doc.Statements[0].Condition
				}
			}
		}
		if effect != "" {
			switch e := one(v, effect); {
			case e.Text.Literal == "Deny":
				s.Effect = policy.Deny
			case e.Kind == value.Unknown:
				s.Condition = append(s.Condition, unsettled(b.Text(e, "effect", block.Span), e.Span))
			}
		}
		b.addStatement(s, block)
	}
}

// first returns the first of some properties that is written.
func first(v value.Value, names ...string) value.Value {
	for _, name := range names {
		if p := v.Get(name); p.Kind != value.Absent && p.Kind != value.Null {
			return p
		}
	}
	return value.Value{}
}
