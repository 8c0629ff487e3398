package catalog

var s3vectorsRows = []Row{
	{
		Kind: "AWS::S3Vectors::VectorBucket",
		ARN:  "arn:{partition}:s3vectors:{region}:{account}:bucket/{name}",
		Resource: []Form{
			{Type: "AWS::S3Vectors::VectorBucket", Name: "VectorBucketName", Attr: map[string]string{"Ref": "{arn}", "VectorBucketArn": "{arn}"}},
			{Type: "aws_s3vectors_vector_bucket", Name: "vector_bucket_name", Attr: map[string]string{"vector_bucket_arn": "{arn}"}},
		},
		Parts: []Form{
			{Type: "AWS::S3Vectors::VectorBucketPolicy", Of: p("VectorBucketArn", "VectorBucketName"), Policy: p("Policy")},
			{Type: "aws_s3vectors_vector_bucket_policy", Of: p("vector_bucket_arn"), Policy: p("policy")},
		},
	},
}
