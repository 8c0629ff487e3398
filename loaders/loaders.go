// Package loaders picks for every input the loader that reads it. A kind of
// input is recognised by its content, never by its name alone.
package loaders

import (
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
	"github.com/iaclint/iaclint/loaders/cloudformation"
	"github.com/iaclint/iaclint/loaders/deployed"
	"github.com/iaclint/iaclint/loaders/policyjson"
	"github.com/iaclint/iaclint/loaders/share"
	"github.com/iaclint/iaclint/loaders/terraform"
	"github.com/iaclint/iaclint/loaders/tfplan"
)

// Input is one thing to load: a file, or a directory that is a module.
type Input struct {
	File *source.File // nil for a module
	Dir  string       // of a module, in FS
	// FS holds what the input may refer to, under the names that reports show;
	// nil: nothing.
	FS    fs.FS
	Named bool // by the user, rather than found in a directory
}

// Options are what the user says about inputs that do not say it themselves.
type Options struct {
	ResourceType string // of a policy document, any name that package knowledge has
	// Parameters of templates, given by name and in files; a name given outright
	// counts more.
	Parameters     map[string]string
	ParameterFiles []*source.File
	Variables      []terraform.Given // of modules, in the order in which they are given
	Environ        map[string]string // TF_VAR_name and TF_WORKSPACE; nil unless the user asks for it
	Workspace      string            // of Terraform; "" is not known
	// Open are root parameters and variables whose defaults do not count, so that they
	// can have any value that is allowed; "*" is all of them.
	Open []string
	// SourceRoot is the directory in Source of the configuration that plans were
	// made from; nil: it is beside the plan, if anywhere.
	Source     fs.FS
	SourceRoot string
	// Account, Region and Partition of the deployment; "" where they are not declared.
	Account, Region, Partition string
	// Modules are directories, by the source of a module; Repository are the
	// addresses of the repository that the input is from.
	Modules    map[string]string
	Repository []string
	// Properties is set where somebody looks at all that the block of a resource says,
	// and not only at what decides.
	Properties bool
	// Imported returns the values that other templates export under a name; nil:
	// none are known.
	Imported func(name value.Text) []value.Text
	// Deployed tells names and values that code leaves open; nil: none.
	Deployed *deployed.Values
	// Stated are values of what is not known, by the name that findings call it.
	Stated *deployed.Stated
	// Asked are the names that the command line gives parameters and variables; nil:
	// nobody asks whether there are such.
	AskedParameters, AskedVariables *deployed.Names
	// Syntax keeps what is parsed of modules for other inputs; nil: nothing is kept.
	Syntax *terraform.Syntax
	// Share is that of the work which one input may take. What is short of it says so.
	Share share.Part
}

// Variables gives each variable a value.
func Variables(values map[string]string) []terraform.Given {
	var out []terraform.Given
	for _, name := range slices.Sorted(maps.Keys(values)) {
		out = append(out, terraform.Given{Name: name, Text: values[name]})
	}
	return out
}

// Loader reads one kind of file.
type Loader struct {
	Name  string
	Match func(*source.File) bool
	Load  func(Input, Options) resource.Stack
}

// All are the loaders of files, in the order in which they are asked.
var All = []Loader{
	{"Terraform plan", tfplan.Match, loadPlan},
	{"CloudFormation change set", cloudformation.MatchChangeSet, loadChangeSet},
	{"output of get-template", cloudformation.MatchBody, loadBody},
	{"resources of stacks", cloudformation.MatchResources, loadResources},
	{"CloudFormation template", cloudformation.Match, loadTemplate},
	{"policy JSON", policyjson.MatchFile, loadPolicy},
	{"Terragrunt unit", func(f *source.File) bool { return path.Base(f.Name) == UnitFile }, loadUnit},
	{"Terraform file", func(f *source.File) bool { return IsModuleFile(f.Name) }, loadModule},
}

func loadPlan(in Input, o Options) resource.Stack {
	files := in.FS
	if o.Source != nil {
		files = o.Source
	}
	return tfplan.Load(in.File, tfplan.Options{FS: files, SourceRoot: o.SourceRoot, Account: o.Account, Region: o.Region, Partition: o.Partition, Stated: o.Stated, Properties: o.Properties, Template: templates(o)})
}

func loadPolicy(in Input, o Options) resource.Stack {
	return policyjson.Load(in.File, policyjson.Options{ResourceType: o.ResourceType})
}

