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
		r.sameStatements()
	}},
	anyText("REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION", false, false, "The key %s in the condition block of %s does not match any values. Remove this key to simplify the condition."),
	anyText("REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", true, true, "The key %s in the condition block of %s is redundant because it is always matched. Remove this key to simplify the condition."),
	anyText("EQUIVALENT_TO_NULL_FALSE", true, false, "We recommend replacing the key %[1]s in the condition block of %[2]s with {%[1]s: false} to ensure better enforcement of the condition."),
	anyText("EQUIVALENT_TO_NULL_TRUE", false, true, "We recommend replacing the key %[1]s in the condition block of %[2]s with {%[1]s: true} to ensure better enforcement of the condition."),
}

// anyText is the check for the value * of a pattern operator: what it asks is only
// whether the key is there. The condition holds for requests that have the key, or
// not, and for those that lack it, or not.
func anyText(code string, present, absent bool, details string) Check {
	return Check{Code: code, Type: Suggestion, Basis: Sets, Details: details, run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			o := c.operator
			if o.Compare != policy.StringLike && o.Compare != policy.ArnLike {
				return
			}
			ifAbsent := o.IfExists || o.Quantifier == policy.ForAllValues || o.Quantifier == policy.Plain && o.Negated
			if o.Negated == present || ifAbsent != absent {
				return
			}
			for _, x := range c.entries() {
				if text, known := x.text(); known && text == "*" {
					r.at(x.at(), c.name, c.block.name)
				}
			}
		})
	}}
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

// sameStatements reports statements that have the same meaning.
func (r *run) sameStatements() {
	groups := map[string][]Location{}
	var order []string
	r.eachStatement(func(s *statement) {
		if m := s.meaning(); m != "" {
			if groups[m] == nil {
				order = append(order, m)
			}
			groups[m] = append(groups[m], s.at())
		}
	})
	for _, m := range order {
		if len(groups[m]) > 1 {
			r.report(groups[m])
		}
	}
}

// meaning returns a text that statements have in common that allow, or deny, the
// same; "" if it is not known.
func (s *statement) meaning() string {
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
		if e.value.Kind != value.Map {
			return ""
		}
		for _, p := range e.value.Fields {
			key := elementOf(p, e.path)
			if !key.isKnown() || isOpen(p.Key) {
				return ""
			}
			parts = append(parts, e.name+p.Key+setOf(key.entries(), func(s string) string { return s }))
		}
	}
	for i := range s.conditions {
		c := &s.conditions[i]
		if isOpen(c.name) || !c.isKnown() {
			return ""
		}
		parts = append(parts, strings.ToLower(c.block.name)+"\x00"+c.lower+setOf(c.entries(), func(s string) string { return s }))
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
	var b strings.Builder
	for _, text := range slices.Compact(texts) {
		b.WriteString("\x00" + text)
	}
	return b.String()
}
