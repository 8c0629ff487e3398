package scan

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/rules"
)

// StatesOfReport are the resources of a report. A finding does not name its
// target, so that resources of one address are one.
func StatesOfReport(r finding.Report) []rules.State {
	var out []rules.State
	index := map[[2]string]int{}
	for _, x := range r.Resources {
		key := [2]string{x.Path, x.Address}
		if _, ok := index[key]; !ok {
			index[key] = len(out)
			x.Zone, x.Target = "", ""
			out = append(out, rules.State{Output: rules.Output{Resource: x}})
		}
	}
	for _, f := range r.Findings {
		if f.Change.Is(finding.Removed) || rules.IsUnreadCode(f) {
			continue
		}
		key := [2]string{f.Path, f.Address}
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, rules.State{Output: rules.Output{Resource: finding.Resource{Path: f.Path, Address: f.Address, ResourceType: f.ResourceType, ARN: f.Resource}}})
		}
		f.Change = nil
		out[i].Findings = append(out[i].Findings, f)
	}
	return out
}

// WithoutTargets makes states comparable with those of a report; minimums are what
// counts of each, if anything does.
func WithoutTargets(states []rules.State, minimums []int) ([]rules.State, []int) {
	var out []rules.State
	var least []int
	index := map[[2]string]int{}
	for k, x := range states {
		key := [2]string{x.Resource.Path, x.Resource.Address}
		x.Resource.Zone, x.Resource.Target, x.Cases = "", "", nil
		if i, ok := index[key]; ok {
			out[i].Findings = append(slices.Clone(out[i].Findings), x.Findings...)
			continue
		}
		index[key] = len(out)
		out = append(out, x)
		if minimums != nil {
			least = append(least, minimums[k])
		}
	}
	return out, least
}
