package scan

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/memory"
	"github.com/iaclint/iaclint/internal/parallel"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders"
	"github.com/iaclint/iaclint/loaders/share"
	"github.com/iaclint/iaclint/loaders/terraform"
	"github.com/iaclint/iaclint/rules"
)

// Result is what one input gave.
type Result struct {
	read        bool // its bytes were read
	recognised  bool
	Analysed    []Analysed
	Diagnostics []source.Diagnostic
	unread      []resource.Unread // code that is called and is not here
	withdrawn   []finding.Finding // access that a plan or a change takes away
	assumptions []string          // about defaults that keep access closed
	compared    bool              // the input itself tells what there is already
	before      []Analysed        // what there is, as far as it is not kept
	attachments []resource.Attachment
	users       []resource.User
	intentions
}

// Analysed is what one resource gave under one deployment.
type Analysed struct {
	rules.Output
	Deployment config.Deployment
	places     []source.Span       // of the resource, and of what led to it
	Cases      []resource.Resource // it, as it was analysed
	about      access.Answer       // whether a question is about it, if one is asked
}

// loader reads an input as what its content says it is: loaders.Load, but for tests.
type loader func(in loaders.Input, o loaders.Options) (stack resource.Stack, recognised bool)

// Task is an input with everything that its analysis needs, so that tasks can
// run at the same time.
type Task struct {
	In          *workspace.Input
	load        loader
	options     Options
	Deployments []config.Deployment
	Edited      workspace.Edits   // what is read in the place of files
	Opened      *workspace.Opened // what was read; nil if nobody asks
}

// analyse analyses the inputs on all processors; the results are in the order
// of the inputs.
func analyse(ctx context.Context, files []workspace.Input, o Options) []Result {
	tasks := TasksOf(files, o)
	for i := range tasks {
		if o.Opened != nil {
			tasks[i].Opened = &workspace.Opened{}
		}
	}
	l := Read(ctx, tasks)
	l.Link(ctx)
	if o.Opened != nil {
		for _, t := range l.Tasks {
			o.Opened(t.In.Abs)
			t.Opened.Each(func(name string) { o.Opened(filepath.Join(t.In.Root, filepath.FromSlash(name))) })
		}
	}
	return ByInput(files, l.Tasks, l.Analyse(ctx, o))
}

func TasksOf(files []workspace.Input, o Options) []Task {
	load := o.Load
	if load == nil {
		load = loaders.Load
	}
	var tasks []Task
	for i := range files {
		s := files[i].Settings
		for _, alike := range givenAlike(s.Plan.Deployments(s.Path(&files[i]))) {
			tasks = append(tasks, Task{In: &files[i], load: load, options: o, Deployments: alike})
		}
	}
	return tasks
}

// Loading is what was read of inputs, one entry a task.
type Loading struct {
	Tasks   []Task
	Stacks  []resource.Stack
	Results []Result
}

// Read reads the inputs on all processors. What one may take is for all of them: half
// of it for each alike, and then the rest for those that are short of it.
func Read(ctx context.Context, tasks []Task) *Loading {
	l := &Loading{tasks, make([]resource.Stack, len(tasks)), make([]Result, len(tasks))}
	syntax := &terraform.Syntax{}
	read := func(i, shares int) {
		tasks[i].options.Given.Share = share.Part(shares) // for what is read again too
		t := tasks[i]
		t.options.Given.Syntax = syntax
		l.Stacks[i], l.Results[i] = t.Read(nil)
	}
	shares := 2 * len(tasks)
	if len(tasks) == 1 {
		shares = 1
	}
	parallel.Each(ctx, len(tasks), func(i int) { read(i, shares) })
	var short []int
	for i, s := range l.Stacks {
		if s.Short {
			short = append(short, i)
		}
	}
	if 2*len(short) <= len(tasks) { // else there is not enough more to give
		parallel.Each(ctx, len(short), func(i int) { read(short[i], 2*len(short)) })
	}
	return l
}

// Link finds what the inputs have to do with each other.
func (l *Loading) Link(ctx context.Context) {
	leaveOutNested(l.Tasks, l.Stacks, l.Results)
	join(ctx, l.Tasks, l.Stacks, l.Results)
}

