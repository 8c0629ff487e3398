package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	githubProvider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
	githubAud      = `"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"`
)

// githubSub is the key of the subject and values of it.
func githubSub(values string) string { return `"token.actions.githubusercontent.com:sub":` + values }

// federated is a statement that trusts an identity provider.
func federated(provider, condition string) string {
	return fmt.Sprintf(`{"Effect":"Allow","Principal":{"Federated":%q},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{%s}}`, provider, condition)
}

func github(condition string) string { return federated(githubProvider, condition) }

// everyone is a statement about all principals.
func everyone(effect, action, condition string) string {
	return fmt.Sprintf(`{"Effect":%q,"Principal":"*","Action":%q,"Condition":{%s}}`, effect, action, condition)
}

// Which rule the trust in an identity provider has, for the operators, values,
// principals and actions that it can be written with.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func TestFederatedTrust(t *testing.T) {
	const eks = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"
	const sentinel = "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d/"
	for _, tt := range []struct{ name, statements, want string }{
		// Operators.
		{"ForAnyValue", github(`"ForAnyValue:StringLike":{` + githubSub(`"repo:acme/*"`) + `}`), "external-federation"},
		{"ForAnyValue, one open", github(`"ForAnyValue:StringLike":{` + githubSub(`["repo:acme/*","repo:*"]`) + `}`), "oidc-subject"},
		{"ForAllValues holds without a subject", github(`"ForAllValues:StringLike":{` + githubSub(`"repo:acme/*"`) + `}`), "oidc-subject"},
		{"ForAllValues, and the subject is there", github(`"ForAllValues:StringLike":{` + githubSub(`"repo:acme/*"`) + `},"Null":{` + githubSub(`"false"`) + `}`), "external-federation"},
		{"IfExists holds without a subject", github(`"StringEqualsIfExists":{` + githubSub(`"repo:acme/app:ref:refs/heads/main"`) + `}`), "oidc-subject"},
		{"the case of names counts for nothing", github(`"StringEqualsIgnoreCase":{` + githubSub(`"REPO:acme/app:ref:refs/heads/main"`) + `}`), "oidc-subject"},
		{"StringEquals has no wildcards", github(`"StringEquals":{` + githubSub(`"repo:acme/*"`) + `}`), "external-federation"},
		{"an environment of anyone", github(`"StringEquals":{` + githubSub(`"environment:prod"`) + `}`), "oidc-subject"},
		{"owner behind the environment", github(`"StringLike":{` + githubSub(`"environment:prod:repository_owner:acme:*"`) + `}`), "external-federation"},
		{"names followed by ids", github(`"StringLike":{` + githubSub(`"repo:acme@1/app@2:*"`) + `}`), "external-federation"},
		{"two keys, one fixes the tenant", github(`"StringLike":{` + githubSub(`"repo:*:ref:refs/heads/main"`) + `,"token.actions.githubusercontent.com:repository":"acme/*"}`), "external-federation"},
		{"the case of keys does not count", github(`"StringLike":{"TOKEN.Actions.GithubUserContent.com:SUB":"repo:acme/*"}`), "external-federation"},
		{"owner's id as a number", github(`"NumericEquals":{"token.actions.githubusercontent.com:repository_owner_id":"1234"}`), "external-federation"},
		{"any owner's id", github(`"NumericGreaterThan":{"token.actions.githubusercontent.com:repository_owner_id":"1234"}`), "oidc-subject"},
		// A key that AWS does not document may be missing from every request: not proven.
		{"a claim that is none", github(`"StringLike":{"token.actions.githubusercontent.com:subject":"repo:acme/*"}`), "undetermined-external"},
		{"another issuer's claim, if there", github(`"StringLikeIfExists":{"gitlab.com:sub":"project_path:acme/*"}`), "oidc-subject"},
		{"the caller names the session", github(`"StringEquals":{"sts:RoleSessionName":"deploy"}`), "oidc-subject"},
		{"who started the run", github(`"StringEquals":{"token.actions.githubusercontent.com:actor":"octocat"}`), "oidc-subject"},

		// Statements.
		{"one of two open", github(`"StringLike":{`+githubSub(`"repo:acme/*"`)+`}`) + "," + github(`"StringLike":{`+githubSub(`"repo:*:environment:prod"`)+`}`), "external-federation oidc-subject"},
		{"all others denied", github(`"StringEquals":{`+githubAud+`}`) + "," + everyone("Deny", "*", `"StringNotLike":{`+githubSub(`"repo:acme/*"`)+`}`), "external-federation"},
		{"all others denied, if they have a subject", github(`"StringEquals":{`+githubAud+`}`) + "," + everyone("Deny", "sts:AssumeRoleWithWebIdentity", `"StringNotLikeIfExists":{`+githubSub(`"repo:acme/*"`)+`}`), "external-federation"},
		{"pull requests denied", github(`"StringLike":{`+githubSub(`"repo:*"`)+`}`) + "," + everyone("Deny", "*", `"StringLike":{`+githubSub(`"*:pull_request"`)+`}`), "oidc-subject"},
		{"everyone denied", github(``) + "," + everyone("Deny", "*", ``), ""},
		{"another provider denied", github(``) + `,{"Effect":"Deny","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/gitlab.com"},"Action":"*"}`, "oidc-subject"},
		{"provider denied", github(``) + fmt.Sprintf(`,{"Effect":"Deny","Principal":{"Federated":%q},"Action":"sts:*"}`, githubProvider), ""},

		// Actions.
		{"all of STS", strings.Replace(github(`"StringLike":{`+githubSub(`"repo:*"`)+`}`), "sts:AssumeRoleWithWebIdentity", "sts:*", 1), "oidc-subject"},
		{"all but one", strings.Replace(github(`"StringLike":{`+githubSub(`"repo:*"`)+`}`), `"Action":"sts:AssumeRoleWithWebIdentity"`, `"NotAction":"sts:AssumeRole"`, 1), "oidc-subject"},
		{"all but the one that counts", strings.Replace(github(``), `"Action":`, `"NotAction":`, 1), ""},
		{"tokens are for another action", strings.Replace(github(``), "sts:AssumeRoleWithWebIdentity", "sts:AssumeRole", 1), ""},

		// Principals.
		{"everyone, with any token", everyone("Allow", "sts:AssumeRoleWithWebIdentity", ``), "oidc-subject"},
		{"everyone, with a token of anyone", everyone("Allow", "sts:AssumeRoleWithWebIdentity", `"StringLike":{`+githubSub(`"repo:*"`)+`}`), "oidc-subject"},
		{"everyone, with a token of one tenant", everyone("Allow", "sts:AssumeRoleWithWebIdentity", `"StringLike":{`+githubSub(`"repo:acme/*"`)+`}`), "external-federation"},
		{"everyone, through a directory of the account", everyone("Allow", "sts:AssumeRoleWithSAML", ``), "external-federation"},
		// A token of the cluster does not have GitHub's audience.
		{"two providers", strings.Replace(github(`"StringEquals":{`+githubAud+`}`), `"`+githubProvider+`"`, `["`+githubProvider+`","`+eks+`"]`, 1), "oidc-subject"},
		{"two providers without a condition", strings.Replace(github(``), `"`+githubProvider+`"`, `["`+githubProvider+`","`+eks+`"]`, 1), "oidc-subject own-federation"},
		{"Sentinel: any workspace, the key without the slash", federated("arn:aws:iam::111122223333:oidc-provider/"+sentinel, `"StringEquals":{"`+strings.TrimSuffix(sentinel, "/")+`:aud":"api://1"}`), "oidc-subject"},
		{"the case of hosts does not count", federated("arn:aws:iam::111122223333:oidc-provider/Token.Actions.GithubUserContent.com", `"StringEquals":{`+githubAud+`}`), "oidc-subject"},
		{"another partition", federated("arn:aws-us-gov:iam::111122223333:oidc-provider/gitlab.com", ``), "oidc-subject"},
		{"an enterprise's own issuer", federated(githubProvider+"/acme", `"StringEquals":{"token.actions.githubusercontent.com/acme:aud":"sts.amazonaws.com"}`), "own-federation"},
		{"a server of one's own", federated("arn:aws:iam::111122223333:oidc-provider/gitlab.example.com", `"StringLike":{"gitlab.example.com:sub":"*"}`), "own-federation"},
		{"another account's provider", federated("arn:aws:iam::444455556666:oidc-provider/gitlab.com", `"StringLike":{"gitlab.com:sub":"project_path:acme/*"}`), "external-federation"},
		{"no condition on a cluster", federated(eks, ``), "own-federation"},
		{"a directory of the account", `{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/okta"},"Action":"sts:AssumeRoleWithSAML"}`, "own-federation"},
		{"a directory gives no such tokens", federated("arn:aws:iam::111122223333:saml-provider/okta", ``), ""},

		// Issuers whose tenants other keys tell apart.
		{"Google: who the token is for", federated("accounts.google.com", `"StringEquals":{"accounts.google.com:aud":"1234.apps.googleusercontent.com"}`), "external-federation"},
		{"Google: what its holder asked for", federated("accounts.google.com", `"StringEquals":{"accounts.google.com:oaud":"https://example.com"}`), "oidc-subject"},
		{"Google: an organization", federated("accounts.google.com", `"NumericEquals":{"accounts.google.com:google/organization_number":"1234"}`), "external-federation"},
		{"Facebook: any app", federated("graph.facebook.com", ``), "oidc-subject"},
		{"Facebook: one app", federated("graph.facebook.com", `"StringEquals":{"graph.facebook.com:app_id":"1234"}`), "external-federation"},
		{"Amazon: any app", federated("www.amazon.com", `"StringLike":{"www.amazon.com:app_id":"amzn1.application.*"}`), "oidc-subject"},
		{"Sentinel: any workspace", federated("arn:aws:iam::111122223333:oidc-provider/"+sentinel, `"StringEquals":{"`+sentinel+`:aud":"api://1"}`), "oidc-subject"},
		{"Sentinel: one workspace", federated("arn:aws:iam::111122223333:oidc-provider/"+sentinel, `"StringEquals":{"`+sentinel+`:aud":"api://1","sts:RoleSessionName":"MicrosoftSentinel_1"}`), "external-federation"},
		{"Pulumi: one organization", federated("arn:aws:iam::111122223333:oidc-provider/api.pulumi.com/oidc", `"StringEquals":{"api.pulumi.com/oidc:aud":"acme"}`), "external-federation"},
		{"Vercel: any team", federated("arn:aws:iam::111122223333:oidc-provider/oidc.vercel.com", `"StringLike":{"oidc.vercel.com:sub":"owner:*:project:app:environment:production"}`), "oidc-subject"},
		{"Buildkite: one organization", federated("arn:aws:iam::111122223333:oidc-provider/agent.buildkite.com", `"StringLike":{"agent.buildkite.com:sub":"organization:acme:pipeline:*"}`), "external-federation"},
		{"Buildkite: a pipeline of anyone", federated("arn:aws:iam::111122223333:oidc-provider/agent.buildkite.com", `"StringEquals":{"agent.buildkite.com:pipeline_slug":"deploy"}`), "oidc-subject"},
		{"Cognito: any pool", federated("cognito-identity.amazonaws.com", `"StringLike":{"cognito-identity.amazonaws.com:aud":"eu-west-1:*"}`), "oidc-subject"},
		{"Cognito: guests and others", federated("cognito-identity.amazonaws.com", `"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:1"},"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"*authenticated"}`), "oidc-subject"},
		{"Cognito: signed in with a provider", federated("cognito-identity.amazonaws.com", `"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:1"},"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"cognito-idp.eu-west-1.amazonaws.com/*"}`), "external-federation"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			report := trustReport(t, []byte(`{"Version":"2012-10-17","Statement":[`+tt.statements+`]}`))
			if got := rulesOf(report); got != tt.want {
				t.Errorf("rules %q, want %q\n%s", got, tt.want, tt.statements)
			}
			for _, f := range report.Findings {
				if proven := f.Certainty == "proven"; proven == strings.HasPrefix(f.Rule, "undetermined-") {
					t.Errorf("%s is %s", f.Rule, f.Certainty)
				}
			}
			for _, d := range report.Diagnostics {
				if d.Severity == "error" {
					t.Errorf("%s", d.Message)
				}
			}
		})
	}
}

