package cloudformation

import (
	"slices"
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// atom is a comparison that parameters do not settle: of two texts or, where
// right is a literal, of something with one of the values that it may have.
// With an empty right, left is a condition that cannot be evaluated at all.
type atom struct {
	left, right string
	literal     bool
	values      []string // all that left may be, nil if that is not known
}

// fact is an atom that a world takes to be true or not.
type fact struct {
	atom
	is bool
}

// world is a set of facts under which a template is evaluated, and what has been
// found in it. A template is evaluated in the world without facts; only where
// what it declares depends on something else it is split.
type world struct {
	facts      []fact
	conditions map[*condition]outcome
}

// enter makes a world the one that is evaluated in, nil the one without facts.
func (e *evaluator) enter(facts []fact) {
	e.world = e.base
	if len(facts) > 0 {
		e.world = &world{facts: facts, conditions: map[*condition]outcome{}}
	}
	e.need, e.consulted = nil, nil
}

// settle returns what the facts of the world say about an atom.
func (e *evaluator) settle(a *atom) outcome {
	return settle(e.world.facts, a)
}

func settle(facts []fact, a *atom) outcome {
	var not []string
	for _, f := range facts {
		switch {
		case f.left != a.left || f.literal != a.literal:
		case f.right == a.right:
			return outcome{truth: truthOf(f.is)}
		case a.literal && f.is:
			return outcome{truth: fails} // it is something else
		case a.literal:
			not = append(not, f.right)
		}
	}
	if a.values != nil {
		left := slices.DeleteFunc(slices.Clone(a.values), func(v string) bool { return contains(not, v) })
		switch {
		case !contains(left, a.right):
			return outcome{truth: fails}
		case !slices.ContainsFunc(left, func(v string) bool { return v != a.right }):
			return outcome{truth: holds}
		}
	}
	return outcome{truth: undecided, atom: a}
}

// maxForms is how many cases of one resource are told apart.
const maxForms = 16

// form is what a resource is in some worlds.
type form struct {
	properties value.Value
	exists     bool
	notes      []string
	related    []resource.Related
	consulted  []consultation
	when       []string
}

// forms evaluates a resource in all worlds that matter to it and returns each
// different form that it has, with the conditions under which it has it.
func (e *evaluator) forms(d *declared) []form {
	pending := [][]fact{nil}
	var all, refused []form
	for len(pending) > 0 {
		facts := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		e.enter(facts)
		f := e.form(d)
		if e.need == nil {
			if e.refused(d.scope) {
				refused = append(refused, f)
			} else {
				all = append(all, f)
			}
			continue
		}
		if len(all)+len(pending)+2 > maxForms {
			e.warnf(d.body.Span, "resource %q depends on conditions with more than %d outcomes; what they decide is taken to be unknown", d.id, maxForms)
			e.enter(nil)
			f := e.form(d)
			f.exists = true
			e.enter(nil)
			return []form{f}
		}
		a := *e.need
		split := func(is bool) []fact { return append(slices.Clone(facts), fact{a, is}) }
		pending = append(pending, split(false), split(true))
	}
	e.enter(nil)
	if all == nil { // with the parameters as they are there is no stack: others will be given
		all = refused
	}
	return merge(all)
}

// form evaluates a resource in the world.
func (e *evaluator) form(d *declared) form {
	f := form{exists: e.exists(d)}
	if f.exists {
		e.related = nil
		properties := d.properties()
		properties.Fields = e.expanded(d.scope, properties)
		f.properties = e.property(d.scope, properties)
		f.related = e.related
		f.notes = d.notes
	}
	f.consulted = e.consulted
	return f
}

// exists reports whether a resource, and every stack that it is in, is declared
// in the world. It is so if that is undecided: the world will be split.
func (e *evaluator) exists(d *declared) bool {
	for ; d != nil; d = d.scope.parent {
		c := d.body.Get("Condition")
		if c.Kind == value.Absent {
			continue
		}
		name, known := c.Text.Known()
		if c.Kind != value.String || !known {
			e.errorf(c.Span, "expected the name of a condition, found %s", c.Kind)
			continue
		}
		if e.consult(d.scope, name, c.Span) == fails {
			return false
		}
	}
	return true
}

// merge joins equal forms and words when each of them is there.
func merge(all []form) []form {
	if len(all) == 1 {
		if !all[0].exists {
			return nil
		}
		return all
	}
	var groups [][]form
next:
	for _, f := range all {
		if !f.exists {
			continue
		}
		for i, g := range groups {
			if equal(g[0].properties, f.properties) {
				groups[i] = append(g, f)
				continue next
			}
		}
		groups = append(groups, []form{f})
	}
	var out []form
	for _, g := range groups {
		f := g[0]
		if len(g) < len(all) {
			f.when = when(g, all)
		}
		out = append(out, f)
	}
	return out
}

// when words the conditions under which the worlds of a group occur: those that
// all of them share if no other world has them, else each world's own.
func when(group, all []form) []string {
	shared := settled(group[0], all)
	for _, f := range group[1:] {
		own := settled(f, all)
		shared = slices.DeleteFunc(shared, func(c consultation) bool { return !slices.Contains(own, c) })
	}
	others := 0
	for _, f := range all {
		own := settled(f, all)
		if !slices.ContainsFunc(shared, func(c consultation) bool { return contradicts(own, c) }) {
			others++
		}
	}
	if others == len(group) {
		return worded(shared)
	}
	var cases []string
	for _, f := range group {
		cases = append(cases, strings.Join(worded(settled(f, all)), " and "))
	}
	sort.Strings(cases)
	return []string{strings.Join(slices.Compact(cases), ", or ")}
}

// settled returns the conditions of a form that are not the same in all worlds.
func settled(f form, all []form) []consultation {
	var out []consultation
	for _, c := range f.consulted {
		if slices.Contains(out, c) {
			continue
		}
		differs := slices.ContainsFunc(all, func(o form) bool { return contradicts(o.consulted, c) })
		if differs {
			out = append(out, c)
		}
	}
	return out
}

func contradicts(own []consultation, c consultation) bool {
	return slices.ContainsFunc(own, func(o consultation) bool { return o.name == c.name && o.truth != c.truth })
}

func worded(list []consultation) []string {
	var out []string
	for _, c := range list {
		out = append(out, "condition "+c.name+" "+c.truth.String())
	}
	return out
}

// equal compares two values without their places.
func equal(a, b value.Value) bool {
	if a.Kind != b.Kind || !a.Text.Equal(b.Text) || len(a.Items) != len(b.Items) || len(a.Fields) != len(b.Fields) {
		return false
	}
	for i := range a.Items {
		if !equal(a.Items[i], b.Items[i]) {
			return false
		}
	}
	for i := range a.Fields {
		if a.Fields[i].Key != b.Fields[i].Key || !equal(a.Fields[i].Value, b.Fields[i].Value) {
			return false
		}
	}
	return true
}

// known reports whether nothing in a value is unknown.
func known(v value.Value) bool {
	if v.Kind == value.Unknown || v.Text.Parts != nil {
		return false
	}
	for _, item := range v.Items {
		if !known(item) {
			return false
		}
	}
	for _, f := range v.Fields {
		if !known(f.Value) {
			return false
		}
	}
	return true
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
