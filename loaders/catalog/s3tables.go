package catalog

var s3tablesRows = []Row{
	{
		Kind: "AWS::S3Tables::TableBucket",
		ARN:  "arn:{partition}:s3tables:{region}:{account}:bucket/{name}",
		Resource: []Form{
			{Type: "AWS::S3Tables::TableBucket", Name: "TableBucketName", Attr: map[string]string{"Ref": "{arn}", "TableBucketARN": "{arn}"}},
			{Type: "aws_s3tables_table_bucket", Name: "name", Attr: idARN},
		},
		Parts: []Form{
			{Type: "AWS::S3Tables::TableBucketPolicy", Of: p("TableBucketARN"), Policy: p("ResourcePolicy")},
			{Type: "aws_s3tables_table_bucket_policy", Of: p("table_bucket_arn"), Policy: p("resource_policy")},
		},
	},
	{
		Kind: "AWS::S3Tables::Table",
		ARN:  "arn:{partition}:s3tables:{region}:{account}:bucket/*/table/{name}",
		Resource: []Form{
			{Type: "AWS::S3Tables::Table", ARN: "{TableBucketARN}/table/{id}", Attr: map[string]string{"Ref": "{arn}", "TableARN": "{arn}"}},
			{Type: "aws_s3tables_table", ARN: "{table_bucket_arn}/table/{id}", Name: "name"},
		},
		Parts: []Form{
			{Type: "AWS::S3Tables::TablePolicy", Of: p("TableARN"), Policy: p("ResourcePolicy")},
			{Type: "aws_s3tables_table_policy", Of: p("name"), ByName: true, Policy: p("resource_policy")},
		},
	},
}
