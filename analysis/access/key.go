package access

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/value"
)

// key is a condition key as a view of a dimension: several keys, such as
// aws:PrincipalArn and aws:PrincipalAccount, are views of one, so that what
// correlates them holds by construction.
type key struct {
	name    string // as Access Analyzer shows it
	row     *knowledge.Key
	dim     *dimension
	present *expr
	text    func(p domain.Pattern) []domain.Tuple       // the values whose text matches
	arn     func(parts []domain.Pattern) []domain.Tuple // the values that match as ARNs
	value   func(parts []string) (string, bool)         // the value of an example, false when absent
	parts   func(text string) []string                  // the reverse of value; nil: not unique
	multi   bool                                        // AWS documents a set of values
	nested  bool                                        // text cuts a pattern several times, each part again
	fixed   string                                      // the only value, for a key that is the same in every request
}

// key returns the view of a condition key, made at its first use.
func (m *model) key(name string) *key {
	lower := strings.ToLower(name)
	if k, ok := m.keys[lower]; ok {
		return k
	}
	k := m.makeKey(lower)
	k.name = knowledge.CanonicalKey(name)
	k.row, _ = knowledge.KeyRow(name)
	m.keys[lower] = k
	return k
}

func (m *model) makeKey(lower string) *key {
	if m.logical && isConstant(lower) {
		return m.plainKey(lower)
	}
	switch lower {
	case "aws:principalarn":
		return &key{dim: m.caller, present: m.callers(append([]string{canonical}, accountKinds...)...), text: m.principalText, arn: m.principalARN, value: m.callerARN}
	case "aws:principalaccount":
		return m.accountKey(m.unsigned)
	case "kms:calleraccount":
		return m.accountKey(false)
	case "aws:username":
		return m.usernameKey()
	case "aws:principaltype":
		return m.callerKind(map[string]string{user: "User", role: "AssumedRole", root: "Account", federatedUser: "FederatedUser", anonymous: "Anonymous"})
	case "aws:principalisawsservice":
		return m.callerKind(map[string]string{user: "false", role: "false", root: "false", federatedUser: "false", canonical: "false", unresolved: "false", service: "true"})
	case "aws:principalservicename":
		return &key{dim: m.caller, present: m.callers(service), value: func(p []string) (string, bool) { return p[2], p[0] == service },
			text: func(p domain.Pattern) []domain.Tuple { return []domain.Tuple{callerTuple(service, star, p, star)} }}
	case "aws:userid":
		return m.useridKey()
	case "aws:sourcearn", "aws:sourceaccount":
		return m.sourceKey(lower)
	case "s3:dataaccesspointarn", "s3:dataaccesspointaccount":
		return m.accessPointKey(lower)
	case "aws:principalorgid", "aws:principalorgpaths":
		return m.orgKey("caller's organization", lower == "aws:principalorgid")
	case "aws:sourceorgid", "aws:sourceorgpaths":
		return m.orgKey("source's organization", lower == "aws:sourceorgid")
	case "aws:vpceorgid", "aws:vpceorgpaths":
		return m.orgKey("endpoint's organization", lower == "aws:vpceorgid")
	case "aws:resourceaccount", "s3:resourceaccount":
		return m.constantKey(m.owner)
	case "aws:resourceorgid":
		return m.constantKey(m.org)
	}
	return m.plainKey(lower)
}

// accountKey is the account of the caller.
func (m *model) accountKey(unsigned bool) *key {
	kinds := append([]string{canonical}, accountKinds...)
	if unsigned {
		kinds = append([]string{anonymous}, kinds...)
	}
	return &key{
		dim:     m.caller,
		present: m.callers(kinds...),
		text: func(p domain.Pattern) []domain.Tuple {
			var ts []domain.Tuple
			if q, ok := p.Within(domain.NotColon); ok {
				if q, ok = accountPattern(q); ok {
					ts = append(accountTuples(q), callerTuple(canonical, q, star, star))
				}
			}
			// The documented value for a caller who did not sign.
			if unsigned && p.Match("anonymous") {
				ts = append(ts, callerTuple(anonymous, star, star, star))
			}
			return ts
		},
		value: func(p []string) (string, bool) {
			if p[0] == anonymous {
				return "anonymous", unsigned
			}
			return p[1], isAccountKind(p[0]) || p[0] == canonical
		},
	}
}

