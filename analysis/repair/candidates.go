package repair

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Access is what a finding is about.
type Access struct {
	PrincipalKey string // AWS, Federated, CanonicalUser, or Service
	Principal    string // "*" for anyone
	Conditions   map[string]string
	Public       bool
	Statements   []*policy.Statement // that grant it
}

// Candidates are the changes that may close an access, in an order of preference
// among those of one size: at first what takes out no more than its own entry.
func Candidates(a Access, r resource.Resource, z *zone.Zone) []Candidate {
	if len(a.Statements) == 0 {
		return nil
	}
	c := candidates{access: a, zone: z, resource: r}
	var each [][]Candidate
	for _, s := range a.Statements {
		each = append(each, c.statement(s))
	}
	out := each[0]
	if len(each) > 1 {
		out = together(each)
	}
	if r.Type == "AWS::S3::Bucket" && !r.Span.IsZero() && a.PrincipalKey == "AWS" && a.Principal == "*" {
		out = append(out, c.lists(r)...)
	}
	if a.Public && r.Type == "AWS::S3::Bucket" && !r.Span.IsZero() {
		out = append(out, Candidate{Edits: []Edit{{Kind: Block, At: r.Span}}, Says: "turns on S3 Block Public Access of the bucket"})
	}
	return out
}

// lists are what could take the place of a public grant of an access control list:
// the list is private, and the policy of the bucket lets in who is of the zone. S3
// lets everyone include your account, so that making the list private alone
// would take something from it.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups
func (c candidates) lists(r resource.Resource) []Candidate {
	all := Edit{Kind: Grant, Bucket: r.Address}
	var withdrawn []Edit
	at := []source.Span{r.Span}
	for _, d := range r.Documents {
		for i := range d.Policy.Statements {
			s := &d.Policy.Statements[i]
			switch {
			case d.Source == "" && len(d.Policy.Statements)-1 == i && !s.Span.IsZero():
				at = []source.Span{s.Span}
			case d.Source != resource.BucketACL || !slices.Contains(c.access.Statements, s):
			case all.Statement == nil:
				all.Statement = s
				withdrawn = append(withdrawn, Edit{Kind: Withdraw, At: s.Span})
			default:
				merged := *all.Statement
				merged.Action.List = slices.Concat(merged.Action.List, s.Action.List)
				all.Statement = &merged
				if !slices.ContainsFunc(withdrawn, func(e Edit) bool { return e.At == s.Span }) {
					withdrawn = append(withdrawn, Edit{Kind: Withdraw, At: s.Span})
				}
			}
		}
	}
	if len(withdrawn) == 0 {
		return nil
	}
	var out []Candidate
	add := func(who string, e Edit) {
		for _, span := range at {
			e.At = span
			out = append(out, Candidate{Edits: append(slices.Clone(withdrawn), e), Says: "makes the access control list private, and lets " + who + " keep what it allowed to everyone"})
		}
	}
	if org := c.organization(); org != nil {
		e := all
		e.Conditions = []Condition{{"StringEquals", "aws:PrincipalOrgID", org}}
		add("the organization", e)
		return out
	}
	for _, v := range c.ownAccount() {
		e := all
		e.Value = v
		add("your account", e)
	}
	e := all
	e.Conditions = []Condition{{"StringEquals", "aws:PrincipalAccount", []Value{{Text: "${aws:ResourceAccount}"}}}}
	add("your account", e)
	return out
}

// together joins the candidates of several statements: the same of each where
// each has it, and what there is where one has not.
func together(each [][]Candidate) []Candidate {
	var out []Candidate
	for n, first := range each[0] {
		joined := Candidate{Says: first.Says, Last: first.Last, Loses: first.Loses, Edits: slices.Clone(first.Edits)}
		for _, list := range each[1:] {
			if len(list) == 0 {
				return nil
			}
			i := slices.IndexFunc(list, func(c Candidate) bool { return alike(c, first) })
			if i < 0 {
				i = min(n, len(list)-1)
			}
			for _, e := range list[i].Edits {
				if !slices.ContainsFunc(joined.Edits, func(x Edit) bool { return x.Kind == e.Kind && x.At == e.At }) {
					joined.Edits = append(joined.Edits, e)
				}
			}
			if list[i].Says != joined.Says && !strings.Contains(joined.Says, list[i].Says) {
				joined.Says += ", and " + list[i].Says
			}
			joined.Last = joined.Last || list[i].Last
			if joined.Loses == "" {
				joined.Loses = list[i].Loses
			}
		}
		out = append(out, joined)
	}
	return out
}

