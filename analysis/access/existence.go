package access

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// keysFitActions: a request has the keys that AWS sends with its action. Tables
// lag behind, so that a request with another key may exist; one without it does.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func (m *model) keysFitActions() *expr {
	var es []*expr
	for _, name := range m.keyNames() {
		k := m.keys[name]
		if k.fixed != "" || k.dim == m.caller || slices.Contains(k.row.In, "*") {
			continue
		}
		switch list := m.without(name); {
		case len(list) == len(m.actions):
			es = append(es, or(not(k.present), unknown))
		case len(list) > 0:
			es = append(es, or(not(and(k.present, in(m.action, m.action.addActions(list...)))), unknown))
		}
	}
	return and(es...)
}

// ofUnsentView is a condition e on a key that is a view of the caller, which has
// no presence of its own that keysFitActions could bound: kms:CallerAccount. For
// actions with which AWS does not send the key it is open whether e decides, or
// what the operator says of a key that is absent.
func (m *model) ofUnsentView(c policy.Condition, e *expr) *expr {
	k := m.key(c.Key)
	if k.dim != m.caller || slices.Contains(k.row.In, "*") {
		return e
	}
	list := m.without(strings.ToLower(c.Key))
	if len(list) == 0 {
		return e
	}
	unsent, a := always, whenAbsent(c)
	if len(list) < len(m.actions) {
		unsent = in(m.action, m.action.addActions(list...))
	}
	return or(and(not(unsent), e), and(unsent, or(and(e, a), and(or(e, a), unknown))))
}

// whenAbsent is a condition on a key that no request has.
func whenAbsent(c policy.Condition) *expr {
	o := c.Operator
	switch {
	case o.Compare == policy.UnknownOperator || o.Compare == policy.NullCheck && len(c.Values) != 1:
		return unknown
	case o.Compare == policy.NullCheck:
		switch s, known := c.Values[0].Text.Known(); {
		case !known || c.Values[0].Maybe != "" || o.IfExists:
			return unknown
		case o.Quantifier == policy.Plain:
			return map[bool]*expr{true: always, false: never}[strings.EqualFold(s, "true")]
		}
	}
	switch {
	case o.Quantifier == policy.ForAllValues:
		return always
	case o.Quantifier == policy.ForAnyValue && o.IfExists:
		return unknown
	case o.Quantifier == policy.ForAnyValue:
		return never
	case o.Negated || o.IfExists:
		return always
	}
	return never
}

// leaveOut takes the keys out of a request that AWS does not send with its action,
// as far as they are views of the caller, and reports whether there were any.
func (m *model) leaveOut(r *evaluate.Request, action int) bool {
	some := false
	for _, name := range m.keyNames() {
		k := m.keys[name]
		_, there := r.Context[k.name]
		if there && k.dim == m.caller && !slices.Contains(k.row.In, "*") && len(unsent(name, m.actions[action:action+1])) > 0 {
			delete(r.Context, k.name)
			some = true
		}
	}
	return some
}

// without lists the actions with which AWS does not send a key, as far as the
// tables know.
func (m *model) without(key string) []int {
	if value.HasStandIn(key) {
		return nil // the key of a provider whose address is not known yet
	}
	return unsent(key, m.actions)
}

// unsent returns the indexes of the actions with which AWS does not send a key.
func unsent(key string, actions []knowledge.KindAction) []int {
	var list []int
	senders := map[string]knowledge.Senders{}
	for i, a := range actions {
		service, name, _ := strings.Cut(a.Lower, ":")
		s, ok := senders[service]
		if !ok {
			s = knowledge.SendersOf(key, service)
			senders[service] = s
		}
		if !s.Has(name) {
			list = append(list, i)
		}
	}
	return list
}

// notSent says why it is not known whether requests for some of the actions carry
// a key, "" if they may.
func notSent(key string, actions []knowledge.KindAction) string {
	if key == "" || value.HasStandIn(key) {
		return ""
	}
	list := unsent(key, actions)
	if len(list) == 0 {
		return ""
	}
	if _, known := knowledge.KeyOf(key); known {
		return key + ", which AWS does not document for " + actions[list[0]].Full
	}
	text := key + ", a condition key that AWS does not document"
	if near := spelling.Nearest(key, knowledge.KeyNames()); near != "" {
		text += "; did you mean " + near + "?"
	}
	return text
}

// tokensFitIssuers: a token has the claims of the provider that issued it, and
// an assertion of SAML has those of SAML.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
func (m *model) tokensFitIssuers() *expr {
	var es []*expr
	for _, name := range m.keyNames() {
		i := strings.LastIndexByte(name, ':')
		if i < 0 || value.HasStandIn(name) {
			continue
		}
		switch k, host := m.keys[name], name[:i]; {
		case host == "saml":
			es = append(es, not(and(m.callers(web), k.present)))
		case strings.Contains(host, ".") && !strings.Contains(host, ":"):
			es = append(es, not(and(m.callers(saml), k.present)), or(not(and(m.callers(web), k.present)), m.tokenOf(host)))
		}
	}
	return and(es...)
}

// tokenOf is the condition that the provider of the caller's token is one with
// an address, in any letter case and with or without a slash at its end, or one
// that is not known yet.
func (m *model) tokenOf(host string) *expr {
	host = strings.TrimSuffix(host, "/")
	name := domain.Concat(domain.Glob("arn:*:iam::*:oidc-provider/", domain.Any), domain.Folded(host))
	open := value.Opening()
	return in(m.caller, m.caller.addTuples(
		callerTuple(web, star, name, star),
		callerTuple(web, star, domain.Concat(name, domain.Literal("/")), star),
		callerTuple(web, star, domain.Folded(host), star),
		callerTuple(web, star, domain.Concat(star, domain.Literal(open), star), star),
	))
}

