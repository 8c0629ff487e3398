package iaclint_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iaclint/iaclint"
)

// API Gateway takes resources without the first parts of their ARN, in every language,
// also where a stage in them is not known: it is no mistake, and grants.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
func TestShortResourcesOfAPIs(t *testing.T) {
	const function = "    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n      Runtime: python3.12\n      InlineCode: x\n      Events: {A: {Type: Api, Properties: {Path: /a, Method: get, Auth: {ResourcePolicy: {AwsAccountWhitelist: [\"444455556666\"]}}}}}\n"
	statement := func(resource string) string {
		return `{Effect: Allow, Principal: {AWS: "444455556666"}, Action: "execute-api:Invoke", Resource: ` + resource + `}`
	}
	for name, text := range map[string]string{
		"literal.tf":     `resource "aws_api_gateway_rest_api" "a" { policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "execute-api:Invoke", Resource = "execute-api:/*" }] }) }`,
		"stage.tf":       "variable \"stage\" {}\n" + `resource "aws_api_gateway_rest_api" "a" { policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "execute-api:Invoke", Resource = ["execute-api:/${var.stage}/GET/*"] }] }) }`,
		"literal.yaml":   "Resources:\n  A:\n    Type: AWS::ApiGateway::RestApi\n    Properties: {Policy: {Statement: [" + statement(`"execute-api:/prod/*"`) + "]}}\n",
		"stage.yaml":     "Parameters: {Stage: {Type: String}}\nResources:\n  A:\n    Type: AWS::ApiGateway::RestApi\n    Properties: {Policy: {Statement: [" + statement(`!Sub "execute-api:/${Stage}/*"`) + "]}}\n",
		"serverless.yml": "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n" + function,
	} {
		report, err := iaclint.Check(context.Background(), fstest.MapFS{name: {Data: []byte(text)}}, iaclint.Options{Account: "111122223333"})
		if err != nil {
			t.Fatal(err)
		}
		named := false
		for _, f := range report.Findings {
			named = named || strings.Contains(f.Message, "account 444455556666")
			if strings.HasPrefix(f.Rule, "policy-") {
				t.Errorf("%s: %s: %s", name, f.Rule, f.Message)
			}
		}
		if !named {
			t.Errorf("%s: account 444455556666 is not told: %v", name, report.Findings)
		}
	}
}
