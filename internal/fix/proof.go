package fix

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/fix/rewrite"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/rules"
)

// Prover analyses the inputs of a run again with files that are edited, and says
// what that changes. It has everything as it was read, so that only the inputs
// that read an edited file are read again, and only resources that are not what
// they were are analysed again.
type Prover struct {
	options scan.Options
	source  string          // the directory that plans were made from, if it is named
	raw     *scan.Loading   // as it was read, nothing linked
	Now     []State         // one for each task
	done    workspace.Edits // that the state has in it
	was     workspace.Edits // what the files of these had that were read
	files   *editable
	intent  func() *scan.Intent // which findings are to be left alone
}

// withIntent lets a prover ask which of its findings are intended, once all is read.
func (p *Prover) withIntent() *Prover {
	p.intent = sync.OnceValue(func() *scan.Intent { return scan.IntentOf(p.raw.Tasks, p.raw.Results, p.options) })
	return p
}

// editable are files as they are edited, read once for all that is tried of them.
type editable struct {
	sync.Mutex
	read map[editableFile]*rewrite.File
}

type editableFile struct {
	file *source.File
	in   *workspace.Input // that reads it
}

// of reads a file at its first use.
func (e *editable) of(f editableFile, read func() *rewrite.File) *rewrite.File {
	e.Lock()
	defer e.Unlock()
	if e.read[f] == nil {
		e.read[f] = read()
	}
	return e.read[f]
}

// State is what one input has in it.
type State struct {
	Groups   []Group
	messages map[message]int
}

// message is what was said about an input.
type message struct {
	severity source.Severity
	text     string
}

// Group is a resource with its cases, and what it gave under each deployment.
type Group struct {
	Key      [4]string
	Cases    []resource.Resource
	analysed []scan.Analysed
	stale    bool // analysed has the places of a file as it was before an edit
}

// maxTries is how many analyses a finding is worth, and maxWork bounds those of a
// run, counting the resources that are read for each: a finding in a large input
// costs more.
const (
	maxTries = 24
	MaxWork  = 200_000
)

// NewProver reads and analyses the inputs. source is the directory that plans were
// made from, "" if none is named.
func NewProver(in workspace.Inputs, o scan.Options, source string) (*Prover, *scan.Run) {
	tasks := scan.TasksOf(in.Files, o)
	p, results := proverOf(tasks, o, source)
	return p, &scan.Run{In: in, Options: o, Results: scan.ByInput(in.Files, tasks, results)}
}

func proverOf(tasks []scan.Task, o scan.Options, source string) (*Prover, []scan.Result) {
	for i := range tasks {
		tasks[i].Opened = &workspace.Opened{}
	}
	l := scan.Read(context.Background(), tasks)
	p := (&Prover{options: o, source: source, raw: l.Copy(), files: &editable{read: map[editableFile]*rewrite.File{}}}).withIntent()
	l.Link(context.Background())
	results := l.Analyse(context.Background(), o)
	for i := range tasks {
		p.Now = append(p.Now, stateOf(l, i, results[i].Analysed))
	}
	return p, results
}

// stateOf is the state of a task; analysed is nil if nothing is analysed yet.
func stateOf(l *scan.Loading, i int, list []scan.Analysed) State {
	s := State{messages: map[message]int{}}
	cases := scan.CasesOf(l.Stacks[i].Resources)
	for n, c := range cases {
		g := Group{Key: scan.KeyOf(c[0]), Cases: c}
		for k := range l.Tasks[i].Deployments {
			if list != nil {
				g.analysed = append(g.analysed, list[k*len(cases)+n])
			}
		}
		s.Groups = append(s.Groups, g)
	}
	for _, d := range l.Results[i].Diagnostics {
		s.messages[message{d.Severity, d.Message}]++
	}
	return s
}

// verdict on edits.
type verdict struct {
	refused string // why they will not do; "" if they do
	service *evaluate.Request
	reveals []finding.Finding // which the access hid
	next    *Prover           // with the edits made
}

