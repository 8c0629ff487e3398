package catalog

var ramRows = []Row{
	{
		Kind:     shareKind,
		ARN:      "arn:{partition}:ram:{region}:{account}:resource-share/{id}",
		Combined: "principals, whether they may be outside the organization",
		Resource: []Form{
			{Type: "AWS::RAM::ResourceShare", Read: shared("Principals"), Where: "Principals", Attr: refARN},
			{Type: "aws_ram_resource_share", Attr: idARN},
		},
		Parts:  []Form{{Type: "aws_ram_principal_association", Of: p("resource_share_arn"), Read: shared("principal"), Where: "principal"}},
		Settle: settleShare,
	},
}
