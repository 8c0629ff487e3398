package scan

import (
	"context"
	"fmt"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/parallel"
	"github.com/iaclint/iaclint/rules"
)

// State is what a comparison sees of a resource.
func (x Analysed) State() rules.State {
	return rules.State{Output: x.Output, Cases: x.Cases, Zone: x.Deployment.Zone}
}

func statesOf(list []Analysed) []rules.State {
	out := make([]rules.State, len(list))
	for i, x := range list {
		out[i] = x.State()
	}
	return out
}

// Settle compares two states of the same resources: first those of after, in
// their order, then those that are gone.
func Settle(before, after []rules.State, o Options) []rules.Settled {
	pairs := rules.Match(before, after)
	out := make([]rules.Settled, len(pairs))
	o.Effort = budgetOfRun.comparing(pairs)
	parallel.Each(context.Background(), len(pairs), func(i int) { out[i] = settleOne(pairs[i], o) })
	return out
}

// settleOne compares one resource. A panic is a bug of ours in the face of it:
// the findings tell then what changed.
func settleOne(p rules.Pair, o Options) (out rules.Settled) {
	defer func() {
		if recover() != nil {
			out = rules.Settle(p, rules.Difference{Text: true})
		}
	}()
	return rules.Settle(p, rules.Compare(p, OptionsOf(o)))
}

// Doubts says where policies changed in a way that cannot be judged.
func Doubts(s rules.Settled) []source.Diagnostic {
	if !s.Inexact {
		return nil
	}
	at := source.Diagnostic{Severity: source.Warning, Path: s.After.Resource.Path, Message: fmt.Sprintf("the policies of %s changed and cannot be compared exactly: what they grant counts as wider than before", s.After.Resource.Address)}
	if len(s.After.Cases) > 0 {
		at.Span = s.After.Cases[0].Span
	}
	return []source.Diagnostic{at}
}

// CompareWith sets what changed on all findings of results since another run.
// Findings of a plan keep what the plan itself says.
func (r *Run) CompareWith(before *Run) {
	now := r.Results
	r.changes = changesOfUnread(unreadOf(before.In, before.Results), unreadOf(r.In, now))
	var old, states []rules.State
	for _, r := range before.Results {
		if !r.compared {
			old = append(old, statesOf(r.Analysed)...)
		}
	}
	type place struct{ result, index int }
	var places []place
	for i, r := range now {
		for k, x := range r.Analysed {
			if !r.compared {
				states, places = append(states, x.State()), append(places, place{i, k})
			}
		}
	}
	gone := map[string]int{} // the result that tells of what is gone, by path
	for i := range now {
		for _, x := range now[i].Analysed {
			gone[x.Output.Resource.Path] = i
		}
	}
	for n, s := range Settle(old, states, r.Options) {
		at := 0
		if n < len(places) {
			at = places[n].result
			now[at].Analysed[places[n].index].Findings = s.Findings
			now[at].Diagnostics = append(now[at].Diagnostics, Doubts(s)...)
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
	return f.Change == nil || *f.Change == finding.New || f.Wider
}
