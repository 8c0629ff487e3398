package config

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
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

// section is a kind of block: what it may hold and who reads it.
type section struct {
	labels     []string
	attributes []string
	blocks     []hcl.BlockHeaderSchema
	read       func(*reader, *Config, block)
}

// sections of the file, in the order in which they are read: names are declared
// before they are used.
var sections = []struct {
	name string
	section
}{
	{"iaclint", section{attributes: []string{"required_version", "root", "fail_on", "include", "exclude"}, read: (*reader).general}},
	{"organization", section{attributes: []string{"id", "management_account"}, read: (*reader).organization}},
	{"account", section{labels: []string{"name"}, attributes: []string{"id", "ou", "canonical_user_id", "s3_block_public_access"}, read: (*reader).account}},
	{"known_account", section{labels: []string{"name"}, attributes: []string{"ids", "source"}, read: (*reader).knownAccount}},
	{"zone_of_trust", section{labels: []string{"name"}, attributes: append([]string{"type", "default", "paths"}, trustLists...), blocks: []hcl.BlockHeaderSchema{{Type: "trusted_oidc", LabelNames: []string{"issuer"}}}, read: (*reader).zone}},
	{"target", section{labels: []string{"glob"}, attributes: []string{"account", "regions", "partition", "var_files", "variables", "workspace", "parameters", "parameter_files"}, read: (*reader).target}},
	{"rule", section{labels: []string{"id"}, attributes: []string{"severity", "enabled", "ignorable"}, read: (*reader).rule}},
}

// trustLists are the attributes that extend a zone of trust.
var trustLists = []string{
	"trusted_accounts", "trusted_org_paths", "trusted_principals", "trusted_vpcs", "trusted_vpces", "trusted_cidrs",
	"trusted_saml", "trusted_canonical_users",
}

// absent are words of the configuration that this version does not act on. To
// ignore them would be to promise what is not done.
var (
	absentBlocks     = map[string][]string{"archive_rule": {"name"}, "suppressions": nil, "baseline": nil, "custom_rules": nil, "output": {"format"}}
	absentAttributes = map[string]string{"strict": "iaclint", "extends": "iaclint", "ebs_snapshot_block_public_access": "account", "image_block_public_access": "account"}
)

func (r *reader) config(body hcl.Body) *Config {
	c := &Config{Rules: map[string]Rule{}}
	schema := &hcl.BodySchema{}
	for _, s := range sections {
		schema.Blocks = append(schema.Blocks, hcl.BlockHeaderSchema{Type: s.name, LabelNames: s.labels})
	}
	for _, name := range sortedKeys(absentBlocks) {
		schema.Blocks = append(schema.Blocks, hcl.BlockHeaderSchema{Type: name, LabelNames: absentBlocks[name]})
	}
	content, ds := body.Content(schema)
	r.hcl(ds)
	if content == nil {
		return c
	}
	byType := content.Blocks.ByType()
	for _, name := range sortedKeys(absentBlocks) {
		for _, b := range byType[name] {
			r.errorf(b.DefRange, "block %q is not supported by this version", name)
		}
	}
	for _, s := range sections {
		for _, b := range byType[s.name] {
			s.read(r, c, r.block(b, s.section))
		}
	}
	r.consistent(c)
	return c
}

// block is a block whose attributes have been looked up.
type block struct {
	r          *reader
	label      string
	labelRange hcl.Range
	at         hcl.Range
	attributes hcl.Attributes
	blocks     hcl.Blocks
}

func (r *reader) block(b *hcl.Block, s section) block {
	schema := &hcl.BodySchema{Blocks: s.blocks}
	for _, name := range s.attributes {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: name})
	}
	for _, name := range sortedKeys(absentAttributes) {
		if absentAttributes[name] == b.Type {
			schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: name})
		}
	}
	content, ds := b.Body.Content(schema)
	r.hcl(ds)
	out := block{r: r, at: b.DefRange}
	if content != nil {
		out.attributes, out.blocks = content.Attributes, content.Blocks
	}
	for _, name := range sortedKeys(absentAttributes) {
		if a := out.attributes[name]; a != nil {
			r.errorf(a.NameRange, "%q is not supported by this version", name)
		}
	}
	if len(b.Labels) > 0 {
		out.label, out.labelRange = b.Labels[0], b.LabelRanges[0]
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

// object demands an object, whatever it holds: values for languages with
// variables.
func (b block) object(name string) {
	v, at, ok := b.value(name)
	if ok && (v.IsNull() || !v.IsKnown() || !(v.Type().IsObjectType() || v.Type().IsMapType())) {
		b.r.errorf(at, "%s must be an object", name)
	}
}
