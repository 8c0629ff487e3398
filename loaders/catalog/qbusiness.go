package catalog

var qbusinessRows = []Row{
	{
		Kind: "AWS::QBusiness::Application",
		ARN:  "arn:{partition}:qbusiness:{region}:{account}:application/{name}",
		Resource: []Form{
			{Type: "AWS::QBusiness::Application", Attr: map[string]string{"ApplicationArn": "{arn}", "ApplicationId": "{name}"}},
		},
		Parts:          []Form{{Type: "AWS::QBusiness::Permission", Of: p("ApplicationId"), Read: inlineStatement("", "Principal", "Actions", ""), Where: "Principal with Actions; its conditions are left out"}},
		OnlyWithPolicy: true,
	},
}
