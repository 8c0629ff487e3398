package rules

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/resource"
)

// Difference is the access of a pair that is on one side only.
type Difference struct {
	Gained, Lost []finding.Finding // each with a request that the other side refuses
	// Exact is set where both sides could be compared as sets of requests. Else
	// their findings have to tell.
	Exact bool
	Text  bool // the policies of the two are not the same text
}

// Compare computes the difference of a pair. Resources without findings on
// either side grant nothing to the outside, so that there is none.
func Compare(p Pair, o Options) Difference {
	if p.Before == nil || p.After == nil || p.Before.Cases == nil || p.After.Cases == nil {
		return Difference{}
	}
	if len(p.Before.Findings)+len(p.After.Findings) == 0 {
		return Difference{Exact: true}
	}
	out := Difference{Exact: true, Text: !slices.Equal(policyText(p.Before.Cases), policyText(p.After.Cases))}
	if len(p.Before.Cases) != len(p.After.Cases) {
		return Difference{Text: true}
	}
	before := slices.Clone(p.Before.Cases)
	for _, r := range p.After.Cases {
		i := slices.IndexFunc(before, func(b resource.Resource) bool { return slices.Equal(b.When, r.When) })
		if i < 0 {
			return Difference{Text: true}
		}
		b := renamed(before[i], r)
		before = slices.Delete(before, i, i+1)
		d := access.CompareWithin(b, r, p.After.Zone, cmp.Or(o.Effort, access.FullEffort))
		if !d.Exact {
			return Difference{Text: out.Text}
		}
		out.Gained = append(out.Gained, written(r, p.After, d.Gained, o)...)
		out.Lost = append(out.Lost, written(b, p.Before, d.Lost, o)...)
	}
	return out
}

// written puts the grants of a result into words.
func written(r resource.Resource, s *State, result access.Result, o Options) []finding.Finding {
	w := writer{resource: r, zone: s.Zone, result: result, arn: result.ARN, hidden: IsSensitive(r)}
	var out []finding.Finding
	for _, g := range result.Grants {
		out = append(out, w.grant(g))
	}
	for _, g := range result.Services {
		out = append(out, w.service(g))
	}
	return out
}

// Settled is a pair with what changed.
type Settled struct {
	Pair
	Findings []finding.Finding // those of After, with Change and Wider set
	Removed  []finding.Finding // access that is gone
	Changes  []finding.Difference
	// Inexact is set where the policies say something else now, and whether they
	// grant more could not be computed: what they grant counts as wider then.
	Inexact bool
}

// Settle says of every finding of a pair what became of it.
func Settle(p Pair, d Difference) Settled {
	both := p.Before != nil && p.After != nil
	s := settler{difference: d, inexact: both && d.Text && !d.Exact}
	var ownBefore, ownAfter []finding.Finding
	if p.Before != nil {
		s.before, ownBefore = split(p.Before.Findings)
	}
	if p.After != nil {
		s.after, ownAfter = split(p.After.Findings)
	}
	s.partner, s.same, s.merged = make([]int, len(s.after)), make([]bool, len(s.before)), make([]bool, len(s.before))
	for i, f := range s.after {
		s.partner[i] = s.sameAs(f)
		if s.partner[i] >= 0 {
			s.same[s.partner[i]] = true
		}
	}
	s.gains, s.spareGains = assign(s.after, d.Gained)
	s.losses, s.spareLosses = assign(s.before, d.Lost)
	out := Settled{Pair: p}
	for i, f := range s.after {
		change, difference := s.settle(i, f)
		f.Change = &change
		f.Wider = s.gained(i) != nil
		out.Findings = append(out.Findings, f)
		if difference != nil {
			difference.Finding = f
			out.Changes = append(out.Changes, *difference)
		}
	}
	for _, g := range s.spareGains {
		change := finding.New
		g.Change, g.Wider = &change, true
		out.Changes = append(out.Changes, finding.Difference{Kind: kindOf(g), Finding: g, Wider: true, Added: g.Action, Gained: []finding.Finding{g}})
	}
	type loss struct {
		finding finding.Finding
		parts   []finding.Finding
	}
	var gone []loss
	for _, l := range s.spareLosses {
		gone = append(gone, loss{l, []finding.Finding{l}})
	}
	for j, f := range s.before {
		if s.same[j] || s.lost(j) == nil {
			continue // nothing is gone
		}
		if s.merged[j] {
			out.Removed = append(out.Removed, removed(f)) // and shown as a change of what it turned into
			continue
		}
		gone = append(gone, loss{f, s.lost(j)})
	}
	for _, l := range gone {
		f := removed(l.finding)
		out.Removed = append(out.Removed, f)
		out.Changes = append(out.Changes, finding.Difference{Kind: finding.Withdrawn, Finding: f, Removed: f.Action, Lost: l.parts})
	}
	settleOwn(&out, ownBefore, ownAfter)
	out.Inexact = s.inexact && len(s.after) > 0
	if both && d.Text {
		before, after := PolicyText(p.Before.Cases), PolicyText(p.After.Cases)
		for i := range out.Changes {
			out.Changes[i].PolicyBefore, out.Changes[i].PolicyAfter = before, after
		}
	}
	return out
}

