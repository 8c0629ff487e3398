package catalog

var globalacceleratorRows = []Row{
	{
		Kind: "AWS::GlobalAccelerator::CrossAccountAttachment",
		ARN:  "arn:{partition}:globalaccelerator::{account}:attachment/{id}",
		Resource: []Form{
			{Type: "AWS::GlobalAccelerator::CrossAccountAttachment", Read: shared("Principals"), Where: "Principals", Attr: refARN},
			{Type: "aws_globalaccelerator_cross_account_attachment", Read: shared("principals"), Where: "principals"},
		},
	},
}
