package access

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/value"
)

// fewChoices are as many principals as are told one by one when only one of them
// is meant.
const fewChoices = 3

// collapse makes one grant of those that are the choices of one reference: a
// table of accounts by region has a row for each region, and only one of them is
// the one that is let in.
func collapse(list []Grant) []Grant {
	groups := map[string][]int{}
	for i, g := range list {
		if name := choiceOf(g); name != "" {
			groups[name] = append(groups[name], i)
		}
	}
	drop := make([]bool, len(list))
	out := slices.Clone(list)
	for name, members := range groups {
		first := members[0]
		same := slices.DeleteFunc(slices.Clone(members), func(i int) bool { return !alike(list[first], list[i]) })
		if len(same) <= fewChoices {
			continue
		}
		out[first].Principal = value.StandIn(name)
		for _, i := range same[1:] {
			drop[i] = true
		}
	}
	kept := out[:0]
	for i, g := range out {
		if !drop[i] {
			kept = append(kept, g)
		}
	}
	return kept
}

// choiceOf returns the reference whose choices a grant's principal is one of.
func choiceOf(g Grant) string {
	if g.Proven || len(g.Needs) != 1 || g.Principal == "*" {
		return ""
	}
	for _, s := range g.Statements {
		for _, p := range s.Statement.Principal.List {
			if p.Maybe == g.Needs[0] {
				return p.Maybe
			}
		}
	}
	return ""
}

func alike(g, h Grant) bool {
	return g.PrincipalKey == h.PrincipalKey && slices.Equal(g.Conditions, h.Conditions) && len(g.Actions) == len(h.Actions) && g.Public == h.Public &&
		slices.EqualFunc(g.Statements, h.Statements, func(a, b Responsible) bool { return a.Statement == b.Statement })
}
