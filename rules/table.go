package rules

import (
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/validate"
)

// Rule is a kind of finding. A finding has the first rule of All that fits it.
type Rule struct {
	ID       string
	Severity finding.Severity
	Summary  string
}

// All rules, in the order in which they are tried.
var All = []Rule{
	{"oidc-subject", finding.High, "federated trust that any tenant of a shared identity provider satisfies"},
	{"public-endpoint", finding.Medium, "open to anyone, and made to be called"},
	{"guarded-endpoint", finding.Low, "an API of which an authorizer of its own decides who may call it"},
	{"public-admin", finding.Critical, "anyone can assume the role, administer the key or change permissions"},
	{"public-write", finding.Critical, "anyone can write, decrypt or read a secret"},
	{"public-read", finding.High, "anyone can read or list"},
	{"public-access", finding.High, "open to anyone in another way"},
	{"own-federation", finding.Low, "trust in a private identity provider of your account"},
	{"external-federation", finding.Medium, "trust in another federated principal"},
	{"own-organization", finding.Low, "open to your organization, outside the zone of trust"},
	{"external-organization", finding.Medium, "open to another organization, or to one that is not declared"},
	{"own-network", finding.Low, "open to anyone, from a network or endpoint that the same code declares"},
	{"external-network", finding.Medium, "open to anyone, from a named network only"},
	{"aws-owned-account", finding.Low, "open to an account or identity that AWS documents as its own"},
	{"external-admin", finding.High, "an outside account may change permissions, administer the key or create grants"},
	{"external-account", finding.Medium, "open to an outside account or principal"},
	{"unread-policy", finding.Medium, "a policy or statement that could not be read, so that nothing is known about who gets in"},
	{"undetermined-public", finding.High, "not proven, and could be open to anyone"},
	{"undetermined-external", finding.Medium, "not proven, and could be open to an account, organization, network or provider that is named"},
	{UnreadModule, finding.Medium, "a module is called whose code is not here, so that nothing is known about what it grants"},
	{UnreadTemplate, finding.Medium, "a template is nested, included or made by a macro that cannot be read here, so that nothing is known about what it grants"},
	{UnreadBudget, finding.Medium, "code that takes more work than a run allows for it, so that a part of it is left out or only bounded from above"},
	{"undetermined-access", finding.Low, "not proven, and could be open to someone outside who is not known"},
	{"confused-deputy-open", finding.High, "a service that any of its customers can steer here may act without a limit to own sources"},
	{"confused-deputy-metadata", finding.Low, "a service principal may look at how the resource is set up, without a limit to own sources"},
	{"confused-deputy", finding.Medium, "a service principal may act without a limit to own sources"},
	{"undetermined-deputy", finding.Low, "not proven: the limit to own sources depends on a value that is not known"},
	{"confused-deputy-unlisted", finding.Low, "a service of which no documentation says whether it acts for other customers may act without a limit to own sources"},
	{"unused-role", finding.Low, "a role that nobody has used for long, as evidence of the account says"},
	{"unused-permission", finding.Low, "permissions that those who have them have not used for long, as evidence of the account says"},
	{"unused-access-key", finding.Low, "an access key that nobody has used for long, as evidence of the account says"},
	{"unused-password", finding.Low, "a password that nobody has used for long, as evidence of the account says"},
	{"policy-no-effect", finding.Medium, "a statement that can never apply to what its policy is attached to"},
}

// IDs returns the ids of all rules: those of All, in their order, then those of
// PolicyChecks.
func IDs() []string {
	var ids []string
	for _, r := range All {
		ids = append(ids, r.ID)
	}
	for _, c := range validate.Checks {
		ids = append(ids, c.Rule())
	}
	return ids
}
