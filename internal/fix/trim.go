package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/repair"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/spelling"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/rules"
)

// trimmed is what is true of every suggestion for unused permissions.
const trimmed = "analysed again: nothing is allowed that was not, all that is used or may be is allowed still, and no other policy changes"

// held is where a statement is.
type held struct {
	task, group int
	document    *policy.Document
	statement   policy.Statement
}

// trim takes out of a statement what nobody uses. Whoever has the policy loses it, so
// that no analysis of access from outside tells whether it will do: the policy is
// compared with what it was, and with what is used of it.
func (p *Prover) trim(f finding.Finding) (finding.Suggestion, *Prover) {
	out := finding.Suggestion{Finding: f}
	if f.Narrowed == nil {
		out.Reason = f.Broad
		return out, nil
	}
	at, reason := p.statement(f)
	if reason != "" {
		out.Reason = reason
		return out, nil
	}
	t := p.raw.Tasks[at.task]
	if p.isPlan(t) {
		out.Reason = "it is in a plan, which is not what is edited"
		return out, nil
	}
	c := trimming(f, at.statement)
	a, err := p.written(t, c)
	if err != nil {
		out.Reason = "it cannot be written: " + err.Error()
		return out, nil
	}
	next, reason := p.trimmed(f, at, a)
	if reason != "" {
		out.Reason = fmt.Sprintf("the change %s, but %s", c.Says, reason)
		return out, nil
	}
	out.Does, out.Proven = c.Says, trimmed
	for _, file := range a.files {
		out.Changes = append(out.Changes, changeOf(file, a.edits[file.Name]))
	}
	slices.SortFunc(out.Changes, func(a, b finding.Change) int { return strings.Compare(a.Path, b.Path) })
	return out, next
}

// statement finds the statement of a finding as it is now.
func (p *Prover) statement(f finding.Finding) (held, string) {
	for i, s := range p.Now {
		for n := range s.Groups {
			g := &s.Groups[n]
			if g.Key[0] != f.Path || g.Key[1] != f.Address || !g.Cases[0].IdentityPolicy {
				continue
			}
			if len(g.Cases) > 1 {
				return held{}, "the policy has several forms, as conditions decide"
			}
			if rules.IsSensitive(g.Cases[0]) {
				return held{}, "the policy is beside a value that is a secret"
			}
			var found []held
			for _, d := range g.Cases[0].Documents {
				if d.Policy == nil {
					continue
				}
				for _, st := range d.Policy.Statements {
					if st.Sid == f.Statements[0].Sid && samePatterns(st, f.Narrowed) {
						found = append(found, held{i, n, d.Policy, st})
					}
				}
			}
			if exact := slices.IndexFunc(found, func(h held) bool { return h.statement.Index == f.Statements[0].Index }); exact >= 0 {
				return found[exact], ""
			}
			if len(found) == 1 {
				return found[0], ""
			}
		}
	}
	return held{}, "the statement is not what it was"
}

func samePatterns(s policy.Statement, list []finding.Narrowed) bool {
	return slices.EqualFunc(s.Action.List, list, func(p policy.Pattern, n finding.Narrowed) bool { return p.Text.String() == n.Pattern })
}

// trimming are the edits that narrow a statement.
func trimming(f finding.Finding, s policy.Statement) repair.Candidate {
	where := fmt.Sprintf("statement %q of %s", s.Sid, f.Address)
	if s.Sid == "" {
		where = fmt.Sprintf("statement %d of %s", s.Index+1, f.Address)
	}
	var edits []repair.Edit
	left, gone, narrower := 0, 0, 0
	for i, n := range f.Narrowed {
		switch p := s.Action.List[i]; {
		case len(n.To) == 0:
			gone++
			edits = append(edits, repair.Edit{Kind: repair.Remove, At: p.Span})
		case len(n.To) == 1 && n.To[0] == n.Pattern:
			left++
		default:
			left, narrower = left+1, narrower+1
			e := repair.Edit{Kind: repair.Narrow, At: p.Span}
			for _, to := range n.To {
				e.Values = append(e.Values, repair.Value{Text: to})
			}
			edits = append(edits, e)
		}
	}
	if left == 0 {
		return repair.Candidate{Edits: []repair.Edit{{Kind: repair.Withdraw, At: s.Span}}, Says: "takes out " + where}
	}
	var does []string
	if gone > 0 {
		does = append(does, fmt.Sprintf("takes %s out of %s", spelling.Count(gone, "action"), where))
	}
	if narrower > 0 {
		does = append(does, fmt.Sprintf("narrows %s of %s to what is used or may be", spelling.Count(narrower, "pattern"), where))
	}
	return repair.Candidate{Edits: edits, Says: strings.Join(does, " and ")}
}

