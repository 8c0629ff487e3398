package access

import (
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Own values that are not declared stand for themselves: equal to their policy
// variable and to nothing that a policy can name.
var (
	ownAccount      = value.StandIn("aws:ResourceAccount")
	ownOrganization = value.StandIn("aws:ResourceOrgID")
	memberAccount   = value.StandIn("member account of the organization") // any of them
)

// Kinds of callers: the first part of the caller dimension. The others are
// account, name (path and name of a user or role, identity provider, service,
// canonical id) and role session.
const (
	anonymous     = knowledge.CallerAnonymous
	user          = knowledge.CallerUser
	role          = knowledge.CallerRole
	root          = knowledge.CallerRoot
	federatedUser = knowledge.CallerFederatedUser
	canonical     = knowledge.CallerCanonical
	web           = knowledge.CallerWeb
	saml          = knowledge.CallerSAML
	service       = knowledge.CallerService
	unresolved    = knowledge.CallerUnresolved
)

var accountKinds = []string{user, role, root, federatedUser}

// model is the space of requests that one analysis is about: a resource, its
// policies and a zone of trust.
type model struct {
	kind      *knowledge.Kind
	actions   []knowledge.KindAction
	shapes    []string // ARN patterns that a request's resource can have, see knowledge.Shape
	arn       string
	partition string
	owner     string   // account, or ownAccount
	org       string   // organization, or ownOrganization
	own       []string // see resource.Resource.Own
	unsigned  bool     // a request need not be signed
	// sessions is set where a principal is a pattern for sessions of a role, so that
	// an example needs the name of one.
	sessions bool
	zone     *zone.Zone

	dims       []*dimension // in the order of their levels, the action dimension aside
	keys       map[string]*key
	families   map[string]families // of the operators that policies use on each key
	caller     *dimension
	resource   *dimension
	action     *dimension
	tabled     int                 // actions from here on are in no table
	untabledBy map[string]untabled // those, by their names in small letters
	near       map[string]string   // of those, the actions that were probably meant
	byLower    []int               // indexes of the actions, sorted by lower-case name
	patterns   int                 // for actions, so far
	trigrams   map[string][]int32  // the actions that have three letters in their names
	indexed    int                 // how many of the actions are in trigrams

	organizations []string      // that policies name
	sources       []sourceNeeds // services that patterns for aws:SourceArn name
	someRegions   bool          // those have wildcards in Regions

	constants [len(constants)]bool // those that policies use as variables
	kinds     map[string]*expr     // see callers
	someones  []atom               // values that nothing else is, see someone.go
	untyped   bool                 // an address, number or date is compared as text
	precision precision
	complete  bool     // see question
	through   bool     // all requests go through one access point
	denying   bool     // the statement that is being compiled denies
	clashes   []string // names of which not all can exist
	unique    bool     // names of users and roles are, see namesAreUnique
	logical   bool     // nothing counts but what policies say, see NoNewAccess
	// asked are the keys that a Null operator asks for, each with the condition that it
	// is an empty text, and blank those that policies
	// may compare with one.
	asked map[*key]*expr
	blank map[*key]bool

	relations []*relation
	space     *domain.Space
	limits    domain.Limits
}

// families of condition operators.
type families uint8

const (
	textFamily families = 1 << iota
	arnFamily
	numberFamily
	dateFamily
	addressFamily
	boolFamily
	setFamily   // ForAllValues or ForAnyValue
	plainFamily // neither
)

// newModel prepares the dimensions that every request has.
func newModel(s Subject, docs []*policy.Document, z *zone.Zone) *model {
	m := &model{
		kind: s.Kind, actions: s.actions, shapes: s.shapes, arn: s.ARN, partition: s.Partition, owner: s.Account, org: z.Organization, own: s.own, unsigned: (s.Kind.Unsigned || s.Kind.UnsignedOpen != "") && !s.signed, zone: z,
		keys: map[string]*key{}, families: map[string]families{}, kinds: map[string]*expr{}, limits: domain.DefaultLimits, asked: map[*key]*expr{}, blank: map[*key]bool{},
	}
	if m.owner == "" {
		m.owner = ownAccount
	}
	if m.org == "" {
		m.org = ownOrganization
	}
	for _, d := range docs {
		m.survey(d)
	}
	m.caller = m.dimension("caller")
	m.caller.ids = 1
	m.caller.shapes = m.callerShapes(docs)
	m.caller.prefer = [][]string{{anonymous, web, saml, role, user, root}, {"999999999999"}, {"outside", "sns.amazonaws.com", "s3.amazonaws.com", "events.amazonaws.com"}, {"session"}}
	m.resource = m.dimension("resource")
	m.resource.shapes = m.resourceShapes()
	m.resource.prefer = [][]string{nil, {"us-east-1"}, {m.owner, "111122223333"}, {"example", "example/object"}}
	return m
}

func (m *model) dimension(name string) *dimension {
	d := &dimension{name: name}
	m.dims = append(m.dims, d)
	return d
}

// survey notes which families of operators the document uses on each key: they
// decide what kind of values the key's dimension has.
func (m *model) survey(d *policy.Document) {
	for _, s := range d.Statements {
		for _, c := range s.Condition {
			m.surveyOrganizations(c)
			name := strings.ToLower(c.Key)
			f := m.families[name]
			switch c.Operator.Compare {
			case policy.NumericEquals, policy.NumericLessThan, policy.NumericLessThanEquals, policy.NumericGreaterThan, policy.NumericGreaterThanEquals:
				f |= numberFamily
			case policy.DateEquals, policy.DateLessThan, policy.DateLessThanEquals, policy.DateGreaterThan, policy.DateGreaterThanEquals:
				f |= dateFamily
			case policy.IpAddress:
				f |= addressFamily
			case policy.ArnEquals, policy.ArnLike:
				f |= arnFamily
			case policy.Bool:
				f |= boolFamily
			case policy.NullCheck, policy.UnknownOperator:
			case policy.StringLike:
				if !isAnyText(c.Values) {
					f |= textFamily
				}
			default:
				f |= textFamily
			}
			if c.Operator.Quantifier != policy.Plain {
				f |= setFamily
			} else {
				f |= plainFamily
			}
			m.families[name] = f
		}
	}
}

// isAnyText reports whether values of StringLike ask for no more than presence.
func isAnyText(values []policy.Pattern) bool {
	for _, v := range values {
		if s, known := v.Text.Known(); !known || s != "*" {
			return false
		}
	}
	return true
}

// callerShapes lists the callers that there can be.
func (m *model) callerShapes(docs []*policy.Document) []domain.Tuple {
	account, name, empty := anyAccount, domain.Something(domain.Any), domain.Literal("")
	shape := func(kind string, account, name, session domain.Pattern) domain.Tuple {
		return domain.Tuple{domain.Literal(kind), account, name, session}
	}
	shapes := []domain.Tuple{
		shape(user, account, name, empty),
		shape(role, account, name, anySession),
		shape(root, account, empty, empty),
		shape(service, empty, domain.Concat(name, domain.Literal("."), name), empty),
	}
	if m.isRole() {
		shapes = append(shapes, shape(web, empty, name, empty), shape(saml, empty, name, empty))
	} else {
		shapes = append(shapes, shape(federatedUser, account, anyFederated, empty))
	}
	if !m.isRole() && mentions(docs, func(p policy.Principal) bool { return p.Kind == policy.Federated }) {
		shapes = append(shapes, shape(web, empty, name, empty), shape(saml, empty, name, empty))
	}
	if m.unsigned {
		shapes = append(shapes, shape(anonymous, empty, empty, empty))
	}
	if mentions(docs, func(p policy.Principal) bool { return p.Kind == policy.CanonicalUser }) {
		// The callers behind it are users and roles of one account.
		shapes = append(shapes, shape(canonical, account, name, domain.Literal("root")),
			shape(canonical, account, name, domain.Concat(domain.Literal("user/"), name)), shape(canonical, account, name, domain.Concat(domain.Literal("role/"), name)))
	}
	if mentions(docs, func(p policy.Principal) bool {
		return p.Kind == policy.AWS && !m.attributable(globOf(pieces(p.Text, false)))
	}) {
		shapes = append(shapes, shape(unresolved, empty, name, empty))
	}
	return shapes
}

// sortedActions returns the indexes of actions in the order of their lower-case
// names.
func sortedActions(actions []knowledge.KindAction) []int {
	out := make([]int, len(actions))
	for i := range out {
		out[i] = i
	}
	sort.Slice(out, func(i, j int) bool { return actions[out[i]].Lower < actions[out[j]].Lower })
	return out
}

func mentions(docs []*policy.Document, f func(policy.Principal) bool) bool {
	for _, d := range docs {
		for _, s := range d.Statements {
			for _, p := range s.Principal.List {
				if f(p) {
					return true
				}
			}
		}
	}
	return false
}

// isRole reports whether the policy is a role's trust policy: who can call is
// decided by the action then.
func (m *model) isRole() bool { return m.kind.Type == "AWS::IAM::Role" }

// callers is the condition that the caller is of one of the kinds.
func (m *model) callers(kinds ...string) *expr {
	name := strings.Join(kinds, " ")
	if e, ok := m.kinds[name]; ok {
		return e
	}
	ts := make([]domain.Tuple, 0, len(kinds))
	for _, k := range kinds {
		ts = append(ts, callerTuple(k, star, star, star))
	}
	e := in(m.caller, m.caller.addTuples(ts...))
	m.kinds[name] = e
	return e
}

var star = domain.Star(domain.Any)

func callerTuple(kind string, account, name, session domain.Pattern) domain.Tuple {
	return domain.Tuple{domain.Literal(kind), account, name, session}
}

// accountTuples are all callers of the accounts that match.
func accountTuples(account domain.Pattern) []domain.Tuple {
	var ts []domain.Tuple
	for _, k := range accountKinds {
		ts = append(ts, callerTuple(k, account, star, star))
	}
	return ts
}

// principalARN are the callers whose aws:PrincipalArn has the parts: for a role
// session that is the role's ARN, and …:root is the root user only.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
func (m *model) principalARN(parts []domain.Pattern) []domain.Tuple {
	account, ok := ownerOf(parts[4])
	if !ok || !parts[0].Match("arn") || !parts[1].Match(m.partition) || !parts[3].Match("") {
		return nil
	}
	return principalNames(parts[2], account, parts[5])
}

// ownerOf returns what a pattern of the account of a principal's ARN matches: an
// account id, or the name that CloudFront has for its own identities.
func ownerOf(p domain.Pattern) (domain.Pattern, bool) {
	if isCloudFront(p) {
		return p, true
	}
	return accountPattern(p)
}

func isCloudFront(account domain.Pattern) bool {
	s, exact := account.IsLiteral()
	return exact && s == "cloudfront"
}

// principalNames are the callers with a service ("iam" or "sts"), account and
// last part of their ARN.
func principalNames(service, account, rest domain.Pattern) []domain.Tuple {
	var ts []domain.Tuple
	named := func(kind, prefix string) {
		for _, name := range rest.After(prefix) {
			names := []domain.Pattern{name}
			if !isCloudFront(account) {
				names = namesLike(name)
			}
			for _, name := range names {
				ts = append(ts, callerTuple(kind, account, name, star))
			}
		}
	}
	if service.Match("iam") {
		named(user, "user/")
		named(role, "role/")
		if rest.Match("root") {
			ts = append(ts, callerTuple(root, account, star, star))
		}
		ts = append(ts, callerTuple(canonical, account, star, rest))
	}
	if service.Match("sts") {
		for _, name := range rest.After("federated-user/") {
			if name, ok := fit(name, knowledge.FederatedUser); ok {
				ts = append(ts, callerTuple(federatedUser, account, name, star))
			}
		}
	}
	return ts
}

// writtenOwner is ownerOf for an ARN that is compared as text. IAM Access Analyzer
// looks at no id in a text: it reports arn:aws:iam::123:user/a*c as an outside
// caller, so digits that are written out stand for themselves, however many.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
func writtenOwner(p domain.Pattern) (domain.Pattern, bool) {
	if s, exact := p.IsLiteral(); exact && s != "" && strings.Trim(s, "0123456789") == "" {
		return p, true
	}
	return ownerOf(p)
}

// principalText are the callers whose aws:PrincipalArn matches a pattern over
// the whole ARN, whose '*' may run across colons.
func (m *model) principalText(p domain.Pattern) []domain.Tuple {
	var ts []domain.Tuple
	for _, service := range []string{"iam", "sts"} {
		for _, q := range p.After("arn:" + m.partition + ":" + service + "::") {
			for _, pair := range q.Split(':', domain.NotColon, knowledge.Account.Max) {
				if account, ok := writtenOwner(pair[0]); ok {
					ts = append(ts, principalNames(domain.Literal(service), account, pair[1])...)
				}
			}
		}
	}
	return ts
}

// principal are the callers that a principal of a policy names.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (m *model) principal(p policy.Principal) *expr {
	if p.Maybe != "" {
		q := p
		q.Maybe = ""
		return and(unknown, m.principal(q))
	}
	c := m.caller
	switch p.Kind {
	case policy.Anyone:
		return always
	case policy.Authenticated:
		return m.callers(append([]string{canonical, unresolved}, accountKinds...)...)
	}
	ps := pieces(p.Text, false)
	if inexact, _ := open(ps, m); inexact {
		return m.someone(p.Kind, ps)
	}
	return in(c, c.addTuples(m.principalTuples(p.Kind, ps)...))
}

