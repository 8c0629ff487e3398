package validate

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
)

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var keyChecks = []Check{
	{Code: "INVALID_CONDITION_KEY_FORMAT", Type: Error, Basis: Grammar, Details: "The condition key format is not valid. Use the format service:keyname.", run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			prefix, name, found := strings.Cut(c.name, ":")
			if !isOpen(c.name) && (!found || prefix == "" || name == "") {
				r.at(c.key())
			}
		})
	}},
	{Code: "DUPLICATE_KEYS_WITH_DIFFERENT_CASE", Type: Error, Basis: Grammar,
		Details: "The condition key %s appears more than once with different capitalization in the same condition block. Remove the duplicate condition keys.", run: func(r *run) {
			r.eachBlock(func(s *statement, block *element) {
				first := map[string]element{}
				for _, f := range block.value.Fields {
					key, lower := elementOf(f, block.path), strings.ToLower(f.Key)
					if other, twice := first[lower]; !twice {
						first[lower] = key
					} else if other.name != f.Key {
						r.report([]Location{other.key(), key.key()}, f.Key)
					}
				}
			})
		}},
	{Code: "UNSUPPORTED_GLOBAL_CONDITION_KEY", Type: Error, Basis: Grammar, For: []PolicyType{Resource, ResourceControl},
		Details: "The condition key aws:ARN is not supported. Use aws:PrincipalArn or aws:SourceArn instead.", run: func(r *run) { r.named("aws:arn") }},
	{Code: "DEPRECATED_GLOBAL_CONDITION_KEY", Type: Warning, Basis: Grammar, For: []PolicyType{Identity, ServiceControl},
		Details: "We recommend that you update aws:ARN to use the newer condition key aws:PrincipalArn.", run: func(r *run) { r.named("aws:arn") }},
	{Code: "MISSING_TAG_KEY_IN_CONDITION", Type: Error, Basis: Grammar,
		Details: "The condition key %[1]s must include a tag key to control access based on tags. Use the format %[1]stag-key and specify a key name for tag-key.", run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				for _, tag := range tagKeys {
					if lower := strings.ToLower(tag); c.lower == lower || c.lower+"/" == lower {
						r.at(c.key(), tag)
					}
				}
			})
		}},
	{Code: "INVALID_GLOBAL_CONDITION_KEY", Type: Error, Basis: Tables, Details: "The condition key %s does not exist. Use a valid condition key.", run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			if _, known := knowledge.KeyOf(c.name); strings.HasPrefix(c.lower, "aws:") && !known && c.lower != "aws:arn" && !unlisted[c.lower] && !isOpen(c.name) && !isBareTag(c.lower) {
				r.at(c.key(), c.name)
			}
		})
	}},
	{Code: "INVALID_SERVICE_CONDITION_KEY", Type: Error, Basis: Tables, Details: "The condition key %s does not exist in the service %s. Use a valid condition key.", run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			service, ok := c.service()
			if _, known := knowledge.KeyOf(c.name); ok && service != "aws" && !known && isKeyPrefix(service) {
				r.at(c.key(), c.name, service)
			}
		})
	}},
	{Code: "MISSING_QUALIFIER", Type: Error, Basis: Tables, Details: "The request context key %s has multiple values. Use the ForAllValues or ForAnyValue condition key qualifiers in your policy.", run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			k, known := knowledge.KeyOf(c.name)
			if known && k.Multi && c.operator.Quantifier == policy.Plain && c.operator.Compare != policy.NullCheck && c.operator.Compare != policy.UnknownOperator && !isOpen(c.name) {
				r.at(c.key(), c.name)
			}
		})
	}},
	{Code: "FORALLVALUES_WITH_SINGLE_VALUED_KEY", Type: SecurityWarning, Basis: Tables,
		Details: "Using ForAllValues qualifier with the single-valued condition key %s can be overly permissive. We recommend that you remove ForAllValues:.", run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				k, known := knowledge.KeyOf(c.name)
				if known && !k.Multi && !unsettled[c.lower] && c.operator.Quantifier == policy.ForAllValues && c.operator.Compare != policy.NullCheck && s.allows() && !isOpen(c.name) {
					r.at(c.key(), c.name)
				}
			})
		}},
	{Code: "TYPE_MISMATCH", Type: Warning, Basis: Tables, Details: "Use the operator type %s instead of operator %s for the condition key %s.", run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			k, known := knowledge.KeyOf(c.name)
			with := operatorType[c.operator.Compare]
			if !known || with == "" || isOpen(c.name) {
				return
			}
			if allowed := allowedTypes(c.lower, k.Type); !strings.Contains(" "+allowed+",", " "+with+",") && !(k.Type == "ARN" && with == "String") {
				r.at(c.key(), allowed, with, c.name)
			}
		})
	}},
	{Code: "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", Type: SecurityWarning, Basis: Tables,
		Details: "Use the operator type %s instead of operator string for the condition key %s.", run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				k, known := knowledge.KeyOf(c.name)
				if known && k.Type == "ARN" && c.operator.Compare == policy.StringLike && !isOpen(c.name) {
					r.at(c.key(), allowedTypes(c.lower, k.Type), c.name)
				}
			})
		}},
	{Code: "UNTRUSTWORTHY_CONDITION_KEY", Type: SecurityWarning, Basis: Partial,
		Details: "The %s condition key is not recommended for access control as it can be spoofed/manipulated by the caller.", run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				if (c.lower == "aws:referer" || c.lower == "aws:useragent") && s.allows() && !s.onlyServices() {
					r.at(c.key(), c.name)
				}
			})
		}},
	{Code: "MISSING_PAIRED_CONDITION_KEYS", Type: SecurityWarning, Basis: Partial,
		Details: "Using the condition key %s can be overly permissive without also using the following condition keys: %s. Condition keys like this one are more secure when paired with a related key. We recommend that you add the related condition keys to the same condition block.", run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				if c.lower == "aws:vpcsourceip" && !s.uses("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn") {
					r.at(c.key(), c.name, "aws:SourceVpc, aws:SourceVpce")
				}
			})
		}},
	{Code: "DYNAMODB_ATTRIBUTES_WITHOUT_SELECT", Type: SecurityWarning, Basis: Grammar,
		Details: "Restricting dynamodb:Attributes without also setting dynamodb:Select to SPECIFIC_ATTRIBUTES allows all attributes to be returned on read requests that omit a projection expression. We recommend that you also set dynamodb:Select to SPECIFIC_ATTRIBUTES.", run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				if c.lower == "dynamodb:attributes" && s.allows() && c.operator.Compare != policy.NullCheck && s.readable() && !s.has(selectsAttributes) {
					r.at(c.key())
				}
			})
		}},
	{Code: "IRRELEVANT_CONDITION_KEY_IN_POLICY", Type: Suggestion, Basis: Partial, On: []string{Bucket, AccessPoint},
		Details: "The condition key %s is not relevant for the %s policy.  Use this key in an identity-based policy to govern access to this resource.", run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				if c.lower == "s3:resourceaccount" || c.lower == "aws:resourceaccount" || c.lower == "aws:resourceorgid" || c.lower == "aws:resourceorgpaths" {
					r.at(c.key(), c.name, typeNames[r.options.ResourceType])
				}
			})
		}},
}

