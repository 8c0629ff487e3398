package knowledge

import "strings"

// Issuer is an OpenID Connect issuer that many customers share: which of them a
// token belongs to is told by its claims alone, so a trust policy has to test
// one that does.
type Issuer struct {
	Name     string
	Controls []Control // testing one of them is enough
}

// Control is a condition key whose values tell the tenants of a shared issuer
// apart. The values of some keys are joined with colons from a name and a value
// each; such a key is a control for each name that tells them apart.
type Control struct {
	Key    string // in full
	Before string // text that stands before the tenant in a value: at its start, or behind a colon
	After  string // characters that end the tenant; "": the whole value is the tenant's
}

// Fixes reports whether all values that a text of a policy matches belong to one
// tenant: the tenant is spelt out, up to its end. An exact text is compared with
// StringEquals and has no wildcards, but may have policy variables.
func (c Control) Fixes(text string, exact bool) bool {
	open := "*?$"
	if exact {
		open = "$"
	}
	head, whole := text, true
	if i := strings.IndexAny(text, open); i >= 0 {
		head, whole = text[:i], false
	}
	for at := range head {
		if at > 0 && (c.Before == "" || head[at-1] != ':') {
			continue
		}
		tenant, ok := strings.CutPrefix(head[at:], c.Before)
		if !ok {
			continue
		}
		if end := strings.IndexAny(tenant, c.After); end > 0 || end < 0 && whole && tenant != "" {
			return true
		}
	}
	return false
}