func alike(a, b Candidate) bool {
	return len(a.Edits) > 0 && len(b.Edits) > 0 && a.Edits[0].Kind == b.Edits[0].Kind &&
		slices.EqualFunc(a.Edits[0].Conditions, b.Edits[0].Conditions, func(x, y Condition) bool {
			return x.Operator == y.Operator && x.Key == y.Key && slices.Equal(x.Values, y.Values)
		})
}

type candidates struct {
	access   Access
	zone     *zone.Zone
	resource resource.Resource
}

// name of a statement, for people.
func (c candidates) name(s *policy.Statement) string {
	out := fmt.Sprintf("statement %d", s.Index+1)
	if s.Sid != "" {
		out = fmt.Sprintf("statement %q", s.Sid)
	}
	for _, d := range c.resource.Documents {
		for i := range d.Policy.Statements {
			switch {
			case &d.Policy.Statements[i] != s:
			case d.Source == resource.BucketACL:
				return "the grant of the access control list"
			case d.Address != "":
				return out + " of " + d.Address
			}
		}
	}
	return out
}

// statement lists what could be done about one statement.
func (c candidates) statement(s *policy.Statement) []Candidate {
	if s.Span.IsZero() || s.Effect != policy.Allow {
		return nil
	}
	var out []Candidate
	add := func(says string, edits ...Edit) { out = append(out, Candidate{Edits: edits, Says: says}) }
	mine, all := c.principals(s)
	if len(mine) > 0 && !all {
		var edits []Edit
		for _, p := range mine {
			edits = append(edits, Edit{Kind: Remove, At: p.Span})
		}
		add(fmt.Sprintf("takes the principal %s out of %s", shown(mine), c.name(s)), edits...)
		out[0] = elsewhere(out[0], s.Span)
	}
	if len(mine) > 0 {
		out = append(out, c.given(mine, s)...)
	}
	out = append(out, c.values(s)...)
	for _, conditions := range c.limits() {
		add(fmt.Sprintf("adds to %s the condition %s", c.name(s), words(conditions)), Edit{Kind: Require, At: s.Span, Conditions: conditions})
	}
	add("takes out "+c.name(s), Edit{Kind: Withdraw, At: s.Span})
	for _, conditions := range c.perimeters() {
		whom := "everyone else"
		if c.access.PrincipalKey == "Service" {
			whom = "services that act for others"
		}
		add(fmt.Sprintf("adds a statement that denies to %s what %s allows: %s", whom, c.name(s), words(conditions)), Edit{Kind: Add, At: s.Span, Conditions: conditions, Statement: s})
	}
	if all && len(mine) == 1 && c.access.Principal == "*" && strings.HasPrefix(c.resource.Type, "AWS::Lambda::") {
		out = append(out, c.narrowed(mine[0], s)...)
	}
	out = append(out, Candidate{Edits: []Edit{{Kind: Refuse, At: s.Span}}, Says: fmt.Sprintf("makes a Deny of %s, which is the only one of a document that may not be empty", c.name(s)), Last: true})
	return out
}

// narrowed puts your account in the place of everyone in a permission of a
// function or a layer, which can have no condition on the account of the caller.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
func (c candidates) narrowed(p policy.Principal, s *policy.Statement) []Candidate {
	if c.organization() != nil || len(c.zone.Accounts) > 0 {
		return nil
	}
	var out []Candidate
	for _, v := range c.ownAccount() {
		out = append(out, Candidate{
			Edits: []Edit{{Kind: Replace, At: p.Span, Value: v}}, Says: fmt.Sprintf("puts your account in the place of %s in %s", shown([]policy.Principal{p}), c.name(s)), Last: true,
			Loses: "callers of your account need an identity-based policy that allows the call as well: a permission for an account leaves that to it",
		})
	}
	return out
}

// given puts your account in the place of a principal that a statement has from
// elsewhere, as a module has it from its call: the statement is for other calls too.
func (c candidates) given(mine []policy.Principal, s *policy.Statement) []Candidate {
	var out []Candidate
	for _, v := range c.ownAccount() {
		replace := Candidate{Says: fmt.Sprintf("puts your account in the place of %s in %s, whose callers may do it then as far as their own policies allow", shown(mine), c.name(s))}
		for _, p := range mine {
			if within(p.Span, s.Span) || c.access.PrincipalKey != "AWS" || p.Text.String() == "*" {
				return nil
			}
			replace.Edits = append(replace.Edits, Edit{Kind: Replace, At: p.Span, Value: v})
		}
		out = append(out, elsewhere(replace, s.Span))
	}
	return out
}