func isAccountKind(kind string) bool {
	return kind == user || kind == role || kind == root || kind == federatedUser
}

// usernameKey is the name at the end of a user's ARN, without the path.
func (m *model) usernameKey() *key {
	return &key{
		dim:     m.caller,
		present: m.callers(user),
		text: func(p domain.Pattern) []domain.Tuple {
			q, ok := p.Within(domain.NotSlash)
			if ok {
				q, ok = fit(q, knowledge.Name)
			}
			if !ok {
				return nil
			}
			return []domain.Tuple{callerTuple(user, star, q, star), callerTuple(user, star, domain.Concat(star, domain.Literal("/"), q), star)}
		},
		value: func(p []string) (string, bool) { return p[2][strings.LastIndexByte(p[2], '/')+1:], p[0] == user },
	}
}

// callerKind is a key whose value depends on the kind of caller only.
func (m *model) callerKind(values map[string]string) *key {
	var kinds []string
	for _, k := range []string{anonymous, user, role, root, federatedUser, canonical, unresolved, service} {
		if values[k] != "" {
			kinds = append(kinds, k)
		}
	}
	return &key{
		dim:     m.caller,
		present: m.callers(kinds...),
		text: func(p domain.Pattern) []domain.Tuple {
			var ts []domain.Tuple
			for _, k := range kinds {
				if p.Match(values[k]) {
					ts = append(ts, callerTuple(k, star, star, star))
				}
			}
			return ts
		},
		value: func(p []string) (string, bool) { v, ok := values[p[0]]; return v, ok },
	}
}

// callerARN writes aws:PrincipalArn of a caller.
func (m *model) callerARN(p []string) (string, bool) {
	switch p[0] {
	case user, role:
		return "arn:" + m.partition + ":iam::" + p[1] + ":" + p[0] + "/" + p[2], true
	case root:
		return "arn:" + m.partition + ":iam::" + p[1] + ":root", true
	case federatedUser:
		return "arn:" + m.partition + ":sts::" + p[1] + ":federated-user/" + p[2], true
	case canonical:
		return "arn:" + m.partition + ":iam::" + p[1] + ":" + p[3], true
	}
	return "", false
}

// plainShapes are an absent value and any value, or one of a list.
func plainShapes(values ...string) []domain.Tuple {
	shapes := []domain.Tuple{{domain.Literal(absentShape), domain.Literal("")}}
	if values == nil {
		return append(shapes, domain.Tuple{domain.Literal(presentShape), star})
	}
	for _, v := range values {
		shapes = append(shapes, domain.Tuple{domain.Literal(presentShape), domain.Literal(v)})
	}
	return shapes
}

func presentTuple(p domain.Pattern) domain.Tuple {
	return domain.Tuple{domain.Literal(presentShape), p}
}

