package fix

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/repair"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/rules"
)

// What is true of every suggestion for a finding of a policy check.
const (
	tidied  = "checked again: the finding is gone and none is new"
	lesser  = "checked again: the finding is gone, and none that weighs as much is new"
	meaning = "; what the policy says changes with the word, and nobody from outside gets in by that"
	exactly = ", and the policy allows exactly what it did"
)

// tidy makes the mechanical change that a finding of a policy check asks for, and
// proves it by checking again and, where the policy is to mean the same, by comparing.
func (p *Prover) tidy(f finding.Finding) (finding.Suggestion, *Prover) {
	out := finding.Suggestion{Finding: f}
	fix, t, reason := p.mechanical(f)
	if reason != "" {
		out.Reason = reason
		return out, nil
	}
	c := repair.Candidate{Says: fix.Says}
	for _, e := range fix.Edits {
		edit := repair.Edit{At: e.At}
		switch e.Kind {
		case validate.TakeOut:
			edit.Kind = repair.Remove
		case validate.Respell:
			edit.Kind, edit.Values = repair.Respell, []repair.Value{{Text: e.Old}, {Text: e.New}}
		case validate.Date:
			edit.Kind = repair.Date
		}
		c.Edits = append(c.Edits, edit)
	}
	a, err := p.written(t, c)
	if err != nil {
		out.Reason = "it cannot be written: " + err.Error()
		return out, nil
	}
	next, revealed, reason := p.checkedAgain(f, fix, a, &out.Reveals)
	if reason != "" {
		out.Reveals, out.Reason = nil, fmt.Sprintf("the change %s, but %s", c.Says, reason)
		return out, nil
	}
	out.Does, out.Proven = c.Says, tidied
	if revealed != "" {
		out.Proven = lesser
	}
	if fix.Same {
		out.Proven += exactly
	} else {
		out.Proven += meaning
	}
	for _, file := range a.files {
		out.Changes = append(out.Changes, changeOf(file, a.edits[file.Name]))
	}
	slices.SortFunc(out.Changes, func(a, b finding.Change) int { return strings.Compare(a.Path, b.Path) })
	return out, next
}

// mechanical finds the finding as it is now, and the change that it asks for.
func (p *Prover) mechanical(f finding.Finding) (validate.Fix, scan.Task, string) {
	for i, s := range p.Now {
		for _, g := range s.Groups {
			if g.Key[0] != f.Path || g.Key[1] != f.Address {
				continue
			}
			for _, r := range g.Cases {
				if rules.IsSensitive(r) {
					return validate.Fix{}, scan.Task{}, "the policy is a secret, or beside one"
				}
				for _, d := range r.Documents {
					for _, found := range rules.CheckPolicy(r, d) {
						if found.Code != f.IssueCode || found.Details != f.Message {
							continue
						}
						if p.isPlan(p.raw.Tasks[i]) {
							return validate.Fix{}, scan.Task{}, "it is in a plan, which is not what is edited"
						}
						if fix, ok := validate.FixOf(d.Policy.Tree, found); ok {
							return fix, p.raw.Tasks[i], ""
						}
						return validate.Fix{}, scan.Task{}, "what is meant, only its author knows"
					}
				}
			}
		}
	}
	return validate.Fix{}, scan.Task{}, "the policy is not what it was"
}

