package catalog

var ec2Rows = []Row{
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
		Kind: "AWS::EC2::VPCEndpointService",
		ARN:  "arn:{partition}:ec2:{region}:{account}:vpc-endpoint-service/{name}",
		Resource: []Form{
			{Type: "AWS::EC2::VPCEndpointService", Attr: map[string]string{"ServiceId": "{name}"}},
			{Type: "aws_vpc_endpoint_service", Read: shared("allowed_principals"), Where: "allowed_principals"},
		},
		Parts: []Form{
			{Type: "AWS::EC2::VPCEndpointServicePermissions", Of: p("ServiceId"), Read: shared("AllowedPrincipals"), Where: "AllowedPrincipals"},
			{Type: "aws_vpc_endpoint_service_allowed_principal", Of: p("vpc_endpoint_service_id"), Read: shared("principal_arn"), Where: "principal_arn"},
		},
	},
	{
		Kind: "AWS::EC2::NetworkInterfacePermission",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::EC2::NetworkInterfacePermission", ARN: "arn:{partition}:ec2:{region}:{account}:network-interface/{NetworkInterfaceId}", Read: shared("AwsAccountId"), Where: "AwsAccountId"},
			{Type: "aws_network_interface_permission", ARN: "arn:{partition}:ec2:{region}:{account}:network-interface/{network_interface_id}", Read: shared("aws_account_id"), Where: "aws_account_id"},
		},
	},
	{
		Kind:     "AWS::EC2::Image",
		ARN:      "arn:{partition}:ec2:{region}::image/{name}",
		Combined: "launch permissions, Block Public Access of the account",
		Resource: []Form{
			{Type: "aws_ami"}, {Type: "aws_ami_copy"}, {Type: "aws_ami_from_instance"},
			{Type: "AWS::ImageBuilder::DistributionConfiguration", Name: "Name", ARN: imagesARN, Read: imageSharing, Where: "Distributions[].AmiDistributionConfiguration.LaunchPermissionConfiguration", Attr: map[string]string{"Ref": builderARN, "Arn": builderARN}},
			{Type: "aws_imagebuilder_distribution_configuration", Name: "name", ARN: imagesARN, Read: imageSharing, Where: "distribution[].ami_distribution_configuration[].launch_permission[]", Attr: map[string]string{"id": builderARN, "arn": builderARN}},
		},
		Parts: []Form{
			{Type: "aws_ami_launch_permission", Of: p("image_id"), Read: shared("account_id", "group", "organization_arn", "organizational_unit_arn"), Where: "account_id, group, organization_arn, organizational_unit_arn"},
			{Type: "aws_ec2_image_block_public_access", Of: p(all), Setting: true, Read: newImages, Where: "state"},
		},
	},
	{
		Kind: "AWS::EC2::VPCEndpoint",
		ARN:  "arn:{partition}:ec2:{region}:{account}:vpc-endpoint/{name}",
		Resource: []Form{
			{Type: "AWS::EC2::VPCEndpoint", Policy: p("PolicyDocument")},
			{Type: "aws_vpc_endpoint", Policy: p("policy")},
		},
		Parts:    []Form{{Type: "aws_vpc_endpoint_policy", Of: p("vpc_endpoint_id"), Policy: p("policy")}},
		Combined: "limits what passes, grants nothing",
	},
}

// imageSharing reads with whom images that will be made are shared.
//
// https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_LaunchPermissionConfiguration.html
func imageSharing(b *building, block Block) {
	const cloudFormation = "Distributions.AmiDistributionConfiguration.LaunchPermissionConfiguration."
	const terraform = "distribution.ami_distribution_configuration.launch_permission."
	b.share(block, b.row.kind().Grants, []string{
		cloudFormation + "UserIds", cloudFormation + "UserGroups", cloudFormation + "OrganizationArns", cloudFormation + "OrganizationalUnitArns",
		terraform + "user_ids", terraform + "user_groups", terraform + "organization_arns", terraform + "organizational_unit_arns",
	})
}

const (
	builderARN = "arn:{partition}:imagebuilder:{region}:{account}:distribution-configuration/{name}"
	imagesARN  = "arn:{partition}:ec2:{region}::image/*" // of the images that it will make
)
