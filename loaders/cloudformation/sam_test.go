package cloudformation

import (
	"strings"
	"testing"
)

// Functions in place of what SAM needs to know are evaluated as SAM would, with
// parameters; where that is not enough it is said.
func TestServerlessFunctions(t *testing.T) {
	const head = `
Transform: AWS::Serverless-2016-10-31
Parameters: {Open: {Type: String, Default: "yes"}, Any: {Type: String}}
Conditions: {IsOpen: !Equals [!Ref Open, "yes"], IsAny: !Equals [!Ref Any, a]}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: `
	tests := []struct{ in, want string }{
		{`{FunctionUrlConfig: {AuthType: NONE}}`, `FUrlPublicPermissions`},
		{`{FunctionUrlConfig: {AuthType: AWS_IAM}}`, `!FUrlPublicPermissions`},
		{`{FunctionUrlConfig: {AuthType: !If [IsOpen, NONE, AWS_IAM]}}`, `!AWS::Lambda::Permission`},
		{`{FunctionUrlConfig: {AuthType: !If [IsAny, NONE, AWS_IAM]}}`, `!AWS::Lambda::Permission`},
		{`{FunctionUrlConfig: {AuthType: !Sub NONE}}`, `!AWS::Lambda::Permission`},
		{`{FunctionUrlConfig: {AuthType: !Ref Any}}`, `!AWS::Lambda::Permission`},
		{`{FunctionUrlConfig: !If [IsOpen, {AuthType: NONE}, !Ref AWS::NoValue]}`, `FUrlPublicPermissions`},
		{`{FunctionUrlConfig: !If [IsAny, {AuthType: NONE}, !Ref AWS::NoValue]}`, `error 8:37: expected an object from which SAM can tell`},
		{`{FunctionUrlConfig: NONE}`, `error 8:37: expected the URL of a function as an object, found string`},
		{`{Events: !If [IsOpen, {E: {Type: AlexaSkill}}, {}]}`, `FEPermission`},
		{`{Events: {E: !If [IsOpen, {Type: AlexaSkill}, !Ref AWS::NoValue]}}`, `FEPermission`},
		{`{Events: !If [IsAny, {E: {Type: AlexaSkill}}, {}]}`, `error 8:26: expected an object from which SAM can tell`},
		{`{Events: {E: a}}`, `error 8:30: expected an event: an object with "Type", found string`},
		{`{Role: !If [IsAny, "arn:aws:iam::1:role/x", !Ref AWS::NoValue]}`, `F AWS::IAM::Role`},
		{`{Role: "arn:aws:iam::1:role/x"}`, `!F AWS::IAM::Role`},
	}
	for _, tt := range tests {
		got := blocksOf("t.yaml", head+tt.in, Options{})
		want, absent := strings.CutPrefix(tt.want, "!")
		if strings.Contains(got, want) == absent {
			t.Errorf("%s: got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

// An API that no event names, and globals that it takes.
func TestServerlessGlobals(t *testing.T) {
	got := blocksOf("t.yaml", `
Transform: [AWS::Serverless-2016-10-31]
Globals:
  Api: {Auth: {ResourcePolicy: {SourceVpcBlacklist: [vpc-1]}}}
  Function: {FunctionUrlConfig: {AuthType: NONE}}
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: Api, Properties: {Path: /, Method: get}}}}}
`, Options{})
	for _, want := range []string{
		`ServerlessRestApi AWS::ApiGateway::RestApi`,
		`{Effect: "Deny", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/Prod/*", Condition: {StringEquals: {aws:SourceVpc: ["vpc-1"]}}}`,
		`FURLInvokeAllowPublicAccess`,
		`${ServerlessRestApi is own name}/Prod/GET/"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

// The API that SAM makes for events is there if one of their resources is.
func TestImplicitAPIHasTheConditionsOfItsUsers(t *testing.T) {
	function := func(id, condition string) string {
		return "  " + id + ": {Type: AWS::Serverless::Function" + condition + ", Properties: {Role: 'arn:aws:iam::111122223333:role/r', Events: {A: {Type: Api, Properties: {Path: /" + id + ", Method: get}}}}}\n"
	}
	const never, ever, maybe = ", Condition: Never", ", Condition: Ever", ", Condition: Maybe"
	for _, tt := range []struct {
		conditions []string
		want       string // what the API is listed with
	}{
		{[]string{never}, ""},
		{[]string{never, never}, ""},
		{[]string{ever}, "there"},
		{[]string{never, ever}, "there"},
		{[]string{never, ""}, "there"},
		{[]string{maybe}, "when"},
		{[]string{never, maybe}, "when"},
		{[]string{maybe, ""}, "there"},
	} {
		text := `
Transform: AWS::Serverless-2016-10-31
Parameters: {P: {Type: String}}
Conditions:
  Never: !Equals [a, b]
  Ever: !Equals [a, a]
  Maybe: !Equals [!Ref P, b]
Resources:
`
		for i, c := range tt.conditions {
			text += function("F"+string(rune('A'+i)), c)
		}
		got := ""
		for _, line := range strings.Split(blocksOf("t.yaml", text, Options{}), "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "ServerlessRestApi AWS::ApiGateway::RestApi") {
				got = "there"
				if strings.Contains(line, " when ") {
					got = "when"
				}
			}
		}
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.conditions, got, tt.want)
		}
	}
}

// Who may call the method of an event is what the event says, else what its API does.
func TestEventsAreAuthorized(t *testing.T) {
	for _, tt := range []struct{ kind, api, event, want string }{
		{"Api", "", "", ""},
		{"Api", "", "Auth: {Authorizer: AWS_IAM}", `AuthorizationType: "AWS_IAM"`},
		{"Api", "Auth: {DefaultAuthorizer: AWS_IAM}", "", `AuthorizationType: "AWS_IAM"`},
		{"Api", "Auth: {DefaultAuthorizer: AWS_IAM}", "Auth: {Authorizer: NONE}", `AuthorizationType: "NONE"`},
		{"Api", "Auth: {DefaultAuthorizer: Users}", "", `AuthorizerId: "Users"`},
		{"Api", "Auth: {ApiKeyRequired: true}", "", ""},
		{"HttpApi", "Auth: {DefaultAuthorizer: Tokens}", "", `AuthorizerId: "Tokens"`},
		{"HttpApi", "", "Auth: {Authorizer: AWS_IAM}", `AuthorizationType: "AWS_IAM"`},
	} {
		got := blocksOf("t.yaml", `
Transform: AWS::Serverless-2016-10-31
Globals: {`+tt.kind+`: {`+tt.api+`}}
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: `+tt.kind+`, Properties: {Path: /, Method: get`+strings.TrimSuffix(", "+tt.event, ", ")+`}}}}}
`, Options{})
		if tt.want == "" {
			if strings.Contains(got, "AuthorizationType") {
				t.Errorf("%s, %q, %q: authorized in\n%s", tt.kind, tt.api, tt.event, got)
			}
		} else if !strings.Contains(got, tt.want) {
			t.Errorf("%s, %q, %q: no %s in\n%s", tt.kind, tt.api, tt.event, tt.want, got)
		}
	}
}
