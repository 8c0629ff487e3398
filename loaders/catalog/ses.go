package catalog

var sesRows = []Row{
	{
		Kind:    "AWS::SES::EmailIdentity",
		Several: true,
		ARN:     "arn:{partition}:ses:{region}:{account}:identity/{name}",
		Resource: []Form{
			{Type: "aws_ses_email_identity", Name: "email"},
			{Type: "aws_ses_domain_identity", Name: "domain"},
			{Type: "aws_sesv2_email_identity", Name: "email_identity"},
		},
		Parts: []Form{
			{Type: "aws_ses_identity_policy", Of: p("identity"), Policy: p("policy")},
			{Type: "aws_sesv2_email_identity_policy", Of: p("email_identity"), Policy: p("policy")},
		},
	},
}
