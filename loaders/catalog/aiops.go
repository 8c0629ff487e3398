package catalog

var aiopsRows = []Row{
	{
		Kind: "AWS::AIOps::InvestigationGroup",
		ARN:  "arn:{partition}:aiops:{region}:{account}:investigation-group/{id}",
		Resource: []Form{
			{Type: "AWS::AIOps::InvestigationGroup", Policy: p("InvestigationGroupPolicy"), Attr: refARN},
		},
	},
}
