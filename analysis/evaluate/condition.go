package evaluate

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
)

// condition tests one key.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (e evaluation) condition(c policy.Condition) truth {
	op, values := c.Operator, e.ctx[strings.ToLower(c.Key)]
	switch {
	case op.Compare == policy.UnknownOperator:
		return maybe
	case len(c.Values) == 0 && op.Quantifier == policy.Plain && !op.IfExists && !op.Negated:
		// Never, or no constraint: the policy checks say that such a list "does
		// not affect the policy".
		//
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
		return maybe
	case op.Compare == policy.NullCheck:
		return null(c, values)
	case len(values) == 0:
		return absent(op)
	}
	switch op.Quantifier {
	case policy.ForAllValues:
		return e.forAll(c, values)
	case policy.ForAnyValue:
		return e.forAny(c, values)
	}
	if len(values) > 1 {
		// Multivalued keys require a set operator; what happens without is
		// not said.
		return maybe
	}
	return e.test(c, values[0])
}

// absent is the answer for a key that the request does not carry: false, true
// for a negated operator, true with IfExists. ForAllValues is true of no
// values; ForAnyValue is false of them, whatever the operator behind it. Which of
// the two wins in ForAnyValue:…IfExists is not said.
func absent(op policy.Operator) truth {
	switch {
	case op.IfExists && op.Quantifier == policy.ForAnyValue:
		return maybe
	case op.IfExists || op.Quantifier == policy.ForAllValues:
		return yes
	case op.Quantifier == policy.ForAnyValue:
		return no
	}
	return truthOf(op.Negated)
}

// forAll: every value of the request matches. An empty text counts as no
// value at all.
func (e evaluation) forAll(c policy.Condition, values []string) truth {
	if allEmpty(values) {
		return yes
	}
	t := yes
	for _, v := range values {
		t = min(t, e.test(c, v))
	}
	return t
}

// forAny: some value of the request matches. An empty text counts as no value
// at all, and a list without values in the policy never matches.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
// (Empty array condition with ForAnyValue)
func (e evaluation) forAny(c policy.Condition, values []string) truth {
	if allEmpty(values) || len(c.Values) == 0 {
		return no
	}
	t := no
	for _, v := range values {
		t = max(t, e.test(c, v))
	}
	return t
}

func allEmpty(values []string) bool {
	for _, v := range values {
		if v != "" {
			return false
		}
	}
	return true
}

// test compares one value of the request with those of the policy: it equals
// one of them or, for a negated operator, none.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
func (e evaluation) test(c policy.Condition, v string) truth {
	t := no
	for _, p := range c.Values {
		one := e.compare(c.Operator.Compare, p.Text, v)
		// A name that is not known yet begins as all names of its kind do.
		if c.Operator.Compare == policy.StringLike && !isASCII(v) {
			if id := identifiers[strings.ToLower(c.Key)]; id.prefix != "" && !strings.HasPrefix(v, id.prefix) {
				one = max(one, e.compare(c.Operator.Compare, p.Text, id.prefix+v))
			}
		}
		if p.Maybe != "" {
			one = one.open()
		}
		t = max(t, one)
	}
	return t.flip(c.Operator.Negated)
}

// null is the Null operator: "true" when the key is absent, "false" when it is
// present and not null, as an empty text is: with "false" a policy keeps
// ForAllValues from holding for keys that are missing or empty. Whether an
// empty value is as good as absent for "true", and IfExists, which Null does not
// take, are open. With a set operator it is constant.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
// (Null with qualifier)
func null(c policy.Condition, values []string) truth {
	switch {
	case c.Operator.IfExists:
		return maybe
	case c.Operator.Quantifier == policy.ForAllValues:
		return yes
	case c.Operator.Quantifier == policy.ForAnyValue:
		return no
	}
	t := no
	for _, p := range c.Values {
		text, known := p.Text.Known()
		want, ok := parseBool(text)
		switch {
		case !known || !ok || p.Maybe != "":
			t = max(t, maybe)
		case len(values) > 0 && allEmpty(values):
			t = max(t, truthOf(want).open())
		default:
			t = max(t, truthOf(want == (len(values) == 0)))
		}
	}
	return t.flip(c.Operator.Negated)
}