// What the zone trusts is the tokens of an issuer that have one of the audiences
// and one of the subjects of an entry, and no others.
func TestTrustedTokens(t *testing.T) {
	const issuer = "token.actions.githubusercontent.com"
	both := func(aud, sub string) string {
		return github(`"StringEquals":{"` + issuer + `:aud":` + aud + `},"StringLike":{` + githubSub(sub) + `}`)
	}
	aud := `"sts.amazonaws.com"`
	for _, tt := range []struct {
		name, statement string
		trust           []string
		inside          bool
	}{
		{"as trusted", both(aud, `"repo:acme/app:*"`), []string{issuer + ",sts.amazonaws.com,repo:acme/app:*"}, true},
		{"more is trusted", both(aud, `"repo:acme/app:*"`), []string{issuer + ",sts.amazonaws.com,repo:acme/*"}, true},
		{"less is trusted", both(aud, `"repo:acme/app:*"`), []string{issuer + ",sts.amazonaws.com,repo:acme/app:ref:refs/heads/main"}, false},
		{"another audience", both(aud, `"repo:acme/app:*"`), []string{issuer + ",other,repo:acme/*"}, false},
		{"another subject", both(aud, `"repo:acme/app:*"`), []string{issuer + ",sts.amazonaws.com,repo:other/*"}, false},
		{"another issuer", both(aud, `"repo:acme/app:*"`), []string{"gitlab.com,sts.amazonaws.com,repo:acme/*"}, false},
		{"with its scheme", both(aud, `"repo:acme/app:*"`), []string{"https://" + issuer + "/,sts.amazonaws.com,repo:acme/*"}, true},
		{"any audience", both(aud, `"repo:acme/app:*"`), []string{issuer + ",*,repo:acme/*"}, true},
		{"any audience, none is tested", github(`"StringLike":{` + githubSub(`"repo:acme/app:*"`) + `}`), []string{issuer + ",*,repo:acme/*"}, true},
		{"an audience, none is tested", github(`"StringLike":{` + githubSub(`"repo:acme/app:*"`) + `}`), []string{issuer + ",sts.amazonaws.com,repo:acme/*"}, false},
		{"a subject, none is tested", github(`"StringEquals":{` + githubAud + `}`), []string{issuer + ",sts.amazonaws.com,repo:acme/*"}, false},
		{"any subject, none is tested", github(`"StringEquals":{` + githubAud + `}`), []string{issuer + ",sts.amazonaws.com,*"}, true},
		{"any token", github(``), []string{issuer + ",*,*"}, true},
		{"a subject that may be missing", github(`"StringEquals":{` + githubAud + `},"StringLikeIfExists":{` + githubSub(`"repo:acme/*"`) + `}`), []string{issuer + ",sts.amazonaws.com,repo:acme/*"}, false},
		{"two entries", both(`["a","b"]`, `"repo:acme/*"`), []string{issuer + ",a,repo:acme/*", issuer + ",b,repo:acme/*"}, true},
		{"two entries, across", both(`["a","b"]`, `["repo:acme/*","repo:other/*"]`), []string{issuer + ",a,repo:acme/*", issuer + ",b,repo:other/*"}, false},
		{"two subjects, one trusted", both(aud, `["repo:acme/*","repo:other/*"]`), []string{issuer + ",sts.amazonaws.com,repo:acme/*"}, false},
		{"one of a set of audiences", github(`"ForAnyValue:StringEquals":{` + githubAud + `},"StringLike":{` + githubSub(`"repo:acme/*"`) + `}`), []string{issuer + ",sts.amazonaws.com,repo:acme/*"}, true},
		{"all others denied", github(``) + "," + everyone("Deny", "*", `"StringNotLike":{`+githubSub(`"repo:acme/*"`)+`}`), []string{issuer + ",*,repo:acme/*"}, true},
		{"Cognito", federated("cognito-identity.amazonaws.com", `"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:1"}`), []string{"cognito-identity.amazonaws.com,eu-west-1:1,*"}, true},
		{"a provider of this name and more", federated(githubProvider+"/acme", ``), []string{issuer + ",*,*"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var flags []string
			for _, o := range tt.trust {
				flags = append(flags, "--trust-oidc", o)
			}
			report := trustReport(t, []byte(`{"Version":"2012-10-17","Statement":[`+tt.statement+`]}`), flags...)
			if (len(report.Findings) == 0) != tt.inside {
				t.Errorf("rules %q, inside %v", rulesOf(report), tt.inside)
			}
		})
	}
}

