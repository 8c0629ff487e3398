package validate

import (
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// elementChecks are about elements that say nothing.
var elementChecks = []Check{
	{Code: "EMPTY_ARRAY_ACTION", Type: Suggestion, Basis: Grammar, Details: "This statement includes no actions and does not affect the policy. Specify actions.", run: func(r *run) {
		r.eachStatement(func(s *statement) { r.empty(&s.action); r.empty(&s.notAction) })
	}},
	{Code: "EMPTY_ARRAY_RESOURCE", Type: Suggestion, Basis: Grammar, Details: "This statement includes no resources and does not affect the policy. Specify resources.", run: func(r *run) {
		r.eachStatement(func(s *statement) { r.empty(&s.resource); r.empty(&s.notResource) })
	}},
	{Code: "EMPTY_OBJECT_CONDITION", Type: Suggestion, Basis: Grammar, Details: "This condition block is empty and it does not affect the policy. Specify conditions.", run: func(r *run) {
		r.eachStatement(func(s *statement) {
			if s.condition.value.Kind == value.Map && len(s.condition.value.Fields) == 0 {
				r.at(s.condition.at())
			}
			for _, f := range s.condition.value.Fields {
				if f.Value.Kind == value.Map && len(f.Value.Fields) == 0 {
					block := elementOf(f, s.condition.path)
					r.at(block.at())
				}
			}
		})
	}},
	emptyValues("EMPTY_ARRAY_CONDITION", "There are no values for the condition key %s and it does not affect the policy. Specify conditions.", func(o policy.Operator) bool {
		return o.Quantifier == policy.Plain && !o.IfExists
	}),
	emptyValues("EMPTY_ARRAY_CONDITION_FORALLVALUES", "The ForAllValues prefix with an empty condition key matches only if the key %s is missing from the request context. To determine if the request context is empty, we recommend that you use the Null condition operator with the value of true instead.", func(o policy.Operator) bool {
		return o.Quantifier == policy.ForAllValues
	}),
	emptyValues("EMPTY_ARRAY_CONDITION_FORANYVALUE", "The ForAnyValue prefix with an empty condition key %s never matches the request context and it does not affect the policy. Specify conditions.", func(o policy.Operator) bool {
		return o.Quantifier == policy.ForAnyValue
	}),
	emptyValues("EMPTY_ARRAY_CONDITION_IFEXISTS", "The IfExists suffix with an empty condition key matches only if the key %s is missing from the request context. To determine if the request context is empty, we recommend that you use the Null condition operator with the value of true instead.", func(o policy.Operator) bool {
		return o.Quantifier == policy.Plain && o.IfExists
	}),
}

func (r *run) empty(e *element) {
	if e.value.Kind == value.List && len(e.value.Items) == 0 {
		r.at(e.at())
	}
}

// emptyValues is the check for condition keys with an empty list of values.
func emptyValues(code, details string, with func(policy.Operator) bool) Check {
	return Check{Code: code, Type: Suggestion, Basis: Grammar, Details: details, run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			if c.value.Kind == value.List && len(c.value.Items) == 0 && with(c.operator) {
				r.at(c.at(), c.name)
			}
		})
	}}
}

// eachCondition visits every key of every operator block.
func (r *run) eachCondition(f func(*statement, *condition)) {
	r.eachStatement(func(s *statement) {
		for i := range s.conditions {
			f(s, &s.conditions[i])
		}
	})
}
