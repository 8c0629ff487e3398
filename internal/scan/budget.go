package scan

import (
	"context"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/config"
)

// The effort of a run, in units of package access. Each input gives its resources a
// first share, so that ten thousand ordinary ones cost what they cost. What is left
// short shares the effort of the run: each input as much as any other, and within it
// each resource. It is counted, not timed, so that reports do not depend on the machine.
type runBudget struct {
	input                 int // first shares of an input's resources
	firstMost, firstLeast int
	run                   int // what is left short shares
}

var budgetOfRun = runBudget{input: 200_000_000, firstMost: 4_000_000, firstLeast: 50_000, run: 400_000_000}

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
	one := func(x item, effort access.Effort) {
		t := tasks[x.task]
		t.options.Effort = effort
		*x.to = t.Guarded(x.cases, x.under)
	}
	first := func(x item) access.Effort {
		return access.Effort(max(min(b.input/count[x.task], b.firstMost), b.firstLeast))
	}
	Each(ctx, len(items), func(i int) { one(items[i], first(items[i])) })
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
	Each(ctx, len(short), func(i int) {
		x := short[i]
		if share := access.Effort(b.run / inputs / left[x.task]); share >= worthwhile*first(x) {
			one(x, share)
		}
	})
	for _, x := range short {
		if x.to.Short && ctx.Err() == nil {
			r := x.cases[0]
			results[x.task].unread = append(results[x.task].unread, resource.Unread{
				Kind: resource.Budget, Source: tasks[x.task].In.Path, Path: r.Path, Address: r.Address, Span: r.Span,
				Why: "has policies that take more work than a run allows for them, so what is reported of them is at most what they grant",
			})
		}
	}
}
