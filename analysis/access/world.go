package access

import (
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/zone"
)

// world is the condition that a request can exist: what the kind of caller, the
// action, the resource and the network imply for each other. It conjoins only
// what is certain; whatever is left free allows more requests than there are,
// and a finding's witness is checked before it is called proven.
func (m *model) world() *expr {
	return and(m.actionsFitResources(), m.actionsFitCallers(), m.keysFitCallers(), m.keysFitActions(), m.tokensFitIssuers(), m.callsFitSigners(), m.accountsFitCallers(), m.canonicalUsersMayBe(), m.organizationsMayBe(), m.oneNetwork(), m.membersAreInTheOrganization(), m.contextsFitServices(), m.bucketsNameNobody(), m.unsure())
}

// actionsFitResources: an action is asked for on the resource types that the
// service tables list for it.
func (m *model) actionsFitResources() *expr {
	if len(m.shapes) < 2 {
		return always
	}
	byShapes := map[string][]int{}
	var order []string
	for i, a := range m.actions {
		var b strings.Builder
		for _, s := range a.Shapes {
			b.WriteString(shapeName(s))
		}
		if byShapes[b.String()] == nil {
			order = append(order, b.String())
		}
		byShapes[b.String()] = append(byShapes[b.String()], i)
	}
	var cases []*expr
	for _, names := range order {
		var ts []domain.Tuple
		for _, name := range names {
			ts = append(ts, domain.Tuple{domain.Literal(string(name)), star, star, star})
		}
		cases = append(cases, and(in(m.action, m.action.addActions(byShapes[names]...)), in(m.resource, m.resource.addTuples(ts...))))
	}
	return or(cases...)
}

// actionsFitCallers: each way to assume a role has its own kind of caller, and
// Lambda runs unsigned calls through function URLs only.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func (m *model) actionsFitCallers() *expr {
	named := func(names ...string) *expr {
		var list []int
		for _, n := range names {
			list = append(list, m.matchingActions(n)...)
		}
		return in(m.action, m.action.addActions(list...))
	}
	if m.isRole() {
		return or(
			and(m.callers(web), named("sts:assumerolewithwebidentity")),
			and(m.callers(saml), named("sts:assumerolewithsaml")),
			and(not(m.callers(web, saml)), not(named("sts:assumerolewithwebidentity", "sts:assumerolewithsaml"))),
		)
	}
	if m.kind.Type == "AWS::Lambda::Function" {
		signed := not(m.callers(anonymous))
		es := []*expr{or(signed, named("lambda:invokefunctionurl"), and(named("lambda:invokefunction"), m.viaURL()))}
		if k, ok := m.keys["lambda:functionurlauthtype"]; ok {
			iam := in(k.dim, k.dim.addTuples(k.text(domain.Literal("AWS_IAM"))...))
			es = append(es, or(signed, not(iam)))
		}
		return and(es...)
	}
	return always
}

// viaURL is the condition that a function is invoked through its URL.
//
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func (m *model) viaURL() *expr {
	k, ok := m.keys["lambda:invokedviafunctionurl"]
	if !ok || k.text == nil {
		return never
	}
	return in(k.dim, k.dim.addTuples(k.text(domain.Literal("true"))...))
}

// isGuest is the condition that the caller is a guest of a Cognito identity
// pool: anyone on the internet gets such an identity.
//
// https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
func (m *model) isGuest() *expr {
	k, ok := m.keys["cognito-identity.amazonaws.com:amr"]
	if !ok || k.text == nil {
		return never
	}
	a := k.dim.addTuples(k.text(domain.Literal("unauthenticated"))...)
	if k.dim.elements {
		return and(k.present, &expr{op: opEvery, dim: k.dim, least: []int{a}, most: []int{a}})
	}
	return in(k.dim, a)
}

// contextsFitServices: services put ARNs into the encryption context that they name
// after them; a trail's name has no colon.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
func (m *model) contextsFitServices() *expr {
	var es []*expr
	for name, shape := range map[string]string{"kms:encryptioncontext:aws:cloudtrail:arn": "arn:*:cloudtrail:*:*:*", "kms:encryptioncontext:aws:logs:arn": "arn:*:logs:*:*:log-group:*"} {
		k, ok := m.keys[name]
		if !ok || k.text == nil || k.dim.form != text {
			continue
		}
		fits := in(k.dim, k.dim.addTuples(k.text(domain.Glob(shape, domain.NotColon))...))
		es = append(es, or(not(m.callers(service)), not(k.present), fits))
	}
	return and(es...)
}

