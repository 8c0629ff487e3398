package catalog

var mediapackageRows = []Row{
	{
		Kind: "AWS::MediaPackageV2::Channel",
		ARN:  "arn:{partition}:mediapackagev2:{region}:{account}:channelGroup/*/channel/{name}",
		Resource: []Form{
			{Type: "AWS::MediaPackageV2::Channel", Name: "ChannelName", ARN: "arn:{partition}:mediapackagev2:{region}:{account}:channelGroup/{ChannelGroupName}/channel/{name}", Attr: refARN},
		},
		Parts: []Form{{Type: "AWS::MediaPackageV2::ChannelPolicy", Of: p("ChannelName"), ByName: true, Policy: p("Policy")}},
	},
	{
		Kind: "AWS::MediaPackageV2::OriginEndpoint",
		ARN:  "arn:{partition}:mediapackagev2:{region}:{account}:channelGroup/*/channel/*/originEndpoint/{name}",
		Resource: []Form{
			{Type: "AWS::MediaPackageV2::OriginEndpoint", Name: "OriginEndpointName", ARN: "arn:{partition}:mediapackagev2:{region}:{account}:channelGroup/{ChannelGroupName}/channel/{ChannelName}/originEndpoint/{name}", Attr: refARN},
		},
		Parts: []Form{{Type: "AWS::MediaPackageV2::OriginEndpointPolicy", Of: p("OriginEndpointName"), ByName: true, Policy: p("Policy")}},
	},
}