// callsFitSigners: a service passes on the credentials of a caller who signed,
// and a link that someone signed before, or a form, is used by a browser.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
func (m *model) callsFitSigners() *expr {
	k, ok := m.keys["aws:viaawsservice"]
	if !ok || k.text == nil || k.dim.form != text {
		return always
	}
	via := in(k.dim, k.dim.addTuples(k.text(domain.Literal("true"))...))
	es := []*expr{not(and(m.callers(anonymous, service, web, saml), via))}
	if by, ok := m.keys["s3:authtype"]; ok && by.text != nil && by.dim.form == text {
		ts := append(by.text(domain.Literal("REST-QUERY-STRING")), by.text(domain.Literal("POST"))...)
		es = append(es, not(and(in(by.dim, by.dim.addTuples(ts...)), via)))
	}
	return and(es...)
}

// canonicalUsersMayBe: which account a canonical user id is of, nobody but its
// owner can tell. It may be one that a policy names.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html
func (m *model) canonicalUsersMayBe() *expr {
	var named []domain.Tuple
	trusted := m.trustedAccounts()
	for _, atom := range m.caller.tuples {
		for _, t := range atom {
			kind, _ := t[0].IsLiteral()
			if kind == canonical && !(t[1].IsStar() && t[3].IsStar()) && !(t[2].IsStar() && t[3].IsStar() && slices.Contains(trusted, literalOf(t[1]))) {
				named = append(named, t)
			}
		}
	}
	es := []*expr{}
	if len(named) > 0 {
		es = append(es, or(not(in(m.caller, m.caller.addTuples(named...))), unknown))
	}
	if k, ok := m.keys["aws:principalorgid"]; ok {
		es = append(es, or(not(and(m.callers(canonical), k.present)), unknown))
	} else if k, ok := m.keys["aws:principalorgpaths"]; ok {
		es = append(es, or(not(and(m.callers(canonical), k.present)), unknown))
	}
	return and(es...)
}

// literalOf returns the only text that a pattern matches, "" if there are more.
func literalOf(p domain.Pattern) string {
	s, _ := p.IsLiteral()
	return s
}

// asOrganizations returns a text with each organization that a policy names in
// the place of the owner's: one that is not declared may be any of them.
func (m *model) asOrganizations(ps []piece) [][]piece {
	if m.org != ownOrganization || !slices.ContainsFunc(ps, isOwnOrganization) {
		return nil
	}
	var out [][]piece
	for _, id := range m.organizations {
		other := slices.Clone(ps)
		for i := range other {
			if isOwnOrganization(other[i]) {
				other[i] = piece{literal: id, exact: true}
			}
		}
		out = append(out, other)
	}
	return out
}

func isOwnOrganization(p piece) bool {
	return strings.EqualFold(p.variable, "aws:ResourceOrgID") || p.literal == ownOrganization
}

// surveyOrganizations notes the organizations that a condition compares with.
func (m *model) surveyOrganizations(c policy.Condition) {
	name := strings.ToLower(c.Key)
	if !strings.HasSuffix(name, "orgid") && !strings.HasSuffix(name, "orgpaths") {
		return
	}
	for _, v := range c.Values {
		text, known := v.Text.Known()
		id, _, _ := strings.Cut(text, "/")
		if known && strings.HasPrefix(id, "o-") && !strings.ContainsAny(id, "*?$") && !slices.Contains(m.organizations, id) {
			m.organizations = append(m.organizations, id)
		}
	}
}

// organizationsMayBe: a zone of trust that is an organization without an id may
// be any that a policy names.
func (m *model) organizationsMayBe() *expr {
	if m.zone.Type != zone.Organization || m.org != ownOrganization {
		return always
	}
	var es []*expr
	for _, name := range []string{"caller's organization", "source's organization"} {
		d := m.named(name)
		for _, id := range m.organizations {
			if d != nil {
				named := in(d, d.addTuples(domain.Tuple{domain.Literal(presentShape), domain.Literal(id), star}))
				es = append(es, or(not(named), unknown))
			}
		}
	}
	return and(es...)
}

// grammarOf is the form of an identifier as a set of texts.
func grammarOf(f *knowledge.Format) domain.Grammar {
	classes := [...]domain.Class{knowledge.Digits: domain.Digit, knowledge.Hyphenated: domain.Hyphenated, knowledge.InNames: domain.Name, knowledge.InGiven: domain.Given}
	return domain.Grammar{Prefix: f.Prefix, Class: classes[f.Of], Min: f.Min, Max: f.Max}
}

// fit returns what a pattern matches among identifiers of a form, and false if
// none is like that.
func fit(p domain.Pattern, f *knowledge.Format) (domain.Pattern, bool) {
	if f == nil {
		return p, true
	}
	return grammarOf(f).Fit(p, f.Short)
}

var (
	anyAccount   = grammarOf(knowledge.Account).Universe()
	anySession   = grammarOf(knowledge.Session).Universe()
	anyFederated = grammarOf(knowledge.FederatedUser).Universe()
)

// accountPattern returns what a pattern matches among account ids, which have
// twelve digits.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func accountPattern(p domain.Pattern) (domain.Pattern, bool) {
	p, ok := fit(p, knowledge.Account)
	if !ok {
		return p, false
	}
	return p.Digits(12)
}

// namesLike returns what a pattern matches among the paths and names of users or
// roles: the name is what stands behind the last slash, and has characters of its
// own; those of a path are printable.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
func namesLike(p domain.Pattern) []domain.Pattern {
	return p.Ending(domain.Name, knowledge.Name.Max)
}
