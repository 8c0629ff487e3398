package catalog

// Templates of attributes that many types have.
var (
	refARN = map[string]string{"Ref": "{arn}"} // Ref gives the ARN
	idARN  = map[string]string{"id": "{arn}"}
)

// Secrets, tables, file systems, registries, snapshots: the rest of what Access
// Analyzer looks at.
var stores = []Row{
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
	{
		Kind: "AWS::DynamoDB::Table",
		ARN:  "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
		Resource: []Form{
			{Type: "AWS::DynamoDB::Table", Name: "TableName", Policy: p("ResourcePolicy.PolicyDocument"), Attr: map[string]string{"StreamArn": "{arn}/stream/{StreamLabel}"}},
			{Type: "AWS::DynamoDB::GlobalTable", Name: "TableName", Policy: p("Replicas.ResourcePolicy.PolicyDocument"), Attr: map[string]string{"StreamArn": "{arn}/stream/{StreamLabel}"}},
			{Type: "aws_dynamodb_table", Name: "name", Attr: map[string]string{"stream_arn": "{arn}/stream/{stream_label}"}},
		},
		Parts: []Form{{Type: "aws_dynamodb_resource_policy", Of: p("resource_arn"), Policy: p("policy")}},
	},
	{
		Kind:           "AWS::DynamoDB::Stream",
		ARN:            "arn:{partition}:dynamodb:{region}:{account}:table/{name}/stream/*",
		OnlyWithPolicy: true,
		Resource: []Form{
			{Type: "AWS::DynamoDB::Table", Name: "TableName", ARN: streamARN, Has: p("StreamSpecification"), Policy: p("StreamSpecification.ResourcePolicy.PolicyDocument")},
			{Type: "AWS::DynamoDB::GlobalTable", Name: "TableName", ARN: streamARN, Has: p("Replicas.ReplicaStreamSpecification"), Policy: p("Replicas.ReplicaStreamSpecification.ResourcePolicy.PolicyDocument")},
			{Type: "aws_dynamodb_table", Name: "name", ARN: "arn:{partition}:dynamodb:{region}:{account}:table/{name}/stream/{stream_label}"},
		},
		Parts: []Form{{Type: "aws_dynamodb_resource_policy", Of: p("resource_arn"), Policy: p("policy")}},
	},
	{
		Kind: "AWS::EFS::FileSystem",
		ARN:  "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{name}",
		Resource: []Form{
			{Type: "AWS::EFS::FileSystem", Policy: p("FileSystemPolicy"), Attr: map[string]string{"FileSystemId": "{name}"}},
			{Type: "aws_efs_file_system"},
		},
		Parts: []Form{{Type: "aws_efs_file_system_policy", Of: p("file_system_id"), Policy: p("policy")}},
	},
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
		Kind:     "AWS::EC2::Snapshot",
		ARN:      "arn:{partition}:ec2:{region}::snapshot/{name}",
		Combined: "sharing list, encryption, Block Public Access of the account",
		Resource: []Form{
			{Type: "aws_ebs_snapshot", Read: encryption("encrypted", "kms_key_id")},
			{Type: "aws_ebs_snapshot_copy", Read: encryption("encrypted", "kms_key_id")},
			{Type: "aws_ebs_snapshot_import", Read: encryption("encrypted", "kms_key_id")},
		},
		Parts: []Form{
			{Type: "aws_snapshot_create_volume_permission", Of: p("snapshot_id"), Read: shared("account_id"), Where: "account_id"},
			{Type: "AWS::EC2::SnapshotBlockPublicAccess", Of: p(all), Setting: true, Read: blockSharing("block-all-sharing"), Where: "State"},
			{Type: "aws_ebs_snapshot_block_public_access", Of: p(all), Setting: true, Read: blockSharing("block-all-sharing"), Where: "state"},
		},
		Settle: settleShared,
	},
	{
		Kind:     "AWS::RDS::DBSnapshot",
		ARN:      "arn:{partition}:rds:{region}:{account}:snapshot:{name}",
		Combined: "sharing list, encryption",
		Resource: []Form{
			{Type: "aws_db_snapshot", Name: "db_snapshot_identifier", Read: databaseSnapshot, Where: "shared_accounts", Attr: map[string]string{"db_snapshot_arn": "{arn}"}},
			{Type: "aws_db_snapshot_copy", Name: "target_db_snapshot_identifier", Read: databaseSnapshot, Where: "shared_accounts", Attr: map[string]string{"db_snapshot_arn": "{arn}"}},
		},
	},
	{
		Kind:     "AWS::RDS::DBClusterSnapshot",
		ARN:      "arn:{partition}:rds:{region}:{account}:cluster-snapshot:{name}",
		Combined: "sharing list, encryption",
		Resource: []Form{
			{Type: "aws_db_cluster_snapshot", Name: "db_cluster_snapshot_identifier", Read: databaseSnapshot, Where: "shared_accounts", Attr: map[string]string{"db_cluster_snapshot_arn": "{arn}"}},
			{Type: "aws_rds_cluster_snapshot_copy", Name: "target_db_cluster_snapshot_identifier", Read: databaseSnapshot, Where: "shared_accounts", Attr: map[string]string{"db_cluster_snapshot_arn": "{arn}"}},
			{Type: "aws_docdb_cluster_snapshot", Name: "db_cluster_snapshot_identifier", Read: databaseSnapshot, Where: "it cannot be shared by this type", Attr: map[string]string{"db_cluster_snapshot_arn": "{arn}"}},
			{Type: "aws_neptune_cluster_snapshot", Name: "db_cluster_snapshot_identifier", Read: databaseSnapshot, Where: "it cannot be shared by this type", Attr: map[string]string{"db_cluster_snapshot_arn": "{arn}"}},
		},
	},
}

