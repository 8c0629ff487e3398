package fix

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/parallel"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
)

// Most findings are closed by a change of a statement that grants nothing else. Such
// changes are tried together: the inputs are read again once for all of them, and each
// resource is judged as if its change were the only one. That it may be judged so is
// shown afterwards, see independent. What does not fit is left to Prover.suggest, which
// tries one change at a time.

// turn is a finding whose changes are tried together with those of others.
type turn struct {
	wanted   int // index in the list
	finding  finding.Finding
	at       place
	attempts []attempt
	next     int    // the attempt that is tried next
	why      string // the first one was refused
	tried           // the attempt
	accepted bool
	best     *tried // of those that lose something, the one that loses least
}

// tried is an attempt and what came of it.
type tried struct {
	attempt *attempt
	verdict verdict
	group   Group              // the resource with the change made
	beside  map[string][]piece // what else was changed in the files, in order
}

// place is a resource of a task.
type place struct {
	task int
	key  [4]string
}

// maxReadings bounds how often the inputs are read for all changes together.
const maxReadings = 64

// together looks for changes of many findings, and returns what it can settle by their
// indexes.
func (p *Prover) together(list []Wanted) map[int]finding.Suggestion {
	pending, out := p.turns(list)
	readings := maxReadings
	var accepted []*turn
	for len(pending) > 0 && readings > 0 {
		chosen, later := apart(pending)
		for _, t := range p.judged(chosen, &readings) {
			switch goes, found := t.goOn(p); {
			case found != nil:
				found.accepted = true
				accepted = append(accepted, found)
			case goes:
				later = append(later, t)
			case t.next == len(t.attempts):
				out[t.wanted] = finding.Suggestion{Finding: list[t.wanted].Finding, Reason: t.why}
			}
		}
		slices.SortFunc(later, func(t, u *turn) int { return t.wanted - u.wanted })
		pending = later
	}
	for len(accepted) > 0 {
		chosen, later := apart(accepted)
		if p.independent(chosen, &readings) {
			for _, t := range chosen {
				out[t.wanted] = t.suggestion(list[t.wanted].Finding)
			}
		}
		accepted = later
	}
	return out
}

// suggestion is that of an accepted attempt, as if it had been tried alone.
func (t *turn) suggestion(f finding.Finding) finding.Suggestion {
	t.attempt.edits, _ = united([]*turn{t})
	alone := map[string]*source.File{}
	for _, file := range t.attempt.files {
		alone[file.Name] = source.NewFile(file.Name, t.attempt.edits[file.Name])
	}
	v := t.verdict
	v.reveals = slices.Clone(v.reveals)
	for i, r := range v.reveals {
		v.reveals[i] = r.Moved(func(s source.Span) source.Span {
			if s.IsZero() || alone[s.Path()] == nil {
				return s
			}
			all, by := 0, 0 // how much longer the text before it has become, and that by others
			for _, x := range t.beside[s.Path()] {
				if x.start+all >= s.Start {
					break
				}
				grown := len(x.text) - (x.end - x.start)
				if all += grown; !slices.Contains(t.attempt.pieces, x) {
					by += grown
				}
			}
			return source.Span{File: alone[s.Path()], Start: s.Start - by, End: s.End - by}
		})
	}
	out := suggestionOf(f, t.attempt, &v, nil)
	t.attempt.edits = nil
	return out
}

// goOn takes in what came of an attempt, as Prover.first does. It returns the turn once
// the attempt to take is known, else whether there is another one to try.
func (t *turn) goOn(p *Prover) (goes bool, found *turn) {
	a, v := t.attempt, t.verdict
	switch {
	case v.refused != "" && t.why == "":
		t.why = refusal(a, v.refused)
	case v.refused != "":
	case slices.ContainsFunc(v.reveals, tellsLine):
		t.next, t.best = maxTries, nil // the line would be another one
		return false, nil
	case v.service == nil && a.Loses == "":
		return false, t
	case t.best == nil || losesLess(p.raw.Tasks[t.at.task].Deployments, t.group, t.best.group):
		now := t.tried
		t.best = &now
	}
	for t.next++; t.next < len(t.attempts) && t.best != nil && t.attempts[t.next].isLike(t.best.attempt); t.next++ {
	}
	if t.next < min(len(t.attempts), maxTries) {
		return true, nil
	}
	if t.best != nil {
		t.tried = *t.best
		return false, t
	}
	return false, nil
}

