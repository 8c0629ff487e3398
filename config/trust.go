package config

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/iaclint/iaclint/analysis/zone"
)

// Trusted is what a zone trusts beyond its accounts.
type Trusted struct {
	Accounts, OrgPaths, Principals, VPCs, VPCEndpoints []string
	CIDRs                                              []netip.Prefix
	OIDC                                               []zone.OIDC
	SAML, CanonicalUsers                               []string
}

// unusualError is about an identifier that is used although its shape is
// unusual.
type unusualError string

func (e unusualError) Error() string { return string(e) }

func warning(message string) error {
	if message == "" {
		return nil
	}
	return unusualError(message)
}

// IsWarning reports whether an error of Add concerns an item that was taken
// nevertheless.
func IsWarning(err error) bool {
	_, ok := err.(unusualError)
	return ok
}

// Add adds an item to the list with the name that the configuration file has
// for it; an OIDC item is "issuer,audience,subject".
func (t *Trusted) Add(list, item string) error {
	switch list {
	case "trusted_accounts":
		t.Accounts = append(t.Accounts, item)
		return AccountID(item)
	case "trusted_oidc":
		parts := strings.SplitN(item, ",", 3)
		if len(parts) != 3 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
			return fmt.Errorf("%q is not ISSUER,AUDIENCE,SUBJECT: an issuer is trusted only together with audience and subject", item)
		}
		return t.addOIDC(parts[0], parts[1:2], parts[2:])
	}
	if item == "" {
		return fmt.Errorf("an empty value cannot be trusted")
	}
	return t.add(list, item)
}

func (t *Trusted) add(list, item string) error {
	switch list {
	case "trusted_org_paths":
		path := strings.TrimSuffix(strings.TrimSuffix(item, "*"), "/")
		if strings.ContainsAny(path, "*?") {
			return fmt.Errorf("organization path %q has a wildcard; a path covers everything below it", item)
		}
		t.OrgPaths = append(t.OrgPaths, path)
		return warning(unusual("organization path", path, "o-…/r-…/ou-…", orgPath))
	case "trusted_principals":
		t.Principals = append(t.Principals, item)
		if strings.HasPrefix(item, "*") {
			return fmt.Errorf("principal %q would trust everyone; an ARN pattern with an account is expected", item)
		}
		return warning(unusual("principal", item, "arn:aws:iam::111122223333:role/…", principalARN))
	case "trusted_vpcs":
		t.VPCs = append(t.VPCs, item)
		return warning(unusual("VPC", item, "vpc-… with 8 or 17 hexadecimal digits, or aws_vpc.NAME.id", ownVPC))
	case "trusted_vpces":
		t.VPCEndpoints = append(t.VPCEndpoints, item)
		return warning(unusual("VPC endpoint", item, "vpce-… with 8 or 17 hexadecimal digits, or aws_vpc_endpoint.NAME.id", ownVPCEndpoint))
	case "trusted_cidrs":
		return t.addCIDR(item)
	case "trusted_saml":
		t.SAML = append(t.SAML, item)
		return warning(unusual("SAML provider", item, "arn:aws:iam::111122223333:saml-provider/…", samlProvider))
	case "trusted_canonical_users":
		t.CanonicalUsers = append(t.CanonicalUsers, item)
		return warning(unusual("canonical user id", item, "64 hexadecimal digits", canonicalID))
	}
	panic("config: unknown list " + list)
}

func (t *Trusted) addCIDR(item string) error {
	prefix, err := netip.ParsePrefix(item)
	if addr, addrErr := netip.ParseAddr(item); addrErr == nil && addr.Zone() == "" {
		prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	if err != nil {
		return fmt.Errorf("%q is not an address range such as 203.0.113.0/24", item)
	}
	t.CIDRs = append(t.CIDRs, prefix.Masked())
	if prefix != prefix.Masked() {
		return unusualError(fmt.Sprintf("address range %q is read as %s", item, prefix.Masked()))
	}
	return nil
}

func (t *Trusted) addOIDC(issuer string, audiences, subjects []string) error {
	name := strings.TrimSuffix(strings.TrimPrefix(issuer, "https://"), "/")
	if len(audiences) == 0 || len(subjects) == 0 {
		return fmt.Errorf("issuer %q is trusted for nobody: audiences and subjects must not be empty", issuer)
	}
	t.OIDC = append(t.OIDC, zone.OIDC{Issuer: name, Audiences: audiences, Subjects: subjects})
	if name == "" || strings.ContainsAny(name, "*? ") {
		return fmt.Errorf("issuer %q is not a host and path", issuer)
	}
	return nil
}

// plus returns the items of both.
func (t Trusted) plus(u Trusted) Trusted {
	return Trusted{
		Accounts: join(t.Accounts, u.Accounts), OrgPaths: join(t.OrgPaths, u.OrgPaths), Principals: join(t.Principals, u.Principals),
		VPCs: join(t.VPCs, u.VPCs), VPCEndpoints: join(t.VPCEndpoints, u.VPCEndpoints), CIDRs: join(t.CIDRs, u.CIDRs),
		OIDC: append(append([]zone.OIDC{}, t.OIDC...), u.OIDC...),
		SAML: join(t.SAML, u.SAML), CanonicalUsers: join(t.CanonicalUsers, u.CanonicalUsers),
	}
}

// join concatenates without repetition.
func join[T comparable](a, b []T) []T {
	var out []T
	seen := map[T]bool{}
	for _, list := range [][]T{a, b} {
		for _, x := range list {
			if !seen[x] {
				seen[x] = true
				out = append(out, x)
			}
		}
	}
	return out
}
