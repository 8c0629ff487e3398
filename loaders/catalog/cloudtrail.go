package catalog

var cloudtrailRows = []Row{
	{
		Kind: "AWS::CloudTrail::EventDataStore",
		ARN:  "arn:{partition}:cloudtrail:{region}:{account}:eventdatastore/{name}",
		Resource: []Form{
			{Type: "AWS::CloudTrail::EventDataStore", Attr: map[string]string{"Ref": "{arn}", "EventDataStoreArn": "{arn}"}},
			{Type: "aws_cloudtrail_event_data_store", Where: "its policy cannot be declared", Attr: idARN},
		},
		Parts: []Form{{Type: "AWS::CloudTrail::ResourcePolicy", Of: p("ResourceArn"), Policy: p("ResourcePolicy")}},
	},
	{
		Kind: "AWS::CloudTrail::Dashboard",
		ARN:  "arn:{partition}:cloudtrail:{region}:{account}:dashboard/{name}",
		Resource: []Form{
			{Type: "AWS::CloudTrail::Dashboard", Name: "Name", Attr: map[string]string{"Ref": "{arn}", "DashboardArn": "{arn}"}},
		},
		Parts: []Form{{Type: "AWS::CloudTrail::ResourcePolicy", Of: p("ResourceArn"), Policy: p("ResourcePolicy")}},
	},
	{
		Kind: "AWS::CloudTrail::Channel",
		ARN:  "arn:{partition}:cloudtrail:{region}:{account}:channel/{name}",
		Resource: []Form{
			{Type: "AWS::CloudTrail::Channel", Attr: map[string]string{"Ref": "{arn}", "ChannelArn": "{arn}"}},
		},
		Parts: []Form{{Type: "AWS::CloudTrail::ResourcePolicy", Of: p("ResourceArn"), Policy: p("ResourcePolicy")}},
	},
}
