package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/spelling"
)

// quoted is the name in a message of package hcl.
var quoted = once.Regexp(`"([^"]*)"`)

// unexpected takes over what package hcl says of the names in a body, in words
// that tell which are meant or valid.
func (r *reader) unexpected(ds hcl.Diagnostics, schema *hcl.BodySchema, where string) {
	var attributes, blocks []string
	for _, a := range schema.Attributes {
		if absent[a.Name] == "" && a.Name != "$schema" {
			attributes = append(attributes, a.Name)
		}
	}
	labels := map[string]string{}
	for _, b := range schema.Blocks {
		blocks = append(blocks, b.Type)
		if len(b.LabelNames) > 0 {
			labels[b.Type] = b.LabelNames[0]
		}
	}
	for _, d := range ds {
		name := ""
		if m := quoted().FindStringSubmatch(d.Detail); m != nil {
			name = m[1]
		}
		at := hcl.Range{}
		if d.Subject != nil {
			at = *d.Subject
		}
		kind, _, _ := strings.Cut(d.Summary, " for ")
		switch {
		case d.Summary == "Unsupported argument" && slices.Contains(blocks, name):
			r.errorf(at, "%s is a block, not an attribute: write %s", name, blockForm(name, labels[name]))
		case d.Summary == "Unsupported block type" && slices.Contains(attributes, name):
			r.errorf(at, "%s is an attribute, not a block: write %s = …", name, name)
		case d.Summary == "Unsupported argument", d.Summary == "Unsupported block type", d.Summary == "Extraneous JSON object property":
			r.errorf(at, "%q is not known in %s%s", name, where, r.meant(name, where, append(slices.Clone(attributes), blocks...)))
		case kind == "Extraneous label" || strings.HasPrefix(kind, "Missing "):
			_, block, _ := strings.Cut(d.Summary, " for ")
			r.errorf(at, "%s is expected", blockForm(block, labels[block]))
		default:
			r.hcl(hcl.Diagnostics{d})
		}
	}
}

// blockForm is how a block is written, with what its label is.
func blockForm(name, label string) string {
	if label != "" {
		name += " \"" + strings.ToUpper(label) + "\""
	}
	return name + " { … }"
}

// meant is the hint about a name that is not known where it stands: one that is
// like it there, the blocks that have it or one like it, or else all that are valid.
func (r *reader) meant(name, where string, valid []string) string {
	if spelling.Nearest(name, valid) != "" {
		return Hint(name, valid)
	}
	var all, in []string
	eachAttribute(Sections(), func(s Section, a Attribute) { all = append(all, a.Name) })
	near := name
	if !slices.Contains(all, name) {
		near = spelling.Nearest(name, all)
	}
	eachAttribute(Sections(), func(s Section, a Attribute) {
		if a.Name == near && s.Name != where && !slices.Contains(in, s.Name) {
			in = append(in, s.Name)
		}
	})
	switch {
	case len(in) == 0:
		return Hint(name, valid)
	case near == name:
		return "; it belongs into " + strings.Join(in, " or ")
	}
	return fmt.Sprintf("; did you mean %q, in %s?", near, strings.Join(in, " or "))
}

func eachAttribute(list []Section, f func(Section, Attribute)) {
	for _, s := range list {
		for _, a := range s.Attributes {
			f(s, a)
		}
		eachAttribute(s.Sections, f)
	}
}

// Hint is a clause that follows the message about an unknown name: the name
// that was probably meant, else the valid ones.
func Hint(s string, candidates []string) string {
	if near := spelling.Nearest(s, candidates); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	if len(candidates) == 0 || len(candidates) > 30 {
		return ""
	}
	return "; valid are " + strings.Join(candidates, ", ")
}
