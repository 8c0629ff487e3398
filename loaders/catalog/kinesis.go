package catalog

var kinesisRows = []Row{
	{
		Kind: "AWS::Kinesis::Stream",
		ARN:  "arn:{partition}:kinesis:{region}:{account}:stream/{name}",
		Resource: []Form{
			{Type: "AWS::Kinesis::Stream", Name: "Name"},
			{Type: "aws_kinesis_stream", Name: "name", Attr: idARN},
		},
		Parts: []Form{
			{Type: "AWS::Kinesis::ResourcePolicy", Of: p("ResourceArn"), Policy: p("ResourcePolicy")},
			{Type: "aws_kinesis_resource_policy", Of: p("resource_arn"), Policy: p("policy")},
		},
	},
	{
		Kind: "AWS::Kinesis::StreamConsumer",
		ARN:  "arn:{partition}:kinesis:{region}:{account}:stream/*/consumer/{name}:*",
		Resource: []Form{
			{Type: "AWS::Kinesis::StreamConsumer", Name: "ConsumerName", ARN: "{StreamARN}/consumer/{name}:{ConsumerCreationTimestamp}", Attr: map[string]string{"Ref": "{arn}", "ConsumerARN": "{arn}"}},
			{Type: "aws_kinesis_stream_consumer", Name: "name", ARN: "{stream_arn}/consumer/{name}:{creation_timestamp}", Attr: idARN},
		},
		Parts: []Form{
			{Type: "AWS::Kinesis::ResourcePolicy", Of: p("ResourceArn"), Policy: p("ResourcePolicy")},
			{Type: "aws_kinesis_resource_policy", Of: p("resource_arn"), Policy: p("policy")},
		},
	},
}
