package archive

import (
	"fmt"
	"slices"
	"strings"
)

// Review returns what is doubtful about a rule, whatever it is applied to.
func (r Rule) Review() []string {
	var out []string
	if r.vague() {
		out = append(out, "its filter names no resource, principal, condition, path or address: it would archive findings that nobody has seen")
	}
	for _, c := range r.Filter {
		for _, o := range c.operators() {
			if len(o.values) > MaxValues && !IsOwnKey(c.Key) {
				out = append(out, fmt.Sprintf("%s has %d values for %s; Access Analyzer takes at most %d", c.Key, len(o.values), o.name, MaxValues))
			}
			for _, v := range o.values {
				if valid := Values(c.Key); valid != nil && o.name != "contains" && o.name != "matches" && !slices.Contains(valid, v) {
					out = append(out, fmt.Sprintf("%s is never %q; it is one of %s", c.Key, v, strings.Join(valid, ", ")))
				}
			}
		}
	}
	return out
}

// MaxValues of one operator, as the API takes them.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Criterion.html
const MaxValues = 20

// vague reports whether no criterion tells resources or principals apart.
func (r Rule) vague() bool {
	return !slices.ContainsFunc(r.Filter, func(c Criterion) bool { return keyOf(c.Key).narrow && c.says() })
}

// says reports whether the criterion is more than that something is there, or
// is not something else.
func (c Criterion) says() bool {
	meaning := func(values []string, empty string) bool {
		return len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { return strings.Trim(v, empty) == "" })
	}
	return len(c.Eq) > 0 || meaning(c.Contains, "") || meaning(c.Matches, "*/")
}

// Exportable returns why a rule cannot be one of Access Analyzer's, nil if it
// can.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CreateArchiveRule.html
func (r Rule) Exportable() []string {
	var out []string
	if !IsName(r.Name) {
		out = append(out, fmt.Sprintf("the name %q is not a letter followed by letters, digits, _, . and -, 255 at most", r.Name))
	}
	if len(r.Filter) == 0 {
		out = append(out, "it has no filter")
	}
	bare := r.WithoutLimits()
	for _, c := range bare.Filter {
		if IsOwnKey(c.Key) {
			out = append(out, fmt.Sprintf("the filter key %q is not one of Access Analyzer's", c.Key))
		}
		for _, o := range c.operators() {
			if len(o.values) > MaxValues {
				out = append(out, fmt.Sprintf("%s has %d values for %s, more than %d", c.Key, len(o.values), o.name, MaxValues))
			}
		}
	}
	switch {
	case len(bare.Filter) < len(r.Filter):
		out = append(out, fmt.Sprintf("max_access = %q, the actions and what a request needs have no counterpart there", r.MaxAccess))
	case r.MaxAccess != "":
		out = append(out, fmt.Sprintf("max_access = %q has no counterpart there", r.MaxAccess))
	}
	return out
}

// WithoutLimits is a rule that was made for one finding without the criteria that
// only keep it from archiving more than that.
func (r Rule) WithoutLimits() Rule {
	r.Filter = slices.DeleteFunc(slices.Clone(r.Filter), func(c Criterion) bool { return r.isLimit(c) })
	return r
}

// isLimit reports whether a criterion keeps a rule that was made for one finding
// from archiving more.
func (r Rule) isLimit(c Criterion) bool {
	return r.MaxAccess != "" && (c.Key == "iaclint:action" || strings.HasPrefix(c.Key, required))
}

// IsName reports whether a name is one that Access Analyzer takes for a rule.
func IsName(s string) bool {
	letter := func(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
	for i, c := range s {
		if !letter(c) && (i == 0 || !(c >= '0' && c <= '9' || strings.ContainsRune("_.-", c))) {
			return false
		}
	}
	return s != "" && len(s) <= 255
}
