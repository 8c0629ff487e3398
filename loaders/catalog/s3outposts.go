package catalog

var s3outpostsRows = []Row{
	{
		Kind: "AWS::S3Outposts::Bucket",
		ARN:  "arn:{partition}:s3-outposts:{region}:{account}:outpost/*/bucket/{name}",
		Resource: []Form{
			{Type: "AWS::S3Outposts::Bucket", Name: "BucketName", ARN: "arn:{partition}:s3-outposts:{region}:{account}:outpost/{OutpostId}/bucket/{name}", Attr: refARN},
			{Type: "aws_s3control_bucket", Name: "bucket", ARN: "arn:{partition}:s3-outposts:{region}:{account}:outpost/{outpost_id}/bucket/{name}", Attr: idARN},
		},
		Parts: []Form{
			{Type: "AWS::S3Outposts::BucketPolicy", Of: p("Bucket"), Policy: p("PolicyDocument")},
			{Type: "aws_s3control_bucket_policy", Of: p("bucket"), Policy: p("policy")},
		},
	},
	{
		Kind: "AWS::S3Outposts::AccessPoint",
		ARN:  "arn:{partition}:s3-outposts:{region}:{account}:outpost/*/accesspoint/{name}",
		Resource: []Form{
			{Type: "AWS::S3Outposts::AccessPoint", Name: "Name", Policy: p("Policy"), Read: outpostPoint, Attr: refARN},
		},
		Combined: "policy, network",
		Settle:   settlePoint,
	},
}

// outpostPoint: it takes requests from its VPC only.
func outpostPoint(b *building, block Block) {
	if t, ok := written(block.Properties, "VpcConfiguration.VpcId"); ok {
		b.vpc = standIn(t)
	}
}
