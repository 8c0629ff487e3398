package catalog

var configRows = []Row{
	{
		Kind: "AWS::Config::AggregationAuthorization",
		ARN:  "arn:{partition}:config:{region}:{account}:aggregation-authorization/{id}",
		Resource: []Form{
			{Type: "AWS::Config::AggregationAuthorization", Read: shared("AuthorizedAccountId"), Where: "AuthorizedAccountId"},
			{Type: "aws_config_aggregate_authorization", Read: shared("account_id"), Where: "account_id"},
		},
	},
}
