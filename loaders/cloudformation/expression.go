package cloudformation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/existence"
)

// expression is a condition by what it computes and not by its name, or the
// contrary of one. Expressions of one number always have the same truth.
type expression struct {
	number int
	not    bool
}

// sameness numbers the expressions of a template, and knows under which name each
// was consulted first. Its zero value has none.
type sameness struct {
	numbers map[string]int
	of      map[*condition]expression
	spelt   map[int]consulted
	means   map[int]existence.Condition
	terms   *existence.Terms // of the names that resources are listed under
}

// consulted is a condition that is spelt for all with the same expression.
type consulted struct {
	name string
	not  bool
}

// shared is the truth of a condition, told of the first condition that has the same
// expression, or the contrary one: resources under either are compared by name.
func (e *evaluator) shared(s *scope, name string, t truth) consultation {
	own := consultation{s.prefix + name, t}
	c := s.conditions[name]
	if c == nil || c.body.Kind == value.Absent {
		return own
	}
	if e.same.of == nil {
		e.same = sameness{
			map[string]int{}, map[*condition]expression{}, map[int]consulted{}, map[int]existence.Condition{},
			&existence.Terms{Means: map[string]existence.Condition{}, Values: map[string][]string{}},
		}
	}
	world, need, list := e.world, e.need, e.consulted
	e.world = e.base
	x := e.expression(s, name)
	e.world, e.need, e.consulted = world, need, list
	first, ok := e.same.spelt[x.number]
	if !ok {
		first = consulted{own.name, x.not}
		e.same.spelt[x.number] = first
		e.same.terms.Means[existence.Atom("condition " + first.name + " holds")[0][0].Name] = e.meaning(x)
	}
	own.name = first.name
	if first.not != x.not {
		own.truth = contrary(t)
	}
	return own
}

func contrary(t truth) truth {
	switch t {
	case holds:
		return fails
	case fails:
		return holds
	}
	return t
}

// expression returns that of a condition by its name. One that depends on itself
// is its name and nothing else.
func (e *evaluator) expression(s *scope, name string) expression {
	c := s.conditions[name]
	if c == nil || c.body.Kind == value.Absent {
		return e.numbered("named " + s.prefix + name)
	}
	if x, ok := e.same.of[c]; ok {
		return x
	}
	e.same.of[c] = e.numbered("named " + c.name)
	if e.depth > maxDepth {
		return e.same.of[c]
	}
	e.depth++
	x := e.computed(s, c.body)
	e.depth--
	e.same.of[c] = x
	return x
}

// computed returns the expression of a condition's body: comparisons, contraries,
// and conditions all of which hold, in no order.
func (e *evaluator) computed(s *scope, v value.Value) expression {
	if !e.step(v.Span) {
		return e.itself(v)
	}
	var arg value.Value
	var function string
	if v.Kind == value.Map && len(v.Fields) == 1 {
		function, arg = v.Fields[0].Key, v.Fields[0].Value
	}
	switch name, known := arg.Text.Known(); {
	case function == "Condition" && known && arg.Kind == value.String:
		return e.expression(s, name)
	case function == "Fn::Not" && len(arg.Items) == 1:
		x := e.computed(s, arg.Items[0])
		x.not = !x.not
		return x
	case function == "Fn::And" || function == "Fn::Or":
		return e.allOf(s, arg.Items, function == "Fn::Or")
	}
	e.need = nil
	switch o := e.condition(s, v); {
	case e.need != nil || o.atom != nil && o.atom.left == tooMuch: // what is compared depends on further conditions
		return e.itself(v)
	case o.truth != undecided || o.atom == nil:
		x := e.numbered("always")
		e.same.means[x.number] = existence.Always
		return expression{x.number, o.truth == fails}
	default:
		x := e.numbered(fmt.Sprintf("%q %q %t", o.atom.left, o.atom.right, o.atom.literal))
		if o.atom.literal {
			e.same.means[x.number] = e.same.terms.Equals(o.atom.left, o.atom.right, o.atom.values)
		}
		return x
	}
}

// meaning is what an expression stands for.
func (e *evaluator) meaning(x expression) existence.Condition {
	c := e.same.means[x.number]
	if x.not {
		if none, ok := existence.Not(c); ok {
			return none
		}
		return existence.Atom(fmt.Sprintf("condition not #%d holds", x.number))
	}
	return c
}

// allOf returns the expression of conditions that all hold; one of several holds
// if not the contrary of each does.
func (e *evaluator) allOf(s *scope, items []value.Value, contraries bool) expression {
	var parts []string
	var last expression
	means, exact := existence.Always, true
	for _, item := range items {
		last = e.computed(s, item)
		last.not = last.not != contraries
		parts = append(parts, fmt.Sprint(last))
		if exact {
			means, exact = existence.And(means, e.meaning(last))
		}
	}
	slices.Sort(parts)
	parts = slices.Compact(parts)
	if len(parts) != 1 {
		last = e.numbered("all " + strings.Join(parts, " "))
		if exact {
			e.same.means[last.number] = means
		}
	}
	last.not = last.not != contraries
	return last
}

// itself is the expression of a body that is like no other.
func (e *evaluator) itself(v value.Value) expression {
	return e.numbered(fmt.Sprintf("at %d %d of %s", v.Span.Start, len(e.same.numbers), v.Span.Path()))
}

func (e *evaluator) numbered(key string) expression {
	n, ok := e.same.numbers[key]
	if !ok {
		n = len(e.same.numbers)
		e.same.numbers[key] = n
		e.same.means[n] = existence.Atom(fmt.Sprintf("condition #%d holds", n))
	}
	return expression{number: n}
}
