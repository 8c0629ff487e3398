// Mutants puts one wrong rule after the other into a copy of the engine and
// expects some test to fail: a mutant that survives is a rule that no test
// holds. It prints the survivors and ends with status 1 if there are any, or if
// a mutant no longer fits the source.
//
//	go run tools/mutants/main.go            all mutants
//	go run tools/mutants/main.go -run deny  those whose name contains "deny"
//	go run tools/mutants/main.go -list      the table of docs/mutants.md
//	go run tools/mutants/main.go -fast      with the tables of answers only
//	go run tools/mutants/main.go -fits      whether they still fit the source
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// mutant is one change of one file; old must occur exactly once.
type mutant struct{ name, file, old, new string }

const (
	condition = "analysis/access/condition.go"
	statement = "analysis/access/statement.go"
	model     = "analysis/access/model.go"
	keys      = "analysis/access/key.go"
	world     = "analysis/access/world.go"
	deputy    = "analysis/access/deputy.go"
	owner     = "analysis/access/owner.go"
	public    = "analysis/access/public.go"
	subject   = "analysis/access/subject.go"
	tenant    = "analysis/access/tenant.go"
	trust     = "analysis/access/trust.go"
	untyped   = "analysis/access/untyped.go"
	ways      = "analysis/access/ways.go"
	strata    = "analysis/access/strata.go"
	grants    = "analysis/access/grants.go"
	solve     = "analysis/access/solve.go"
	analyze   = "analysis/access/analyze.go"
	secretkey = "analysis/access/secretkey.go"
	text      = "analysis/access/text.go"
	relation  = "analysis/access/relation.go"
	dimension = "analysis/access/dimension.go"
	pattern   = "analysis/domain/pattern.go"
	address   = "analysis/domain/address.go"
	line      = "analysis/domain/line.go"
	diagram   = "analysis/domain/diagram.go"
	choose    = "rules/choose.go"
	ask       = "analysis/access/ask.go"
	inside    = "analysis/access/inside.go"
	compare   = "analysis/access/compare.go"
	existence = "analysis/access/existence.go"
	grammar   = "analysis/domain/grammar.go"
	keyRows   = "analysis/knowledge/keyrows.go"
)

