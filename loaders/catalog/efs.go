package catalog

var efsRows = []Row{
	{
		Kind: "AWS::EFS::FileSystem",
		ARN:  "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{name}",
		Resource: []Form{
			{Type: "AWS::EFS::FileSystem", Policy: p("FileSystemPolicy"), Attr: map[string]string{"FileSystemId": "{name}"}},
			{Type: "aws_efs_file_system"},
		},
		Parts: []Form{{Type: "aws_efs_file_system_policy", Of: p("file_system_id"), Policy: p("policy")}},
	},
}