// try analyses again with edits, which are to close some findings and to change
// nothing else.
func (p *Prover) try(e workspace.Edits, was workspace.Edits, closing []finding.Finding) verdict {
	next, l, again := p.with(e, was)
	out := verdict{next: next}
	for i := range l.Tasks {
		if refused := next.compare(p, l, i, again[i], closing, &out); refused != "" {
			return verdict{refused: refused}
		}
	}
	return out
}

// with reads the inputs again with edits: the prover that follows, of which the state is
// still that of before, what is read, and which tasks read an edited file.
func (p *Prover) with(e workspace.Edits, was workspace.Edits) (next *Prover, l *scan.Loading, again []bool) {
	next = (&Prover{options: p.options, source: p.source, raw: p.raw.Copy(), done: e.And(p.done), was: p.was.And(was), Now: slices.Clone(p.Now), files: &editable{read: map[editableFile]*rewrite.File{}}}).withIntent()
	again = make([]bool, len(p.raw.Tasks))
	for i := range next.raw.Tasks {
		t := &next.raw.Tasks[i]
		for name := range e {
			again[i] = again[i] || t.In.Path == name || t.Opened.Has(name)
		}
		if again[i] {
			t.Edited = next.done
			next.raw.Stacks[i], next.raw.Results[i] = t.Read(nil)
		}
	}
	l = next.raw.Copy()
	l.Link(context.Background())
	return next, l, again
}

// isAsBefore reports whether a resource is what it was, but for places in files that
// were read again.
func isAsBefore(was, is Group, again bool) bool {
	return !again && sameDocuments(was.Cases, is.Cases) || alike(was.Cases, is.Cases)
}

// refresh analyses a resource again that is what it was, but in an edited file: its
// places are other ones.
func (p *Prover) refresh(i, n int) {
	g := &p.Now[i].Groups[n]
	if !g.stale {
		return
	}
	g.analysed, g.stale = nil, false
	for _, d := range p.raw.Tasks[i].Deployments {
		g.analysed = append(g.analysed, p.raw.Tasks[i].Guarded(g.Cases, d))
	}
}

// compare takes in what a task is now, and says why it may not be that.
func (p *Prover) compare(before *Prover, l *scan.Loading, i int, again bool, closing []finding.Finding, out *verdict) string {
	was, is := before.Now[i], stateOf(l, i, nil)
	if refused := is.complains(was, l.Results[i].Diagnostics); refused != "" {
		return refused
	}
	old := was.byKey()
	for n := range is.Groups {
		g := &is.Groups[n]
		o := old[g.Key]
		delete(old, g.Key)
		switch {
		case o == nil:
			return fmt.Sprintf("%s would be a resource of its own", g.Key[1])
		case isAsBefore(*o, *g, again):
			g.analysed, g.stale = o.analysed, o.stale || again
			continue
		}
		if refused := p.judge(before, l.Tasks[i], *o, g, closing, out); refused != "" {
			return refused
		}
	}
	for _, o := range was.Groups {
		if old[o.Key] == nil {
			continue
		}
		g := Group{Key: o.Key, Cases: emptied(o.Cases)}
		if refused := p.judge(before, l.Tasks[i], o, &g, closing, out); refused != "" {
			return refused
		}
	}
	p.Now[i] = is
	return ""
}

// complains says what is said of an input now that was not said before, "" if nothing.
func (s State) complains(before State, said []source.Diagnostic) string {
	for _, d := range said {
		if m := (message{d.Severity, d.Message}); s.messages[m] > before.messages[m] {
			return "the code would not be read without complaint: " + d.Message
		}
	}
	return ""
}

func (s State) byKey() map[[4]string]*Group {
	out := map[[4]string]*Group{}
	for n := range s.Groups {
		out[s.Groups[n].Key] = &s.Groups[n]
	}
	return out
}

