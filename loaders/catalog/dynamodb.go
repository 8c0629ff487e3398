package catalog

var dynamodbRows = []Row{
	{
		Kind: "AWS::DynamoDB::Table",
		ARN:  "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
		Resource: []Form{
			{Type: "AWS::DynamoDB::Table", Name: "TableName", Policy: p("ResourcePolicy.PolicyDocument"), Attr: map[string]string{"StreamArn": "{arn}/stream/{StreamLabel}"}},
			{Type: "AWS::DynamoDB::GlobalTable", Name: "TableName", Policy: p("Replicas.ResourcePolicy.PolicyDocument"), Attr: map[string]string{"StreamArn": "{arn}/stream/{StreamLabel}"}},
			{Type: "aws_dynamodb_table", Name: "name", Attr: map[string]string{"stream_arn": "{arn}/stream/{stream_label}"}},
		},
		Parts: []Form{{Type: "aws_dynamodb_resource_policy", Of: p("resource_arn"), Policy: p("policy")}},
	},
	{
		Kind:           "AWS::DynamoDB::Stream",
		ARN:            "arn:{partition}:dynamodb:{region}:{account}:table/{name}/stream/*",
		OnlyWithPolicy: true,
		Resource: []Form{
			{Type: "AWS::DynamoDB::Table", Name: "TableName", ARN: streamARN, Has: p("StreamSpecification"), Policy: p("StreamSpecification.ResourcePolicy.PolicyDocument")},
			{Type: "AWS::DynamoDB::GlobalTable", Name: "TableName", ARN: streamARN, Has: p("Replicas.ReplicaStreamSpecification"), Policy: p("Replicas.ReplicaStreamSpecification.ResourcePolicy.PolicyDocument")},
			{Type: "aws_dynamodb_table", Name: "name", ARN: "arn:{partition}:dynamodb:{region}:{account}:table/{name}/stream/{stream_label}"},
		},
		Parts: []Form{{Type: "aws_dynamodb_resource_policy", Of: p("resource_arn"), Policy: p("policy")}},
	},
}

const streamARN = "arn:{partition}:dynamodb:{region}:{account}:table/{name}/stream/{StreamLabel}"
