package catalog

var snsRows = []Row{
	{
		Kind: "AWS::SNS::Topic",
		ARN:  "arn:{partition}:sns:{region}:{account}:{name}",
		Resource: []Form{
			{Type: "AWS::SNS::Topic", Name: "TopicName", Attr: map[string]string{"Ref": "{arn}", "TopicArn": "{arn}", "TopicName": "{name}"}},
			{Type: "aws_sns_topic", Name: "name", Policy: p("policy"), Attr: map[string]string{"id": "{arn}"}},
		},
		Parts: []Form{
			{Type: "AWS::SNS::TopicPolicy", Of: p("Topics"), Policy: p("PolicyDocument")},
			{Type: "AWS::SNS::TopicInlinePolicy", Of: p("TopicArn"), Policy: p("PolicyDocument")},
			{Type: "aws_sns_topic_policy", Of: p("arn"), Policy: p("policy")},
		},
	},
}
