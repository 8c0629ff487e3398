package knowledge

const (
	ug   = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
	docs = "https://docs.aws.amazon.com/"
)

// Kinds are the resources that a policy or a sharing list can be attached to.
// The first sixteen are those of Access Analyzer's findings of external access.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html
// read 2026-11
//
// Everything here is constant, so that the compiler lays it out and the program
// does nothing for it at start.
var Kinds = []Kind{
	{
		Type: "AWS::S3::Bucket",
		Names: []string{
			"AWS::S3::BucketPolicy", "aws_s3_bucket", "aws_s3_bucket_policy", "aws_s3_bucket_acl",
			"aws_s3_bucket_public_access_block", "aws_s3_account_public_access_block",
			"aws_s3_bucket_ownership_controls", "aws_s3_object", "aws_s3_object_copy",
		},
		Services:       []string{"s3"},
		Shapes:         []Shape{{"bucket", "arn:*:s3:::*"}, {"object", "{arn}/*"}},
		AccessAnalyzer: true,
		CheckPublic:    true,
		Unsigned:       true, // https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
		Doc:            docs + "AmazonS3/latest/userguide/bucket-policies.html",
	},
	{
		Type:           "AWS::S3Express::DirectoryBucket",
		Names:          []string{"AWS::S3Express::BucketPolicy", "aws_s3_directory_bucket"},
		Services:       []string{"s3express"},
		Shapes:         []Shape{{"bucket", "arn:*:s3express:*:*:bucket/*"}},
		AccessAnalyzer: true,
		CheckPublic:    true,
		Note:           "Block Public Access is always on for directory buckets",
		Doc:            docs + "AmazonS3/latest/userguide/s3-express-security-iam-example-bucket-policies.html",
	},
	{
		Type:     "AWS::IAM::Role",
		Names:    []string{"AWS::IAM::AssumeRolePolicyDocument", "aws_iam_role"},
		Services: []string{"sts"},
		Shapes:   []Shape{{"role", "arn:*:iam::*:role/*"}},
		// The other actions on a role only go along with one of these.
		Grants:         []string{"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"},
		Along:          []string{"sts:SetSourceIdentity", "sts:TagSession"},
		AccessAnalyzer: true,
		CheckPublic:    true,
		Doc:            ug + "id_roles_update-role-trust-policy.html",
	},
	{
		Type: "AWS::KMS::Key",
		Names: []string{
			"AWS::KMS::ReplicaKey", "aws_kms_key", "aws_kms_key_policy", "aws_kms_external_key",
			"aws_kms_replica_key", "aws_kms_replica_external_key", "aws_kms_grant",
		},
		Services: []string{"kms"},
		Shapes:   []Shape{{"key", "arn:*:kms:*:*:key/*"}},
		// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
		CrossAccount: []string{
			"creategrant", "decrypt", "derivesharedsecret", "describekey", "encrypt", "generatedatakey",
			"generatedatakeypair", "generatedatakeypairwithoutplaintext", "generatedatakeywithoutplaintext",
			"generatemac", "getkeyrotationstatus", "getpublickey", "listgrants", "reencryptfrom",
			"reencryptto", "retiregrant", "revokegrant", "sign", "verify", "verifymac",
		},
		AccessAnalyzer: true,
		CheckPublic:    true,
		Doc:            docs + "kms/latest/developerguide/key-policies.html",
	},
	{
		Type: "AWS::Lambda::Function",
		Names: []string{
			"AWS::Lambda::ResourcePolicy",
			"AWS::Lambda::Permission", "AWS::Lambda::Url", "AWS::Serverless::Function",
			"aws_lambda_function", "aws_lambda_permission", "aws_lambda_function_url", "aws_lambda_alias",
		},
		Services: []string{"lambda"},
		Shapes: []Shape{
			{"function", "arn:*:lambda:*:*:function:*"},
			{"function", "{arn}:*"}, // a qualified permission names the version or alias
			{"function alias", "{arn}:*"},
			{"function version", "{arn}:*"},
		},
		AccessAnalyzer: true,
		CheckPublic:    true,
		Unsigned:       true, // https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
		Doc:            docs + "lambda/latest/dg/access-control-resource-based.html",
	},
	{
		Type: "AWS::Lambda::LayerVersion",
		Names: []string{
			"AWS::Lambda::LayerVersionPermission", "AWS::Serverless::LayerVersion",
			"aws_lambda_layer_version", "aws_lambda_layer_version_permission",
		},
		Services:       []string{"lambda"},
		Shapes:         []Shape{{"layerVersion", "arn:*:lambda:*:*:layer:*:*"}},
		AccessAnalyzer: true,
		Doc:            docs + "lambda/latest/dg/permissions-layer-cross-account.html",
	},
	{
		Type: "AWS::SQS::Queue",
		Names: []string{
			"AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy", "aws_sqs_queue", "aws_sqs_queue_policy",
		},
		Services: []string{"sqs"},
		Shapes:   []Shape{{"queue", "arn:*:sqs:*:*:*"}},
		// The page lists what is not usable across accounts; the message move
		// tasks are in neither list, and not counted as usable.
		// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-overview-of-managing-access.html
		CrossAccount: []string{
			"changemessagevisibility", "changemessagevisibilitybatch", "deletemessage", "deletemessagebatch",
			"getqueueattributes", "getqueueurl", "listdeadlettersourcequeues", "purgequeue", "receivemessage",
			"sendmessage", "sendmessagebatch",
		},
		Unlisted: []Action{
			{"ChangeMessageVisibilityBatch", Write, []string{"queue"}}, {"DeleteMessageBatch", Write, []string{"queue"}},
			{"SendMessageBatch", Write, []string{"queue"}},
		},
		AccessAnalyzer: true,
		CheckPublic:    true,
		Unsigned:       true, // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html
		Doc:            docs + "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-creating-custom-policies.html",
	},
	{
		Type: "AWS::SecretsManager::Secret",
		Names: []string{
			"AWS::SecretsManager::ResourcePolicy", "aws_secretsmanager_secret", "aws_secretsmanager_secret_policy",
		},
		Services:       []string{"secretsmanager"},
		Shapes:         []Shape{{"Secret", "arn:*:secretsmanager:*:*:secret:*"}},
		AccessAnalyzer: true,
		CheckPublic:    true,
		Doc:            docs + "secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
	},
	{
		Type: "AWS::SNS::Topic",
		Names: []string{
			"AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy", "aws_sns_topic", "aws_sns_topic_policy",
		},
		Services: []string{"sns"},
		Shapes:   []Shape{{"topic", "arn:*:sns:*:*:*"}},
		// The policy that every topic begins with names it.
		// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
		Unlisted: []Action{{"Receive", Read, []string{"topic"}}},
		// One page warns of topics that are open to the world, another asks for a
		// signature with each request.
		// https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html
		// https://docs.aws.amazon.com/sns/latest/api/CommonParameters.html
		UnsignedOpen:   "Amazon SNS",
		AccessAnalyzer: true,
		CheckPublic:    true,
		Doc:            docs + "sns/latest/dg/sns-using-identity-based-policies.html",
	},
	{
		Type: "AWS::EC2::Snapshot",
		Names: []string{
			"aws_ebs_snapshot_import",
			"aws_ebs_snapshot", "aws_ebs_snapshot_copy", "aws_snapshot_create_volume_permission",
			"AWS::EC2::SnapshotBlockPublicAccess", "aws_ebs_snapshot_block_public_access",
		},
		Services: []string{"ec2", "ebs"},
		Shapes:   []Shape{{"snapshot", "arn:*:ec2:*::snapshot/*"}},
		Grants: []string{
			"ec2:CopySnapshot", "ec2:CreateVolume",
			"ebs:GetSnapshotBlock", "ebs:ListChangedBlocks", "ebs:ListSnapshotBlocks",
		},
		Level:          Read,
		AccessAnalyzer: true,
		Doc:            docs + "ebs/latest/userguide/ebs-modifying-snapshot-permissions.html",
	},
	{
		Type:           "AWS::RDS::DBSnapshot",
		Names:          []string{"aws_db_snapshot", "aws_db_snapshot_copy"},
		Services:       []string{"rds"},
		Shapes:         []Shape{{"snapshot", "arn:*:rds:*:*:snapshot:*"}},
		Grants:         []string{"rds:CopyDBSnapshot", "rds:RestoreDBInstanceFromDBSnapshot"},
		Level:          Read,
		AccessAnalyzer: true,
		Doc:            docs + "AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html",
	},
	{
		Type: "AWS::RDS::DBClusterSnapshot",
		// Snapshots of DocumentDB and Neptune are made and shared through the RDS API.
		Names: []string{
			"aws_db_cluster_snapshot", "aws_rds_cluster_snapshot_copy",
			"aws_docdb_cluster_snapshot", "aws_neptune_cluster_snapshot",
		},
		Services:       []string{"rds"},
		Shapes:         []Shape{{"cluster-snapshot", "arn:*:rds:*:*:cluster-snapshot:*"}},
		Grants:         []string{"rds:CopyDBClusterSnapshot", "rds:RestoreDBClusterFromSnapshot"},
		Level:          Read,
		AccessAnalyzer: true,
		Doc:            docs + "AmazonRDS/latest/AuroraUserGuide/aurora-share-snapshot.html",
	},
	{
		Type:           "AWS::ECR::Repository",
		Names:          []string{"AWS::ECR::RepositoryPolicy", "aws_ecr_repository", "aws_ecr_repository_policy"},
		Services:       []string{"ecr"},
		Shapes:         []Shape{{"repository", "arn:*:ecr:*:*:repository/*"}},
		AccessAnalyzer: true,
		Note:           "callers also need ecr:GetAuthorizationToken, which their own account grants",
		Doc:            docs + "AmazonECR/latest/userguide/repository-policies.html",
	},
	{
		Type:           "AWS::EFS::FileSystem",
		Names:          []string{"AWS::EFS::FileSystemPolicy", "aws_efs_file_system", "aws_efs_file_system_policy"},
		Services:       []string{"elasticfilesystem"},
		Shapes:         []Shape{{"file-system", "arn:*:elasticfilesystem:*:*:file-system/*"}},
		AccessAnalyzer: true,
		CheckPublic:    true,
		Unsigned:       true, // NFS clients: https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
		Doc:            docs + "efs/latest/ug/iam-access-control-nfs-efs.html",
	},
	{
		Type: "AWS::DynamoDB::Table",
		Names: []string{
			"AWS::DynamoDB::GlobalTable", "aws_dynamodb_table", "aws_dynamodb_resource_policy",
		},
		Services: []string{"dynamodb"},
		Shapes: []Shape{
			{"table", "arn:*:dynamodb:*:*:table/*"},
			{"index", "{arn}/index/*"},
		},
		// The transactional calls are authorized as the item actions they hold, of
		// which a condition check is one.
		// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
		// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html
		CrossAccount: []string{
			"batchgetitem", "batchwriteitem", "conditioncheckitem", "deleteitem", "deletetable", "describetable", "getitem",
			"listtagsofresource", "putitem", "query", "scan", "tagresource", "untagresource",
			"updateitem", "updatetable",
		},
		AccessAnalyzer: true,
		CheckPublic:    true,
		Note:           "DynamoDB refuses to store a public policy",
		Doc:            docs + "amazondynamodb/latest/developerguide/access-control-resource-based.html",
	},
	{
		Type:     "AWS::DynamoDB::Stream",
		Services: []string{"dynamodb"},
		Shapes:   []Shape{{"stream", "arn:*:dynamodb:*:*:table/*/stream/*"}},
		// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html
		CrossAccount:   []string{"describestream", "getrecords", "getsharditerator"},
		AccessAnalyzer: true,
		CheckPublic:    true,
		Note:           "DynamoDB refuses to store a public policy",
		Doc:            docs + "amazondynamodb/latest/developerguide/access-control-resource-based.html",
	},

	// S3's other containers.
	{
		Type:        "AWS::S3::AccessPoint",
		Names:       []string{"AWS::S3::AccessPointPolicy", "aws_s3_access_point", "aws_s3control_access_point_policy", "AWS::FSx::S3AccessPointAttachment", "aws_fsx_s3_access_point_attachment"},
		Services:    []string{"s3"},
		Shapes:      []Shape{{"accesspoint", "arn:*:s3:*:*:accesspoint/*"}, {"accesspointobject", "{arn}/object/*"}},
		CheckPublic: true,
		Unsigned:    true, // https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
		Doc:         docs + "AmazonS3/latest/userguide/access-points-policies.html",
	},
	{
		Type: "AWS::S3::MultiRegionAccessPoint",
		Names: []string{
			"AWS::S3::MultiRegionAccessPointPolicy", "aws_s3control_multi_region_access_point",
			"aws_s3control_multi_region_access_point_policy",
		},
		Services: []string{"s3"},
		Shapes:   []Shape{{"accesspoint", "arn:*:s3::*:accesspoint/*"}, {"accesspointobject", "{arn}/object/*"}},
		Note:     "requests are signed with SigV4A, none are anonymous",
		Doc:      docs + "AmazonS3/latest/userguide/MultiRegionAccessPointPermissions.html",
	},
	{
		Type: "AWS::S3ObjectLambda::AccessPoint",
		Names: []string{
			"AWS::S3ObjectLambda::AccessPointPolicy", "aws_s3control_object_lambda_access_point",
			"aws_s3control_object_lambda_access_point_policy",
		},
		Services: []string{"s3-object-lambda"},
		Shapes:   []Shape{{"objectlambdaaccesspoint", "arn:*:s3-object-lambda:*:*:accesspoint/*"}},
		Doc:      docs + "AmazonS3/latest/userguide/olap-policies.html",
	},
	{
		Type:     "AWS::S3::AccessGrantsInstance",
		Names:    []string{"aws_s3control_access_grants_instance", "aws_s3control_access_grants_instance_resource_policy"},
		Services: []string{"s3"},
		Shapes: []Shape{
			{"accessgrantsinstance", "arn:*:s3:*:*:access-grants/default"},
			{"accessgrant", "{arn}/grant/*"},
			{"accessgrantslocation", "{arn}/location/*"},
		},
		Doc: docs + "AmazonS3/latest/userguide/access-grants-cross-accounts.html",
	},
	{
		Type:        "AWS::S3Express::AccessPoint",
		Names:       []string{"AWS::S3Express::AccessPointPolicy"},
		Services:    []string{"s3express"},
		Shapes:      []Shape{{"accesspoint", "arn:*:s3express:*:*:accesspoint/*"}},
		CheckPublic: true,
		Doc:         docs + "AmazonS3/latest/userguide/access-points-directory-buckets-policies.html",
	},
	{
		Type:        "AWS::S3Outposts::Bucket",
		Names:       []string{"AWS::S3Outposts::BucketPolicy", "aws_s3control_bucket", "aws_s3control_bucket_policy"},
		Services:    []string{"s3-outposts"},
		Shapes:      []Shape{{"bucket", "arn:*:s3-outposts:*:*:outpost/*/bucket/*"}, {"object", "{arn}/object/*"}},
		CheckPublic: true,
		Doc:         docs + "AmazonS3/latest/s3-outposts/S3OutpostsBucketPolicy.html",
	},
	{
		Type:     "AWS::S3Outposts::AccessPoint",
		Services: []string{"s3-outposts"},
		Shapes: []Shape{
			{"accesspoint", "arn:*:s3-outposts:*:*:outpost/*/accesspoint/*"},
			{"object", "{arn}/object/*"},
		},
		CheckPublic: true,
		Doc:         docs + "AmazonS3/latest/s3-outposts/S3OutpostsWorkingAccessPoints.html",
	},
	{
		Type:        "AWS::S3Tables::TableBucket",
		Names:       []string{"AWS::S3Tables::TableBucketPolicy", "aws_s3tables_table_bucket", "aws_s3tables_table_bucket_policy"},
		Services:    []string{"s3tables"},
		Shapes:      []Shape{{"TableBucket", "arn:*:s3tables:*:*:bucket/*"}, {"Table", "{arn}/table/*"}},
		CheckPublic: true,
		Doc:         docs + "AmazonS3/latest/userguide/s3-tables-resource-based-policies.html",
	},
	{
		Type:        "AWS::S3Tables::Table",
		Names:       []string{"AWS::S3Tables::TablePolicy", "aws_s3tables_table", "aws_s3tables_table_policy"},
		Services:    []string{"s3tables"},
		Shapes:      []Shape{{"Table", "arn:*:s3tables:*:*:bucket/*/table/*"}},
		CheckPublic: true,
		Doc:         docs + "AmazonS3/latest/userguide/s3-tables-resource-based-policies.html",
	},
	{
		Type:     "AWS::S3Vectors::VectorBucket",
		Names:    []string{"AWS::S3Vectors::VectorBucketPolicy", "aws_s3vectors_vector_bucket", "aws_s3vectors_vector_bucket_policy"},
		Services: []string{"s3vectors"},
		Shapes:   []Shape{{"VectorBucket", "arn:*:s3vectors:*:*:bucket/*"}, {"Index", "{arn}/index/*"}},
		Doc:      docs + "AmazonS3/latest/userguide/s3-vectors-access-management.html",
	},
	{
		Type:     "AWS::S3Files::FileSystem",
		Names:    []string{"AWS::S3Files::FileSystemPolicy", "aws_s3files_file_system", "aws_s3files_file_system_policy"},
		Services: []string{"s3files"},
		Shapes:   []Shape{{"file-system", "arn:*:s3files:*:*:file-system/*"}, {"access-point", "{arn}/access-point/*"}},
		Doc:      docs + "AmazonS3/latest/userguide/s3-files-security-iam.html",
	},
	{
		Type:        "AWS::S3::Glacier",
		Names:       []string{"AWS::Glacier::Vault", "aws_glacier_vault", "aws_glacier_vault_lock"},
		Services:    []string{"glacier"},
		Shapes:      []Shape{{"vault", "arn:*:glacier:*:*:vaults/*"}},
		CheckPublic: true,
		Doc:         docs + "amazonglacier/latest/dev/vault-access-policy.html",
	},

	// Endpoints.
	{
		Type: "AWS::ApiGateway::RestApi",
		Names: []string{
			"AWS::Serverless::Api", "AWS::ApiGateway::Method", "aws_api_gateway_rest_api", "aws_api_gateway_rest_api_policy", "aws_api_gateway_method",
		},
		Services:       []string{"execute-api"},
		Shapes:         []Shape{{"execute-api-general", "arn:*:execute-api:*:*:*"}, {"execute-api-general", "{arn}/*"}},
		CheckPublic:    true,
		Unsigned:       true, // a method without authorizer: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
		MadeToBeCalled: true,
		Doc:            docs + "apigateway/latest/developerguide/apigateway-resource-policies.html",
	},
	{
		Type:           "AWS::ApiGatewayV2::Api",
		Names:          []string{"AWS::Serverless::HttpApi", "AWS::Serverless::WebSocketApi", "AWS::ApiGatewayV2::Route", "aws_apigatewayv2_api", "aws_apigatewayv2_route"},
		Services:       []string{"execute-api"},
		Shapes:         []Shape{{"execute-api-general", "arn:*:execute-api:*:*:*"}, {"execute-api-general", "{arn}/*"}},
		Grants:         []string{"execute-api:Invoke"},
		Unsigned:       true, // a route without authorizer: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
		MadeToBeCalled: true,
		Note:           "no policy, its routes decide",
		Doc:            docs + "apigateway/latest/developerguide/http-api-access-control.html",
	},
	{
		Type:           "AWS::ApiGateway::DomainNameV2",
		Names:          []string{"aws_api_gateway_domain_name"},
		Services:       []string{"execute-api"},
		Shapes:         []Shape{{"execute-api-domain", "arn:*:execute-api:*:*:/domainnames/*"}},
		Unsigned:       true,
		MadeToBeCalled: true,
		Doc:            docs + "apigateway/latest/developerguide/apigateway-private-custom-domains.html",
	},
	{
		Type: "AWS::OpenSearchService::Domain",
		Names: []string{
			"AWS::Elasticsearch::Domain", "aws_opensearch_domain", "aws_opensearch_domain_policy",
			"aws_elasticsearch_domain", "aws_elasticsearch_domain_policy",
		},
		Services: []string{"es"},
		Shapes:   []Shape{{"domain", "arn:*:es:*:*:domain/*"}, {"domain", "{arn}/*"}},
		// The configuration API is for identity-based policies.
		// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
		// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cross-cluster-search.html
		// read 2026-12
		Grants: []string{
			"es:ESCrossClusterGet", "es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPatch", "es:ESHttpPost", "es:ESHttpPut",
		},
		CheckPublic: true,
		Unsigned:    true, // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
		Doc:         docs + "opensearch-service/latest/developerguide/ac.html",
	},
	{
		Type: "AWS::OpenSearchServerless::Collection",
		Names: []string{
			"AWS::OpenSearchServerless::AccessPolicy", "AWS::OpenSearchServerless::SecurityPolicy",
			"aws_opensearchserverless_collection", "aws_opensearchserverless_access_policy",
			"aws_opensearchserverless_security_policy",
		},
		Services: []string{"aoss"},
		Shapes:   []Shape{{"Collection", "arn:*:aoss:*:*:collection/*"}},
		Doc:      docs + "opensearch-service/latest/developerguide/serverless-data-access.html",
	},
	{
		Type:     "AWS::CloudSearch::Domain",
		Names:    []string{"aws_cloudsearch_domain", "aws_cloudsearch_domain_service_access_policy"},
		Services: []string{"cloudsearch"},
		Shapes:   []Shape{{"domain", "arn:*:cloudsearch:*:*:domain/*"}},
		Unsigned: true, // https://docs.aws.amazon.com/cloudsearch/latest/developerguide/configuring-access.html
		Doc:      docs + "cloudsearch/latest/developerguide/configuring-access.html",
	},
	{
		Type:           "AWS::ECR::PublicRepository",
		Names:          []string{"aws_ecrpublic_repository", "aws_ecrpublic_repository_policy"},
		Services:       []string{"ecr-public"},
		Shapes:         []Shape{{"repository", "arn:*:ecr-public::*:repository/*"}},
		MadeToBeCalled: true,
		Note:           "anyone may pull whatever the policy says; it governs pushing",
		Doc:            docs + "AmazonECR/latest/public/public-repository-policies.html",
	},
	{
		Type:     "AWS::ECR::RegistryPolicy",
		Names:    []string{"aws_ecr_registry_policy"},
		Services: []string{"ecr"},
		Shapes:   []Shape{{"repository", "arn:*:ecr:*:*:repository/*"}},
		// The scope V2, which new registries have, is every action of the service.
		// https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
		// https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-account-settings.html
		// read 2026-12
		WholeService: true,
		Note:         "taken to have the scope V2; under V1 only replication, import and creation are decided by it",
		Doc:          docs + "AmazonECR/latest/userguide/registry-permissions.html",
	},
	{
		Type:     "AWS::ECR::RepositoryCreationTemplate",
		Names:    []string{"aws_ecr_repository_creation_template"},
		Services: []string{"ecr"},
		Shapes:   []Shape{{"repository", "arn:*:ecr:*:*:repository/*"}},
		Note:     "the policy of repositories made later",
		Doc:      docs + "AmazonECR/latest/userguide/repository-creation-templates.html",
	},
	{
		Type: "AWS::VpcLattice::AuthPolicy",
		Names: []string{
			"AWS::VpcLattice::Service", "AWS::VpcLattice::ServiceNetwork", "aws_vpclattice_auth_policy",
			"aws_vpclattice_service", "aws_vpclattice_service_network",
		},
		Services: []string{"vpc-lattice-svcs"},
		// A request names a service and path even where a service network carries the policy.
		Shapes:   []Shape{{"TCP Service", "arn:*:vpc-lattice:*:*:service/*"}, {"Service", "arn:*:vpc-lattice:*:*:service/*/*"}},
		Unsigned: true, // https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
		Doc:      docs + "vpc-lattice/latest/ug/auth-policies.html",
	},
	{
		Type:     "AWS::VpcLattice::ResourcePolicy",
		Names:    []string{"aws_vpclattice_resource_policy"},
		Services: []string{"vpc-lattice"},
		Shapes: []Shape{
			{"Service", "arn:*:vpc-lattice:*:*:service/*"},
			{"ServiceNetwork", "arn:*:vpc-lattice:*:*:servicenetwork/*"},
			{"ResourceConfiguration", "arn:*:vpc-lattice:*:*:resourceconfiguration/*"},
		},
		Doc: docs + "vpc-lattice/latest/ug/sharing.html",
	},
	{
		Type:     "AWS::MediaStore::Container",
		Names:    []string{"aws_media_store_container", "aws_media_store_container_policy"},
		Services: []string{"mediastore"},
		Shapes: []Shape{
			{"container", "arn:*:mediastore:*:*:container/*"}, {"object", "{arn}/*"}, {"folder", "{arn}/*"},
		},
		Unsigned: true, // https://docs.aws.amazon.com/mediastore/latest/ug/policies-examples-public-https.html
		Doc:      docs + "mediastore/latest/ug/policies.html",
	},
	{
		Type:     "AWS::MediaPackageV2::Channel",
		Names:    []string{"AWS::MediaPackageV2::ChannelPolicy"},
		Services: []string{"mediapackagev2"},
		Shapes:   []Shape{{"Channel", "arn:*:mediapackagev2:*:*:channelGroup/*/channel/*"}},
		Doc:      docs + "mediapackage/latest/userguide/policies-channel.html",
	},
	{
		Type:     "AWS::MediaPackageV2::OriginEndpoint",
		Names:    []string{"AWS::MediaPackageV2::OriginEndpointPolicy"},
		Services: []string{"mediapackagev2"},
		Shapes:   []Shape{{"OriginEndpoint", "arn:*:mediapackagev2:*:*:channelGroup/*/channel/*/originEndpoint/*"}},
		Unsigned: true, // https://docs.aws.amazon.com/mediapackage/latest/userguide/policies-endpoint.html
		Doc:      docs + "mediapackage/latest/userguide/policies-endpoint.html",
	},
	{
		Type:     "AWS::MediaTailor::Channel",
		Names:    []string{"AWS::MediaTailor::ChannelPolicy"},
		Services: []string{"mediatailor"},
		Shapes:   []Shape{{"channel", "arn:*:mediatailor:*:*:channel/*"}},
		Unsigned: true, // https://docs.aws.amazon.com/mediatailor/latest/ug/security_iam_resource-based-policy-examples.html
		Doc:      docs + "mediatailor/latest/ug/security_iam_resource-based-policy-examples.html",
	},
	{
		Type:     "AWS::RUM::AppMonitor",
		Names:    []string{"aws_rum_app_monitor"},
		Services: []string{"rum"},
		Shapes:   []Shape{{"AppMonitorResource", "arn:*:rum:*:*:appmonitor/*"}},
		Grants:   []string{"rum:PutRumEvents"},
		Unsigned: true, // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-RUM-resource-policies.html
		Doc:      docs + "AmazonCloudWatch/latest/monitoring/CloudWatch-RUM-resource-policies.html",
	},
	{
		Type:     "AWS::Lightsail::Bucket",
		Names:    []string{"aws_lightsail_bucket", "aws_lightsail_bucket_resource_access"},
		Services: []string{"s3"},
		Shapes:   []Shape{{"bucket", "arn:*:s3:::*"}, {"object", "{arn}/*"}},
		Grants:   []string{"s3:GetObject", "s3:ListBucket"},
		Unsigned: true, // https://docs.aws.amazon.com/lightsail/latest/userguide/amazon-lightsail-understanding-bucket-permissions.html
		Note:     "the bucket is S3's, its settings are Lightsail's",
		Doc:      docs + "lightsail/latest/userguide/amazon-lightsail-understanding-bucket-permissions.html",
	},

	// Streams, events, logs.
	{
		Type:        "AWS::Kinesis::Stream",
		Names:       []string{"AWS::Kinesis::ResourcePolicy", "aws_kinesis_stream", "aws_kinesis_resource_policy"},
		Services:    []string{"kinesis"},
		Shapes:      []Shape{{"stream", "arn:*:kinesis:*:*:stream/*"}},
		CheckPublic: true,
		Doc:         docs + "streams/latest/dev/resource-based-policy-examples.html",
	},
	{
		Type:        "AWS::Kinesis::StreamConsumer",
		Names:       []string{"aws_kinesis_stream_consumer"},
		Services:    []string{"kinesis"},
		Shapes:      []Shape{{"consumer", "arn:*:kinesis:*:*:stream/*/consumer/*:*"}},
		CheckPublic: true,
		Doc:         docs + "streams/latest/dev/resource-based-policy-examples.html",
	},
	{
		Type: "AWS::Events::EventBus",
		Names: []string{
			"AWS::EventsV2::ResourcePolicy",
			"AWS::Events::EventBusPolicy", "aws_cloudwatch_event_bus", "aws_cloudwatch_event_bus_policy",
			"aws_cloudwatch_event_permission",
		},
		Services: []string{"events"},
		Shapes: []Shape{
			{"event-bus", "arn:*:events:*:*:event-bus/*"},
			{"rule-on-custom-event-bus", "{prefix}rule/*"},
			{"rule-on-default-event-bus", "{prefix}rule/*"},
		},
		Doc: docs + "eventbridge/latest/userguide/eb-event-bus-perms.html",
	},
	{
		Type:     "AWS::EventSchemas::Registry",
		Names:    []string{"AWS::EventSchemas::RegistryPolicy", "aws_schemas_registry", "aws_schemas_registry_policy"},
		Services: []string{"schemas"},
		Shapes:   []Shape{{"registry", "arn:*:schemas:*:*:registry/*"}, {"schema", "{prefix}schema/*"}},
		Doc:      docs + "eventbridge/latest/schema-reference/v1-registries-name-registryname-policy.html",
	},
	{
		Type:     "AWS::Logs::ResourcePolicy",
		Names:    []string{"AWS::Logs::LogGroup", "aws_cloudwatch_log_group", "aws_cloudwatch_log_resource_policy"},
		Services: []string{"logs"},
		Shapes: []Shape{
			{"log-group", "arn:*:logs:*:*:log-group:*"},
			{"log-stream", "arn:*:logs:*:*:log-group:*:log-stream:*"},
			{"log-group", "{arn}:*"}, // as DescribeLogGroups returns it
		},
		Note: "one policy for the log groups of a Region",
		Doc:  docs + "AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html",
	},
	{
		Type:     "AWS::Logs::Destination",
		Names:    []string{"aws_cloudwatch_log_destination", "aws_cloudwatch_log_destination_policy"},
		Services: []string{"logs"},
		Shapes:   []Shape{{"destination", "arn:*:logs:*:*:destination:*"}},
		Doc:      docs + "AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html",
	},
	{
		Type:     "AWS::Logs::DeliveryDestination",
		Names:    []string{"aws_cloudwatch_log_delivery_destination", "aws_cloudwatch_log_delivery_destination_policy"},
		Services: []string{"logs"},
		Shapes:   []Shape{{"delivery-destination", "arn:*:logs:*:*:delivery-destination:*"}},
		Doc:      docs + "AmazonCloudWatchLogs/latest/APIReference/API_PutDeliveryDestinationPolicy.html",
	},
	{
		Type:     "AWS::Oam::Sink",
		Names:    []string{"aws_oam_sink", "aws_oam_sink_policy"},
		Services: []string{"oam"},
		Shapes:   []Shape{{"Sink", "arn:*:oam:*:*:sink/*"}},
		Grants:   []string{"oam:CreateLink", "oam:UpdateLink"},
		Doc:      docs + "OAM/latest/APIReference/API_PutSinkPolicy.html",
	},
	{
		Type:     "AWS::XRay::ResourcePolicy",
		Names:    []string{"aws_xray_resource_policy"},
		Services: []string{"xray"},
		Shapes:   []Shape{{"group", "arn:*:xray:*:*:*"}},
		// https://docs.aws.amazon.com/xray/latest/api/API_PutResourcePolicy.html
		Grants: []string{
			"xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutSpans", "xray:PutSpansForIndexing",
			"xray:PutTelemetryRecords", "xray:PutTraceSegments",
		},
		Doc: docs + "xray/latest/api/API_PutResourcePolicy.html",
	},
	{
		Type:     "AWS::APS::Workspace",
		Names:    []string{"AWS::APS::ResourcePolicy", "aws_prometheus_workspace", "aws_prometheus_resource_policy"},
		Services: []string{"aps"},
		Shapes:   []Shape{{"workspace", "arn:*:aps:*:*:workspace/*"}},
		Doc:      docs + "prometheus/latest/APIReference/API_PutResourcePolicy.html",
	},
	{
		Type:        "AWS::CloudTrail::EventDataStore",
		Names:       []string{"AWS::CloudTrail::ResourcePolicy", "aws_cloudtrail_event_data_store"},
		Services:    []string{"cloudtrail"},
		Shapes:      []Shape{{"eventdatastore", "arn:*:cloudtrail:*:*:eventdatastore/*"}},
		CheckPublic: true,
		Doc:         docs + "awscloudtrail/latest/userguide/security_iam_resource-based-policy-examples.html",
	},
	{
		Type:        "AWS::CloudTrail::Dashboard",
		Services:    []string{"cloudtrail"},
		Shapes:      []Shape{{"dashboard", "arn:*:cloudtrail:*:*:dashboard/*"}},
		CheckPublic: true,
		Doc:         docs + "awscloudtrail/latest/userguide/security_iam_resource-based-policy-examples.html",
	},
	{
		Type:     "AWS::CloudTrail::Channel",
		Services: []string{"cloudtrail-data", "cloudtrail"},
		Shapes:   []Shape{{"channel", "arn:*:cloudtrail:*:*:channel/*"}},
		Doc:      docs + "awscloudtrail/latest/userguide/security_iam_resource-based-policy-examples.html",
	},
	{
		Type:     "AWS::MSK::Cluster",
		Names:    []string{"AWS::MSK::ClusterPolicy", "AWS::MSK::ServerlessCluster", "aws_msk_cluster", "aws_msk_serverless_cluster", "aws_msk_cluster_policy"},
		Services: []string{"kafka", "kafka-cluster"},
		Shapes: []Shape{
			{"cluster", "arn:*:kafka:*:*:cluster/*/*"}, {"topic", "{prefix}topic/*"},
			{"group", "{prefix}group/*"}, {"transactional-id", "{prefix}transactional-id/*"},
		},
		// https://docs.aws.amazon.com/msk/latest/developerguide/mvpc-cluster-owner-action-policy.html, read 2026-12
		Granted: []string{"getbootstrapbrokers"},
		Doc:     docs + "msk/latest/developerguide/mvpc-cluster-owner-action-policy.html",
	},
	{
		Type:     "AWS::OSIS::Pipeline",
		Names:    []string{"aws_osis_pipeline"},
		Services: []string{"osis"},
		Shapes:   []Shape{{"pipeline", "arn:*:osis:*:*:pipeline/*"}},
		Doc:      docs + "opensearch-service/latest/developerguide/pipeline-security.html",
	},

	// Data and machine learning.
	{
		Type:     "AWS::Glue::DataCatalog",
		Names:    []string{"AWS::Glue::ResourcePolicy", "aws_glue_resource_policy", "aws_glue_catalog_database"},
		Services: []string{"glue"},
		Shapes: []Shape{
			{"rootcatalog", "arn:*:glue:*:*:catalog"}, {"catalog", "{prefix}catalog/*"},
			{"database", "{prefix}database/*"}, {"table", "{prefix}table/*"},
			{"tableversion", "{prefix}tableVersion/*"}, {"userdefinedfunction", "{prefix}userDefinedFunction/*"},
			{"connection", "{prefix}connection/*"},
		},
		Doc: docs + "glue/latest/dg/security_iam_resource-based-policy-examples.html",
	},
	{
		Type: "AWS::LakeFormation::PrincipalPermissions",
		Names: []string{
			"AWS::LakeFormation::Permissions", "aws_lakeformation_permissions",
		},
		Services: []string{"lakeformation"},
		Shapes:   []Shape{{"", "arn:*:lakeformation:*:*:*"}},
		Grants:   []string{"lakeformation:GetDataAccess"},
		Note:     "a grant of Lake Formation, not a policy",
		Doc:      docs + "lake-formation/latest/dg/cross-account-permissions.html",
	},
	{
		Type:     "AWS::Redshift::Cluster",
		Names:    []string{"aws_redshift_cluster", "aws_redshift_resource_policy"},
		Services: []string{"redshift"},
		Shapes:   []Shape{{"namespace", "arn:*:redshift:*:*:namespace:*"}},
		Doc:      docs + "redshift/latest/mgmt/zero-etl-using.redshift-iam.html",
	},
	{
		Type: "AWS::RedshiftServerless::Namespace",
		Names: []string{
			"AWS::RedshiftServerless::Snapshot", "aws_redshiftserverless_namespace",
			"aws_redshiftserverless_snapshot", "aws_redshiftserverless_resource_policy",
		},
		Services: []string{"redshift-serverless", "redshift"},
		Shapes: []Shape{
			{"namespace", "arn:*:redshift-serverless:*:*:namespace/*"},
			{"snapshot", "{prefix}snapshot/*"},
		},
		Doc: docs + "redshift-serverless/latest/APIReference/API_PutResourcePolicy.html",
	},
	{
		Type:     "AWS::Redshift::DataShare",
		Names:    []string{"aws_redshift_data_share_authorization"},
		Services: []string{"redshift"},
		Shapes:   []Shape{{"datashare", "arn:*:redshift:*:*:datashare:*/*"}},
		Grants:   []string{"redshift:AssociateDataShareConsumer"},
		Level:    Read,
		Note:     "a sharing list, not a policy",
		Doc:      docs + "redshift/latest/dg/across-account.html",
	},
	{
		Type:     "AWS::Redshift::EndpointAuthorization",
		Names:    []string{"aws_redshift_endpoint_authorization"},
		Services: []string{"redshift"},
		Shapes:   []Shape{{"cluster", "arn:*:redshift:*:*:cluster:*"}},
		Grants:   []string{"redshift:CreateEndpointAccess"},
		Note:     "a sharing list, not a policy",
		Doc:      docs + "redshift/latest/mgmt/managing-cluster-cross-vpc.html",
	},
	{
		Type:     "AWS::SageMaker::ModelPackageGroup",
		Names:    []string{"aws_sagemaker_model_package_group", "aws_sagemaker_model_package_group_policy"},
		Services: []string{"sagemaker"},
		Shapes: []Shape{
			{"model-package-group", "arn:*:sagemaker:*:*:model-package-group/*"},
			{"model-package", "{prefix}model-package/*"},
		},
		Doc: docs + "sagemaker/latest/dg/model-registry-deploy-xaccount.html",
	},
	{
		Type:     "AWS::Lex::ResourcePolicy",
		Names:    []string{"AWS::Lex::Bot", "AWS::Lex::BotAlias", "aws_lexv2models_bot"},
		Services: []string{"lex"},
		Shapes:   []Shape{{"bot", "arn:*:lex:*:*:bot/*"}, {"bot alias", "{prefix}bot-alias/*"}},
		Doc:      docs + "lexv2/latest/dg/security_iam_service-with-iam.html",
	},
	{
		Type:     "AWS::Bedrock::ResourcePolicy",
		Names:    []string{"AWS::Bedrock::KnowledgeBasePolicy", "AWS::Bedrock::Guardrail", "AWS::Bedrock::KnowledgeBase", "AWS::Bedrock::CustomModel", "aws_bedrock_custom_model", "aws_bedrock_guardrail"},
		Services: []string{"bedrock"},
		Shapes: []Shape{
			{"custom-model", "arn:*:bedrock:*:*:custom-model/*"}, {"guardrail", "arn:*:bedrock:*:*:guardrail/*"},
			{"guardrail-profile", "arn:*:bedrock:*:*:guardrail-profile/*"},
			{"knowledge-base", "arn:*:bedrock:*:*:knowledge-base/*"},
		},
		Doc: docs + "bedrock/latest/APIReference/API_PutResourcePolicy.html",
	},
	{
		Type:     "AWS::BedrockAgentCore::ResourcePolicy",
		Names:    []string{"AWS::BedrockAgentCore::Runtime", "AWS::BedrockAgentCore::Gateway", "aws_bedrockagentcore_agent_runtime", "aws_bedrockagentcore_gateway"},
		Services: []string{"bedrock-agentcore"},
		Shapes: []Shape{
			{"runtime", "arn:*:bedrock-agentcore:*:*:runtime/*"},
			{"runtime-endpoint", "arn:*:bedrock-agentcore:*:*:runtime/*/runtime-endpoint/*"},
			{"gateway", "arn:*:bedrock-agentcore:*:*:gateway/*"},
		},
		Doc: docs + "bedrock-agentcore/latest/devguide/resource-based-policies.html",
	},
	{
		Type:     "AWS::Comprehend::DocumentClassifier",
		Names:    []string{"AWS::Comprehend::EntityRecognizer", "aws_comprehend_document_classifier", "aws_comprehend_entity_recognizer"},
		Services: []string{"comprehend"},
		Shapes: []Shape{
			{"document-classifier", "arn:*:comprehend:*:*:document-classifier/*"},
			{"entity-recognizer", "arn:*:comprehend:*:*:entity-recognizer/*"},
		},
		Doc: docs + "comprehend/latest/dg/custom-copy-sharing.html",
	},
	{
		Type:     "AWS::Rekognition::Project",
		Names:    []string{"aws_rekognition_project"},
		Services: []string{"rekognition"},
		Shapes:   []Shape{{"project", "arn:*:rekognition:*:*:project/*"}, {"projectversion", "{prefix}project/*/version/*"}},
		Doc:      docs + "rekognition/latest/customlabels-dg/md-create-project-policy-sdk.html",
	},
	{
		Type:     "AWS::EntityResolution::PolicyStatement",
		Names:    []string{"AWS::EntityResolution::MatchingWorkflow", "AWS::EntityResolution::IdNamespace", "AWS::EntityResolution::IdMappingWorkflow", "AWS::EntityResolution::SchemaMapping"},
		Services: []string{"entityresolution"},
		Shapes: []Shape{
			{"MatchingWorkflow", "arn:*:entityresolution:*:*:matchingworkflow/*"},
			{"IdMappingWorkflow", "arn:*:entityresolution:*:*:idmappingworkflow/*"},
			{"IdNamespace", "arn:*:entityresolution:*:*:idnamespace/*"},
			{"SchemaMapping", "arn:*:entityresolution:*:*:schemamapping/*"},
		},
		Doc: docs + "entityresolution/latest/apireference/API_PutPolicy.html",
	},
	{
		Type:     "AWS::Omics::SequenceStore",
		Names:    []string{"aws_omics_sequence_store"},
		Services: []string{"omics", "s3"},
		Shapes: []Shape{
			{"sequenceStore", "arn:*:omics:*:*:sequenceStore/*"}, {"readSet", "{arn}/readSet/*"},
			{"accesspoint", "arn:*:s3:*:*:accesspoint/*"}, {"accesspointobject", "arn:*:s3:*:*:accesspoint/*/object/*"},
		},
		Note: "its S3 access policy is that of an access point",
		Doc:  docs + "omics/latest/dev/s3-access.html",
	},
	{
		Type:     "AWS::DataZone::Domain",
		Names:    []string{"aws_datazone_domain"},
		Services: []string{"datazone"},
		Shapes:   []Shape{{"domain", "arn:*:datazone:*:*:domain/*"}},
		Doc:      docs + "datazone/latest/userguide/working-with-associated-accounts.html",
	},
	{
		Type:     "AWS::DSQL::Cluster",
		Names:    []string{"aws_dsql_cluster", "aws_dsql_cluster_policy"},
		Services: []string{"dsql"},
		Shapes:   []Shape{{"Cluster", "arn:*:dsql:*:*:cluster/*"}},
		Doc:      docs + "aurora-dsql/latest/userguide/resource-based-policies.html",
	},

	// Development and operation.
	{
		Type:     "AWS::CodeArtifact::Domain",
		Names:    []string{"aws_codeartifact_domain", "aws_codeartifact_domain_permissions_policy"},
		Services: []string{"codeartifact"},
		Shapes: []Shape{
			{"domain", "arn:*:codeartifact:*:*:domain/*"}, {"repository", "{prefix}repository/*"},
			{"package", "{prefix}package/*"}, {"package-group", "{prefix}package-group/*"},
		},
		// https://docs.aws.amazon.com/codeartifact/latest/ug/domain-policies.html, read 2026-12
		Granted:     []string{"createrepository"},
		CheckPublic: true,
		Doc:         docs + "codeartifact/latest/ug/domain-policies.html",
	},
	{
		Type:     "AWS::CodeArtifact::Repository",
		Names:    []string{"aws_codeartifact_repository", "aws_codeartifact_repository_permissions_policy"},
		Services: []string{"codeartifact"},
		Shapes:   []Shape{{"repository", "arn:*:codeartifact:*:*:repository/*"}, {"package", "{prefix}package/*"}},
		Doc:      docs + "codeartifact/latest/ug/repo-policies.html",
	},
	{
		Type:     "AWS::CodeBuild::Project",
		Names:    []string{"AWS::CodeBuild::ReportGroup", "aws_codebuild_project", "aws_codebuild_report_group", "aws_codebuild_resource_policy"},
		Services: []string{"codebuild"},
		Shapes: []Shape{
			{"project", "arn:*:codebuild:*:*:project/*"}, {"report-group", "arn:*:codebuild:*:*:report-group/*"},
			{"report", "arn:*:codebuild:*:*:report/*"},
		},
		Doc: docs + "codebuild/latest/userguide/project-sharing.html",
	},
	{
		Type:     "AWS::CodeGuruProfiler::ProfilingGroup",
		Names:    []string{"aws_codeguruprofiler_profiling_group"},
		Services: []string{"codeguru-profiler"},
		Shapes:   []Shape{{"ProfilingGroup", "arn:*:codeguru-profiler:*:*:profilingGroup/*"}},
		Doc:      docs + "codeguru/latest/profiler-ug/resource-based-policies.html",
	},
	{
		Type:     "AWS::Signer::SigningProfile",
		Names:    []string{"AWS::Signer::ProfilePermission", "aws_signer_signing_profile", "aws_signer_signing_profile_permission"},
		Services: []string{"signer"},
		Shapes:   []Shape{{"signing-profile", "arn:*:signer:*:*:/signing-profiles/*"}, {"signing-job", "{prefix}/signing-jobs/*"}},
		Doc:      docs + "signer/latest/developerguide/signing-profile-cross-account.html",
	},
	{
		Type:     "AWS::ServerlessRepo::Application",
		Names:    []string{"aws_serverlessapplicationrepository_application"},
		Services: []string{"serverlessrepo"},
		Shapes:   []Shape{{"applications", "arn:*:serverlessrepo:*:*:applications/*"}},
		Doc:      docs + "serverlessrepo/latest/devguide/security_iam_resource-based-policy-examples.html",
	},
	{
		Type:     "AWS::Proton::EnvironmentAccountConnection",
		Services: []string{"proton"},
		Shapes:   []Shape{{"environment-account-connection", "arn:*:proton:*:*:environment-account-connection/*"}},
		Doc:      docs + "proton/latest/userguide/ag-env-account-connections.html",
	},
	{
		Type:        "AWS::Backup::BackupVault",
		Names:       []string{"aws_backup_vault", "aws_backup_vault_policy", "AWS::Backup::LogicallyAirGappedBackupVault", "aws_backup_logically_air_gapped_vault"},
		Services:    []string{"backup"},
		Shapes:      []Shape{{"backupVault", "arn:*:backup:*:*:backup-vault:*"}, {"recoveryPoint", "arn:*:*:*:*:*"}},
		CheckPublic: true,
		Doc:         docs + "aws-backup/latest/devguide/create-a-vault-access-policy.html",
	},
	{
		Type: "AWS::SSM::ResourcePolicy",
		Names: []string{
			"AWS::SSM::Parameter", "aws_ssm_parameter",
		},
		Services: []string{"ssm"},
		Shapes:   []Shape{{"parameter", "arn:*:ssm:*:*:parameter/*"}, {"opsitemgroup", "arn:*:ssm:*:*:opsitemgroup/*"}, {"opsitem", "arn:*:ssm:*:*:opsitem/*"}},
		Doc:      docs + "systems-manager/latest/APIReference/API_PutResourcePolicy.html",
	},
	{
		Type:     "AWS::SMSVOICE::ResourcePolicy",
		Names:    []string{"aws_pinpointsmsvoicev2_resource_policy"},
		Services: []string{"sms-voice"},
		Shapes: []Shape{
			{"PhoneNumber", "arn:*:sms-voice:*:*:phone-number/*"}, {"Pool", "arn:*:sms-voice:*:*:pool/*"},
			{"SenderId", "arn:*:sms-voice:*:*:sender-id/*"}, {"OptOutList", "arn:*:sms-voice:*:*:opt-out-list/*"},
		},
		Doc: docs + "pinpoint/latest/apireference_smsvoicev2/API_PutResourcePolicy.html",
	},
	{
		Type:     "AWS::AIOps::InvestigationGroup",
		Services: []string{"aiops"},
		Shapes:   []Shape{{"investigation-group", "arn:*:aiops:*:*:investigation-group/*"}},
		Doc:      docs + "cloudwatchinvestigations/latest/APIReference/API_PutInvestigationGroupPolicy.html",
	},
	{
		Type:     "AWS::QBusiness::Application",
		Names:    []string{"AWS::QBusiness::Permission"},
		Services: []string{"qbusiness"},
		Shapes:   []Shape{{"application", "arn:*:qbusiness:*:*:application/*"}},
		Doc:      docs + "amazonq/latest/api-reference/API_AssociatePermission.html",
	},
	{
		Type:     "AWS::SSM::Document",
		Names:    []string{"aws_ssm_document"},
		Services: []string{"ssm"},
		Shapes:   []Shape{{"document", "arn:*:ssm:*:*:document/*"}},
		Grants:   []string{"ssm:DescribeDocument", "ssm:GetDocument", "ssm:SendCommand", "ssm:StartAutomationExecution"},
		Level:    Read,
		Note:     "a sharing list, not a policy; the document runs in the caller's account",
		Doc:      docs + "systems-manager/latest/userguide/documents-ssm-sharing.html",
	},
	{
		Type:     "AWS::SSMContacts::Contact",
		Names:    []string{"aws_ssmcontacts_contact"},
		Services: []string{"ssm-contacts"},
		Shapes:   []Shape{{"contact", "arn:*:ssm-contacts:*:*:contact/*"}, {"engagement", "{prefix}engagement/*"}, {"page", "{prefix}page/*"}},
		Doc:      docs + "incident-manager/latest/APIReference/API_SSMContacts_PutContactPolicy.html",
	},
	{
		Type:     "AWS::SSMIncidents::ResponsePlan",
		Names:    []string{"aws_ssmincidents_response_plan"},
		Services: []string{"ssm-incidents"},
		Shapes:   []Shape{{"response-plan", "arn:*:ssm-incidents::*:response-plan/*"}, {"incident-record", "{prefix}incident-record/*"}},
		Doc:      docs + "incident-manager/latest/APIReference/API_PutResourcePolicy.html",
	},
	{
		Type:     "AWS::Organizations::ResourcePolicy",
		Names:    []string{"aws_organizations_resource_policy"},
		Services: []string{"organizations"},
		Shapes: []Shape{
			{"organization", "arn:*:organizations::*:organization/*"}, {"account", "{prefix}account/*"},
			{"organizationalunit", "{prefix}ou/*"}, {"policy", "{prefix}policy/*"}, {"root", "{prefix}root/*"},
			{"awspolicy", "arn:*:organizations::aws:policy/*"}, {"handshake", "{prefix}handshake/*"},
		},
		WholeService: true,
		Doc:          docs + "organizations/latest/userguide/orgs_delegate_policies.html",
	},
	{
		Type: "AWS::SES::EmailIdentity",
		Names: []string{
			"aws_ses_email_identity", "aws_ses_domain_identity", "aws_ses_identity_policy",
			"aws_sesv2_email_identity", "aws_sesv2_email_identity_policy",
		},
		Services: []string{"ses"},
		Shapes:   []Shape{{"identity", "arn:*:ses:*:*:identity/*"}},
		Doc:      docs + "ses/latest/dg/sending-authorization-policies.html",
	},

	// Network and keys.
	{
		Type:     "AWS::ACMPCA::CertificateAuthority",
		Names:    []string{"AWS::ACMPCA::Permission", "aws_acmpca_certificate_authority", "aws_acmpca_policy", "aws_acmpca_permission"},
		Services: []string{"acm-pca"},
		Shapes:   []Shape{{"certificate-authority", "arn:*:acm-pca:*:*:certificate-authority/*"}},
		Doc:      docs + "privateca/latest/userguide/pca-rbp.html",
	},
	{
		Type:     "AWS::PaymentCryptography::Key",
		Names:    []string{"aws_paymentcryptography_key"},
		Services: []string{"payment-cryptography"},
		Shapes:   []Shape{{"key", "arn:*:payment-cryptography:*:*:key/*"}},
		Doc:      docs + "payment-cryptography/latest/APIReference/API_PutResourcePolicy.html",
	},
	{
		Type: "AWS::NetworkFirewall::FirewallPolicy",
		Names: []string{
			"AWS::NetworkFirewall::RuleGroup", "aws_networkfirewall_firewall_policy", "aws_networkfirewall_rule_group",
			"aws_networkfirewall_resource_policy",
		},
		Services: []string{"network-firewall"},
		Shapes: []Shape{
			{"FirewallPolicy", "arn:*:network-firewall:*:*:firewall-policy/*"},
			{"StatefulRuleGroup", "arn:*:network-firewall:*:*:stateful-rulegroup/*"},
			{"StatelessRuleGroup", "arn:*:network-firewall:*:*:stateless-rulegroup/*"},
			{"Firewall", "arn:*:network-firewall:*:*:firewall/*"},
		},
		Doc: docs + "network-firewall/latest/developerguide/sharing.html",
	},
	{
		Type:     "AWS::NetworkManager::CoreNetwork",
		Names:    []string{"aws_networkmanager_core_network"},
		Services: []string{"networkmanager"},
		Shapes:   []Shape{{"core-network", "arn:*:networkmanager::*:core-network/*"}},
		Doc:      docs + "networkmanager/latest/APIReference/API_PutResourcePolicy.html",
	},
	{
		Type: "AWS::Route53Resolver::ResolverRule",
		Names: []string{
			"AWS::Route53Resolver::FirewallRuleGroup", "AWS::Route53Resolver::ResolverQueryLoggingConfig",
			"aws_route53_resolver_rule", "aws_route53_resolver_firewall_rule_group",
			"aws_route53_resolver_query_log_config",
		},
		Services: []string{"route53resolver"},
		Shapes: []Shape{
			{"resolver-rule", "arn:*:route53resolver:*:*:resolver-rule/*"},
			{"firewall-rule-group", "arn:*:route53resolver:*:*:firewall-rule-group/*"},
			{"resolver-query-log-config", "arn:*:route53resolver:*:*:resolver-query-log-config/*"},
		},
		Doc: docs + "Route53/latest/APIReference/API_route53resolver_PutResolverRulePolicy.html",
	},
	{
		Type:     "AWS::Route53::HostedZone",
		Names:    []string{"aws_route53_zone", "aws_route53_vpc_association_authorization"},
		Services: []string{"route53"},
		Shapes:   []Shape{{"hostedzone", "arn:*:route53:::hostedzone/*"}},
		Grants:   []string{"route53:AssociateVPCWithHostedZone"},
		Note:     "a sharing list, not a policy",
		Doc:      docs + "Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs-different-accounts.html",
	},
	{
		Type: "AWS::EC2::VPCEndpointService",
		Names: []string{
			"AWS::EC2::VPCEndpointServicePermissions", "aws_vpc_endpoint_service", "aws_vpc_endpoint_service_allowed_principal",
		},
		Services: []string{"ec2"},
		Shapes:   []Shape{{"vpc-endpoint-service", "arn:*:ec2:*:*:vpc-endpoint-service/*"}},
		// The service tables give CreateVpcEndpoint the endpoint as resource, not
		// the service that it leads to.
		Grants: []string{"ec2:CreateVpcEndpoint"},
		Note:   "a sharing list, not a policy",
		Doc:    docs + "vpc/latest/privatelink/configure-endpoint-service.html",
	},
	{
		Type:     "AWS::EC2::NetworkInterfacePermission",
		Names:    []string{"aws_network_interface_permission"},
		Services: []string{"ec2"},
		Shapes:   []Shape{{"network-interface", "arn:*:ec2:*:*:network-interface/*"}},
		Grants:   []string{"ec2:AttachNetworkInterface"},
		Note:     "a sharing list, not a policy",
		Doc:      docs + "AWSEC2/latest/APIReference/API_CreateNetworkInterfacePermission.html",
	},

	// Sharing lists.
	{
		Type: "AWS::EC2::Image",
		Names: []string{
			"aws_ami", "aws_ami_copy", "aws_ami_from_instance", "aws_ami_launch_permission",
			"aws_ec2_image_block_public_access",
			"AWS::ImageBuilder::DistributionConfiguration", "aws_imagebuilder_distribution_configuration",
		},
		Services: []string{"ec2"},
		Shapes:   []Shape{{"image", "arn:*:ec2:*::image/*"}},
		Grants:   []string{"ec2:CopyImage", "ec2:RunInstances"},
		Level:    Read,
		Note:     "a sharing list, not a policy",
		Doc:      docs + "AWSEC2/latest/UserGuide/sharing-amis.html",
	},
	{
		Type:     "AWS::RAM::ResourceShare",
		Names:    []string{"aws_ram_resource_share", "aws_ram_principal_association"},
		Services: []string{"ram"},
		Shapes:   []Shape{{"resource-share", "arn:*:ram:*:*:resource-share/*"}, {"resource-share-invitation", "{prefix}resource-share-invitation/*"}},
		Grants:   []string{"ram:AcceptResourceShareInvitation"},
		Note:     "a sharing list, not a policy; what the share's permissions allow depends on what is shared",
		Doc:      docs + "ram/latest/userguide/getting-started-sharing.html",
	},
	{
		Type:     "AWS::ServiceCatalog::Portfolio",
		Names:    []string{"AWS::ServiceCatalog::PortfolioShare", "aws_servicecatalog_portfolio", "aws_servicecatalog_portfolio_share"},
		Services: []string{"servicecatalog"},
		Shapes:   []Shape{{"Portfolio", "arn:*:catalog:*:*:portfolio/*"}},
		Grants:   []string{"servicecatalog:AcceptPortfolioShare", "servicecatalog:DescribePortfolio"},
		Level:    Read,
		Note:     "a sharing list, not a policy",
		Doc:      docs + "servicecatalog/latest/adminguide/catalogs_portfolios_sharing.html",
	},
	{
		Type: "AWS::FSx::Volume",
		Names: []string{
			"AWS::FSx::FileSystem", "AWS::FSx::Snapshot", "aws_fsx_openzfs_volume", "aws_fsx_ontap_volume",
			"aws_fsx_openzfs_snapshot", "aws_fsx_openzfs_file_system", "aws_fsx_ontap_file_system",
			"aws_fsx_lustre_file_system", "aws_fsx_windows_file_system", "aws_fsx_backup",
		},
		Services: []string{"fsx"},
		Shapes:   []Shape{{"volume", "arn:*:fsx:*:*:volume/*/*"}, {"snapshot", "{prefix}snapshot/*"}},
		Grants:   []string{"fsx:CopySnapshotAndUpdateVolume", "fsx:CreateVolume"},
		Level:    Read,
		Note:     "shared through AWS RAM, not by a policy",
		Doc:      docs + "fsx/latest/OpenZFSGuide/on-demand-replication.html",
	},
	{
		Type:     "AWS::Config::AggregationAuthorization",
		Names:    []string{"aws_config_aggregate_authorization"},
		Services: []string{"config"},
		Shapes:   []Shape{{"AggregationAuthorization", "arn:*:config:*:*:aggregation-authorization/*"}},
		Grants:   []string{"config:PutConfigurationAggregator"},
		Level:    Read,
		Note:     "a sharing list, not a policy: the account reads the configuration of every resource",
		Doc:      docs + "config/latest/developerguide/authorize-aggregator-account-console.html",
	},
	{
		Type:     "AWS::GlobalAccelerator::CrossAccountAttachment",
		Names:    []string{"aws_globalaccelerator_cross_account_attachment"},
		Services: []string{"globalaccelerator"},
		Shapes:   []Shape{{"attachment", "arn:*:globalaccelerator::*:attachment/*"}},
		Parties:  []string{"globalaccelerator"}, // https://docs.aws.amazon.com/global-accelerator/latest/dg/cross-account-resources.create-attachment.html
		Grants:   []string{"globalaccelerator:ListCrossAccountResources"},
		Note:     "a sharing list, not a policy",
		Doc:      docs + "global-accelerator/latest/dg/cross-account-resources.html",
	},
	{
		Type:     "AWS::LicenseManager::Grant",
		Names:    []string{"aws_licensemanager_grant"},
		Services: []string{"license-manager"},
		Shapes:   []Shape{{"grant", "arn:*:license-manager::*:grant:*"}},
		Grants:   []string{"license-manager:AcceptGrant"},
		Note:     "a sharing list, not a policy",
		Doc:      docs + "license-manager/latest/userguide/granted-licenses.html",
	},
	{
		Type:     "AWS::OpenSearchService::VpcEndpointAccess",
		Names:    []string{"aws_opensearch_authorize_vpc_endpoint_access"},
		Services: []string{"es"},
		Shapes:   []Shape{{"domain", "arn:*:es:*:*:domain/*"}},
		Grants:   []string{"es:CreateVpcEndpoint"},
		Note:     "a sharing list, not a policy",
		Doc:      docs + "opensearch-service/latest/developerguide/vpc-interface-endpoints.html",
	},

	// Policies that let nobody in by themselves.
	{
		Type:       "AWS::EC2::VPCEndpoint",
		Names:      []string{"aws_vpc_endpoint", "aws_vpc_endpoint_policy"},
		LimitsOnly: true,
		Note:       "limits what passes the endpoint; the resource behind it decides",
		Doc:        docs + "vpc/latest/privatelink/vpc-endpoints-access.html",
	},
	{
		Type:       "AWS::IoT::Policy",
		Names:      []string{"aws_iot_policy"},
		LimitsOnly: true,
		Note:       "acts through the certificates it is attached to; it names no principal",
		Doc:        docs + "iot/latest/developerguide/iot-policies.html",
	},
	{
		Type: "AWS::IAM::Policy",
		Names: []string{
			"AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy",
			"aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy",
			"AWS::IAM::User", "AWS::IAM::Group", "AWS::SSO::PermissionSet", "aws_ssoadmin_permission_set_inline_policy",
		},
		LimitsOnly: true,
		Note:       "an identity-based policy; it names no principal",
		Doc:        ug + "access_policies_identity-vs-resource.html",
	},
	{
		Type:       "AWS::Organizations::Policy",
		Names:      []string{"aws_organizations_policy"},
		LimitsOnly: true,
		Note:       "a service or resource control policy; it grants nothing",
		Doc:        docs + "organizations/latest/userguide/orgs_manage_policies_authorization_policies.html",
	},
}