// plainKey is a key that nothing is known to be correlated with but its presence.
func (m *model) plainKey(lower string) *key {
	row, _ := knowledge.KeyRow(lower)
	d := m.dimension(lower)
	kind, isKnown := knowledge.KeyOf(lower)
	f := m.families[lower]
	if !isKnown && f&setFamily != 0 {
		kind.Multi = true // as the policy takes it
	}
	k := &key{dim: d, multi: kind.Multi}
	typed := func(t string) bool { return strings.EqualFold(kind.Type, t) && !kind.Multi }
	asText := f&(textFamily|arnFamily) != 0
	switch {
	case f&addressFamily != 0, !asText && typed("IPAddress"):
		d.form = addresses
	case f&numberFamily != 0, !asText && typed("Numeric"):
		d.form = numbers
	case f&dateFamily != 0, !asText && typed("Date"):
		d.form = dates
	case typed("IPAddress"), typed("Numeric"), typed("Date"):
		// Compared as text: which texts are such values, patterns do not say.
		m.untyped = true
	}
	if d.form != text {
		d.optional = !row.Always || m.logical
		d.everyAddress = m.logical
		k.present = always
		if d.optional {
			k.present = in(d, d.anything())
		}
		k.value = func(p []string) (string, bool) {
			if p == nil {
				return "", false
			}
			return p[1], true
		}
		return k
	}
	d.elements = kind.Multi
	d.shapes = plainShapes()
	if typed("Bool") || f&boolFamily != 0 && !asText && !kind.Multi {
		d.shapes = plainShapes("false", "true")
	}
	if kind.Type == "ARN" || f&arnFamily != 0 {
		d.shapes[1][1] = domain.Concat(domain.Literal("arn:"+m.partition+":"), segment, segment, segment, star)
		d.prefer = [][]string{nil, {"arn:" + m.partition + ":s3:::example"}}
	}
	if row.Names == knowledge.OfCaller && kind.Type == "ARN" && !m.logical {
		of := func(account domain.Pattern) domain.Pattern {
			return domain.Concat(domain.Literal("arn:"+m.partition+":"), segment, segment, account, domain.Literal(":"), star)
		}
		d.shapes[1][1] = of(anyAccount)
		d.shapes = append(d.shapes, presentTuple(of(domain.Literal(memberAccount))))
		if !isAccount(m.owner) {
			d.shapes = append(d.shapes, presentTuple(of(domain.Literal(m.owner))))
		}
	}
	if row.Form != nil && !m.logical {
		d.ids, d.shapes[1][1] = 1, grammarOf(row.Form).Universe()
	}
	if row.Always && !m.logical || d.elements {
		d.shapes = d.shapes[1:]
	}
	if row.Form == knowledge.Region {
		d.prefer = [][]string{nil, append([]string{row.Example}, knowledge.Regions()...)}
	} else if row.Example != "" {
		d.prefer = [][]string{nil, {row.Example}}
	} else if d.prefer == nil {
		d.prefer = [][]string{nil, {"example"}}
	}
	anything := d.addTuples(presentTuple(star))
	k.present = in(d, anything)
	if d.elements {
		k.present = &expr{op: opSome, dim: d, least: []int{anything}, most: []int{anything}}
	}
	k.text = func(p domain.Pattern) []domain.Tuple {
		if !m.logical {
			var ok bool
			if p, ok = fit(p, row.Form); !ok || row.Form == knowledge.Region && !isRegion(p) {
				return nil
			}
		}
		return []domain.Tuple{presentTuple(p)}
	}
	k.arn = func(parts []domain.Pattern) []domain.Tuple {
		if !parts[0].Match("arn") {
			return nil
		}
		if _, ok := accountPattern(parts[4]); row.Names == knowledge.OfCaller && !(ok && isRegion(parts[3])) {
			return nil
		}
		colon := domain.Literal(":")
		// A key whose values are identifiers has none that is an ARN.
		return k.text(domain.Concat(domain.Literal("arn:"), parts[1], colon, parts[2], colon, parts[3], colon, parts[4], colon, parts[5]))
	}
	k.value = func(p []string) (string, bool) { return p[1], p[0] == presentShape }
	k.parts = func(s string) []string { return []string{presentShape, s} }
	return k
}

// segment is one part of an ARN and the colon behind it.
var segment = domain.Concat(domain.Star(domain.NotColon), domain.Literal(":"))

// anything is the atom of every value of a key with ordered values.
func (d *dimension) anything() int {
	if d.form == addresses {
		return d.addBlocks(prefixes("0.0.0.0/0", "::/0")...)
	}
	return d.addIntervals(domain.Interval{})
}

// constantKey is a key that has the same value in every request.
func (m *model) constantKey(value string) *key {
	return &key{dim: m.caller, present: always, fixed: value, value: func([]string) (string, bool) { return value, true }}
}

