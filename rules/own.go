package rules

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/finding"
)

// split returns the findings about access, and those of own rules.
func split(list []finding.Finding) (others, own []finding.Finding) {
	if !slices.ContainsFunc(list, finding.Finding.IsOwn) {
		return list, nil
	}
	for _, f := range list {
		if f.IsOwn() {
			own = append(own, f)
		} else {
			others = append(others, f)
		}
	}
	return others, own
}

// settleOwn says what became of the findings of own rules, which are there or are
// not. One keeps its id as long as it is said of the same resource in the same
// place; if the resource has moved, what is said tells.
func settleOwn(out *Settled, before, after []finding.Finding) {
	same := make([]bool, len(before))
	partner := make([]int, len(after))
	for i := range partner {
		partner[i] = -1
	}
	pass := func(alike func(a, b finding.Finding) bool) {
		for i, f := range after {
			if partner[i] >= 0 {
				continue
			}
			j := 0
			for j < len(before) && (same[j] || before[j].Rule != f.Rule || !alike(before[j], f)) {
				j++
			}
			if j < len(before) {
				partner[i], same[j] = j, true
			}
		}
	}
	pass(func(a, b finding.Finding) bool { return a.ID == b.ID })
	pass(func(a, b finding.Finding) bool { return a.Message == b.Message })
	for i, f := range after {
		change := finding.New
		d := finding.Difference{Kind: kindOf(f), Wider: true}
		f.Wider = partner[i] < 0
		if j := partner[i]; j >= 0 {
			change = finding.Unchanged
			b := before[j]
			d.Before, d.Wider = &b, false
			if isArchived(b) && !isArchived(f) {
				change, d.Kind = finding.Changed, finding.Altered
			}
			if !isArchived(b) && isArchived(f) {
				change = finding.Changed
			}
		}
		f.Change = &change
		out.Findings = append(out.Findings, f)
		if change != finding.Unchanged {
			d.Finding = f
			out.Changes = append(out.Changes, d)
		}
	}
	for j, f := range before {
		if !same[j] {
			f = removed(f)
			out.Removed = append(out.Removed, f)
			out.Changes = append(out.Changes, finding.Difference{Kind: finding.Withdrawn, Finding: f})
		}
	}
}