func loadTemplate(in Input, o Options) resource.Stack {
	return described(cloudformation.Load(in.File, ofTemplates(in, o)))
}

func loadBody(in Input, o Options) resource.Stack {
	return described(cloudformation.LoadBody(in.File, ofTemplates(in, o)))
}

func loadChangeSet(in Input, o Options) resource.Stack {
	return described(cloudformation.LoadChangeSet(in.File, ofTemplates(in, o)))
}

// loadResources says that a list of resources grants nothing by itself.
func loadResources(in Input, _ Options) resource.Stack {
	severity := source.Warning
	if in.Named {
		severity = source.Error
	}
	return resource.Stack{Diagnostics: []source.Diagnostic{{Severity: severity, Path: in.File.Name,
		Message: "the resources of a stack have names and no policies, so that there is nothing to analyse: give them with --values beside the code or the output of get-template"}}}
}

func ofTemplates(in Input, o Options) cloudformation.Options {
	return cloudformation.Options{
		Parameters: o.Parameters, ParameterFiles: o.ParameterFiles, FS: in.FS, Account: o.Account, Region: o.Region, Partition: o.Partition,
		Imported: o.Imported, Open: o.Open, Deployed: o.Deployed, Stated: o.Stated, Asked: o.AskedParameters,
		Work: &cloudformation.Work{Share: o.Share},
	}
}

// templates reads templates of CloudFormation that are part of Terraform's code.
func templates(o Options) func(catalog.Template) resource.Stack {
	work := &cloudformation.Work{Share: o.Share}
	return func(t catalog.Template) resource.Stack {
		return described(cloudformation.LoadWithin(t, cloudformation.Options{Account: o.Account, Region: o.Region, Partition: o.Partition, Work: work}))
	}
}

// loadModule loads a directory, or a file as a module of its own.
func loadModule(in Input, o Options) resource.Stack {
	options := terraform.Options{
		Given: o.Variables, Environ: o.Environ, Workspace: o.Workspace, Account: o.Account, Region: o.Region, Partition: o.Partition,
		Modules: o.Modules, Repository: o.Repository, Open: o.Open, Deployed: o.Deployed, Stated: o.Stated, Asked: o.AskedVariables,
		Syntax: o.Syntax, Share: o.Share,
	}
	options.Template = templates(o)
	if in.File == nil {
		return described(terraform.Load(in.FS, in.Dir, options))
	}
	return described(terraform.LoadFile(overlay{in.FS, in.File}, in.File.Name, options))
}

// loadUnit loads the unit that a file of Terragrunt makes of its directory.
func loadUnit(in Input, o Options) resource.Stack {
	return loadModule(Input{Dir: path.Dir(in.File.Name), FS: overlay{in.FS, in.File}, Named: in.Named}, o)
}

// described adds to policies on something that is not known what they tell about it.
func described(s resource.Stack) resource.Stack {
	for i := range s.Resources {
		if r := &s.Resources[i]; r.Type == "" && len(r.Documents) == 1 {
			policyjson.Describe(r)
		}
	}
	return s
}

// Load reads an input with the first loader that knows it. A file that none
// knows is not recognised; but one that the user named and that is JSON is, so
// that it is said what is wrong with it.
func Load(in Input, o Options) (stack resource.Stack, recognised bool) {
	if in.File == nil {
		return loadModule(in, o), true
	}
	for _, l := range All {
		if l.Match(in.File) {
			return l.Load(in, o), true
		}
	}
	if in.Named && policyjson.IsJSON(in.File) {
		return loadPolicy(in, o), true
	}
	return resource.Stack{}, false
}

// Knows reports whether a loader reads the file: it is not a report of ours then,
// whatever else is in it.
func Knows(file *source.File) bool {
	return slices.ContainsFunc(All, func(l Loader) bool { return l.Match(file) })
}

// Link finds what stacks that are deployed alike have to do with each other: what
// one imports from another, for which it is read again, and what attaches to
// resources of another.
func Link(stacks []resource.Stack) *catalog.Links { return catalog.Link(stacks) }

// Deployed reads what exports of an account tell of names and values: states of
// Terraform, and what package deployed reads.
func Deployed(files []*source.File) (*deployed.Values, []source.Diagnostic) {
	v := deployed.New()
	var diags []source.Diagnostic
	for _, f := range files {
		var more []source.Diagnostic
		if tfplan.Match(f) {
			more = tfplan.Deployed(f, v)
		} else {
			_, more = v.Add(f)
		}
		diags = append(diags, more...)
	}
	return v, diags
}
