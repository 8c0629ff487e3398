package cloudformation

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
	"github.com/iaclint/iaclint/loaders/deployed"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// MatchChangeSet reports whether a file is a change set: the output of
// describe-change-set, or the list of its changes as the console shows it.
func MatchChangeSet(f *source.File) bool {
	if !isJSON(f.Content) || !bytes.Contains(f.Content, []byte(`esourceChange"`)) && !bytes.Contains(f.Content, []byte(`"ChangeSetId"`)) {
		return false
	}
	if begins(f.Content) == '[' {
		return bytes.Contains(f.Content, []byte(`esourceChange"`)) && firstKeyOf(f.Content) != ""
	}
	return hasTopWord(f.Content, "Changes", "changes") && (hasTopWord(f.Content, "ChangeSetId", "ChangeSetName", "changeSetId", "StackId", "stackId") || bytes.Contains(f.Content, []byte(`esourceChange"`)))
}

// MatchBody reports whether a file is the output of get-template.
func MatchBody(f *source.File) bool {
	return isJSON(f.Content) && bytes.Contains(f.Content, []byte(`"TemplateBody"`)) && hasTopWord(f.Content, "TemplateBody")
}

// MatchResources reports whether a file is a list of the resources of stacks.
func MatchResources(f *source.File) bool {
	return isJSON(f.Content) && bytes.Contains(f.Content, []byte(`"StackResource`)) && hasTopWord(f.Content, "StackResources", "StackResourceSummaries", "StackResourceDetail")
}

func begins(content []byte) byte {
	content = bytes.TrimLeft(bytes.TrimPrefix(content, utf8BOM), " \t\r\n")
	if len(content) == 0 {
		return 0
	}
	return content[0]
}

// firstKeyOf is the first key of the first object of a list, if it is one that a
// change has.
func firstKeyOf(content []byte) string {
	depth := 0
	for i := 0; i < len(content); i++ {
		if content[i] == '{' || content[i] == '[' {
			depth++
		}
		if content[i] == '"' {
			if depth != 2 {
				return ""
			}
			key := string(content[i+1 : max(stringEnd(content, i)-1, i+1)])
			if slices.Contains([]string{"Type", "type", "ResourceChange", "resourceChange", "HookInvocationCount", "hookInvocationCount"}, key) {
				return key
			}
			return ""
		}
	}
	return ""
}

// hasTopWord looks for one of several keys in the outermost object.
func hasTopWord(text []byte, words ...string) bool {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			end := stringEnd(text, i)
			if depth == 1 && contains(words, string(text[i+1:max(end-1, i+1)])) && isKey(text[end:]) {
				return true
			}
			i = end - 1
		}
	}
	return false
}

// LoadBody reads the output of get-template: a template as text, or as the object
// that the command line makes of one in JSON.
//
// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/get-template.html
func LoadBody(f *source.File, o Options) resource.Stack {
	e := newEvaluator(f, o)
	out, diags := jsontree.Parse(f)
	e.diags = append(e.diags, diags...)
	root := out.Get("TemplateBody")
	switch text, known := root.Text.Known(); {
	case len(diags) > 0:
	case root.Kind == value.String && known:
		body := source.NewFile(f.Name, []byte(text))
		where := jsontree.Quoted(root.Span)
		root, diags = parse(body)
		for _, d := range diags {
			d.Span = where(d.Span.Start, d.Span.End)
			e.diags = append(e.diags, d)
		}
		root = moved(root, where)
		fallthrough
	default:
		if root.Kind != value.Map && len(diags) == 0 {
			e.errorf(root.Span, "expected a template in %q, found %s", "TemplateBody", root.Kind)
		}
	}
	if root.Kind != value.Map {
		return resource.Stack{Path: f.Name, Diagnostics: e.diags}
	}
	return e.stack(root)
}

// knownAfterApply stands in a change set for what is not known before it is executed.
const knownAfterApply = "{{changeSet:KNOWN_AFTER_APPLY}}"