func within(inner, outer source.Span) bool {
	return inner.File == outer.File && inner.Start >= outer.Start && inner.End <= outer.End
}

// elsewhere makes a change the last choice that is not made in the statement, but
// in a value that it has from elsewhere: what else the value is for is not known.
func elsewhere(c Candidate, statement source.Span) Candidate {
	for _, e := range c.Edits {
		if !within(e.At, statement) {
			at, _ := e.At.Range(source.Runes)
			c.Last = true
			c.Says += fmt.Sprintf(", in a value from %s:%d that may be used for more", e.At.Path(), at.Line)
			return c
		}
	}
	return c
}

func shown(list []policy.Principal) string {
	var names []string
	for _, p := range list {
		names = append(names, value.Shown(p.Text.String()))
	}
	return strings.Join(names, ", ")
}

// principals are the entries of a statement that the access is of, and whether
// there are no others.
func (c candidates) principals(s *policy.Statement) (mine []policy.Principal, all bool) {
	if s.Principal.Not {
		return nil, true
	}
	all = true
	for _, p := range s.Principal.List {
		switch {
		case c.isOf(p) && !p.Span.IsZero():
			mine = append(mine, p)
		default:
			all = false
		}
	}
	return mine, all
}

func (c candidates) isOf(p policy.Principal) bool {
	if p.Kind.Key() != c.access.PrincipalKey {
		return false
	}
	text := value.Shown(p.Text.String())
	return text == c.access.Principal || strings.HasSuffix(text, ":"+c.access.Principal+":root")
}

