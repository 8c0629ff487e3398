package cloudformation

import (
	"strconv"

	"github.com/iaclint/iaclint/analysis/value"
)

// inlinePolicies returns the policies of a function or state machine as those of the
// role that SAM makes for it. Managed policies are left out: the words of AWS's are not
// known here, and those of a template are resources of their own. SAM refuses a
// statement without its document; it is read as one, so that its mistakes are seen.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html#sam-statemachine-policies
func (e *evaluator) inlinePolicies(s *scope, role string, v value.Value) value.Value {
	if v.Kind == value.Map && !isFunction(v) {
		v = list(v.Span, v)
	}
	return e.inlinePolicy(s, role+"Policy", v)
}

// inlinePolicy returns one entry of the policies or a list of them, and Absent for
// nothing that is written here. A condition of the template is kept around what it
// decides.
func (e *evaluator) inlinePolicy(s *scope, name string, v value.Value) value.Value {
	switch {
	case !e.step(v.Span): // which is reported
	case v.Kind == value.List:
		out := value.Value{Kind: value.List, Span: v.Span}
		for i, item := range v.Items {
			if p := e.inlinePolicy(s, name+strconv.Itoa(i), item); p.Kind != value.Absent {
				out.Items = append(out.Items, p)
			}
		}
		if len(out.Items) > 0 {
			return out
		}
	case v.Kind != value.Map:
	case isFunction(v) && v.Fields[0].Key == "Fn::Transform":
		if included := e.settledObject(s, v); !isFunction(included) {
			return e.inlinePolicy(s, name, included)
		}
	case isFunction(v):
		if f := v.Fields[0]; f.Key == "Fn::If" && len(f.Value.Items) == 3 {
			yes, no := e.inlinePolicy(s, name, f.Value.Items[1]), e.inlinePolicy(s, name, f.Value.Items[2])
			if yes.Kind == value.Absent && no.Kind == value.Absent {
				return value.Value{}
			}
			return object(v.Span, "Fn::If", list(f.Value.Span, f.Value.Items[0], orNothing(yes, v), orNothing(no, v)))
		}
	case len(v.Fields) == 1 && v.Fields[0].Value.Kind == value.Map && v.Fields[0].Key != "Statement":
		if d := e.fromTemplate(v.Fields[0]); d.Kind != value.Absent {
			return object(v.Span, "PolicyName", name, "PolicyDocument", d)
		}
	case v.Get("Effect").Kind != value.Absent:
		return object(v.Span, "PolicyName", name, "PolicyDocument", object(v.Span, "Version", "2012-10-17", "Statement", list(v.Span, v)))
	default:
		return object(v.Span, "PolicyName", name, "PolicyDocument", v)
	}
	return value.Value{}
}

// orNothing returns a value, and a reference to AWS::NoValue in place of none.
func orNothing(v, at value.Value) value.Value {
	if v.Kind == value.Absent {
		return refTo(at.Span, "AWS::NoValue")
	}
	return v
}
