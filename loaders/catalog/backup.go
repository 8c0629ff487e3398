package catalog

var backupRows = []Row{
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
}
