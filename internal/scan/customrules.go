package scan

import (
	"maps"
	"slices"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/rules"
	"github.com/iaclint/iaclint/rules/rego"
)

// describedOwn are the custom rules of inputs as reports describe them. An id that
// configurations give to different rules is described as the first does.
func describedOwn(in workspace.Inputs) []finding.Rule {
	byID := map[string]finding.Rule{}
	for _, f := range in.Files {
		if f.Settings == nil || f.Settings.Custom == nil {
			continue
		}
		for _, r := range f.Settings.Custom.Set.Rules {
			if _, ok := byID[r.ID]; !ok {
				byID[r.ID] = r.Rule
			}
		}
	}
	var out []finding.Rule
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		out = append(out, byID[id])
	}
	return out
}

// judged are inputs and what they gave.
type judged struct {
	files   []workspace.Input
	results []Result
}

// ApplyCustomRules runs the custom rules over the results and adds what they find; before is
// another state to compare with, nil if there is none. What is returned is wrong
// with the rules: the run cannot go on.
func (r *Run) ApplyCustomRules(before *Run) config.Diagnostics {
	var wrong config.Diagnostics
	now := judged{r.In.Files, r.Results}
	was := judged{}
	if before != nil {
		was = judged{before.In.Files, before.Results}
	}
	done := map[*workspace.Settings]bool{}
	for i := range now.files {
		s := now.files[i].Settings
		if s == nil || s.Custom == nil || done[s] {
			continue
		}
		done[s] = true
		wrong = append(wrong, runRules(s, now, was)...)
	}
	return wrong
}

// at is where a resource of a result is.
type at struct{ result, index int }

// runRules runs the rules of one configuration.
func runRules(s *workspace.Settings, now, before judged) config.Diagnostics {
	o := s.Custom
	var after, old []rego.Resource
	var places []at
	var oldStates []rules.State
	compared := false
	add := func(list *[]rego.Resource, x Analysed) {
		*list = append(*list, rego.Resource{State: x.State()})
	}
	first := -1
	for i := range now.results {
		if now.files[i].Settings != s {
			continue
		}
		if first < 0 {
			first = i
		}
		r := &now.results[i]
		compared = compared || r.compared
		for k, x := range r.Analysed {
			add(&after, x)
			places = append(places, at{i, k})
			if r.compared && x.Kept {
				add(&old, x)
			}
		}
		for _, x := range r.before {
			add(&old, x)
		}
	}
	for i := range before.results {
		if before.files[i].Settings != s || before.results[i].compared {
			continue
		}
		compared = true
		for _, x := range before.results[i].Analysed {
			add(&old, x)
		}
	}
	if compared {
		for i := range old {
			oldStates = append(oldStates, old[i].State)
		}
		setChanges(after, oldStates)
	}
	out := o.Set.Run(rego.Input{Zones: zonesOf(after), Resources: after}, o.Limit)
	wrong := o.Diagnostics(out.Wrong)
	if len(wrong) > 0 {
		return wrong
	}
	if first >= 0 {
		now.results[first].Diagnostics = append(now.results[first].Diagnostics, append(out.Unfinished, out.Doubts...)...)
	}
	if !compared {
		for n, at := range places {
			x := &now.results[at.result].Analysed[at.index]
			x.Findings = append(x.Findings[:len(x.Findings):len(x.Findings)], out.Findings[n]...)
		}
		return nil
	}
	earlier := o.Set.Run(rego.Input{Zones: zonesOf(old), Resources: old}, o.Limit)
	if wrong = o.Diagnostics(earlier.Wrong); len(wrong) > 0 {
		return wrong
	}
	// What was found before the limit counts as it is: what is not known to have
	// been there is new.
	states := make([]rules.State, len(after))
	for n := range after {
		states[n] = after[n].State
		states[n].Findings = out.Findings[n]
	}
	for n := range oldStates {
		oldStates[n].Findings = earlier.Findings[n]
	}
	for n, p := range rules.Match(oldStates, states) {
		settled := rules.Settle(p, rules.Difference{})
		to := first
		if n < len(places) {
			at := places[n]
			to = at.result
			x := &now.results[at.result].Analysed[at.index]
			x.Findings = append(x.Findings[:len(x.Findings):len(x.Findings)], settled.Findings...)
		}
		if to >= 0 {
			now.results[to].withdrawn = append(now.results[to].withdrawn, settled.Removed...)
		}
	}
	// The other side of a plan is shown as well, where it is compared.
	n := 0
	for i := range now.results {
		if now.files[i].Settings != s {
			continue
		}
		r := &now.results[i]
		for _, x := range r.Analysed {
			if r.compared && x.Kept {
				n++
			}
		}
		for k := range r.before {
			x := &r.before[k]
			x.Findings = append(x.Findings[:len(x.Findings):len(x.Findings)], earlier.Findings[n]...)
			n++
		}
	}
	return nil
}

// setChanges says of each resource what became of it.
func setChanges(after []rego.Resource, old []rules.State) {
	states := make([]rules.State, len(after))
	for i := range after {
		states[i] = after[i].State
	}
	for i, p := range rules.Match(old, states) {
		if i >= len(after) {
			break
		}
		switch {
		case after[i].Kept:
			after[i].Change = finding.Unchanged
		case p.Before == nil:
			after[i].Change = finding.New
		case sameState(p):
			after[i].Change = finding.Unchanged
		default:
			after[i].Change = finding.Changed
		}
	}
}

// sameState reports whether nothing is seen of a change.
func sameState(p rules.Pair) bool {
	unchanged := !slices.ContainsFunc(p.After.Findings, func(f finding.Finding) bool { return f.Change != nil && *f.Change != finding.Unchanged })
	return unchanged && len(p.Before.Findings) == len(p.After.Findings) && slices.Equal(rules.PolicyText(p.Before.Cases), rules.PolicyText(p.After.Cases))
}

// zonesOf are the zones of trust of resources, as reports list them.
func zonesOf(list []rego.Resource) []finding.Zone {
	var out []finding.Zone
	for _, r := range list {
		z := zoneOf(r.Zone)
		if !slices.ContainsFunc(out, func(other finding.Zone) bool { return compareZones(z, other) == 0 }) {
			out = append(out, z)
		}
	}
	slices.SortFunc(out, compareZones)
	return out
}

// Document is what rules see of a run.
func (r *Run) Document() rego.Input {
	var all []rego.Resource
	for _, r := range r.Results {
		for _, x := range r.Analysed {
			all = append(all, rego.Resource{State: x.State()})
		}
	}
	return rego.Input{Zones: zonesOf(all), Resources: all}
}
