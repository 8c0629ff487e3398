package catalog

var rumRows = []Row{
	{
		Kind: "AWS::RUM::AppMonitor",
		ARN:  "arn:{partition}:rum:{region}:{account}:appmonitor/{name}",
		Resource: []Form{
			{Type: "AWS::RUM::AppMonitor", Name: "Name", Policy: p("ResourcePolicy.PolicyDocument")},
		},
	},
}