// emptied are cases of a resource without anything that grants: what is left of
// one that is not declared any more.
func emptied(cases []resource.Resource) []resource.Resource {
	out := slices.Clone(cases)
	for i := range out {
		out[i].Documents = nil
	}
	return out
}

// judge analyses a resource that is not what it was, and says what is wrong.
func (p *Prover) judge(old *Prover, t scan.Task, was Group, is *Group, closing []finding.Finding, out *verdict) string {
	for k, d := range t.Deployments {
		before := was.analysed[k]
		after := t.Guarded(is.Cases, d)
		is.analysed = append(is.analysed, after)
		if refused := old.intended(t, d, before, after, closing); refused != "" {
			return refused
		}
		if refused := p.pair(before, after, closing, out); refused != "" {
			return refused
		}
	}
	return ""
}

// isOpenService reports whether lost access is that of a service of which nothing is
// said, as everyone gets in.
func isOpenService(lost finding.Finding, list []finding.Finding) bool {
	_, ok := lost.Principal["Service"]
	return ok && !slices.ContainsFunc(list, func(f finding.Finding) bool { return rules.IsPart(f, lost) })
}

func (p *Prover) pair(before, after scan.Analysed, closing []finding.Finding, out *verdict) string {
	messages := map[string]int{}
	for _, d := range before.Output.Diagnostics {
		messages[d.Message]++
	}
	for _, d := range after.Output.Diagnostics {
		if messages[d.Message]--; messages[d.Message] < 0 || d.Severity == source.Error && strings.HasPrefix(d.Message, "internal") {
			return "there would be a complaint: " + d.Message
		}
	}
	if refused := p.sameFindings(before, after, closing, out); refused != "" {
		return refused
	}
	b, a := before.State(), after.State()
	d := rules.Compare(rules.Pair{Before: &b, After: &a}, scan.OptionsOf(p.options))
	switch {
	case !d.Exact:
		return fmt.Sprintf("what %s grants before and after cannot be compared as sets of requests", before.Resource.Address)
	case len(d.Gained) > 0:
		return fmt.Sprintf("%s would grant what it does not: %s", before.Resource.Address, d.Gained[0].Message)
	}
	for _, lost := range d.Lost {
		if isOpenService(lost, before.Output.Findings) {
			continue
		}
		if !slices.ContainsFunc(closing, func(f finding.Finding) bool {
			return f.Path == lost.Path && f.Address == lost.Address && rules.IsPart(f, lost)
		}) {
			return "it would take away access that is another finding's: " + lost.Message
		}
	}
	if len(before.Cases) != len(after.Cases) {
		return "the conditions under which the resource is declared would change"
	}
	for i, r := range after.Cases {
		kept := access.CompareInside(before.Cases[i], r, after.Deployment.Zone)
		secret := rules.IsSensitive(r) || rules.IsSensitive(before.Cases[i])
		switch {
		case secret && (kept.Lost != nil || kept.LostService != nil):
			return "access from inside the zone of trust would be lost by a policy that is a secret"
		case !slices.Equal(before.Cases[i].When, r.When) || !kept.Exact:
			return "whether access from inside the zone of trust is kept cannot be computed"
		case kept.Lost != nil:
			return fmt.Sprintf("access from inside the zone of trust would be lost: %s by %s", kept.Lost.Action, callerOf(kept.Lost))
		case kept.LostService != nil && out.service == nil:
			out.service = kept.LostService
		}
	}
	return ""
}

func callerOf(r *evaluate.Request) string {
	switch {
	case r.Principal.ARN != "":
		return r.Principal.ARN
	case r.Principal.Account != "":
		return "account " + r.Principal.Account
	}
	return string(r.Principal.Type)
}