// issuers are the issuers that IAM knows as shared, with the claims that it
// requires a trust policy to test, and the three that IAM takes without a
// provider. Issuers with a tenant's name in them (EKS, CircleCI, Bitbucket,
// GitHub Enterprise) are private and need no such test.
//
// A repository of GitHub chooses which claims its subject is joined from, so
// that a subject without the repository, its owner or a workflow of its own can
// be anyone's; a colon within a claim is escaped there. Since 2026 names
// are followed by ids: repo:acme@1/app@2. Elsewhere a subject in full
// belongs to one tenant, whatever its form.
//
// With Google, the audience is who the token was issued to, and who asks for a
// token of a service account chooses the original audience (oaud).
//
// The forms of subjects are the providers': GitHub
// https://docs.github.com/en/actions/reference/security/oidc, GitLab
// https://docs.gitlab.com/ci/secrets/id_token_authentication/, Terraform Cloud
// https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens,
// Buildkite https://buildkite.com/docs/agent/cli/reference/oidc. Azure Government's
// issuer is Microsoft's: https://learn.microsoft.com/en-us/azure/sentinel/connect-aws.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
// read 2026-11
var issuers = [...]struct {
	host string
	Issuer
}{
	{"token.actions.githubusercontent.com", Issuer{"GitHub Actions", []Control{
		{"token.actions.githubusercontent.com:sub", "repo:", "/@"},
		{"token.actions.githubusercontent.com:sub", "repository_owner:", ":"},
		{"token.actions.githubusercontent.com:sub", "repository_owner_id:", ":"},
		{"token.actions.githubusercontent.com:sub", "repository_id:", ":"},
		{"token.actions.githubusercontent.com:sub", "repository:", "/"},
		{"token.actions.githubusercontent.com:sub", "enterprise:", ":"},
		{"token.actions.githubusercontent.com:sub", "enterprise_id:", ":"},
		{"token.actions.githubusercontent.com:sub", "workflow_ref:", "/"},
		{"token.actions.githubusercontent.com:sub", "job_workflow_ref:", "/"},
		{"token.actions.githubusercontent.com:repository", "", "/"},
		{"token.actions.githubusercontent.com:repository_id", "", ""},
		{"token.actions.githubusercontent.com:repository_owner_id", "", ""},
		{"token.actions.githubusercontent.com:enterprise_id", "", ""},
		{"token.actions.githubusercontent.com:job_workflow_ref", "", "/"},
	}}},
	{"vstoken.actions.githubusercontent.com", Issuer{"GitHub Actions (vstoken)", []Control{
		{"vstoken.actions.githubusercontent.com:sub", "repo:", "/@"},
	}}},
	{"oidc-configuration.audit-log.githubusercontent.com", Issuer{"GitHub audit log streaming", []Control{
		{"oidc-configuration.audit-log.githubusercontent.com:sub", "", ""},
	}}},
	{"gitlab.com", Issuer{"GitLab", []Control{
		{"gitlab.com:sub", "", ""},
		{"gitlab.com:sub", "project_path:", "/"},
		{"gitlab.com:sub", "project_id:", ":"},
		{"gitlab.com:sub", "group_path:", ":"},
		{"gitlab.com:namespace_id", "", ""},
		{"gitlab.com:project_id", "", ""},
	}}},
	{"app.terraform.io", Issuer{"HCP Terraform (Terraform Cloud)", []Control{
		{"app.terraform.io:sub", "", ""},
		{"app.terraform.io:sub", "organization:", ":"},
	}}},
	{"agent.buildkite.com", Issuer{"Buildkite", []Control{
		{"agent.buildkite.com:sub", "", ""},
		{"agent.buildkite.com:sub", "organization:", ":"},
		{"agent.buildkite.com:organization_slug", "", ""},
		{"agent.buildkite.com:organization_id", "", ""},
		{"agent.buildkite.com:pipeline_id", "", ""},
		{"agent.buildkite.com:cluster_id", "", ""},
	}}},
	{"oidc.codefresh.io", Issuer{"Codefresh", []Control{
		{"oidc.codefresh.io:sub", "", ""},
		{"oidc.codefresh.io:sub", "account:", ":"},
	}}},
	{"studio.datachain.ai/api", Issuer{"DVC Studio", []Control{
		{"studio.datachain.ai/api:sub", "", ""},
		{"studio.datachain.ai/api:sub", "credentials:", "/"},
	}}},
	{"scalr.io", Issuer{"Scalr", []Control{
		{"scalr.io:sub", "", ""},
		{"scalr.io:sub", "account:", ":"},
	}}},
	{"tokens.cloud.shisho.dev", Issuer{"Shisho Cloud", []Control{
		{"tokens.cloud.shisho.dev:sub", "", ""},
		{"tokens.cloud.shisho.dev:sub", "job:", ":"},
	}}},
	{"proidc.upbound.io", Issuer{"Upbound", []Control{
		{"proidc.upbound.io:sub", "", ""},
		{"proidc.upbound.io:sub", "mcp:", "/"},
	}}},
	{"api.pulumi.com/oidc", Issuer{"Pulumi Cloud", []Control{
		{"api.pulumi.com/oidc:aud", "", ""},
		{"api.pulumi.com/oidc:sub", "", ""},
		{"api.pulumi.com/oidc:sub", "pulumi:deploy:org:", ":"},
	}}},
	{"sandboxes.cloud", Issuer{"sandboxes.cloud", []Control{
		{"sandboxes.cloud:aud", "", ""},
	}}},
	{"oidc.vercel.com", Issuer{"Vercel", []Control{
		{"oidc.vercel.com:aud", "", ""},
		{"oidc.vercel.com:sub", "", ""},
		{"oidc.vercel.com:sub", "owner:", ":"},
	}}},
	{"sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", Issuer{"Microsoft Sentinel", []Control{
		{"sts:RoleSessionName", "", ""},
	}}},
	{"sts.windows.net/cab8a31a-1906-4287-a0d8-4eef66b95f6e", Issuer{"Microsoft Sentinel (Azure Government)", []Control{
		{"sts:RoleSessionName", "", ""},
	}}},
	{"rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7", Issuer{"IBM Turbonomic", []Control{
		{"rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7:sub", "", ""},
	}}},
	{"rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr", Issuer{"IBM Turbonomic", []Control{
		{"rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr:sub", "", ""},
	}}},
	{"rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg", Issuer{"IBM Turbonomic", []Control{
		{"rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg:sub", "", ""},
	}}},
	{"rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26", Issuer{"IBM Turbonomic", []Control{
		{"rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26:sub", "", ""},
	}}},
	{"oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb", Issuer{"IBM Turbonomic", []Control{
		{"oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb:sub", "", ""},
	}}},
	{"oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu", Issuer{"IBM Turbonomic", []Control{
		{"oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu:sub", "", ""},
	}}},
	{"cognito-identity.amazonaws.com", Issuer{"Amazon Cognito", []Control{
		{"cognito-identity.amazonaws.com:aud", "", ""},
		{"cognito-identity.amazonaws.com:sub", "", ""},
	}}},
	{"accounts.google.com", Issuer{"Google", []Control{
		{"accounts.google.com:aud", "", ""},
		{"accounts.google.com:sub", "", ""},
		{"accounts.google.com:google/organization_number", "", ""},
	}}},
	{"graph.facebook.com", Issuer{"Facebook", []Control{
		{"graph.facebook.com:app_id", "", ""},
		{"graph.facebook.com:id", "", ""},
	}}},
	{"www.amazon.com", Issuer{"Login with Amazon", []Control{
		{"www.amazon.com:app_id", "", ""},
		{"www.amazon.com:user_id", "", ""},
	}}},
}

// SharedIssuer returns the shared issuer of a host, with or without path,
// scheme or the ARN of its provider before it.
func SharedIssuer(host string) (Issuer, bool) {
	if _, after, ok := strings.Cut(host, ":oidc-provider/"); ok {
		host = after
	}
	host = strings.TrimPrefix(host, "https://")
	host = strings.TrimSuffix(host, "/")
	for _, i := range issuers {
		if strings.EqualFold(i.host, host) {
			return i.Issuer, true
		}
	}
	return Issuer{}, false
}

// FixedByKey returns the hosts of the shared issuers whose tenants a key tells
// apart that is not a claim of theirs.
func FixedByKey(key string) []string {
	var hosts []string
	for _, i := range issuers {
		for _, c := range i.Controls {
			if strings.EqualFold(c.Key, key) {
				hosts = append(hosts, i.host)
			}
		}
	}
	return hosts
}