// checkedAgain reads the code again with the edits, and says what is wrong with them,
// and what lesser finding there is then. Those that the level shows go into reveals.
func (p *Prover) checkedAgain(f finding.Finding, fix validate.Fix, a attempt, reveals *[]finding.Finding) (_ *Prover, revealed, reason string) {
	next, l, again := p.with(a.edits, a.was)
	settled := false
	for i := range l.Tasks {
		was, is := p.Now[i], stateOf(l, i, nil)
		if refused := is.complains(was, l.Results[i].Diagnostics); refused != "" {
			return nil, "", refused
		}
		old := was.byKey()
		for n := range is.Groups {
			g := &is.Groups[n]
			o := old[g.Key]
			delete(old, g.Key)
			switch {
			case o == nil:
				return nil, "", g.Key[1] + " would be a resource of its own"
			case !again[i] && sameDocuments(o.Cases, g.Cases), alike(undescribed(o.Cases), undescribed(g.Cases)):
				g.analysed, g.stale = o.analysed, o.stale || again[i]
				continue
			}
			gone, more, reason := cleaner(f, fix, o.Cases, g.Cases)
			if reason != "" {
				return nil, "", reason
			}
			settled, revealed = settled || gone, cmp.Or(revealed, more)
			for k, d := range l.Tasks[i].Deployments {
				x := l.Tasks[i].Guarded(g.Cases, d)
				g.analysed = append(g.analysed, x)
				if opened := opens(o.analysed[k], x); opened != "" {
					return nil, "", "it would open access: " + opened
				}
				for _, other := range x.Findings {
					if other.IssueCode != "" && !slices.ContainsFunc(o.analysed[k].Findings, func(o finding.Finding) bool { return o.ID == other.ID }) {
						*reveals = append(*reveals, other)
					}
				}
			}
		}
		for _, o := range was.Groups {
			if old[o.Key] != nil {
				return nil, "", o.Key[1] + " would be gone"
			}
		}
		next.Now[i] = is
	}
	if !settled {
		return nil, "", "the finding would stay"
	}
	return next, revealed, ""
}

// opens is what a resource grants to strangers that it did not.
func opens(before, after scan.Analysed) string {
	for _, f := range after.Findings {
		if f.IssueCode == "" && !slices.ContainsFunc(before.Findings, func(o finding.Finding) bool {
			return o.ID == f.ID && o.Rule == f.Rule && (o.Certainty == f.Certainty) && contained(f.Action, o.Action)
		}) {
			return f.Message
		}
	}
	return ""
}

func contained(list, of []string) bool {
	return !slices.ContainsFunc(list, func(s string) bool { return !slices.Contains(of, s) })
}

// weights are AWS's types of findings, from the least.
var weights = []validate.FindingType{validate.Suggestion, validate.Warning, validate.SecurityWarning, validate.Error}

// cleaner compares the findings of all checks of a resource before and after, and,
// if they are to mean the same, its policies. gone is set if the finding is; revealed
// is a lesser one that is new.
func cleaner(f finding.Finding, fix validate.Fix, before, after []resource.Resource) (gone bool, revealed, reason string) {
	const form = "the policy would not be one of the same form"
	if len(before) != len(after) {
		return false, "", form
	}
	type said struct{ code, details string }
	target := said{f.IssueCode, f.Message}
	for i := range after {
		if len(before[i].Documents) != len(after[i].Documents) {
			return false, "", form
		}
		for k, d := range after[i].Documents {
			was := before[i].Documents[k]
			count := map[said]int{}
			for _, c := range rules.CheckPolicy(before[i], was) {
				count[said{c.Code, c.Details}]++
			}
			for _, c := range rules.CheckPolicy(after[i], d) {
				key := said{c.Code, c.Details}
				if count[key]--; count[key] >= 0 {
					continue
				}
				if slices.Index(weights, c.Type) >= slices.Index(weights, validate.FindingType(f.FindingType)) {
					return false, "", "another finding would be there: " + c.Details
				}
				revealed = c.Details
			}
			gone = gone || count[target] > 0
			if fix.Same && !same(before[i].IdentityPolicy, was.Policy, d.Policy) {
				return false, "", "it is not proven that the policy would allow exactly what it does"
			}
		}
	}
	return gone, revealed, ""
}

// same proves that two policies allow the same.
func same(identity bool, a, b *policy.Document) bool {
	if a == nil || b == nil {
		return a == b
	}
	terms := func(d *policy.Document) access.Terms {
		return access.Terms{Policies: []*policy.Document{d}, Identity: identity}
	}
	return access.NoNewAccess(terms(a), terms(b)).Pass && access.NoNewAccess(terms(b), terms(a)).Pass
}