// values are conditions of the statement with a value that lets the access in,
// among others that do not.
func (c candidates) values(s *policy.Statement) []Candidate {
	var out []Candidate
	for _, cond := range s.Condition {
		if cond.Operator.Negated {
			continue
		}
		for key, want := range c.access.Conditions {
			if !strings.EqualFold(key, cond.Key) || len(cond.Values) < 2 {
				continue
			}
			for _, v := range cond.Values {
				if value.Shown(v.Text.String()) == want && !v.Span.IsZero() {
					taken := Candidate{Edits: []Edit{{Kind: Remove, At: v.Span}}, Says: fmt.Sprintf("takes the value %s of %s out of %s", want, cond.Key, c.name(s))}
					out = append(out, elsewhere(taken, s.Span))
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Candidate) int { return a.Edits[0].At.Start - b.Edits[0].At.Start })
	return out
}

// ownAccount lists what may stand for your account: what the deployment has
// for it, its number where that is declared, and the policy variable.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
func (c candidates) ownAccount() []Value {
	out := []Value{{Is: value.OwnAccount}}
	if c.zone.Account != "" {
		out = append(out, Value{Text: c.zone.Account})
	}
	return out
}

// own lists the values of a condition that the zone's callers meet: one list for
// each way to say it.
func (c candidates) own() [][]Value {
	var out [][]Value
	for _, v := range append(c.ownAccount(), Value{Text: "${aws:ResourceAccount}"}) {
		values := []Value{v}
		for _, id := range c.zone.Accounts {
			values = append(values, Value{Text: id})
		}
		out = append(out, values)
	}
	return out
}

// organization returns the values for a condition on your organization, nil
// if the zone is not one.
func (c candidates) organization() []Value {
	if c.zone.Type != zone.Organization || c.zone.Organization == "" {
		return nil
	}
	return []Value{{Text: c.zone.Organization}}
}

// limits are the conditions that only callers from inside meet; of a service
// principal, only calls on behalf of the zone.
func (c candidates) limits() [][]Condition {
	organization, account := "aws:PrincipalOrgID", "aws:PrincipalAccount"
	switch c.access.PrincipalKey {
	case "Service":
		organization, account = "aws:SourceOrgID", "aws:SourceAccount"
	case "Federated":
		return c.subjects()
	case "CanonicalUser":
		return nil
	case "AWS":
		if c.access.Principal != "*" {
			return nil // a condition that nobody in the statement could meet
		}
	}
	if org := c.organization(); org != nil {
		return [][]Condition{{{"StringEquals", organization, org}}}
	}
	var out [][]Condition
	for _, own := range c.own() {
		out = append(out, []Condition{{"StringEquals", account, own}})
	}
	if c.access.PrincipalKey == "AWS" {
		// The key is in every request of a caller, with the value "anonymous" where
		// nobody signed, and in none of a service, which is to keep its access.
		//
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalaccount
		for _, own := range c.own() {
			out = append(out, []Condition{{"StringEqualsIfExists", account, own}})
		}
	}
	return out
}

// subjects are the conditions on the tokens that the zone trusts, where it does.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_secure-by-default.html
func (c candidates) subjects() [][]Condition {
	var out [][]Condition
	for _, o := range c.zone.OIDC {
		if !strings.HasSuffix(c.access.Principal, o.Issuer) || o.Issuer == "" {
			continue
		}
		sub := Condition{"StringLike", o.Issuer + ":sub", texts(o.Subjects)}
		aud := Condition{"StringEquals", o.Issuer + ":aud", texts(o.Audiences)}
		for _, list := range [][]Condition{{sub}, {aud}, {sub, aud}} {
			if !slices.ContainsFunc(list, func(c Condition) bool { return len(c.Values) == 0 }) {
				out = append(out, list)
			}
		}
	}
	return out
}

// perimeters are the conditions of a Deny that keeps everyone out but the zone's
// callers and the services of AWS.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
func (c candidates) perimeters() [][]Condition {
	no, yes := []Value{{Text: "false"}}, []Value{{Text: "true"}}
	switch c.access.PrincipalKey {
	case "AWS":
		if c.access.Principal != "*" {
			return nil
		}
	case "Service":
		if org := c.organization(); org != nil {
			return [][]Condition{{{"StringNotEqualsIfExists", "aws:SourceOrgID", org}, {"Bool", "aws:PrincipalIsAWSService", yes}}}
		}
		var out [][]Condition
		for _, own := range c.own() {
			out = append(out, []Condition{{"StringNotEqualsIfExists", "aws:SourceAccount", own}, {"Bool", "aws:PrincipalIsAWSService", yes}})
		}
		return out
	default:
		return nil
	}
	services := Condition{"BoolIfExists", "aws:PrincipalIsAWSService", no}
	if org := c.organization(); org != nil {
		all := []Condition{{"StringNotEqualsIfExists", "aws:PrincipalOrgID", org}}
		if len(c.zone.Accounts) > 0 {
			all = append(all, Condition{"StringNotEqualsIfExists", "aws:PrincipalAccount", texts(c.zone.Accounts)})
		}
		return [][]Condition{append(append(all, c.trusted()...), services)}
	}
	var out [][]Condition
	for _, own := range c.own() {
		out = append(out, append(append([]Condition{{"StringNotEqualsIfExists", "aws:PrincipalAccount", own}}, c.trusted()...), services))
	}
	return out
}

// trusted are conditions that nobody meets whom the zone trusts by extension.
func (c candidates) trusted() []Condition {
	var networks, below []string
	for _, n := range c.zone.CIDRs {
		networks = append(networks, n.String())
	}
	for _, p := range c.zone.OrgPaths {
		below = append(below, strings.TrimSuffix(p, "/")+"/*")
	}
	var out []Condition
	for _, t := range []struct {
		operator, key string
		values        []string
	}{
		{"StringNotEqualsIfExists", "aws:SourceVpc", withIDs(c.zone.VPCs)},
		{"StringNotEqualsIfExists", "aws:SourceVpce", withIDs(c.zone.VPCEndpoints)},
		{"NotIpAddressIfExists", "aws:SourceIp", networks},
		{"ArnNotLikeIfExists", "aws:PrincipalArn", c.zone.Principals},
		{"ForAllValues:StringNotLikeIfExists", "aws:PrincipalOrgPaths", below},
	} {
		if len(t.values) > 0 {
			out = append(out, Condition{t.operator, t.key, texts(t.values)})
		}
	}
	return out
}

// withIDs are the networks whose ids are known: a reference is not written as text.
func withIDs(networks []string) []string {
	return slices.DeleteFunc(slices.Clone(networks), zone.IsReference)
}

func texts(list []string) []Value {
	var out []Value
	for _, t := range list {
		out = append(out, Value{Text: t})
	}
	return out
}

// words are conditions as people write them.
func words(list []Condition) string {
	var out []string
	for _, c := range list {
		var values []string
		for _, v := range c.Values {
			text := v.Text
			if v.Is == value.OwnAccount {
				text = "your account"
			}
			values = append(values, text)
		}
		out = append(out, fmt.Sprintf("%s %s %s", c.Operator, c.Key, strings.Join(values, ", ")))
	}
	return strings.Join(out, " and ")
}
