package access

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
)

// What several statements allow is what each allows, put together. So a policy whose
// statements have too many patterns between them is answered statement by statement,
// each with all that deny, and stays exact. The work of all is bounded together: those
// that are left when it is spent are one part.

// part is what some of the statements that allow give.
type part struct {
	*solution
	grants []grant
}

// only is a choice of the statements that allow: by document and index.
type only map[[2]int]bool

// has reports whether the choice has a statement; none is a choice of all.
func (o only) has(document, index int) bool { return o == nil || o[[2]int{document, index}] }

// lookingWork is what a part costs for each statement of the policy: what a witness
// of one statement is allowed rests on all of them.
const lookingWork = 40

// answers is answer in parts, if it is exact only so; whole is the answer to the
// question as one.
func answers(q question, complete bool) (whole *solution, parts []part) {
	if !q.work.charge(q.comparing()) {
		return q.unanswered()
	}
	list := q.separable()
	if len(list) < 2 {
		s, grants := answer(q, complete)
		return s, []part{{s, grants}}
	}
	const share = 4
	q.share = share
	short := q.work != nil && q.work.short
	whole = solve(q, exactly)
	grants := whole.findings(complete)
	grants = whole.settle(grants)
	whole.settleAccount()
	if !whole.space.Exceeded && (!whole.isWidened() || whole.settled) {
		if whole.settled && q.work != nil {
			q.work.short = short
		}
		return whole, []part{{whole, grants}}
	}
	if q.work == nil {
		q.work = newBudget(totalWork)
	}
	q.work.short = short // the parts may be exact all the same
	left := q.work.positions - totalWork
	for i := range list {
		one := q
		one.only = only{list[i]: true}
		if q.work.positions <= max(left, leastWork) {
			one.only = only{}
			for _, k := range list[i:] {
				one.only[k] = true
			}
		}
		q.work.positions -= len(list) * lookingWork
		s, grants := answer(one, complete)
		parts = append(parts, part{s, grants})
		if len(one.only) > 1 {
			break
		}
	}
	dropCovered(parts)
	return whole, parts
}

// comparing is the work of demonstrating what the statements of a question grant, at
// most: a grant for each of them and for each principal rests on all of them.
func (q question) comparing() int {
	statements, principals, actions := 0, 0, 0
	for _, d := range q.documents {
		statements += len(d.Statements)
		for _, s := range d.Statements {
			principals += len(s.Principal.List)
			actions += len(s.Action.List)
		}
	}
	return statements*statements*statementWork + principals*(principals+principalWork) + actions*actionWork
}

const (
	statementWork = 12    // looking whether a statement is about a request
	principalWork = 1_000 // telling a principal apart from the others
	actionWork    = 400   // looking an action up, and what is said of one that is in no table
)

// unanswered is the answer to a question that takes more work than there is: that
// anything may be granted, if some statement allows something.
func (q question) unanswered() (whole *solution, parts []part) {
	allows := slices.ContainsFunc(q.documents, func(d *policy.Document) bool {
		return slices.ContainsFunc(d.Statements, func(s policy.Statement) bool { return s.Effect == policy.Allow })
	})
	q.work.short = true
	q.documents, q.gates = nil, make([][]int, len(q.gates))
	whole = solve(q, principalsAlone)
	p := part{solution: whole}
	if allows {
		whole.note("the policy is too large for the work that a run allows for it: what is reported is at most what is granted")
		p.grants = []grant{whole.anything()}
	}
	return whole, []part{p}
}

// anything is a grant that is at most what a policy gives which is too large: of the
// actions that are asked about, or of all where those may be in no table.
func (s *solution) anything() grant {
	actions := s.actions
	if s.asked != nil {
		patterns := s.asked.Statements[0].Action.List
		named := slices.DeleteFunc(slices.Clone(actions), func(a knowledge.KindAction) bool {
			return !slices.ContainsFunc(patterns, func(p policy.Pattern) bool { return globMatch(strings.ToLower(p.Text.Literal), a.Lower) })
		})
		if len(named) > 0 {
			actions = named
		}
	}
	return grant{actions: actions, public: true, needs: []string{smallerPolicy}}
}

// separable lists the statements that allow, if each can be asked about alone.
func (q question) separable() [][2]int {
	if len(q.gates) != 1 || q.inside || q.asked != nil {
		return nil
	}
	var out [][2]int
	for i, d := range q.documents {
		if !containsInt(q.gates[0], i) {
			continue
		}
		for j, s := range d.Statements {
			if s.Maybe != "" {
				return nil // its alternatives belong together
			}
			if s.Effect == policy.Allow {
				out = append(out, [2]int{i, j})
			}
		}
	}
	return out
}

// dropCovered leaves out the grants that one of another part covers.
func dropCovered(parts []part) {
	for i := range parts {
		parts[i].grants = slices.DeleteFunc(parts[i].grants, func(g grant) bool {
			for j := range parts {
				if i != j && slices.ContainsFunc(parts[j].grants, func(h grant) bool { return h.covers(g) && (j < i || !g.covers(h)) }) {
					return true
				}
			}
			return false
		})
	}
}

// covers reports whether a grant is proven and gives all that another one does, to
// anyone or under the same labels.
func (g grant) covers(h grant) bool {
	if !g.proven || h.public && !g.public || len(g.labels) > len(h.labels) {
		return false
	}
	for _, l := range g.labels {
		if !slices.ContainsFunc(h.labels, func(o label) bool { return o.key == l.key && o.principal == l.principal && o.text == l.text }) {
			return false
		}
	}
	for _, x := range h.actions {
		if !slices.ContainsFunc(g.actions, func(y knowledge.KindAction) bool { return y.Lower == x.Lower }) {
			return false
		}
	}
	return true
}