// principalTuples are the callers that the text of a principal names.
func (m *model) principalTuples(kind policy.PrincipalKind, ps []piece) []domain.Tuple {
	pattern := m.compile(ps, domain.Any, true, false)
	switch kind {
	case policy.Service:
		return []domain.Tuple{callerTuple(service, star, pattern, star)}
	case policy.Federated:
		switch s, literal := textOf(ps), isLiteral(ps); {
		case literal && strings.Contains(s, ":saml-provider/"):
			return []domain.Tuple{callerTuple(saml, star, pattern, star)}
		case literal && !value.HasStandIn(s):
			return []domain.Tuple{callerTuple(web, star, pattern, star)}
		}
		return []domain.Tuple{callerTuple(web, star, pattern, star), callerTuple(saml, star, pattern, star)}
	case policy.CanonicalUser:
		return []domain.Tuple{callerTuple(canonical, star, pattern, star)}
	}
	return m.awsPrincipal(ps)
}

func (m *model) awsPrincipal(ps []piece) []domain.Tuple {
	if !m.attributable(globOf(ps)) {
		return []domain.Tuple{callerTuple(unresolved, star, m.compile(ps, domain.Any, false, false), star)}
	}
	segs, ok := segments(ps, ':', 6)
	if !ok && len(segs) > 1 && hasWildcard(ps) {
		for len(segs) < 6 {
			segs = append(segs, []piece{{literal: "*"}}) // the wildcard may be all that follows
		}
		ok = true
	}
	if ok {
		parts := m.arnParts(segs, true)
		switch {
		case !parts[0].Match("arn") || !parts[1].Match(m.partition) || !parts[3].Match("") && !m.isParty(textOf(segs[2])):
			return nil
		case parts[2].Match("iam") && parts[5].Match("root"), m.isParty(textOf(segs[2])):
			return accountTuples(parts[4])
		case parts[2].Match("sts"):
			m.sessions = m.sessions || hasWildcard(segs[5])
			var ts []domain.Tuple
			for _, rest := range parts[5].After("assumed-role/") {
				// Session ARNs leave the path of the role out.
				for _, pair := range rest.Split('/', domain.NotSlash, knowledge.Name.Max) {
					session, ok := fit(pair[1], knowledge.Session)
					if !ok || len(namesLike(pair[0])) == 0 {
						continue
					}
					ts = append(ts, callerTuple(role, parts[4], pair[0], session),
						callerTuple(role, parts[4], domain.Concat(star, domain.Literal("/"), pair[0]), session))
				}
			}
			return append(ts, principalNames(parts[2], parts[4], parts[5])...)
		}
		return principalNames(parts[2], parts[4], parts[5])
	}
	return accountTuples(m.compile(ps, domain.NotColon, true, false))
}

