package catalog

var apsRows = []Row{
	{
		Kind: "AWS::APS::Workspace",
		ARN:  "arn:{partition}:aps:{region}:{account}:workspace/{name}",
		Resource: []Form{
			{Type: "AWS::APS::Workspace", Attr: map[string]string{"Ref": "{arn}", "WorkspaceId": "{name}"}},
			{Type: "aws_prometheus_workspace"},
		},
		Parts: []Form{
			{Type: "AWS::APS::ResourcePolicy", Of: p("WorkspaceArn"), Policy: p("PolicyDocument")},
			{Type: "aws_prometheus_resource_policy", Of: p("workspace_id"), Policy: p("policy_document")},
		},
	},
}
