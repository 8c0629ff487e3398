package catalog

var lexRows = []Row{
	{
		Kind: "AWS::Lex::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::Lex::ResourcePolicy", ARN: "{ResourceArn}", Policy: p("Policy")},
		},
	},
}
