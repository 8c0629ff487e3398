package catalog

var oamRows = []Row{
	{
		Kind: "AWS::Oam::Sink",
		ARN:  "arn:{partition}:oam:{region}:{account}:sink/{id}",
		Resource: []Form{
			{Type: "AWS::Oam::Sink", Policy: p("Policy"), Attr: refARN},
			{Type: "aws_oam_sink", Attr: idARN},
		},
		Parts: []Form{{Type: "aws_oam_sink_policy", Of: p("sink_identifier"), Policy: p("policy")}},
	},
}