// Analyse analyses what was read on all processors; the results are in the order
// of the tasks.
func (l *Loading) Analyse(ctx context.Context, o Options) []Result {
	tasks, stacks, results := l.Tasks, l.Stacks, l.Results
	// One list of all resources, so that one big input keeps every processor busy.
	var items []item
	before := make([][]Analysed, len(tasks))
	for i, t := range tasks {
		list := func(resources []resource.Resource) []Analysed {
			groups := CasesOf(resources)
			out := make([]Analysed, len(groups)*len(t.Deployments))
			for k, d := range t.Deployments {
				for n, g := range groups {
					items = append(items, item{i, g, d, &out[k*len(groups)+n]})
				}
			}
			return out
		}
		results[i].Analysed = list(stacks[i].Resources)
		if o.Question == nil {
			before[i] = list(stacks[i].Before)
		}
	}
	budgetOfRun.analyse(ctx, tasks, items, results)
	if o.Question == nil {
		for i := range tasks {
			results[i].attachments, results[i].users = stacks[i].Attachments, stacks[i].Users
		}
		parallel.Each(ctx, len(tasks), func(i int) { results[i].assumptions = tasks[i].defaults(stacks[i].Defaults, results[i].Analysed) })
	}
	for i := 0; i < len(results) && ctx.Err() == nil; i++ {
		if stacks[i].Compared && o.Question == nil {
			results[i].compared, results[i].before = true, before[i]
			results[i].compare(o)
		}
	}
	return results
}

// compare says of each finding what a plan changes, and adds those that it
// withdraws. What it keeps needs no counterpart.
func (r *Result) compare(o Options) {
	var after []rules.State
	var at []int
	for i, x := range r.Analysed {
		if x.Kept {
			r.Analysed[i].Findings = unchanged(x.Findings)
			continue
		}
		after, at = append(after, x.State()), append(at, i)
	}
	settled := Settle(statesOf(r.before), after, o)
	for i, s := range settled {
		if i < len(after) {
			r.Analysed[at[i]].Findings = s.Findings
		}
		r.withdrawn = append(r.withdrawn, s.Removed...)
		r.Diagnostics = append(r.Diagnostics, Doubts(s)...)
	}
}

func unchanged(list []finding.Finding) []finding.Finding {
	out := make([]finding.Finding, len(list))
	for i, f := range list {
		change := finding.Unchanged
		f.Change = &change
		out[i] = f
	}
	return out
}

// leaveOutNested drops what was read of files that a walk has found and that are
// part of another input: templates that another one nests, and files that a module
// reads. What is wrong with the latter alone need not be wrong in the module, which
// may fill them in. Templates that only nest each other stay.
func leaveOutNested(tasks []Task, stacks []resource.Stack, results []Result) {
	within := map[string][]string{}
	nested := map[string]bool{}
	ofModule := map[string]bool{}
	for i, t := range tasks {
		for _, name := range stacks[i].Within {
			if name != t.In.Path {
				within[t.In.Path] = append(within[t.In.Path], name)
				nested[name] = true
				ofModule[name] = ofModule[name] || t.In.Module
			}
		}
	}
	if len(nested) == 0 {
		return
	}
	reached := map[string]bool{}
	for _, t := range tasks {
		if !nested[t.In.Path] {
			for _, name := range within[t.In.Path] {
				reached[name] = true // all that it nests, at any depth
			}
		}
	}
	for i, t := range tasks {
		if !t.In.Named && reached[t.In.Path] {
			stacks[i] = resource.Stack{}
			if ofModule[t.In.Path] {
				results[i].Diagnostics = nil
			}
		}
	}
}

// join lets what one input declares attach to the resources of others, among
// those that are deployed alike. Those that import what others export are read
// again.
func join(ctx context.Context, tasks []Task, stacks []resource.Stack, results []Result) {
	groups := map[string][]int{}
	var order []string
	for i, t := range tasks {
		if len(stacks[i].Resources)+len(stacks[i].Exports) == 0 {
			continue
		}
		key := ""
		for _, d := range t.Deployments {
			key += d.Target + "\x00" + d.Zone.Name + "\x00" + d.Zone.Account + "\x00"
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], i)
	}
	for _, key := range order {
		members := groups[key]
		list := make([]resource.Stack, len(members))
		for k, i := range members {
			list[k] = stacks[i]
		}
		links := loaders.Link(list)
		parallel.Each(ctx, len(list), func(k int) {
			if imported := links.Imports(k); imported != nil {
				i := members[k]
				list[k], results[i] = tasks[i].Read(imported)
			}
		})
		for k, joined := range links.Join(list) {
			stacks[members[k]] = joined
		}
	}
}

