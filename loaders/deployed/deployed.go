// Package deployed reads names and values that code leaves open and that exports of
// an account tell: the resources, parameters and exports of stacks, the attributes
// and outputs of a Terraform state. It knows no policy. What two exports tell
// differently is not known.
//
// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/describe-stack-resources.html
// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/list-exports.html
// https://developer.hashicorp.com/terraform/internals/json-format#state-representation
package deployed

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// Values are all that the exports tell. A nil one tells nothing.
type Values struct {
	stacks  []*Stack
	byID    map[string]*Stack
	exports map[string]told
	outputs map[string]map[string]value.Value // of Terraform configurations, by what their file is called
	// States tell the attributes of a Terraform resource, by its address; each is of
	// one state.
	States []func(address string) map[string]value.Value
}

// told is a value, or that there are several.
type told struct {
	text    string
	differs bool
}

// Stack is what is told of one stack of CloudFormation.
type Stack struct {
	ID, Name   string
	Parameters map[string]string
	resources  map[string]physical // by logical id
	differ     map[string]bool     // parameters that are told twice, and not alike
}

type physical struct {
	typ, id string
	differs bool
}

// Most of what is read of all files together.
const mostValues = 1_000_000

// New returns values of which none is told.
func New() *Values {
	return &Values{byID: map[string]*Stack{}, exports: map[string]told{}, outputs: map[string]map[string]value.Value{}}
}

// Add reads a file: the outputs of describe-stack-resources, list-stack-resources,
// describe-stack-resource, describe-stacks, describe-change-set and list-exports, and
// of terraform output -json. Of another file it is not ok.
func (v *Values) Add(f *source.File) (ok bool, diags []source.Diagnostic) {
	for root, diags := range jsontree.Values(f) {
		if len(diags) > 0 {
			return ok, diags
		}
		if !v.add(f.Name, root) {
			return ok, []source.Diagnostic{{Severity: source.Error, Path: f.Name, Span: root.Span,
				Message: "expected names and values of what is deployed: describe-stack-resources, list-stack-resources, describe-stacks, list-exports, terraform output -json or terraform show -json of a state"}}
		}
		ok = true
	}
	return ok, nil
}

func (v *Values) add(file string, root value.Value) bool {
	if root.Kind != value.Map {
		return false
	}
	switch {
	case isList(root.Get("StackResources")):
		v.resources(root.Get("StackResources").Items)
	case isList(root.Get("StackResourceSummaries")):
		v.resources(root.Get("StackResourceSummaries").Items)
	case root.Get("StackResourceDetail").Kind == value.Map:
		v.resources([]value.Value{root.Get("StackResourceDetail")})
	case isList(root.Get("Exports")):
		for _, x := range root.Get("Exports").Items {
			v.export(text(x, "Name"), x.Get("Value"))
		}
	case isList(root.Get("Stacks")):
		for _, s := range root.Get("Stacks").Items {
			v.stack(s)
		}
	case text(root, "StackId") != "" && isList(root.Get("Changes")):
		v.stack(root)
	default:
		return v.terraform(file, root)
	}
	return true
}

func isList(v value.Value) bool { return v.Kind == value.List }

func text(v value.Value, name string) string {
	s, _ := v.Get(name).Text.Known()
	return s
}

// resources reads resources of stacks. list-stack-resources does not say of which
// stack: they are those of one.
func (v *Values) resources(list []value.Value) {
	var nameless *Stack
	for _, x := range list {
		var s *Stack
		if id := text(x, "StackId"); id != "" {
			s = v.of(id, text(x, "StackName"))
		} else {
			if nameless == nil {
				nameless = v.newStack("", "")
			}
			s = nameless
		}
		logical, id := text(x, "LogicalResourceId"), text(x, "PhysicalResourceId")
		if logical == "" || id == "" || strings.HasPrefix(text(x, "ResourceStatus"), "DELETE_COMPLETE") || len(s.resources) >= mostValues {
			continue
		}
		typ := text(x, "ResourceType")
		old, had := s.resources[logical]
		s.resources[logical] = physical{typ, id, had && (old.differs || old.typ != typ || old.id != id)}
	}
}

func (v *Values) of(id, name string) *Stack {
	if s := v.byID[id]; s != nil {
		return s
	}
	s := v.newStack(id, name)
	v.byID[id] = s
	return s
}

func (v *Values) newStack(id, name string) *Stack {
	s := &Stack{ID: id, Name: name, Parameters: map[string]string{}, resources: map[string]physical{}, differ: map[string]bool{}}
	v.stacks = append(v.stacks, s)
	return s
}

// stack reads the parameters and exports of a stack. What NoEcho hides is shown as
// asterisks, which are not a value.
func (v *Values) stack(x value.Value) {
	s := v.of(text(x, "StackId"), text(x, "StackName"))
	for _, p := range x.Get("Parameters").Items {
		t := text(p, "ParameterValue")
		if resolved := text(p, "ResolvedValue"); resolved != "" {
			t = resolved
		}
		key := text(p, "ParameterKey")
		if key == "" || strings.Trim(t, "*") == "" && (t != "" || p.Get("ParameterValue").Kind != value.String) {
			continue
		}
		if old, had := s.Parameters[key]; had && old != t {
			s.differ[key] = true
		}
		s.Parameters[key] = t
	}
	for key := range s.differ {
		delete(s.Parameters, key)
	}
	for _, o := range x.Get("Outputs").Items {
		if name := text(o, "ExportName"); name != "" {
			v.export(name, o.Get("OutputValue"))
		}
	}
}

