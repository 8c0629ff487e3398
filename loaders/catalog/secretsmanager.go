package catalog

var secretsmanagerRows = []Row{
	{
		Kind:     "AWS::SecretsManager::Secret",
		ARN:      secretARN,
		Combined: "resource policy; the policy of the key (under the AWS managed one no other account can read the value)",
		Resource: []Form{
			{Type: "AWS::SecretsManager::Secret", Name: "Name", Read: secretKey("KmsKeyId", "ReplicaRegions.KmsKeyId"), Attr: map[string]string{"Ref": "{arn}", "Id": "{arn}"}},
			{Type: "aws_secretsmanager_secret", Name: "name", Policy: p("policy"), Read: secretKey("kms_key_id", "replica.kms_key_id"), Attr: map[string]string{"id": "{arn}"}},
		},
		Parts: []Form{
			{Type: "AWS::SecretsManager::ResourcePolicy", Of: p("SecretId"), Policy: p("ResourcePolicy")},
			{Type: "aws_secretsmanager_secret_policy", Of: p("secret_arn"), Policy: p("policy")},
		},
	},
}

// AWS puts a hyphen and six characters behind the name. A policy that names
// the secret without them names no secret.
//
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
const secretARN = "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{random:6}"
