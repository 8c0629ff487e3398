package scan

import (
	"context"
	"fmt"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/parallel"
	"github.com/iaclint/iaclint/rules"
)

// The effort of a run, in units of package access. Each input gives its resources a
// first share, so that ten thousand ordinary ones cost what they cost. What is left
// short shares the effort of the run: each input as much as any other, and within it
// each resource. It is counted, not timed, so that reports do not depend on the machine.
//
// The findings of a run are bounded in the same way: each takes time and memory in
// all that comes after the analysis. The most severe are kept, and what is left out
// is said.
type runBudget struct {
	input                 int // first shares of an input's resources
	firstMost, firstLeast int
	run                   int // what is left short shares
	findings              int // of all resources together, about
	fewFindings           int // that each resource has in any case
}

var budgetOfRun = runBudget{input: 200_000_000, firstMost: 4_000_000, firstLeast: 50_000, run: 200_000_000, findings: 10_000, fewFindings: 4}

// worthwhile times its first share is what a resource must get to be looked at again.
const worthwhile = 4

// item is a resource under one deployment, and where its analysis goes.
type item struct {
	task  int
	cases []resource.Resource
	under config.Deployment
	to    *Analysed
}

// analyse analyses the items on all processors.
func (b runBudget) analyse(ctx context.Context, tasks []Task, items []item, results []Result) {
	count := make([]int, len(tasks))
	for _, x := range items {
		count[x.task] += len(x.cases)
	}
	one := func(x item, effort access.Effort, findings int) {
		t := tasks[x.task]
		t.options.Effort, t.options.findings = effort, findings
		*x.to = t.Guarded(x.cases, x.under)
	}
	first := func(x item) access.Effort {
		return access.Effort(max(min(b.input/count[x.task], b.firstMost), b.firstLeast))
	}
	most := max(b.findings/max(len(items), 1), b.fewFindings)
	parallel.Each(ctx, len(items), func(i int) { one(items[i], first(items[i]), most) })
	var short []item
	left := make([]int, len(tasks))
	inputs := 0
	for _, x := range items {
		if x.to.Short {
			short = append(short, x)
			if left[x.task] == 0 {
				inputs++
			}
			left[x.task] += len(x.cases)
		}
	}
	again := make([]access.Effort, len(items)) // the effort of those that were looked at again
	at := map[*Analysed]int{}
	for i, x := range items {
		at[x.to] = i
	}
	parallel.Each(ctx, len(short), func(i int) {
		x := short[i]
		if share := access.Effort(b.run / inputs / left[x.task]); share >= worthwhile*first(x) {
			again[at[x.to]] = share
			one(x, share, most)
		}
	})
	b.listMore(ctx, items, most, func(i, most int) { one(items[i], max(first(items[i]), again[i]), most) })
	for _, x := range items {
		if x.to.Short && ctx.Err() == nil {
			results[x.task].giveUp(tasks[x.task], x, "has policies that take more work than a run allows for them, so what is reported of them is at most what they grant")
		}
		if n := x.to.Left; n > 0 && ctx.Err() == nil {
			results[x.task].giveUp(tasks[x.task], x, fmt.Sprintf("has more findings than a run lists: %d of the least severe are left out", n))
		}
	}
}

// comparing is the effort of each pair that is compared as sets.
func (b runBudget) comparing(pairs []rules.Pair) access.Effort {
	compared := 0
	for _, p := range pairs {
		if p.Before != nil && p.After != nil && len(p.Before.Findings)+len(p.After.Findings) > 0 {
			compared++
		}
	}
	return min(access.Effort(max(b.run/max(compared, 1), b.firstLeast)), access.FullEffort)
}

// Sharing is the effort of each of many policies that are checked in one run.
func Sharing(policies int) access.Effort {
	b := budgetOfRun
	return min(access.Effort(max(b.run/max(policies, 1), b.firstLeast)), access.FullEffort)
}

// giveUp says what a run leaves out of a resource.
func (r *Result) giveUp(t Task, x item, why string) {
	c := x.cases[0]
	r.unread = append(r.unread, resource.Unread{Kind: resource.Budget, Source: t.In.Path, Path: c.Path, Address: c.Address, Span: c.Span, Why: why})
}

// listMore shares the findings that are left among the resources that have more, as
// long as that at least doubles what each may have.
func (b runBudget) listMore(ctx context.Context, items []item, most int, one func(i, most int)) {
	for ctx.Err() == nil {
		listed := 0
		var more []int
		for i, x := range items {
			if listed += len(x.to.Findings); x.to.Left > 0 {
				more = append(more, i)
			}
		}
		if len(more) == 0 || most+(b.findings-listed)/len(more) < 2*most {
			return
		}
		most += (b.findings - listed) / len(more)
		parallel.Each(ctx, len(more), func(i int) { one(more[i], most) })
	}
}
