package validate

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// redundantChecks are about what could be left out.
var redundantChecks = []Check{
	{Code: "REDUNDANT_ACTION", Type: Suggestion, Basis: Sets, Details: "The %d action(s) are redundant because they provide similar permissions. Update the policy to remove the redundant action such as: %s.", run: func(r *run) {
		r.eachStatement(func(s *statement) {
			for _, e := range []*element{&s.action, &s.notAction} {
				r.redundant(e, strings.ToLower, covers)
			}
		})
	}},
	{Code: "REDUNDANT_RESOURCE", Type: Suggestion, Basis: Sets, Details: "The %d resource ARN(s) are redundant because they reference the same resource. Review the use of wildcards (*), or remove the resource %s to remove the redundancy.", run: func(r *run) {
		r.eachStatement(func(s *statement) {
			for _, e := range []*element{&s.resource, &s.notResource} {
				r.redundant(e, func(s string) string { return s }, arnCovers)
			}
		})
	}},
	{Code: "REDUNDANT_STATEMENT", Type: Suggestion, Basis: Sets, Details: "The statements are redundant because they provide identical permissions. Update the policy to remove the redundant statement.", run: func(r *run) {
		r.sameStatements(func(s *statement) string { return s.meaning(false) }, nil)
	}},
	{Code: "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION", Type: Suggestion, Basis: Sets, Details: "The statements are redundant because a wildcard (*) in a condition value makes them provide identical permissions. Update the policy to remove the redundant statement, or the wildcard.", run: func(r *run) {
		r.sameStatements(func(s *statement) string { return s.meaning(true) }, func(s *statement) string { return s.meaning(false) })
	}},
	{Code: "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", Type: Suggestion, Basis: Sets, Details: "The condition key %s has no effect because a value of it is a wildcard (*). Remove the condition key, or the wildcard.", run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			if c.isAlways() {
				r.at(c.key(), c.name)
			}
		})
	}},
}

// redundant reports, for each entry that no other one covers, those it does.
// Of entries that cover each other the last one stays.
func (r *run) redundant(e *element, fold func(string) string, covers func(wide, narrow string) bool) {
	all := e.entries()
	texts := make([]string, len(all))
	var known []int // entries that are texts
	for i, x := range all {
		if text, ok := x.text(); ok {
			texts[i] = fold(text)
			known = append(known, i)
		}
	}
	if len(known) < 2 {
		return
	}
	last := map[string]int{}
	var wild []int
	for _, i := range known {
		if hasWildcard(texts[i]) {
			wild = append(wild, i)
		}
		last[texts[i]] = i
	}
	if len(wild) == 0 && len(last) == len(known) {
		return
	}
	// cover maps every entry to the first one of those that cover it and are not
	// covered themselves.
	wide := slices.DeleteFunc(slices.Clone(wild), func(i int) bool {
		return slices.ContainsFunc(wild, func(k int) bool {
			return k != i && covers(texts[k], texts[i]) && (!covers(texts[i], texts[k]) || k > i)
		})
	})
	groups := map[int][]int{}
	var order []int
	for _, i := range known {
		keep := last[texts[i]]
		for _, k := range wide {
			if k != i && covers(texts[k], texts[i]) {
				keep = k
				break
			}
		}
		if keep != i {
			if groups[keep] == nil {
				order = append(order, keep)
			}
			groups[keep] = append(groups[keep], i)
		}
	}
	for _, keep := range order {
		members := append(slices.Clone(groups[keep]), keep)
		slices.Sort(members)
		named := ""
		for _, i := range groups[keep] {
			if text, _ := all[i].text(); len(text) >= len(named) {
				named = text
			}
		}
		at := make([]Location, len(members))
		for k, i := range members {
			at[k] = all[i].at()
		}
		r.report(at, len(members), named)
	}
}

// sameStatements reports statements that have the same meaning, and are not the
// same already without the other one.
func (r *run) sameStatements(meaning, without func(*statement) string) {
	groups := map[string][]*statement{}
	var order []string
	r.eachStatement(func(s *statement) {
		if m := meaning(s); m != "" {
			if groups[m] == nil {
				order = append(order, m)
			}
			groups[m] = append(groups[m], s)
		}
	})
	for _, m := range order {
		list := groups[m]
		if len(list) < 2 || without != nil && !slices.ContainsFunc(list, func(s *statement) bool { return without(s) != without(list[0]) }) {
			continue
		}
		var at []Location
		for _, s := range list {
			at = append(at, s.at())
		}
		r.report(at)
	}
}

// meaning returns a text that statements have in common that allow, or deny, the
// same; "" if it is not known. With wildcards, conditions that always hold are
// left out.
func (s *statement) meaning(wildcards bool) string {
	if s.value.Kind != value.Map || !s.allows() && !s.denies() || !s.readable() {
		return ""
	}
	effect, _ := s.effect.value.Text.Known()
	parts := []string{effect}
	for _, e := range []*element{&s.action, &s.notAction, &s.resource, &s.notResource} {
		if !e.present() {
			continue
		}
		if !e.isKnown() {
			return ""
		}
		fold := func(s string) string { return s }
		if e == &s.action || e == &s.notAction {
			fold = strings.ToLower
		}
		parts = append(parts, e.name+setOf(e.entries(), fold))
	}
	for _, e := range []*element{&s.principal, &s.notPrincipal} {
		if !e.present() {
			continue
		}
		text, ok := e.value.Text.Known()
		if e.value.Kind == value.String && ok {
			parts = append(parts, e.name+text)
			continue
		}
		for _, key := range principalKeys {
			f := field(e.value, e.path, key)
			if f.present() && !f.isKnown() {
				return ""
			}
			parts = append(parts, e.name+key+setOf(f.entries(), func(s string) string { return s }))
		}
	}
	for i := range s.conditions {
		c := &s.conditions[i]
		if isOpen(c.name) || !c.isKnown() {
			return ""
		}
		if !wildcards || !c.isAlways() {
			parts = append(parts, strings.ToLower(c.block.name)+"\x00"+c.lower+setOf(c.entries(), func(s string) string { return s }))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, "\x01")
}

func setOf(list []entry, fold func(string) string) string {
	texts := make([]string, len(list))
	for i, x := range list {
		text, _ := x.value.Text.Known()
		texts[i] = fold(text)
	}
	slices.Sort(texts)
	return "\x00" + strings.Join(slices.Compact(texts), "\x00")
}

// isAlways reports whether the constraint holds for every request: any text, or
// no key at all.
func (c *condition) isAlways() bool {
	like := c.operator.Compare == policy.StringLike || c.operator.Compare == policy.ArnLike
	if !like || c.operator.Negated || !c.operator.IfExists && c.operator.Quantifier != policy.ForAllValues || c.operator.Quantifier == policy.ForAnyValue {
		return false
	}
	return slices.ContainsFunc(c.entries(), func(x entry) bool { text, known := x.text(); return known && text == "*" })
}
