package catalog

var smsvoiceRows = []Row{
	{
		Kind: "AWS::SMSVOICE::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::SMSVOICE::ResourcePolicy", ARN: "{ResourceArn}", Policy: p("PolicyDocument")},
			{Type: "aws_pinpointsmsvoicev2_resource_policy", ARN: "{resource_arn}", Policy: p("policy")},
		},
	},
}