var mutants = []mutant{
	// Operators and missing keys.
	{"positive operator holds when the key is missing", condition, "return matches // hit implies presence", "return or(absent, matches)"},
	{"negated operator fails when the key is missing", condition, "return matches // hit implies presence", "return and(k.present, matches)"},
	{"IfExists fails when the key is missing", condition, "case o.IfExists:\n\t\treturn or(absent, and(k.present, matches))", "case o.IfExists:\n\t\treturn and(k.present, matches)"},
	{"ForAllValues fails when the key is missing", condition, "return or(absent, m.empty(k), and(k.present, matches))", "return and(k.present, matches)"},
	{"ForAnyValue follows the negation when the key is missing", condition, "return and(k.present, not(m.empty(k)), matches)", "return matches"},
	{"Null is reversed", condition, "cases = append(cases, not(k.present))", "cases = append(cases, k.present)"},
	{"ForAllValues:Null is false", condition, "case policy.ForAllValues:\n\t\treturn always", "case policy.ForAllValues:\n\t\treturn never"},
	{"negation is ignored", condition, "if o.Negated {\n\t\tmatches = not(hit)\n\t}", ""},
	{"keys of a block are alternatives", statement, "parts = append(parts, on.conditions...)", "if len(on.conditions) > 0 { parts = append(parts, or(on.conditions...)) }"},
	{"ForAllValues of a set asks for some value", condition, "return over(opEvery)", "return over(opSome)"},
	{"ForAnyValue of a set asks for all values", condition, "return over(opSome)\n\t}\n\t// Without", "return over(opEvery)\n\t}\n\t// Without"},
	{"StringLike is taken for ArnLike", condition, "case policy.StringLike:\n\t\tp := m.compile(ps, domain.Any, true, false)", "case policy.StringLike:\n\t\tif k.arn != nil { if segs, ok := segments(ps, ':', 6); ok { return k.arn(m.arnParts(segs, true)), true, true } }\n\t\tp := m.compile(ps, domain.Any, true, false)"},
	{"ArnLike is taken for StringLike", condition, "return k.arn(m.arnParts(segs, true)), whole, true", "return k.text0(m.compile(ps, domain.Any, true, false)), whole, true"},
	{"ArnEquals takes no wildcards", condition, "return k.arn(m.arnParts(segs, true)), whole, true", "return k.arn(m.arnParts(segs, c == policy.ArnLike)), whole, true"},
	{"StringEquals takes wildcards", condition, "return k.text0(m.compile(ps, domain.Any, false, false)), true, true\n\tcase policy.Bool", "return k.text0(m.compile(ps, domain.Any, true, false)), true, true\n\tcase policy.Bool"},
	{"IgnoreCase minds the case", condition, "return k.text0(m.compile(ps, domain.Any, false, true)), true, true\n\tcase policy.StringLike", "return k.text0(m.compile(ps, domain.Any, false, false)), true, true\n\tcase policy.StringLike"},
	{"Bool minds the case", condition, "return k.text0(m.compile(ps, domain.Any, false, true)), true, true\n\tcase policy.StringEqualsIgnoreCase", "return k.text0(m.compile(ps, domain.Any, false, false)), true, true\n\tcase policy.StringEqualsIgnoreCase"},
	{"Bool takes a text that is not a boolean", condition, "if t := textOf(ps); isLiteral(ps) &&", "if t := textOf(ps); false &&"},
	{"identifiers are any text", existence, "\treturn grammarOf(f).Fit(p, f.Short)", "\treturn p, true"},
	{"identifiers are as long as they like", grammar, "if least > g.Max || ", "if "},
	{"patterns of all ids leave some out", grammar, "if wild && least <= shortest && (runs || g.Min == g.Max) {", "if wild && least < 0 && shortest < 0 {"},
	{"there are ids of one character", grammar, "\tfor range g.Min {", "\tfor range min(g.Min, 1) {"},
	{"ids that are not known yet are nobody's", dimension, "\t\td.admit()\n", ""},
	{"names have all characters", grammar, "if t.r == sep || !class.has(t.r) {", "if t.r == sep {"},
	{"names are as long as they like", grammar, "if least <= limit && (last", "if (last"},
	{"names may be empty", grammar, "if !some {", "if false {"},
	{"ARNs of sources need no Region", keys, "if !isRegion(region) || needsRegion && isEmpty(region) {", "if !isRegion(region) {"},
	{"Regions of sources are any text", keys, "if !isRegion(region) || needsRegion && isEmpty(region) {", "if needsRegion && isEmpty(region) {"},
	{"ARNs of sources need no account", keys, "if account.Match(\"\") && !needsAccount {", "if account.Match(\"\") {"},
	{"sessions have names of one character", model, "shape(role, account, name, anySession),", "shape(role, account, name, name),"},
	{"session principals name what none can be", model, "if !ok || len(namesLike(pair[0])) == 0 {", "if false {"},
	{"sources that callers have are of any account", keys, "row.Names == knowledge.OfCaller && !(ok && isRegion(parts[3]))", "false && !(ok && isRegion(parts[3]))"},
	{"list without values never matches", condition, "return unknown // see null", "return never"},
	{"Null without values never matches", condition, "if c.Operator.IfExists || len(c.Values) == 0 {", "if c.Operator.IfExists {"},
	{"operator that does not fit a set is left out", condition, "if len(h.others) > 0 { // some", "if false { // some"},
	{"placeholder in a condition is a variable", condition, "if hasPlaceholder(vars) {", "if false {"},
	{"plain operator on a set asks for all values", condition, "single := and(&expr{op: opExactlyOne, dim: k.dim}, over(opSome))", "single := over(opEvery)"},
	{"plain operator on a set is sure", condition, "e := or(and(k.present, unknown), single)", "e := single"},
	{"ForAllValues does not hold for an empty text", condition, "return or(absent, m.empty(k), and(k.present, matches))", "return or(absent, and(k.present, matches))"},
	{"ForAnyValue holds for an empty text", condition, "case o.Quantifier == policy.ForAnyValue:\n\t\treturn and(k.present, not(m.empty(k)), matches)", "case o.Quantifier == policy.ForAnyValue:\n\t\treturn and(k.present, matches)"},
	{"ForAnyValue:IfExists fails when the key is missing", condition, "return or(and(k.present, not(m.empty(k)), matches), and(absent, unknown))", "return and(k.present, not(m.empty(k)), matches)"},
	{"ForAnyValue:Null is true", condition, "case policy.ForAnyValue:\n\t\treturn never\n\t}\n\tif c.Operator.IfExists", "case policy.ForAnyValue:\n\t\treturn always\n\t}\n\tif c.Operator.IfExists"},
	{"less-than-equals leaves its bound out", condition, "case policy.NumericLessThanEquals, policy.DateLessThanEquals:\n\t\treturn d.addIntervals(domain.Interval{High: x}), true", "case policy.NumericLessThanEquals, policy.DateLessThanEquals:\n\t\treturn d.addIntervals(domain.Interval{High: x, HighOpen: true}), true"},
	{"greater-than-equals leaves its bound out", condition, "case policy.NumericGreaterThanEquals, policy.DateGreaterThanEquals:\n\t\treturn d.addIntervals(domain.Interval{Low: x}), true", "case policy.NumericGreaterThanEquals, policy.DateGreaterThanEquals:\n\t\treturn d.addIntervals(domain.Interval{Low: x, LowOpen: true}), true"},
	{"equal numbers are at least as large", condition, "case policy.NumericEquals, policy.DateEquals:\n\t\treturn d.addIntervals(domain.Interval{Low: x, High: x}), true", "case policy.NumericEquals, policy.DateEquals:\n\t\treturn d.addIntervals(domain.Interval{Low: x}), true"},
	{"bare IPv6 address is a /32", condition, "return netip.PrefixFrom(a, a.BitLen()), true", "return netip.PrefixFrom(a, 32), true"},
	{"value that cannot be read never matches", condition, "h.others = append(h.others, and(k.present, unknown))\n\t\treturn\n\t}\n\th.most", "return\n\t}\n\th.most"},
	{"less-than includes its bound", condition, "domain.Interval{High: x, HighOpen: true}", "domain.Interval{High: x}"},
	{"greater-than includes its bound", condition, "domain.Interval{Low: x, LowOpen: true}", "domain.Interval{Low: x}"},
	{"unknown operator holds", condition, "case policy.UnknownOperator:\n\t\treturn unknown", "case policy.UnknownOperator:\n\t\treturn always"},
	{"host bits of a block count", address, "first = numberOf(p.Masked().Addr())", "first = numberOf(p.Addr())"},
	{"private source addresses exist", dimension, "if d.name != \"aws:sourceip\" || d.everyAddress {", "if true {"},

	// Statements.
	{"NotPrincipal is Principal", statement, "if !p.Not {\n\t\treturn listed\n\t}", "if true {\n\t\treturn listed\n\t}"},
	{"Deny with NotPrincipal exempts for the account alone", statement, "return or(not(listed), and(unknown, not(sure)))", "_ = sure\n\treturn not(listed)"},
	{"NotAction is Action", statement, "if p.Not {\n\t\treturn not(e)\n\t}", ""},
	{"NotResource is Resource", statement, "if p.Not {\n\t\treturn not(or(es...))\n\t}", ""},
	{"actions mind the case", statement, "pattern = strings.ToLower(pattern)", ""},
	{"statement that AWS refuses counts", statement, "e = and(unknown, e)", "e = and(always, e)"},
	{"Deny is ignored", solve, "if c := &s.statements[i]; c.statement.Effect == policy.Deny {", "if c := &s.statements[i]; false {"},
	{"Deny is read like Allow", solve, "return c.reading(most == granted)", "return c.reading(most)"},
	{"pattern of no known action does not exist", solve, "if name, isNew := m.newAction(pattern); isNew {", "if name, isNew := m.newAction(pattern); isNew && name == pattern {"},
	{"services that are not named do not exist", untyped, "if s.Action.Present && !grantsIn(s.Action, names) {", "if s.Action.Present && len(names) == 0 {"},
	{"placeholder for an action is its text", statement, "if !known || strings.Contains(s, \"${\") {", "if !known {"},
	{"Resource that is no ARN matches nothing", model, "return unknown, nil // AWS would refuse it", "return never, nil // AWS would refuse it"},
	{"Resource of another partition matches nothing", model, "if foreign && (m.arn != \"\" || m.logical) {", "if foreign {"},
	{"unknown resource is in the owner's account", model, "if parts.Account == \"*\" && m.arn != \"\" {", "if parts.Account == \"*\" {"},
	{"any part of a Resource ARN may hold colons", model, "class := domain.NotColon\n\t\tif i == 5 {", "class := domain.Any\n\t\tif i == 5 {"},
	{"gates are alternatives", solve, "n = sp.Intersect(n, some)\n\t}", "if n == domain.All { n = some } else { n = sp.Union(n, some) }\n\t}"},
	{"variables in version 2008", solve + "", "s.statements = append(s.statements, m.statements(i, d, q.only)...)", "e := *d; e.Version = \"2012-10-17\"; s.statements = append(s.statements, m.statements(i, &e, q.only)...)"},
	{"default of a variable is ignored", relation, "if v.fallback == nil {", "if true {"},
	{"escaped wildcard is one", text, "return piece{literal: inner, exact: true}, true", "return piece{literal: inner}, true"},

	// Principals.
	{"account principal is the root user", model, "return accountTuples(parts[4])", "return []domain.Tuple{callerTuple(root, parts[4], star, star)}"},
	{"bare account id is the root user", model, "return accountTuples(m.compile(ps, domain.NotColon, true, false))", "return []domain.Tuple{callerTuple(root, m.compile(ps, domain.NotColon, true, false), star, star)}"},
	{"principal that AWS refuses is nobody", model, "return []domain.Tuple{callerTuple(unresolved, star, m.compile(ps, domain.Any, false, false), star)}", "return nil"},
	{"role principal is one session", model, "named(role, \"role/\")", "for _, name := range rest.After(\"role/\") {\n\t\t\tts = append(ts, callerTuple(role, account, name, domain.Literal(\"s\")))\n\t\t}"},
	{"user principal is its federated sessions' only", model, "named(user, \"user/\")", "named(federatedUser, \"user/\")"},
	{"everyone leaves callers with a token out", model, "case policy.Anyone:\n\t\treturn always", "case policy.Anyone:\n\t\treturn not(m.callers(web, saml))"},
	{"authenticated users include anonymous ones", model, "return m.callers(append([]string{canonical, unresolved}, accountKinds...)...)", "return always"},
	{"aws:PrincipalArn root is the account", model, "ts = append(ts, callerTuple(root, account, star, star))", "ts = append(ts, accountTuples(account)...)"},
	{"session principals mind the path of the role", model, "callerTuple(role, parts[4], domain.Concat(star, domain.Literal(\"/\"), pair[0]), session))", "callerTuple(role, parts[4], pair[0], session))"},
	{"everyone but anonymous", model, "\t\treturn always\n\tcase policy.Authenticated:", "\t\treturn not(m.callers(anonymous))\n\tcase policy.Authenticated:"},
	{"username is the whole path", keys, "callerTuple(user, star, domain.Concat(star, domain.Literal(\"/\"), q), star)}", "callerTuple(user, star, q, star)}"},
	{"services count as IAM principals", keys, "service: \"true\"})", "service: \"false\"})"},
	{"anonymous callers are not services, says a key", keys, "return m.callerKind(map[string]string{user: \"false\",", "return m.callerKind(map[string]string{anonymous: \"false\", user: \"false\","},

	// What can exist.
	{"any action on any resource", world, "return and(m.actionsFitResources(), ", "return and("},
	{"any way to assume a role for any caller", world, "m.actionsFitCallers(), ", ""},
	{"any key for any caller", world, "m.keysFitCallers(), ", ""},
	{"source address through an endpoint", world, "es = append(es, or(not(ip.present), not(or(through...))))", ""},
	{"neither address nor endpoint", world, "es = append(es, or(ip.present, m.callers(service), and(must...)))", ""},
	{"VPC without endpoint", world, "es = append(es, or(and(vpc.present, vpce.present), and(not(vpc.present), not(vpce.present))))", ""},
	{"members outside their organization", world, "m.membersAreInTheOrganization(), ", ""},
	{"anonymous callers have an organization", keyRows, "signing    = []string{CallerAnonymous, CallerService, CallerWeb, CallerSAML}", "signing    = []string{CallerService, CallerWeb, CallerSAML}"},
	{"anonymous callers use MFA", keyRows, "{Name: \"aws:MultiFactorAuthPresent\", Type: \"Bool\", In: all, Never: signing},", "{Name: \"aws:MultiFactorAuthPresent\", Type: \"Bool\", In: all},"},
	{"anonymous callers come by a service", keyRows, "{Name: \"aws:CalledVia\", Type: \"[]String\", In: all, Never: signing},", "{Name: \"aws:CalledVia\", Type: \"[]String\", In: all},"},
	{"anyone has service names", keyRows, "In: all,\n\t\tNever: []string{CallerAnonymous, CallerUser, CallerRole, CallerRoot, CallerFederatedUser, CallerCanonical, CallerUnresolved, CallerWeb, CallerSAML}},", "In: all},"},
	{"anyone has a source identity", keyRows, "{Name: \"aws:SourceIdentity\", Type: \"String\", Form: Session, In: all, Never: []string{CallerAnonymous, CallerUser, CallerRoot, CallerFederatedUser, CallerService}},", "{Name: \"aws:SourceIdentity\", Type: \"String\", Form: Session, In: all},"},
	{"anyone has a federated provider", keyRows, "Names: OfCaller, Never: []string{CallerAnonymous, CallerUser, CallerRoot, CallerFederatedUser, CallerService, CallerWeb, CallerSAML}},", "Names: OfCaller},"},
	{"anyone calls from an instance", keyRows, "notOfRole  = []string{CallerAnonymous, CallerUser, CallerRoot, CallerFederatedUser, CallerService, CallerWeb, CallerSAML}", "notOfRole  = []string{CallerAnonymous}"},
	{"services have an address", keyRows, "fromInside = []string{CallerService} // they call from inside AWS", "fromInside []string"},
	{"anonymous callers have tags", keyRows, ", Never: []string{CallerAnonymous, CallerRoot, CallerService}},", "},"},
	{"anyone has claims", world, "if isClaim(key) {", "if false {"},
	{"tags with a dot are claims", condition, "return ok && (prefix == \"saml\" || strings.Contains(prefix, \".\"))", "return ok && (prefix == \"saml\" || strings.Contains(key, \".\"))"},
	{"roles have ids of users", world, "or(not(m.callers(role)), is(\"s\", aroa)),", "or(not(m.callers(role)), is(\"s\", star)),"},
	{"users have ids of roles", world, "or(not(m.callers(user)), is(\"i\", aida)),", "or(not(m.callers(user)), is(\"i\", star)),"},
	{"anonymous callers have any id", world, "or(not(m.callers(anonymous)), named),", ""},
	{"anyone has the id of anonymous callers", world, "or(m.callers(anonymous), not(named)),", ""},
	{"users have sessions in their ids", world, "or(not(m.callers(user)), is(\"i\", aida)),", "or(not(m.callers(user)), is(\"i\", aida), is(\"s\", aida)),"},
	{"roles have no sessions in their ids", world, "or(not(m.callers(role)), is(\"s\", aroa)),", "or(not(m.callers(role)), is(\"s\", aroa), is(\"i\", aroa)),"},
	{"callers have no ids", world, "or(not(m.callers(anonymous, user, role, root, federatedUser)), k.present),", ""},
	{"organization and path are two", keys, "d := m.named(name)\n\tif d == nil {\n\t\td = m.dimension(name)\n\t\td.shapes = []domain.Tuple{\n\t\t\t{domain.Literal(absentShape), domain.Literal(\"\"), domain.Literal(\"\")},", "var d *dimension\n\tif d == nil {\n\t\td = m.dimension(name)\n\t\td.shapes = []domain.Tuple{\n\t\t\t{domain.Literal(absentShape), domain.Literal(\"\"), domain.Literal(\"\")},"},
	{"unknown keys have one value", keys, "if !isKnown && f&setFamily != 0 {", "if false && !isKnown {"},
	{"wildcards of an access point's policy are everything", "analysis/access/onbucket.go", "for _, t := range bucketPatterns(text, point, bucket) {", "if strings.Contains(text, \"*\") {\n\t\t\t\ttext = \"*\"\n\t\t\t}\n\t\t\tfor _, t := range bucketPatterns(text, point, bucket) {"},
	{"services write any encryption context", world, "m.contextsFitServices(), ", ""},
	{"unresolved principals exist", world, "es := []*expr{or(not(m.callers(unresolved)), unknown)}", "es := []*expr{}"},
	{"source account differs from the source's", keys, "ts = append(ts, tuple(sourceARN, id, head, rest), tuple(sourceBoth, id, head, rest))", "ts = append(ts, tuple(sourceARN, id, head, rest), tuple(sourceBoth, star, head, rest))"},

	// The zone.
	{"owner is outside", trust, "accounts := append([]string{m.owner}, m.zone.Accounts...)\n\tfor _, a := range m.members() {\n\t\tif m.zone.Type == zone.Organization || underPaths", "accounts := append([]string{}, m.zone.Accounts...)\n\tfor _, a := range m.members() {\n\t\tif m.zone.Type == zone.Organization || underPaths"},
	{"trusted accounts are outside", trust, "accounts := append([]string{m.owner}, m.zone.Accounts...)\n\tfor _, a := range m.members() {\n\t\tif m.zone.Type == zone.Organization || underPaths", "accounts := append([]string{}, m.owner)\n\tfor _, a := range m.members() {\n\t\tif m.zone.Type == zone.Organization || underPaths"},
	{"members are outside", trust, "if m.zone.Type == zone.Organization || underPaths(a.OrgPath, m.zone.OrgPaths) {", "if underPaths(a.OrgPath, m.zone.OrgPaths) {"},
	{"own sources are outside", trust, "cases = append(cases, in(d, d.addTuples(sources...)))", ""},
	{"own source owner is outside", trust, "cases = append(cases, in(k.dim, k.dim.addTuples(ts...)))\n\t}\n\tif d := m.named(\"source's organization\")", "}\n\tif d := m.named(\"source's organization\")"},
	{"own organization is outside", trust, "ts = append(ts, domain.Tuple{domain.Literal(presentShape), domain.Literal(m.org), star})\n\t}\n\tfor _, path", "}\n\tfor _, path"},
	{"trusted path is a prefix of text", trust, "below += \"/\"", "below += \"\""},
	{"trusted VPC is outside", trust, "literals(\"aws:sourcevpc\", m.zone.VPCs)", ""},
	{"trusted endpoint is outside", trust, "literals(\"aws:sourcevpce\", m.zone.VPCEndpoints)", ""},
	{"trusted addresses are outside", trust, "cases = append(cases, in(k.dim, k.dim.addBlocks(m.zone.CIDRs...)))", ""},
	{"any audience of a trusted issuer", trust, "cases = append(cases, and(m.issuedBy(o.Issuer), aud, sub))", "cases = append(cases, and(m.issuedBy(o.Issuer), sub))"},
	{"any subject of a trusted issuer", trust, "cases = append(cases, and(m.issuedBy(o.Issuer), aud, sub))", "cases = append(cases, and(m.issuedBy(o.Issuer), aud))"},
	{"trusted SAML provider is outside", trust, "ts = append(ts, callerTuple(saml, star, domain.Literal(p), star))", "_ = p"},
	{"trusted canonical user is outside", trust, "ts = append(ts, callerTuple(canonical, star, domain.Literal(id), star))", "_ = id"},
	{"services are external", solve, "s.external = sp.Minus(sp.Complement(m.set(inside, false)), s.services)", "s.external = sp.Complement(m.set(inside, false))"},

	// Public.
	{"named accounts are public", public, "not(named(m.caller, 1, append([]string{canonical}, accountKinds...)...)),", ""},
	{"named organizations are public", public, "case \"caller's organization\", \"source's organization\", \"endpoint's organization\":\n\t\t\tes = append(es, not(named(d, 1)))", "case \"caller's organization\", \"source's organization\", \"endpoint's organization\":"},
	{"named user ids are public", public, "es = append(es, or(m.callers(anonymous), not(named(d, 1))))", ""},
	{"named sources are public", public, "es = append(es, not(named(d, 1, sourceAccount, sourceARN, sourceBoth, sourceBareAccount)), not(named(d, 3, sourceBare, sourceBareAccount)))", ""},
	{"named buckets as sources are public", public, ", not(named(d, 3, sourceBare, sourceBareAccount)))", ")"},
	{"mount targets are public", public, "es = append(es, not(in(d, d.addTuples(presentTuple(domain.Literal(\"true\"))))))", ""},
	{"named networks are public", public, "if d.form == text && !d.elements && d != m.caller && d != m.resource && !callerChooses(d.name) {", "if false {"},
	{"address ranges are public", grants, "return v4 > widestNamed4 || v6 > widestNamed6", "return true"},
	{"wide address ranges are not public", grants, "return v4 > widestNamed4 || v6 > widestNamed6", "return false"},
	{"a /8 is public", grants, "return v4 > widestNamed4 ||", "return v4 >= widestNamed4 ||"},
	{"an IPv6 /32 is public", grants, "|| v6 > widestNamed6", "|| v6 >= widestNamed6"},
	{"narrow ranges together make a policy public", grants, "if !hasWide(list) {", "if false && !hasWide(list) {"},
	{"a request without address is not public", grants, "used.Set(0)\n\treturn s.Intersect(set", "return s.Intersect(set"},

	// Findings.
	{"labels that are not minimal", strata, "if i != j && l.sets[group][i].Includes(l.sets[group][j]) {", "if false && i == j {"},
	{"findings inside others", strata, "return t.space.Minus(n, w.below(n, 0))", "_ = w\n\treturn n"},
	{"cover leaves points out", grants, "for _, i := range t.smallestCover(left, parts, candidates) {\n\t\tchosen[i] = true\n\t}", ""},
	{"everything is in the cover", grants, "if complete || len(list) < 2 || t.areApart(list) {", "if true {"},
	{"undetermined access is dropped", grants, "return append(out, open...)", "return out"},
	{"proven access is undetermined again", grants, "rest = s.Minus(rest, s.Product(box))", "_ = box"},
	{"actions that work in your account only", subject, "a.inside || x.CrossAccount && ", "a.inside || "},
	{"secret under the AWS managed key", subject, "x.CrossAccount && !(a.resource.AWSManagedKey != \"\" && secretValue[x.Lower])", "x.CrossAccount"},
	{"secret without its key", ways, "key != nil && len(policies) > 0 {", "false && key != nil {"},
	{"key through other services", secretkey, "if s.Effect != policy.Allow || !viaOthers(s) {", "if true {"},
	{"key users of no account", secretkey, "accountOf(p) == \"\" {\n\t\tp =", "false {\n\t\tp ="},
	{"secret without a data key", secretkey, "gate(written, callers(k.produces))", "gate(written, callers(k.decrypts))"},
	{"unknown key cuts off", secretkey, "return nil // nothing is known of it", "continue"},
	{"public encrypted snapshot", ways, "case hasAnyone(s):\n\t\t\ta.block(\"encryption\")", "case false:\n\t\t\ta.block(\"encryption\")"},
	{"RestrictPublicBuckets does nothing", ways, "if b == nil || !b.RestrictPublicBuckets ||", "if true || b == nil || !b.RestrictPublicBuckets ||"},
	{"RestrictPublicBuckets cuts what is not public", ways, "|| !sol.isPublic() {", "{"},
	{"IgnorePublicAcls does nothing", ways, "if ignore {\n\t\t\td = a.withoutPublic(d)\n\t\t}", "_ = ignore"},
	{"IgnorePublicAcls ignores all grants", ways, "if hasAnyone(s) {\n\t\t\ta.block(a.resource.Block.Address)\n\t\t\tcontinue\n\t\t}\n\t\tkept", "if true {\n\t\t\ta.block(a.resource.Block.Address)\n\t\t\tcontinue\n\t\t}\n\t\tkept"},
	{"access point without Block Public Access", ways, "if a.cutOff(sol, pointBlock(point)) || a.cutOff(sol, a.resource.Block) {", "if false {"},
	{"key owner is unknown", owner, "if id := a.keyOwner(); id != \"\" {", "if id := a.keyOwner(); false && id != \"\" {"},
	{"own sources do not limit services", deputy, "inside = append(inside, in(d, d.addTuples(ts...)))\n\t\tvar bare", "var bare"},
	{"buckets as sources do not limit services", deputy, "inside = append(inside, and(in(d, d.addTuples(bare...)), not(foreign)))", "_ = bare"},
	{"any tenant is one tenant", tenant, "if strings.EqualFold(c.Key, v.key) && c.Fixes(v.text, v.exact) {", "if strings.EqualFold(c.Key, v.key) {"},
	{"guests are no guests", choose, "case shared && (g.AnyTenant || g.Guest):", "case shared && g.AnyTenant:"},
	{"own organization is another", choose, "(w.zone.Organization == \"\" || id != w.zone.Organization)", "(w.zone.Organization == \"\" || id == w.zone.Organization)"},

	// The algebra.
	{"intersection is union", diagram, "func (s *Space) Intersect(a, b Node) Node { return s.apply(opAnd, a, b) }", "func (s *Space) Intersect(a, b Node) Node { return s.apply(opOr, a, b) }"},
	{"glob star needs a character", pattern, "if active[i] && t.kind == run {", "if false && t.kind == run {"},
	{"interval bounds are left out", line, "if c := x.Cmp(v.Low); c < 0 || c == 0 && v.LowOpen {", "if c := x.Cmp(v.Low); c <= 0 {"},
	// Questions, and what a change leaves.
	{"asked: outsiders include those inside", ask, "scope := s.external\n", "scope := domain.All\n"},
	{"asked: inside is outside", ask, "scope = s.space.Complement(s.services)", "scope = s.external"},
	{"asked: services are left out", ask, "if a.inside {\n\t\ta.askedServices(sol, w.documents)\n\t}", ""},
	{"asked: Block Public Access is no matter", ask, "s.narrow(s.space.Minus(scope, s.cutFrom(a, blocks)))", "s.narrow(scope)"},
	{"asked: callers that cannot be told are left out", ask, "about := sp.Union(s.about.most, sp.Intersect(s.unresolved, s.toUnresolved()))", "about := s.about.most"},
	{"asked: identity-based policies are no matter", ask, "a.out.LeftToIdentity || left != domain.None || sp.Exceeded", "false"},
	{"asked: a Deny is no matter for identity-based policies", ask, "if c.statement.Effect == policy.Deny {\n\t\t\tleft = sp.Minus(left, c.least)\n\t\t}", "_ = c"},
	{"asked: keys and roles are left to identity-based policies", ask, "s.Kind.Type == \"AWS::KMS::Key\" || s.Kind.Type == \"AWS::IAM::Role\"", "false"},
	{"asked: a name that is not known is another", ask, "func certainUnless(unknown bool) Answer {\n\tif unknown {\n\t\treturn NotKnown\n\t}", "func certainUnless(unknown bool) Answer {\n\tif unknown {\n\t\treturn No\n\t}"},
	{"implied: what is possible is certain", ask, "sure := sp.Minus(now.allowed[0], old.allow(true))", "sure := sp.Minus(now.allowed[1], old.allow(false))"},
	{"implied: only what is certain counts", ask, "open := sp.Minus(now.allowed[1], old.allow(false))", "open := sp.Minus(now.allowed[0], old.allow(true))"},
	{"trusted: members of another organization's zone", ask, "if m.ID == account && (z.Type == zone.Organization || underPaths(m.OrgPath, z.OrgPaths)) {", "if m.ID == account {"},
	{"kept: callers lose nothing", inside, "callers := sp.Intersect(lost, old.insiders)", "callers := domain.None\n\t\t_ = lost"},
	{"kept: services lose nothing", inside, "services := sp.Intersect(lost, old.forInsiders)", "services := domain.None"},
	{"kept: what was possible may be gone", inside, "for i := range old.allowed {\n\t\twas", "for i := range old.allowed[:1] {\n\t\twas"},
	{"kept: Block Public Access keeps nobody out", inside, "is := sp.Minus(now.allowed[i], now.cutFrom(c.after, after.blocks))", "is := now.allowed[i]"},
	{"kept: an owner has to be on the list", inside, "if isForOthers(s.Kind.Type) {", "if false {"},
	{"kept: an organization is not looked at", trust, "if z.Type == zone.Organization || z.Organization != \"\" || len(z.OrgPaths) > 0 {\n\t\tnames", "if false {\n\t\tnames"},
	{"kept: a named account is a member", solve, "m.insideCaller(not(m.namedOutsider()))", "m.insideCaller(always)"},
	{"compared: a secret's key is no matter", compare, "key != nil && !a.inside {", "key != nil && false {"},
	{"compared: ways are one", compare, "c.report(c.after, now, old, after) && c.report(c.before, old, now, before)", "c.report(c.after, now, old, after)"},
}

