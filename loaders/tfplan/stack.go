package tfplan

import (
	"slices"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// stack joins the blocks into resources: those that will be there, and those
// that are there already and change.
func (l *loader) stack() resource.Stack {
	var after, before []catalog.Block
	changed := map[string]bool{}
	for _, o := range l.objects {
		if o.mode != tfjson.ManagedResourceMode {
			continue
		}
		if stays(o.actions) {
			after = append(after, o.block)
		}
		if b, ok := l.blockBefore(o); ok {
			before = append(before, b)
		}
		if !keeps(o.actions) {
			changed[o.address] = true
		}
	}
	// What references needed is not needed any more, and takes a lot of memory.
	l.root, l.byBase, l.instances = nil, nil, nil
	for _, o := range l.objects {
		o.code, o.in = nil, nil
	}
	out := l.resources(after)
	out.Compared = !l.parts["resource_changes"].missing()
	switch {
	case out.Compared && len(changed) == 0:
		for i := range out.Resources {
			out.Resources[i].Kept = true
		}
	case out.Compared:
		out.Before = keep(out.Resources, l.resources(before).Resources, changed)
	}
	out.Diagnostics = l.withoutSecrets(append(l.diags, out.Diagnostics...))
	return out
}

// resources joins blocks into resources, those that CloudFormation describes too.
func (l *loader) resources(blocks []catalog.Block) resource.Stack {
	var own, described []catalog.Block
	var more resource.Stack
	for _, b := range blocks {
		switch {
		case catalog.Deploys(b.Type):
			l.deploy(b, &more)
			continue
		case catalog.Controls(b.Type):
			if c, ok := catalog.ControlOf(decoded(b)); ok {
				described = append(described, c)
				continue
			}
		}
		own = append(own, b)
	}
	out := catalog.Resources(catalog.Terraform, own)
	if described != nil {
		add(&more, catalog.Resources(catalog.CloudFormation, described))
	}
	add(&out, more)
	return out
}

func add(to *resource.Stack, s resource.Stack) {
	to.Resources = append(to.Resources, s.Resources...)
	to.Diagnostics = append(to.Diagnostics, s.Diagnostics...)
	to.Unread = append(to.Unread, s.Unread...)
}

// decoded is a block of the Cloud Control API with its properties out of their JSON.
func decoded(b catalog.Block) catalog.Block {
	if b.Type != catalog.ControlType {
		return b
	}
	properties := value.Value{Kind: value.Map, Span: b.Properties.Span}
	for _, f := range b.Properties.Fields {
		if text, known := f.Value.Text.Known(); f.Key == "desired_state" && f.Value.Kind == value.String && known {
			if tree, diags := jsontree.ParseText(text, jsontree.Quoted(f.Value.Span)); len(diags) == 0 {
				f.Value = tree
			}
		}
		properties.Fields = append(properties.Fields, f)
	}
	b.Properties = properties
	return b
}

// deploy reads the template that a block deploys.
func (l *loader) deploy(b catalog.Block, to *resource.Stack) {
	if l.options.Template == nil {
		return
	}
	body := b.Properties.Get("template_body")
	t := catalog.TemplateOf(b, b.Properties.Get("parameters"))
	t.File = l.file
	switch text, known := body.Text.Known(); {
	case body.Kind == value.Map:
		t.Tree = body // from the configuration beside the plan
	case body.Kind == value.String && known && text != "":
		t.Pieces = []jsontree.Piece{{Literal: text, Place: jsontree.Quoted(body.Span)}}
	default:
		to.Unread = append(to.Unread, catalog.UnreadTemplate(b, body, b.Properties.Get("template_url")))
		return
	}
	add(to, catalog.Deployed(b, l.options.Template(t)))
}

// keep marks the resources that stay as they are, and returns the others as they
// were.
func keep(after, before []resource.Resource, changed map[string]bool) []resource.Resource {
	isChanged := func(r resource.Resource) bool {
		return changed[r.Address] || slices.ContainsFunc(r.Attachments, func(a string) bool { return changed[a] })
	}
	index := make(map[string]int, len(after))
	for i, r := range after {
		index[r.Type+"\x00"+r.Address] = i
	}
	return slices.DeleteFunc(before, func(r resource.Resource) bool {
		i, ok := index[r.Type+"\x00"+r.Address]
		if !ok || isChanged(r) || isChanged(after[i]) || !slices.Equal(r.Attachments, after[i].Attachments) {
			return false
		}
		after[i].Kept = true
		return true
	})
}

// blockBefore is the block of an object as it was.
func (l *loader) blockBefore(o *object) (catalog.Block, bool) {
	switch {
	case o.partial || keeps(o.actions):
		return o.block, stays(o.actions)
	case l.kind(o.before) != '{':
		return catalog.Block{}, false
	}
	b := o.block
	b.Notes, b.Documents = nil, nil
	b.Properties = l.before(o)
	b = without(b, o.echoes)
	return b, true
}

// withoutSecrets replaces what is said of sensitive text, as it may quote it.
func (l *loader) withoutSecrets(list []source.Diagnostic) []source.Diagnostic {
	var out []source.Diagnostic
	for _, d := range list {
		if d.Span.File != nil && d.Span.File.Sensitive {
			d.Message = "a sensitive value is not as AWS expects it; its text is not shown"
			if slices.ContainsFunc(out, func(e source.Diagnostic) bool { return e == d }) {
				continue
			}
		}
		out = append(out, d)
	}
	return out
}
