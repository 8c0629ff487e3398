package access

import "github.com/iaclint/iaclint/analysis/domain"

// Effort bounds the work of an analysis, in positions that automata look at. It is
// counted, not timed, so that the same input always gives the same answer. Work on
// decision diagrams is counted in pairs of nodes, each as much as many positions.
type Effort int

const (
	// FullEffort is what one resource is worth: about two seconds.
	FullEffort Effort = 4 * totalWork
	pairEffort        = totalWork / domain.DefaultWork

	// The work of one question at most, and of each dimension of it at least.
	totalWork = 20_000_000
	leastWork = totalWork / leastShare
	// leastShare of the work of a question is done in any case.
	leastShare = 40
)

// budget is what is left of the effort for a resource. All its questions share it.
type budget struct {
	positions int
	short     bool // a question would have been answered better with more
}

func newBudget(e Effort) *budget { return &budget{positions: int(min(e, FullEffort))} }

// allowance is what one question may take of a budget.
type allowance struct {
	from      *budget
	positions int
	reduced   bool // less than a question may take at most
	share     int  // positions are of that many times as much; 0 is 1
}

// take returns what a question may take: a share of all that a question may take at
// most, as far as that much is left. Without a budget there is no other question.
func (b *budget) take(share int) allowance {
	most := totalWork / share
	a := allowance{from: b, positions: most, share: share}
	if b == nil {
		return a
	}
	if a.positions = max(min(most, b.positions), most/leastShare/leastShare); a.positions < most {
		a.reduced = true
	}
	return a
}

// charge takes work from the budget before it is done. It reports false, and takes
// nothing, if there is not as much left. Without a budget there always is.
func (b *budget) charge(work int) bool {
	if b == nil {
		return true
	}
	if b.positions < work {
		b.short = true
		return false
	}
	b.positions -= work
	return true
}

// spend takes work from the budget; short says that it was not enough.
func (a allowance) spend(positions int, short bool) {
	if a.from == nil {
		return
	}
	a.from.positions = max(a.from.positions-positions, 0)
	a.from.short = a.from.short || short && a.reduced
}

// pairs are the nodes of diagrams that an allowance is worth.
func (a allowance) pairs() int { return max(a.positions/pairEffort, domain.DefaultWork/leastShare) }

// evaluations of statements by the evaluator are what an allowance is worth.
func (a allowance) evaluations() int {
	return max(int(int64(manyEvaluations)*int64(a.positions)*int64(max(a.share, 1))/totalWork), manyEvaluations/leastShare)
}

// shown are the grants that an allowance is worth showing one by one.
func (a allowance) shown() int { return max(a.positions/grantWork, fewGrants) }

const (
	grantWork = 12_000 // what a grant takes with its example and its statements
	fewGrants = 10
)
