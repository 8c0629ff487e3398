package config

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// reader decodes one file. Mistakes are collected, so that a user sees all of
// them at once. (Package gohcl would do this too, but its initialisation alone
// takes longer than a run on one policy.)
type reader struct {
	options   Options
	collected Diagnostics
	names     map[string]hcl.Range // labels that must be unique, as block.label
	accounts  map[string][]string  // ids by name, of accounts and known accounts
}

// parse reads the syntax; it returns nil when nothing can be read on.
func (r *reader) parse(name string, content []byte) hcl.Body {
	var file *hcl.File
	var ds hcl.Diagnostics
	if strings.HasSuffix(name, ".json") {
		file, ds = json.Parse(content, name)
	} else {
		file, ds = hclsyntax.ParseConfig(content, name, hcl.InitialPos)
	}
	r.hcl(ds)
	if file == nil || ds.HasErrors() {
		return nil
	}
	return file.Body
}

// absent are words of the configuration that this version does not act on. To
// ignore them would be to promise what is not done.
var absent = map[string]string{"extends": "iaclint", "ebs_snapshot_block_public_access": "account", "image_block_public_access": "account"}

func (r *reader) config(body hcl.Body) *Config {
	c := Default()
	sections := Sections()
	// "$schema" tells editors of JSON which words there are.
	schema := &hcl.BodySchema{Blocks: headers(sections), Attributes: []hcl.AttributeSchema{{Name: "$schema"}}}
	content, ds := body.Content(schema)
	r.unexpected(ds, schema, "the file")
	if content == nil {
		return c
	}
	byType := content.Blocks.ByType()
	for _, s := range sections {
		for _, b := range byType[s.Name] {
			s.read(r, c, r.block(b, s))
		}
	}
	r.consistent(c)
	return c
}

func headers(sections []Section) []hcl.BlockHeaderSchema {
	var out []hcl.BlockHeaderSchema
	for _, s := range sections {
		h := hcl.BlockHeaderSchema{Type: s.Name}
		if s.Label != "" {
			h.LabelNames = []string{s.Label}
		}
		out = append(out, h)
	}
	return out
}

// block is a block whose attributes have been looked up.
type block struct {
	r          *reader
	section    Section
	label      string
	labelRange hcl.Range
	at         hcl.Range
	attributes hcl.Attributes
	blocks     hcl.Blocks
}

// block looks up what a block holds, and reports what it lacks, holds wrongly or
// should not hold.
func (r *reader) block(b *hcl.Block, s Section) block {
	schema := &hcl.BodySchema{Blocks: headers(s.Sections)}
	for _, a := range s.Attributes {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: a.Name})
	}
	for _, name := range sortedKeys(absent) {
		if absent[name] == b.Type {
			schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: name})
		}
	}
	content, ds := b.Body.Content(schema)
	r.unexpected(ds, schema, b.Type)
	out := block{r: r, section: s, at: b.DefRange}
	if content != nil {
		out.attributes, out.blocks = content.Attributes, content.Blocks
	}
	for _, name := range sortedKeys(absent) {
		if a := out.attributes[name]; a != nil {
			r.errorf(a.NameRange, "%q is not supported by this version", name)
		}
	}
	if len(b.Labels) > 0 {
		out.label, out.labelRange = b.Labels[0], b.LabelRanges[0]
	}
	for _, a := range s.Attributes {
		if a.Required && out.attributes[a.Name] == nil {
			r.errorf(b.DefRange, "%q is missing", a.Name)
		}
	}
	return out
}

// once reports a block that may stand only once with this name.
func (b block) once(kind string) {
	name := kind
	if b.label != "" {
		name += " " + b.label
	}
	if first, seen := b.r.names[name]; seen {
		b.r.errorf(b.at, "%s is declared twice, first on line %d", name, first.Start.Line)
		return
	}
	b.r.names[name] = b.at
}

// text is a string and where it stands.
type text struct {
	string
	at hcl.Range
}

// value evaluates an attribute; ok is false when it is absent or wrong.
func (b block) value(name string) (v cty.Value, at hcl.Range, ok bool) {
	a := b.attributes[name]
	if a == nil {
		return
	}
	v, ds := a.Expr.Value(nil)
	b.r.hcl(ds)
	if ds.HasErrors() {
		return v, at, false
	}
	return v, a.Expr.Range(), true
}

func (b block) str(name string) text {
	v, at, ok := b.value(name)
	if !ok {
		return text{}
	}
	s, ok := b.asString(name, v, at)
	if !ok {
		return text{}
	}
	return text{s, at}
}

// asString demands a string: a number could be an account id that has lost its
// leading zeros.
func (b block) asString(name string, v cty.Value, at hcl.Range) (string, bool) {
	switch {
	case v.IsNull() || !v.IsKnown():
		b.r.errorf(at, "%s is null; a string is expected", name)
	case v.Type() == cty.Number:
		b.r.errorf(at, "%s is a number, which loses leading zeros; write it in quotes", name)
	case v.Type() != cty.String:
		b.r.errorf(at, "%s is %s; a string is expected", name, v.Type().FriendlyName())
	case v.AsString() == "":
		b.r.errorf(at, "%s is empty", name)
	default:
		return v.AsString(), true
	}
	return "", false
}

func (b block) boolean(name string, otherwise bool) bool {
	v, at, ok := b.value(name)
	if !ok {
		return otherwise
	}
	if v.IsNull() || !v.IsKnown() || v.Type() != cty.Bool {
		b.r.errorf(at, "%s must be true or false", name)
		return otherwise
	}
	return v.True()
}

// list returns the strings of a list, each with its own place where the syntax
// tells it.
func (b block) list(name string) []text {
	v, at, ok := b.value(name)
	if !ok {
		return nil
	}
	if v.IsNull() || !v.IsKnown() || !(v.Type().IsTupleType() || v.Type().IsListType()) {
		b.r.errorf(at, "%s must be a list of strings", name)
		return nil
	}
	places, _ := hcl.ExprList(b.attributes[name].Expr)
	var out []text
	for it, i := v.ElementIterator(), 0; it.Next(); i++ {
		place := at
		if i < len(places) {
			place = places[i].Range()
		}
		_, element := it.Element()
		if s, ok := b.asString("element of "+name, element, place); ok {
			out = append(out, text{s, place})
		}
	}
	return out
}

// object returns the values of an object by their names.
func (b block) object(name string) map[string]string {
	v, at, ok := b.value(name)
	if !ok {
		return nil
	}
	if v.IsNull() || !v.IsKnown() || !(v.Type().IsObjectType() || v.Type().IsMapType()) {
		b.r.errorf(at, "%s must be an object", name)
		return nil
	}
	out := map[string]string{}
	for it := v.ElementIterator(); it.Next(); {
		key, element := it.Element()
		if text, ok := b.valueText(name+"."+key.AsString(), element, at); ok {
			out[key.AsString()] = text
		}
	}
	return out
}

// valueText writes a value as --var and --parameter take it: a string as it
// is, anything else as JSON.
func (b block) valueText(name string, v cty.Value, at hcl.Range) (string, bool) {
	if v.IsNull() || !v.IsWhollyKnown() {
		b.r.errorf(at, "%s is null; a value is expected", name)
		return "", false
	}
	if v.Type() == cty.String {
		return v.AsString(), true
	}
	text, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		b.r.errorf(at, "%s cannot be written as JSON", name)
		return "", false
	}
	return string(text), true
}
