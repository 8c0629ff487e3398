package catalog

var glueRows = []Row{
	{
		Kind: "AWS::Glue::DataCatalog",
		ARN:  "arn:{partition}:glue:{region}:{account}:catalog",
		Resource: []Form{
			{Type: "aws_glue_resource_policy", Policy: p("policy")},
		},
	},
}
