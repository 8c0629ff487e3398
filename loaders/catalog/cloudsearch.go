package catalog

var cloudsearchRows = []Row{
	{
		Kind: "AWS::CloudSearch::Domain",
		ARN:  "arn:{partition}:cloudsearch:{region}:{account}:domain/{name}",
		Resource: []Form{
			{Type: "aws_cloudsearch_domain", Name: "name"},
		},
		Parts: []Form{{Type: "aws_cloudsearch_domain_service_access_policy", Of: p("domain_name"), ByName: true, Policy: p("access_policy")}},
	},
}
