// Package zone is the zone of trust: who is not external. It is data; package
// access turns it into a set of requests.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html
package zone

import (
	"net/netip"
	"strings"
)

// Type of a zone, spelt as Access Analyzer does.
type Type string

const (
	Account      Type = "ACCOUNT"      // the owner account alone is trusted
	Organization Type = "ORGANIZATION" // every account of the organization is trusted
)

// Zone is a zone of trust. The zero Zone trusts the account that owns the
// resource, whichever it is.
type Zone struct {
	Name              string
	Type              Type   // "" is Account
	Account           string // account that owns what is analysed; "" when not declared
	Organization      string // id of your organization, declared with either type; "" when not declared
	ManagementAccount string // of the organization; "" when not declared
	Members           []Member

	// Trusted by extension; Access Analyzer has no such lists.
	Accounts       []string       // account ids
	OrgPaths       []string       // o-…/r-…/ou-…: that path and everything below
	Principals     []string       // ARN patterns, matched as aws:PrincipalArn under ArnLike
	VPCs           []string       // vpc-…, or a reference of the code, see IsReference
	VPCEndpoints   []string       // vpce-…, or a reference
	CIDRs          []netip.Prefix // public addresses
	OIDC           []OIDC
	SAML           []string // ARNs of SAML providers
	CanonicalUsers []string // S3 canonical user ids

	Names map[string]string // account id to display name; never changes a verdict
}

// Member is an account of your organization.
type Member struct {
	Name      string
	ID        string
	OrgPath   string // o-…/r-…/ou-…/, "" when not declared
	Canonical string // S3 canonical user id, "" when not declared
}

// OIDC trusts callers whose token has one of these audiences and one of these
// subjects; both are needed, patterns as in StringLike.
type OIDC struct {
	Issuer    string // host and path of the issuer, without https://
	Audiences []string
	Subjects  []string
}

// IsReference reports whether a network is one that the analysed code declares, by the
// words that stand for its id there: aws_vpc.main.id, or the logical id of a template.
func IsReference(network string) bool {
	return !strings.HasPrefix(network, "vpc-") && !strings.HasPrefix(network, "vpce-")
}
