package cli

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders"
	"github.com/iaclint/iaclint/rules"
)

// result is what one input gave.
type result struct {
	read        bool // its bytes were read
	recognised  bool
	analysed    []analysed
	diagnostics []source.Diagnostic
	withdrawn   []finding.Finding // access that a plan or a change takes away
	compared    bool              // the input itself tells what there is already
	before      []analysed        // what there is, as far as it is not kept
	intentions
}

// analysed is what one resource gave under one deployment.
type analysed struct {
	rules.Output
	deployment config.Deployment
	places     []source.Span       // of the resource, and of what led to it
	cases      []resource.Resource // it, as it was analysed
	about      access.Answer       // whether a question is about it, if one is asked
}

// loader reads an input as what its content says it is: loaders.Load, but for tests.
type loader func(in loaders.Input, o loaders.Options) (stack resource.Stack, recognised bool)

// task is an input with everything that its analysis needs, so that tasks can
// run at the same time.
type task struct {
	in          *workspace.Input
	load        loader
	flags       *flags
	given       loaders.Options
	deployments []config.Deployment
	edited      workspace.Edits   // what is read in the place of files
	opened      *workspace.Opened // what was read; nil if nobody asks
}

// analyse analyses the inputs on all processors; the results are in the order
// of the inputs.
func analyse(files []workspace.Input, load loader, flags *flags, given loaders.Options) []result {
	l := read(tasksOf(files, load, flags, given))
	l.link()
	return byInput(files, l.tasks, l.analyse(flags))
}

func tasksOf(files []workspace.Input, load loader, flags *flags, given loaders.Options) []task {
	var tasks []task
	for i := range files {
		s := files[i].Settings
		for _, alike := range givenAlike(s.Plan.Deployments(s.Path(&files[i]))) {
			tasks = append(tasks, task{in: &files[i], load: load, flags: flags, given: given, deployments: alike})
		}
	}
	return tasks
}

// loading is what was read of inputs, one entry a task.
type loading struct {
	tasks   []task
	stacks  []resource.Stack
	results []result
}

// read reads the inputs on all processors.
func read(tasks []task) *loading {
	l := &loading{tasks, make([]resource.Stack, len(tasks)), make([]result, len(tasks))}
	each(len(tasks), func(i int) { l.stacks[i], l.results[i] = tasks[i].read(nil) })
	return l
}

// link finds what the inputs have to do with each other.
func (l *loading) link() {
	leaveOutNested(l.tasks, l.stacks)
	join(l.tasks, l.stacks, l.results)
}

// analyse analyses what was read on all processors; the results are in the order
// of the tasks.
func (l *loading) analyse(flags *flags) []result {
	tasks, stacks, results := l.tasks, l.stacks, l.results
	// One list of all resources, so that one big input keeps every processor busy.
	type item struct {
		task  int
		cases []resource.Resource
		under config.Deployment
		to    *analysed
	}
	var items []item
	before := make([][]analysed, len(tasks))
	for i, t := range tasks {
		list := func(resources []resource.Resource) []analysed {
			groups := casesOf(resources)
			out := make([]analysed, len(groups)*len(t.deployments))
			for k, d := range t.deployments {
				for n, g := range groups {
					items = append(items, item{i, g, d, &out[k*len(groups)+n]})
				}
			}
			return out
		}
		results[i].analysed = list(stacks[i].Resources)
		if flags.question == nil {
			before[i] = list(stacks[i].Before)
		}
	}
	each(len(items), func(i int) {
		x := items[i]
		*x.to = tasks[x.task].guarded(x.cases, x.under)
	})
	for i := range results {
		if stacks[i].Compared && flags.question == nil {
			results[i].compared, results[i].before = true, before[i]
			results[i].compare(flags)
		}
	}
	return results
}

// compare says of each finding what a plan changes, and adds those that it
// withdraws. What it keeps needs no counterpart.
func (r *result) compare(f *flags) {
	var after []rules.State
	var at []int
	for i, x := range r.analysed {
		if x.Kept {
			r.analysed[i].Findings = unchanged(x.Findings)
			continue
		}
		after, at = append(after, x.state()), append(at, i)
	}
	settled := settle(statesOf(r.before), after, f)
	for i, s := range settled {
		if i < len(after) {
			r.analysed[at[i]].Findings = s.Findings
		}
		r.withdrawn = append(r.withdrawn, s.Removed...)
		r.diagnostics = append(r.diagnostics, doubts(s)...)
	}
}

