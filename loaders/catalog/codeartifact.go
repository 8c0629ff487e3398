package catalog

var codeartifactRows = []Row{
	{
		Kind: "AWS::CodeArtifact::Domain",
		ARN:  "arn:{partition}:codeartifact:{region}:{account}:domain/{name}",
		Resource: []Form{
			{Type: "AWS::CodeArtifact::Domain", Name: "DomainName", Policy: p("PermissionsPolicyDocument"), Attr: refARN},
			{Type: "aws_codeartifact_domain", Name: "domain", Attr: idARN},
		},
		Parts: []Form{{Type: "aws_codeartifact_domain_permissions_policy", Of: p("domain"), Policy: p("policy_document")}},
	},
	{
		Kind: "AWS::CodeArtifact::Repository",
		ARN:  "arn:{partition}:codeartifact:{region}:{account}:repository/*/{name}",
		Resource: []Form{
			{Type: "AWS::CodeArtifact::Repository", Name: "RepositoryName", ARN: "arn:{partition}:codeartifact:{region}:{account}:repository/{DomainName}/{name}", Policy: p("PermissionsPolicyDocument"), Attr: refARN},
			{Type: "aws_codeartifact_repository", Name: "repository", ARN: "arn:{partition}:codeartifact:{region}:{account}:repository/{domain}/{name}", Attr: idARN},
		},
		Parts: []Form{{Type: "aws_codeartifact_repository_permissions_policy", Of: p("repository"), Policy: p("policy_document")}},
	},
}