func removed(f finding.Finding) finding.Finding {
	change := finding.Removed
	f.Change = &change
	return f
}

type settler struct {
	difference              Difference
	inexact                 bool // no sets tell what the policies grant more than before
	before, after           []finding.Finding
	partner                 []int  // for each of after, the one of before that it was; -1
	same                    []bool // for each of before, whether it still is
	merged                  []bool // for each of before, whether it turned into another
	gains, losses           [][]finding.Finding
	spareGains, spareLosses []finding.Finding
}

// sameAs returns the finding of before that lets the same in on the same terms.
func (s *settler) sameAs(f finding.Finding) int {
	found := -1
	for j, b := range s.before {
		if s.same[j] || !sameAccess(b, f) {
			continue
		}
		if b.Certainty == f.Certainty {
			return j
		}
		if found < 0 {
			found = j
		}
	}
	return found
}

func sameAccess(a, b finding.Finding) bool {
	return maps.Equal(a.Principal, b.Principal) && maps.Equal(a.Condition, b.Condition) && slices.EqualFunc(a.Sources, b.Sources, sameSource)
}

// assign gives each part of a difference to the finding that it is a part of:
// the one on the same terms, else the first that covers them.
func assign(findings, parts []finding.Finding) (of [][]finding.Finding, spare []finding.Finding) {
	of = make([][]finding.Finding, len(findings))
	for _, g := range parts {
		if isService(g) {
			for i, f := range findings {
				if maps.Equal(f.Principal, g.Principal) && shares(f.Action, g.Action) {
					of[i] = append(of[i], g)
					break
				}
			}
			continue // of services that nothing is said of, as everyone gets in
		}
		at := -1
		for i, f := range findings {
			if !shares(f.Action, g.Action) || isService(f) || f.Certainty != g.Certainty && g.Certainty == finding.Proven {
				continue
			}
			if sameAccess(f, g) {
				at = i
				break
			}
			if at < 0 && coversPrincipal(f.Principal, g.Principal) && isSubset(f.Condition, g.Condition) {
				at = i
			}
		}
		if at < 0 {
			spare = append(spare, g)
			continue
		}
		of[at] = append(of[at], g)
	}
	return of, spare
}

func isService(f finding.Finding) bool { return f.Principal["Service"] != "" }

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// gained is what the i-th finding of after has that was not there, nil for
// nothing.
func (s *settler) gained(i int) []finding.Finding {
	more := s.gains[i]
	if !s.difference.Exact {
		more = beyond(s.after[i], s.before)
	}
	if more == nil && (s.inexact && !s.difference.Exact || s.mayBeAlone(i)) {
		all := s.after[i]
		all.Witness = nil // it may be nothing new
		more = []finding.Finding{all}
	}
	return more
}

// mayBeAlone reports whether the i-th finding of after, which is not proven, may be
// there where none of before was that covers it: those depend on other values.
func (s *settler) mayBeAlone(i int) bool {
	f := s.after[i]
	if s.partner[i] >= 0 || f.Certainty != finding.NotProven {
		return false
	}
	var sure []finding.Finding
	for _, b := range s.before {
		if b.Certainty == finding.Proven || len(without(b.Needs, f.Needs)) == 0 {
			sure = append(sure, b)
		}
	}
	return beyond(f, sure) != nil && beyond(f, s.before) == nil
}

// lost is what the j-th finding of before had that is gone.
func (s *settler) lost(j int) []finding.Finding {
	if s.difference.Exact {
		return s.losses[j]
	}
	return beyond(s.before[j], s.after)
}

// beyond is the part of a finding that no one of a list covers: its actions that
// none of them has on terms as wide. It is nil if there is none.
func beyond(f finding.Finding, list []finding.Finding) []finding.Finding {
	left := f
	left.Action = nil
	for _, action := range f.Action {
		one := f
		one.Action = []string{action}
		if !slices.ContainsFunc(list, func(b finding.Finding) bool { return covers(b, one) }) {
			left.Action = append(left.Action, action)
		}
	}
	if len(left.Action) == 0 {
		return nil
	}
	if f.Witness != nil && !slices.Contains(left.Action, f.Witness.Action) {
		left.Witness = nil // it shows another part
	}
	return []finding.Finding{left}
}

