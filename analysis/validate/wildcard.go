package validate

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
)

// wildcardChecks are about wildcards and variables so early in a condition's
// value that strangers can make a value that fits.
var wildcardChecks = []Check{
	tooPermissive("WILDCARD_USAGE_TOO_PERMISSIVE", false, "The wildcard in the value of the condition key %s can be overly permissive. Use at least 6 consecutive characters before the wildcard."),
	tooPermissive("VARIABLE_USAGE_TOO_PERMISSIVE", true, "The policy variable in the value of the condition key %s can be overly permissive. Use at least 6 consecutive characters before the variable."),
	{Code: "S3_PREFIX_IN_NEGATIVE_CONTEXT", Type: SecurityWarning, Basis: Grammar,
		Details: "Using the condition key %s in a negative context can be overly permissive, because a request with a shorter prefix lists the same objects. We recommend that you allow the prefixes that may be listed instead.", run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				text := operatorType[c.operator.Compare] == "String"
				if c.lower == "s3:prefix" && text && (s.denies() && !c.operator.Negated || s.allows() && c.operator.Negated) {
					r.at(c.key(), c.name)
				}
			})
		}},
}

// before is how many literal characters must stand before each wildcard.
const before = 6

// tooPermissive is the check for keys that say who calls and whose values others
// choose in part: subjects of identity providers, and the session names in
// aws:userid.
func tooPermissive(code string, variables bool, details string) Check {
	return Check{Code: code, Type: Error, Basis: Partial, Details: details, run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			like := c.operator.Compare == policy.StringLike || variables && operatorType[c.operator.Compare] == "String"
			if !s.allows() || c.operator.Negated || !like {
				return
			}
			for _, x := range c.entries() {
				text, known := x.text()
				early := isSubject(c.lower) && isEarly(text, variables) || c.lower == "aws:userid" && !variables && isOpenUser(text)
				if known && text != "*" && early {
					r.at(x.at(), c.name)
				}
			}
		})
	}}
}

// isOpenUser reports whether a pattern of aws:userid leaves a part of the unique
// id open: it is known as a whole, or not asked for.
func isOpenUser(text string) bool {
	id, _, _ := strings.Cut(text, ":")
	return hasWildcard(id) && id != "*"
}

// isSubject reports whether a key is the subject of an identity provider.
func isSubject(lower string) bool {
	host, ok := strings.CutSuffix(lower, ":sub")
	return ok && strings.Contains(host, ".")
}

// isEarly reports whether fewer characters than it takes stand between a
// wildcard, or a variable, and what goes before it.
func isEarly(text string, variables bool) bool {
	literal := 0
	for i := 0; i < len(text); i++ {
		isVariable := strings.HasPrefix(text[i:], "${")
		switch {
		case isVariable:
			if variables && literal < before {
				return true
			}
			end := strings.IndexByte(text[i:], '}')
			if end < 0 {
				return false
			}
			i += end
			literal = 0
		case text[i] == '*' || text[i] == '?':
			if !variables && literal < before {
				return true
			}
			literal = 0
		default:
			literal++
		}
	}
	return false
}
