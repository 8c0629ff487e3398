package catalog

var mediatailorRows = []Row{
	{
		Kind:     "AWS::MediaTailor::Channel",
		ARN:      "arn:{partition}:mediatailor:{region}:{account}:channel/{name}",
		Resource: []Form{{Type: "AWS::MediaTailor::Channel", Name: "ChannelName"}},
		Parts:    []Form{{Type: "AWS::MediaTailor::ChannelPolicy", Of: p("ChannelName"), ByName: true, Policy: p("Policy")}},
	},
}