// bucketsNameNobody: the ARN of a bucket has neither Region nor account, although
// the pattern of AWS's own example, arn:aws:s3:*:*:bucket, has room for them.
// What else S3 has is of an account, and has a slash in its name.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-resources-for-iam-policies
func (m *model) bucketsNameNobody() *expr {
	k, ok := m.keys["aws:sourcearn"]
	if !ok || k.dim.form != text {
		return always
	}
	s3, inside := domain.Literal(m.partition+":s3:"), domain.Star(domain.NotSlash)
	d := k.dim
	return not(in(d, d.addTuples(
		domain.Tuple{domain.Literal(sourceARN), star, domain.Concat(s3, domain.Star(domain.NotColon)), inside},
		domain.Tuple{domain.Literal(sourceBoth), star, domain.Concat(s3, domain.Star(domain.NotColon)), inside},
		domain.Tuple{domain.Literal(sourceBare), star, domain.Concat(s3, domain.Something(domain.NotColon)), star},
		domain.Tuple{domain.Literal(sourceBareAccount), star, domain.Concat(s3, domain.Something(domain.NotColon)), star},
	)))
}

// neverFor lists the callers whose requests never carry a key.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func neverFor(key string) []string {
	if row, ok := knowledge.KeyRow(key); ok && row.Never != nil {
		return row.Never
	}
	if isClaim(key) {
		return []string{anonymous, user, root, federatedUser, service}
	}
	return nil
}

func (m *model) keysFitCallers() *expr {
	var es []*expr
	for _, name := range m.keyNames() {
		k := m.keys[name]
		if kinds := neverFor(name); kinds != nil && k.fixed == "" && k.dim != m.caller {
			es = append(es, not(and(m.callers(kinds...), k.present)))
		}
	}
	if k, ok := m.keys["aws:userid"]; ok {
		es = append(es, m.useridFits(k))
	}
	return and(es...)
}

// useridFits: the form of aws:userid depends on the kind of caller; a root user
// and a federated user have their account in it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
func (m *model) useridFits(k *key) *expr {
	is := func(shape string, p domain.Pattern) *expr {
		return in(k.dim, k.dim.addTuples(domain.Tuple{domain.Literal(shape), p, star}))
	}
	named := is("i", domain.Literal("anonymous"))
	aida, aroa := domain.Glob("AIDA*", domain.NotColon), domain.Glob("AROA*", domain.NotColon)
	es := []*expr{
		or(not(m.callers(user)), is("i", aida)),
		or(not(m.callers(role)), is("s", aroa)),
		or(not(m.callers(root, federatedUser)), not(or(is("i", aida), is("s", aida), is("i", aroa), is("s", aroa)))),
		or(not(m.callers(anonymous)), named),
		or(m.callers(anonymous), not(named)),
		or(not(m.callers(root)), not(is("s", star))),
		or(not(m.callers(federatedUser)), is("s", star)),
		or(not(m.callers(anonymous, user, role, root, federatedUser)), k.present),
	}
	for _, account := range m.accountsIn(k.dim) {
		a := domain.Literal(account)
		isRoot := in(m.caller, m.caller.addTuples(callerTuple(root, a, star, star)))
		isFederated := in(m.caller, m.caller.addTuples(callerTuple(federatedUser, a, star, star)))
		es = append(es,
			or(not(m.callers(root)), and(isRoot, is("i", a)), and(not(isRoot), not(is("i", a)))),
			or(not(m.callers(federatedUser)), and(isFederated, is("s", a)), and(not(isFederated), not(is("s", a)))))
	}
	return and(es...)
}

