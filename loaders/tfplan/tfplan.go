// Package tfplan loads Terraform plans in their JSON form, as terraform show
// -json writes them: what will be there once the plan is applied, and what was
// there before. A state in that form is what is there. It keeps only the resources
// that the catalogue knows, so that a plan of 100 MB needs little more memory than its
// text.
//
// A plan has values, and for what is not known yet only the names of what it
// depends on, never an expression. What cannot be told from that is unknown.
//
// https://developer.hashicorp.com/terraform/internals/json-format
package tfplan

import (
	"io/fs"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
	"github.com/iaclint/iaclint/loaders/deployed"
)

// Options of Load.
type Options struct {
	// FS holds the configuration that the plan was made from, in SourceRoot or,
	// when that is "", in the plan's directory; nil: it is not at hand.
	FS         fs.FS
	SourceRoot string
	// Account, Region and Partition of the deployment; "" where they are not declared.
	Account, Region, Partition string
	// Stated are values of what is not known, by the name that findings call it.
	Stated *deployed.Stated
	// Properties is set where somebody looks at attributes that decide nothing.
	Properties bool
	// Template reads a template of CloudFormation that the plan deploys; nil: none is
	// read.
	Template func(catalog.Template) resource.Stack
}

// Load reads a plan. All of its text has to be in memory, since findings point
// into it; nothing of it is ever quoted, since values that are sensitive are in
// it as they are.
func Load(f *source.File, o Options) resource.Stack {
	if d, refused := refuse(f); refused {
		return resource.Stack{Diagnostics: []source.Diagnostic{d}}
	}
	l := newLoader(open(f), o)
	l.checkVersion()
	l.read()
	l.resolveAll()
	l.addSource()
	return l.stack()
}

// loader reads one plan.
type loader struct {
	*plan
	options Options
	hidden  *source.File // the file of what is sensitive

	root       *module
	objects    []*object                     // managed resources, and documents that are read when the plan is applied
	identities []*object                     // data.aws_caller_identity
	byBase     map[string]map[string]*object // by address without index, then by index
	instances  map[string]map[string]bool    // indexes of the instances of a module, by its address without
	providers  map[string]deployment
	wasRead    map[string]bool    // data sources that were read while planning, by address without index
	facts      map[string]*object // data sources that were read while planning, by address
	accounts   map[string]string  // by scope
	several    bool               // scopes
	incomplete bool               // resources may be missing from the plan
}

func newLoader(p *plan, o Options) *loader {
	return &loader{
		plan: p, options: o, hidden: &source.File{Name: p.file.Name, Unquoted: true, Sensitive: true},
		byBase: map[string]map[string]*object{}, instances: map[string]map[string]bool{}, providers: map[string]deployment{}, accounts: map[string]string{}, wasRead: map[string]bool{}, facts: map[string]*object{},
	}
}

// read finds the objects of the plan and where they are declared.
func (l *loader) read() {
	configuration := l.parts["configuration"]
	l.root = l.readModule(l.at(configuration, "root_module"), nil, "", 0)
	l.readProviders(l.at(configuration, "provider_config"))
	l.readObjects()
	for _, o := range l.objects {
		l.index(o)
	}
	for _, o := range l.readPrior() {
		if l.declare(o); o.typ == callerIdentity {
			l.identities = append(l.identities, o)
		} else if l.byBase[o.base][o.index] == nil {
			l.index(o)
		}
	}
	l.learnAccounts()
}

// readPrior returns the data sources that were read, while planning or before the
// state was written, and tell something.
func (l *loader) readPrior() []*object {
	var out []*object
	isData := func(mode tfjson.ResourceMode, typ string) bool { return mode == tfjson.DataResourceMode }
	values := l.at(l.parts["prior_state"], "values")
	if l.noun == "state" {
		values = l.parts["values"]
	}
	l.readState(values, isData, func(o *object) {
		l.wasRead[o.base] = true
		if o.typ != policyDocument {
			l.facts[o.address] = o
		}
		if o.typ == policyDocument || o.typ == callerIdentity {
			o.partial = false
			out = append(out, o)
		}
	})
	return out
}

