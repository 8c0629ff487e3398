package knowledge

import (
	_ "embed"
	"strings"
	"sync"
)

var (
	//go:embed data/keys.txt
	keyTable string // key in lower case, as published, type
	//go:embed data/templates.txt
	templateTable string // the same for keys with a part to fill in
)

// KeyType is the type of a condition key's values.
type KeyType struct {
	Type  string // String, ARN, Bool, Numeric, Date, IPAddress, Binary
	Multi bool   // a request carries a set of values: ForAllValues and ForAnyValue apply
}

// KeyOf returns the type of a condition key, in any letter case.
func KeyOf(key string) (KeyType, bool) {
	_, kind, ok := lookUp(key)
	if !ok {
		return KeyType{}, false
	}
	element, multi := strings.CutPrefix(kind, "[]")
	return KeyType{Type: element, Multi: multi}, true
}

// CanonicalKey returns a condition key as AWS spells it, and an unknown one
// unchanged. What follows a key's slash is its user's and stays.
func CanonicalKey(key string) string {
	if name, _, ok := lookUp(key); ok {
		return name
	}
	return key
}

func lookUp(key string) (name, kind string, ok bool) {
	if name, kind, ok := fromProvider(key); ok {
		return name, kind, true
	}
	if row, ok := KeyRow(key); ok && row.Type != "" {
		if rest, isTag := cutPrefixFold(key, row.Name); isTag && rest != "" {
			return row.Name + rest, row.Type, true
		}
		return row.Name, row.Type, true
	}
	if lines := section(keyTable, strings.ToLower(key)); lines != "" {
		f := fields(lines)
		return f[1], f[2], true
	}
	return fromTemplate(key)
}

var rowOf = sync.OnceValue(func() map[string]*Key {
	rows := make(map[string]*Key, len(keyRows))
	for i := range keyRows {
		rows[strings.ToLower(keyRows[i].Name)] = &keyRows[i]
	}
	return rows
})

// KeyRow returns the row of a key, in any letter case, or that of the family
// that it is of.
func KeyRow(key string) (*Key, bool) {
	if row, ok := rowOf()[strings.ToLower(key)]; ok {
		return row, true
	}
	for i := range tagRows {
		if rest, ok := cutPrefixFold(key, tagRows[i].Name); ok && rest != "" {
			return &tagRows[i], true
		}
	}
	return &Key{}, false
}

// KeyNames returns the names of all keys without a part to fill in, first those
// that are rows.
func KeyNames() []string {
	var names []string
	for _, row := range keyRows {
		names = append(names, row.Name)
	}
	for line := range strings.Lines(keyTable) {
		names = append(names, fields(line)[1])
	}
	return names
}

// FilterKeys returns the keys by which Access Analyzer's archive rules can filter.
func FilterKeys() []string {
	var names []string
	for _, row := range keyRows {
		if row.Filter {
			names = append(names, row.Name)
		}
	}
	return names
}

// fromTemplate finds the key among those with a part to fill in, such as
// s3:ExistingObjectTag/<key>, and puts the key's own part in its place. The
// template with most fixed text wins.
func fromTemplate(key string) (name, kind string, ok bool) {
	best := -1
	for line := range strings.Lines(templateTable) {
		f := fields(line)
		start := strings.IndexAny(f[1], "$<")
		end := strings.LastIndexAny(f[1], "}>") + 1
		head, tail := f[1][:start], f[1][end:]
		if len(head)+len(tail) <= best || len(key) <= len(head)+len(tail) {
			continue
		}
		middle, ok1 := cutPrefixFold(key, head)
		middle, ok2 := cutSuffixFold(middle, tail)
		if ok1 && ok2 {
			best = len(head) + len(tail)
			name, kind, ok = head+middle+tail, f[2], true
		}
	}
	return name, kind, ok
}

// fromProvider types the claims that every OpenID Connect provider maps to
// condition keys. It goes before the tables, which have no room for the many
// providers and give amr one value.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
func fromProvider(key string) (name, kind string, ok bool) {
	host, claim, ok := cutClaim(key)
	if !ok {
		return "", "", false
	}
	switch claim := strings.ToLower(claim); claim {
	case "amr":
		return host + ":" + claim, "[]String", true
	case "aud", "email", "oaud", "sub":
		return host + ":" + claim, "String", true
	}
	return "", "", false
}

// cutClaim splits a key into a provider's host and path, and a claim. A
// service's key has no dot before its first slash.
func cutClaim(key string) (host, claim string, ok bool) {
	i := strings.LastIndexByte(key, ':')
	if i < 0 {
		return "", "", false
	}
	host, claim = key[:i], key[i+1:]
	name, _, _ := strings.Cut(host, "/")
	return host, claim, strings.Contains(name, ".") && !strings.Contains(name, ":")
}

func cutPrefixFold(s, prefix string) (rest string, ok bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func cutSuffixFold(s, suffix string) (rest string, ok bool) {
	n := len(s) - len(suffix)
	if n < 0 || !strings.EqualFold(s[n:], suffix) {
		return s, false
	}
	return s[:n], true
}

// Tracked reports whether a finding's condition can show a key, in any letter
// case: those of Access Analyzer, which an outside caller cannot choose freely,
// and a few more that say who calls or on whose behalf. The subject and audience
// of any OpenID Connect provider are tracked.
func Tracked(key string) bool {
	if row, ok := KeyRow(key); ok {
		return row.Tracked
	}
	_, claim, ok := cutClaim(key)
	return ok && (strings.EqualFold(claim, "sub") || strings.EqualFold(claim, "aud"))
}
