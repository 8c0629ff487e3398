package access

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// inside is the condition that a request comes from the zone of trust: its
// caller does, or the party on whose behalf a service makes it.
func (m *model) inside() *expr { return or(m.insideCaller(always), m.insideSource()) }

// trustedAccounts are those of the zone, as far as they are declared.
func (m *model) trustedAccounts() []string {
	accounts := append([]string{m.owner}, m.zone.Accounts...)
	for _, a := range m.members() {
		if m.zone.Type == zone.Organization || underPaths(a.OrgPath, m.zone.OrgPaths) {
			accounts = append(accounts, a.ID)
		}
	}
	if m.zone.Type == zone.Organization {
		accounts = append(accounts, memberAccount)
	}
	return accounts
}

// insideCaller is the condition that the caller is of the zone, as a member of
// its organization only where that may be, or that the zone trusts the way on
// which the request comes.
func (m *model) insideCaller(member *expr) *expr {
	z := m.zone
	var callers, points []domain.Tuple
	for _, a := range m.trustedAccounts() {
		id := domain.Literal(a)
		callers = append(callers, accountTuples(id)...)
		callers = append(callers, callerTuple(canonical, id, star, star))
		points = append(points, domain.Tuple{domain.Literal(presentShape), star, id, star})
	}
	for _, p := range z.Principals {
		if segs, ok := segments([]piece{{literal: p}}, ':', 6); ok {
			callers = append(callers, m.principalARN(m.arnParts(segs, true))...)
		}
	}
	callers = append(callers, m.trustedIdentities()...)
	ownCallers, _ := m.ownThings()
	callers = append(callers, ownCallers...)
	cases := []*expr{in(m.caller, m.caller.addTuples(callers...))}
	if d := m.named("access point"); d != nil {
		cases = append(cases, in(d, d.addTuples(points...)))
	}
	if d := m.named("caller's organization"); d != nil {
		cases = append(cases, and(member, in(d, d.addTuples(m.trustedOrganizations()...))))
	}
	return or(append(cases, append(m.trustedNetworks(), m.trustedTokens()...)...)...)
}

// insideSource is the condition that the request is made on behalf of the zone.
func (m *model) insideSource() *expr {
	accounts := m.trustedAccounts()
	var sources []domain.Tuple
	for _, a := range accounts {
		for _, shape := range []string{sourceAccount, sourceARN, sourceBoth, sourceBareAccount} {
			sources = append(sources, domain.Tuple{domain.Literal(shape), domain.Literal(a), star, star})
		}
	}
	_, ownSources := m.ownThings()
	sources = append(sources, ownSources...)
	var cases []*expr
	if d := m.named("source"); d != nil {
		cases = append(cases, in(d, d.addTuples(sources...)))
	}
	if k, ok := m.keys["aws:sourceowner"]; ok && k.text != nil {
		var ts []domain.Tuple
		for _, a := range accounts {
			ts = append(ts, k.text(domain.Literal(a))...)
		}
		cases = append(cases, in(k.dim, k.dim.addTuples(ts...)))
	}
	if d := m.named("source's organization"); d != nil {
		cases = append(cases, in(d, d.addTuples(m.trustedOrganizations()...)))
	}
	return or(cases...)
}

// namedOutsider is the condition that the caller is of an account that a policy
// names and the zone does not. It could be one of the organization that is not
// declared, but its access is a finding because it is taken for another.
func (m *model) namedOutsider() *expr {
	trusted := m.trustedAccounts()
	var callers []domain.Tuple
	for _, id := range m.caller.literals(1, accountKinds...) {
		if isAccount(id) && !contains(trusted, id) {
			callers = append(callers, accountTuples(domain.Literal(id))...)
		}
	}
	return in(m.caller, m.caller.addTuples(callers...))
}

// actsForZone is the condition that a service which tells for whom it acts does
// so for the zone. A service that tells an account tells its organization too.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resource-properties
func (m *model) actsForZone() *expr {
	d := m.named("source")
	if d == nil {
		return never
	}
	forAccounts := func(ids ...domain.Pattern) *expr {
		var ts []domain.Tuple
		for _, id := range ids {
			for _, shape := range []string{sourceAccount, sourceBoth, sourceBareAccount} {
				ts = append(ts, domain.Tuple{domain.Literal(shape), id, star, star})
			}
		}
		return in(d, d.addTuples(ts...))
	}
	var trusted, own []domain.Pattern
	for _, id := range m.trustedAccounts() {
		if contains(m.zone.Accounts, id) {
			trusted = append(trusted, domain.Literal(id))
		} else {
			own = append(own, domain.Literal(id))
		}
	}
	o := m.named("source's organization")
	if o == nil {
		return forAccounts(append(trusted, own...)...)
	}
	cases := []*expr{forAccounts(trusted...), and(forAccounts(star), in(o, o.addTuples(m.trustedOrganizations()...)))}
	ofOrganization := always
	if m.zone.Organization != "" {
		ofOrganization = in(o, o.addTuples(m.ownOrganizationTuple()))
	}
	return or(append(cases, and(forAccounts(own...), ofOrganization))...)
}

// mentionZone makes dimensions of what tells who is inside, where no policy
// looks at it: callers of the organization, networks, the source of a call that
// a service makes.
func (m *model) mentionZone() {
	z := m.zone
	names := []string{"aws:SourceAccount"}
	if z.Type == zone.Organization || z.Organization != "" || len(z.OrgPaths) > 0 {
		names = append(names, "aws:PrincipalOrgID", "aws:SourceOrgID")
	}
	if len(z.VPCs) > 0 {
		names = append(names, "aws:SourceVpc")
	}
	if len(z.VPCEndpoints) > 0 {
		names = append(names, "aws:SourceVpce")
	}
	if len(z.CIDRs) > 0 && m.families["aws:sourceip"] == 0 {
		m.families["aws:sourceip"] = addressFamily
		names = append(names, "aws:SourceIp")
	}
	for _, o := range z.OIDC {
		names = append(names, o.Issuer+":aud", o.Issuer+":sub")
	}
	for _, name := range names {
		m.key(name)
	}
}

