package policy

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

var principalKeys = []string{"AWS", "Federated", "Service", "CanonicalUser"}

var principalKinds = map[string]PrincipalKind{
	"AWS": AWS, "Federated": Federated, "Service": Service, "CanonicalUser": CanonicalUser,
}

// anyKey returns the principals that stand for one of which not even the key
// is known.
func anyKey(text value.Text, span source.Span) []Principal {
	var list []Principal
	for _, key := range principalKeys {
		list = append(list, Principal{Kind: principalKinds[key], Text: text, Span: span})
	}
	return list
}

func (d *decoder) principals(statement value.Value, elements map[string][]value.Field) Principals {
	fields, not, ok := d.one(elements, "Principal")
	if len(fields) == 0 {
		return Principals{}
	}
	p := Principals{Span: fields[0].Value.Span, Present: true, Not: not}
	if !ok {
		p.Not = false
		p.List = anyKey(reference(value.Value{Span: statement.Span}, "Principal"), p.Span)
		return p
	}
	for _, f := range fields {
		p.List = append(p.List, d.principalElement(f.Value)...)
	}
	return p
}

// principalElement reads what follows Principal or NotPrincipal.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (d *decoder) principalElement(v value.Value) []Principal {
	const expected = `Principal must be "*" or an object with the keys AWS, Federated, Service or CanonicalUser`
	switch v.Kind {
	case value.Unknown:
		return anyKey(reference(v, "Principal"), v.Span)
	case value.String, value.Number:
		text, known := v.Text.Known()
		if known && text == "*" {
			return []Principal{{Kind: Anyone, Text: v.Text, Span: v.Span}}
		}
		if !known && len(v.Text.Parts) == 1 {
			return anyKey(v.Text, v.Span) // may turn out to be anything
		}
		// What is meant is plain: a name without its key is an AWS principal's.
		d.warnf(v.Span, expected+", found %q", v.Text.String())
		return []Principal{d.principal("AWS", v)}
	case value.Map:
		return d.principalMap(v)
	case value.List:
		d.refusef(v.Span, expected+", found list")
		var list []Principal
		for _, item := range v.Items {
			if item.Kind == value.List {
				d.refusef(item.Span, expected+", found a list in a list")
				list = append(list, anyKey(reference(item, "Principal"), item.Span)...)
				continue
			}
			list = append(list, d.principalElement(item)...)
		}
		return list
	case value.Null:
		d.refusef(v.Span, expected+", found null")
	default:
		d.refusef(v.Span, expected+", found %s", v.Kind)
	}
	return anyKey(reference(v, "Principal"), v.Span)
}

func (d *decoder) principalMap(v value.Value) []Principal {
	list := []Principal{}
	seen := map[string]bool{}
	for _, f := range v.Fields {
		key := f.Key
		if _, known := principalKinds[key]; !known {
			key = d.strangePrincipalKey(f)
		}
		if seen[key] {
			d.refusef(f.KeySpan, "principal key %q is written twice; AWS refuses duplicate keys", key)
		}
		seen[key] = true
		for _, e := range entries(f.Value) {
			q := d.principal(key, e.value)
			q.Maybe = e.maybe
			list = append(list, q)
		}
	}
	return list
}

// strangePrincipalKey returns the key that an unknown one is read as.
func (d *decoder) strangePrincipalKey(f value.Field) string {
	if near := spelling.Nearest(f.Key, principalKeys); near != "" {
		d.refusef(f.KeySpan, "principal key %q is unknown; did you mean %q?", f.Key, near)
		return near
	}
	d.refusef(f.KeySpan, "principal key %q is unknown; expected AWS, Federated, Service or CanonicalUser", f.Key)
	return "AWS"
}

