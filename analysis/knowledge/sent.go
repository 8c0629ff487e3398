package knowledge

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed data/sent.txt
var sentTable string // service, keys in lower case, actions: a list, "*", or "!" and those that do not

// Sent reports whether a request for an action, such as "s3:GetObject", may
// carry a condition key, in any letter case; listed is false for a key or a
// service that no table has.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func Sent(key, action string) (sent, listed bool) {
	service, name, _ := strings.Cut(action, ":")
	service, lower := strings.ToLower(service), strings.ToLower(key)
	if row, ok := KeyRow(key); ok && (slices.Contains(row.In, "*") || slices.Contains(row.In, service)) {
		return true, true
	}
	if host, _, isClaim := cutClaim(lower); isClaim || strings.HasPrefix(lower, "saml:") {
		// A claim stays with the session of the role, and with what it calls.
		_, _, known := lookUp(key)
		return known || strings.ContainsAny(host, "{}"), known
	}
	lines := section(sentTable, service)
	if lines == "" {
		return true, false
	}
	for line := range strings.Lines(lines) {
		f := fields(line)
		if hasKey(f[1], lower) {
			listed = true
			sent = sent || inActions(f[2], name)
		}
	}
	_, _, known := lookUp(key)
	return sent, listed || known
}

// hasKey reports whether a key is in a list, in which keys can have a part to
// fill in.
func hasKey(list, key string) bool {
	for name := range strings.SplitSeq(list, ",") {
		if name == key {
			return true
		}
		start := strings.IndexAny(name, "$<")
		if start < 0 || !strings.HasPrefix(key, name[:start]) {
			continue
		}
		end := strings.LastIndexAny(name, "}>") + 1
		if rest := key[start:]; len(rest) > len(name)-end && strings.HasSuffix(rest, name[end:]) {
			return true
		}
	}
	return false
}

func inActions(list, name string) bool {
	if list == "*" {
		return true
	}
	list, except := strings.CutPrefix(list, "!")
	for n := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(n, name) {
			return !except
		}
	}
	return except
}
