package tfplan

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
	"github.com/iaclint/iaclint/loaders/jsontree"
	"github.com/iaclint/iaclint/loaders/terraform"
)

// addSource evaluates the configuration beside the plan, if it is at hand. What
// the plan knows counts, and gets its place from the configuration; what it does
// not know is as the configuration has it, with the plan's values in it.
func (l *loader) addSource() {
	dir := l.options.SourceRoot
	if dir == "" {
		dir = path.Dir(l.file.Name)
	}
	if l.options.FS == nil || !fs.ValidPath(dir) || !terraform.IsModule(l.options.FS, dir) {
		if l.options.SourceRoot != "" {
			l.errorf(piece{}, "%s: expected a directory with Terraform's configuration", dir)
		}
		return
	}
	blocks, diags := terraform.Blocks(l.options.FS, dir, terraform.Options{
		Account: l.options.Account, Region: l.options.Region, Partition: l.options.Partition,
		Known: l.knownAttribute, Inputs: l.variables(), Stated: l.options.Stated,
	})
	cases := map[string][]catalog.Block{}
	for _, b := range blocks {
		cases[b.Address] = append(cases[b.Address], b)
	}
	matched := 0
	for _, o := range l.objects {
		if found := cases[o.address]; o.mode == tfjson.ManagedResourceMode && !o.deposed && len(found) > 0 {
			l.locate(o, found)
			matched++
		}
	}
	if matched == 0 && len(l.objects) > 0 && (l.options.SourceRoot != "" || len(blocks) > 0) {
		l.warnf(piece{}, "the configuration in %q has none of the resources of the plan: it is not used", dir)
	}
	if i := slices.IndexFunc(diags, func(d source.Diagnostic) bool { return d.Severity == source.Error }); i >= 0 && matched > 0 {
		d := diags[i]
		d.Severity = source.Warning
		d.Message = "the configuration beside the plan is not read in full: " + d.Message
		l.diags = append(l.diags, d)
	}
}

// variables returns the variables that the plan was made with. One that is
// sensitive stays unknown.
func (l *loader) variables() map[string]value.Value {
	out := map[string]value.Value{}
	for m := range l.members(l.parts["variables"]) {
		if l.is(l.at(l.root.variables, m.key, "sensitive"), "true") {
			out[m.key] = value.Value{Kind: value.Unknown, Text: value.Ref(value.Reference{Name: "var." + m.key + " (sensitive)"})}
		} else if v := l.at(m.value, "value"); !v.missing() {
			out[m.key] = unplaced(l.parsePart(v))
		}
	}
	return out
}

// knownAttribute returns what the plan knows of an attribute, to its last piece.
func (l *loader) knownAttribute(address, name string) (value.Value, bool) {
	path := steps(address)
	if len(path) == 0 {
		return value.Value{}, false
	}
	index := path[len(path)-1].index
	base := strings.TrimSuffix(address, index)
	if o := l.byBase[base][index]; o != nil && o.mode == tfjson.ManagedResourceMode {
		v := o.block.Properties.Get(name)
		return unplaced(v), v.Kind != value.Absent && isKnown(v)
	}
	o := l.facts[address]
	if o == nil || l.holdsTrue(l.at(o.sensitive, name)) {
		return value.Value{}, false
	}
	at := l.at(o.after, name)
	if at.missing() {
		return value.Value{}, false
	}
	return unplaced(l.parsePart(at)), true
}

// isKnown reports whether nothing in a value is unknown or sensitive.
func isKnown(v value.Value) bool {
	if v.Kind == value.Unknown || v.Text.Parts != nil || v.Span.File != nil && v.Span.File.Sensitive {
		return false
	}
	return !slices.ContainsFunc(v.Items, func(i value.Value) bool { return !isKnown(i) }) &&
		!slices.ContainsFunc(v.Fields, func(f value.Field) bool { return !isKnown(f.Value) })
}

// unplaced returns a value without its place in the plan, so that it gets the
// place of the expression that it is used in.
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