// ownThings are the callers and sources of the stack itself that name no
// account: origin access identities, buckets.
func (m *model) ownThings() (callers, sources []domain.Tuple) {
	for _, text := range m.own {
		name, ok := arn.Parse(text)
		switch {
		case !ok:
			callers = append(callers, callerTuple(canonical, star, domain.Literal(text), star))
		case name.Service == "iam":
			callers = append(callers, principalNames(domain.Literal(name.Service), domain.Literal(name.Account), domain.Literal(name.Resource))...)
		default:
			head := domain.Literal(name.Partition + ":" + name.Service + ":" + name.Region)
			for _, shape := range []string{sourceBare, sourceBareAccount} {
				sources = append(sources, domain.Tuple{domain.Literal(shape), star, head, domain.Literal(name.Resource)})
			}
		}
	}
	return callers, sources
}

// trustedIdentities are SAML providers and canonical users.
func (m *model) trustedIdentities() []domain.Tuple {
	var ts []domain.Tuple
	for _, p := range m.zone.SAML {
		ts = append(ts, callerTuple(saml, star, domain.Literal(p), star))
	}
	ids := append([]string{value.StandIn(value.OwnCanonicalUser)}, m.zone.CanonicalUsers...)
	for _, a := range m.zone.Members {
		if a.Canonical != "" && (m.zone.Type == zone.Organization || a.ID == m.owner) {
			ids = append(ids, a.Canonical)
		}
	}
	for _, id := range ids {
		ts = append(ts, callerTuple(canonical, star, domain.Literal(id), star))
	}
	return ts
}

func (m *model) trustedOrganizations() []domain.Tuple {
	var ts []domain.Tuple
	if m.zone.Type == zone.Organization {
		ts = append(ts, domain.Tuple{domain.Literal(presentShape), domain.Literal(m.org), star})
	}
	for _, path := range m.zone.OrgPaths {
		id, below := splitPath(path)
		ts = append(ts, domain.Tuple{domain.Literal(presentShape), domain.Literal(id), domain.Glob(below+"*", domain.Any)})
	}
	return ts
}

// splitPath splits o-…/r-…/ou-…, with or without "/" or "/*" at its end, into
// the organization and what the paths below it start with.
func splitPath(path string) (id, below string) {
	path = strings.TrimSuffix(strings.TrimSuffix(path, "*"), "/")
	id, below, _ = strings.Cut(path, "/")
	if below != "" {
		below += "/"
	}
	return id, below
}

// underPaths reports whether an account's place lies in one of the paths.
func underPaths(place string, paths []string) bool {
	if place == "" {
		return false
	}
	id, below := splitPath(place)
	for _, p := range paths {
		pid, pbelow := splitPath(p)
		if pid == id && strings.HasPrefix(below, pbelow) {
			return true
		}
	}
	return false
}

// trustedNetworks are VPCs, endpoints and address ranges.
func (m *model) trustedNetworks() []*expr {
	var cases []*expr
	literals := func(name string, values []string) {
		k, ok := m.keys[name]
		if !ok || k.text == nil || len(values) == 0 {
			return
		}
		var ts []domain.Tuple
		for _, v := range values {
			ts = append(ts, k.text(domain.Literal(networkID(v)))...)
		}
		cases = append(cases, in(k.dim, k.dim.addTuples(ts...)))
	}
	literals("aws:sourcevpc", m.zone.VPCs)
	literals("aws:sourcevpce", m.zone.VPCEndpoints)
	if k, ok := m.keys["aws:sourceip"]; ok && k.dim.form == addresses && len(m.zone.CIDRs) > 0 {
		cases = append(cases, in(k.dim, k.dim.addBlocks(m.zone.CIDRs...)))
	}
	return cases
}

// networkID is the id of a network, or what stands in for it until AWS gives one.
func networkID(network string) string {
	if zone.IsReference(network) {
		return value.StandIn(network)
	}
	return network
}

// isNetworkOf reports whether the id of a request is that of one of some networks.
func isNetworkOf(networks []string, id string) bool {
	return slices.ContainsFunc(networks, func(n string) bool { return networkID(n) == id })
}

// trustedTokens are callers with a token of a trusted audience and subject.
func (m *model) trustedTokens() []*expr {
	var cases []*expr
	for _, o := range m.zone.OIDC {
		aud := m.claims(o.Issuer+":aud", o.Audiences)
		sub := m.claims(o.Issuer+":sub", o.Subjects)
		if aud != never && sub != never {
			cases = append(cases, and(m.issuedBy(o.Issuer), aud, sub))
		}
	}
	return cases
}

// claims is the condition that a claim matches one of the patterns. Every token
// has an audience and a subject, so that * holds whatever the policy tests; for
// another pattern, a claim that the policy does not test can be anyone's.
func (m *model) claims(name string, patterns []string) *expr {
	if contains(patterns, "*") {
		return always
	}
	k, ok := m.keys[strings.ToLower(name)]
	if !ok || k.text == nil {
		return never
	}
	var ts []domain.Tuple
	for _, p := range patterns {
		ts = append(ts, k.text(domain.Glob(p, domain.Any))...)
	}
	a := k.dim.addTuples(ts...)
	if k.dim.elements {
		return and(k.present, &expr{op: opEvery, dim: k.dim, least: []int{a}, most: []int{a}})
	}
	return in(k.dim, a)
}
