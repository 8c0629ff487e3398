package cloudformation

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
	"github.com/iaclint/iaclint/loaders/deployed"
)

// scope is one template under evaluation: the one that was given, or that of a
// nested stack.
type scope struct {
	file   *source.File
	root   value.Value
	prefix string    // of addresses: "Nested/"
	parent *declared // the resource whose template this is
	// deployment names what deploys the template elsewhere: a stack set. "" is
	// the account and region of the input.
	deployment string

	// live is what is told of the stack that the template is deployed as; nil: nothing.
	live *deployed.Stack

	parameters map[string]*parameter
	conditions map[string]*condition
	resources  map[string]*declared
	order      []*declared
	outputs    map[string]value.Value

	// marks are the texts that stand for items of loops that are not known, and
	// within are those of the loops around what is expanded.
	marks  map[string]value.Text
	within []value.Text

	// loose is set when something that is not analysed, such as a macro, may
	// declare more names than the template shows.
	loose bool
	// busy marks outputs and parameters that are being evaluated.
	busy map[string]bool
}

// declared is one entry of Resources.
type declared struct {
	scope   *scope
	id      string // logical id
	address string // in reports
	typ     string
	body    value.Value
	name    string // construct path
	busy    bool
	shallow map[*world]shallow
	nested  *scope
	opened  bool // nested is set, or cannot be
	notes   []string
	hidden  bool // not a block of its own
	routes  []routePolicy
	calls   []samMethod
	// implicit marks an API that SAM makes for events, and users are the conditions
	// of what has these events, absent ones included.
	implicit bool
	users    []value.Value
}

// properties returns the raw properties.
func (d *declared) properties() value.Value { return d.body.Get("Properties") }

// depth is the number of stacks around the scope.
func (s *scope) depth() int {
	n := 0
	for ; s.parent != nil; s = s.parent.scope {
		n++
	}
	return n
}

func (s *scope) section(name string) value.Value { return s.root.Get(name) }

var sections = []string{
	"AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions", "Transform",
	"Resources", "Outputs", "Hooks", "Globals",
}

// scope reads the sections of a template; parent is the stack resource that
// names it, nil for the input itself.
func (e *evaluator) scope(f *source.File, root value.Value, parent *declared) *scope {
	s := &scope{
		file: f, root: root, parent: parent,
		parameters: map[string]*parameter{}, conditions: map[string]*condition{}, resources: map[string]*declared{},
		outputs: map[string]value.Value{}, busy: map[string]bool{},
	}
	if parent == nil {
		s.deployment = e.deployment
	}
	if parent != nil {
		s.prefix, s.deployment = parent.address+"/", parent.scope.deployment
		if parent.typ == stackSetType {
			s.deployment = parent.address
		}
	}
	e.duplicates(root)
	for _, field := range root.Fields {
		if !contains(sections, field.Key) && !strings.HasPrefix(field.Key, "Fn::Transform") {
			e.warnf(field.KeySpan, "section %q is unknown%s", field.Key, e.suggest(field.Key, func() []string { return sections }))
		}
	}
	s.live = e.live(s)
	transforms := e.transforms(s)
	e.readParameters(s)
	e.readConditions(s)
	e.enter(nil)
	resources := e.entries(s, "Resources")
	if resources == nil && s.section("Resources").Kind == value.Absent {
		e.errorf(root.Span, "expected %q in a template, found none", "Resources")
	}
	for _, field := range resources {
		e.declare(s, field)
	}
	if transforms.sam {
		e.expandSAM(s)
	}
	for _, field := range e.entries(s, "Outputs") {
		s.outputs[field.Key] = field.Value
	}
	return s
}

// declare adds one entry of Resources.
func (e *evaluator) declare(s *scope, field value.Field) {
	if field.Value.Kind != value.Map {
		e.errorf(field.Value.Span, "expected a resource: an object with %q, found %s", "Type", field.Value.Kind)
		return
	}
	if !e.countResource(field.KeySpan, "the template and its nested stacks declare", "which CloudFormation does not take") {
		s.loose = true
		return
	}
	field.Value.Fields = e.expanded(s, field.Value)
	typ := field.Value.Get("Type")
	name, known := typ.Text.Known()
	switch {
	case typ.Kind == value.Absent:
		e.errorf(field.KeySpan, "resource %q has no %q", field.Key, "Type")
		return
	case typ.Kind != value.String || !known:
		e.errorf(typ.Span, "expected a resource type such as %q, found %s", "AWS::S3::Bucket", typ.Kind)
		return
	}
	if p := field.Value.Get("Properties"); p.Kind != value.Map && p.Kind != value.Absent && p.Kind != value.Null {
		e.errorf(p.Span, "expected the properties of %q as an object, found %s", field.Key, p.Kind)
	}
	e.duplicates(field.Value)
	if catalog.Relevant(catalog.CloudFormation, name) {
		e.duplicates(field.Value.Get("Properties"))
	}
	if s.marked(name) {
		e.unreadLoop(s, field.Key, typ.Span, value.Settling(s.unmarkedText(name).References()))
	}
	d := &declared{scope: s, id: field.Key, address: s.prefix + field.Key, typ: name, body: field.Value}
	if path, known := field.Value.Get("Metadata").Get("aws:cdk:path").Text.Known(); known {
		d.name = path
	}
	if strings.HasSuffix(name, "::MODULE") {
		s.loose = true
		e.warnf(typ.Span, "module %q is not in the template, so what it declares is not analysed", name)
	}
	s.add(d)
}

