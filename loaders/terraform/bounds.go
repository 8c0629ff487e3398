package terraform

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
)

// This file bounds the functions of the language. Every call passes through
// affordable before its function runs, so nothing is built that was not counted.
//
// A new function needs a row in costs: the number of steps, at most, that a call
// takes with its arguments. One step stands for the work on one byte or one
// value of an argument, and every value that is made costs valueSteps. A
// function without a row is refused, and TestFunctionsAreCounted runs every
// function with large arguments against its row.

const (
	// maxCall is the largest cost of one call. A call that would cost more has an
	// unknown result, and the rest of the module is still evaluated.
	maxCall = maxSteps / 2
	// valueSteps is what a value costs that a function makes or a collection
	// keeps: the memory of one is that of a few hundred bytes of text.
	valueSteps = 8
)

// affordable takes the cost of a call from the budget. It returns the unknown
// that stands for the result where there is not enough, else nil.
func (c *call) affordable() *val {
	cost, counted := costs[c.name]
	if !counted && c.ofUnit() {
		cost, counted = unitCosts[c.name]
	}
	if !counted {
		return c.l.refused(c.span, c.name)
	}
	weight := c.weight()
	if weight <= maxCall {
		weight = plus(weight, cost(c))
	}
	if weight > maxCall {
		return c.l.refused(c.span, c.name)
	}
	if !c.l.spend(weight, c.span) {
		return c.l.failed(c.span)
	}
	return nil
}

// refused reports a call whose result is not computed. It is not a failure that
// try may catch: Terraform may well compute it.
func (l *loader) refused(span source.Span, name string) *val {
	l.doubts++
	if !l.exhausted {
		l.diags = append(l.diags, source.Diagnostic{Severity: source.Error, Path: span.Path(), Span: span,
			Message: "function " + name + ": the result takes too much to compute and is not known"})
	}
	return l.failed(span)
}

// weight returns the weight of all arguments.
func (c *call) weight() int {
	n := 0
	for _, a := range c.args {
		n = plus(n, a.weight())
	}
	return n
}

// plus and times are sums and products of counts that stop at tooLarge.
func plus(a, b int) int { return min(a+b, tooLarge) }

func times(a, b int) int {
	if a > 0 && b > tooLarge/a {
		return tooLarge
	}
	return a * b
}

// size returns the weight of one argument, 0 when there is none.
func (c *call) size(i int) int {
	if i >= len(c.args) {
		return 0
	}
	return c.args[i].weight()
}

// known returns the text of an argument as far as it is known.
func (c *call) known(i int) string {
	if i >= len(c.args) {
		return ""
	}
	t, _ := c.args[i].scalarText()
	if t.Parts == nil {
		return t.Literal
	}
	var b strings.Builder
	for _, p := range t.Parts {
		b.WriteString(p.Literal)
	}
	return b.String()
}

// refs returns how many references the text of an argument has.
func (c *call) refs(i int) int {
	if i >= len(c.args) {
		return 0
	}
	t, _ := c.args[i].scalarText()
	n := 0
	for _, p := range t.Parts {
		if p.Ref != nil {
			n++
		}
	}
	return n
}

// atMost returns a number that is an argument, at most tooLarge.
func (c *call) atMost(i int) int {
	if i >= len(c.args) {
		return 0
	}
	n, _ := c.l.numberOf(c.args[i])
	if n == nil || n.Sign() < 0 {
		return 0
	}
	whole, _ := n.Int64()
	return int(min(whole, tooLarge))
}

// count returns the number of elements of a collection.
func (v *val) count() int { return max(len(v.items)+len(v.fields), 1) }

// pairwise returns what it takes to compare all elements of some collections
// with each other. Known values are found by their key, which costs no more than
// they weigh; each of the others is compared with all.
func pairwise(collections ...*val) int {
	n, weight, keys, count := 0, 0, 0, 0
	add := func(v *val) {
		if count++; v.isKnown() {
			keys = plus(keys, v.weight())
			return
		}
		n++
		weight = plus(weight, v.weight())
	}
	for _, v := range collections {
		for _, item := range v.items {
			add(item)
		}
		for _, f := range v.fields {
			add(f.val)
		}
	}
	return plus(keys, times(n, plus(weight, count/8)))
}

// choosing returns what it takes to find out what some values have in common,
// see either. It stops where that is more than maxCall.
func choosing(choices []*val) int {
	n := 0
	for _, c := range choices {
		n = plus(n, c.weight())
	}
	switch {
	case all(choices, func(v *val) bool { return v.kind == sequence }):
		// Every element is looked for in every list.
		return plus(times(len(choices), n), pairwise(choices...))
	case all(choices, func(v *val) bool { return v.kind == text && v.json != nil }):
		bodies := make([]*val, len(choices))
		for i, c := range choices {
			bodies[i] = c.json
		}
		return plus(n, choosing(bodies))
	case all(choices, func(v *val) bool { return v.kind == mapping }):
		byKey := map[string][]*val{}
		for _, c := range choices {
			for _, f := range c.fields {
				byKey[f.key] = append(byKey[f.key], f.val)
			}
		}
		n = plus(n, times(len(byKey), len(choices)))
		for _, key := range sortedKeys(byKey) {
			if n > maxCall {
				break
			}
			if same := byKey[key]; len(same) > 1 {
				n = plus(n, choosing(same))
			}
		}
	}
	return n
}

// separators counts the characters of a text that may begin a value of JSON,
// YAML or CSV.
func separators(s string) int {
	n := 1
	for i := range len(s) {
		switch s[i] {
		case ',', ':', '[', '{', '\n', '\r', '-', '?':
			n++
		}
	}
	return n
}

// matching returns what it takes to match a regular expression: at every
// character, every instruction of its program. A repetition may stand for a
// thousand copies of what it repeats.
func matching(pattern, s string) int {
	program := plus(len(pattern), times(strings.Count(pattern, "{"), 1000))
	groups := strings.Count(pattern, "(") + 1
	return plus(times(program, 20), times(len(s)+1, program/16+groups))
}

// widths returns the sum of the numbers in a format, each of which may be a
// width or a precision.
func widths(format string) int {
	sum, n := 0, 0
	for i := range len(format) {
		if c := format[i]; c >= '0' && c <= '9' {
			n = min(n*10+int(c-'0'), tooLarge)
			continue
		}
		sum, n = plus(sum, n), 0
	}
	return plus(sum, n)
}

// encoded returns how long a value is when it is written as JSON or YAML, in
// which every level may be indented.
func encoded(v *val, indent int) int {
	n := indent + 4
	switch v.kind {
	case sequence:
		for _, item := range v.items {
			if n = plus(n, encoded(item, indent+2)); n >= tooLarge {
				return n
			}
		}
	case mapping:
		for _, f := range v.fields {
			if n = plus(n, plus(escaped(f.key), encoded(f.val, indent+2))); n >= tooLarge {
				return n
			}
		}
	default:
		if v.json != nil {
			return plus(n, times(2, encoded(v.json, 0)))
		}
		t, _ := v.scalarText()
		n = plus(n, escaped(t.Literal)+times(indent, strings.Count(t.Literal, "\n")))
		for _, p := range t.Parts {
			n = plus(n, escaped(p.Literal)+1)
		}
	}
	return n
}

// escaped returns the length of a text as a string of JSON, at most.
func escaped(s string) int {
	n := len(s) + 2
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			n++
		case c < ' ' || c == '<' || c == '>' || c == '&' || c >= 0x7f:
			n += 5
		}
	}
	return n
}
