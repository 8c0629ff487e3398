package access

import (
	"encoding/base64"
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// condition compiles one key of one operator block.
//
//	operator            key absent   one value v    several values V
//	positive            false        hit(v)         open: false or ∃v hit(v)
//	negated             true         ¬hit(v)        open
//	…IfExists           true         as above
//	ForAllValues:       true         m(v)           ∀v m(v)
//	ForAnyValue:        false        m(v)           ∃v m(v)
//
// hit(v) is that v matches one of the policy's values, m(v) is hit(v) or, for a
// negated operator, its negation.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html
func (m *model) condition(c policy.Condition, variables bool) *expr {
	return m.ofUnsentView(c, m.conditionOnKey(c, variables))
}

func (m *model) conditionOnKey(c policy.Condition, variables bool) *expr {
	k := m.key(c.Key)
	o := c.Operator
	if slices.ContainsFunc(c.Values, func(v policy.Pattern) bool { text, known := v.Text.Known(); return !known || text == "" }) {
		m.blank[k] = true
	}
	switch o.Compare {
	case policy.UnknownOperator:
		return unknown
	case policy.NullCheck:
		return m.null(k, c)
	}
	if len(c.Values) == 0 && o.Quantifier == policy.Plain && !o.IfExists && !o.Negated {
		return unknown // see null
	}
	h := m.hit(k, c, variables)
	if k.dim.elements && k.fixed == "" {
		return m.overElements(k, c, h)
	}
	hit := h.expr(k.dim)
	matches := hit
	if o.Negated {
		matches = not(hit)
	}
	absent := not(k.present)
	if len(c.Values) == 0 && o.Quantifier == policy.ForAnyValue {
		return never
	}
	switch {
	case o.Quantifier == policy.ForAnyValue && o.IfExists:
		return or(and(k.present, not(m.empty(k)), matches), and(absent, unknown))
	case o.Quantifier == policy.ForAnyValue:
		return and(k.present, not(m.empty(k)), matches)
	case o.Quantifier == policy.ForAllValues:
		return or(absent, m.empty(k), and(k.present, matches))
	case o.IfExists:
		return or(absent, and(k.present, matches))
	}
	return matches // hit implies presence
}

// empty is the condition that the value is an empty text, which set operators
// take for no value.
func (m *model) empty(k *key) *expr {
	if k.text == nil || k.fixed != "" || k.dim.form != text {
		return never
	}
	ts := k.text(domain.Literal(""))
	if len(ts) == 0 {
		return never
	}
	return in(k.dim, k.dim.addTuples(ts...))
}

// onlyEmpty is the condition that a key is there, and that an empty text is all it
// holds.
func (m *model) onlyEmpty(k *key) *expr {
	if !k.dim.elements || k.text == nil || k.fixed != "" {
		return m.empty(k)
	}
	a := []int{k.dim.addTuples(k.text(domain.Literal(""))...)}
	return and(k.present, &expr{op: opEvery, dim: k.dim, least: a, most: a})
}

// null is the Null operator: true asks for the key to be absent, false for it to
// be there and not null, as an empty text is. An Allow takes no empty text for
// absent: who can send one can leave the key out as well. A list without values
// never matches, or "does not affect the policy", as the policy checks have it:
// that is open.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
// (Empty array condition)
func (m *model) null(k *key, c policy.Condition) *expr {
	var cases []*expr
	none := m.onlyEmpty(k)
	m.asked[k] = none
	for _, v := range c.Values {
		s, known := v.Text.Known()
		switch {
		case !known || v.Maybe != "":
			cases = append(cases, unknown)
		case strings.EqualFold(s, "true"):
			cases = append(cases, not(k.present))
			if m.denying { // what a Deny takes an empty text for is open
				cases = append(cases, and(k.present, none, unknown))
			}
		case strings.EqualFold(s, "false"):
			cases = append(cases, and(k.present, not(none)))
		default:
			cases = append(cases, unknown)
		}
	}
	switch c.Operator.Quantifier {
	case policy.ForAllValues:
		return always
	case policy.ForAnyValue:
		return never
	}
	if c.Operator.IfExists || len(c.Values) == 0 {
		return unknown // AWS knows no NullIfExists
	}
	return or(cases...)
}

// overElements is a condition on a key that has a set of values.
func (m *model) overElements(k *key, c policy.Condition, h hits) *expr {
	o := c.Operator
	if len(h.others) > 0 { // some value is not to be understood
		switch {
		case o.Quantifier == policy.ForAnyValue && !o.IfExists:
			return and(k.present, unknown)
		case o.Quantifier != policy.Plain || o.Negated || o.IfExists:
			return or(not(k.present), unknown)
		}
		return and(k.present, unknown)
	}
	over := func(kind op) *expr {
		e := &expr{op: kind, dim: k.dim, least: h.least, most: h.most, fixed: h.fixed}
		if o.Negated {
			// What is matched at most is left over at least.
			e.op = map[op]op{opSome: opEvery, opEvery: opSome}[kind]
			return not(e)
		}
		return e
	}
	absent := not(k.present)
	switch o.Quantifier {
	case policy.ForAllValues:
		return over(opEvery)
	case policy.ForAnyValue:
		if o.IfExists {
			return or(over(opSome), and(absent, unknown))
		}
		if len(c.Values) == 0 {
			return never
		}
		return over(opSome)
	}
	// Without a set operator one value is compared as usual; what several do is
	// open. A cell may hold several, so that one cell is at least one value.
	single := and(&expr{op: opExactlyOne, dim: k.dim}, over(opSome))
	e := or(and(k.present, unknown), single)
	if o.Negated || o.IfExists {
		return or(absent, e)
	}
	return e
}

// hits are the atoms that a condition's values are, and what cannot be said by
// atoms alone.
type hits struct {
	least, most []int
	fixed       []int // see expr
	itself      []int
	others      []*expr
}

func (h hits) expr(d *dimension) *expr {
	if len(h.most) == 0 {
		return or(h.others...)
	}
	return or(append([]*expr{{op: opIn, dim: d, least: h.least, most: h.most, fixed: h.fixed, itself: h.itself}}, h.others...)...)
}

// hit collects the values of a condition: the key is present and its value
// matches one of them.
func (m *model) hit(k *key, c policy.Condition, variables bool) hits {
	var h hits
	for _, v := range c.Values {
		ps := pieces(v.Text, variables && hasVariables(c.Operator.Compare))
		if k.fixed != "" {
			e := m.fixedHit(k, c, ps)
			if v.Maybe != "" {
				e = and(unknown, e)
			}
			h.others = append(h.others, e)
			continue
		}
		if k.dim.form != text {
			m.orderedHit(&h, k, c, v)
			continue
		}
		m.textHit(&h, k, c, v, ps)
	}
	m.together(&h, k)
	return h
}

// together makes one atom of the values of a list, which no cell need tell apart;
// of values that findings show only where there would be too many cells.
func (m *model) together(h *hits, k *key) {
	if len(h.most) < 2 || len(h.least) < len(h.most) || k.dim.form != text || isClaim(k.name) || k.name == "sts:RoleSessionName" || k.dim.elements && m.families[strings.ToLower(k.name)]&plainFamily != 0 {
		return
	}
	if m.shows(k) {
		k.dim.lists = append(k.dim.lists, h.most)
		return
	}
	k.dim.join(h.most)
	h.most = h.most[:1:1]
	h.least = h.most
}

// hasVariables reports whether the operator takes policy variables.
func hasVariables(c policy.Comparison) bool {
	switch c {
	case policy.StringEquals, policy.StringEqualsIgnoreCase, policy.StringLike, policy.ArnEquals, policy.ArnLike:
		return true
	}
	return false
}

// textHit is a value of a key that has text values.
func (m *model) textHit(h *hits, k *key, c policy.Condition, v policy.Pattern, ps []piece) {
	unknowns, vars := open(ps, m)
	inexact := unknowns || v.Maybe != ""
	if hasPlaceholder(vars) {
		h.others = append(h.others, and(k.present, unknown))
		return
	}
	if len(vars) > 0 && !k.dim.elements {
		t := target{how: fmt.Sprint(k.name, c.Operator.Compare), dim: k.dim, whole: k.value, match: m.textMatch(c.Operator.Compare), parts: k.parts}
		h.others = append(h.others, m.substitute(ps, t, func(ps []piece) (*expr, []piece) {
			ts, exact, ok := m.textTuples(k, c.Operator.Compare, ps)
			if !ok {
				return and(k.present, unknown), nil
			}
			unknowns, left := open(ps, m)
			return m.atom(k.dim, unknowns || !exact || v.Maybe != "", ts...), left
		}))
		return
	}
	ts, exact, ok := m.textTuples(k, c.Operator.Compare, ps)
	if !ok {
		h.others = append(h.others, and(k.present, unknown))
		return
	}
	a := k.dim.addTuples(ts...)
	h.most = append(h.most, a)
	if !inexact && exact && len(vars) == 0 {
		h.least = append(h.least, a)
	}
	if unknowns && !callerChooses(k.name) {
		h.fixed = append(h.fixed, a)
	}
	for _, other := range m.asOrganizations(ps) {
		if ts, _, ok := m.textTuples(k, c.Operator.Compare, other); ok {
			h.most = append(h.most, k.dim.addTuples(ts...))
		}
	}
	if k.dim.elements {
		return
	}
	if unknowns && !callerChooses(k.name) {
		if ts, _, ok := m.textTuples(k, c.Operator.Compare, itself(ps)); ok {
			a = m.apart(k.dim, ts...)
			h.itself = append(h.itself, a)
		}
	}
	k.dim.values = append(k.dim.values, label{key: k.name, text: v.Text.String(), exact: c.Operator.Compare == policy.StringEquals || c.Operator.Compare == policy.StringEqualsIgnoreCase, atoms: []int{a}})
	m.label(k, v.Text.String(), a)
}

// hasPlaceholder reports whether some variable is none of AWS's, which all name
// a service: it is a template's, and will be replaced.
func hasPlaceholder(vars []piece) bool {
	for _, v := range vars {
		if !strings.Contains(v.variable, ":") {
			return true
		}
	}
	return false
}

// manyWildcards of one pattern are not cut into the parts of an ARN one inside the
// other: each of them may be any of the colons.
const manyWildcards = 24

// textTuples are the values of a key that a pattern matches; at most, unless
// exact. It is not ok when the comparison does not fit the key.
func (m *model) textTuples(k *key, c policy.Comparison, ps []piece) (ts []domain.Tuple, exact, ok bool) {
	switch c {
	case policy.StringEquals:
		return k.text0(m.compile(ps, domain.Any, false, false)), true, true
	case policy.Bool:
		if t := textOf(ps); isLiteral(ps) && !strings.EqualFold(t, "true") && !strings.EqualFold(t, "false") {
			return nil, false, false
		}
		return k.text0(m.compile(ps, domain.Any, false, true)), true, true
	case policy.StringEqualsIgnoreCase:
		if k.row.Lower && !hasVariable(ps) {
			return k.text0(m.compile(lower(ps), domain.Any, false, false)), true, true
		}
		return k.text0(m.compile(ps, domain.Any, false, true)), true, true
	case policy.StringLike:
		p := m.compile(ps, domain.Any, true, false)
		if k.nested && p.Wildcards() > manyWildcards {
			return k.text0(p.Widen()), false, true
		}
		return k.text0(p), true, true
	case policy.BinaryEquals:
		p := m.compile(ps, domain.Any, false, false)
		if s, ok := p.IsLiteral(); ok {
			b, err := base64.StdEncoding.DecodeString(s)
			if err != nil {
				return nil, false, false
			}
			p = domain.Literal(base64.StdEncoding.EncodeToString(b))
		}
		return k.text0(p), true, true
	case policy.ArnEquals, policy.ArnLike:
		if k.arn == nil {
			return nil, false, false // its values are not ARNs
		}
		if len(ps) == 1 && ps[0].literal == "*" && !ps[0].exact {
			return k.text0(star), true, true
		}
		segs, whole := segments(ps, ':', 6)
		for len(segs) < 6 {
			segs = append(segs, []piece{{literal: "*"}}) // open; what is there must match all the same
		}
		return k.arn(m.arnParts(segs, true)), whole, true
	}
	return nil, false, false
}

func lower(ps []piece) []piece {
	out := make([]piece, len(ps))
	for i, p := range ps {
		p.literal = strings.ToLower(p.literal)
		out[i] = p
	}
	return out
}

func (k *key) text0(p domain.Pattern) []domain.Tuple {
	if k.text == nil {
		return nil
	}
	return k.text(p)
}

// textMatch matches a pattern without variables against a text, for values that
// single cells settle.
func (m *model) textMatch(c policy.Comparison) func(ps []piece, text string) bool {
	return func(ps []piece, text string) bool {
		switch c {
		case policy.StringEquals:
			return m.compile(ps, domain.Any, false, false).Match(text)
		case policy.StringEqualsIgnoreCase, policy.Bool:
			return m.compile(ps, domain.Any, false, true).Match(text)
		case policy.StringLike:
			return m.compile(ps, domain.Any, true, false).Match(text)
		}
		return m.arnMatch(ps, text)
	}
}

// arnMatch matches an ARN part by part.
func (m *model) arnMatch(ps []piece, text string) bool {
	segs, ok := segments(ps, ':', 6)
	parts := arn.Fields(text)
	if !ok || len(parts) != len(segs) {
		return false
	}
	for i, p := range m.arnParts(segs, true) {
		if !p.Match(parts[i]) {
			return false
		}
	}
	return true
}

// fixedHit compares a key that has one value only.
func (m *model) fixedHit(k *key, c policy.Condition, ps []piece) *expr {
	if value.HasStandIn(k.fixed) && !(len(ps) == 1 && ps[0].variable != "") {
		return unknown // your account or organization is not declared
	}
	unknowns, vars := open(ps, m)
	if unknowns {
		return unknown
	}
	if len(vars) == 1 && len(ps) == 1 {
		other := m.key(vars[0].variable)
		if other.text == nil || other.dim.form != text || other.dim.elements {
			return unknown
		}
		e := in(other.dim, other.dim.addTuples(other.text(domain.Literal(k.fixed))...))
		if k.fixed != ownOrganization {
			return e
		}
		may := []*expr{e}
		for _, id := range m.organizations {
			may = append(may, and(in(other.dim, other.dim.addTuples(other.text(domain.Literal(id))...)), unknown))
		}
		return or(may...)
	}
	if len(vars) > 0 {
		return unknown
	}
	if m.textMatch(c.Operator.Compare)(ps, k.fixed) {
		return always
	}
	return never
}

// orderedHit is a value of a key whose values are numbers, dates or addresses.
func (m *model) orderedHit(h *hits, k *key, c policy.Condition, v policy.Pattern) {
	s, known := v.Text.Known()
	exact := true
	a := -1
	switch {
	case known && s == "*" && c.Operator.Compare == policy.StringLike:
		a = k.dim.anything()
	case known:
		a, exact = m.orderedAtom(k.dim, c.Operator.Compare, s)
	}
	if a >= 0 && k.dim.form == addresses && isBare6(s) {
		// The page says that a bare address is a /32, of whichever family.
		h.most = append(h.most, k.dim.addBlocks(netip.PrefixFrom(netip.MustParseAddr(strings.TrimSpace(s)), 32)))
	}
	switch {
	case a < 0 && !known && !callerChooses(k.name):
		h.others = append(h.others, and(k.present, fixed))
		return
	case a < 0:
		h.others = append(h.others, and(k.present, unknown))
		return
	}
	h.most = append(h.most, a)
	if exact && v.Maybe == "" {
		h.least = append(h.least, a)
	}
	switch {
	case k.dim.form == addresses:
		m.label(k, s, a)
	case c.Operator.Compare == policy.NumericEquals:
		k.dim.values = append(k.dim.values, label{key: k.name, text: s, exact: true, atoms: []int{a}})
	}
}

func isBare6(s string) bool {
	a, err := netip.ParseAddr(strings.TrimSpace(s))
	return err == nil && a.Is6()
}

// orderedAtom adds the atom of a comparison; -1 when the value or the operator
// does not fit. Text that is compared with a number, date or address can be
// written in several ways, so that equality is then at most.
func (m *model) orderedAtom(d *dimension, c policy.Comparison, s string) (atom int, exact bool) {
	if d.form == addresses {
		p, ok := ParseBlock(s)
		if !ok || c != policy.IpAddress && (c != policy.StringEquals || !p.IsSingleIP()) {
			return -1, false
		}
		return d.addBlocks(p), true
	}
	var x *big.Rat
	ok := false
	if d.form == dates {
		x, ok = ParseDate(s)
		ok = ok && len(strings.TrimSpace(s)) != 4 // a year, or seconds
	} else {
		x, ok = ParseNumber(s)
	}
	if !ok {
		return -1, false
	}
	switch c {
	case policy.NumericEquals, policy.DateEquals:
		return d.addIntervals(domain.Interval{Low: x, High: x}), true
	case policy.StringEquals:
		return d.addIntervals(domain.Interval{Low: x, High: x}), false
	case policy.NumericLessThan, policy.DateLessThan:
		return d.addIntervals(domain.Interval{High: x, HighOpen: true}), true
	case policy.NumericLessThanEquals, policy.DateLessThanEquals:
		return d.addIntervals(domain.Interval{High: x}), true
	case policy.NumericGreaterThan, policy.DateGreaterThan:
		return d.addIntervals(domain.Interval{Low: x, LowOpen: true}), true
	case policy.NumericGreaterThanEquals, policy.DateGreaterThanEquals:
		return d.addIntervals(domain.Interval{Low: x}), true
	}
	return -1, false
}

// ParseBlock reads an address or a block of addresses; host bits are ignored
// and an address alone is a block of one.
func ParseBlock(s string) (netip.Prefix, bool) {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "/") {
		a, err := netip.ParseAddr(s)
		if err != nil || a.Zone() != "" {
			return netip.Prefix{}, false
		}
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	return p, err == nil
}

// ParseNumber reads a number exactly; numbers of more than 300 digits are none.
func ParseNumber(s string) (*big.Rat, bool) {
	s = strings.TrimSpace(s)
	if _, err := strconv.ParseFloat(s, 64); err != nil || len(s) > 300 || strings.ContainsAny(s, "xXpPnN_") {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// dateLayouts are the forms of ISO 8601 that AWS documents: with a time goes a
// zone.
//
// https://www.w3.org/TR/NOTE-datetime
var dateLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006"}

// ParseDate reads a date as seconds since 1970: ISO 8601 or, for a number of
// more than four digits, the seconds themselves.
func ParseDate(s string) (*big.Rat, bool) {
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			x := new(big.Rat).SetFrac(big.NewInt(int64(t.Nanosecond())), big.NewInt(1_000_000_000))
			return x.Add(x, new(big.Rat).SetInt64(t.Unix())), t.Year() > 0 && t.Year() < 9999 && isSpeltOut(s)
		}
	}
	n, err := strconv.ParseUint(s, 10, 48)
	return new(big.Rat).SetInt64(int64(n)), err == nil
}

// isSpeltOut reports whether a date that package time reads is written as AWS
// documents it: two digits for the hour, a point and at most nine behind it.
func isSpeltOut(s string) bool {
	_, clock, ok := strings.Cut(s, "T")
	if !ok {
		return true
	}
	_, fraction, _ := strings.Cut(clock, ".")
	digits := len(fraction) - len(strings.TrimLeft(fraction, "0123456789"))
	return len(clock) > 2 && clock[2] == ':' && digits <= 9 && !strings.Contains(clock, ",")
}

// dateText writes seconds since 1970 as ISO 8601.
func dateText(x *big.Rat) string {
	whole := new(big.Int).Div(x.Num(), x.Denom())
	rest := new(big.Rat).Sub(x, new(big.Rat).SetInt(whole))
	nanos := new(big.Rat).Mul(rest, big.NewRat(1_000_000_000, 1))
	t := time.Unix(whole.Int64(), new(big.Int).Div(nanos.Num(), nanos.Denom()).Int64()).UTC()
	if !whole.IsInt64() || t.Year() < 0 || t.Year() > 9999 {
		return numberText(x)
	}
	return t.Format(time.RFC3339Nano)
}

// label is a value that a policy compares a tracked key with, or a principal it
// names: what findings are made of.
type label struct {
	key       string // condition key; "" for a principal
	principal string // key of the principal map: AWS, Federated, CanonicalUser
	text      string
	exact     bool     // no wildcards in the text
	joined    []string // what text is made of, see join
	several   bool     // other principals are told apart from this one nowhere
	atoms     []int
}

// Or stands between the values of a condition that could not be told apart.
const Or = " or "

// mostValues of one condition are shown.
const mostValues = 20

// join adds to a label another one that cannot be told apart from it: the finding
// is of both. A principal that may be one of several is not named.
func (l *label) join(other label) {
	if l.key == "" {
		l.several = l.several || l.text != other.text
		return
	}
	if len(l.joined) == 0 {
		l.joined = []string{l.text}
	}
	if i, found := slices.BinarySearch(l.joined, other.text); !found {
		l.joined = slices.Insert(l.joined, i, other.text)
	}
	l.text = strings.Join(l.joined[:min(len(l.joined), mostValues)], Or)
	if more := len(l.joined) - mostValues; more > 0 {
		l.text += fmt.Sprintf("%s%d more", Or, more)
	}
}

// names reports whether a label spells out who is let in, or where from. A claim
// says so only together with the provider whose token it is in, and a reference
// says nothing, see value.Text.String.
func (l label) names() bool {
	if l.principal == "AWS" {
		if isAccount(arn.AccountOf(l.text)) {
			return true
		}
	}
	return !strings.Contains(l.text, "${") && (l.key == "" || !isClaim(strings.ToLower(l.key)))
}

// isClaim reports whether a condition key, in lower case, is a claim of a token:
// host:claim, host/path:claim, saml:claim.
func isClaim(key string) bool {
	prefix, _, ok := strings.Cut(key, ":")
	return ok && (prefix == "saml" || strings.Contains(prefix, "."))
}

// label records a value of a tracked condition key.
func (m *model) label(k *key, text string, atom int) {
	if m.shows(k) {
		k.dim.labels = append(k.dim.labels, label{key: k.name, text: text, atoms: []int{atom}})
	}
}

// shows reports whether findings show the values of a condition key.
func (m *model) shows(k *key) bool {
	if m.complete && isClaim(strings.ToLower(k.name)) {
		return k.row.Trust
	}
	return knowledge.Tracked(k.name)
}

// isLiteral reports whether pieces are characters alone.
func isLiteral(ps []piece) bool {
	for _, p := range ps {
		if p.unknown != "" || p.variable != "" {
			return false
		}
	}
	return true
}

// textOf writes pieces without variables.
func textOf(ps []piece) string {
	var b strings.Builder
	for _, p := range ps {
		b.WriteString(p.literal)
	}
	return b.String()
}
