package knowledge

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed data/sent.txt
var sentTable string // service, keys in lower case, actions: a list, "*", or "!" and those that do not

// Senders are the actions of a service with which AWS sends a condition key.
type Senders struct {
	all    bool
	names  map[string]bool // in lower case
	except []map[string]bool
}

// Has reports whether the key may come with an action, given by its name in
// lower case.
func (s Senders) Has(name string) bool {
	if s.all || s.names[name] {
		return true
	}
	return slices.ContainsFunc(s.except, func(others map[string]bool) bool { return !others[name] })
}

// SendersOf returns the actions of a service, given in lower case, that send a
// condition key, in any letter case. What is sent with the actions of a service
// that no table has is not known: all may send any key that there is.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func SendersOf(key, service string) Senders {
	lower := strings.ToLower(key)
	if row, ok := KeyRow(key); ok && (slices.Contains(row.In, "*") || slices.Contains(row.In, service)) {
		return Senders{all: true}
	}
	_, known := KeyOf(key)
	if IsClaim(key) || section(sentTable, service) == "" {
		return Senders{all: known} // a claim stays with the session of the role
	}
	return ListedSenders(lower, service)
}

// IsClaim reports whether a condition key, in any letter case, is what an identity
// provider says of a caller.
func IsClaim(key string) bool {
	_, _, ok := cutClaim(key)
	return ok || strings.HasPrefix(strings.ToLower(key), "saml:")
}

// ListedSenders returns the actions of a service, given in lower case, with which
// the service authorization reference lists a condition key, in any letter case.
func ListedSenders(key, service string) Senders {
	lower := strings.ToLower(key)
	s := Senders{names: map[string]bool{}}
	for line := range strings.Lines(section(sentTable, service)) {
		f := fields(line)
		if !hasKey(f[1], lower) {
			continue
		}
		list, except := strings.CutPrefix(f[2], "!")
		into := s.names
		if except {
			into = map[string]bool{}
			s.except = append(s.except, into)
		}
		s.all = s.all || list == "*"
		for name := range strings.SplitSeq(strings.ToLower(list), ",") {
			into[name] = true
		}
	}
	return s
}

// SendsAny reports whether the tables list any condition key with an action of a
// service, both in lower case.
func SendsAny(service, action string) bool {
	for line := range strings.Lines(section(sentTable, service)) {
		list := strings.ToLower(fields(line)[2])
		names, except := strings.CutPrefix(list, "!")
		listed := slices.Contains(strings.Split(names, ","), action)
		if list == "*" || listed != except {
			return true
		}
	}
	return false
}

// ListsKey reports whether the tables list a condition key, in lower case, with
// any action of a service.
func ListsKey(service, key string) bool {
	for line := range strings.Lines(section(sentTable, service)) {
		if hasKey(fields(line)[1], key) {
			return true
		}
	}
	return false
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
