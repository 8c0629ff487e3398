package catalog

var ssmRows = []Row{
	{
		Kind: "AWS::SSM::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::SSM::ResourcePolicy", ARN: "{ResourceArn}", Policy: p("Policy")},
		},
	},
	{
		Kind: "AWS::SSM::Document",
		ARN:  "arn:{partition}:ssm:{region}:{account}:document/{name}",
		Resource: []Form{
			{Type: "aws_ssm_document", Name: "name", Read: documentPermissions, Where: "permissions"},
		},
	},
}
