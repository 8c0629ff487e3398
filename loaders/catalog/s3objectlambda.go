package catalog

var s3objectlambdaRows = []Row{
	{
		Kind: "AWS::S3ObjectLambda::AccessPoint",
		ARN:  "arn:{partition}:s3-object-lambda:{region}:{account}:accesspoint/{name}",
		Resource: []Form{
			{Type: "AWS::S3ObjectLambda::AccessPoint", Name: "Name"},
			{Type: "aws_s3control_object_lambda_access_point", Name: "name", Attr: map[string]string{"id": "{account}:{name}"}},
		},
		Parts: []Form{
			{Type: "AWS::S3ObjectLambda::AccessPointPolicy", Of: p("ObjectLambdaAccessPoint"), Policy: p("PolicyDocument")},
			{Type: "aws_s3control_object_lambda_access_point_policy", Of: p("name"), Policy: p("policy")},
		},
	},
}
