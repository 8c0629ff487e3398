package cli

import (
	"fmt"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/rules"
)

// state is what a comparison sees of a resource.
func (x analysed) state() rules.State {
	return rules.State{Output: x.Output, Cases: x.cases, Zone: x.deployment.Zone}
}

func statesOf(list []analysed) []rules.State {
	out := make([]rules.State, len(list))
	for i, x := range list {
		out[i] = x.state()
	}
	return out
}

// settle compares two states of the same resources: first those of after, in
// their order, then those that are gone.
func settle(before, after []rules.State, f *flags) []rules.Settled {
	pairs := rules.Match(before, after)
	out := make([]rules.Settled, len(pairs))
	each(len(pairs), func(i int) { out[i] = settleOne(pairs[i], f) })
	return out
}

// settleOne compares one resource. A panic is a bug of ours in the face of it:
// the findings tell then what changed.
func settleOne(p rules.Pair, f *flags) (out rules.Settled) {
	defer func() {
		if recover() != nil {
			out = rules.Settle(p, rules.Difference{Text: true})
		}
	}()
	return rules.Settle(p, rules.Compare(p, optionsOf(f)))
}

// doubts says where policies differ in a way that cannot be judged.
func doubts(s rules.Settled) []source.Diagnostic {
	if !s.Inexact {
		return nil
	}
	at := source.Diagnostic{Severity: source.Warning, Path: s.After.Resource.Path, Message: fmt.Sprintf("the policies of %s are not what they were, but cannot be compared exactly: their findings are", s.After.Resource.Address)}
	if len(s.After.Cases) > 0 {
		at.Span = s.After.Cases[0].Span
	}
	return []source.Diagnostic{at}
}

// compareWith sets what changed on all findings of results since another run.
// Findings of a plan keep what the plan itself says.
func compareWith(before []result, now []result, f *flags) {
	var old, states []rules.State
	for _, r := range before {
		if !r.compared {
			old = append(old, statesOf(r.analysed)...)
		}
	}
	type place struct{ result, index int }
	var places []place
	for i, r := range now {
		for k, x := range r.analysed {
			if !r.compared {
				states, places = append(states, x.state()), append(places, place{i, k})
			}
		}
	}
	gone := map[string]int{} // the result that tells of what is gone, by path
	for i := range now {
		for _, x := range now[i].analysed {
			gone[x.Output.Resource.Path] = i
		}
	}
	for n, s := range settle(old, states, f) {
		at := 0
		if n < len(places) {
			at = places[n].result
			now[at].analysed[places[n].index].Findings = s.Findings
			now[at].diagnostics = append(now[at].diagnostics, doubts(s)...)
		} else if i, ok := gone[s.Before.Resource.Path]; ok {
			at = i
		}
		if len(now) > 0 {
			now[at].withdrawn = append(now[at].withdrawn, s.Removed...)
		}
	}
}

// isNewOrWider reports whether a finding has access that was not there, as far
// as anything is known of what was.
func isNewOrWider(f finding.Finding) bool {
	return f.Change == nil || *f.Change == rules.New || f.Wider
}
