package catalog

var entityresolutionRows = []Row{
	{
		Kind: "AWS::EntityResolution::PolicyStatement",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::EntityResolution::PolicyStatement", ARN: "{Arn}", Read: inlineStatement("Effect", "Principal", "Action", "Condition"), Where: "Principal with Effect, Action and Condition"},
		},
	},
}
