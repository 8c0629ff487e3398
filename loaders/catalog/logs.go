package catalog

var logsRows = []Row{
	{
		Kind:    "AWS::Logs::ResourcePolicy",
		Several: true,
		ARN:     "",
		Resource: []Form{
			{Type: "AWS::Logs::ResourcePolicy", Name: "PolicyName", Policy: p("PolicyDocument")},
			// What GetAtt gives ends in ":*", as policies want it; Terraform's attribute does not.
			{Type: "AWS::Logs::LogGroup", Name: "LogGroupName", ARN: "arn:{partition}:logs:{region}:{account}:log-group:{name}", Has: p("ResourcePolicyDocument"), Policy: p("ResourcePolicyDocument"), Attr: map[string]string{"Arn": "{arn}:*"}},
			{Type: "aws_cloudwatch_log_resource_policy", Name: "policy_name", Policy: p("policy_document")},
		},
	},
	{
		Kind: "AWS::Logs::Destination",
		ARN:  "arn:{partition}:logs:{region}:{account}:destination:{name}",
		Resource: []Form{
			{Type: "AWS::Logs::Destination", Name: "DestinationName", Policy: p("DestinationPolicy")},
			{Type: "aws_cloudwatch_log_destination", Name: "name"},
		},
		Parts: []Form{{Type: "aws_cloudwatch_log_destination_policy", Of: p("destination_name"), ByName: true, Policy: p("access_policy")}},
	},
	{
		Kind: "AWS::Logs::DeliveryDestination",
		ARN:  "arn:{partition}:logs:{region}:{account}:delivery-destination:{name}",
		Resource: []Form{
			{Type: "AWS::Logs::DeliveryDestination", Name: "Name", Policy: p("DeliveryDestinationPolicy.DeliveryDestinationPolicy")},
			{Type: "aws_cloudwatch_log_delivery_destination", Name: "name"},
		},
		Parts: []Form{{Type: "aws_cloudwatch_log_delivery_destination_policy", Of: p("delivery_destination_name"), ByName: true, Policy: p("delivery_destination_policy")}},
	},
}