// arnParts compiles the six parts of an ARN pattern; wildcards stay within
// their part.
func (m *model) arnParts(segs [][]piece, like bool) []domain.Pattern {
	parts := make([]domain.Pattern, 6)
	for i, s := range segs {
		class := domain.NotColon
		if i == 5 {
			class = domain.Any
		}
		parts[i] = m.compile(s, class, like, false)
	}
	return parts
}

// attributable reports whether an account can be read from an AWS principal: an
// account id, or an ARN of something that can be a principal here. A unique id
// of a deleted principal is not, nor is an ARN of another partition or of a
// group, which AWS refuses.
func (m *model) attributable(s string) bool {
	f := arn.Fields(s)
	if len(f) == 1 {
		return isAccount(s) || s == m.owner || s == memberAccount || strings.ContainsAny(s, "*?") && !strings.Contains(s, "${")
	}
	// The first field may have a wildcard like the others.
	who, whole := arn.Parse("arn" + strings.TrimPrefix(s, f[0]))
	if !whole {
		return strings.ContainsAny(s, "*?")
	}
	if m.isParty(who.Service) && isAccount(who.Account) {
		return true
	}
	name, _, _ := strings.Cut(who.Resource, "/")
	return globMatch(f[0], "arn") && globMatch(who.Partition, m.partition) && who.Region == "" && (globMatch(who.Service, "iam") || globMatch(who.Service, "sts")) &&
		(strings.ContainsAny(name, "*?") || contains([]string{"root", "user", "role", "assumed-role", "federated-user"}, name))
}

