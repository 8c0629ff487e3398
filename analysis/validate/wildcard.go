package validate

import (
	"fmt"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// wildcardChecks are about wildcards and variables so early in a condition's
// value that strangers can make a value that fits, or in one that has to be known
// as a whole.
var wildcardChecks = []Check{
	{Code: "WILDCARD_USAGE_TOO_PERMISSIVE", Type: Error, Basis: Partial, Details: "%s", run: func(r *run) { r.tooPermissive(&ofWildcards) }},
	{Code: "VARIABLE_USAGE_TOO_PERMISSIVE", Type: Error, Basis: Partial, Details: "%s", run: func(r *run) { r.tooPermissive(&ofVariables) }},
	{Code: "S3_PREFIX_IN_NEGATIVE_CONTEXT", Type: SecurityWarning, Basis: Grammar,
		Details: "Using the s3:prefix condition key in a Deny statement or with a negated string operator does not block listing the objects under the matching prefixes. A request that specifies a shorter prefix does not match the condition and can still list those objects. To restrict listing to specific prefixes, use s3:prefix with StringLike in an Allow statement, or use a Deny statement with StringNotLike.", run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				if c.lower == "s3:prefix" && operatorType[c.operator.Compare] == "String" && (s.allows() || s.denies()) && !c.admits(s) {
					r.at(c.key())
				}
			})
		}},
}

// before is how many literal characters must stand before each wildcard.
const before = 6

// openness is how a part of a condition's value is left open: by wildcards, or by
// policy variables, whose values the caller may choose.
type openness struct {
	variables                bool
	early, sensitive, userID string // what the finding says
}

var (
	ofWildcards = openness{
		early:     "Overly permissive use of wildcard for the %s condition key. Use the wildcard preceded by 6 consecutive characters.",
		sensitive: "The wildcard is not allowed in the condition key %s. We consider the key to be sensitive and wildcards are not allowed to be used with sensitive keys. Refer to https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html for the list of sensitive keys.",
		userID:    "Overly permissive use of wildcard with aws:userID. Use the wildcard on the right side of colon or as the only character on the left side of a colon.",
	}
	ofVariables = openness{
		variables: true,
		early:     "Overly permissive use of policy variable for the %s condition key. Use the policy variable preceded by 6 consecutive characters.",
		sensitive: "The policy variable is not allowed in the condition key %s. We consider the key to be sensitive and policy variables can be evaluated as effective wildcards. Therefore policy variables are not allowed to be used with sensitive keys. Refer to https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html for the list of sensitive keys.",
		userID:    "Overly permissive use of policy variable with aws:userID. Use the policy variable on the right side of colon or as the only character on the left side of a colon.",
	}
)

// sensitive are keys of which AWS knows no use of a wildcard.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sensitive
// read 2026-12
var sensitive = setOfNames(`
	aws:principalaccount aws:principalorgid aws:resourceaccount aws:resourceorgid aws:sourceaccount aws:sourceorgid
	aws:sourcevpc aws:sourcevpce aws:vpceaccount aws:vpceorgid`)

// admits reports whether requests pass that have one of the condition's values:
// those that an Allow lists, or that a Deny excepts.
func (c *condition) admits(s *statement) bool { return s.allows() != c.operator.Negated }

// tooPermissive reports values of keys that say who calls: the subjects of identity
// providers, the session names in aws:userid, and accounts, organizations and
// networks.
func (r *run) tooPermissive(o *openness) {
	r.eachCondition(func(s *statement, c *condition) {
		like := c.operator.Compare == policy.StringLike || o.variables && operatorType[c.operator.Compare] == "String"
		if !like || !s.allows() && !s.denies() || !c.admits(s) {
			return
		}
		for _, x := range c.entries() {
			text, known := x.text()
			switch {
			case !known:
			case isSubject(c.lower) && s.allows() && isEarly(text, o.variables):
				r.at(x.at(), fmt.Sprintf(o.early, c.name))
			case sensitive[c.lower] && o.leavesOpen(text):
				r.at(x.at(), fmt.Sprintf(o.sensitive, c.name))
			case c.lower == "aws:userid" && o.isOpenUser(text):
				r.at(x.at(), o.userID)
			}
		}
	})
}

// leavesOpen reports whether a value has a wildcard, or a variable that is not
// itself such an account, organization or network: AWS's own policies compare
// aws:ResourceAccount with ${aws:PrincipalAccount}.
func (o *openness) leavesOpen(text string) bool {
	if !o.variables {
		return hasWildcard(outsideVariables(text))
	}
	for _, v := range variablesIn(value.Lit(text)) {
		name, _, fallback := strings.Cut(v.text, ",")
		if fallback || !sensitive[strings.ToLower(strings.TrimSpace(name))] {
			return v.closed
		}
	}
	return false
}

// isOpenUser reports whether a pattern of aws:userid leaves a part of the unique
// id open: it is known as a whole, or, before a colon, not asked for.
func (o *openness) isOpenUser(text string) bool {
	id, colon := text, false
	depth := 0
	for i := 0; i < len(text) && !colon; i++ {
		switch {
		case strings.HasPrefix(text[i:], "${"):
			depth++
		case text[i] == '}' && depth > 0:
			depth--
		case text[i] == ':' && depth == 0:
			id, colon = text[:i], true
		}
	}
	if !o.variables {
		return hasWildcard(outsideVariables(id)) && !(colon && id == "*")
	}
	list := variablesIn(value.Lit(id))
	return len(list) > 0 && list[0].closed && !(colon && len(list) == 1 && id == "${"+list[0].text+"}")
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
