package catalog

var s3filesRows = []Row{
	{
		Kind: "AWS::S3Files::FileSystem",
		ARN:  "arn:{partition}:s3files:{region}:{account}:file-system/{name}",
		Resource: []Form{
			{Type: "AWS::S3Files::FileSystem", Attr: map[string]string{"Ref": "{arn}", "FileSystemArn": "{arn}", "FileSystemId": "{name}"}},
			{Type: "aws_s3files_file_system"},
		},
		Parts: []Form{
			{Type: "AWS::S3Files::FileSystemPolicy", Of: p("FileSystemId"), Policy: p("Policy")},
			{Type: "aws_s3files_file_system_policy", Of: p("file_system_id"), Policy: p("policy")},
		},
	},
}