// add puts a resource in its scope; of two with one id the last one counts.
func (s *scope) add(d *declared) {
	if old := s.resources[d.id]; old != nil {
		for i := range s.order {
			if s.order[i] == old {
				s.order = append(s.order[:i], s.order[i+1:]...)
				break
			}
		}
	}
	s.resources[d.id] = d
	s.order = append(s.order, d)
}

// entries returns the fields of a section, with loops and includes expanded.
func (e *evaluator) entries(s *scope, name string) []value.Field {
	v := s.section(name)
	switch v.Kind {
	case value.Absent, value.Null:
		return nil
	case value.Map:
	case value.Unknown:
		s.loose = true
		if name == "Resources" {
			e.unreadTemplate(s, v.Span, sourceText(v), openSection)
		}
		return nil
	default:
		e.errorf(v.Span, "expected %q to be an object, found %s", name, v.Kind)
		return nil
	}
	e.duplicates(v)
	out, _ := e.expand(s, v.Fields, name)
	return out
}

// duplicates reports keys that are written twice. The last one counts, as
// value.Value has it.
func (e *evaluator) duplicates(v value.Value) {
	report := func(f value.Field) {
		e.warnf(f.KeySpan, "key %q is written twice; the last one counts", f.Key)
	}
	if len(v.Fields) <= 12 {
		for i := range v.Fields {
			for j := range i {
				if v.Fields[i].Key == v.Fields[j].Key {
					report(v.Fields[i])
					break
				}
			}
		}
		return
	}
	seen := make(map[string]bool, len(v.Fields))
	for _, f := range v.Fields {
		if seen[f.Key] {
			report(f)
		}
		seen[f.Key] = true
	}
}

// transforms tells what the Transform section names.
type transforms struct{ sam bool }

// Transforms that are understood, or that change nothing about access.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html
const (
	samTransform        = "AWS::Serverless-2016-10-31"
	languageExtensions  = "AWS::LanguageExtensions"
	includeTransform    = "AWS::Include"
	codeDeployTransform = "AWS::CodeDeployBlueGreen"
)

func (e *evaluator) transforms(s *scope) transforms {
	var found transforms
	section := s.section("Transform")
	items := []value.Value{section}
	if section.Kind == value.List {
		items = section.Items
	}
	for _, item := range items {
		name, _ := item.Text.Known()
		if item.Kind == value.Map {
			name, _ = item.Get("Name").Text.Known()
		}
		switch {
		case item.Kind == value.Absent || item.Kind == value.Null:
		case name == samTransform:
			found.sam = true
		case name == languageExtensions, name == codeDeployTransform:
		case name == includeTransform:
			included := e.include(s, item)
			s.root.Fields = append(append([]value.Field{}, s.root.Fields...), included...)
			s.root = mergeSections(s.root)
		case name == "":
			e.errorf(item.Span, "expected the name of a transform, found %s", item.Kind)
		default:
			s.loose = true
			e.unreadTemplate(s, item.Span, name, macro)
		}
	}
	if !found.sam {
		for _, f := range s.section("Resources").Fields {
			if typ, _ := f.Value.Get("Type").Text.Known(); strings.HasPrefix(typ, "AWS::Serverless::") {
				e.warnf(f.Value.Get("Type").Span, "%q needs the transform %q, which the template does not name", typ, samTransform)
				found.sam = true
				break
			}
		}
	}
	return found
}

// mergeSections joins sections of one name, as an include may add to one.
func mergeSections(root value.Value) value.Value {
	out := root
	out.Fields = nil
	index := map[string]int{}
	for _, f := range root.Fields {
		i, ok := index[f.Key]
		if !ok || f.Value.Kind != value.Map || out.Fields[i].Value.Kind != value.Map {
			index[f.Key] = len(out.Fields)
			out.Fields = append(out.Fields, f)
			continue
		}
		old := &out.Fields[i].Value
		old.Fields = append(append([]value.Field{}, old.Fields...), f.Value.Fields...)
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
