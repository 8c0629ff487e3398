package catalog

var osisRows = []Row{
	{
		Kind: "AWS::OSIS::Pipeline",
		ARN:  "arn:{partition}:osis:{region}:{account}:pipeline/{name}",
		Resource: []Form{
			{Type: "AWS::OSIS::Pipeline", Name: "PipelineName", Policy: p("ResourcePolicy.Policy"), Attr: map[string]string{"Ref": "{arn}", "PipelineArn": "{arn}"}},
		},
	},
}