// sameFindings demands that those to close are gone, and the others what they were.
// One may appear that was not listed, as it is a part of one that is gone, or as
// services are not listed beside a public one.
func (p *Prover) sameFindings(before, after scan.Analysed, closing []finding.Finding, out *verdict) string {
	left := map[string]int{}
	for _, f := range before.Findings {
		if !slices.ContainsFunc(closing, func(c finding.Finding) bool { return isSame(c, f) }) {
			left[factsOf(f)]++
		}
	}
	for _, f := range after.Findings {
		if left[factsOf(f)]--; left[factsOf(f)] >= 0 {
			continue
		}
		switch {
		case slices.ContainsFunc(closing, func(c finding.Finding) bool { return isSame(c, f) }):
			return "the finding would stay: " + f.Message
		case before.Resource.Verdict == finding.Public && f.Principal["Service"] != "" && hidden(before, f),
			slices.ContainsFunc(closing, func(c finding.Finding) bool { return rules.IsPart(c, f) }):
			out.reveals = append(out.reveals, f) // unless something is gained, which is looked at next
		default:
			return "a finding would be another one: " + f.Message
		}
	}
	for _, n := range left {
		if n > 0 {
			return "another finding would be closed or changed with it"
		}
	}
	return ""
}

// hidden reports whether access of a service was there before a public finding
// on the same resource was closed: rules.Run says nothing of services beside one.
func hidden(before scan.Analysed, f finding.Finding) bool {
	for _, r := range before.Cases {
		for _, s := range access.Analyze(r, before.Deployment.Zone, false).Services {
			name := s.Service
			if name == "" {
				name = "*"
			}
			var actions []string
			for _, a := range s.Actions {
				actions = append(actions, a.Full)
			}
			if (name == f.Principal["Service"] || name == "*") && !slices.ContainsFunc(f.Action, func(a string) bool { return !slices.Contains(actions, a) }) {
				return true
			}
		}
	}
	return false
}

// isSame reports whether a finding is still there. What is archived and how severe
// it is counts for nothing.
func isSame(a, b finding.Finding) bool {
	return a.ID == b.ID && a.Path == b.Path && a.Address == b.Address
}

// factsOf is all that a finding says of access.
func factsOf(f finding.Finding) string {
	return strings.Join(slices.Concat([]string{f.Rule, string(f.Certainty), scan.Flat(f.Principal), scan.Flat(f.Condition), fmt.Sprint(f.IsPublic), fmt.Sprint(f.Sources)}, f.Action, f.Needs), "\x00")
}

// sameDocuments reports whether resources that were not read again have what they
// had: others may have been linked to them.
func sameDocuments(a, b []resource.Resource) bool {
	return slices.EqualFunc(a, b, func(x, y resource.Resource) bool {
		return len(x.Keys)+len(y.Keys) == 0 && x.Block == y.Block && slices.EqualFunc(x.Documents, y.Documents, func(d, e resource.Document) bool { return d.Policy == e.Policy })
	})
}

// alike reports whether resources differ in nothing but places.
func alike(a, b []resource.Resource) bool {
	return equal(reflect.ValueOf(a), reflect.ValueOf(b))
}

var (
	spanType    = reflect.TypeFor[source.Span]()
	relatedType = reflect.TypeFor[resource.Related]()
)

func equal(a, b reflect.Value) bool {
	if a.Type() == spanType || a.Type() == relatedType {
		return true
	}
	switch a.Kind() {
	case reflect.String:
		return a.String() == b.String()
	case reflect.Bool:
		return a.Bool() == b.Bool()
	case reflect.Int:
		return a.Int() == b.Int()
	case reflect.Uint8:
		return a.Uint() == b.Uint()
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() && b.IsNil()
		}
		return a.Pointer() == b.Pointer() || equal(a.Elem(), b.Elem())
	case reflect.Slice:
		if a.Len() != b.Len() || a.IsNil() != b.IsNil() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := range a.NumField() {
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Kind() != reflect.Map && a.Kind() != reflect.Func && a.Comparable() && b.Comparable() && a.Equal(b)
}
