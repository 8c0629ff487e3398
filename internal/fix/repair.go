package fix

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/repair"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/fix/rewrite"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders"
	"github.com/iaclint/iaclint/rules"
)

// attempt is a candidate as it is written.
type attempt struct {
	repair.Candidate
	edits  workspace.Edits
	was    workspace.Edits
	files  []*source.File // that are edited
	pieces []piece        // what changes in each of them
	size   int            // of the text that changes
	kind   string         // what it changes, but for the values that it writes

	inCall bool // it changes nothing but the call of the module that grants
}

// piece is the part of a file that changes, and what is in its place.
type piece struct {
	start, end int
	text       string
}

// isLike reports whether two attempts are the same in other words.
func (a *attempt) isLike(b *attempt) bool { return a.kind != "" && a.kind == b.kind }

// internalError begins the reason of a suggestion that a bug of ours prevents.
const internalError = "internal error: "

// suggest looks for the smallest change that closes the access of a finding and
// changes nothing else, proven by analysing again.
func (p *Prover) suggest(f finding.Finding) (out finding.Suggestion, next *Prover) {
	defer func() {
		if bug := recover(); bug != nil { // of ours: the others still get theirs
			out, next = finding.Suggestion{Finding: f, Reason: internalError + fmt.Sprint(bug)}, nil
		}
	}()
	if f.Rule == "unused-permission" {
		return p.trim(f)
	}
	if f.IssueCode != "" {
		return p.tidy(f)
	}
	q := p.question(f)
	if q.answer != nil {
		return *q.answer, nil
	}
	closing, reason := []finding.Finding{q.finding}, q.reason
	best, accepted := p.first(q.attempts, closing, &reason)
	for _, all := range []bool{false, true} { // what has to be closed with it
		if accepted != nil {
			break
		}
		if others := p.siblings(q.finding, all); len(others) > 0 && len(others) != len(closing)-1 {
			alone := reason
			closing = append([]finding.Finding{q.finding}, others...)
			if best, accepted = p.first(q.attempts, closing, &reason); accepted == nil {
				reason = alone
			}
		}
	}
	if accepted == nil {
		return finding.Suggestion{Finding: f, Reason: reason}, nil
	}
	return suggestionOf(f, best, accepted, closing[1:]), accepted.next
}

// question is a finding for which changes can be tried.
type question struct {
	finding  finding.Finding     // as it is now
	at       place               // of its resource
	attempts []attempt           // not empty, unless there is an answer
	reason   string              // why no other could be written
	answer   *finding.Suggestion // where none is tried
}

// question looks for the changes that could close a finding.
func (p *Prover) question(f finding.Finding) question {
	answer := func(reason string) question { return question{answer: &finding.Suggestion{Finding: f, Reason: reason}} }
	if strings.HasPrefix(f.Rule, "unused-") {
		return answer("it is about what is used, not about who gets in: no analysis of access proves a change")
	}
	t, x, now, at := p.of(f)
	if x == nil {
		return answer("nothing is known of the access that it is about, as of a finding of an own rule")
	}
	if p.isPlan(t) {
		s := p.besidePlan(t, f)
		return question{answer: &s}
	}
	if spared := p.intent().Spares(t.In, *x, now); spared != "" && spared != scan.Recorded {
		return answer("its access is intended: " + spared)
	}
	attempts, reason := p.attempts(t, *x, now)
	if len(attempts) == 0 {
		return answer(reason)
	}
	return question{finding: now, at: at, attempts: attempts, reason: reason}
}