const (
	// AWS puts a hyphen and six characters behind the name. A policy that names
	// the secret without them names no secret.
	//
	// https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
	secretARN    = "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{random:6}"
	streamARN    = "arn:{partition}:dynamodb:{region}:{account}:table/{name}/stream/{StreamLabel}"
	registryHost = "{account}.dkr.ecr.{region}.{suffix}/{name}"
)

func databaseSnapshot(b *building, block Block) {
	shared("shared_accounts")(b, block)
	encryption("storage_encrypted", "kms_key_id")(b, block)
	if v := one(block.Properties, "encrypted"); v.Text.Literal == "true" {
		b.res.Encrypted = true
	}
}

// S3's other containers, and what else stores.
var containers = []Row{
	{
		Kind: "AWS::S3ObjectLambda::AccessPoint",
		ARN:  "arn:{partition}:s3-object-lambda:{region}:{account}:accesspoint/{name}",
		Resource: []Form{
			{Type: "AWS::S3ObjectLambda::AccessPoint", Name: "Name"},
			{Type: "aws_s3control_object_lambda_access_point", Name: "name", Attr: map[string]string{"id": "{account}:{name}"}},
		},
		Parts: []Form{
			{Type: "AWS::S3ObjectLambda::AccessPointPolicy", Of: p("ObjectLambdaAccessPoint"), Policy: p("PolicyDocument")},
			{Type: "aws_s3control_object_lambda_access_point_policy", Of: p("name"), Policy: p("policy")},
		},
	},
	{
		Kind: "AWS::S3::AccessGrantsInstance",
		ARN:  "arn:{partition}:s3:{region}:{account}:access-grants/default",
		Parts: []Form{
			{Type: "aws_s3control_access_grants_instance_resource_policy", Of: p(all), Policy: p("policy")},
		},
		Resource: []Form{
			{Type: "AWS::S3::AccessGrantsInstance", Attr: map[string]string{"Ref": "{arn}", "AccessGrantsInstanceArn": "{arn}"}, Where: "its policy cannot be declared"},
			{Type: "aws_s3control_access_grants_instance", Attr: map[string]string{"access_grants_instance_arn": "{arn}"}},
		},
	},
	{
		Kind: "AWS::S3Outposts::Bucket",
		ARN:  "arn:{partition}:s3-outposts:{region}:{account}:outpost/*/bucket/{name}",
		Resource: []Form{
			{Type: "AWS::S3Outposts::Bucket", Name: "BucketName", ARN: "arn:{partition}:s3-outposts:{region}:{account}:outpost/{OutpostId}/bucket/{name}", Attr: refARN},
			{Type: "aws_s3control_bucket", Name: "bucket", ARN: "arn:{partition}:s3-outposts:{region}:{account}:outpost/{outpost_id}/bucket/{name}", Attr: idARN},
		},
		Parts: []Form{
			{Type: "AWS::S3Outposts::BucketPolicy", Of: p("Bucket"), Policy: p("PolicyDocument")},
			{Type: "aws_s3control_bucket_policy", Of: p("bucket"), Policy: p("policy")},
		},
	},
	{
		Kind: "AWS::S3Outposts::AccessPoint",
		ARN:  "arn:{partition}:s3-outposts:{region}:{account}:outpost/*/accesspoint/{name}",
		Resource: []Form{
			{Type: "AWS::S3Outposts::AccessPoint", Name: "Name", Policy: p("Policy"), Read: outpostPoint, Attr: refARN},
		},
		Combined: "policy, network",
		Settle:   settlePoint,
	},
	{
		Kind: "AWS::S3Tables::TableBucket",
		ARN:  "arn:{partition}:s3tables:{region}:{account}:bucket/{name}",
		Resource: []Form{
			{Type: "AWS::S3Tables::TableBucket", Name: "TableBucketName", Attr: map[string]string{"Ref": "{arn}", "TableBucketARN": "{arn}"}},
			{Type: "aws_s3tables_table_bucket", Name: "name", Attr: idARN},
		},
		Parts: []Form{
			{Type: "AWS::S3Tables::TableBucketPolicy", Of: p("TableBucketARN"), Policy: p("ResourcePolicy")},
			{Type: "aws_s3tables_table_bucket_policy", Of: p("table_bucket_arn"), Policy: p("resource_policy")},
		},
	},
	{
		Kind: "AWS::S3Tables::Table",
		ARN:  "arn:{partition}:s3tables:{region}:{account}:bucket/*/table/{name}",
		Resource: []Form{
			{Type: "AWS::S3Tables::Table", ARN: "{TableBucketARN}/table/{id}", Attr: map[string]string{"Ref": "{arn}", "TableARN": "{arn}"}},
			{Type: "aws_s3tables_table", ARN: "{table_bucket_arn}/table/{id}", Name: "name"},
		},
		Parts: []Form{
			{Type: "AWS::S3Tables::TablePolicy", Of: p("TableARN"), Policy: p("ResourcePolicy")},
			{Type: "aws_s3tables_table_policy", Of: p("name"), ByName: true, Policy: p("resource_policy")},
		},
	},
	{
		Kind: "AWS::S3Vectors::VectorBucket",
		ARN:  "arn:{partition}:s3vectors:{region}:{account}:bucket/{name}",
		Resource: []Form{
			{Type: "AWS::S3Vectors::VectorBucket", Name: "VectorBucketName", Attr: map[string]string{"Ref": "{arn}", "VectorBucketArn": "{arn}"}},
			{Type: "aws_s3vectors_vector_bucket", Name: "vector_bucket_name", Attr: map[string]string{"vector_bucket_arn": "{arn}"}},
		},
		Parts: []Form{
			{Type: "AWS::S3Vectors::VectorBucketPolicy", Of: p("VectorBucketArn", "VectorBucketName"), Policy: p("Policy")},
			{Type: "aws_s3vectors_vector_bucket_policy", Of: p("vector_bucket_arn"), Policy: p("policy")},
		},
	},
	{
		Kind: "AWS::S3Files::FileSystem",
		ARN:  "arn:{partition}:s3files:{region}:{account}:file-system/{name}",
		Resource: []Form{
			{Type: "AWS::S3Files::FileSystem", Attr: map[string]string{"Ref": "{arn}", "FileSystemArn": "{arn}", "FileSystemId": "{name}"}},
			{Type: "aws_s3files_file_system"},
		},
		Parts: []Form{
			{Type: "AWS::S3Files::FileSystemPolicy", Of: p("FileSystemId"), Policy: p("Policy")},
			{Type: "aws_s3files_file_system_policy", Of: p("file_system_id"), Policy: p("policy")},
		},
	},
	{
		Kind:    "AWS::S3::Glacier",
		Several: true,
		ARN:     "arn:{partition}:glacier:{region}:{account}:vaults/{name}",
		Resource: []Form{
			{Type: "aws_glacier_vault", Name: "name", Policy: p("access_policy")},
		},
		Parts: []Form{{Type: "aws_glacier_vault_lock", Of: p("vault_name"), ByName: true, Policy: p("policy")}},
	},
	{
		Kind: "AWS::Backup::BackupVault",
		ARN:  "arn:{partition}:backup:{region}:{account}:backup-vault:{name}",
		Resource: []Form{
			{Type: "AWS::Backup::BackupVault", Name: "BackupVaultName", Policy: p("AccessPolicy"), Attr: map[string]string{"BackupVaultArn": "{arn}"}},
			{Type: "AWS::Backup::LogicallyAirGappedBackupVault", Name: "BackupVaultName", Policy: p("AccessPolicy"), Attr: map[string]string{"BackupVaultArn": "{arn}"}},
			{Type: "aws_backup_vault", Name: "name"},
			{Type: "aws_backup_logically_air_gapped_vault", Name: "name"},
		},
		Parts: []Form{{Type: "aws_backup_vault_policy", Of: p("backup_vault_name"), ByName: true, Policy: p("policy")}},
	},
	{
		Kind:     "AWS::Lightsail::Bucket",
		ARN:      "arn:{partition}:s3:::{name}",
		Combined: "access rules, accounts with read access",
		Resource: []Form{
			{Type: "AWS::Lightsail::Bucket", Name: "BucketName", Read: lightsailBucket, Where: "AccessRules.GetObject, ReadOnlyAccessAccounts"},
			{Type: "aws_lightsail_bucket", Name: "name", Where: "it is private"},
		},
	},
	{
		Kind: "AWS::Omics::SequenceStore",
		ARN:  "arn:{partition}:omics:{region}:{account}:sequenceStore/{name}",
		Resource: []Form{
			{Type: "AWS::Omics::SequenceStore", Policy: p("S3AccessPolicy"), Attr: map[string]string{"SequenceStoreId": "{name}"}},
		},
	},
}

// outpostPoint: it takes requests from its VPC only.
func outpostPoint(b *building, block Block) {
	if t, ok := written(block.Properties, "VpcConfiguration.VpcId"); ok {
		b.vpc = standIn(t)
	}
}
