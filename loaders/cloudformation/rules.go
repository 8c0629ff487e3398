package cloudformation

import "github.com/iaclint/iaclint/analysis/value"

// refused reports whether a rule of a template, or of one around it, refuses the
// parameters of the world: CloudFormation makes no stack with them. What a rule says
// that cannot be evaluated refuses nothing.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
func (e *evaluator) refused(s *scope) bool {
	for ; s != nil; s = s.outer() {
		for _, f := range s.section("Rules").Fields {
			when := f.Value.Get("RuleCondition")
			if when.Kind != value.Absent && e.asserted(s, when) != holds {
				continue
			}
			for _, a := range f.Value.Get("Assertions").Items {
				if e.asserted(s, a.Get("Assert")) == fails {
					return true
				}
			}
		}
	}
	return false
}

// asserted evaluates a function of a rule. Those that conditions have too mean the same.
func (e *evaluator) asserted(s *scope, v value.Value) truth {
	if v.Kind != value.Map || len(v.Fields) != 1 {
		return undecided
	}
	arg := v.Fields[0].Value
	switch v.Fields[0].Key {
	case "Fn::Contains":
		if len(arg.Items) != 2 || arg.Items[0].Kind != value.List {
			return undecided
		}
		out := fails
		for _, item := range arg.Items[0].Items {
			switch t := e.equals(e.argument(s, item), e.argument(s, arg.Items[1])).truth; t {
			case holds:
				return holds
			case undecided:
				out = undecided
			}
		}
		return out
	case "Fn::Equals":
		if len(arg.Items) == 2 {
			return e.equals(e.argument(s, arg.Items[0]), e.argument(s, arg.Items[1])).truth
		}
	case "Fn::Not":
		if len(arg.Items) == 1 {
			switch e.asserted(s, arg.Items[0]) {
			case holds:
				return fails
			case fails:
				return holds
			}
		}
	case "Fn::And", "Fn::Or":
		decisive, out := truthOf(v.Fields[0].Key == "Fn::Or"), truthOf(v.Fields[0].Key == "Fn::And")
		for _, item := range arg.Items {
			switch t := e.asserted(s, item); t {
			case decisive:
				return decisive
			case undecided:
				out = undecided
			}
		}
		return out
	}
	return undecided
}
