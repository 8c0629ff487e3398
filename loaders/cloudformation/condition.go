package cloudformation

import (
	"fmt"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// condition is one entry of Conditions.
type condition struct {
	name string      // with the scope's prefix
	body value.Value // Absent: nothing settles it
	both []string    // it holds if these do; what depends on it depends on each
	busy bool
}

// truth of a condition. Undecided is the zero value.
// tooMuch is in the place of what the bounds left out: one is not like another.
const tooMuch = "too much to evaluate"

type truth uint8

const (
	undecided truth = iota
	holds
	fails
)

func (t truth) String() string {
	return [...]string{"may hold", "holds", "does not hold"}[t]
}

func truthOf(b bool) truth {
	if b {
		return holds
	}
	return fails
}

// outcome is the truth of a condition in a world and, if it is undecided, the
// first atom that keeps it so.
type outcome struct {
	truth truth
	atom  *atom
}

// consultation is a condition that a resource depends on, and what it is in a world.
type consultation struct {
	name  string
	truth truth
}

func (e *evaluator) readConditions(s *scope) {
	for _, f := range e.entries(s, "Conditions") {
		s.conditions[f.Key] = &condition{name: s.prefix + f.Key, body: f.Value}
	}
}

// consult returns whether a condition holds in the world. If that is undecided
// and the world may still be split, it notes what to split it by.
func (e *evaluator) consult(s *scope, name string, span source.Span) truth {
	if c := s.conditions[name]; c != nil && c.both != nil {
		all := holds
		for _, name := range c.both {
			switch t := e.consult(s, name, span); {
			case t == fails:
				return fails
			case t == undecided:
				all = undecided
			}
		}
		return all
	}
	o := e.named(s, name, span)
	if o.truth == undecided && e.need == nil {
		e.need = o.atom
	}
	e.consulted = append(e.consulted, e.shared(s, name, o.truth))
	return o.truth
}

// named evaluates the condition of a name.
func (e *evaluator) named(s *scope, name string, span source.Span) outcome {
	c := s.conditions[name]
	if c == nil && s.marked(name) {
		return e.free(s.prefix + "condition " + name)
	}
	if c == nil {
		e.errorf(span, "condition %q is not in the template%s", name, e.suggest(name, func() []string { return keys(s.conditions) }))
		return e.free(s.prefix + "condition " + name)
	}
	if o, ok := e.base.conditions[c]; ok && o.truth != undecided {
		return o
	}
	if o, ok := e.world.conditions[c]; ok {
		return o
	}
	if c.busy {
		e.errorf(span, "condition %q depends on itself", name)
		return e.free("condition " + c.name)
	}
	if e.depth > maxDepth {
		e.errorf(span, "expected conditions at most %d levels deep", maxDepth)
		return e.free("condition " + c.name)
	}
	c.busy = true
	e.depth++
	o := e.free(c.name)
	if c.body.Kind != value.Absent {
		o = e.condition(s, c.body)
	}
	e.depth--
	c.busy = false
	e.world.conditions[c] = o
	return o
}

// free is the outcome of a condition of which nothing is known.
func (e *evaluator) free(name string) outcome {
	return e.settle(&atom{left: name})
}

// condition evaluates a condition function.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
func (e *evaluator) condition(s *scope, v value.Value) outcome {
	if !e.step(v.Span) {
		return e.free(tooMuch)
	}
	if v.Kind != value.Map || len(v.Fields) != 1 {
		return e.badCondition(v, "expected a condition function such as \"Fn::Equals\", found %s", v.Kind)
	}
	arg := v.Fields[0].Value
	switch key := v.Fields[0].Key; key {
	case "Condition":
		if name, known := arg.Text.Known(); known && arg.Kind == value.String {
			return e.named(s, name, arg.Span)
		}
		return e.badCondition(arg, "expected the name of a condition, found %s", arg.Kind)
	case "Fn::Equals":
		if arg.Kind != value.List || len(arg.Items) != 2 {
			return e.badCondition(arg, "expected a list of two values for \"Fn::Equals\", found %s", described(arg))
		}
		return e.equals(e.argument(s, arg.Items[0]), e.argument(s, arg.Items[1]))
	case "Fn::Not":
		if arg.Kind != value.List || len(arg.Items) != 1 {
			return e.badCondition(arg, "expected a list of one condition for \"Fn::Not\", found %s", described(arg))
		}
		o := e.condition(s, arg.Items[0])
		switch o.truth {
		case holds:
			o.truth = fails
		case fails:
			o.truth = holds
		}
		return o
	case "Fn::And", "Fn::Or":
		if arg.Kind != value.List || len(arg.Items) < 1 {
			return e.badCondition(arg, "expected a list of two to ten conditions for %q, found %s", key, described(arg))
		}
		if n := len(arg.Items); n < 2 || n > 10 {
			e.warnf(arg.Span, "expected a list of two to ten conditions for %q, found %d", key, n)
		}
		return e.several(s, arg.Items, truthOf(key == "Fn::Or"))
	default:
		return e.badCondition(v, "expected one of Condition, Fn::And, Fn::Equals, Fn::Not, Fn::Or in a condition, found %q", key)
	}
}

func (e *evaluator) badCondition(v value.Value, format string, args ...any) outcome {
	e.errorf(v.Span, format, args...)
	return e.free(fmt.Sprintf("condition at %d of %s", v.Span.Start, v.Span.Path()))
}

// several evaluates a conjunction or disjunction: one member that is decisive
// settles it, whatever else is undecided.
func (e *evaluator) several(s *scope, items []value.Value, decisive truth) outcome {
	rest := outcome{truth: fails}
	if decisive == fails {
		rest.truth = holds
	}
	for _, item := range items {
		switch o := e.condition(s, item); {
		case o.truth == decisive:
			return o
		case o.truth == undecided && rest.truth != undecided:
			rest = o
		}
	}
	return rest
}

// equals compares two values, as CloudFormation does: as text.
func (e *evaluator) equals(a, b value.Value) outcome {
	if !comparable2(a) || !comparable2(b) {
		return e.composite(a, b)
	}
	x, y := e.resolved(a.Text), e.resolved(b.Text)
	if x.Equal(y) {
		return outcome{truth: holds}
	}
	if x.Parts != nil && y.Parts == nil {
		x, y = y, x
	}
	literal, known := x.Known()
	if !known {
		left, right := x.String(), y.String()
		if left > right {
			left, right = right, left
		}
		return e.settle(&atom{left: left, right: right})
	}
	if y.Parts == nil {
		return outcome{truth: fails} // both known, not equal
	}
	if !couldBe(y, literal) {
		return outcome{truth: fails}
	}
	a2 := &atom{left: y.String(), right: literal, literal: true}
	if len(y.Parts) == 1 && y.Parts[0].Ref != nil {
		a2.values = y.Parts[0].Ref.Values
	}
	return e.settle(a2)
}

func comparable2(v value.Value) bool { return v.IsScalar() }

// composite compares values of which one is a list or object.
func (e *evaluator) composite(a, b value.Value) outcome {
	for _, v := range []value.Value{a, b} {
		if v.Kind == value.Absent || v.Kind == value.Null {
			e.errorf(v.Span, "expected a value to compare with \"Fn::Equals\", found %s", v.Kind)
			return e.free(fmt.Sprintf("condition at %d of %s", v.Span.Start, v.Span.Path()))
		}
	}
	if equal(a, b) {
		return outcome{truth: holds}
	}
	if known(a) && known(b) {
		return outcome{truth: fails}
	}
	return e.free(fmt.Sprintf("comparison at %d of %s", a.Span.Start, a.Span.Path()))
}

// couldBe reports whether a text with references can turn out to be a literal:
// its own literal pieces must be there, in their order.
func couldBe(t value.Text, literal string) bool {
	for i, p := range t.Parts {
		if p.Ref != nil {
			continue
		}
		switch {
		case i == 0:
			rest, ok := strings.CutPrefix(literal, p.Literal)
			if !ok {
				return false
			}
			literal = rest
		case i == len(t.Parts)-1:
			return strings.HasSuffix(literal, p.Literal)
		default:
			_, rest, ok := strings.Cut(literal, p.Literal)
			if !ok {
				return false
			}
			literal = rest
		}
	}
	return true
}

func described(v value.Value) string {
	if v.Kind == value.List {
		return fmt.Sprintf("a list of %d", len(v.Items))
	}
	return v.Kind.String()
}