// isParty reports whether ARNs of a service can stand on the list of the kind, for
// their account.
func (m *model) isParty(service string) bool { return contains(m.kind.Parties, service) }

func isAccount(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// resourceShapes are the ARNs that a request's resource can have: shape, region,
// account and last part.
func (m *model) resourceShapes() []domain.Tuple {
	var out []domain.Tuple
	for i, pattern := range m.shapes {
		parts, ok := arn.Parse(pattern)
		if !ok {
			parts = arn.ARN{Partition: "*", Service: "*", Region: "*", Account: "*", Resource: "*"}
		}
		account := domain.Glob(parts.Account, domain.NotColon)
		if parts.Account == "*" && m.arn != "" {
			// A resource is in its owner's account. Of one that is not known
			// the policy may be another account's than the declared one.
			account = domain.Literal(m.owner)
		}
		rest := domain.Glob(parts.Resource, domain.Any)
		if i == 0 && m.hasPathBelow() {
			rest = domain.Glob(parts.Resource, domain.NotSlash)
		}
		out = append(out, domain.Tuple{domain.Literal(shapeName(i)), domain.Glob(parts.Region, domain.NotColon), account, rest})
	}
	return out
}

// hasPathBelow reports whether sub-resources follow the resource behind a slash,
// so that the name of the resource itself has none.
func (m *model) hasPathBelow() bool {
	for _, s := range m.kind.Shapes {
		if strings.HasPrefix(s.Pattern, "{arn}/") {
			return true
		}
	}
	return false
}

func shapeName(i int) string { return string(rune('A' + i)) }

// resources is the condition that the request's resource matches a pattern of a
// Resource element. Wildcards match within a part of the ARN, in the last one
// anything.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func (m *model) resources(p policy.Pattern, variables bool) *expr {
	if p.Maybe != "" {
		q := p
		q.Maybe = ""
		return and(unknown, m.resources(q, variables))
	}
	ps := pieces(p.Text, variables)
	if len(ps) == 1 && ps[0].unknown != "" {
		return unknown
	}
	return m.substitute(ps, target{how: resourceRelation, dim: m.resource, whole: m.resourceText, match: m.resourceMatch, parts: m.resourceParts}, m.resourcePieces)
}

