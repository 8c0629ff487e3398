package cli

import (
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
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/rules"
)

// prover analyses the inputs of a run again with files that are edited, and says
// what that changes. It has everything as it was read, so that only the inputs
// that read an edited file are read again, and only resources that are not what
// they were are analysed again.
type prover struct {
	flags *flags
	raw   *loading        // as it was read, nothing linked
	now   []state         // one for each task
	done  workspace.Edits // that the state has in it
	was   workspace.Edits // what the files of these had that were read
	files *editable
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

// state is what one input has in it.
type state struct {
	groups   []group
	messages map[message]int
}

// message is what was said about an input.
type message struct {
	severity source.Severity
	text     string
}

// group is a resource with its cases, and what it gave under each deployment.
type group struct {
	key      [4]string
	cases    []resource.Resource
	analysed []analysed
	stale    bool // analysed has the places of a file as it was before an edit
}

// maxTries is how many analyses a finding is worth, and maxWork bounds those of a
// run, counting the resources that are read for each: a finding in a large input
// costs more.
const (
	maxTries = 24
	maxWork  = 200_000
)

// newProver reads and analyses the inputs; the results are those of analyse.
func newProver(files []workspace.Input, tasks []task, f *flags) (*prover, []result) {
	for i := range tasks {
		tasks[i].opened = &workspace.Opened{}
	}
	l := read(tasks)
	p := &prover{flags: f, raw: l.copy(), files: &editable{read: map[editableFile]*rewrite.File{}}}
	l.link()
	results := l.analyse(f)
	for i := range tasks {
		p.now = append(p.now, stateOf(l, i, results[i].analysed))
	}
	return p, byInput(files, tasks, results)
}

func (l *loading) copy() *loading {
	return &loading{slices.Clone(l.tasks), slices.Clone(l.stacks), slices.Clone(l.results)}
}

// stateOf is the state of a task; analysed is nil if nothing is analysed yet.
func stateOf(l *loading, i int, list []analysed) state {
	s := state{messages: map[message]int{}}
	cases := casesOf(l.stacks[i].Resources)
	for n, c := range cases {
		g := group{key: keyOf(c[0]), cases: c}
		for k := range l.tasks[i].deployments {
			if list != nil {
				g.analysed = append(g.analysed, list[k*len(cases)+n])
			}
		}
		s.groups = append(s.groups, g)
	}
	for _, d := range l.results[i].diagnostics {
		s.messages[message{d.Severity, d.Message}]++
	}
	return s
}

// keyOf tells the resources of one input apart.
func keyOf(r resource.Resource) [4]string {
	key := [4]string{r.Path, r.Address, r.Type}
	if r.Detached {
		key[3] = r.ARN.String()
	}
	return key
}

// verdict on edits.
type verdict struct {
	refused string // why they will not do; "" if they do
	service *evaluate.Request
	reveals []finding.Finding // which the access hid
	next    *prover           // with the edits made
}

// try analyses again with edits, which are to close some findings and to change
// nothing else.
func (p *prover) try(e workspace.Edits, was workspace.Edits, closing []finding.Finding) verdict {
	next := &prover{flags: p.flags, raw: p.raw.copy(), done: e.And(p.done), was: p.was.And(was), now: slices.Clone(p.now), files: &editable{read: map[editableFile]*rewrite.File{}}}
	again := make([]bool, len(p.raw.tasks))
	for i := range next.raw.tasks {
		t := &next.raw.tasks[i]
		for name := range e {
			again[i] = again[i] || t.in.Path == name || t.opened.Has(name)
		}
		if again[i] {
			t.edited = next.done
			next.raw.stacks[i], next.raw.results[i] = t.read(nil)
		}
	}
	l := next.raw.copy()
	l.link()
	out := verdict{next: next}
	for i := range l.tasks {
		if refused := next.compare(p, l, i, again[i], closing, &out); refused != "" {
			return verdict{refused: refused}
		}
	}
	return out
}

// refresh analyses a resource again that is what it was, but in an edited file: its
// places are other ones.
func (p *prover) refresh(i, n int) {
	g := &p.now[i].groups[n]
	if !g.stale {
		return
	}
	g.analysed, g.stale = nil, false
	for _, d := range p.raw.tasks[i].deployments {
		g.analysed = append(g.analysed, p.raw.tasks[i].guarded(g.cases, d))
	}
}

// compare takes in what a task is now, and says why it may not be that.
func (p *prover) compare(before *prover, l *loading, i int, again bool, closing []finding.Finding, out *verdict) string {
	was, is := before.now[i], stateOf(l, i, nil)
	for _, d := range l.results[i].diagnostics {
		if m := (message{d.Severity, d.Message}); is.messages[m] > was.messages[m] {
			return "the code would not be read without complaint: " + d.Message
		}
	}
	old := map[[4]string]*group{}
	for n := range was.groups {
		old[was.groups[n].key] = &was.groups[n]
	}
	for n := range is.groups {
		g := &is.groups[n]
		o := old[g.key]
		delete(old, g.key)
		switch {
		case o == nil:
			return fmt.Sprintf("%s would be a resource of its own", g.key[1])
		case !again && sameDocuments(o.cases, g.cases), alike(o.cases, g.cases):
			g.analysed, g.stale = o.analysed, o.stale || again
			continue
		}
		if refused := p.judge(l.tasks[i], *o, g, closing, out); refused != "" {
			return refused
		}
	}
	for _, o := range was.groups {
		if old[o.key] == nil {
			continue
		}
		g := group{key: o.key, cases: emptied(o.cases)}
		if refused := p.judge(l.tasks[i], o, &g, closing, out); refused != "" {
			return refused
		}
	}
	p.now[i] = is
	return ""
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
func (p *prover) judge(t task, was group, is *group, closing []finding.Finding, out *verdict) string {
	for k, d := range t.deployments {
		before := was.analysed[k]
		after := t.guarded(is.cases, d)
		is.analysed = append(is.analysed, after)
		if refused := p.pair(before, after, closing, out); refused != "" {
			return refused
		}
	}
	return ""
}

func (p *prover) pair(before, after analysed, closing []finding.Finding, out *verdict) string {
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
	b, a := before.state(), after.state()
	d := rules.Compare(rules.Pair{Before: &b, After: &a}, optionsOf(p.flags))
	switch {
	case !d.Exact:
		return fmt.Sprintf("what %s grants before and after cannot be compared as sets of requests", before.Resource.Address)
	case len(d.Gained) > 0:
		return fmt.Sprintf("%s would grant what it does not: %s", before.Resource.Address, d.Gained[0].Message)
	}
	for _, lost := range d.Lost {
		if !slices.ContainsFunc(closing, func(f finding.Finding) bool {
			return f.Path == lost.Path && f.Address == lost.Address && rules.IsPart(f, lost)
		}) {
			return "it would take away access that is another finding's: " + lost.Message
		}
	}
	if len(before.cases) != len(after.cases) {
		return "the conditions under which the resource is declared would change"
	}
	for i, r := range after.cases {
		kept := access.CompareInside(before.cases[i], r, after.deployment.Zone)
		secret := rules.IsSensitive(r) || rules.IsSensitive(before.cases[i])
		switch {
		case secret && (kept.Lost != nil || kept.LostService != nil):
			return "access from inside the zone of trust would be lost by a policy that is a secret"
		case !slices.Equal(before.cases[i].When, r.When) || !kept.Exact:
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
func (p *prover) sameFindings(before, after analysed, closing []finding.Finding, out *verdict) string {
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
func hidden(before analysed, f finding.Finding) bool {
	for _, r := range before.cases {
		for _, s := range access.Analyze(r, before.deployment.Zone, false).Services {
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
	return strings.Join(slices.Concat([]string{f.Rule, string(f.Certainty), flat(f.Principal), flat(f.Condition), fmt.Sprint(f.IsPublic), fmt.Sprint(f.Sources)}, f.Action, f.Needs), "\x00")
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