// selectsAttributes reports whether a condition lets only requests through that
// name the attributes they read, or may.
func selectsAttributes(c *condition) bool {
	if isOpen(c.name) {
		return true
	}
	if c.lower != "dynamodb:select" || c.operator.Negated || operatorType[c.operator.Compare] != "String" {
		return false
	}
	for _, x := range c.entries() {
		if text, known := x.text(); known && !strings.EqualFold(text, "SPECIFIC_ATTRIBUTES") {
			return false
		}
	}
	return true
}

// unsettled are keys that the reference calls single-valued and recorded answers,
// since 2026, take with ForAllValues.
var unsettled = map[string]bool{"codestar-connections:provideraction": true}

// unlisted are global keys that AWS's own policies use and its guide lacks.
var unlisted = map[string]bool{"aws:principalorgmasteraccountid": true}

// tagKeys are the global keys that end in the name of a tag.
var tagKeys = []string{"aws:RequestTag/", "aws:ResourceTag/", "aws:PrincipalTag/"}

func isBareTag(lower string) bool {
	for _, tag := range tagKeys {
		if tag = strings.ToLower(tag); lower == tag || lower+"/" == tag {
			return true
		}
	}
	return false
}

// named reports the conditions on a key, which is in lower case.
func (r *run) named(key string) {
	r.eachCondition(func(s *statement, c *condition) {
		if c.lower == key {
			r.at(c.key())
		}
	})
}

// service returns the prefix of the key as it is written, if the key is of a service.
func (c *condition) service() (string, bool) {
	prefix, name, found := strings.Cut(c.name, ":")
	return prefix, found && prefix != "" && name != "" && !strings.ContainsAny(prefix, "./") && !isOpen(c.name)
}

// isKeyPrefix reports whether condition keys can have a prefix.
func isKeyPrefix(prefix string) bool { return isService(prefix) || knowledge.HasKeys(prefix) }

// operatorType is the type that an operator compares, as findings name it.
var operatorType = map[policy.Comparison]string{
	policy.StringEquals: "String", policy.StringEqualsIgnoreCase: "String", policy.StringLike: "String",
	policy.NumericEquals: "Numeric", policy.NumericLessThan: "Numeric", policy.NumericLessThanEquals: "Numeric",
	policy.NumericGreaterThan: "Numeric", policy.NumericGreaterThanEquals: "Numeric",
	policy.DateEquals: "Date", policy.DateLessThan: "Date", policy.DateLessThanEquals: "Date",
	policy.DateGreaterThan: "Date", policy.DateGreaterThanEquals: "Date",
	policy.Bool: "Boolean", policy.BinaryEquals: "Binary", policy.IpAddress: "IP address",
	policy.ArnEquals: "ARN", policy.ArnLike: "ARN",
}

// allowedTypes lists the types of operators for a key. Recorded answers take
// numbers for the tags of a request and texts for aws:PrincipalArn.
func allowedTypes(lower, keyType string) string {
	switch {
	case lower == "aws:principalarn":
		return "ARN, String"
	case strings.HasPrefix(lower, "aws:requesttag/"):
		return "String, Numeric"
	case keyType == "Bool":
		return "Boolean"
	case keyType == "IPAddress":
		return "IP address"
	}
	return keyType
}