func (m *model) resourcePieces(ps []piece) (*expr, []piece) {
	if len(ps) == 1 && ps[0].literal == "*" && !ps[0].exact {
		return always, nil
	}
	segs, ok := segments(ps, ':', 6)
	short := !ok
	for len(segs) < 6 {
		segs = append(segs, []piece{{literal: "*"}})
	}
	parts := m.arnParts(segs, true)
	if s := textOf(ps); !parts[0].Match("arn") || !hasWildcard(ps) && !strings.HasPrefix(s, "arn:") {
		return unknown, nil // AWS would refuse it; it may stand for the resource itself
	}
	foreign := !parts[1].Match(m.partition)
	if foreign && (m.arn != "" || m.logical) {
		return never, nil
	}
	var ts []domain.Tuple
	var perhaps []domain.Tuple
	for i, shape := range m.shapes {
		if s, ok := arn.Parse(shape); ok && s.Service != "*" && !parts[2].Match(s.Service) {
			continue
		}
		if value.HasStandIn(shape) && mayTurnOut(ps, shape) {
			perhaps = append(perhaps, domain.Tuple{domain.Literal(shapeName(i)), star, star, star})
			continue
		}
		ts = append(ts, domain.Tuple{domain.Literal(shapeName(i)), parts[3], parts[4], parts[5]})
	}
	// A short ARN goes on with wildcards if it has one itself; without one, and
	// for a variable before the last part, what AWS does is open.
	inexact, vars := open(ps, m)
	inexact = inexact || foreign || short && !hasWildcard(ps)
	for _, s := range segs[:5] {
		inexact = inexact || hasVariable(s)
	}
	e := m.atom(m.resource, inexact, ts...)
	if len(perhaps) > 0 {
		e = or(e, m.atom(m.resource, true, perhaps...))
	}
	return e, vars
}

