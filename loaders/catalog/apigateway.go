package catalog

var apigatewayRows = []Row{
	{
		Kind:     "AWS::ApiGateway::RestApi",
		ARN:      "arn:{partition}:execute-api:{region}:{account}:{name}",
		Combined: "resource policy, also in the body's x-amazon-apigateway-policy; without one an API is open, unless it is private; authorization of its methods",
		Resource: []Form{
			{Type: "AWS::ApiGateway::RestApi", Policy: p("Policy"), Read: apiDefinition, Attr: map[string]string{"RestApiId": "{name}"}},
			{Type: "aws_api_gateway_rest_api", Policy: p("policy"), Read: apiDefinition, Attr: map[string]string{
				"arn": "arn:{partition}:apigateway:{region}::/restapis/{name}", "execution_arn": "{arn}",
			}},
		},
		Parts: []Form{
			{Type: "aws_api_gateway_rest_api_policy", Of: p("rest_api_id"), Policy: p("policy")},
			{Type: "AWS::ApiGateway::Method", Of: p("RestApiId"), Setting: true, Aside: true, Read: method, Where: "AuthorizationType"},
			{Type: "aws_api_gateway_method", Of: p("rest_api_id"), Setting: true, Aside: true, Read: method, Where: "authorization"},
		},
		Settle: settleAPI,
	},
	{
		Kind:     "AWS::ApiGatewayV2::Api",
		ARN:      "arn:{partition}:execute-api:{region}:{account}:{name}",
		Combined: "authorization of its routes, of a WebSocket API of $connect; an HTTP API has no policy",
		Resource: []Form{
			{Type: "AWS::ApiGatewayV2::Api", Read: definedMethods, Attr: map[string]string{"ApiId": "{name}"}, Where: "AuthorizationType of its routes"},
			{Type: "aws_apigatewayv2_api", Read: definedMethods, Where: "authorization_type of its routes", Attr: map[string]string{
				"arn": "arn:{partition}:apigateway:{region}::/apis/{name}", "execution_arn": "{arn}",
			}},
		},
		Parts: []Form{
			{Type: "AWS::ApiGatewayV2::Route", Of: p("ApiId"), Setting: true, Aside: true, Read: method, Where: "AuthorizationType"},
			{Type: "aws_apigatewayv2_route", Of: p("api_id"), Setting: true, Aside: true, Read: method, Where: "authorization_type"},
		},
		Settle: settleHTTP,
	},
	{
		Kind: "AWS::ApiGateway::DomainNameV2",
		ARN:  "arn:{partition}:execute-api:{region}:{account}:/domainnames/{name}+{id}",
		Resource: []Form{
			{Type: "AWS::ApiGateway::DomainNameV2", Name: "DomainName", Policy: p("Policy"), Attr: map[string]string{"Ref": domainNameARN, "DomainNameArn": domainNameARN}},
			{Type: "aws_api_gateway_domain_name", Name: "domain_name", Has: p("policy"), Policy: p("policy"), Attr: map[string]string{"arn": domainNameARN}},
		},
	},
}

const domainNameARN = "arn:{partition}:apigateway:{region}::/domainnames/{name}+{id}"
