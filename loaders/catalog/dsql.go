package catalog

var dsqlRows = []Row{
	{
		Kind: "AWS::DSQL::Cluster",
		ARN:  "arn:{partition}:dsql:{region}:{account}:cluster/{name}",
		Resource: []Form{
			{Type: "AWS::DSQL::Cluster", Policy: p("PolicyDocument"), Attr: map[string]string{"ResourceArn": "{arn}", "Identifier": "{name}"}},
			{Type: "aws_dsql_cluster", Attr: map[string]string{"identifier": "{name}"}},
		},
		Parts: []Form{{Type: "aws_dsql_cluster_policy", Of: p("identifier"), Policy: p("policy")}},
	},
}