// suggestionOf is an attempt that was accepted, as it is told.
func suggestionOf(f finding.Finding, best *attempt, accepted *verdict, closes []finding.Finding) finding.Suggestion {
	out := finding.Suggestion{Finding: f, Does: best.Says, Closes: closes, Reveals: accepted.reveals, Proven: proven + kept, Loses: best.Loses}
	if best.Loses != "" {
		out.Proven = proven + named
	}
	if r := accepted.service; r != nil {
		if out.Loses != "" {
			out.Loses += "; "
		}
		out.Loses += fmt.Sprintf("services that act for the zone of trust lose what was open to everyone, for example %s to %s", callerOf(r), r.Action)
	}
	for _, file := range best.files {
		out.Changes = append(out.Changes, changeOf(file, best.edits[file.Name]))
	}
	slices.SortFunc(out.Changes, func(a, b finding.Change) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// isPlan reports whether an input is a plan, which nobody edits.
func (p *Prover) isPlan(t scan.Task) bool {
	for i := range p.raw.Tasks {
		if p.raw.Tasks[i].In == t.In {
			return p.raw.Stacks[i].Compared
		}
	}
	return false
}

// besidePlan suggests a change of the configuration that a plan was made from,
// if that is at hand and has the finding when it is analysed by itself: what the
// plan knows of it would stay as it is, whatever the configuration says.
func (p *Prover) besidePlan(t scan.Task, f finding.Finding) finding.Suggestion {
	out := finding.Suggestion{Finding: f, Reason: "it is in a plan, which is not what is edited; the configuration is not beside it, nor given by --source-root"}
	module, ok := t.In.Source(p.source)
	if !ok {
		return out
	}
	of := t
	of.In, of.Opened = &module, nil
	beside, _ := proverOf([]scan.Task{of}, p.options, p.source)
	for _, g := range beside.findings() {
		if g.Address != f.Address || g.ResourceType != f.ResourceType || g.IsPublic != f.IsPublic || !maps.Equal(g.Principal, f.Principal) || !maps.Equal(g.Condition, f.Condition) {
			continue
		}
		found, _ := beside.suggest(g)
		found.Finding = f
		return found
	}
	out.Reason = "it is in a plan, and its configuration, analysed by itself, does not have the finding: analyse that with the values of its variables"
	return out
}

// findings are all that a prover knows.
func (p *Prover) findings() []finding.Finding {
	var out []finding.Finding
	for _, s := range p.Now {
		for _, g := range s.Groups {
			for _, x := range g.analysed {
				out = append(out, x.Findings...)
			}
		}
	}
	return out
}

// What is true of every suggestion: that it is shown depends on it.
const (
	proven = "analysed again: this access is gone, no other from outside is gained or lost, and "
	kept   = "callers inside the zone of trust keep all they had"
	named  = "what is left is for all callers inside the zone of trust"
)

// first returns the first attempt that loses nothing, else, of those that take
// something from services or lose something in words, one that loses least.
func (p *Prover) first(attempts []attempt, closing []finding.Finding, reason *string) (*attempt, *verdict) {
	var second *attempt
	var judged *verdict
	why := ""
	for i := range attempts {
		a := &attempts[i]
		if second != nil && a.isLike(second) {
			continue
		}
		if i >= maxTries {
			why = "the number of analyses that a proof may take is used up"
			break
		}
		v := p.try(a.edits, a.was, closing)
		switch {
		case v.refused != "":
			if why == "" {
				why = refusal(a, v.refused)
			}
		case v.service == nil && a.Loses == "":
			return a, &v
		case second == nil, v.next.losesLess(judged.next):
			second, judged = a, &v
		}
	}
	if second == nil && why != "" {
		*reason = why
	}
	return second, judged
}

// refusal is why a finding has no suggestion whose first attempt was refused.
func refusal(a *attempt, why string) string {
	return fmt.Sprintf("the smallest change %s, but %s", a.Says, why)
}

// losesLess reports whether callers inside the zone, and services that act for it,
// keep all that they keep in another state, and more.
func (p *Prover) losesLess(other *Prover) bool {
	less := false
	for i := range p.Now {
		theirs := other.Now[i].byKey()
		for _, g := range p.Now[i].Groups {
			o, ok := theirs[g.Key]
			if !ok || len(o.Cases) != len(g.Cases) || alike(o.Cases, g.Cases) {
				continue
			}
			more, exact := keepsMore(p.raw.Tasks[i].Deployments, g, *o)
			if !exact {
				return false
			}
			less = less || more
		}
	}
	return less
}

// losesLess is the same of one resource.
func losesLess(deployments []config.Deployment, mine, theirs Group) bool {
	if len(mine.Cases) != len(theirs.Cases) {
		return false
	}
	more, exact := keepsMore(deployments, mine, theirs)
	return more && exact
}

// keepsMore reports whether a resource leaves more to those inside the zone than in
// another state; exact is false where it may leave less.
func keepsMore(deployments []config.Deployment, mine, theirs Group) (more, exact bool) {
	for k, d := range deployments {
		if k >= len(mine.analysed) || k >= len(theirs.analysed) {
			continue
		}
		for n := range min(len(mine.analysed[k].Cases), len(theirs.analysed[k].Cases)) {
			is, other := mine.analysed[k].Cases[n], theirs.analysed[k].Cases[n]
			lost := access.CompareInside(other, is, d.Zone)
			if !lost.Exact || lost.Lost != nil || lost.LostService != nil {
				return false, false
			}
			kept := access.CompareInside(is, other, d.Zone)
			more = more || kept.Exact && (kept.Lost != nil || kept.LostService != nil)
		}
	}
	return more, true
}

// of finds the resource of a finding, the input that it is in, and the finding as
// it is now: its places are other ones when something was edited.
func (p *Prover) of(f finding.Finding) (scan.Task, *scan.Analysed, finding.Finding, place) {
	for i, s := range p.Now {
		for n := range s.Groups {
			for k := range s.Groups[n].analysed {
				x := &s.Groups[n].analysed[k]
				if at := slices.IndexFunc(x.Findings, func(g finding.Finding) bool { return isSame(f, g) }); at >= 0 {
					if s.Groups[n].stale {
						p.refresh(i, n)
						return p.of(f)
					}
					t := p.raw.Tasks[i]
					t.Deployments = t.Deployments[k : k+1]
					return t, x, x.Findings[at], place{i, s.Groups[n].Key}
				}
			}
		}
	}
	return scan.Task{}, nil, f, place{}
}

// siblings are the findings that the same statements grant: to the same principal
// on the same terms, of other resources that share them, or all; not those that are
// intended, nor those of other calls of a module that is given the principal.
func (p *Prover) siblings(f finding.Finding, all bool) []finding.Finding {
	for i, s := range p.Now {
		for n := range s.Groups {
			p.refresh(i, n)
		}
	}
	var out []finding.Finding
	for _, other := range p.findings() {
		same := func(o finding.Finding) bool { return isSame(o, other) }
		if same(f) || slices.ContainsFunc(out, same) || !sharesStatement(f, other) || !all && !(maps.Equal(f.Principal, other.Principal) && maps.Equal(f.Condition, other.Condition)) {
			continue
		}
		if isGiven(f) && (f.Span.Path() != other.Span.Path() || f.Span.Start != other.Span.Start) || p.isSpared(other) {
			continue
		}
		out = append(out, other)
	}
	return out
}

// isGiven reports whether the principal of a finding is written in another
// directory than the statements that let it in: in the call of their module.
func isGiven(f finding.Finding) bool {
	return !f.Span.IsZero() && len(f.Statements) > 0 && !slices.ContainsFunc(f.Statements, func(s finding.Statement) bool {
		return s.Span.IsZero() || path.Dir(s.Span.Path()) == path.Dir(f.Span.Path())
	})
}

func sharesStatement(f, g finding.Finding) bool {
	return slices.ContainsFunc(f.Statements, func(s finding.Statement) bool {
		return !s.Span.IsZero() && slices.ContainsFunc(g.Statements, func(t finding.Statement) bool {
			return s.Span.Path() == t.Span.Path() && s.Span.Start == t.Span.Start && s.Span.End == t.Span.End
		})
	})
}

// attempts writes all candidates for a finding, the smallest first. Without any,
// the reason says why.
func (p *Prover) attempts(t scan.Task, x scan.Analysed, f finding.Finding) (out []attempt, reason string) {
	statements, reason := statementsOf(x, f)
	if reason != "" {
		return nil, reason
	}
	z := *t.Deployments[0].Zone
	if z.Account == "" {
		z.Account = f.ResourceOwnerAccount
	}
	a := repair.Access{Conditions: f.Condition, Public: f.IsPublic, Statements: statements}
	for key, principal := range f.Principal {
		a.PrincipalKey, a.Principal = key, principal
	}
	var toBeMade []string     // elsewhere, as the file is generated
	group := map[string]int{} // the size of what is alike but for the value
	for _, c := range repair.Candidates(a, x.Cases[0], &z) {
		next, err := p.written(t, c)
		if err != nil {
			switch by := (writtenByTool("")); {
			case errors.As(err, &by):
				reason = fmt.Sprintf("a change that %s is not made here: %s", c.Says, err)
				toBeMade = append(toBeMade, reason)
			case reason == "":
				reason = "it cannot be written: " + err.Error()
			}
			continue
		}
		if slices.ContainsFunc(out, func(b attempt) bool { return sameEdits(b.edits, next.edits) }) {
			continue
		}
		if next.inCall = isGiven(f) && !slices.ContainsFunc(next.files, func(file *source.File) bool { return file.Name != f.Span.Path() }); next.inCall && c.Edits[0].Kind == repair.Remove {
			next.Last = false // the call is where the module is told what to allow
		}
		if next.kind = kindOf(c); next.kind != "" {
			if size, ok := group[next.kind]; ok {
				next.size = size
			}
			group[next.kind] = next.size
		}
		out = append(out, next)
	}
	switch {
	case len(out) == 0 && len(toBeMade) > 0:
		reason = toBeMade[0]
	case len(out) == 0 && reason == "":
		reason = "nothing in the code stands for it"
	}
	slices.SortStableFunc(out, func(a, b attempt) int {
		switch {
		case a.inCall != b.inCall:
			return order(a.inCall)
		case a.Last != b.Last:
			return order(b.Last)
		}
		return a.size - b.size
	})
	return out, reason
}

// writtenByTool is why a generated file is not edited.
type writtenByTool string

func (w writtenByTool) Error() string { return string(w) }

// order puts what has a property before what has not.
func order(has bool) int {
	if has {
		return -1
	}
	return 1
}

// kindOf names a change but for the values that it writes, "" if it writes none.
func kindOf(c repair.Candidate) string {
	out, writes := "", false
	for _, e := range c.Edits {
		writes = writes || e.Kind == repair.Require || e.Kind == repair.Add || e.Kind == repair.Grant
		out += fmt.Sprint(e.Kind, e.At.Start)
		for _, k := range e.Conditions {
			out += " " + k.Operator + " " + k.Key
		}
	}
	if !writes {
		return ""
	}
	return out
}

func sameEdits(a, b workspace.Edits) bool {
	return maps.EqualFunc(a, b, bytes.Equal)
}

// statementsOf finds the statements of a finding as they are written.
func statementsOf(x scan.Analysed, f finding.Finding) ([]*policy.Statement, string) {
	if slices.ContainsFunc(x.Cases, rules.IsSensitive) {
		return nil, "what grants it is beside a value that is a secret"
	}
	if len(f.Statements) == 0 {
		return nil, "no statement that could be changed grants it"
	}
	var out []*policy.Statement
	for _, s := range f.Statements {
		file := s.Span.File
		switch {
		case file == nil:
			return nil, "what grants it is not written in the code: it is what such a resource has if nothing else is said"
		case file.Sensitive:
			return nil, "what grants it is in a value that is a secret"
		case file.Unquoted:
			return nil, "it is in a plan, which is not what is edited"
		}
		found := false
		for _, r := range x.Cases {
			for _, d := range r.Documents {
				if d.Policy == nil || !addStatement(&out, d, s) {
					continue
				}
				if d.Implied {
					return nil, "no policy in the code grants it: it is what such a resource has without one"
				}
				found = true
			}
		}
		if !found {
			return nil, "what grants it is not written as a statement"
		}
	}
	return out, ""
}

func addStatement(out *[]*policy.Statement, d resource.Document, s finding.Statement) bool {
	for i := range d.Policy.Statements {
		st := &d.Policy.Statements[i]
		if st.Span == s.Span && st.Index == s.Index {
			if !slices.ContainsFunc(*out, func(o *policy.Statement) bool { return o.Span == st.Span }) {
				*out = append(*out, st)
			}
			return true
		}
	}
	return false
}

// written makes the edits of a candidate, in all files that it is about.
func (p *Prover) written(t scan.Task, c repair.Candidate) (attempt, error) {
	out := attempt{Candidate: c, edits: workspace.Edits{}, was: workspace.Edits{}}
	byFile := map[*source.File][]repair.Edit{}
	for _, e := range c.Edits {
		if byFile[e.At.File] == nil {
			out.files = append(out.files, e.At.File)
		}
		byFile[e.At.File] = append(byFile[e.At.File], e)
		if e.At.File != nil {
			if by := generatedBy(e.At); by != "" {
				return out, writtenByTool(by)
			}
		}
	}
	for _, file := range out.files {
		if file == nil || file.Unquoted || file.Sensitive {
			return out, fmt.Errorf("it is not in a file that could be edited")
		}
		read := func() *rewrite.File { return rewrite.Read(file.Content, p.code(t, file.Name)) }
		content, err := p.files.of(editableFile{file, t.In}, read).Apply(byFile[file])
		if err != nil {
			return out, err
		}
		if bytes.Equal(content, file.Content) {
			return out, fmt.Errorf("it is so already")
		}
		if changesHidden(file, content) {
			return out, fmt.Errorf("a secret stands in the same line")
		}
		out.edits[file.Name], out.was[file.Name] = content, file.Content
		start, end, text := difference(file.Content, content)
		out.pieces = append(out.pieces, piece{start, end, text})
		out.size += end - start + len(text)
	}
	return out, nil
}

// callerIdentity is a data source that stands for your account: one of its own,
// of the default provider.
var callerIdentity = once.Regexp(`(?m)^[ \t]*data[ \t]+"aws_caller_identity"[ \t]+"([A-Za-z_][A-Za-z0-9_-]*)"[ \t]*\{\s*\}`)

// code is what a module has around one of its files.
func (p *Prover) code(t scan.Task, name string) rewrite.Code {
	out := rewrite.Code{Name: name}
	files := t.Edited.Over(t.In.FS())
	if files == nil || !loaders.IsModuleFile(name) {
		return out
	}
	entries, err := fs.ReadDir(files, path.Dir(name))
	if err != nil {
		return out
	}
	for _, e := range entries {
		file := path.Join(path.Dir(name), e.Name())
		if e.IsDir() || !loaders.IsModuleFile(file) || !t.Opened.Has(file) && file != name {
			continue
		}
		content, err := fs.ReadFile(files, file)
		if err != nil {
			continue
		}
		if m := callerIdentity().FindSubmatch(content); m != nil && out.Account == "" {
			out.Account = "data.aws_caller_identity." + string(m[1]) + ".account_id"
		}
		if file != name {
			out.Others = append(out.Others, content)
		}
	}
	return out
}

// difference returns the part of a text that another has otherwise, and what it
// has there, in whole characters.
func difference(before, after []byte) (start, end int, text string) {
	for start < len(before) && start < len(after) && before[start] == after[start] {
		start++
	}
	for start > 0 && start < len(before) && !utf8.RuneStart(before[start]) {
		start--
	}
	end, last := len(before), len(after)
	for end > start && last > start && before[end-1] == after[last-1] {
		end, last = end-1, last-1
	}
	for end < len(before) && !utf8.RuneStart(before[end]) {
		end, last = end+1, last+1
	}
	return start, end, string(after[start:last])
}

// diffName quotes a file name as git does, so that it cannot be taken for more
// than the name.
//
// https://git-scm.com/docs/git-config#Documentation/git-config.txt-corequotePath
func diffName(name string) string {
	odd := func(c byte) bool { return c < ' ' || c >= 0x7f || c == '"' || c == '\\' }
	var b strings.Builder
	quoted := false
	for i := range len(name) {
		switch c := name[i]; {
		case !odd(c):
			b.WriteByte(c)
		default:
			quoted = true
			fmt.Fprintf(&b, "\\%03o", c)
		}
	}
	if !quoted {
		return name
	}
	return `"` + b.String() + `"`
}

// changesHidden reports whether a changed line has something hidden in it: it would be
// shown with what is suggested.
func changesHidden(file *source.File, content []byte) bool {
	if !file.Hides(0, len(file.Content)) {
		return false
	}
	return slices.ContainsFunc(shownLines(file, content), func(e edit) bool { return e.kind == '-' && e.hidden })
}

// shownLines compares the lines of a file with others, and notes those of the file
// that have something hidden in them.
func shownLines(file *source.File, content []byte) []edit {
	edits := compareLines(string(file.Content), string(content))
	at := 0
	for i := range edits {
		if edits[i].kind != '+' {
			edits[i].hidden = file.Hides(at, at+len(edits[i].line))
			at += len(edits[i].line)
		}
	}
	return edits
}

// changeOf compares a file with what is suggested for it.
func changeOf(file *source.File, content []byte) finding.Change {
	edits := shownLines(file, content)
	out := finding.Change{Path: file.Name, Diff: unified(diffName("a/"+file.Name), diffName("b/"+file.Name), edits)}
	var before, after strings.Builder
	at := 0
	add := func() {
		if before.Len()+after.Len() > 0 {
			start, end, text := difference([]byte(before.String()), []byte(after.String()))
			out.Replacements = append(out.Replacements, finding.Replacement{Span: source.Span{File: file, Start: at + start, End: at + end}, Text: text})
		}
		at += before.Len()
		before.Reset()
		after.Reset()
	}
	for _, e := range edits {
		switch e.kind {
		case '-':
			before.WriteString(e.line)
		case '+':
			after.WriteString(e.line)
		default:
			add()
			at += len(e.line)
		}
	}
	add()
	return out
}