// turns are the findings of a list that a change of statements of their own may close,
// and answers to those for which no change is to be tried.
func (p *Prover) turns(list []Wanted) (turns []*turn, answers map[int]finding.Suggestion) {
	type statement struct {
		path       string
		start, end int
	}
	holders := map[statement]map[string]bool{}
	statements := func(f finding.Finding) (out []statement) {
		for _, s := range f.Statements {
			if !s.Span.IsZero() {
				out = append(out, statement{s.Span.Path(), s.Span.Start, s.Span.End})
			}
		}
		return out
	}
	for _, f := range p.findings() {
		for _, s := range statements(f) {
			if holders[s] == nil {
				holders[s] = map[string]bool{}
			}
			holders[s][f.ID+"\x00"+f.Path+"\x00"+f.Address] = true
		}
	}
	found, answered := make([]*turn, len(list)), make([]*finding.Suggestion, len(list))
	parallel.Each(context.Background(), len(list), func(i int) {
		defer func() { _ = recover() }()                                    // suggest says what is wrong
		if list[i].Rule == "unused-permission" || list[i].IssueCode != "" { // which are proven otherwise
			return
		}
		q := p.question(list[i].Finding)
		if answered[i] = q.answer; q.answer != nil || slices.ContainsFunc(statements(q.finding), func(s statement) bool { return len(holders[s]) > 1 }) {
			return
		}
		for n := range q.attempts { // whole files, of every attempt for every finding, are too much
			q.attempts[n].edits, q.attempts[n].was = nil, nil
		}
		found[i] = &turn{wanted: i, finding: q.finding, at: q.at, attempts: q.attempts}
	})
	answers = map[int]finding.Suggestion{}
	for i, s := range answered {
		if s != nil {
			answers[i] = *s
		}
	}
	return slices.DeleteFunc(found, func(t *turn) bool { return t == nil }), answers
}

// taken is the attempt that was accepted, or else is to be tried.
func (t *turn) taken() *attempt {
	if t.accepted {
		return t.attempt
	}
	return &t.attempts[t.next]
}

// apart chooses turns of different resources whose changes lie apart in all files.
func apart(list []*turn) (chosen, later []*turn) {
	resources, regions, files := map[place]bool{}, map[string][][2]int{}, map[string][]byte{}
	for _, t := range list {
		a := t.taken()
		clash := resources[t.at]
		for n, f := range a.files {
			x := a.pieces[n]
			clash = clash || files[f.Name] != nil && !bytes.Equal(files[f.Name], f.Content) ||
				slices.ContainsFunc(regions[f.Name], func(r [2]int) bool { return x.start <= r[1] && r[0] <= x.end })
		}
		if clash {
			later = append(later, t)
			continue
		}
		resources[t.at] = true
		for n, f := range a.files {
			regions[f.Name], files[f.Name] = append(regions[f.Name], [2]int{a.pieces[n].start, a.pieces[n].end}), f.Content
		}
		chosen = append(chosen, t)
	}
	return chosen, later
}

// inOrder compares changes of one file that lie apart.
func inOrder(a, b piece) int { return a.start - b.start }

// tellsLine reports whether a finding names the line of a file in its words.
func tellsLine(f finding.Finding) bool {
	return slices.ContainsFunc(f.Notes, func(note string) bool { return strings.Contains(note, " line ") })
}

// united makes the changes of turns that lie apart.
func united(list []*turn) (edits, was workspace.Edits) {
	edits, was = workspace.Edits{}, workspace.Edits{}
	pieces := map[string][]piece{}
	for _, t := range list {
		a := t.taken()
		for n, f := range a.files {
			pieces[f.Name], was[f.Name] = append(pieces[f.Name], a.pieces[n]), f.Content
		}
	}
	for name, ps := range pieces {
		slices.SortFunc(ps, inOrder)
		var content []byte
		from := 0
		for _, x := range ps {
			content = append(append(content, was[name][from:x.start]...), x.text...)
			from = x.end
		}
		edits[name] = append(content, was[name][from:]...)
	}
	return edits, was
}

