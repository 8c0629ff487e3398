package catalog

var codebuildRows = []Row{
	{
		Kind: "AWS::CodeBuild::Project",
		ARN:  "arn:{partition}:codebuild:{region}:{account}:project/{name}",
		Resource: []Form{
			{Type: "aws_codebuild_project", Name: "name", Attr: idARN},
			{Type: "aws_codebuild_report_group", Name: "name", ARN: "arn:{partition}:codebuild:{region}:{account}:report-group/{name}", Attr: idARN},
		},
		Parts:          []Form{{Type: "aws_codebuild_resource_policy", Of: p("resource_arn"), Policy: p("policy")}},
		OnlyWithPolicy: true,
	},
}
