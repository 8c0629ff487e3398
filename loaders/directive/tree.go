package directive

import (
	"bytes"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
	"github.com/iaclint/iaclint/loaders/yamltree"
)

// deepest nesting that is looked into; templates have less.
const deepest = 64

// anyTag: what a tag means does not matter here.
var anyTag = yamltree.Tags{"*": "tag"}

// ofYAML reads the comments of a template, and the metadata of its resources.
func ofYAML(f *source.File) []Directive {
	documents, _ := yamltree.Parse(f, anyTag)
	p := &page{file: f}
	var scalars []construct
	for _, d := range documents {
		p.tree(d, 0, &scalars)
	}
	slices.SortFunc(scalars, func(a, b construct) int { return a.start - b.start })
	p.yamlComments(scalars)
	out := p.directives()
	for _, d := range documents {
		out = append(out, ofMetadata(d)...)
	}
	return out
}

// tree adds the fields and items below a value. The fields of the document
// itself are none that a comment can stand at: "Resources" is all there is.
func (p *page) tree(v value.Value, depth int, scalars *[]construct) {
	if depth > deepest {
		return
	}
	for _, f := range v.Fields {
		*scalars = append(*scalars, construct{f.KeySpan.Start, f.KeySpan.End})
		if depth > 0 {
			p.constructs = append(p.constructs, construct{f.KeySpan.Start, max(f.KeySpan.End, f.Value.Span.End)})
		}
		p.tree(f.Value, depth+1, scalars)
	}
	for _, item := range v.Items {
		p.constructs = append(p.constructs, construct{item.Span.Start, item.Span.End})
		p.tree(item, depth+1, scalars)
	}
	if v.IsScalar() {
		*scalars = append(*scalars, construct{v.Span.Start, v.Span.End})
	}
}

// yamlComments finds comments: a number sign behind white space that is part of
// no scalar.
//
// https://yaml.org/spec/1.2.2/#66-comments
func (p *page) yamlComments(scalars []construct) {
	text := p.file.Content
	for i := 0; i < len(text); i++ {
		if text[i] != '#' || i > 0 && strings.IndexByte(" \t\r\n", text[i-1]) < 0 {
			continue
		}
		// Scalars do not overlap, so the last that begins before is the only one
		// that this can be part of.
		at, _ := slices.BinarySearchFunc(scalars, i+1, func(c construct, offset int) int { return c.start - offset })
		if at > 0 && i < scalars[at-1].end {
			i = max(i, scalars[at-1].end-1)
			continue
		}
		end := i
		for end < len(text) && text[end] != '\n' {
			end++
		}
		p.comments = append(p.comments, construct{i, end})
		i = end
	}
}

// ofTemplateJSON reads the metadata of a template in JSON.
func ofTemplateJSON(f *source.File) []Directive {
	if !bytes.Contains(f.Content, []byte(`"Metadata"`)) {
		return nil
	}
	v, _ := jsontree.Parse(f)
	return ofMetadata(v)
}

// ofMetadata reads what the resources of a template say of themselves.
//
//	Metadata: {iaclint: {ignore: [{rule: public-read, reason: …, expires: …}]}}
func ofMetadata(template value.Value) []Directive {
	var out []Directive
	for _, r := range template.Get("Resources").Fields {
		ignore := r.Value.Get("Metadata").Get("iaclint").Get("ignore")
		list := ignore.Items
		if ignore.Kind == value.Map || ignore.IsScalar() {
			list = []value.Value{ignore}
		}
		for _, item := range list {
			d := readItem(item)
			d.Span = item.Span
			d.Cover = source.Span{File: r.KeySpan.File, Start: r.KeySpan.Start, End: max(r.KeySpan.End, r.Value.Span.End)}
			out = append(out, d)
		}
	}
	return out
}

// readItem reads one item of metadata.
func readItem(v value.Value) (d Directive) {
	if v.Kind != value.Map {
		d.Problem = "expected an object with rule and reason"
		return d
	}
	for _, f := range v.Fields {
		texts := []value.Value{f.Value}
		if f.Value.Kind == value.List {
			texts = f.Value.Items
		}
		for _, t := range texts {
			literal := t.Text.Literal
			switch {
			case !t.IsScalar() || t.Text.Parts != nil:
				d.Problem = f.Key + " is not a string"
			case f.Key == "rule" || f.Key == "rules":
				d.Rules = append(d.Rules, literal)
			case f.Key == "reason":
				d.Reason = literal
			case !d.set(f.Key, literal):
				d.Problem = "unknown word " + f.Key + "; expected are rule, reason, owner, expires, key and max_access"
			}
		}
	}
	d.check()
	return d
}

// ofTerraformJSON reads "//", which Terraform takes for a comment, in the
// blocks of a file in its JSON syntax.
//
// https://developer.hashicorp.com/terraform/language/syntax/json
func ofTerraformJSON(f *source.File) []Directive {
	v, _ := jsontree.Parse(f)
	var out []Directive
	blocks(v, 0, &out)
	return out
}

func blocks(v value.Value, depth int, out *[]Directive) {
	if depth > deepest {
		return
	}
	for _, f := range v.Fields {
		if f.Key == "//" {
			*out = append(*out, ofComment(f.Value, v.Span, depth)...)
		}
		blocks(f.Value, depth+1, out)
	}
	for _, item := range v.Items {
		blocks(item, depth, out)
	}
}

func ofComment(v value.Value, cover source.Span, depth int) []Directive {
	texts := []value.Value{v}
	if v.Kind == value.List {
		texts = v.Items
	}
	var out []Directive
	for _, t := range texts {
		rest, ok := strings.CutPrefix(strings.TrimSpace(t.Text.Literal), Marker)
		d := Directive{Problem: nearMiss(strings.TrimSpace(t.Text.Literal))}
		switch {
		case ok:
			d = read(rest)
		case d.Problem == "":
			continue
		}
		d.Span, d.Cover = t.Span, cover
		if depth < 2 && d.Problem == "" {
			d.Cover, d.Problem = source.Span{}, "stands at nothing; it belongs into a resource or a module call"
		}
		out = append(out, d)
	}
	return out
}
