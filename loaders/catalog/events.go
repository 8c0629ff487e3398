package catalog

import (
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

var eventsRows = []Row{
	{
		Kind:    "AWS::Events::EventBus",
		Several: true,
		ARN:     "arn:{partition}:events:{region}:{account}:event-bus/{name}",
		Resource: []Form{
			{Type: "AWS::Events::EventBus", Name: "Name", Policy: p("Policy")},
			{Type: "aws_cloudwatch_event_bus", Name: "name"},
		},
		Parts: []Form{
			{Type: "AWS::Events::EventBusPolicy", Of: p("EventBusName"), Default: "default", Read: busPermission, Where: "Statement, or Principal with Action and Condition"},
			{Type: "AWS::EventsV2::ResourcePolicy", Of: p("EventBusArn"), Policy: p("PolicyDocument")},
			{Type: "aws_cloudwatch_event_bus_policy", Of: p("event_bus_name"), Default: "default", Policy: p("policy")},
			{Type: "aws_cloudwatch_event_permission", Of: p("event_bus_name"), Default: "default", Read: busPermission, Where: "principal with action and condition"},
		},
	},
	{
		Kind: "AWS::EventSchemas::Registry",
		ARN:  "arn:{partition}:schemas:{region}:{account}:registry/{name}",
		Resource: []Form{
			{Type: "AWS::EventSchemas::Registry", Name: "RegistryName", Attr: map[string]string{"Ref": "{arn}", "RegistryArn": "{arn}"}},
			{Type: "aws_schemas_registry", Name: "name"},
		},
		Parts: []Form{
			{Type: "AWS::EventSchemas::RegistryPolicy", Of: p("RegistryName"), Policy: p("Policy")},
			{Type: "aws_schemas_registry_policy", Of: p("registry_name"), Policy: p("policy")},
		},
	},
}

// busPermission reads a permission of an event bus: a statement, or its pieces.
//
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
func busPermission(b *building, block Block) {
	if statement := one(block.Properties, "Statement"); statement.Kind != value.Absent {
		tree := b.Tree(statement)
		if tree.Kind == value.Map && tree.Get("Statement").Kind == value.Absent {
			tree = document(tree)
		}
		b.addPolicy(tree, block)
		return
	}
	get := getter(block)
	s := b.statement(block, get("Principal", "principal"), get("Action", "action"), p("events:PutEvents"))
	if c := get("Condition", "condition"); c.Kind != value.Absent {
		for _, item := range items(c) {
			s.Condition = append(s.Condition, b.busCondition(item, block))
		}
	}
	b.addStatement(s, block)
}

func (b *building) busCondition(v value.Value, block Block) policy.Condition {
	field := func(names ...string) value.Value { return getter(Block{Properties: v})(names...) }
	operator, ok := field("Type", "type").Text.Known()
	key, known := field("Key", "key").Text.Known()
	if v.Kind != value.Map || !ok || !known {
		return unsettled(grants.Anything("condition of "+block.Address), block.Span)
	}
	return grants.Where(operator, key, b.Text(field("Value", "value"), "value of the condition", block.Span), v.Span)
}
