package catalog

var vpclatticeRows = []Row{
	{
		Kind: "AWS::VpcLattice::AuthPolicy",
		ARN:  "arn:{partition}:vpc-lattice:{region}:{account}:service/{name}",
		Resource: []Form{
			{Type: "AWS::VpcLattice::Service", Attr: map[string]string{"Ref": "{arn}", "Id": "{name}"}},
			{Type: "AWS::VpcLattice::ServiceNetwork", AnyARN: true, ARN: networkARN, Attr: map[string]string{"Ref": networkARN, "Id": "{name}"}},
			{Type: "aws_vpclattice_service"},
			{Type: "aws_vpclattice_service_network", AnyARN: true, ARN: networkARN},
		},
		Parts: []Form{
			{Type: "AWS::VpcLattice::AuthPolicy", Of: p("ResourceIdentifier"), Policy: p("Policy")},
			{Type: "aws_vpclattice_auth_policy", Of: p("resource_identifier"), Policy: p("policy")},
		},
		OnlyWithPolicy: true,
	},
	{
		Kind: "AWS::VpcLattice::ResourcePolicy",
		ARN:  "arn:{partition}:vpc-lattice:{region}:{account}:service/{name}",
		Resource: []Form{
			{Type: "AWS::VpcLattice::Service", Attr: map[string]string{"Ref": "{arn}", "Id": "{name}"}},
			{Type: "AWS::VpcLattice::ServiceNetwork", ARN: networkARN, Attr: map[string]string{"Ref": networkARN, "Id": "{name}"}},
			{Type: "aws_vpclattice_service"},
			{Type: "aws_vpclattice_service_network", ARN: networkARN},
		},
		Parts: []Form{
			{Type: "AWS::VpcLattice::ResourcePolicy", Of: p("ResourceArn"), Policy: p("Policy")},
			{Type: "aws_vpclattice_resource_policy", Of: p("resource_arn"), Policy: p("policy")},
		},
		OnlyWithPolicy: true,
	},
}

const networkARN = "arn:{partition}:vpc-lattice:{region}:{account}:servicenetwork/{name}"
