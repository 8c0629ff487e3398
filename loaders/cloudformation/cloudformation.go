// Package cloudformation loads CloudFormation templates: hand-written YAML and
// JSON, SAM, and what the CDK synthesises. It evaluates intrinsic functions as
// far as parameters, mappings and conditions settle them, carries the rest as
// references, and hands the declared resources to package catalog, which knows
// what they mean. It calls no AWS service: what only a deployment could tell is
// unknown and stays so.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
package cloudformation

import (
	"io/fs"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
	"github.com/iaclint/iaclint/loaders/deployed"
)

// Options of Load.
type Options struct {
	// Parameters are values given by name; they win over ParameterFiles, of
	// which the last one wins.
	Parameters     map[string]string
	ParameterFiles []*source.File
	// Open are parameters of the template whose defaults do not count; "*" is all.
	Open []string
	// FS is the root of the input, in which the paths of files are names: what a
	// template refers to is read from it. nil: nothing else may be read.
	FS fs.FS
	// What is declared of the deployment; "" is not known.
	Account, Region, Partition string
	// Imported returns the values that other stacks export under a name; nil: no
	// other stack is known.
	Imported func(name value.Text) []value.Text
	// Deployed tells names and values that the template leaves open; nil: none.
	Deployed *deployed.Values
	// Stated are values of what is not known, by the name that findings call it.
	Stated *deployed.Stated
	// Asked is told the names of what can be given a value; nil: nobody asks.
	Asked *deployed.Names
	// Work counts what is done, which several templates can share; nil: nothing is
	// done yet, and all that one template may take is left.
	Work *Work
}

// Load reads a template.
func Load(f *source.File, o Options) resource.Stack {
	e := newEvaluator(f, o)
	stack := e.stack(e.root(f))
	stack.Within = Nests(f, o)
	return stack
}

// stack evaluates a template.
func (e *evaluator) stack(root value.Value) resource.Stack {
	blocks, exports := e.whole(root)
	stack := catalog.Resources(catalog.CloudFormation, blocks)
	stack.Diagnostics = append(e.diags, stack.Diagnostics...)
	stack.Path, stack.Exports, stack.Imports, stack.Unread = e.input.Name, exports, e.imports, e.unread
	stack.Defaults, stack.Short = e.defaults, e.work.short
	return stack
}

// Blocks returns the resources of a template that decide who can reach
// something, in the order of the template, those of nested stacks after it. A
// resource that depends on conditions which parameters do not settle is there
// once for each form that it can have.
func Blocks(f *source.File, o Options) ([]catalog.Block, []resource.Export, []source.Diagnostic) {
	e, blocks, exports := read(f, o)
	return blocks, exports, e.diags
}

func read(f *source.File, o Options) (*evaluator, []catalog.Block, []resource.Export) {
	e := newEvaluator(f, o)
	blocks, exports := e.whole(e.root(f))
	return e, blocks, exports
}

// root parses the input; the value is Absent if it is not a template.
func (e *evaluator) root(f *source.File) value.Value {
	root, diags := parse(f)
	e.diags = append(e.diags, diags...)
	if root.Kind != value.Map {
		if root.Kind != value.Absent {
			e.errorf(root.Span, "expected a template: an object with %q, found %s", "Resources", root.Kind)
		}
		return value.Value{}
	}
	return root
}

// whole evaluates the template that is the input.
func (e *evaluator) whole(root value.Value) ([]catalog.Block, []resource.Export) {
	if root.Kind != value.Map {
		return nil, nil
	}
	s := e.scope(e.input, root, nil)
	blocks := e.blocks(s)
	e.defaults = e.deciding(s, root)
	return blocks, e.exports(s)
}
