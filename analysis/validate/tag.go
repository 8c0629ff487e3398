package validate

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
)

// tagChecks are about the tag of a resource as a condition on actions that do
// not know it: the condition never holds.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
var tagChecks = []Check{
	{Code: "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Type: Suggestion, Basis: Tables,
		Details: "Using the effect Allow with the condition key %s and actions for services with the following prefixes does not affect the policy: %s. The actions for the listed service are not allowed by this statement. We recommend that you move these actions to a different statement without this condition key.",
		run:     func(r *run) { r.untagged((*statement).allows) }},
	{Code: "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Type: SecurityWarning, Basis: Tables,
		Details: "Using the effect Deny with the tag condition key %s and actions for services with the following prefixes can be overly permissive: %s. Actions for the listed services are not denied by this statement. We recommend that you move these actions to a different statement without this condition key.",
		run:     func(r *run) { r.untagged((*statement).denies) }},
	{Code: "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Type: Suggestion, Basis: Tables,
		Details: "Using the effect Allow with NotAction and the tag condition key %s allows only service actions that support the condition key. The condition key doesn't apply to some service actions. We recommend that you use Action instead of NotAction.",
		run:     func(r *run) { r.untaggedRest((*statement).allows) }},
	{Code: "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Type: SecurityWarning, Basis: Tables,
		Details: "Using the effect Deny with NotAction and the tag condition key %s can be overly permissive because some service actions are not denied by this statement. This is because the condition key doesn't apply to some service actions. We recommend that you use Action instead of NotAction.",
		run:     func(r *run) { r.untaggedRest((*statement).denies) }},
}

const resourceTag = "aws:resourcetag/"

// untagged reports conditions on a resource's tag with the actions of services
// none of whose resources has it.
func (r *run) untagged(effect func(*statement) bool) {
	r.eachTag(effect, func(s *statement, c *condition) {
		var at []Location
		var services []string
		for _, x := range s.action.entries() {
			text, known := x.lower()
			service, name, colon := strings.Cut(text, ":")
			sv, ok := knowledge.ServiceOf(service)
			if !known || !colon || !ok || hasWildcard(name) {
				continue
			}
			if a, ok := sv.Action(name); ok && len(a.Resources) > 0 && !knowledge.ListsKey(service, resourceTag+"x") {
				at = append(at, x.at())
				if !slices.Contains(services, service) {
					services = append(services, service)
				}
			}
		}
		if len(at) > 0 {
			r.report(append(at, c.key()), c.name, strings.Join(services, ", "))
		}
	})
}

func (r *run) untaggedRest(effect func(*statement) bool) {
	r.eachTag(effect, func(s *statement, c *condition) {
		if s.notAction.present() {
			r.report([]Location{s.notAction.key(), c.key()}, c.name)
		}
	})
}

// eachTag visits every condition on the tag of a resource that a missing tag
// does not satisfy.
func (r *run) eachTag(effect func(*statement) bool, f func(*statement, *condition)) {
	r.eachCondition(func(s *statement, c *condition) {
		if effect(s) && len(c.lower) > len(resourceTag) && strings.HasPrefix(c.lower, resourceTag) && !c.operator.IfExists && !c.operator.Negated && operatorType[c.operator.Compare] != "" {
			f(s, c)
		}
	})
}
