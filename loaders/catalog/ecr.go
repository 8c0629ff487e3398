package catalog

var ecrRows = []Row{
	{
		Kind: "AWS::ECR::Repository",
		ARN:  "arn:{partition}:ecr:{region}:{account}:repository/{name}",
		Resource: []Form{
			{Type: "AWS::ECR::Repository", Name: "RepositoryName", Policy: p("RepositoryPolicyText"), Attr: map[string]string{"RepositoryUri": registryHost}},
			{Type: "aws_ecr_repository", Name: "name", Attr: map[string]string{"repository_url": registryHost}},
		},
		Parts: []Form{{Type: "aws_ecr_repository_policy", Of: p("repository"), ByName: true, Policy: p("policy")}},
	},
	{
		Kind:     "AWS::ECR::PublicRepository",
		ARN:      "arn:{partition}:ecr-public::{account}:repository/{name}",
		Combined: "anyone may pull; the policy governs pushing",
		Resource: []Form{
			{Type: "AWS::ECR::PublicRepository", Name: "RepositoryName", Policy: p("RepositoryPolicyText")},
			{Type: "aws_ecrpublic_repository", Name: "repository_name"},
		},
		Parts: []Form{{Type: "aws_ecrpublic_repository_policy", Of: p("repository_name"), ByName: true, Policy: p("policy")}},
	},
	{
		Kind: "AWS::ECR::RegistryPolicy",
		Resource: []Form{
			{Type: "AWS::ECR::RegistryPolicy", Policy: p("PolicyText")},
			{Type: "aws_ecr_registry_policy", Policy: p("policy")},
		},
	},
	{
		Kind: "AWS::ECR::RepositoryCreationTemplate",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::ECR::RepositoryCreationTemplate", Name: "Prefix", Policy: p("RepositoryPolicy")},
			{Type: "aws_ecr_repository_creation_template", Name: "prefix", Policy: p("repository_policy")},
		},
	},
}

const registryHost = "{account}.dkr.ecr.{region}.{suffix}/{name}"
