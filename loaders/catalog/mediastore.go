package catalog

var mediastoreRows = []Row{
	{
		Kind: "AWS::MediaStore::Container",
		ARN:  "arn:{partition}:mediastore:{region}:{account}:container/{name}",
		Resource: []Form{
			{Type: "AWS::MediaStore::Container", Name: "ContainerName", Policy: p("Policy"), Attr: refARN},
			{Type: "aws_media_store_container", Name: "name"},
		},
		Parts: []Form{{Type: "aws_media_store_container_policy", Of: p("container_name"), ByName: true, Policy: p("policy")}},
	},
}
