package catalog

import "github.com/iaclint/iaclint/analysis/value"

// companions are resources of Terraform that set something of another one and
// have its id, and the argument that names that one.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_policy (and the pages of the others, under "Attribute Reference" and "Import")
var companions = map[string]string{
	"aws_s3_bucket_policy": "bucket", "aws_s3_bucket_public_access_block": "bucket", "aws_s3_bucket_ownership_controls": "bucket",
	"aws_s3_bucket_versioning": "bucket", "aws_s3_bucket_website_configuration": "bucket", "aws_s3_bucket_lifecycle_configuration": "bucket",
	"aws_s3_bucket_server_side_encryption_configuration": "bucket", "aws_s3_bucket_cors_configuration": "bucket", "aws_s3_bucket_logging": "bucket",
	"aws_s3_bucket_notification": "bucket", "aws_s3_bucket_accelerate_configuration": "bucket", "aws_s3_bucket_request_payment_configuration": "bucket",
	"aws_s3_bucket_replication_configuration": "bucket", "aws_s3_bucket_object_lock_configuration": "bucket",
	"aws_sqs_queue_policy": "queue_url", "aws_sqs_queue_redrive_policy": "queue_url", "aws_sqs_queue_redrive_allow_policy": "queue_url",
	"aws_sns_topic_policy": "arn", "aws_kms_key_policy": "key_id", "aws_secretsmanager_secret_policy": "secret_arn", "aws_secretsmanager_secret_rotation": "secret_id",
	"aws_ecr_repository_policy": "repository", "aws_ecr_lifecycle_policy": "repository", "aws_efs_file_system_policy": "file_system_id", "aws_efs_backup_policy": "file_system_id",
	"aws_api_gateway_rest_api_policy": "rest_api_id", "aws_backup_vault_policy": "backup_vault_name", "aws_dynamodb_resource_policy": "resource_arn",
	"aws_media_store_container_policy": "container_name", "aws_opensearch_domain_policy": "domain_name",
}

// companionID returns the id that a block has from the resource that it is of.
func companionID(b Block) (value.Text, bool) {
	argument := companions[b.Type]
	if argument == "" {
		return value.Text{}, false
	}
	if one(b.Properties, "expected_bucket_owner").Kind != value.Absent {
		return value.Text{}, false // it is behind the name of the bucket
	}
	return written(b.Properties, argument)
}
