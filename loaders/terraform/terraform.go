// Package terraform reads the configuration of Terraform and OpenTofu and
// evaluates it as far as it can be without an account, a state or a network:
// variables, locals, modules, functions, and the data sources whose answer
// follows from the code. What is known only after deployment is carried along
// by name, inside policy documents too, so that one unknown value leaves the
// rest of a document readable. What Terragrunt gives a module is read with it. Plans
// and states are not read here.
//
// https://developer.hashicorp.com/terraform/language
package terraform

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
	"github.com/iaclint/iaclint/loaders/deployed"
	"github.com/iaclint/iaclint/loaders/existence"
	"github.com/iaclint/iaclint/loaders/share"
)

// Given is what one option of the command line says: the value of a variable, as
// text, or a file of values.
type Given struct {
	Name, Text string
	File       *source.File
}

// Options are what the user says about the deployment.
type Options struct {
	// Template reads a template of CloudFormation that the module deploys; nil: none
	// is read.
	Template func(catalog.Template) resource.Stack
	Given    []Given           // as on Terraform's command line: later ones win over earlier ones
	Environ  map[string]string // TF_VAR_name and TF_WORKSPACE; nil unless the user asks for it
	// Workspace is the name of the workspace, "" when it is not known.
	Workspace string
	// Open are variables of the root module whose defaults do not count; "*" is all.
	Open []string
	// The deployment that the user has declared, "" where it is not known.
	Account, Region, Partition string
	// Modules are directories of modules, by the source that calls name.
	Modules map[string]string
	// Repository are addresses of the repository that is analysed, as RepositoryName
	// writes them: a source that names one of them is a directory here.
	Repository []string
	// Known, when not nil, tells what is known from elsewhere, as from a plan, of
	// an attribute of the resource with an address. It goes before what the
	// module says.
	Known func(address, attribute string) (value.Value, bool)
	// Inputs are values of the root module's variables that are known likewise.
	Inputs map[string]value.Value
	// Deployed tells names and values that the configuration leaves open; nil: none.
	// What the configuration says goes before it.
	Deployed *deployed.Values
	// Stated are values of what is not known, by the name that findings call it.
	Stated *deployed.Stated
	// Asked is told the names of what can be given a value; nil: nobody asks.
	Asked *deployed.Names
	// Syntax keeps what is parsed for the other modules of a run; nil: nothing is kept.
	Syntax *Syntax
	// Share is that of the work which one root module may take.
	Share share.Part
}

// IsModule reports whether a directory has files with configuration.
func IsModule(fsys fs.FS, dir string) bool {
	entries, err := fs.ReadDir(fsys, dir)
	return err == nil && len(configFiles(entries)) > 0
}

// Load reads the directory dir of fsys as a root module, with the modules that
// it calls. fsys is rooted at the input's root, which nothing is read from
// outside of; names of files are paths in it.
func Load(fsys fs.FS, dir string, o Options) resource.Stack {
	return newLoader(fsys, dir, o).load()
}

// Blocks evaluates a root module as Load does, and returns its resources of types
// that the catalogue has as they are declared.
func Blocks(fsys fs.FS, dir string, o Options) ([]catalog.Block, []source.Diagnostic) {
	l := newLoader(fsys, dir, o)
	blocks, diags := l.blocks()
	for _, u := range l.unread {
		diags = append(diags, source.Diagnostic{Severity: source.Error, Path: u.Path, Span: u.Span, Message: u.Message()})
	}
	return blocks, diags
}

// LoadFile reads one file as a module of that file alone: what other files of
// its directory would supply is not known.
func LoadFile(fsys fs.FS, name string, o Options) resource.Stack {
	l := newLoader(fsys, path.Dir(name), o)
	l.only = path.Base(name)
	return l.load()
}

