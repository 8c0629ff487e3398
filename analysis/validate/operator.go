package validate

import (
	"encoding/base64"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var operatorChecks = []Check{
	{Code: "INVALID_CONDITION_OPERATOR", Type: Error, Basis: Grammar, Details: "The condition operator %s is not valid. Use a valid condition operator.", run: func(r *run) {
		r.eachBlock(func(s *statement, block *element) {
			if policy.ParseOperator(block.name).Compare == policy.UnknownOperator && !isNullIfExists(block.name) && !isOpen(block.name) {
				r.at(block.key(), block.name)
			}
		})
	}},
	{Code: "NULL_WITH_IF_EXISTS", Type: Error, Basis: Grammar, Details: "The Null condition operator cannot be used with the IfExists suffix. Update the operator or the suffix.", run: func(r *run) {
		r.eachBlock(func(s *statement, block *element) {
			if isNullIfExists(block.name) {
				r.at(block.key())
			}
		})
	}},
	{Code: "NULL_WITH_QUALIFIER", Type: Suggestion, Basis: Grammar, Details: "Avoid using the Null condition operator with the ForAllValues or ForAnyValue qualifiers because they always return a true or false respectively.", run: func(r *run) {
		r.eachBlock(func(s *statement, block *element) {
			if o := policy.ParseOperator(block.name); o.Compare == policy.NullCheck && o.Quantifier != policy.Plain {
				r.at(block.key())
			}
		})
	}},
	{Code: "INVALID_CONDITION_DATA_TYPE", Type: Error, Basis: Grammar, Details: "The condition value data types do not match. Use condition values of the same JSON data type.", run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			kind := value.Unknown
			for _, x := range c.entries() {
				switch {
				case x.value.Kind == value.Unknown:
				case kind == value.Unknown:
					kind = x.value.Kind
				case kind != x.value.Kind:
					r.at(c.at())
					return
				}
			}
		})
	}},
	{Code: "INVALID_CONDITION_MULTIPLE_BOOLEAN", Type: Error, Basis: Grammar, Details: "The condition key does not support multiple Boolean values. Use a single Boolean value.", run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			if single := c.operator.Compare == policy.Bool || c.operator.Compare == policy.NullCheck; single && c.value.Kind == value.List && len(c.value.Items) > 1 {
				r.at(c.at())
			}
		})
	}},
	mismatch("TYPE_MISMATCH_BOOLEAN", Warning, "Add a valid Boolean value (true or false) for the condition operator %s.", isBoolean, policy.Bool, policy.NullCheck),
	mismatch("TYPE_MISMATCH_NUMBER", Warning, "Add a valid numeric value for the condition operator %s.", isNumber, numeric...),
	mismatch("TYPE_MISMATCH_STRING", Warning, "Add a valid base64-encoded string value for the condition operator %s.", isBase64, policy.BinaryEquals),
	mismatch("TYPE_MISMATCH_IP_RANGE", Error, "The condition operator %s is used with an invalid IP range value. Specify the IP range in standard CIDR format.", isAddress, policy.IpAddress),
	{Code: "TYPE_MISMATCH_DATE", Type: Warning, Basis: Grammar, Details: "The date condition operator is used with an invalid value. Specify a valid date using YYYY-MM-DD or other ISO 8601 date/time format.", run: func(r *run) {
		r.eachValue(dates, func(s *statement, c *condition, x entry, text string) {
			if !isDate(text) && !isNumber(text) {
				r.at(x.at())
			}
		})
	}},
	{Code: "INVALID_DATE_VALUE", Type: Warning, Basis: Grammar, Details: "The date %s might not resolve as expected. We recommend that you use the YYYY-MM-DD format.", run: func(r *run) {
		r.eachValue(dates, func(s *statement, c *condition, x entry, text string) {
			if isNumber(text) {
				r.at(x.at(), text)
			}
		})
	}},
	{Code: "REDUNDANT_CONDITION_VALUE_NUM", Type: Suggestion, Basis: Grammar, Details: "Multiple values in %s are redundant. Replace with the %s single value for %s.", run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			bound := map[policy.Comparison]string{
				policy.NumericLessThan: "greatest", policy.NumericLessThanEquals: "greatest",
				policy.NumericGreaterThan: "least", policy.NumericGreaterThanEquals: "least",
			}[c.operator.Compare]
			if bound != "" && c.value.Kind == value.List && len(c.value.Items) > 1 {
				r.at(c.at(), c.block.name, bound, c.name)
			}
		})
	}},
	{Code: "WILDCARD_WITHOUT_LIKE_OPERATOR", Type: Warning, Basis: Grammar, Details: "Your condition value includes a * or ? character. If you meant to use a wildcard (*, ?), update the condition operator to include Like.", run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			if c.operator.Compare != policy.StringEquals && c.operator.Compare != policy.StringEqualsIgnoreCase {
				return
			}
			for _, x := range c.entries() {
				if x.value.Kind == value.String && hasWildcard(outsideVariables(literal(x.value.Text))) {
					r.at(x.at())
				}
			}
		})
	}},
}

var (
	numeric = []policy.Comparison{policy.NumericEquals, policy.NumericLessThan, policy.NumericLessThanEquals, policy.NumericGreaterThan, policy.NumericGreaterThanEquals}
	dates   = []policy.Comparison{policy.DateEquals, policy.DateLessThan, policy.DateLessThanEquals, policy.DateGreaterThan, policy.DateGreaterThanEquals}
)

func isNullIfExists(name string) bool {
	_, base, found := strings.Cut(strings.ToLower(name), ":")
	if !found {
		base = strings.ToLower(name)
	}
	return base == "nullifexists"
}

// mismatch is the check that the values of some operators have their type.
func mismatch(code string, t FindingType, details string, valid func(string) bool, of ...policy.Comparison) Check {
	return Check{Code: code, Type: t, Basis: Grammar, Details: details, run: func(r *run) {
		r.eachValue(of, func(s *statement, c *condition, x entry, text string) {
			if !valid(text) && !strings.Contains(text, "${") {
				r.at(x.at(), c.block.name)
			}
		})
	}}
}

// eachBlock visits every operator block.
func (r *run) eachBlock(f func(s *statement, block *element)) {
	r.eachStatement(func(s *statement) {
		for _, field := range s.condition.value.Fields {
			block := elementOf(field, s.condition.path)
			f(s, &block)
		}
	})
}

// eachValue visits every value of some operators that is known.
func (r *run) eachValue(of []policy.Comparison, f func(s *statement, c *condition, x entry, text string)) {
	r.eachCondition(func(s *statement, c *condition) {
		for _, o := range of {
			if c.operator.Compare != o {
				continue
			}
			for _, x := range c.entries() {
				if text, known := x.value.Text.Known(); known && x.value.IsScalar() && x.value.Kind != value.Unknown {
					f(s, c, x, text)
				}
			}
		}
	})
}

func isBoolean(s string) bool {
	return strings.EqualFold(s, "true") || strings.EqualFold(s, "false")
}

// isNumber reports whether a text is a decimal number, in the notation of JSON.
func isNumber(s string) bool {
	s = strings.TrimLeft(s, "+-")
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			digits++
		case c == '.' && strings.IndexByte(s, '.') == i:
		case (c == 'e' || c == 'E') && digits > 0:
			exponent := strings.TrimLeft(s[i+1:], "+-")
			return exponent != "" && strings.Trim(exponent, "0123456789") == ""
		default:
			return false
		}
	}
	return digits > 0
}

func isBase64(s string) bool {
	_, err := base64.StdEncoding.DecodeString(s)
	return err == nil
}
