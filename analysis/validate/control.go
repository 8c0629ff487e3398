package validate

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// controlChecks are about policies of an organization.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
var controlChecks = []Check{
	{Code: "SCP_SYNTAX_ERROR_ACTION_WILDCARD", Type: Error, Basis: Grammar, For: []PolicyType{ServiceControl},
		Details: "SCP actions can include wildcards (*) only at the end of a string. Update %s.", run: func(r *run) {
			r.eachAction(func(s *statement, x entry, service, name string) {
				text, _ := x.text()
				if i := strings.IndexAny(text, "*?"); i >= 0 && i < len(text)-1 {
					r.at(x.at(), text)
				}
			})
		}},
	{Code: "RCP_SYNTAX_ERROR_PRINCIPAL", Type: Error, Basis: Grammar, For: []PolicyType{ResourceControl},
		Details: `The Principal element contents are not valid. RCPs only support specifying all principals ("*") in the Principal element. The NotPrincipal element is not supported for RCPs.`, run: func(r *run) {
			r.eachPrincipal(func(s *statement, e *element) {
				text, known := e.value.Text.Known()
				if e == &s.notPrincipal || known && (e.value.Kind != value.String || text != "*") {
					r.at(e.at())
				}
			})
		}},
	{Code: "RCP_SYNTAX_ERROR_ALLOW", Type: Error, Basis: Grammar, For: []PolicyType{ResourceControl},
		Details: `RCPs only support specifying all principals ("*") in the Principal element, all resources ("*") in the Resource element, and no Condition element with an effect of Allow.`, run: func(r *run) {
			r.eachStatement(func(s *statement) {
				if !s.allows() {
					return
				}
				for _, x := range s.resource.entries() {
					if text, known := x.text(); known && text != "*" {
						r.at(x.at())
					}
				}
				for _, e := range []*element{&s.notResource, &s.condition} {
					if e.present() {
						r.at(e.key())
					}
				}
			})
		}},
	{Code: "RCP_SYNTAX_ERROR_NOTACTION", Type: Error, Basis: Grammar, For: []PolicyType{ResourceControl},
		Details: "RCPs do not support the NotAction element. Update to use the Action element.", run: func(r *run) {
			r.eachStatement(func(s *statement) {
				if s.notAction.present() {
					r.at(s.notAction.key())
				}
			})
		}},
	{Code: "RCP_SYNTAX_ERROR_ACTION", Type: Error, Basis: Tables, For: []PolicyType{ResourceControl},
		Details: "RCPs only support specifying select service prefixes in the Action element. Learn more here.", run: func(r *run) {
			r.eachAction(func(s *statement, x entry, service, name string) {
				all := service == "" && name == "*"
				if all && !s.allows() || !all && !hasWildcard(service) && !knowledge.IsControlled(service) {
					r.at(x.at())
				}
			})
		}},
	{Code: "RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY", Type: Warning, Basis: Grammar, For: []PolicyType{ResourceControl},
		Details: `RCPs impact IAM roles, users, and AWS service principals. To prevent unintended impact to services acting on your behalf using a service principal, an additional statement should be added to the Condition block "BoolIfExists": { "aws:PrincipalIsAWSService": "false"} whenever a principal key %s is used.`, run: func(r *run) {
			r.deniesUnless([]string{"aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount"}, "false")
		}},
	{Code: "RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY", Type: Warning, Basis: Grammar, For: []PolicyType{ResourceControl},
		Details: `RCPs impact IAM roles, users, and AWS service principals. To prevent unintended impact to your principals, an additional statement should be added to the Condition block "BoolIfExists": { "aws:PrincipalIsAWSService": "true"} whenever the key %s is used.`, run: func(r *run) {
			r.deniesUnless(sourceKeys, "true")
		}},
	{Code: "RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK", Type: Warning, Basis: Grammar, For: []PolicyType{ResourceControl},
		Details: `The specified service may have a service integration that does not require the use of the %s condition key. To prevent unintended impact to services acting on your behalf using a service principal, an additional statement should be added to the Condition block "Null": { "aws:SourceAccount": "false"} or "Null": { "aws:SourceArn": "false"} whenever the key %[1]s is used.`, run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				if s.denies() && isOneOf(c.lower, sourceKeys) && c.operator.Negated && s.readable() && !s.has(func(d *condition) bool {
					return d.operator.Compare == policy.NullCheck && (d.lower == "aws:sourceaccount" || d.lower == "aws:sourcearn")
				}) {
					r.at(c.key(), c.name)
				}
			})
		}},
}

// sourceKeys say on whose behalf a service calls.
var sourceKeys = []string{"aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceaccount"}

func isOneOf(s string, list []string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// deniesUnless reports a Deny on other values of one of the keys without a
// condition on whether a service calls.
func (r *run) deniesUnless(keys []string, calls string) {
	r.eachCondition(func(s *statement, c *condition) {
		if s.denies() && isOneOf(c.lower, keys) && c.operator.Negated && s.readable() && !s.has(func(d *condition) bool {
			return d.lower == "aws:principalisawsservice" && d.operator.Compare == policy.Bool && d.mayBe(calls)
		}) {
			r.at(c.key(), c.name)
		}
	})
}

func (s *statement) has(is func(*condition) bool) bool {
	for i := range s.conditions {
		if is(&s.conditions[i]) {
			return true
		}
	}
	return false
}

// mayBe reports whether a value of the condition is a text, or may be.
func (c *condition) mayBe(text string) bool {
	for _, x := range c.entries() {
		if s, known := x.value.Text.Known(); !known || x.value.Kind == value.Unknown || strings.EqualFold(s, text) {
			return true
		}
	}
	return false
}
