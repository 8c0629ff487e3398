package validate

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// valueChecks are about the values of particular condition keys.
var valueChecks = []Check{
	{Code: "INVALID_REGION", Type: Error, Basis: Partial, Details: "The Region %s is not valid. Update the condition value to a supported Region.", run: func(r *run) {
		r.eachTextOf(func(s *statement, c *condition, x entry, text string) {
			if !hasWildcard(text) && !knowledge.IsRegion(text) && text != "aws-global" {
				r.at(x.at(), text)
			}
		}, "aws:requestedregion")
	}},
	identifier("INVALID_VPC_FORMAT", "The VPC identifier in the condition key value is not valid. Use the prefix 'vpc-' followed by 8 or 17 alphanumeric characters.", "vpc-", "aws:sourcevpc", "aws:ec2instancesourcevpc"),
	identifier("INVALID_VPCE_FORMAT", "The VPCE identifier in the condition key value is not valid.  Use the prefix 'vpce-' followed by 8 or 17 alphanumeric characters.", "vpce-", "aws:sourcevpce"),
	{Code: "INVALID_KMS_KEY_VALUE", Type: Error, Basis: Grammar, Details: "The %s condition key value must be a valid KMS key ARN.", run: func(r *run) {
		r.eachTextOf(func(s *statement, c *condition, x entry, text string) {
			a := arnOf(value.Lit(text))
			key, _ := a.glob(arnResource)
			if a.count != 6 && !(hasWildcard(text) && strings.HasSuffix(text, "*")) || a.count == 6 && (!overlaps(a.parts[arnService], "kms") || !overlaps(key, "key/*")) {
				r.at(x.at(), c.name)
			}
		}, "s3:x-amz-server-side-encryption-aws-kms-key-id", "s3express:x-amz-server-side-encryption-aws-kms-key-id")
	}},
	{Code: "INVALID_SERVICE_PRINCIPAL_FORMAT", Type: Error, Basis: Partial, Details: "The service principal does not match the expected format. Use the format %s.", run: func(r *run) {
		r.eachTextOf(func(s *statement, c *condition, x entry, text string) {
			if !hasWildcard(text) && !isServiceName(text, 1) {
				r.at(x.at(), "service.amazonaws.com, or use one of the following suffixes: .amazon.com, .amazonaws.com.cn with all lowercase letters")
			}
		}, "aws:calledvia", "aws:calledviafirst", "aws:calledvialast")
		r.eachTextOf(func(s *statement, c *condition, x entry, text string) {
			if !hasWildcard(text) && !isServiceName(text, 2) {
				r.at(x.at(), "service.region.amazonaws.com, or use one of the following suffixes: .amazon.com, .amazonaws.com.cn with all lowercase letters")
			}
		}, "kms:viaservice")
		r.eachPrincipalValue(func(s *statement, key string, x entry) {
			if text, known := x.text(); known && key == "Service" && !hasWildcard(text) && !isServicePrincipal(text) {
				r.at(x.at(), "service.amazonaws.com, or use one of the following suffixes: .amazon.com, .amazonaws.com.cn with all lowercase letters")
			}
		})
	}},
	{Code: "CONFIRM_AUDIENCE_CLAIM_TYPE", Type: Suggestion, Basis: Grammar, On: []string{Trust},
		Details: `The "aud" (audience) claim key identifies the recipients that the JSON web token is intended for. Because this claim is single-valued, do not use a qualifier.`, run: func(r *run) {
			r.eachAudience(func(s *statement, c *condition, known bool) {
				if !known && c.operator.Quantifier == policy.ForAllValues {
					r.at(c.key())
				}
			})
		}},
	{Code: "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE", Type: SecurityWarning, Basis: Grammar, On: []string{Trust},
		Details: "Using ForAnyValue qualifier with the single-valued condition key %s can be overly permissive. We recommend that you remove ForAnyValue:.", run: func(r *run) {
			r.eachAudience(func(s *statement, c *condition, known bool) {
				if c.operator.Quantifier == policy.ForAnyValue {
					r.at(c.key(), c.name)
				}
			})
		}},
}

// eachTextOf visits every value, known and without variables, that a text
// operator compares with one of the keys.
func (r *run) eachTextOf(f func(s *statement, c *condition, x entry, text string), keys ...string) {
	r.eachCondition(func(s *statement, c *condition) {
		for _, key := range keys {
			if c.lower != key || operatorType[c.operator.Compare] != "String" && operatorType[c.operator.Compare] != "ARN" {
				continue
			}
			for _, x := range c.entries() {
				if text, known := x.text(); known && !strings.Contains(text, "${") {
					f(s, c, x, text)
				}
			}
		}
	})
}

// identifier is the check for ids that AWS gives: a prefix and 8 or 17 characters.
func identifier(code, details, prefix string, keys ...string) Check {
	return Check{Code: code, Type: Error, Basis: Grammar, Details: details, run: func(r *run) {
		r.eachTextOf(func(s *statement, c *condition, x entry, text string) {
			rest, ok := strings.CutPrefix(text, prefix)
			plain := !strings.ContainsFunc(rest, func(c rune) bool { return c >= 0x80 || !isLetter(byte(c)) && !isDigit(byte(c)) })
			if !hasWildcard(text) && !(ok && plain && (len(rest) == 8 || len(rest) == 17)) {
				r.at(x.at())
			}
		}, keys...)
	}}
}

// suffixes of service principals.
var suffixes = []string{".amazonaws.com", ".amazon.com", ".amazonaws.com.cn"}

// isServiceName reports whether a name is so many labels and a suffix of AWS.
func isServiceName(name string, labels int) bool {
	for _, suffix := range suffixes {
		if rest, ok := strings.CutSuffix(name, suffix); ok {
			return rest == strings.ToLower(rest) && !strings.ContainsAny(rest, " /:") && rest != "" && strings.Count(rest, ".") == labels-1
		}
	}
	return false
}

// isServicePrincipal takes every number of labels: service principals have up to four.
func isServicePrincipal(name string) bool {
	for labels := 1; labels <= 4; labels++ {
		if isServiceName(name, labels) {
			return true
		}
	}
	// Other partitions and a few services have endings of their own.
	return strings.HasSuffix(name, ".aws.internal") || strings.Contains(name, ".amazonaws.com.") || strings.HasSuffix(name, ".aws.dev")
}

// eachAudience visits every condition on an audience; known is set for providers
// whose audience AWS documents as one value.
func (r *run) eachAudience(f func(s *statement, c *condition, known bool)) {
	r.eachCondition(func(s *statement, c *condition) {
		host, ok := strings.CutSuffix(c.lower, ":aud")
		if !ok || !s.allows() {
			return
		}
		_, documented := documentedAudiences[host]
		f(s, c, documented)
	})
}

// documentedAudiences are the providers with an audience of one value.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
var documentedAudiences = map[string]bool{
	"accounts.google.com": true, "cognito-identity.amazonaws.com": true, "token.actions.githubusercontent.com": true,
	"gitlab.com": true, "agent.buildkite.com": true, "saml": true,
}
