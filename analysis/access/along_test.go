package access

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

func trust(t *testing.T, statements string, complete bool) Result {
	t.Helper()
	d := parse(`{"Version":"2012-10-17","Statement":[` + statements + `]}`)
	return Analyze(resource.Resource{Type: "AWS::IAM::Role", ARN: value.Lit("arn:aws:iam::111122223333:role/r"), Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, complete)
}

// Findings of federated trusts as Access Analyzer words them.
func TestCompleteTrusts(t *testing.T) {
	allow := func(provider, action, condition string) string {
		return `{"Effect":"Allow","Principal":{"Federated":"` + provider + `"},"Action":[` + action + `],"Condition":{` + condition + `}}`
	}
	const github = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
	const okta = "arn:aws:iam::111122223333:saml-provider/okta"
	sub := func(s string) string {
		return `"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"` + s + `"}`
	}
	for _, tt := range []struct{ statements, conditions, along string }{
		{allow(github, `"sts:AssumeRoleWithWebIdentity","sts:TagSession"`, sub("repo:a/b:ref:refs/heads/main")), "", "sts:TagSession"},
		{allow(github, `"sts:AssumeRoleWithWebIdentity"`, sub("repo:a/b:ref:refs/heads/main")) + "," + allow(github, `"sts:AssumeRoleWithWebIdentity"`, sub("repo:a/c:ref:refs/heads/main")), "", ""},
		{allow(okta, `"sts:AssumeRoleWithSAML"`, `"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}`) + "," + allow(okta, `"sts:TagSession","sts:SetSourceIdentity"`, ``), "", "sts:SetSourceIdentity sts:TagSession"},
		{allow(okta, `"sts:*"`, ``) + `,{"Effect":"Deny","Principal":"*","Action":"sts:SetSourceIdentity"}`, "", "sts:TagSession"},
		{allow("cognito-identity.amazonaws.com", `"sts:AssumeRoleWithWebIdentity"`, `"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:1"}`), "cognito-identity.amazonaws.com:aud", ""},
		{allow("accounts.google.com", `"sts:AssumeRoleWithWebIdentity"`, `"StringEquals":{"accounts.google.com:aud":"1","accounts.google.com:sub":"2"}`), "accounts.google.com:aud", ""},
	} {
		res := trust(t, tt.statements, true)
		if len(res.Grants) != 1 || len(res.Problems) > 0 {
			t.Errorf("%s: %d findings %v", tt.statements, len(res.Grants), res.Problems)
			continue
		}
		var conditions, along []string
		for _, c := range res.Grants[0].Conditions {
			conditions = append(conditions, c.Key)
		}
		for _, x := range res.Grants[0].Along {
			along = append(along, x.Full)
		}
		if got := strings.Join(conditions, " "); got != tt.conditions {
			t.Errorf("%s: conditions %q, want %q", tt.statements, got, tt.conditions)
		}
		if got := strings.Join(along, " "); got != tt.along {
			t.Errorf("%s: along %q, want %q", tt.statements, got, tt.along)
		}
		if len(trust(t, tt.statements, false).Grants[0].Along) > 0 {
			t.Errorf("%s: a finding of the smallest set has actions that are no access", tt.statements)
		}
	}
}

// A witness names all that its request needs: without any one of its keys, or as
// another session, the evaluator refuses it.
func TestWitnessNamesWhatItNeeds(t *testing.T) {
	const partner = `{"AWS":"arn:aws:iam::444455556666:root"}`
	for _, tt := range []struct{ principal, condition, session string }{
		{partner, `"StringEquals":{"sts:ExternalId":"x1"}`, ""},
		{partner, `"StringLike":{"sts:RoleSessionName":"x-*"},"StringEquals":{"aws:RequestTag/team":"a"}`, ""},
		{partner, `"Bool":{"aws:MultiFactorAuthPresent":"true"}`, ""},
		{`{"AWS":"arn:aws:sts::444455556666:assumed-role/R/s1"}`, `"StringEquals":{"sts:ExternalId":"x1"}`, "s1"},
	} {
		statement := `{"Effect":"Allow","Principal":` + tt.principal + `,"Action":"sts:AssumeRole","Condition":{` + tt.condition + `}}`
		res := trust(t, statement, false)
		if len(res.Grants) != 1 || res.Grants[0].Witness == nil {
			t.Errorf("%s: %+v", statement, res.Grants)
			continue
		}
		w := *res.Grants[0].Witness
		d := parse(`{"Version":"2012-10-17","Statement":[` + statement + `]}`)
		if w.Principal.Session != tt.session || !evaluate.Evaluate(d, w, evaluate.Strict).Allowed {
			t.Errorf("%s: %+v", statement, w)
		}
		if other := w; tt.session != "" {
			if other.Principal.Session = "another"; evaluate.Evaluate(d, other, evaluate.Strict).Allowed {
				t.Errorf("%s: allowed as another session", statement)
			}
		}
		for key := range w.Context {
			less := w
			less.Context = map[string][]string{}
			for k, v := range w.Context {
				if k != key {
					less.Context[k] = v
				}
			}
			if evaluate.Evaluate(d, less, evaluate.Strict).Allowed {
				t.Errorf("%s: allowed without %s", statement, key)
			}
		}
	}
}

// A service that takes roles for any customer is a deputy if nothing says for whom.
func TestServicesThatTakeRoles(t *testing.T) {
	for statement, want := range map[string]int{
		`{"Effect":"Allow","Principal":{"Service":"account-access.amazonaws.com"},"Action":["sts:AssumeRole","sts:SetContext"]}`:                                                1,
		`{"Effect":"Allow","Principal":{"Service":"account-access.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}}`: 0,
		`{"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","account-access.amazonaws.com"]},"Action":"sts:AssumeRole"}`:                                             1,
		`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`:                                                                              0,
	} {
		if res := trust(t, statement, false); len(res.Services) != want || len(res.Problems) > 0 {
			t.Errorf("%s: %+v %v", statement, res.Services, res.Problems)
		}
	}
}