// LoadChangeSet reads a change set with the values of properties: the resources as
// they will be, and those that change as they are. It names no resource that stays.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
func LoadChangeSet(f *source.File, o Options) resource.Stack {
	// What properties hold may be secret, and stands in the file as it is.
	f = &source.File{Name: f.Name, Content: f.Content, Unquoted: true}
	c := &changeSet{evaluator: newEvaluator(f, Options{Account: o.Account, Region: o.Region, Partition: o.Partition})}
	root, diags := jsontree.Parse(f)
	c.diags = append(c.diags, diags...)
	if len(diags) > 0 {
		return resource.Stack{Path: f.Name, Diagnostics: c.diags, Compared: true}
	}
	if id, known := member(root, "StackId").Text.Known(); known {
		if account, region, ok := deployed.StackOf(id); ok {
			c.account, c.region = account, region
		}
	}
	list := root
	if root.Kind == value.Map {
		list = member(root, "Changes")
		if token := member(root, "NextToken"); token.Kind == value.String {
			c.errorf(token.Span, "the change set goes on where this file ends: its other pages are missing")
		}
		if status, _ := member(root, "Status").Text.Known(); strings.HasPrefix(status, "CREATE_") && status != "CREATE_COMPLETE" {
			c.errorf(member(root, "Status").Span, "the change set is not complete yet, its status is %q", status)
		}
	}
	if list.Kind != value.List && list.Kind != value.Null {
		c.errorf(list.Span, "expected the changes as a list, found %s", list.Kind)
	}
	for _, item := range list.Items {
		c.change(item)
	}
	if len(c.partly) > 0 {
		c.warnf(list.Span, "a change set has only what changes: of %s and other resources of the stack, policies and settings that stay as they are are not in it", strings.Join(c.partly[:min(3, len(c.partly))], ", "))
	}
	out := catalog.Resources(catalog.CloudFormation, c.blocks(c.after))
	out.Before = catalog.Resources(catalog.CloudFormation, c.blocks(c.before)).Resources
	out.Diagnostics = append(c.diags, out.Diagnostics...)
	out.Path, out.Unread, out.Compared = f.Name, c.unread, true
	return out
}

// changeSet is a change set that is being read.
type changeSet struct {
	*evaluator
	account, region string
	after, before   []contextOf
	partly          []string // addresses of what changes in part
}

// contextOf is a resource before or after the change.
type contextOf struct {
	id, typ, physical string
	span              source.Span
	properties        value.Value
	notes             []string
}

// member returns a field, which the console writes with a small letter.
func member(v value.Value, name string) value.Value {
	if found := v.Get(name); found.Kind != value.Absent {
		return found
	}
	return v.Get(strings.ToLower(name[:1]) + name[1:])
}

func (c *changeSet) change(item value.Value) {
	v := member(item, "ResourceChange")
	if v.Kind != value.Map {
		if kind, _ := member(item, "Type").Text.Known(); item.Kind != value.Map || kind == "Resource" || kind == "" {
			c.errorf(item.Span, "expected a change: an object with %q, found %s", "ResourceChange", described(item))
		}
		return
	}
	if !c.countResource(item.Span, "the change set changes", "which CloudFormation does not take") {
		return
	}
	text := func(name string) string { s, _ := member(v, name).Text.Known(); return s }
	id, typ, action := text("LogicalResourceId"), text("ResourceType"), text("Action")
	if id == "" || typ == "" {
		c.errorf(v.Span, "expected a change with %q and %q", "LogicalResourceId", "ResourceType")
		return
	}
	if typ == stackType {
		c.unread = append(c.unread, resource.Unread{Kind: resource.Template, Source: id, Path: v.Span.Path(), Address: id, Span: v.Span,
			Why: "is a nested stack with a change set of its own", Help: "describe-change-set with the ChangeSetId of the nested stack"})
		return
	}
	if !catalog.Relevant(catalog.CloudFormation, typ) {
		return
	}
	here := contextOf{id: id, typ: typ, physical: text("PhysicalResourceId"), span: member(v, "LogicalResourceId").Span}
	if !slices.Contains([]string{"Add", "Modify", "Remove", "Import", "Dynamic", "SyncWithActual"}, action) {
		c.errorf(member(v, "Action").Span, "unknown action %q, expected Add, Modify, Remove, Import, Dynamic or SyncWithActual", action)
	}
	if action != "Add" && action != "Import" {
		was := here
		was.properties = c.context(v, "BeforeContext", id)
		c.before = append(c.before, was)
	}
	if action == "Modify" || action == "Dynamic" || action == "SyncWithActual" {
		c.partly = append(c.partly, id)
	}
	if policy := text("PolicyAction"); len(c.before) > 0 && c.before[len(c.before)-1].id == id && (policy == "Retain" || policy == "ReplaceAndRetain") {
		// It leaves the stack and stays in the account, and its access with it.
		kept := c.before[len(c.before)-1]
		if action != "Remove" {
			kept.id += " (retained)"
		}
		c.after = append(c.after, kept)
	}
	if action == "Remove" {
		return
	}
	if replaced := text("Replacement"); replaced == "True" || replaced == "Conditional" {
		here.physical = "" // what takes its place has another
	}
	here.properties = c.context(v, "AfterContext", id)
	c.after = append(c.after, here)
}