// useridKey is aws:userid: a unique id, for a role session with the session's
// name behind a colon.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
func (m *model) useridKey() *key {
	d := m.dimension("aws:userid")
	id, empty := domain.Something(domain.NotColon), domain.Literal("")
	d.shapes = []domain.Tuple{
		{domain.Literal(absentShape), empty, empty},
		{domain.Literal("i"), id, empty},      // AIDA…, an account id, "anonymous"
		{domain.Literal("s"), id, anySession}, // AROA…:session, account:name
	}
	d.prefer = [][]string{nil, {"AROAEXAMPLEOUTSIDE"}, {"session"}}
	return &key{
		dim:     d,
		present: in(d, d.addTuples(domain.Tuple{domain.Literal("i"), star, star}, domain.Tuple{domain.Literal("s"), star, star})),
		text: func(p domain.Pattern) []domain.Tuple {
			var ts []domain.Tuple
			if q, ok := p.Within(domain.NotColon); ok {
				ts = append(ts, domain.Tuple{domain.Literal("i"), q, star})
			}
			for _, pair := range p.Split(':', domain.NotColon, longestID) {
				if name, ok := fit(pair[1], knowledge.Session); ok {
					ts = append(ts, domain.Tuple{domain.Literal("s"), pair[0], name})
				}
			}
			return ts
		},
		value: func(p []string) (string, bool) {
			if p[0] == "s" {
				return p[1] + ":" + p[2], true
			}
			return p[1], p[0] == "i"
		},
	}
}

// orgKey is an organization and the path of an account in it: an account is in
// one organization, at one place, so both keys are views of one value
// o-…/r-…/ou-…/.
func (m *model) orgKey(name string, id bool) *key {
	d := m.named(name)
	if d == nil {
		d = m.dimension(name)
		d.shapes = []domain.Tuple{
			{domain.Literal(absentShape), domain.Literal(""), domain.Literal("")},
		}
		for _, path := range organizationPaths {
			d.shapes = append(d.shapes, domain.Tuple{domain.Literal(presentShape), grammarOf(knowledge.Organization).Universe(), path})
		}
		d.ids = 1
		d.prefer = [][]string{nil, {"o-outsideorg"}, {"r-outs/ou-outs-00000001/"}}
		d.addTuples(domain.Tuple{domain.Literal(presentShape), star, star})
	}
	k := &key{dim: d, present: in(d, 0), multi: !id}
	if id {
		k.text = func(p domain.Pattern) []domain.Tuple {
			q, ok := p.Within(domain.NotSlash)
			if ok {
				q, ok = fit(q, knowledge.Organization)
			}
			if !ok {
				return nil
			}
			return []domain.Tuple{{domain.Literal(presentShape), q, star}}
		}
		k.value = func(p []string) (string, bool) { return p[1], p[0] == presentShape }
		return k
	}
	k.text = func(p domain.Pattern) []domain.Tuple {
		var ts []domain.Tuple
		for _, pair := range p.Split('/', domain.NotSlash, longestName) {
			if id, ok := fit(pair[0], knowledge.Organization); ok {
				ts = append(ts, domain.Tuple{domain.Literal(presentShape), id, pair[1]})
			}
		}
		return ts
	}
	k.value = func(p []string) (string, bool) { return p[1] + "/" + p[2], p[0] == presentShape }
	return k
}

// organizationPaths are what stands behind an organization and a slash in the path of
// an account: the root, and the units that it is in. A slash ends it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-view-data-orgs.html#access_policies_last-accessed-viewing-orgs-entity-path
var organizationPaths = []domain.Pattern{
	domain.Concat(domain.Literal("r-"), domain.Star(domain.NotSlash), domain.Literal("/")),
	domain.Concat(domain.Literal("r-"), domain.Star(domain.NotSlash), domain.Literal("/ou-"), star, domain.Literal("/")),
}

func (m *model) named(name string) *dimension {
	for _, d := range m.dims {
		if d.name == name {
			return d
		}
	}
	return nil
}

// Shapes of the source of a call that a service makes: aws:SourceArn and
// aws:SourceAccount. The account of the ARN, where it has one, and
// aws:SourceAccount are one value.
const (
	sourceAccount     = "account"      // SourceAccount only
	sourceARN         = "arn"          // SourceArn with an account
	sourceBoth        = "both"         // SourceArn with an account, and SourceAccount
	sourceBare        = "bare"         // SourceArn without account, such as a bucket's
	sourceBareAccount = "bare-account" // SourceArn without account, and SourceAccount
)