// index makes an object known by its address.
func (l *loader) index(o *object) {
	l.declare(o)
	if o.deposed {
		return
	}
	if l.byBase[o.base] == nil {
		l.byBase[o.base] = map[string]*object{}
	}
	l.byBase[o.base][o.index] = o
	path := steps(o.module)
	for i := 1; i < len(path); i += 2 {
		last := path[i].index
		base := slices.Clone(path[:i+1])
		base[i].index = ""
		address := write(base)
		if l.instances[address] == nil {
			l.instances[address] = map[string]bool{}
		}
		l.instances[address][last] = true
	}
}

// declare finds where an object is declared.
func (l *loader) declare(o *object) {
	var calls []step
	for i, s := range steps(o.module) {
		if i%2 == 1 {
			calls = append(calls, s)
		}
	}
	if m := l.root.find(calls); m != nil {
		if code := m.resources[o.name]; code != nil {
			o.code, o.in = code, m
		}
	}
}

// resolveAll gives every object its block.
func (l *loader) resolveAll() {
	for _, o := range l.objects {
		l.resolve(o)
	}
	l.dropEchoes()
}

// resolve gives an object its block. A reference that leads back to one that is
// being resolved sees what needs no reference.
func (l *loader) resolve(o *object) {
	if o.state != untouched {
		return
	}
	o.state = busy
	l.identify(o, &o.block)
	v := l.parse(o.after)
	bare := *o
	bare.code = nil
	o.block.Properties = merger{l, &bare, false}.value(v, piece{}, o.sensitive, place{})
	if o.partial || l.holdsTrue(o.unknown) {
		o.block.Properties = l.properties(o, v)
	}
	o.state = done
	o.block.Refers, o.block.Vague = l.refers(o), l.vague(o)
}

// refers returns the objects that properties refer to and have the value of. A
// known value may have been made from that of another object, so it has to be
// the same.
func (l *loader) refers(o *object) map[string]string {
	if o.code == nil || o.mode == tfjson.DataResourceMode {
		return nil
	}
	var out map[string]string
	for _, f := range o.block.Properties.Fields {
		if f.Value.Kind != value.String || useOf(f.Key) != naming {
			continue
		}
		s := o.scope()
		s.lenient = true
		targets, ok := l.targets(l.references(l.written(o.code.expressions, []string{f.Key})...), s, trail{})
		for _, t := range targets {
			text, known := l.text(t, place{names: []string{f.Key}})
			if !ok || !known || !text.Equal(f.Value.Text) || t.object.typ == o.typ {
				continue
			}
			if out == nil {
				out = map[string]string{}
			}
			if out[f.Key] == "" || !t.object.isPart() {
				out[f.Key] = t.object.address
			}
		}
	}
	return out
}

// vague returns the properties of an object that name another one by what the
// plan has no value for, such as a local, and the module that they are written in.
func (l *loader) vague(o *object) map[string]string {
	if o.code == nil || o.mode == tfjson.DataResourceMode {
		return nil
	}
	var out map[string]string
	for _, f := range o.block.Properties.Fields {
		if f.Value.Kind != value.Unknown || f.Value.Items != nil || useOf(f.Key) != naming || len(l.written(o.code.expressions, []string{f.Key})) == 0 {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[f.Key] = o.module
	}
	return out
}

// isPart reports whether an object is named by what it belongs to, as the policy
// of a bucket is by the bucket.
func (o *object) isPart() bool {
	_, ok := attribute(o.block, "arn")
	return !ok
}

// identify fills in what a block is, but for its properties.
func (l *loader) identify(o *object, b *catalog.Block) {
	d := l.deployment(o)
	b.Type, b.Address, b.Path, b.Span = o.typ, o.address, l.file.Name, l.span(o.where)
	b.Documents = l.documents(o)
	b.Scope, b.Account, b.Region = d.scope, d.account, d.region
	if b.Account == "" {
		b.Account = l.accounts[d.scope]
	}
	if region, ok := l.str(l.at(o.after, "region")); ok && regionName().MatchString(region) {
		b.Region = region
	}
	if d.scope == "" {
		if b.Account == "" {
			b.Account = l.options.Account
		}
		if b.Region == "" {
			b.Region = l.options.Region
		}
	}
	if o.actions.Forget() {
		b.Notes = append(b.Notes, o.address+" is only removed from Terraform's state: it stays in AWS")
	}
	if o.deferred != "" {
		b.Notes = append(b.Notes, "Terraform has put off planning "+o.address+": "+o.deferred)
	}
}