func (d *decoder) principal(key string, v value.Value) Principal {
	p := Principal{Kind: principalKinds[key], Span: v.Span}
	p.Text = d.scalar(v, key+" principal", "a string or a list of strings")
	text, known := p.Text.Known()
	switch {
	case !known:
		p.Text = AWSText(p.Text)
	case text == "*" && key == "AWS":
		p.Kind = Anyone
	case strings.ContainsAny(text, "*?") && !strings.HasPrefix(text, originAccessIdentity):
		// AWS refuses it, but what it would let in is plain.
		d.warnf(v.Span, "%s principal %q must not contain a wildcard: AWS refuses it; it is read as the pattern that it looks like", key, text)
		if key == "AWS" {
			if p.Text = AWSText(p.Text); p.Text.Parts == nil && !canBeAWS(text) {
				d.refusef(v.Span, "AWS principal %q is neither an ARN nor an account that there can be: an account id has 12 digits", text)
			}
		}
	case key == "AWS" && awsPlaceholder(text).Parts != nil:
		p.Text = awsPlaceholder(text)
	case key == "AWS":
		if why := awsPrincipal(text); why != "" {
			d.refusef(v.Span, "AWS principal %q %s", text, why)
		} else if p.Text = withPlaceholders(p.Text); p.Text.Parts == nil && !canBeNamed(text) {
			d.warnf(v.Span, "AWS principal %q stands for nobody: names have at most 64 letters, digits and characters of _+=,.@-, those of sessions two at least", text)
		}
	case text == "":
		d.refusef(v.Span, "%s principal must not be empty", key)
	}
	return p
}

// originAccessIdentity begins the ARN of a CloudFront identity, whose account
// field is a word.
const originAccessIdentity = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity "

// awsPrincipal says why a text is not a principal of the AWS key, "" when it is.
func awsPrincipal(text string) string {
	if isAccountID(text) || isUniqueID(text) || strings.HasPrefix(text, originAccessIdentity) {
		return ""
	}
	if !strings.HasPrefix(text, "arn:") {
		return "must be a 12-digit account id, an ARN, a unique id or \"*\""
	}
	who, ok := arn.Parse(text)
	if !ok || who.Resource == "" {
		return "must be an ARN of the form arn:partition:iam::account:name"
	}
	if who.Service != "iam" && who.Service != "sts" {
		return "must be an ARN of iam or sts"
	}
	if !isAccountID(who.Account) && who.Account != "cloudfront" {
		return "must have an account id of 12 digits"
	}
	kind, name, _ := strings.Cut(who.Resource, "/")
	_, session, _ := strings.Cut(name, "/")
	switch {
	case who.Resource == "root":
	case kind == "assumed-role" && session == "":
		return "names no session: it must end in assumed-role/ROLE/SESSION, and stands for nobody"
	case kind == "assumed-role" && strings.Contains(session, "/"):
		return "must end in assumed-role/ROLE/SESSION, without the path of the role, and stands for nobody"
	case name == "" || strings.HasSuffix(name, "/"):
		return "names nobody: a name must follow the last slash"
	}
	return ""
}

// canBeAWS reports whether a pattern is the ARN of a principal, or an account, and can
// match one with an account of 12 digits.
func canBeAWS(pattern string) bool {
	account := func(s string) bool {
		literal := strings.ReplaceAll(s, "*", "")
		return strings.Trim(literal, "0123456789?") == "" && (len(s) == 12 || len(literal) <= 12 && len(literal) < len(s))
	}
	if who, ok := arn.Parse(pattern); ok {
		return account(who.Account) || who.Account == "cloudfront"
	}
	return account(pattern)
}

// canBeNamed reports whether the names in the ARN of a principal are ones that a user,
// a role or a session can have.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
func canBeNamed(text string) bool {
	who, ok := arn.Parse(text)
	if !ok || strings.Contains(text, "${") || strings.HasPrefix(text, originAccessIdentity) {
		return true
	}
	kind, rest, _ := strings.Cut(who.Resource, "/")
	path, name := "", rest
	if i := strings.LastIndexByte(rest, '/'); i >= 0 {
		path, name = rest[:i], rest[i+1:]
	}
	switch kind {
	case "user", "role":
		return isName(name, 1, 64) && !strings.ContainsAny(path, " \t\n")
	case "assumed-role":
		return isName(path, 1, 64) && isName(name, 2, 64)
	case "federated-user":
		return isName(rest, 2, 32)
	}
	return true
}

func isName(s string, least, most int) bool {
	for i := range len(s) {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_+=,.@-", c) >= 0) {
			return c >= 0x80 // which the analysis does not judge either
		}
	}
	return len(s) >= least && len(s) <= most
}

func isAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// isUniqueID reports whether s has the form of the id that AWS gives a user or
// role, which it stores in place of the ARN.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func isUniqueID(s string) bool {
	if len(s) < 16 || s[0] != 'A' {
		return false
	}
	for i := range len(s) {
		if (s[i] < 'A' || s[i] > 'Z') && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return true
}
