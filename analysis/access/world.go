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
	return and(m.actionsFitResources(), m.actionsFitCallers(), m.keysFitCallers(), m.keysFitActions(), m.tokensFitIssuers(), m.callsFitSigners(), m.accountsFitCallers(), m.canonicalUsersMayBe(), m.organizationsMayBe(), m.oneNetwork(), m.membersAreInTheOrganization(), m.contextsFitServices(), m.bucketsNameNobody(), m.sourcesAreSomewhere(), m.unsure())
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
			path = domain.Literal(strings.TrimSuffix(p, "/") + "/")
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
