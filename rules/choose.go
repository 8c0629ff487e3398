package rules

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
)

func ruleOf(id string) Rule {
	for _, r := range All {
		if r.ID == id {
			return r
		}
	}
	panic("rules: no rule " + id)
}

// rule returns the first rule that fits a grant.
func (w *writer) rule(g access.Grant) Rule {
	if !g.Proven {
		return ruleOf(w.openRule(g))
	}
	return w.provenRule(g)
}

// openRule: a grant that is not proven is as loud as what it could be, and never
// louder than it would be if it were proven.
func (w *writer) openRule(g access.Grant) string {
	switch {
	case isUnread(g):
		return "unread-policy"
	case isGuarded(g):
		return "guarded-endpoint"
	case g.Public && w.provenRule(g).Severity.Rank() >= ruleOf("undetermined-public").Severity.Rank():
		return "undetermined-public"
	case (g.Named || g.Public) && w.provenRule(g).Severity.Rank() >= ruleOf("undetermined-external").Severity.Rank():
		return "undetermined-external"
	}
	return "undetermined-access"
}

// isUnread reports whether a grant rests on nothing but statements that could not
// be read as a whole.
func isUnread(g access.Grant) bool {
	for _, s := range g.Statements {
		if !s.Statement.Unread {
			return false
		}
	}
	return len(g.Statements) > 0
}

// isGuarded reports whether an authorizer of an API decides on all of a grant.
func isGuarded(g access.Grant) bool {
	for _, s := range g.Statements {
		if !s.Document.Guarded {
			return false
		}
	}
	return len(g.Statements) > 0
}

// provenRule returns the first rule that fits a grant that is proven.
func (w *writer) provenRule(g access.Grant) Rule {
	if g.PrincipalKey == "Federated" {
		return ruleOf(w.federatedRule(g))
	}
	if onlyFederates(g) {
		return ruleOf(w.anyFederationRule(g))
	}
	if g.Public {
		return ruleOf(w.publicRule(g))
	}
	return ruleOf(w.externalRule(g))
}

// federatedRule: a shared issuer must be limited to a tenant, which may be an identity
// pool of the same code; a private issuer of your account has no other.
func (w *writer) federatedRule(g access.Grant) string {
	shared, private := issuerOf(g)
	switch {
	case shared && (g.AnyTenant || g.Guest):
		return "oidc-subject"
	case private && w.isOwn(arn.AccountOf(g.Principal)), shared && ofOwnPool(g):
		return "own-federation"
	}
	return "external-federation"
}

const cognito = "cognito-identity.amazonaws.com"

// ofOwnPool reports whether a grant is for tokens of an identity pool that the code
// declares, and how its callers have signed in is limited: a pool may have guests.
//
// https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
func ofOwnPool(g access.Grant) bool {
	return slices.ContainsFunc(g.Conditions, func(c access.Condition) bool { return c.Own && strings.EqualFold(c.Key, cognito+":aud") }) &&
		!slices.ContainsFunc(g.Statements, func(s access.Responsible) bool {
			return !slices.ContainsFunc(s.Statement.Condition, func(c policy.Condition) bool { return strings.EqualFold(c.Key, cognito+":amr") })
		})
}

// onlyFederates reports whether a grant is for everyone who can sign in to a role
// through an identity provider, and for nobody else.
func onlyFederates(g access.Grant) bool {
	for _, a := range g.Actions {
		if a.Lower != "sts:assumerolewithwebidentity" && a.Lower != "sts:assumerolewithsaml" {
			return false
		}
	}
	return len(g.Actions) > 0
}

// anyFederationRule: IAM takes the tokens of Cognito, Google, Facebook and Login
// with Amazon without a provider of the account, and whoever asks for one gets
// one. SAML needs a provider.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
func (w *writer) anyFederationRule(g access.Grant) string {
	for _, a := range g.Actions {
		if a.Lower == "sts:assumerolewithwebidentity" && g.AnyTenant {
			return "oidc-subject"
		}
	}
	return "external-federation"
}

// issuerOf tells whether the issuer that a grant is for has many tenants, or one.
// Of one that is not known the claims may tell; that of a cluster is private.
//
// https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
func issuerOf(g access.Grant) (shared, private bool) {
	_, issuer, _ := strings.Cut(g.Principal, ":oidc-provider/")
	if !strings.Contains(issuer, "${") {
		_, shared = knowledge.SharedIssuer(g.Principal)
		return shared, !shared
	}
	for _, s := range g.Statements {
		for _, c := range s.Statement.Condition {
			if i := strings.LastIndexByte(c.Key, ':'); i > 0 {
				if _, ok := knowledge.SharedIssuer(c.Key[:i]); ok {
					return true, false
				}
			}
		}
	}
	return false, strings.Contains(issuer, "aws_eks_cluster.") || strings.Contains(issuer, ".OpenIdConnectIssuerUrl")
}