// atom is the condition that the value lies in the tuples; at most, when a part
// of the pattern is not known.
func (m *model) atom(d *dimension, inexact bool, ts ...domain.Tuple) *expr {
	a := d.addTuples(ts...)
	if inexact {
		return &expr{op: opIn, dim: d, most: []int{a}}
	}
	return in(d, a)
}

// open returns whether a piece is unknown, and the variables that vary.
func open(ps []piece, m *model) (unknowns bool, vars []piece) {
	for _, p := range ps {
		if p.unknown != "" {
			unknowns = true
		}
		if p.variable != "" {
			if _, ok := m.constant(p.variable); !ok {
				vars = append(vars, p)
			}
		}
	}
	return unknowns, vars
}

func hasVariable(ps []piece) bool {
	for _, p := range ps {
		if p.variable != "" {
			return true
		}
	}
	return false
}

func hasWildcard(ps []piece) bool {
	for _, p := range ps {
		if p.unknown != "" || p.variable != "" || !p.exact && strings.ContainsAny(p.literal, "*?") {
			return true
		}
	}
	return false
}

// resourceText writes the ARN of a cell's example.
func (m *model) resourceText(parts []string) (string, bool) {
	i := int(parts[0][0] - 'A')
	shape, ok := arn.Parse(m.shapes[i])
	return arn.ARN{Partition: m.partition, Service: shape.Service, Region: parts[1], Account: parts[2], Resource: parts[3]}.String(), ok
}

// resourceMatch matches a pattern of a Resource element, without variables,
// against an ARN.
func (m *model) resourceMatch(ps []piece, text string) bool {
	if len(ps) == 1 && ps[0].literal == "*" && !ps[0].exact {
		return true
	}
	segs, ok := segments(ps, ':', 6)
	parts := arn.Fields(text)
	if !ok && !hasWildcard(ps) || len(parts) != 6 {
		return false
	}
	for len(segs) < 6 {
		segs = append(segs, []piece{{literal: "*"}})
	}
	for i, p := range m.arnParts(segs, true) {
		if !p.Match(parts[i]) {
			return false
		}
	}
	return true
}

// resourceParts is the reverse of resourceText, nil for an ARN that no request
// names.
func (m *model) resourceParts(text string) []string {
	name, ok := arn.Parse(text)
	if !ok {
		return nil
	}
	for i := range m.shapes {
		parts := []string{shapeName(i), name.Region, name.Account, name.Resource}
		if m.resource.words.Find(parts) >= 0 {
			return parts
		}
	}
	return nil
}
