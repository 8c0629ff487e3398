package catalog

var iotRows = []Row{
	{
		Kind: "AWS::IoT::Policy",
		ARN:  "arn:{partition}:iot:{region}:{account}:policy/{name}",
		Resource: []Form{
			{Type: "AWS::IoT::Policy", Name: "PolicyName", Where: "PolicyDocument, in a language of its own"},
			{Type: "aws_iot_policy", Name: "name", Where: "policy, in a language of its own"},
		},
		Combined: "grants to certificates of the account, no principal",
	},
}
