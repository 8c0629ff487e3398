// Package fix looks for the smallest change of the code that closes a finding,
// proves it by analysing again, and writes it. Package rewrite knows how edits are
// written in each language.
package fix

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/parallel"
	"github.com/iaclint/iaclint/internal/scan"
)

// Wanted is a finding that a change is wanted for.
type Wanted struct {
	finding.Finding
	fails   bool // it counts for the exit status
	Minimum int  // the severity from which on it would
}

// Affordable are the findings that a run may look at one by one, one at least, and how
// many are too many. It depends on nothing but the input: on how many resources are
// read again for a finding, and on the statements that are compared.
func (p *Prover) Affordable(list []Wanted) (some []Wanted, over int) {
	n := p.affordable(list, true)
	return list[:n:n], len(list) - n
}

// affordable counts the findings that a run may look at, each with a reading of its
// input or all together.
func (p *Prover) affordable(list []Wanted, reads bool) int {
	size, statements := map[string]int{}, map[[2]string]int{}
	for i, s := range p.Now {
		for _, g := range s.Groups {
			size[g.Key[0]] = max(size[g.Key[0]], len(p.Now[i].Groups))
			for _, r := range g.Cases {
				n := 0
				for _, d := range r.Documents {
					if d.Policy != nil {
						n += len(d.Policy.Statements)
					}
				}
				at := [2]string{r.Path, r.Address}
				statements[at] = max(statements[at], n)
			}
		}
	}
	work := 0
	for i, w := range list {
		n := statements[[2]string{w.Path, w.Address}]
		work += 1 + n*n/5
		if reads {
			work += max(size[w.Path], 1) - 1
		}
		if work > MaxWork && i > 0 {
			return i
		}
	}
	return len(list)
}

func tooMany(n int) []finding.Diagnostic {
	if n == 0 {
		return nil
	}
	return []finding.Diagnostic{{Severity: string(source.Warning), Message: fmt.Sprintf("no change is looked for of %d findings, the last ones: it would take too long; name fewer files, or one finding", n)}}
}

// suggestEach looks for a change of each finding in the code as it is: of all together,
// then of those that are left one by one, on all processors. nil is a finding too many.
func (p *Prover) suggestEach(list []Wanted) (out []*finding.Suggestion, over int) {
	out = make([]*finding.Suggestion, len(list))
	if len(list) > 1 {
		for i, s := range p.together(list[:p.affordable(list, false)]) {
			out[i] = &s
		}
	}
	var left []Wanted
	var index []int
	for i, w := range list {
		if out[i] == nil {
			left, index = append(left, w), append(index, i)
		}
	}
	left, over = p.Affordable(left)
	parallel.Each(context.Background(), len(left), func(i int) {
		s, _ := p.suggest(left[i].Finding)
		out[index[i]] = &s
	})
	return out, over
}

// SuggestAll gives each of the findings what would close it.
func (p *Prover) SuggestAll(r finding.Report, list []Wanted) finding.Report {
	suggestions, over := p.suggestEach(list)
	r.Findings = slices.Clone(r.Findings)
	for i, f := range r.Findings {
		if n := slices.IndexFunc(list, func(w Wanted) bool { return isSame(w.Finding, f) }); n >= 0 {
			r.Findings[i].Suggested = suggestions[n]
		}
	}
	r.Diagnostics = append(r.Diagnostics, tooMany(over)...)
	return r
}

// WantedOf are the active findings at or above the gate; where nothing is a gate,
// all that are active.
func WantedOf(a *scan.Outcome, all bool) []Wanted {
	fails, minimum := map[string]bool{}, map[string]int{}
	for i, s := range a.States {
		for _, f := range s.Findings {
			minimum[f.ID+f.Path+f.Address] = a.Minimums[i]
			if f.Status != finding.Archived && f.Severity.Rank() >= a.Minimums[i] {
				fails[f.ID+f.Path+f.Address] = true
			}
		}
	}
	var out []Wanted
	for _, f := range a.Report.Findings {
		key := f.ID + f.Path + f.Address
		if _, known := minimum[key]; !known && strings.HasPrefix(f.Rule, "unused-") && len(a.Minimums) > 0 { // of a user, who is not a resource of an input
			minimum[key] = slices.Min(a.Minimums)
			fails[key] = f.Status != finding.Archived && f.Severity.Rank() >= minimum[key]
		}
		withdrawn := f.Change.Is(finding.Removed)
		if f.Status == finding.Archived || withdrawn || slices.ContainsFunc(out, func(w Wanted) bool { return w.ID+w.Path+w.Address == key }) {
			continue
		}
		if fails[key] || all {
			out = append(out, Wanted{f, fails[key], minimum[key]})
		}
	}
	return out
}

// looked is what became of findings for which changes were looked for.
type looked struct {
	Suggestions []finding.Suggestion
	Failing     int // findings that count for the exit status and are not closed
	Diagnostics []finding.Diagnostic
	prover      *Prover // with the changes made
}

// Look looks for changes that close findings, as many as a run may look at. With
// make, each change is made before the next is looked for.
func (p *Prover) Look(list []Wanted, make bool) looked {
	out := looked{prover: p}
	closed := map[string]bool{}
	every, over := list, 0
	if make {
		list, over = p.Affordable(list)
	} else {
		var found []*finding.Suggestion
		found, over = p.suggestEach(list)
		for _, s := range found {
			if s != nil {
				out.Suggestions = append(out.Suggestions, *s)
			}
		}
	}
	for i := 0; i < len(list) && make; i++ {
		w := list[i]
		if closed[w.ID+w.Path+w.Address] {
			continue
		}
		s, next := out.prover.suggest(w.Finding)
		out.Suggestions = append(out.Suggestions, s)
		if next == nil {
			continue
		}
		out.prover = next
		for _, f := range append(s.Closes, w.Finding) {
			closed[f.ID+f.Path+f.Address] = true
		}
		for _, f := range s.Reveals { // which is a finding of its own now
			if next.isSpared(f) {
				continue
			}
			list = append(list, Wanted{f, f.Severity.Rank() >= w.Minimum, w.Minimum})
			every = append(every[:len(every):len(every)], list[len(list)-1])
		}
	}
	out.Diagnostics = tooMany(over)
	for _, w := range every {
		if w.fails && !closed[w.ID+w.Path+w.Address] {
			out.Failing++
		}
	}
	for _, s := range out.Suggestions {
		if strings.HasPrefix(s.Reason, internalError) {
			out.Diagnostics = append(out.Diagnostics, finding.Diagnostic{Severity: string(source.Error), Path: s.Finding.Path, Message: s.Reason})
		}
	}
	return out
}