// sourceKey: the parts are shape, account, partition:service:region, and the
// last part of the ARN.
func (m *model) sourceKey(lower string) *key {
	d := m.named("source")
	if d == nil {
		d = m.dimension("source")
		empty, account, rest := domain.Literal(""), anyAccount, domain.Something(domain.Any)
		d.ids = 1
		head := domain.Concat(domain.Literal(m.partition+":"), segment, domain.Star(domain.NotColon))
		shape := func(s string, ps ...domain.Pattern) domain.Tuple {
			return append(domain.Tuple{domain.Literal(s)}, ps...)
		}
		d.shapes = []domain.Tuple{
			shape(absentShape, empty, empty, empty),
			shape(sourceAccount, account, empty, empty),
			shape(sourceARN, account, head, rest),
			shape(sourceBoth, account, head, rest),
			shape(sourceBare, empty, head, rest),
			shape(sourceBareAccount, account, head, rest),
		}
		d.prefer = [][]string{nil, {"999999999999"}, {m.partition + ":sns:us-east-1", m.partition + ":s3:"}, {"outside"}}
	}
	tuple := func(s string, account, head, rest domain.Pattern) domain.Tuple {
		return domain.Tuple{domain.Literal(s), account, head, rest}
	}
	if lower == "aws:sourceaccount" {
		matching := func(p domain.Pattern) []domain.Tuple {
			q, ok := p.Within(domain.NotColon)
			if ok {
				q, ok = accountPattern(q)
			}
			if !ok {
				return nil
			}
			return []domain.Tuple{tuple(sourceAccount, q, star, star), tuple(sourceBoth, q, star, star), tuple(sourceBareAccount, q, star, star)}
		}
		return &key{dim: d, present: in(d, d.addTuples(matching(star)...)), text: matching, value: func(p []string) (string, bool) {
			return p[1], p[0] == sourceAccount || p[0] == sourceBoth || p[0] == sourceBareAccount
		}}
	}
	join := func(service, region, account, head, rest domain.Pattern) []domain.Tuple {
		var ts []domain.Tuple
		name, _ := service.IsLiteral()
		needsRegion, needsAccount := knowledge.ARNNeeds(name)
		if !isRegion(region) || needsRegion && isEmpty(region) {
			return nil
		}
		m.exampleSource(d, service, region, account)
		if id, ok := accountPattern(account); ok {
			ts = append(ts, tuple(sourceARN, id, head, rest), tuple(sourceBoth, id, head, rest))
		}
		if account.Match("") && !needsAccount {
			ts = append(ts, tuple(sourceBare, star, head, rest), tuple(sourceBareAccount, star, head, rest))
		}
		return ts
	}
	return &key{
		dim:     d,
		nested:  true,
		present: in(d, d.addTuples(join(star, star, star, star, star)...)),
		arn: func(parts []domain.Pattern) []domain.Tuple {
			if !parts[0].Match("arn") {
				return nil
			}
			return join(parts[2], parts[3], parts[4], domain.Concat(parts[1], domain.Literal(":"), parts[2], domain.Literal(":"), parts[3]), parts[5])
		},
		text: func(p domain.Pattern) []domain.Tuple {
			var ts []domain.Tuple
			for _, q := range p.After("arn:") {
				for _, head := range m.headAccountRest(q) {
					ts = append(ts, join(head[0], head[1], head[2], domain.Concat(domain.Literal(m.partition+":"), head[0], domain.Literal(":"), head[1]), head[3])...)
				}
			}
			return ts
		},
		value: func(p []string) (string, bool) {
			switch p[0] {
			case sourceARN, sourceBoth:
				return "arn:" + p[2] + ":" + p[1] + ":" + p[3], true
			case sourceBare, sourceBareAccount:
				return "arn:" + p[2] + "::" + p[3], true
			}
			return "", false
		},
	}
}

const (
	// longestName is above the longest name of a service, Region or organization: a
	// pattern for one that has more characters matches none.
	longestName = 64
	// longestID is that of the unique id of a principal.
	//
	// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
	longestID = 128
)