// trimmed reads the code again with the edits, and says what is wrong with them.
func (p *Prover) trimmed(f finding.Finding, at held, a attempt) (*Prover, string) {
	next, l, again := p.with(a.edits, a.was)
	key := p.Now[at.task].Groups[at.group].Key
	for i := range l.Tasks {
		was, is := p.Now[i], stateOf(l, i, nil)
		if refused := is.complains(was, l.Results[i].Diagnostics); refused != "" {
			return nil, refused
		}
		old := was.byKey()
		for n := range is.Groups {
			g := &is.Groups[n]
			o := old[g.Key]
			delete(old, g.Key)
			switch {
			case o == nil:
				return nil, g.Key[1] + " would be a resource of its own"
			case !again[i] && sameDocuments(o.Cases, g.Cases), alike(undescribed(o.Cases), undescribed(g.Cases)):
				g.analysed, g.stale = o.analysed, o.stale || again[i]
				continue
			case i != at.task || g.Key != key:
				return nil, g.Key[1] + " would change as well, which shares the statement"
			}
			if reason := narrower(f, at, o.Cases[0], g.Cases); reason != "" {
				return nil, reason
			}
			for _, d := range l.Tasks[i].Deployments {
				g.analysed = append(g.analysed, l.Tasks[i].Guarded(g.Cases, d))
			}
		}
		for _, o := range was.Groups {
			if old[o.Key] == nil {
				continue
			}
			if i != at.task || o.Key != key || !wholly(f, o.Cases[0]) {
				return nil, o.Key[1] + " would be gone"
			}
		}
		next.Now[i] = is
	}
	return next, ""
}

// undescribed are cases without what their block says besides: a role's has its inline
// policies in it, which are resources of their own.
func undescribed(cases []resource.Resource) []resource.Resource {
	out := slices.Clone(cases)
	for i := range out {
		out[i].Properties = value.Value{}
	}
	return out
}

// wholly reports whether a policy is nothing but a statement that goes.
func wholly(f finding.Finding, r resource.Resource) bool {
	n := 0
	for _, d := range r.Documents {
		if d.Policy != nil {
			n += len(d.Policy.Statements)
		}
	}
	return n == 1 && !slices.ContainsFunc(f.Narrowed, func(n finding.Narrowed) bool { return len(n.To) > 0 })
}

// narrower proves that a policy allows no more than it did, and all that is to be left.
func narrower(f finding.Finding, at held, before resource.Resource, after []resource.Resource) string {
	if len(after) != 1 || len(after[0].Documents) != len(before.Documents) {
		return "the policy would not be one of the same form"
	}
	for i, d := range after[0].Documents {
		was := before.Documents[i].Policy
		if d.Policy == nil || was == nil {
			if d.Policy != was {
				return "the policy would not be one of the same form"
			}
			continue
		}
		if was != at.document {
			if !alike([]resource.Resource{{Documents: []resource.Document{d}}}, []resource.Resource{{Documents: before.Documents[i : i+1]}}) {
				return "another document of the policy would change"
			}
			continue
		}
		terms := func(d *policy.Document) access.Terms {
			return access.Terms{Policies: []*policy.Document{d}, Identity: true}
		}
		if v := access.NoNewAccess(terms(d.Policy), terms(was)); !v.Pass {
			return "it is not proven that nothing is allowed which was not"
		}
		if v := access.NoNewAccess(terms(keeping(was, at.statement, f.Narrowed)), terms(d.Policy)); !v.Pass {
			return "it is not proven that all is allowed which is used or may be"
		}
	}
	return ""
}

// keeping is a policy with nothing of a statement but what has to be left of it, each
// action by its name.
func keeping(d *policy.Document, s policy.Statement, list []finding.Narrowed) *policy.Document {
	out := *d
	out.Statements = nil
	for _, st := range d.Statements {
		if st.Index == s.Index {
			var kept []policy.Pattern
			for i, n := range list {
				for _, name := range n.Keep {
					p := policy.Pattern{Text: value.Lit(name), Maybe: st.Action.List[i].Maybe}
					if name == n.Pattern {
						p.Text = st.Action.List[i].Text
					}
					kept = append(kept, p)
				}
			}
			if kept == nil {
				continue
			}
			st.Action.List = kept
		}
		out.Statements = append(out.Statements, st)
	}
	return &out
}