// settle says what became of the i-th finding of after, and how it is shown.
func (s *settler) settle(i int, f finding.Finding) (finding.ChangeKind, *finding.Difference) {
	gained := s.gained(i)
	d := &finding.Difference{Kind: kindOf(f), Wider: gained != nil, Inexact: s.inexact, Gained: gained}
	j := s.partner[i]
	if j < 0 {
		if j = s.turnedInto(f); j >= 0 {
			s.merged[j] = true
		}
	}
	if j < 0 {
		if gained == nil {
			return finding.Changed, nil // a part of what was there
		}
		d.Added = f.Action
		return finding.New, d
	}
	before := s.before[j]
	d.Before, d.Lost = &before, s.lost(j)
	d.Added, d.Removed = without(f.Action, before.Action), without(before.Action, f.Action)
	switch {
	case isArchived(f) && !isArchived(before):
		return changeOf(s.partner[i] < 0 && gained != nil), d // kind says so
	case isArchived(f):
		d.Kind = finding.Altered
	case f.Certainty == finding.NotProven && before.Certainty == finding.Proven, f.Certainty == finding.NotProven && gained != nil:
	default:
		d.Kind = finding.Altered
	}
	reactivated := isArchived(before) && !isArchived(f)
	if gained == nil && d.Lost == nil && f.Certainty == before.Certainty && !reactivated && (s.partner[i] >= 0 || len(d.Added)+len(d.Removed) == 0) {
		if s.partner[i] < 0 {
			return finding.Changed, nil
		}
		return finding.Unchanged, nil
	}
	return changeOf(s.partner[i] < 0 && gained != nil), d
}

func changeOf(isNew bool) finding.ChangeKind {
	if isNew {
		return finding.New
	}
	return finding.Changed
}

// turnedInto returns the finding of before that another one took the place of:
// the principal or the condition is wider or narrower, for some of the same
// actions.
func (s *settler) turnedInto(f finding.Finding) int {
	for j, b := range s.before {
		if s.same[j] || s.merged[j] || !shares(b.Action, f.Action) || !slices.EqualFunc(b.Sources, f.Sources, sameSource) || isService(b) != isService(f) {
			continue
		}
		wider := coversPrincipal(f.Principal, b.Principal) && isSubset(f.Condition, b.Condition)
		narrower := coversPrincipal(b.Principal, f.Principal) && isSubset(b.Condition, f.Condition)
		if wider || narrower {
			return j
		}
	}
	return -1
}

func kindOf(f finding.Finding) finding.DifferenceKind {
	switch {
	case isArchived(f):
		return finding.NewlyArchived
	case f.Certainty == finding.NotProven:
		return finding.NewlyUndetermined
	}
	return finding.Granted
}

func isArchived(f finding.Finding) bool { return f.Status == finding.Archived }

func without(a, b []string) []string {
	out := []string{}
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

// flat writes a map in the order of its keys.
func flat(m map[string]string) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(m)) {
		b.WriteString(join(k, m[k], ""))
	}
	return b.String()
}

func sourcesOf(f finding.Finding) string {
	var b strings.Builder
	for _, s := range f.Sources {
		b.WriteString(join(s.Type, ""))
		if s.Detail != nil {
			b.WriteString(join(s.Detail.AccessPointARN, s.Detail.AccessPointAccount, ""))
		}
	}
	return b.String()
}

// covers reports whether all the access of b is in a. It may be false although
// it is.
func covers(a, b finding.Finding) bool {
	return coversPrincipal(a.Principal, b.Principal) && slices.EqualFunc(a.Sources, b.Sources, sameSource) &&
		(a.Certainty == finding.Proven || b.Certainty != finding.Proven) && (a.IsPublic || !b.IsPublic) &&
		isSubset(a.Condition, b.Condition) && !slices.ContainsFunc(b.Action, func(action string) bool { return !slices.Contains(a.Action, action) })
}

// IsPart reports whether a piece of lost access is of a finding: whom it lets in,
// on the same terms or narrower ones, to do nothing else. What a service may do for
// others is told by the service alone.
func IsPart(f, piece finding.Finding) bool {
	if isService(f) {
		return maps.Equal(f.Principal, piece.Principal) && len(without(piece.Action, f.Action)) == 0
	}
	piece.Certainty, piece.IsPublic = f.Certainty, f.IsPublic
	return covers(f, piece)
}

func coversPrincipal(a, b map[string]string) bool {
	if maps.Equal(a, b) {
		return true
	}
	for key, name := range a {
		if name != "*" || key != "AWS" && key != "Service" {
			return false
		}
		for other := range b {
			if other != key && !(key == "AWS" && other == "CanonicalUser") {
				return false
			}
		}
	}
	return len(a) > 0 && len(b) > 0
}

func sameSource(a, b finding.Source) bool {
	if a.Detail == nil || b.Detail == nil {
		return a.Type == b.Type && a.Detail == b.Detail
	}
	return a.Type == b.Type && *a.Detail == *b.Detail
}

func isSubset(a, b map[string]string) bool {
	for k, v := range a {
		if w, ok := b[k]; !ok || w != v {
			return false
		}
	}
	return true
}
