package catalog

var networkfirewallRows = []Row{
	{
		Kind: "AWS::NetworkFirewall::FirewallPolicy",
		ARN:  "arn:{partition}:network-firewall:{region}:{account}:firewall-policy/{name}",
		Resource: []Form{
			{Type: "aws_networkfirewall_firewall_policy", Name: "name", Attr: idARN},
			{Type: "aws_networkfirewall_rule_group", Name: "name", ARN: "arn:{partition}:network-firewall:{region}:{account}:{type}-rulegroup/{name}", Attr: idARN},
		},
		Parts:          []Form{{Type: "aws_networkfirewall_resource_policy", Of: p("resource_arn"), Policy: p("policy")}},
		OnlyWithPolicy: true,
	},
}