// Read loads one input, with what others export if that is known. A panic is a
// bug of ours in the face of that input: it is reported, and the others are still
// analysed.
func (t Task) Read(imported func(name value.Text) []value.Text) (stack resource.Stack, out Result) {
	defer func() {
		if bug := recover(); bug != nil {
			stack = resource.Stack{}
			out = Result{read: true, recognised: true, Diagnostics: []source.Diagnostic{t.failure(fmt.Sprintf("internal error: %v", bug))}}
		}
	}()
	if memory.Short() {
		return stack, Result{Diagnostics: []source.Diagnostic{t.failure(outOfMemory)}}
	}
	in := loaders.Input{FS: t.Opened.Of(t.Edited.Over(t.In.FS())), Named: t.In.Named}
	if t.In.Module {
		in.Dir = t.In.Path
	} else {
		content, edited := t.Edited[t.In.Path]
		if !edited {
			var err error
			release := func() {}
			defer func() { release() }()
			content, err = t.In.Read(func(bytes int) (ok bool) {
				release()
				release, ok = memory.Claim(perByte * bytes)
				return ok
			})
			if err != nil {
				return stack, Result{Diagnostics: []source.Diagnostic{t.failure(workspace.Reason(err))}}
			}
		}
		in.File = source.NewFile(t.In.Path, content)
	}
	options, unread := t.loading(in)
	options.Imported = imported
	options.Properties = t.In.Settings.Custom != nil || t.In.Settings.Unused != nil || t.options.Properties
	stack, recognised := t.load(in, options)
	for i, d := range stack.Diagnostics { // they may keep as many copies of a large text
		stack.Diagnostics[i].Message = strings.Clone(escape.Brief(d.Message))
	}
	if !options.Properties {
		withoutProperties(stack.Resources)
		withoutProperties(stack.Before)
	}
	out = Result{read: true, recognised: recognised, Diagnostics: stack.Diagnostics, unread: stack.Unread}
	if recognised {
		out.Diagnostics = append(unread, out.Diagnostics...)
	}
	if !recognised && !hasError(stack.Diagnostics) {
		out.Diagnostics = append(out.Diagnostics, t.unrecognised(in.File)...)
	}
	out.intentions = intentionsOf(in, stack, t.In.Settings.Config.Suppressions.ImportFromIaC)
	return stack, out
}

// perByte is how much memory a byte of an input takes while it is read, at least.
const perByte = 4

// unrecognised is what is said of a file that no loader takes. Most that a walk
// finds are for others; one that is not a text could be anything.
func (t Task) unrecognised(f *source.File) []source.Diagnostic {
	why := source.NotText(f.Content)
	if why == "" && !utf8.Valid(f.Content) {
		why = "the file is not in UTF-8, expected text in UTF-8"
	}
	switch {
	case why != "" && !t.In.Named:
		return []source.Diagnostic{{Severity: source.Warning, Path: t.In.Path, Message: why + "; it is not analysed"}}
	case why != "":
		return []source.Diagnostic{t.failure(why)}
	case t.In.Named:
		return []source.Diagnostic{t.failure("not recognised as anything that grants access; a policy document is expected")}
	}
	return nil
}

// withoutProperties lets go of what only own rules look at.
func withoutProperties(list []resource.Resource) {
	for i := range list {
		list[i].Properties = value.Value{}
	}
}

// outOfMemory is said of what is given up when memory runs out.
const outOfMemory = "not analysed, because memory runs out; analyse fewer or smaller inputs at once"

// Guarded analyses a resource; a panic is a bug of ours in the face of it, and
// the others are still analysed.
func (t Task) Guarded(cases []resource.Resource, d config.Deployment) (out Analysed) {
	defer func() {
		if bug := recover(); bug != nil {
			out = t.givenUp(cases[0], d, fmt.Sprintf("internal error: %v", bug))
		}
	}()
	if memory.Short() {
		return t.givenUp(cases[0], d, outOfMemory)
	}
	return t.analyse(cases, d)
}