func (v *Values) export(name string, of value.Value) {
	t, known := of.Text.Known()
	if name == "" || !known || of.Kind != value.String || len(v.exports) >= mostValues {
		return
	}
	old, had := v.exports[name]
	v.exports[name] = told{t, had && (old.differs || old.text != t)}
}

// terraform reads the outputs of a configuration. What is sensitive stays unknown.
func (v *Values) terraform(file string, root value.Value) bool {
	if len(root.Fields) == 0 {
		return false
	}
	for _, f := range root.Fields {
		if f.Value.Kind != value.Map || f.Value.Get("sensitive").Kind != value.Bool || f.Value.Get("value").Kind == value.Absent {
			return false
		}
	}
	for _, f := range root.Fields {
		if f.Value.Get("sensitive").Text.Literal == "false" {
			v.Output(file, f.Key, f.Value.Get("value"))
		}
	}
	return true
}

// Output notes the value of an output of the configuration that a file tells of.
func (v *Values) Output(file, name string, of value.Value) {
	file = strings.TrimSuffix(path.Base(file), path.Ext(file))
	if v.outputs[file] == nil {
		v.outputs[file] = map[string]value.Value{}
	}
	of = unplaced(of)
	if old, had := v.outputs[file][name]; had && fmt.Sprint(old) != fmt.Sprint(of) {
		of = value.Value{} // files of one name tell of several configurations
	}
	v.outputs[file][name] = of
}

// unplaced returns a value without places: it gets that of what refers to it.
func unplaced(v value.Value) value.Value {
	v.Span = source.Span{}
	items := make([]value.Value, len(v.Items))
	for i, item := range v.Items {
		items[i] = unplaced(item)
	}
	fields := make([]value.Field, len(v.Fields))
	for i, f := range v.Fields {
		fields[i] = value.Field{Key: f.Key, Value: unplaced(f.Value)}
	}
	v.Items, v.Fields = items, fields
	return v
}

// Export returns the value that a stack exports under a name.
func (v *Values) Export(name string) (string, bool) {
	if v == nil {
		return "", false
	}
	t, ok := v.exports[name]
	return t.text, ok && !t.differs
}

// Outputs returns the outputs of another configuration: those of the file that is
// called as the reference to it, or of the only one, if that is the only reference.
func (v *Values) Outputs(reference string, only bool) []value.Field {
	if v == nil {
		return nil
	}
	outputs := v.outputs[reference]
	if outputs == nil && only && len(v.outputs) == 1 {
		for _, outputs = range v.outputs {
		}
	}
	var out []value.Field
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		if outputs[name].Kind != value.Absent {
			out = append(out, value.Field{Key: name, Value: outputs[name]})
		}
	}
	return out
}

// Attributes returns the attributes of a Terraform resource, without those of which
// states differ.
func (v *Values) Attributes(address string) map[string]value.Value {
	if v == nil {
		return nil
	}
	var out map[string]value.Value
	differs := map[string]bool{}
	for _, state := range v.States {
		for name, of := range state(address) {
			if out == nil {
				out = map[string]value.Value{}
			}
			if old, had := out[name]; had && fmt.Sprint(old) != fmt.Sprint(of) {
				differs[name] = true
			}
			out[name] = of
		}
	}
	for name := range differs {
		delete(out, name)
	}
	return out
}

// StackFor returns the stack of a template, whose resources have these types by their
// logical ids: the one that has most of them, if there is one such stack. nil is none.
func (v *Values) StackFor(types map[string]string) *Stack {
	if v == nil {
		return nil
	}
	var best *Stack
	most, tied := 0, false
	for _, s := range v.stacks {
		n := 0
		for id, typ := range types {
			if p, ok := s.resources[id]; ok && p.typ == typ {
				n++
			}
		}
		switch {
		case n > most:
			best, most, tied = s, n, false
		case n == most && n > 0:
			tied = true
		}
	}
	if best == nil && len(v.stacks) == 1 && len(v.stacks[0].resources) == 0 {
		return v.stacks[0] // its parameters are all that is told
	}
	if tied {
		return nil
	}
	return best
}

// StackWith returns the stack with an id; nil is none.
func (v *Values) StackWith(id string) *Stack {
	if v == nil || id == "" {
		return nil
	}
	return v.byID[id]
}

// Physical returns the id that a resource of a stack has.
func (s *Stack) Physical(logical, typ string) (string, bool) {
	if s == nil {
		return "", false
	}
	p, ok := s.resources[logical]
	if !ok || p.differs || p.typ != typ {
		return "", false
	}
	return p.id, true
}

// StackOf returns account and region of the id of a stack.
func StackOf(id string) (account, region string, ok bool) {
	name, ok := arn.Parse(id)
	if !ok || name.Service != "cloudformation" {
		return "", "", false
	}
	return name.Account, name.Region, len(name.Account) == 12
}