// changed reads the inputs with the changes of turns made, and returns the resources
// that are not what they were. ok is false where something else than the resources of
// the turns is: a resource is there that was not, or is gone, or there is a complaint.
func (p *Prover) changed(list []*turn) (next *Prover, l *scan.Loading, out map[place]Group, ok bool) {
	mine := map[place]bool{}
	for _, t := range list {
		mine[t.at] = true
	}
	next, l, again := p.with(united(list))
	out = map[place]Group{}
	for i := range l.Tasks {
		was, is := p.Now[i], stateOf(l, i, nil)
		if is.complains(was, l.Results[i].Diagnostics) != "" || len(is.Groups) != len(was.Groups) {
			return nil, nil, nil, false
		}
		old := was.byKey()
		for _, g := range is.Groups {
			at := place{i, g.Key}
			switch o := old[g.Key]; {
			case o == nil:
				return nil, nil, nil, false
			case isAsBefore(*o, g, again[i]):
			case !mine[at]:
				return nil, nil, nil, false
			default:
				out[at] = g
			}
		}
	}
	return next, l, out, true
}

// judged tries the changes of turns together, and returns those that it can say
// something of; each has its verdict.
func (p *Prover) judged(list []*turn, readings *int) []*turn {
	if len(list) == 0 || *readings == 0 {
		return nil
	}
	*readings--
	next, l, groups, ok := p.changed(list)
	if !ok && len(list) == 1 {
		return nil
	}
	if !ok {
		half := len(list) / 2
		return append(p.judged(list[:half], readings), p.judged(list[half:], readings)...)
	}
	var out []*turn
	for _, t := range list {
		if _, is := groups[t.at]; is {
			out = append(out, t)
		}
	}
	before := map[place]Group{}
	for i, s := range p.Now {
		for _, g := range s.Groups {
			before[place{i, g.Key}] = g
		}
	}
	beside := map[string][]piece{}
	for _, t := range list {
		for n, file := range t.taken().files {
			beside[file.Name] = append(beside[file.Name], t.taken().pieces[n])
		}
	}
	for _, list := range beside {
		slices.SortFunc(list, inOrder)
	}
	failed := make([]bool, len(out))
	parallel.Each(context.Background(), len(out), func(i int) {
		defer func() {
			if recover() != nil { // suggest says what is wrong
				failed[i] = true
			}
		}()
		t := out[i]
		g := groups[t.at]
		var v verdict
		v.refused = next.judge(p, l.Tasks[t.at.task], before[t.at], &g, []finding.Finding{t.finding}, &v)
		t.tried = tried{t.taken(), v, g, beside}
	})
	kept := out[:0]
	for i, t := range out {
		if !failed[i] {
			kept = append(kept, t)
		}
	}
	return kept
}

// independent shows that each change has the effect on its resource that was judged,
// and none on the others, whichever of the others are made: for any two of them, the
// inputs are read with the one and without the other. A change is text that refers to
// nothing but your account, so that no two of them have an effect that neither has.
func (p *Prover) independent(list []*turn, readings *int) bool {
	groups := separating(len(list))
	if *readings -= len(groups); *readings < 0 {
		return false
	}
	ok := make([]bool, len(groups))
	parallel.Each(context.Background(), len(groups), func(i int) {
		defer func() { _ = recover() }() // not shown, then
		var with []*turn
		for _, n := range groups[i] {
			with = append(with, list[n])
		}
		_, _, changed, fits := p.changed(with)
		ok[i] = fits && len(changed) == len(with) && !slices.ContainsFunc(with, func(t *turn) bool { return !alike(changed[t.at].Cases, t.group.Cases) })
	})
	return !slices.Contains(ok, false)
}

// separating are sets of numbers below n, as few as there can be, such that for any
// two numbers a set has the first and not the second: each number is in half of the
// sets, and no two are in the same ones.
//
// Sperner, Ein Satz über Untermengen einer endlichen Menge, 1928.
func separating(n int) [][]int {
	if n == 1 {
		return [][]int{{0}}
	}
	sets, ways := 0, 1
	for ways < n {
		sets++
		ways = 1 // choose half of the sets
		for i := range sets / 2 {
			ways = ways * (sets - i) / (i + 1)
		}
	}
	out := make([][]int, sets)
	half := make([]int, sets/2)
	for i := range half {
		half[i] = i
	}
	for number := range n {
		for _, s := range half {
			out[s] = append(out[s], number)
		}
		// The next combination in order.
		i := len(half) - 1
		for i >= 0 && half[i] == sets-len(half)+i {
			i--
		}
		if i < 0 {
			break
		}
		half[i]++
		for k := i + 1; k < len(half); k++ {
			half[k] = half[k-1] + 1
		}
	}
	return out
}