// givenUp is what is said of a resource that could not be analysed.
func (t Task) givenUp(r resource.Resource, d config.Deployment, why string) Analysed {
	failure := t.failure(why)
	failure.Span = r.Span
	return Analysed{rules.Output{Resource: finding.Resource{
		Path: r.Path, Address: r.Address, ResourceType: r.Type, Zone: d.Zone.Name, Target: d.Target, Verdict: finding.Undetermined,
	}, Diagnostics: []source.Diagnostic{failure}}, d, nil, nil, access.NotKnown}
}

// loading is what is known of the deployment before an input is read; account
// and region are not where there are several.
func (t Task) loading(in loaders.Input) (loaders.Options, []source.Diagnostic) {
	o := t.options.Given
	if len(t.Deployments) == 1 {
		d := t.Deployments[0]
		o.Account, o.Region, o.Partition = d.Zone.Account, d.Region, d.Partition
	}
	if in.File == nil || loaders.HasVariables(in.File.Name) {
		o.Repository = t.In.Repository()
		o.Modules = t.In.Modules(t.In.Settings, t.options.Modules)
	}
	unread := t.addGiven(&o, in)
	return o, unread
}

func (l *Loading) Copy() *Loading {
	return &Loading{slices.Clone(l.Tasks), slices.Clone(l.Stacks), slices.Clone(l.Results)}
}

// KeyOf tells the resources of one input apart.
func KeyOf(r resource.Resource) [4]string {
	key := [4]string{r.Path, r.Address, r.Type}
	if r.Detached {
		key[3] = r.ARN.String()
	}
	return key
}

// CasesOf groups the cases of one resource; the groups are in the order of
// their first. What one block declares may be several resources, of several
// types; what attaches to resources that are not in the input, one for each.
func CasesOf(list []resource.Resource) [][]resource.Resource {
	var out [][]resource.Resource
	index := map[[4]string]int{}
	for _, r := range list {
		key := KeyOf(r)
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], r)
	}
	return out
}

// analyse analyses the cases of one resource.
func (t Task) analyse(cases []resource.Resource, d config.Deployment) Analysed {
	if q := t.options.Question; q != nil {
		o := OptionsOf(t.options)
		o.Target = d.Target
		x := Analysed{Deployment: d, places: placesOf(cases[0])}
		t.ask(q, cases, func(r resource.Resource) resource.Resource { return t.asDeployed(r, d) }, o, &x)
		return x
	}
	outputs := make([]rules.Output, len(cases))
	when := make([][]string, len(cases))
	prepared := make([]resource.Resource, len(cases))
	for i, r := range cases {
		prepared[i] = t.asDeployed(r, d)
		o := OptionsOf(t.options)
		o.Target, o.PolicyChecks = d.Target, d.PolicyChecks
		outputs[i], when[i] = rules.Run(prepared[i], d.Zone, o), r.When
	}
	return Analysed{rules.Join(outputs, when), d, placesOf(cases[0]), prepared, ""}
}

func OptionsOf(o Options) rules.Options {
	return rules.Options{Complete: o.Complete, Effort: o.Effort, Most: o.findings}
}

// asDeployed is a resource of the input with what the deployment says of it.
func (t Task) asDeployed(r resource.Resource, d config.Deployment) resource.Resource {
	if in := t.In; in.Module && in.Path != "." && !strings.HasPrefix(r.Path, in.Path+"/") {
		r.Root = in.Path
	}
	return asDeployed(r, d)
}

// asDeployed is a resource with what the deployment says of it.
func asDeployed(r resource.Resource, d config.Deployment) resource.Resource {
	if r.Region == "" {
		r.Region = d.Region
	}
	if r.Partition == "" {
		r.Partition = d.Partition
	}
	owner := cmp.Or(r.Account, d.Zone.Account)
	if name, declared := d.BlockPublicS3[owner]; declared && owner != "" {
		return r.BlockedByAccount(fmt.Sprintf("account %q of the configuration", name), fmt.Sprintf("the configuration declares that Block Public Access is on in account %q", name))
	}
	return r
}

func (t Task) failure(message string) source.Diagnostic {
	return source.Diagnostic{Severity: source.Error, Path: t.In.Path, Message: message}
}

func hasError(ds []source.Diagnostic) bool {
	for _, d := range ds {
		if d.Severity == source.Error {
			return true
		}
	}
	return false
}