// Called returns the directories that the module in dir calls: local modules, and
// those of the sources that directories are known for. A tree that is searched for
// root modules leaves them out.
func Called(fsys fs.FS, dir string, modules map[string]string) []string {
	l := newLoader(fsys, dir, Options{Modules: modules})
	entries, err := fs.ReadDir(fsys, l.root)
	if err != nil {
		return nil
	}
	var dirs []string
	if u := l.unit(); u != nil {
		if called, ok := u.directory(); ok && called != l.root {
			dirs = append(dirs, called)
		}
	}
	for _, name := range configFiles(entries) {
		name = path.Join(l.root, name)
		file, err := l.read(name)
		if err != nil || !mayCall(file.Content, modules) {
			continue
		}
		body := l.parse(name)
		if body == nil {
			continue
		}
		for _, b := range body.Blocks {
			if a := b.Body.Attributes["source"]; b.Type == "module" && a != nil {
				src := l.constant(a.Expr)
				called, ok := modules[src]
				if !ok {
					called, ok = localSource(l.root, src)
				}
				if ok && fs.ValidPath(called) {
					dirs = append(dirs, called)
				}
			}
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// mayCall is a quick look that rules out calls of modules that are in directories
// here. What it overlooks, because it is written with escapes, is analysed as a root
// module as well.
func mayCall(text []byte, modules map[string]string) bool {
	if !bytes.Contains(text, []byte("module")) {
		return false
	}
	for _, local := range []string{"./", `"."`, `".."`} {
		if bytes.Contains(text, []byte(local)) {
			return true
		}
	}
	for src := range modules {
		if bytes.Contains(text, []byte(src)) {
			return true
		}
	}
	return false
}

// Mentions reports whether the text of a module has one of some names of files in
// it, or reads sets of files: it may read them.
func Mentions(fsys fs.FS, dir string, names []string) bool {
	l := newLoader(fsys, dir, Options{})
	entries, err := fs.ReadDir(fsys, l.root)
	if err != nil {
		return false
	}
	files := configFiles(entries)
	if isFile(fsys, path.Join(l.root, UnitFile)) {
		files = append(files, UnitFile)
	}
	for _, name := range files {
		file, err := l.read(path.Join(l.root, name))
		if err != nil {
			continue
		}
		if bytes.Contains(file.Content, []byte("fileset")) || slices.ContainsFunc(names, func(n string) bool { return bytes.Contains(file.Content, []byte(n)) }) {
			return true
		}
	}
	return false
}

// localSource returns the directory of a module that is named by its path.
func localSource(dir, src string) (string, bool) {
	if src != "." && src != ".." && !strings.HasPrefix(src, "./") && !strings.HasPrefix(src, "../") {
		return "", false
	}
	return path.Join(dir, src), true
}

// loader is the state of reading one root module.
type loader struct {
	fsys fs.FS
	root string // directory of the root module
	only string // the only file of the root module that is read, "" for all
	// beside is the unit of Terragrunt that the root module is of, arguments set the
	// variables that it gives on the command line, and replaced are files of the
	// module that it writes anew.
	beside    string
	arguments []func(*module)
	replaced  []string
	o         Options

	files    map[string]*source.File
	secretly map[string]bool        // texts of secrets, which no message may quote
	aliases  map[string]source.Span // places of texts that are not files of their own
	configs  map[string]*config
	manifest map[string]string // directory of every installed module, by its path
	parsed   map[string]hclsyntax.Expression
	bytes    int
	pieces   int // of configuration, see hclsize

	diags     []source.Diagnostic
	static    []source.Diagnostic // errors that try does not catch
	unread    []resource.Unread   // calls of modules that are not here
	failures  int                 // errors so far, those that try catches included
	doubts    int                 // steps so far that may fail, because a value is not known
	steps     int
	depth     int
	exhausted bool
	short     bool // a larger share would have been used
	secrets   bool // values that must not be shown have been made
	deep      bool
	instances int

	// ofCloudFormation are blocks that CloudFormation's types describe, and deployed is
	// what templates in the code declare.
	ofCloudFormation []catalog.Block
	deployed         resource.Stack
	defaults         []resource.Default
	taken            map[string]bool // files whose text is part of the module

	templates []string // being evaluated
	accounts  *accounts
	answers   map[question]existence.Condition // about what names stand for
}

func newLoader(fsys fs.FS, dir string, o Options) *loader {
	return &loader{
		fsys: fsys, root: path.Clean(dir), o: o,
		files: map[string]*source.File{}, aliases: map[string]source.Span{}, configs: map[string]*config{}, parsed: map[string]hclsyntax.Expression{},
		answers: map[question]existence.Condition{}, taken: map[string]bool{},
	}
}

func (l *loader) load() resource.Stack {
	blocks, diags := l.blocks()
	stack := catalogResources(catalog.Terraform, blocks)
	more := catalogResources(catalog.CloudFormation, l.ofCloudFormation)
	stack.Resources = append(stack.Resources, more.Resources...)
	stack.Resources = append(stack.Resources, l.deployed.Resources...)
	stack.Within, stack.Defaults = sortedKeys(l.taken), l.defaults
	stack.Short = l.short || l.deployed.Short
	diags = append(append(diags, more.Diagnostics...), l.deployed.Diagnostics...)
	stack.Unread = append(l.unread, l.deployed.Unread...)
	stack.Diagnostics = append(diags, stack.Diagnostics...)
	return stack
}

// blocks evaluates the root module and all modules below it.
func (l *loader) blocks() ([]catalog.Block, []source.Diagnostic) {
	if u := l.unit(); u != nil {
		return l.unitBlocks(u)
	}
	root := &module{l: l, cfg: l.config(l.root)}
	switch {
	case root.cfg.unread != "":
		l.diags = append(l.diags, source.Diagnostic{Severity: source.Error, Path: l.root, Message: "directory cannot be read: " + root.cfg.unread})
	case root.cfg.empty:
		l.diags = append(l.diags, source.Diagnostic{Severity: source.Error, Path: l.root, Message: "directory has no configuration, expected files whose names end in .tf or .tofu"})
	}
	l.rootVariables(root)
	l.findAccounts(root)
	return l.blocksOf(root)
}

func (l *loader) blocksOf(root *module) ([]catalog.Block, []source.Diagnostic) {
	var blocks []catalog.Block
	root.walk(&blocks)
	l.defaults = root.deciding()
	return blocks, distinctDiagnostics(append(l.static, l.diags...))
}

// unitBlocks evaluates the module of a unit of Terragrunt.
func (l *loader) unitBlocks(u *unit) ([]catalog.Block, []source.Diagnostic) {
	root, carried := u.enter()
	blocks, diags := l.blocksOf(root)
	if carried != nil && catalogHasPolicy(carried.Properties) {
		blocks = append(blocks, *carried)
	}
	return blocks, diags
}

// distinctDiagnostics leaves one of what is reported again for every instance of
// a block.
func distinctDiagnostics(list []source.Diagnostic) []source.Diagnostic {
	type key struct {
		path       string
		start, end int
		message    string
	}
	seen := map[key]bool{}
	var out []source.Diagnostic
	for _, d := range list {
		k := key{d.Path, d.Span.Start, d.Span.End, d.Message}
		if !seen[k] {
			seen[k] = true
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b source.Diagnostic) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return a.Span.Start - b.Span.Start
	})
	return out
}
