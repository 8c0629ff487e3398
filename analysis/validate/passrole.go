package validate

import (
	"slices"
	"strings"
)

// passRoleChecks are about passing roles: whoever may pass any role has the
// permissions of each.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
var passRoleChecks = dangers(SecurityWarning, "PASS_ROLE", "iam:passrole", []string{"iam:passedtoservice", "iam:associatedresourcearn"}, [6]string{
	"Using the iam:PassRole action with NotResource can be overly permissive because it can allow iam:PassRole permissions on multiple resources. We recommend that you specify resource ARNs instead.",
	"Using an action with a wildcard (*) and NotResource can be overly permissive because it can allow iam:PassRole permissions on multiple resources. We recommend that you specify resource ARNs instead.",
	"Using NotAction with NotResource can be overly permissive because it can allow iam:PassRole permissions on multiple resources.. We recommend that you specify resource ARNs instead.",
	"Using the iam:PassRole action with wildcards (*) in the resource can be overly permissive because it allows iam:PassRole permissions on multiple resources. We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement.",
	"Using wildcards (*) in the action and the resource can be overly permissive because it allows iam:PassRole permissions on all resources. We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement.",
	"Using a resource with wildcards (*) and NotAction can be overly permissive because it allows iam:PassRole permissions on all resources. We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement.",
})

// serviceLinkedRoleChecks are about creating roles that a service uses.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
var serviceLinkedRoleChecks = dangers(Warning, "CREATE_SLR", "iam:createservicelinkedrole", []string{"iam:awsservicename"}, [6]string{
	"Using the iam:CreateServiceLinkedRole action with NotResource can allow creation of unintended service-linked roles for multiple resources. We recommend that you specify resource ARNs instead.",
	"Using an action with a wildcard(*) and NotResource can allow creation of unintended service-linked roles because it can allow iam:CreateServiceLinkedRole permissions on multiple resources. We recommend that you specify resource ARNs instead.",
	"Using NotAction with NotResource can allow creation of unintended service-linked roles because it allows iam:CreateServiceLinkedRole permissions on multiple resources. We recommend that you specify resource ARNs instead.",
	"Using the iam:CreateServiceLinkedRole action with wildcards (*) in the resource can allow creation of unintended service-linked roles. We recommend that you specify resource ARNs instead.",
	"Using wildcards (*) in the action and the resource can allow creation of unintended service-linked roles because it allows iam:CreateServiceLinkedRole permissions on all resources. We recommend that you specify resource ARNs instead.",
	"Using a resource with wildcards (*) and NotAction can allow creation of unintended service-linked roles because it allows iam:CreateServiceLinkedRole permissions on all resources. We recommend that you specify resource ARNs instead.",
})

// dangers are the six checks of statements that allow one action on every role:
// named, matched by a wildcard or left over by NotAction, each with NotResource
// or with a resource that is every role. A condition on one of the keys limits
// the latter.
func dangers(t FindingType, prefix, action string, keys []string, details [6]string) []Check {
	var out []Check
	for i, suffix := range []string{
		"WITH_NOT_RESOURCE", "WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", "WITH_NOT_ACTION_AND_NOT_RESOURCE",
		"WITH_STAR_IN_RESOURCE", "WITH_STAR_IN_ACTION_AND_RESOURCE", "WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
	} {
		how, everywhere := []func(*statement, string) []Location{(*statement).names, (*statement).matches, (*statement).leaves}[i%3], i >= 3
		out = append(out, Check{Code: prefix + "_" + suffix, Type: t, Basis: Grammar, For: []PolicyType{Identity}, Details: details[i], run: func(r *run) {
			denied := r.options.Whole && r.denies(action)
			r.eachStatement(func(s *statement) {
				if !s.allows() || denied {
					return
				}
				actions := how(s, action)
				where := []Location{}
				if everywhere {
					if s.uses(keys...) {
						return
					}
					where = s.everyRole()
				} else if s.notResource.present() {
					where = []Location{s.notResource.at()}
				}
				for _, a := range actions {
					for _, w := range where {
						r.report([]Location{a, w})
					}
				}
			})
		}})
	}
	return out
}

// denies reports whether a statement without conditions denies an action on every
// role.
func (r *run) denies(action string) bool {
	for i := range r.form.statements {
		s := &r.form.statements[i]
		covered := len(s.names(action)) > 0 || len(s.matches(action)) > 0 || s.notAction.present() && len(s.leaves(action)) > 0
		if s.denies() && s.readable() && len(s.conditions) == 0 && covered && !s.notResource.present() && slices.ContainsFunc(s.resource.entries(), func(x entry) bool {
			text, known := x.text()
			return known && arnCovers(text, "arn:*:iam::*:role/*")
		}) {
			return true
		}
	}
	return false
}

// names returns where the statement has the action by its name.
func (s *statement) names(action string) []Location { return s.actions(action, false) }

// matches returns where the statement has a wildcard that matches the action.
func (s *statement) matches(action string) []Location { return s.actions(action, true) }

func (s *statement) actions(action string, wildcard bool) []Location {
	var out []Location
	for _, x := range s.action.entries() {
		if text, known := x.lower(); known && hasWildcard(text) == wildcard && covers(text, action) {
			out = append(out, x.at())
		}
	}
	return out
}

// leaves returns the NotAction element if it does not name the action.
func (s *statement) leaves(action string) []Location {
	if !s.notAction.isKnown() {
		return nil
	}
	for _, x := range s.notAction.entries() {
		if text, _ := x.lower(); covers(text, action) {
			return nil
		}
	}
	return []Location{s.notAction.at()}
}

// everyRole returns the resources of the statement that are every role of an account.
func (s *statement) everyRole() []Location {
	var out []Location
	for _, x := range s.resource.entries() {
		text, known := x.text()
		if !known {
			continue
		}
		a := arnOf(x.value.Text)
		if text == "*" || a.count == 6 && strings.HasPrefix(a.parts[arnPrefix], "arn") && covers(a.parts[arnResource], "role/*") ||
			a.count < 6 && strings.HasSuffix(text, "*") && covers(text, "arn:aws:iam::*:role/*") {
			out = append(out, x.at())
		}
	}
	return out
}