func unchanged(list []finding.Finding) []finding.Finding {
	out := make([]finding.Finding, len(list))
	for i, f := range list {
		change := rules.Unchanged
		f.Change = &change
		out[i] = f
	}
	return out
}

// leaveOutNested drops what was read of templates that a walk has found and that
// another one nests: they are analysed with it. Templates that only nest each
// other stay.
func leaveOutNested(tasks []task, stacks []resource.Stack) {
	within := map[string][]string{}
	nested := map[string]bool{}
	for i, t := range tasks {
		for _, name := range stacks[i].Within {
			if name != t.in.Path {
				within[t.in.Path] = append(within[t.in.Path], name)
				nested[name] = true
			}
		}
	}
	if len(nested) == 0 {
		return
	}
	reached := map[string]bool{}
	for _, t := range tasks {
		if !nested[t.in.Path] {
			for _, name := range within[t.in.Path] {
				reached[name] = true // all that it nests, at any depth
			}
		}
	}
	for i, t := range tasks {
		if !t.in.Named && reached[t.in.Path] {
			stacks[i] = resource.Stack{}
		}
	}
}

// join lets what one input declares attach to the resources of others, among
// those that are deployed alike. Those that import what others export are read
// again.
func join(tasks []task, stacks []resource.Stack, results []result) {
	groups := map[string][]int{}
	var order []string
	for i, t := range tasks {
		if len(stacks[i].Resources)+len(stacks[i].Exports) == 0 {
			continue
		}
		key := ""
		for _, d := range t.deployments {
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
		each(len(list), func(k int) {
			if imported := links.Imports(k); imported != nil {
				i := members[k]
				list[k], results[i] = tasks[i].read(imported)
			}
		})
		for k, joined := range links.Join(list) {
			stacks[members[k]] = joined
		}
	}
}

// each calls f with every index below n, on all processors.
func each(n int, f func(int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wait.Wait()
}

// read loads one input, with what others export if that is known. A panic is a
// bug of ours in the face of that input: it is reported, and the others are still
// analysed.
func (t task) read(imported func(name value.Text) []value.Text) (stack resource.Stack, out result) {
	defer func() {
		if bug := recover(); bug != nil {
			stack = resource.Stack{}
			out = result{read: true, recognised: true, diagnostics: []source.Diagnostic{t.failure(fmt.Sprintf("internal error: %v", bug))}}
		}
	}()
	in := loaders.Input{FS: t.opened.Of(t.edited.Over(t.in.FS())), Named: t.in.Named}
	if t.in.Module {
		in.Dir = t.in.Path
	} else {
		content, edited := t.edited[t.in.Path]
		if !edited {
			var err error
			if content, err = t.in.Read(); err != nil {
				return stack, result{diagnostics: []source.Diagnostic{t.failure(workspace.Reason(err))}}
			}
		}
		in.File = source.NewFile(t.in.Path, content)
	}
	options, unread := t.options(in)
	options.Imported = imported
	options.Properties = t.in.Settings.Custom != nil || t.flags.properties
	stack, recognised := t.load(in, options)
	if !options.Properties {
		withoutProperties(stack.Resources)
		withoutProperties(stack.Before)
	}
	out = result{read: true, recognised: recognised, diagnostics: stack.Diagnostics}
	if recognised {
		out.diagnostics = append(unread, out.diagnostics...)
	}
	if !recognised && t.in.Named && !hasError(stack.Diagnostics) {
		out.diagnostics = append(out.diagnostics, t.failure("not recognised as anything that grants access; a policy document is expected"))
	}
	out.intentions = intentionsOf(in, stack, t.in.Settings.Config.Suppressions.ImportFromIaC)
	return stack, out
}

// withoutProperties lets go of what only own rules look at.
func withoutProperties(list []resource.Resource) {
	for i := range list {
		list[i].Properties = value.Value{}
	}
}

// guarded analyses a resource; a panic is a bug of ours in the face of it, and
// the others are still analysed.
func (t task) guarded(cases []resource.Resource, d config.Deployment) (out analysed) {
	defer func() {
		if bug := recover(); bug != nil {
			r := cases[0]
			failure := t.failure(fmt.Sprintf("internal error: %v", bug))
			failure.Span = r.Span
			out = analysed{rules.Output{Resource: finding.Resource{
				Path: r.Path, Address: r.Address, ResourceType: r.Type, Zone: d.Zone.Name, Target: d.Target, Verdict: finding.Undetermined,
			}, Diagnostics: []source.Diagnostic{failure}}, d, nil, nil, access.NotKnown}
		}
	}()
	return t.analyse(cases, d)
}

// options are what is known of the deployment before an input is read; account
// and region are not where there are several.
func (t task) options(in loaders.Input) (loaders.Options, []source.Diagnostic) {
	o := t.given
	if len(t.deployments) == 1 {
		d := t.deployments[0]
		o.Account, o.Region, o.Partition = d.Zone.Account, d.Region, d.Partition
	}
	unread := t.addGiven(&o, in)
	return o, unread
}

// casesOf groups the cases of one resource; the groups are in the order of
// their first. What one block declares may be several resources, of several
// types; what attaches to resources that are not in the input, one for each.
func casesOf(list []resource.Resource) [][]resource.Resource {
	var out [][]resource.Resource
	index := map[[4]string]int{}
	for _, r := range list {
		key := [4]string{r.Path, r.Address, r.Type}
		if r.Detached {
			key[3] = r.ARN.String()
		}
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
func (t task) analyse(cases []resource.Resource, d config.Deployment) analysed {
	if q := t.flags.question; q != nil {
		o := optionsOf(t.flags)
		o.Target = d.Target
		x := analysed{deployment: d, places: placesOf(cases[0])}
		t.ask(q, cases, func(r resource.Resource) resource.Resource { return deployed(r, d) }, o, &x)
		return x
	}
	outputs := make([]rules.Output, len(cases))
	when := make([][]string, len(cases))
	prepared := make([]resource.Resource, len(cases))
	for i, r := range cases {
		prepared[i] = deployed(r, d)
		o := optionsOf(t.flags)
		o.Target = d.Target
		outputs[i], when[i] = rules.Run(prepared[i], d.Zone, o), r.When
	}
	return analysed{rules.Join(outputs, when), d, placesOf(cases[0]), prepared, ""}
}

func optionsOf(f *flags) rules.Options {
	return rules.Options{Complete: f.findings == "complete"}
}

// deployed is a resource with what the deployment says of it.
func deployed(r resource.Resource, d config.Deployment) resource.Resource {
	if r.Region == "" {
		r.Region = d.Region
	}
	if r.Partition == "" {
		r.Partition = d.Partition
	}
	return blockPublicS3(r, d)
}

// blockPublicS3 adds what the configuration says of the owner account: its
// Block Public Access holds for all buckets and access points.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func blockPublicS3(r resource.Resource, d config.Deployment) resource.Resource {
	owner := r.Account
	if owner == "" {
		owner = d.Zone.Account
	}
	name, declared := d.BlockPublicS3[owner]
	if !declared || owner == "" || r.Type != "AWS::S3::Bucket" {
		return r
	}
	r.Block = &resource.PublicAccessBlock{IgnorePublicACLs: true, RestrictPublicBuckets: true, Address: fmt.Sprintf("account %q of the configuration", name)}
	documents := make([]resource.Document, len(r.Documents))
	for i, doc := range r.Documents {
		if doc.Block != nil {
			doc.Block = r.Block
		}
		documents[i] = doc
	}
	r.Documents = documents
	r.Notes = append(r.Notes[:len(r.Notes):len(r.Notes)], fmt.Sprintf("the configuration declares that Block Public Access is on in account %q", name))
	return r
}

func (t task) failure(message string) source.Diagnostic {
	return source.Diagnostic{Severity: source.Error, Path: t.in.Path, Message: message}
}

func hasError(ds []source.Diagnostic) bool {
	for _, d := range ds {
		if d.Severity == source.Error {
			return true
		}
	}
	return false
}
