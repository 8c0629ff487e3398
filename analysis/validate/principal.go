package validate

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
var principalChecks = []Check{
	{Code: "UNSUPPORTED_PRINCIPAL", Type: Error, Basis: Grammar, For: []PolicyType{Identity},
		Details: "The policy type %s does not support the Principal element. Remove the Principal element.", run: func(r *run) {
			r.eachPrincipal(func(s *statement, e *element) { r.at(e.at(), string(r.options.Type)) })
		}},
	{Code: "SCP_SYNTAX_ERROR_PRINCIPAL", Type: Error, Basis: Grammar, For: []PolicyType{ServiceControl},
		Details: "SCPs do not support specifying principals. Remove the Principal or NotPrincipal element.", run: func(r *run) {
			r.eachPrincipal(func(s *statement, e *element) { r.at(e.at()) })
		}},
	{Code: "INVALID_PRINCIPAL_FORMAT", Type: Error, Basis: Grammar, For: principalTypes,
		Details: "The Principal element contents are not valid. Specify a key-value pair in the Principal element.", run: func(r *run) {
			r.eachPrincipal(func(s *statement, e *element) {
				text, known := e.value.Text.Known()
				switch e.value.Kind {
				case value.Map, value.Unknown:
					return
				case value.String:
					if !known || text == "*" {
						return
					}
				}
				r.at(e.at())
			})
		}},
	{Code: "INVALID_PRINCIPAL_KEY", Type: Error, Basis: Grammar, For: principalTypes, Details: "The principal key %s is not valid.", run: func(r *run) {
		r.eachPrincipal(func(s *statement, e *element) {
			for _, f := range e.value.Fields {
				if !slices.Contains(principalKeys, f.Key) && !isOpen(f.Key) {
					key := elementOf(f, e.path)
					r.at(key.key(), f.Key)
				}
			}
		})
	}},
	{Code: "UNSUPPORTED_WILDCARD_IN_PRINCIPAL", Type: Error, Basis: Grammar, For: principalTypes,
		Details: "Wildcards (*, ?) are not supported with the principal key %s. Replace the wildcard with a valid principal value.", run: func(r *run) {
			r.eachPrincipalValue(func(s *statement, key string, x entry) {
				text := literal(x.value.Text)
				if x.value.Kind == value.String && strings.ContainsAny(text, "*?") && !(key == "AWS" && text == "*") {
					r.at(x.at(), key)
				}
			})
		}},
	{Code: "EMPTY_OBJECT_PRINCIPAL", Type: Suggestion, Basis: Grammar, For: principalTypes,
		Details: "This statement includes no principals and does not affect the policy. Specify principals.", run: func(r *run) {
			r.eachPrincipal(func(s *statement, e *element) {
				if e.value.Kind == value.Map && len(e.value.Fields) == 0 {
					r.at(e.at())
				}
			})
		}},
	{Code: "EMPTY_ARRAY_PRINCIPAL", Type: Suggestion, Basis: Grammar, For: principalTypes,
		Details: "This statement includes no principals and does not affect the policy. Specify principals.", run: func(r *run) {
			r.eachPrincipal(func(s *statement, e *element) {
				for _, f := range e.value.Fields {
					if key := elementOf(f, e.path); f.Value.Kind == value.List && len(f.Value.Items) == 0 {
						r.at(key.at())
					}
				}
			})
		}},
	{Code: "INVALID_ROLE_REFERENCE", Type: Warning, Basis: Grammar, For: principalTypes,
		Details: "The Principal element includes the IAM role ID %s. We recommend that you use a role ARN instead.", run: uniqueID("AROA")},
	{Code: "INVALID_USER_REFERENCE", Type: Warning, Basis: Grammar, For: principalTypes,
		Details: "The Principal element includes the IAM user ID %s. We recommend that you use a user ARN instead.", run: uniqueID("AIDA")},
	{Code: "ALLOW_WITH_NOT_PRINCIPAL", Type: SecurityWarning, Basis: Grammar, For: principalTypes,
		Details: "Using Allow with NotPrincipal can be overly permissive. We recommend that you use Principal instead.", run: func(r *run) {
			r.eachStatement(func(s *statement) {
				if s.allows() && s.notPrincipal.present() {
					r.report([]Location{s.effect.at(), s.notPrincipal.key()})
				}
			})
		}},
	{Code: "FEDERATED_PRINCIPAL_NOT_SUPPORTED", Type: Error, Basis: Grammar, For: []PolicyType{Resource},
		Details: "The policy type does not support a federated identity provider in the principal element. Use a supported principal.", run: func(r *run) {
			r.eachPrincipalValue(func(s *statement, key string, x entry) {
				if key == "Federated" && x.value.Kind != value.Unknown && r.options.ResourceType != Trust && !s.mayAssume() {
					r.at(x.at())
				}
			})
		}},
}

// mayAssume reports whether an action of the statement lets a role be assumed, or may:
// then the policy is a role's, whatever else is wrong with it.
func (s *statement) mayAssume() bool {
	return s.does("sts:assumerole") || s.does("sts:assumerolewithsaml") || s.does("sts:assumerolewithwebidentity")
}

// principalTypes are the types of policies that name principals.
var principalTypes = []PolicyType{Resource, ResourceControl}

var principalKeys = []string{"AWS", "Federated", "Service", "CanonicalUser"}

// uniqueID reports principals that are the unique id of a user or role, which
// AWS shows when the user or role was deleted.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func uniqueID(prefix string) func(*run) {
	return func(r *run) {
		r.eachPrincipalValue(func(s *statement, key string, x entry) {
			if text, known := x.text(); known && key == "AWS" && strings.HasPrefix(text, prefix) && !strings.ContainsAny(text, "*?:/") {
				r.at(x.at(), text)
			}
		})
	}
}

// eachPrincipal visits every Principal and NotPrincipal element.
func (r *run) eachPrincipal(f func(*statement, *element)) {
	r.eachStatement(func(s *statement) {
		for _, e := range []*element{&s.principal, &s.notPrincipal} {
			if e.present() {
				f(s, e)
			}
		}
	})
}

// eachPrincipalValue visits every principal under one of AWS's keys.
func (r *run) eachPrincipalValue(f func(s *statement, key string, x entry)) {
	r.eachPrincipal(func(s *statement, e *element) {
		for _, key := range principalKeys {
			for _, x := range principals(e, key) {
				f(s, key, x)
			}
		}
	})
}

// literal returns the text without what is not known of it.
func literal(t value.Text) string {
	if t.Parts == nil {
		return t.Literal
	}
	var b strings.Builder
	for _, p := range t.Parts {
		b.WriteString(p.Literal)
	}
	return b.String()
}