// role is a role of a module with the trust in a provider.
func role(provider, condition string) string {
	return fmt.Sprintf(`
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = { Federated = %s }, Action = "sts:AssumeRoleWithWebIdentity", Condition = { %s } },
  ] })
}`, provider, condition)
}

// Providers that the same module finds or makes, and keys that are put together
// from their attributes.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_openid_connect_provider
func TestFederatedTrustOfModules(t *testing.T) {
	const found = `data "aws_iam_openid_connect_provider" "p" { url = "https://token.actions.githubusercontent.com" }`
	const made = `resource "aws_iam_openid_connect_provider" "p" {
  url            = "https://app.terraform.io"
  client_id_list = ["aws.workload.identity"]
}`
	const account = `data "aws_caller_identity" "me" {}`
	for _, tt := range []struct{ name, module, want string }{
		{"found, audience alone", found + role(`data.aws_iam_openid_connect_provider.p.arn`, `StringEquals = { `+strings.Replace(githubAud, `":"`, `" = "`, 1)+` }`), "oidc-subject"},
		{"found, one repository", found + role(`data.aws_iam_openid_connect_provider.p.arn`, `StringLike = { "${data.aws_iam_openid_connect_provider.p.url}:sub" = "repo:acme/app:*" }`), "external-federation"},
		{"found, any repository", found + role(`data.aws_iam_openid_connect_provider.p.arn`, `StringLike = { "${data.aws_iam_openid_connect_provider.p.url}:sub" = "repo:*" }`), "oidc-subject"},
		{"made, audience alone", made + role(`aws_iam_openid_connect_provider.p.arn`, `StringEquals = { "${aws_iam_openid_connect_provider.p.url}:aud" = "aws.workload.identity" }`), "oidc-subject"},
		{"made, one organization", made + role(`aws_iam_openid_connect_provider.p.arn`, `StringLike = { "${replace(aws_iam_openid_connect_provider.p.url, "https://", "")}:sub" = "organization:acme:*" }`), "external-federation"},
		{"by your account", account + role(`"arn:aws:iam::${data.aws_caller_identity.me.account_id}:oidc-provider/gitlab.com"`, `StringLike = { "gitlab.com:sub" = "*" }`), "oidc-subject"},
		{"account not known", `variable "account" {}` + role(`"arn:aws:iam::${var.account}:oidc-provider/gitlab.com"`, `StringLike = { "gitlab.com:sub" = "*" }`), "oidc-subject"},
		{"account not known, one group", `variable "account" {}` + role(`"arn:aws:iam::${var.account}:oidc-provider/gitlab.com"`, `StringLike = { "gitlab.com:sub" = "project_path:acme/*" }`), "external-federation"},
		{"account and issuer not known", `variable "account" {}
variable "issuer" {}` + role(`"arn:aws:iam::${var.account}:oidc-provider/${var.issuer}"`, `StringEquals = { "${var.issuer}:aud" = "sts.amazonaws.com" }`), "undetermined-access"},
		{"cluster that is found", `data "aws_eks_cluster" "c" { name = "main" }
data "aws_iam_openid_connect_provider" "p" { url = data.aws_eks_cluster.c.identity[0].oidc[0].issuer }` +
			role(`data.aws_iam_openid_connect_provider.p.arn`, `StringEquals = { "${replace(data.aws_eks_cluster.c.identity[0].oidc[0].issuer, "https://", "")}:sub" = "system:serviceaccount:default:app" }`), "own-federation"},
		{"provider not known", `variable "provider" {}` + role(`var.provider`, `StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }`), "undetermined-access"},
		{"subject not known", `variable "subject" {}` + role(`"`+githubProvider+`"`, `StringLike = { "token.actions.githubusercontent.com:sub" = var.subject }`), "undetermined-external"},
		{"default owner", `variable "owner" { default = "acme" }` + role(`"`+githubProvider+`"`, `StringLike = { "token.actions.githubusercontent.com:sub" = "repo:${var.owner}/*" }`), "external-federation"},
		{"default is everyone", `variable "owner" { default = "*" }` + role(`"`+githubProvider+`"`, `StringLike = { "token.actions.githubusercontent.com:sub" = "repo:${var.owner}/*" }`), "oidc-subject"},
		{"list with one that is open", `variable "repositories" { default = ["acme/app", "*"] }` + role(`"`+githubProvider+`"`, `StringLike = { "token.actions.githubusercontent.com:sub" = [for r in var.repositories : "repo:${r}:*"] }`), "oidc-subject"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(tt.module), 0o600); err != nil {
				t.Fatal(err)
			}
			_, report := runJSON(t, "--account", "111122223333", dir)
			if got := rulesOf(report); got != tt.want {
				t.Errorf("rules %q, want %q; diagnostics: %v", got, tt.want, report.Diagnostics)
			}
		})
	}
}
