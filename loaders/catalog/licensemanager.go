package catalog

var licensemanagerRows = []Row{
	{
		Kind: "AWS::LicenseManager::Grant",
		ARN:  "arn:{partition}:license-manager::{account}:grant:{id}",
		Resource: []Form{
			{Type: "AWS::LicenseManager::Grant", Read: shared("Principals"), Where: "Principals", Attr: refARN},
			{Type: "aws_licensemanager_grant", Read: shared("principal"), Where: "principal", Attr: idARN},
		},
	},
}