var fast bool

func main() {
	only := flag.String("run", "", "only mutants whose name contains this")
	list := flag.Bool("list", false, "print the table of mutants")
	flag.BoolVar(&fast, "fast", false, "run the tables of answers only, which take seconds")
	fits := flag.Bool("fits", false, "only look whether the mutants still fit the source")
	flag.Parse()
	if *fits {
		stale := 0
		for _, m := range mutants {
			text, err := os.ReadFile(m.file)
			check(err)
			if n := strings.Count(string(text), m.old); n != 1 {
				fmt.Printf("%d times in %s: %s\n", n, m.file, m.name)
				stale++
			}
		}
		if stale > 0 {
			os.Exit(1)
		}
		return
	}
	if *list {
		fmt.Println("| mutant | where |\n|---|---|")
		for _, m := range mutants {
			fmt.Printf("| %s | `%s` |\n", m.name, m.file)
		}
		return
	}
	jobs := make(chan mutant)
	var wait sync.WaitGroup
	var lock sync.Mutex
	killed, bad := 0, 0
	for range 2 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			dir := copyTree()
			defer func() { _ = os.RemoveAll(dir) }()
			for m := range jobs {
				verdict := try(dir, m)
				lock.Lock()
				if verdict == "killed" {
					killed++
				} else {
					bad++
				}
				fmt.Printf("%-9s %s\n", verdict, m.name)
				lock.Unlock()
			}
		}()
	}
	for _, m := range mutants {
		if strings.Contains(m.name, *only) {
			jobs <- m
		}
	}
	close(jobs)
	wait.Wait()
	fmt.Printf("%d mutants killed, %d not\n", killed, bad)
	if bad > 0 {
		os.Exit(1)
	}
}

