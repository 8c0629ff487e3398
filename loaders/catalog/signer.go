package catalog

var signerRows = []Row{
	{
		Kind: "AWS::Signer::SigningProfile",
		ARN:  "arn:{partition}:signer:{region}:{account}:/signing-profiles/{name}",
		Resource: []Form{
			{Type: "AWS::Signer::SigningProfile", Name: "ProfileName", Attr: refARN},
			{Type: "aws_signer_signing_profile", Name: "name"},
		},
		Parts: []Form{
			{Type: "AWS::Signer::ProfilePermission", Of: p("ProfileName"), Read: inlineStatement("", "Principal", "Action", ""), Where: "Principal with Action"},
			{Type: "aws_signer_signing_profile_permission", Of: p("profile_name"), Read: inlineStatement("", "principal", "action", ""), Where: "principal with action"},
		},
	},
}