// context returns the properties of a resource before or after the change.
func (c *changeSet) context(v value.Value, name, id string) value.Value {
	raw := member(v, name)
	unread := unknown(v.Span, "the properties of "+id)
	if raw.Kind == value.Absent || raw.Kind == value.Null {
		c.errorf(v.Span, "%q has no %q: expected what describe-change-set --include-property-values writes", id, name)
		return unread
	}
	tree := raw
	if text, known := raw.Text.Known(); raw.Kind == value.String && known {
		var diags []source.Diagnostic
		if tree, diags = jsontree.ParseText(text, jsontree.Quoted(raw.Span)); len(diags) > 0 {
			for _, d := range diags {
				c.errorf(d.Span, "%q of %q is not JSON: %s", name, id, d.Message)
			}
			return unread
		}
	}
	switch properties := tree.Get("Properties"); {
	case tree.Kind != value.Map:
		c.errorf(raw.Span, "expected %q as an object with %q, found %s", name, "Properties", tree.Kind)
		return unread
	case properties.Kind == value.Absent:
		return value.Value{Kind: value.Map, Span: tree.Span}
	case properties.Kind != value.Map:
		c.errorf(properties.Span, "expected the properties of %q as an object, found %s", id, properties.Kind)
		return unread
	default:
		c.duplicates(properties)
		return c.settled(properties, id)
	}
}

// settled returns a value with references for what is known only once the change set
// is executed, each of which is a thing of its own, and with policies in texts read.
func (c *changeSet) settled(v value.Value, path string) value.Value {
	if !c.step(v.Span) {
		return unknown(v.Span, "too much to evaluate")
	}
	switch v.Kind {
	case value.Map:
		fields := make([]value.Field, len(v.Fields))
		for i, f := range v.Fields {
			f.Value = c.settled(f.Value, path+"."+f.Key)
			fields[i] = f
		}
		v.Fields = fields
	case value.List:
		items := make([]value.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = c.settled(item, path+"."+strconv.Itoa(i))
		}
		v.Items = items
	case value.String:
		if !strings.Contains(v.Text.Literal, knownAfterApply) {
			out, _ := c.str(&scope{}, v)
			return out
		}
		if v.Text.Literal == knownAfterApply {
			return unknown(v.Span, path)
		}
		var texts []value.Text
		for i, piece := range strings.Split(v.Text.Literal, knownAfterApply) {
			if i > 0 {
				texts = append(texts, value.Ref(value.Reference{Name: path + " #" + strconv.Itoa(i)}))
			}
			texts = append(texts, value.Lit(piece))
		}
		v.Text = value.Join(texts...)
		if !mayBePolicyText(v.Text) && len(v.Text.Parts) > maxNameParts {
			return unknown(v.Span, path)
		}
		if mayBePolicyText(v.Text) {
			out, _ := readPolicy(v, jsontree.Pieces(v.Text, jsontree.At(v.Span)))
			return out
		}
	}
	return v
}

// blocks are the resources of one side of the change.
func (c *changeSet) blocks(list []contextOf) []catalog.Block {
	out := make([]catalog.Block, 0, len(list))
	for _, x := range list {
		b := catalog.Block{Type: x.typ, Address: x.id, Path: c.input.Name, Span: x.span, Properties: x.properties, Notes: x.notes, Account: c.account, Region: c.region}
		if b.Account == "" {
			b.Account = c.options.Account
		}
		if b.Region == "" {
			b.Region = c.options.Region
		}
		b.Given = givenBy(x.typ, x.physical)
		out = append(out, b)
	}
	return out
}