func (m *model) keyNames() []string {
	names := make([]string, 0, len(m.keys))
	for n := range m.keys {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// oneNetwork: a request comes over the internet and has a source address, or
// through a VPC endpoint and has that endpoint and its VPC. Only calls that a
// service makes may have neither.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-network-properties
func (m *model) oneNetwork() *expr {
	var through []*expr
	for _, name := range m.keyNames() {
		if k := m.keys[name]; k.row.Network == knowledge.Endpoint {
			through = append(through, k.present)
		}
	}
	if len(through) == 0 {
		return always
	}
	var es []*expr
	vpc, hasVPC := m.keys["aws:sourcevpc"]
	vpce, hasVPCE := m.keys["aws:sourcevpce"]
	ip, hasIP := m.keys["aws:sourceip"]
	if hasVPC && hasVPCE {
		es = append(es, or(and(vpc.present, vpce.present), and(not(vpc.present), not(vpce.present))))
	}
	if hasIP {
		es = append(es, or(not(ip.present), not(or(through...))))
		var must []*expr
		if hasVPC {
			must = append(must, vpc.present)
		}
		if hasVPCE {
			must = append(must, vpce.present)
		}
		if k, ok := m.keys["aws:vpcsourceip"]; ok {
			must = append(must, k.present)
		}
		es = append(es, or(ip.present, m.callers(service), and(must...)))
	} else if hasVPC || hasVPCE {
		// Whatever else an endpoint tells comes with the endpoint itself.
		one := vpc
		if !hasVPC {
			one = vpce
		}
		es = append(es, or(one.present, not(or(through...))))
	}
	return and(es...)
}

// membersAreInTheOrganization: the accounts that are declared as members carry
// the organization's id and, where it is declared, their place in it.
func (m *model) membersAreInTheOrganization() *expr {
	d := m.named("caller's organization")
	if d == nil {
		return always
	}
	isMember := in(m.caller, m.caller.addTuples(accountTuples(domain.Literal(memberAccount))...))
	es := []*expr{or(not(isMember), in(d, d.addTuples(m.ownOrganizationTuple())))}
	if m.zone.Organization == "" {
		return es[0]
	}
	for _, a := range m.members() {
		path := star
		if _, p, ok := strings.Cut(a.OrgPath, "/"); ok {
			path = domain.Literal(p)
		}
		is := in(m.caller, m.caller.addTuples(accountTuples(domain.Literal(a.ID))...))
		there := in(d, d.addTuples(domain.Tuple{domain.Literal(presentShape), domain.Literal(m.zone.Organization), path}))
		es = append(es, or(not(is), there))
	}
	return and(es...)
}

// members returns the declared accounts of your organization, the owner
// included.
func (m *model) members() []zone.Member {
	members := append([]zone.Member{}, m.zone.Members...)
	add := func(id string) {
		for _, a := range members {
			if a.ID == id {
				return
			}
		}
		members = append(members, zone.Member{ID: id})
	}
	if m.zone.Organization != "" {
		add(m.owner)
		if m.zone.ManagementAccount != "" {
			add(m.zone.ManagementAccount)
		}
	}
	return members
}

// unsure: principals that nothing can be said about, actions that are in no table,
// and unsigned calls where AWS's pages disagree about them, may exist.
func (m *model) unsure() *expr {
	es := []*expr{or(not(m.callers(unresolved)), unknown)}
	if len(m.actions) > m.tabled {
		var list []int
		for i := m.tabled; i < len(m.actions); i++ {
			list = append(list, i)
		}
		es = append(es, or(not(in(m.action, m.action.addActions(list...))), unknown))
	}
	if m.unsigned && !m.kind.Unsigned {
		es = append(es, or(not(m.callers(anonymous)), unknown))
	}
	return and(es...)
}

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
		parts := strings.SplitN(text, ":", 6)
		switch {
		case len(parts) < 6:
			callers = append(callers, callerTuple(canonical, star, domain.Literal(text), star))
		case parts[2] == "iam":
			rest := domain.Literal(parts[5])
			callers = append(callers, principalNames(domain.Literal(parts[2]), domain.Literal(parts[4]), rest)...)
		default:
			head := domain.Literal(parts[1] + ":" + parts[2] + ":" + parts[3])
			for _, shape := range []string{sourceBare, sourceBareAccount} {
				sources = append(sources, domain.Tuple{domain.Literal(shape), star, head, domain.Literal(parts[5])})
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
	ids := append([]string{}, m.zone.CanonicalUsers...)
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
			ts = append(ts, k.text(domain.Literal(v))...)
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

// freshCaller is the condition that a brand-new outside account, or nobody at
// all, can make the request over the internet: nothing of it is named in the
// policy but what its caller may choose. Source addresses are judged apart.
func (m *model) freshCaller() *expr {
	named := func(d *dimension, part int, shapes ...string) *expr {
		var ts []domain.Tuple
		for _, s := range d.literals(part, shapes...) {
			for _, shape := range d.shapes {
				t := append(domain.Tuple{}, shape[0])
				for i := 1; i < len(shape); i++ {
					t = append(t, star)
				}
				t[part] = domain.Literal(s)
				if kind, _ := t[0].IsLiteral(); len(shapes) == 0 || contains(shapes, kind) {
					ts = append(ts, t)
				}
			}
		}
		return in(d, d.addTuples(ts...))
	}
	kinds := append([]string{anonymous, canonical}, accountKinds...)
	if !m.isRole() {
		// S3 counts a policy with a federated principal as public: anyone can
		// sign in at a shared provider.
		//
		// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
		kinds = append(kinds, web)
	}
	es := []*expr{
		m.callers(kinds...),
		not(named(m.caller, 1, accountKinds...)),
		not(named(m.caller, 2, canonical)),
	}
	for _, d := range append([]*dimension{}, m.dims...) {
		switch d.name {
		case "source":
			es = append(es, not(named(d, 1, sourceAccount, sourceARN, sourceBoth, sourceBareAccount)), not(named(d, 3, sourceBare, sourceBareAccount)))
		case "caller's organization", "source's organization", "endpoint's organization":
			es = append(es, not(named(d, 1)))
		case "aws:userid":
			es = append(es, or(m.callers(anonymous), not(named(d, 1))))
		case "access point":
			if !m.through {
				es = append(es, not(named(d, 2)))
			}
		case "elasticfilesystem:accessedviamounttarget":
			// Only from within the file system's network.
			es = append(es, not(in(d, d.addTuples(presentTuple(domain.Literal("true"))))))
		default:
			if d.form == text && !d.elements && d != m.caller && d != m.resource && !callerChooses(d.name) {
				es = append(es, not(named(d, 1)))
			}
		}
	}
	return and(es...)
}

// callerChooses reports whether the caller decides on the value of a key, so
// that a fixed value keeps nobody out. Of the keys that findings show only the
// session mode of a directory bucket is such a key.
func callerChooses(key string) bool {
	return !knowledge.Tracked(key) || key == "s3express:sessionmode"
}

// literals returns the wildcard-free patterns that atoms have at a part, of
// tuples with one of the shapes.
func (d *dimension) literals(part int, shapes ...string) []string {
	seen := map[string]bool{}
	var out []string
	for _, atom := range d.tuples {
		for _, t := range atom {
			shape, ok := t[0].IsLiteral()
			if ok && len(shapes) > 0 && !contains(shapes, shape) {
				continue
			}
			if s, ok := t[part].IsLiteral(); ok && s != "" && !seen[s] {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	sort.Strings(out)
	return out
}

func contains(list []string, s string) bool {
	for _, t := range list {
		if t == s {
			return true
		}
	}
	return false
}

// outsideSources are the conditions, for calls of services, that the source on
// whose behalf the service acts is not in the zone, and that the policy names
// it all the same.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func (m *model) outsideSources() (outside, named *expr) {
	var inside, fixed []*expr
	accounts := append([]string{m.owner}, m.zone.Accounts...)
	if m.zone.Type == zone.Organization {
		for _, a := range m.members() {
			accounts = append(accounts, a.ID)
		}
		accounts = append(accounts, memberAccount)
	}
	if d := m.named("source"); d != nil {
		var ts []domain.Tuple
		for _, a := range accounts {
			for _, shape := range []string{sourceAccount, sourceARN, sourceBoth, sourceBareAccount} {
				ts = append(ts, domain.Tuple{domain.Literal(shape), domain.Literal(a), star, star})
			}
		}
		inside = append(inside, in(d, d.addTuples(ts...)))
		var bare []domain.Tuple
		for _, rest := range d.literals(3, sourceBare) {
			bare = append(bare, domain.Tuple{domain.Literal(sourceBare), star, star, domain.Literal(rest)},
				domain.Tuple{domain.Literal(sourceBareAccount), star, star, domain.Literal(rest)})
		}
		var named []domain.Tuple
		for _, a := range d.literals(1, sourceAccount, sourceARN, sourceBoth, sourceBareAccount) {
			for _, shape := range []string{sourceAccount, sourceARN, sourceBoth, sourceBareAccount} {
				named = append(named, domain.Tuple{domain.Literal(shape), domain.Literal(a), star, star})
			}
		}
		foreign := in(d, d.addTuples(named...))
		fixed = append(fixed, foreign)
		// A bucket's ARN names no account: the service fixes the source all the
		// same, whoever owns the bucket.
		inside = append(inside, and(in(d, d.addTuples(bare...)), not(foreign)))
	}
	if d := m.named("source's organization"); d != nil {
		var named []domain.Tuple
		for _, id := range d.literals(1) {
			named = append(named, domain.Tuple{domain.Literal(presentShape), domain.Literal(id), star})
		}
		fixed = append(fixed, in(d, d.addTuples(named...)))
		inside = append(inside, in(d, d.addTuples(append(m.trustedOrganizations(), m.ownOrganizationTuple())...)))
	}
	for _, name := range m.keyNames() {
		k := m.keys[name]
		if k.text == nil || k.fixed != "" || k.dim.elements || k.dim == m.named("source") || k.dim == m.named("source's organization") {
			continue
		}
		inside = append(inside, m.ownSources(name, k, accounts)...)
		if _, every := knowledge.SourceKeyOf(name, ""); every {
			var named []domain.Tuple
			for _, s := range k.dim.literals(1, presentShape) {
				named = append(named, k.text(domain.Literal(s))...)
			}
			fixed = append(fixed, in(k.dim, k.dim.addTuples(named...)))
		}
	}
	return not(or(inside...)), or(fixed...)
}

// ownOrganizationTuple is the owner's organization, declared or not.
func (m *model) ownOrganizationTuple() domain.Tuple {
	return domain.Tuple{domain.Literal(presentShape), domain.Literal(m.org), star}
}

// ownSources are the conditions that a key which services set, for all of them
// or for those that do, names a source of one of the accounts.
func (m *model) ownSources(name string, k *key, accounts []string) []*expr {
	var out []*expr
	hosts := m.caller.literals(2, service)
	every := false
	if _, every = knowledge.SourceKeyOf(name, ""); every {
		hosts = []string{""}
	}
	for _, host := range hosts {
		source, ok := knowledge.SourceKeyOf(name, host)
		if !ok {
			continue
		}
		var ts []domain.Tuple
		switch source.Form {
		case knowledge.SourceToken:
			for _, s := range k.dim.literals(1, presentShape) {
				ts = append(ts, k.text(domain.Literal(s))...)
			}
		case knowledge.SourceAccount:
			for _, a := range accounts {
				ts = append(ts, k.text(domain.Literal(a))...)
			}
		case knowledge.SourceARN:
			for _, a := range accounts {
				ts = append(ts, k.text(domain.Concat(domain.Literal("arn:"), segment, segment, segment, domain.Literal(a+":"), star))...)
			}
		}
		by := always
		if !every {
			by = in(m.caller, m.caller.addTuples(callerTuple(service, star, domain.Literal(host), star)))
		}
		out = append(out, and(by, in(k.dim, k.dim.addTuples(ts...))))
	}
	return out
}

// oneTenant is the condition that a claim of the caller's token has a value
// that the policy compares it with and that spells one tenant of its shared
// issuer out.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
func (m *model) oneTenant() *expr {
	if !m.isRole() {
		return never
	}
	var fixed []*expr
	for _, name := range m.keyNames() {
		k := m.keys[name]
		if name == "sts:rolesessionname" {
			// Who asks for the session chooses its name, but where the issuer
			// is a service that always asks for the same.
			for _, host := range knowledge.FixedByKey(name) {
				fixed = append(fixed, and(m.issuedBy(host), m.fixes(k, host)))
			}
			continue
		}
		if i := strings.LastIndexByte(name, ':'); i > 0 {
			fixed = append(fixed, m.fixes(k, name[:i]))
		}
	}
	return or(fixed...)
}

// fixes is the condition that a key has a value that spells one tenant of a
// shared issuer out.
func (m *model) fixes(k *key, host string) *expr {
	issuer, ok := knowledge.SharedIssuer(host)
	if !ok {
		return never
	}
	var atoms []int
	for _, v := range k.dim.values {
		for _, c := range issuer.Controls {
			if strings.EqualFold(c.Key, v.key) && c.Fixes(v.text, v.exact) {
				atoms = append(atoms, v.atoms...)
				break
			}
		}
	}
	if k.dim.elements {
		return and(k.present, &expr{op: opEvery, dim: k.dim, least: atoms, most: atoms})
	}
	return in(k.dim, atoms...)
}

// issuedBy is the condition that the caller's token is one of an issuer.
func (m *model) issuedBy(host string) *expr {
	name := domain.Concat(domain.Glob("arn:*:iam::*:oidc-provider/", domain.Any), domain.Literal(host))
	return in(m.caller, m.caller.addTuples(
		callerTuple(web, star, name, star),
		callerTuple(web, star, domain.Concat(name, domain.Literal("/")), star),
		callerTuple(web, star, domain.Literal(host), star),
	))
}
