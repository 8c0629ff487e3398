package catalog

var bedrockRows = []Row{
	{
		Kind: "AWS::Bedrock::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::Bedrock::ResourcePolicy", ARN: "{ResourceArn}", Policy: p("PolicyDocument")},
			{Type: "AWS::Bedrock::KnowledgeBasePolicy", ARN: "arn:{partition}:bedrock:{region}:{account}:knowledge-base/{KnowledgeBaseId}", Policy: p("PolicyDocument")},
		},
	},
	{
		Kind: "AWS::BedrockAgentCore::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::BedrockAgentCore::ResourcePolicy", ARN: "{ResourceArn}", Policy: p("Policy")},
		},
	},
}
