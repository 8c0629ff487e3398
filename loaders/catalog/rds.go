package catalog

var rdsRows = []Row{
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

func databaseSnapshot(b *building, block Block) {
	shared("shared_accounts")(b, block)
	encryption("storage_encrypted", "kms_key_id")(b, block)
	if v := one(block.Properties, "encrypted"); v.Text.Literal == "true" {
		b.res.Encrypted = true
	}
}
