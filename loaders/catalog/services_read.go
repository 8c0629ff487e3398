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

// searchNetwork reads whether a domain is in a VPC.
func searchNetwork(b *building, block Block) {
	for _, path := range []string{"VPCOptions.SubnetIds", "vpc_options.subnet_ids"} {
		for _, v := range at(block.Properties, path) {
			if v.Kind == value.Unknown {
				b.note("whether %s is in a VPC is not known: it is taken to have a public endpoint", block.Address)
			} else if len(items(v)) > 0 && !b.maybe {
				b.vpc = value.StandIn("the VPC of " + block.Address)
			}
		}
	}
}

// searchDomain reads what beside the access policy decides who gets to a domain's
// data: its network, and the roles of fine-grained access control.
//
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
func searchDomain(b *building, block Block) {
	searchNetwork(b, block)
	for _, path := range []string{"AdvancedSecurityOptions.Enabled", "advanced_security_options.enabled"} {
		for _, v := range at(block.Properties, path) {
			if b.flag(v, "fine-grained access control", block) {
				b.note("fine-grained access control is on: its roles and users decide as well, and are not part of the code")
			}
		}
	}
}

// settleSearch: only its network reaches a domain in a VPC.
//
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
func settleSearch(b *building) { settlePoint(b) }

// dataAccess reads a data access policy of OpenSearch Serverless: a list of
// rules with the principals that they are for.
//
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html
func dataAccess(b *building, block Block) {
	for _, name := range []string{"Policy", "policy"} {
		v := b.Tree(one(block.Properties, name))
		if v.Kind == value.Absent {
			continue
		}
		if v.Kind == value.Unknown { // as a whole
			b.addPolicy(v, block)
			continue
		}
		var entries []value.Value
		for _, rule := range items(v) {
			for _, list := range at(rule, "Principal") {
				for _, item := range b.entries(list) {
					if text, _ := item.Text.Known(); item.Kind != value.String || !strings.HasPrefix(text, "saml/") && !strings.HasPrefix(text, "iamidentitycenter/") {
						entries = append(entries, item)
					}
				}
			}
		}
		for i := range entries {
			entries[i] = b.joiner.seen(entries[i], block.Scope)
		}
		b.shareWith(block, p("aoss:APIAccessAll"), entries)
	}
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

// authorityPermission reads a permission of a certificate authority; the only
// principal is Certificate Manager's.
//
// https://docs.aws.amazon.com/privateca/latest/APIReference/API_CreatePermission.html
func authorityPermission(principal, actions, account string) func(*building, Block) {
	return func(b *building, block Block) {
		v := block.Properties
		list := one(v, actions)
		for i := range list.Items {
			if text, known := list.Items[i].Text.Known(); known && !strings.Contains(text, ":") {
				list = prefixed(list, "acm-pca:")
				break
			}
		}
		s := b.statement(block, one(v, principal), list, p("acm-pca:*"))
		if a := one(v, account); a.Kind != value.Absent {
			s.Condition = append(s.Condition, grants.Where("StringEquals", "aws:SourceAccount", b.Text(a, "source account", block.Span), a.Span))
		} else {
			// Without one it is the authority's own.
			s.Condition = append(s.Condition, grants.Where("StringEquals", "aws:SourceAccount", own(block, value.OwnAccount), block.Span))
		}
		b.addStatement(s, block)
	}
}

func prefixed(list value.Value, prefix string) value.Value {
	out := list
	out.Items = nil
	for _, item := range list.Items {
		item.Text = value.Join(value.Lit(prefix), item.Text)
		out.Items = append(out.Items, item)
	}
	return out
}

// lakePrincipal reads who has a permission of Lake Formation.
//
// https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html
func lakePrincipal(path string) func(*building, Block) {
	return func(b *building, block Block) {
		var entries []value.Value
		for _, v := range at(block.Properties, path) {
			for _, item := range b.entries(v) {
				// A group of the account: whoever IAM allows.
				if text, _ := item.Text.Known(); text != "IAM_ALLOWED_PRINCIPALS" && !strings.HasSuffix(text, ":IAMPrincipals") {
					entries = append(entries, item)
				}
			}
		}
		b.shareWith(block, b.row.kind().Grants, entries)
	}
}

// imageSharing reads with whom images that will be made are shared.
//
// https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_LaunchPermissionConfiguration.html
func imageSharing(b *building, block Block) {
	const cloudFormation = "Distributions.AmiDistributionConfiguration.LaunchPermissionConfiguration."
	const terraform = "distribution.ami_distribution_configuration.launch_permission."
	b.share(block, b.row.kind().Grants, []string{
		cloudFormation + "UserIds", cloudFormation + "UserGroups", cloudFormation + "OrganizationArns", cloudFormation + "OrganizationalUnitArns",
		terraform + "user_ids", terraform + "user_groups", terraform + "organization_arns", terraform + "organizational_unit_arns",
	})
}

// organizationPolicy reads a policy of an organization, if it is one about access:
// others, such as those for tags and backups, have languages of their own.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html
func organizationPolicy(b *building, block Block) {
	typ, known := first(block.Properties, "Type", "type").Text.Known()
	if typ == "" && known {
		typ = "SERVICE_CONTROL_POLICY" // Terraform's default
	}
	if typ != "SERVICE_CONTROL_POLICY" && typ != "RESOURCE_CONTROL_POLICY" {
		return
	}
	b.res.PolicyType = typ
	if doc := b.document(first(block.Properties, "Content", "content"), block); doc != nil {
		b.add(resource.Document{Policy: doc}, block)
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