// locate gives a block its places in the configuration, and what the plan does
// not know of it. A block that the configuration has in several cases only gets
// its place: the plan knows in which it is, but not which that is.
func (l *loader) locate(o *object, cases []catalog.Block) {
	written := cases[0]
	b := &o.block
	b.Path, b.Span, b.Related = written.Path, written.Span, written.Related
	if len(cases) > 1 || contradicts(b.Properties, written.Properties) {
		return
	}
	b.Scope = written.Scope
	if b.Account == "" {
		b.Account = written.Account
	}
	if b.Region == "" {
		b.Region = written.Region
	}
	fields := make([]value.Field, 0, len(b.Properties.Fields))
	has := map[string]bool{}
	for _, f := range b.Properties.Fields {
		has[f.Key] = true
		f.Value = placed(f.Value, written.Properties.Get(f.Key))
		fields = append(fields, f)
	}
	for _, f := range written.Properties.Fields {
		unknown := l.holdsTrue(l.at(o.unknown, f.Key)) || o.partial && l.at(o.after, f.Key).missing()
		if !has[f.Key] && unknown && !slices.Contains(o.echoes, f.Key) {
			fields = append(fields, f) // made by dynamic, which the plan does not say
		}
	}
	b.Properties.Fields = fields
	for _, d := range written.Documents {
		if !slices.Contains(b.Documents, d) {
			b.Documents = append(slices.Clip(b.Documents), d)
		}
	}
}

// contradicts reports whether the configuration is not the one that the plan was
// made from: a literal of it has another value in the plan.
func contradicts(planned, written value.Value) bool {
	for _, f := range written.Fields {
		v := planned.Get(f.Key)
		if f.Value.Kind == value.String && f.Value.Text.Parts == nil && v.Kind == value.String && v.Text.Parts == nil && v.Text.Literal != f.Value.Text.Literal && !strings.ContainsAny(v.Text.Literal, "{\n") {
			return true
		}
	}
	return false
}

// placed returns what the plan knows with the places of what is written, and
// what is written where the plan does not know.
func placed(planned, written value.Value) value.Value {
	switch {
	case written.Kind == value.Absent, planned.Span.File != nil && planned.Span.File.Sensitive:
		return planned
	case !isKnown(planned):
		return written
	}
	if planned.Kind == value.String && (written.Kind == value.Map || written.Kind == value.List) {
		if tree, diags := jsontree.ParseText(planned.Text.Literal, jsontree.At(written.Span)); len(diags) == 0 {
			planned = tree
		}
	}
	return transplanted(planned, written)
}

// transplanted gives the parts of a value the places of the parts of another one
// that has the same shape, as far as it has.
func transplanted(v, places value.Value) value.Value {
	if !places.Span.IsZero() {
		v.Span = places.Span
	}
	switch v.Kind {
	case value.Map:
		fields := make([]value.Field, len(v.Fields))
		for i, f := range v.Fields {
			from := value.Value{Span: v.Span}
			for _, g := range places.Fields {
				if g.Key == f.Key {
					from, f.KeySpan = g.Value, g.KeySpan
				}
			}
			f.Value = transplanted(f.Value, from)
			fields[i] = f
		}
		v.Fields = fields
	case value.List:
		items := make([]value.Value, len(v.Items))
		used := make([]bool, len(places.Items))
		for i, item := range v.Items {
			items[i] = transplanted(item, counterpart(item, i, len(v.Items), places, used))
		}
		v.Items = items
	}
	return v
}

// counterpart returns the item of a list that another one stands for: the same
// text, as the plan sorts sets, or else the one in the same place.
func counterpart(item value.Value, i, n int, places value.Value, used []bool) value.Value {
	if places.Kind == item.Kind {
		return places // a list of one, written without the list
	}
	if item.Kind == value.String {
		for k, p := range places.Items {
			if !used[k] && p.Kind == value.String && p.Text.Equal(item.Text) {
				used[k] = true
				return p
			}
		}
	}
	if len(places.Items) == n {
		return places.Items[i]
	}
	return value.Value{Span: places.Span}
}