// headAccountRest splits a pattern over partition:service:region:account:rest
// into service, Region, account and rest. A '*' may stand for parts of
// all of these: splits that no ARN has are left out, or they would multiply.
func (m *model) headAccountRest(p domain.Pattern) [][4]domain.Pattern {
	var out [][4]domain.Pattern
	for _, partition := range p.Split(':', domain.NotColon, len(m.partition)) {
		if !partition[0].Match(m.partition) {
			continue
		}
		for _, service := range partition[1].Split(':', domain.NotColon, longestName) {
			if !isName(service[0]) {
				continue
			}
			for _, region := range service[1].Split(':', domain.NotColon, longestName) {
				if !isRegion(region[0]) {
					continue
				}
				for _, account := range region[1].Split(':', domain.NotColon, longestName) {
					if _, ok := accountPattern(account[0]); ok || account[0].Match("") {
						out = append(out, [4]domain.Pattern{service[0], region[0], account[0], account[1]})
					}
				}
			}
		}
	}
	return out
}

// isName reports whether a pattern can match the name of a service in an ARN:
// small letters, digits and hyphens that begin with a letter.
func isName(p domain.Pattern) bool {
	text, exact := p.IsLiteral()
	return !exact || value.HasStandIn(text) || text != "" && text[0] >= 'a' && text[0] <= 'z'
}

func isEmpty(p domain.Pattern) bool {
	text, exact := p.IsLiteral()
	return exact && text == ""
}

// accessPointKey is the access point that an S3 request goes through: region,
// account and name.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
func (m *model) accessPointKey(lower string) *key {
	d := m.accessPoint()
	if lower == "s3:dataaccesspointaccount" {
		return &key{dim: d, present: in(d, 0), value: func(p []string) (string, bool) { return p[2], p[0] == presentShape },
			text: func(p domain.Pattern) []domain.Tuple {
				q, ok := p.Within(domain.NotColon)
				if !ok {
					return nil
				}
				return []domain.Tuple{{domain.Literal(presentShape), star, q, star}}
			}}
	}
	return &key{
		dim:     d,
		nested:  true,
		present: in(d, 0),
		arn: func(parts []domain.Pattern) []domain.Tuple {
			if !parts[0].Match("arn") || !parts[1].Match(m.partition) || !parts[2].Match("s3") {
				return nil
			}
			return accessPointNames(parts[3], parts[4], parts[5])
		},
		text: func(p domain.Pattern) []domain.Tuple {
			var ts []domain.Tuple
			for _, q := range p.After("arn:" + m.partition + ":s3:") {
				for _, region := range q.Split(':', domain.NotColon, longestName) {
					for _, account := range region[1].Split(':', domain.NotColon, longestName) {
						ts = append(ts, accessPointNames(region[0], account[0], account[1])...)
					}
				}
			}
			return ts
		},
		value: func(p []string) (string, bool) {
			return "arn:" + m.partition + ":s3:" + p[1] + ":" + p[2] + ":accesspoint/" + p[3], p[0] == presentShape
		},
	}
}

func accessPointNames(region, account, rest domain.Pattern) []domain.Tuple {
	var ts []domain.Tuple
	for _, name := range rest.After("accesspoint/") {
		ts = append(ts, domain.Tuple{domain.Literal(presentShape), region, account, name})
	}
	return ts
}

// accessPoint returns the access point dimension.
func (m *model) accessPoint() *dimension {
	d := m.named("access point")
	if d == nil {
		d = m.dimension("access point")
		empty := domain.Literal("")
		d.shapes = []domain.Tuple{
			{domain.Literal(absentShape), empty, empty, empty},
			{domain.Literal(presentShape), domain.Star(domain.NotColon), domain.Something(domain.NotColon), domain.Something(domain.Any)},
		}
		d.prefer = [][]string{nil, {"us-east-1"}, {"999999999999"}, {"outside"}}
		d.addTuples(domain.Tuple{domain.Literal(presentShape), star, star, star})
	}
	return d
}
