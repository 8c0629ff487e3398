package catalog

var servicecatalogRows = []Row{
	{
		Kind: "AWS::ServiceCatalog::Portfolio",
		ARN:  "arn:{partition}:catalog:{region}:{account}:portfolio/{name}",
		Resource: []Form{
			{Type: "AWS::ServiceCatalog::Portfolio", Attr: map[string]string{"Id": "{name}"}},
			{Type: "aws_servicecatalog_portfolio"},
		},
		Parts: []Form{
			{Type: "AWS::ServiceCatalog::PortfolioShare", Of: p("PortfolioId"), Read: shared("AccountId"), Where: "AccountId"},
			{Type: "aws_servicecatalog_portfolio_share", Of: p("portfolio_id"), Read: shared("principal_id"), Where: "principal_id"},
		},
	},
}
