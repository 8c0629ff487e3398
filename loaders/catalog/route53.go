package catalog

var route53Rows = []Row{
	{
		Kind: "AWS::Route53::HostedZone",
		ARN:  "arn:{partition}:route53:::hostedzone/{name}",
		Resource: []Form{
			{Type: "aws_route53_zone", Attr: map[string]string{"zone_id": "{name}"}, Where: "it is shared by VPC, which the code gives no account for"},
		},
		OnlyWithPolicy: true,
	},
}
