package catalog

var xrayRows = []Row{
	{
		Kind: "AWS::XRay::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::XRay::ResourcePolicy", Name: "PolicyName", Policy: p("PolicyDocument")},
			{Type: "aws_xray_resource_policy", Name: "policy_name", Policy: p("policy_document")},
		},
	},
}