// isOwn reports whether an account is the owner or, with none declared, whether
// nothing says otherwise: AWS refuses a trust in another account's provider.
func (w *writer) isOwn(account string) bool {
	return account != "" && (account == w.result.Owner || w.result.Owner == "")
}

// disclosing are actions whose access level is Read and that give away what
// everything else hangs on.
var disclosing = map[string]bool{"secretsmanager:getsecretvalue": true, "secretsmanager:batchgetsecretvalue": true, "kms:decrypt": true}

func (w *writer) publicRule(g access.Grant) string {
	if w.isEndpoint(g) {
		return "public-endpoint"
	}
	if g.ByURL {
		return "public-access"
	}
	strongest, write := 0, false
	for _, a := range g.Actions {
		if strings.HasPrefix(a.Lower, "sts:assumerole") {
			return "public-admin"
		}
		strongest = max(strongest, levelRank(a.Level))
		write = write || disclosing[a.Lower] || a.Level == knowledge.Write || a.Level == knowledge.Tagging
	}
	switch {
	case strongest == levelRank(knowledge.Permissions):
		return "public-admin"
	case write:
		return "public-write"
	case strongest <= levelRank(knowledge.Read):
		return "public-read"
	}
	return "public-access"
}

// isEndpoint reports whether the resource is made to be called by the public,
// and nothing but calls is granted.
func (w *writer) isEndpoint(g access.Grant) bool {
	if g.ByURL {
		// A function URL with AWS_IAM takes signed calls only.
		return g.Witness != nil && g.Witness.Principal.Type != "Anonymous"
	}
	if w.result.Kind == nil || !w.result.Kind.MadeToBeCalled {
		return false
	}
	for _, a := range g.Actions {
		if levelRank(a.Level) > levelRank(knowledge.Read) && a.Lower != "execute-api:invoke" {
			return false
		}
	}
	return true
}

func (w *writer) externalRule(g access.Grant) string {
	organization, network, own, fixed := "", false, false, false
	for _, c := range g.Conditions {
		row, _ := knowledge.KeyRow(c.Key)
		switch {
		case row.Organization:
			organization = c.Value
		case row.Network != knowledge.NoNetwork:
			network, own = true, own || c.Own
		default:
			fixed = true // names an account or a source
		}
	}
	anyone := g.PrincipalKey == "AWS" && g.Principal == "*"
	switch {
	case organization != "" && anyone && w.isOwnOrganization(organization):
		return "own-organization"
	case organization != "" && anyone:
		return "external-organization"
	case own && anyone && !fixed: // each of the conditions must hold
		return "own-network"
	case network && anyone && !fixed:
		return "external-network"
	}
	if _, ok := knowledge.AWSOwned(g.Principal); ok || isAnyOfAWS(g) {
		return "aws-owned-account"
	}
	for _, a := range g.Actions {
		if a.Level == knowledge.Permissions {
			return "external-admin"
		}
	}
	return "external-account"
}

// isAnyOfAWS reports whether the principal is one of several, such as the account of
// a service in a Region that is not known, and each of them is AWS's own.
func isAnyOfAWS(g access.Grant) bool {
	some := false
	for _, r := range g.Statements {
		for _, p := range r.Statement.Principal.List {
			if p.Maybe == "" || g.Principal != "${"+p.Maybe+"}" {
				continue
			}
			one, known := p.Text.Known()
			if _, ok := knowledge.AWSOwned(one); !known || !ok {
				return false
			}
			some = true
		}
	}
	return some
}

// isOwnOrganization reports whether a value of an organization key is, or lies
// in, the declared own organization or the owner's, whichever it is.
func (w *writer) isOwnOrganization(value string) bool {
	for _, v := range strings.Split(value, access.Or) {
		id, _, _ := strings.Cut(v, "/")
		if !strings.EqualFold(v, "${aws:ResourceOrgID}") && (w.zone.Organization == "" || id != w.zone.Organization) {
			return false
		}
	}
	return true
}

// serviceRule: what a service that is not limited to own sources may do, and
// whether AWS documents that it acts for other customers.
func (w *writer) serviceRule(g access.ServiceGrant) string {
	open, known := knowledge.SteerableService(g.Service, w.resource.Type)
	switch {
	case !g.Proven && !g.Inexact:
		return "undetermined-deputy"
	case open && !g.Foreign:
		return "confused-deputy-open"
	case g.Service != "" && onlyMetadata(g.Actions):
		return "confused-deputy-metadata"
	case known, g.Service == "", g.Foreign: // who names a foreign source knows that the service acts for it
		return "confused-deputy"
	}
	return "confused-deputy-unlisted"
}

func onlyMetadata(actions []knowledge.KindAction) bool {
	return len(actions) > 0 && !slices.ContainsFunc(actions, func(a knowledge.KindAction) bool { return !knowledge.IsMetadata(a.Lower) })
}
