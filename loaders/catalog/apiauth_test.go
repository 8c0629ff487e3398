package catalog

import (
	"strings"
	"testing"
)

// Who may call an API is what its methods say, in whichever way they are declared.
func TestMethodsDecide(t *testing.T) {
	const (
		iam     = "signed"
		guarded = "guarded"
		open    = "open"
		unknown = "unknown"
	)
	// A definition with one operation.
	body := func(rest, operation string) string {
		return `{"openapi":"3.0.1",` + rest + `"paths":{"/a":{"get":` + operation + `}}}`
	}
	schemes := `"components":{"securitySchemes":{"k":{"type":"apiKey","name":"x-api-key","in":"header"},"s":{"type":"apiKey","x-amazon-apigateway-authtype":"awsSigv4"},` +
		`"l":{"type":"apiKey","x-amazon-apigateway-authtype":"custom","x-amazon-apigateway-authorizer":{"type":"token"}},` +
		`"j":{"type":"oauth2","x-amazon-apigateway-authorizer":{"type":"jwt"}}}},`
	apis := []struct{ language, api, body, method, of, typ string }{
		{"cfn", "AWS::ApiGateway::RestApi", "Body", "AWS::ApiGateway::Method", "RestApiId", "AuthorizationType"},
		{"tf", "aws_api_gateway_rest_api", "body", "aws_api_gateway_method", "rest_api_id", "authorization"},
		{"cfn", "AWS::ApiGatewayV2::Api", "Body", "AWS::ApiGatewayV2::Route", "ApiId", "AuthorizationType"},
		{"tf", "aws_apigatewayv2_api", "body", "aws_apigatewayv2_route", "api_id", "authorization_type"},
	}
	for _, tt := range []struct {
		name    string
		methods []string // values of the authorization type
		body    string
		want    string
	}{
		{"all IAM", []string{`"AWS_IAM"`, `"AWS_IAM"`}, "", iam},
		{"one open", []string{`"AWS_IAM"`, `"NONE"`}, "", open},
		{"nothing said", []string{`null`}, "", open},
		{"Cognito", []string{`"COGNITO_USER_POOLS"`}, "", guarded},
		{"Lambda and IAM", []string{`"CUSTOM"`, `"AWS_IAM"`}, "", guarded},
		{"JWT", []string{`"JWT"`}, "", guarded},
		{"a parameter", []string{`{"Unknown":"Auth"}`}, "", unknown},
		{"a parameter beside an authorizer", []string{`{"Unknown":"Auth"}`, `"CUSTOM"`}, "", unknown},
		{"an operation without a word", nil, body("", `{}`), open},
		{"an extension", nil, body("", `{"x-amazon-apigateway-auth":{"type":"AWS_IAM"}}`), iam},
		{"an extension that opens", nil, body(schemes, `{"x-amazon-apigateway-auth":{"type":"NONE"},"security":[{"s":[]}]}`), open},
		{"an API key", nil, body(schemes, `{"security":[{"k":[]}]}`), open},
		{"an API key and a Lambda function", nil, body(schemes, `{"security":[{"k":[],"l":[]}]}`), guarded},
		{"a Lambda function beside an API key", nil, body(schemes, `{"security":[{"k":[]},{"l":[]}]}`), guarded},
		{"a signature", nil, body(schemes, `{"security":[{"s":[]}]}`), iam},
		{"a token", nil, body(schemes, `{"security":[{"j":["read"]}]}`), guarded},
		{"no security at all", nil, body(schemes, `{"security":[]}`), open},
		{"security of the whole", nil, body(schemes+`"security":[{"s":[]}],`, `{}`), unknown},
		{"a scheme that is not there", nil, body("", `{"security":[{"x":[]}]}`), unknown},
		{"a definition that is not known", nil, `{"Unknown":"Definition"}`, unknown},
		{"definition as JSON text", nil, jsonText(body(schemes, `{"security":[{"s":[]}]}`)), iam},
		{"definition as YAML text", nil, `"openapi: 3.0.1\npaths:\n  /a:\n    get:\n      x-amazon-apigateway-auth: {type: CUSTOM}\n"`, guarded},
		{"definition as other text", nil, `"what: [is"`, unknown},
	} {
		for _, a := range apis {
			properties := `{}`
			if tt.body != "" {
				properties = `{"` + a.body + `":` + tt.body + `}`
			}
			decls := []decl{{a.api, "A", properties}}
			attribute := "id"
			language := Terraform
			if a.language == "cfn" {
				attribute, language = "Ref", CloudFormation
			}
			for i, m := range tt.methods {
				decls = append(decls, decl{a.method, "M" + string(rune('0'+i)), `{"` + a.of + `":{"Get":"A ` + attribute + `"},"` + a.typ + `":` + m + `}`})
			}
			stack := Resources(language, blocks(t, decls))
			if len(stack.Resources) != 1 {
				t.Fatalf("%s: %d resources of %s", tt.name, len(stack.Resources), a.api)
			}
			r := stack.Resources[0]
			got := open
			switch {
			case len(r.Documents) == 0:
				got = iam
			case r.Documents[0].Guarded:
				got = guarded
			case len(r.Documents[0].Policy.Statements[0].Condition) > 0:
				got = unknown
			}
			if got != tt.want {
				t.Errorf("%s: %s with %s is %s, want %s", tt.name, a.api, a.method, got, tt.want)
			}
		}
	}
}

func jsonText(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

// Of a WebSocket API only $connect decides; what an HTTP API is made of may be
// elsewhere; a method of an API that is not there is not a resource.
func TestRoutesOfOtherAPIs(t *testing.T) {
	for _, tt := range []struct {
		name  string
		decls []decl
		want  string
	}{
		{"$connect guards", []decl{
			{"aws_apigatewayv2_api", "A", `{"protocol_type":"WEBSOCKET"}`},
			{"aws_apigatewayv2_route", "C", `{"api_id":{"Get":"A id"},"route_key":"$connect","authorization_type":"CUSTOM"}`},
			{"aws_apigatewayv2_route", "D", `{"api_id":{"Get":"A id"},"route_key":"$default"}`},
		}, "guarded"},
		{"nothing guards", []decl{
			{"aws_apigatewayv2_api", "A", `{"protocol_type":"WEBSOCKET"}`},
			{"aws_apigatewayv2_route", "D", `{"api_id":{"Get":"A id"},"route_key":"$default","authorization_type":"AWS_IAM"}`},
		}, "open"},
		{"quick create", []decl{{"aws_apigatewayv2_api", "A", `{"target":"https://example.com"}`}}, "open"},
		{"routes elsewhere", []decl{{"aws_apigatewayv2_api", "A", `{"protocol_type":"HTTP"}`}}, "unknown"},
		{"an API elsewhere", []decl{{"aws_api_gateway_method", "M", `{"rest_api_id":"a1b2","authorization":"NONE"}`}}, ""},
	} {
		list := Resources(Terraform, blocks(t, tt.decls)).Resources
		got := ""
		if len(list) == 1 {
			switch d := list[0].Documents[0]; {
			case d.Guarded:
				got = "guarded"
			case len(d.Policy.Statements[0].Condition) > 0:
				got = "unknown"
			default:
				got = "open"
			}
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