// copyTree copies the files that git knows into a new directory.
func copyTree() string {
	dir, err := os.MkdirTemp("", "mutants")
	check(err)
	out, err := exec.Command("git", "ls-files", "-co", "--exclude-standard").Output()
	check(err)
	for _, f := range strings.Fields(string(out)) {
		text, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		check(os.MkdirAll(filepath.Join(dir, filepath.Dir(f)), 0o755))
		check(os.WriteFile(filepath.Join(dir, f), text, 0o644))
	}
	return dir
}

// try applies a mutant, runs the tests and undoes it.
func try(dir string, m mutant) string {
	path := filepath.Join(dir, m.file)
	text, err := os.ReadFile(path)
	check(err)
	if strings.Count(string(text), m.old) != 1 {
		return "STALE"
	}
	check(os.WriteFile(path, []byte(strings.Replace(string(text), m.old, m.new, 1)), 0o644))
	defer func() { check(os.WriteFile(path, text, 0o644)) }()
	for i, args := range [][]string{
		{"./analysis/access", "-run", "Reach|Rules|Restrict|Trust|AccessPoint|BucketPatterns|Unknown|ServicesHave|Cover|Maximal|Ask|Identity|Implies|Inside|Compare|Names"},
		{"./internal/cli", "-run", "Patterns|Recorded|Tricky"},
		{"./analysis/domain", "./analysis/access", "-skip", "Oracle|Exhaustively"},
		{"./internal/cli", "-skip", "Documents"},
		{"./analysis/access", "-run", "Exhaustively"},
	} {
		if fast && i > 1 {
			break
		}
		test := exec.Command("go", append([]string{"test", "-vet=off", "-failfast", "-timeout", "20m"}, args...)...)
		test.Dir = dir
		if out, err := test.CombinedOutput(); err != nil {
			switch text := string(out); {
			case strings.Contains(text, "[build failed]"), strings.Contains(text, "[setup failed]"):
				return "STALE: does not build: " + strings.TrimSpace(text)
			case strings.Contains(text, "panic: test timed out"):
				return "TIMED OUT"
			}
			return "killed"
		}
	}
	return "SURVIVED"
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
