package grants

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// Document reads a policy that is written as an object, or as JSON text in a
// string, maybe with references in the text. It returns nil if there is none: an
// empty string deletes a policy. What cannot be read, like what is not known, is
// a document of which nothing is known.
func (r *Reader) Document(v value.Value) *policy.Document {
	doc, diags := policy.Decode(r.Tree(v))
	for _, d := range diags {
		if d.Span.File != nil && d.Span.File.Sensitive {
			d.Message = "something is not as expected in the policy, which is a secret"
			if slices.Contains(r.Diagnostics, d) {
				continue
			}
		}
		r.Diagnostics = append(r.Diagnostics, d)
	}
	return doc
}

// Tree returns the tree that a value is, or that the JSON text in it is.
func (r *Reader) Tree(v value.Value) value.Value {
	if fault := v.Fault(); fault != "" {
		r.faulty(source.Diagnostic{Path: v.Span.Path(), Span: v.Span, Message: fault})
	}
	if v.Kind != value.String {
		return v
	}
	text, known := v.Text.Known()
	if known && strings.TrimSpace(text) == "" {
		return value.Value{}
	}
	var tree value.Value
	var diags []source.Diagnostic
	if known {
		tree, diags = parseString(text, v.Span)
	} else {
		tree, diags = parseTemplate(v)
	}
	if len(diags) > 0 {
		for _, d := range diags {
			r.faulty(d)
		}
		// A policy of which nothing is known, so that it grants no less.
		return jsontree.Unreadable(diags[0])
	}
	return tree
}

// faulty keeps a warning: the finding about the policy says what it means.
func (r *Reader) faulty(d source.Diagnostic) {
	d.Severity = source.Warning
	if d.Path == "" {
		d.Path = r.Path
	}
	r.Diagnostics = append(r.Diagnostics, d)
}

// parseString reads the JSON text in a string. Some APIs escape it again: IAM
// for a URL, API Gateway for a string literal.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
// https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html
func parseString(text string, span source.Span) (value.Value, []source.Diagnostic) {
	trimmed := strings.TrimSpace(text)
	if strings.HasPrefix(trimmed, "%7B") || strings.HasPrefix(trimmed, "%7b") {
		if plain, err := url.QueryUnescape(trimmed); err == nil {
			return jsontree.ParseText(plain, jsontree.At(span))
		}
	}
	if strings.HasPrefix(trimmed, `{\"`) {
		if plain, diags := jsontree.ParseText(`"`+trimmed+`"`, jsontree.At(span)); len(diags) == 0 {
			return jsontree.ParseText(plain.Text.Literal, jsontree.At(span))
		}
	}
	return jsontree.ParseText(text, jsontree.Quoted(span))
}

// mark is the first of the characters that stand for references while JSON text
// with references in it is parsed: of Unicode's last private plane, so that no
// policy has them.
const mark = '\U00100000'

// maxMarks is how many references a text may have.
const maxMarks = 0xfffd

// parseTemplate reads JSON text that has references in it. A reference inside a
// string is a part of that string, one in the place of a value is that value.
func parseTemplate(v value.Value) (value.Value, []source.Diagnostic) {
	refs := v.Text.Parts
	if len(refs) > maxMarks || strings.TrimSpace(firstPiece(v.Text)) == "" || hasMark(v.Text) {
		// Nothing tells that it is an object at all.
		return value.Value{Kind: value.Unknown, Span: v.Span, Text: v.Text}, nil
	}
	var b strings.Builder
	quoted, escaped := false, false
	for i, p := range refs {
		if p.Ref != nil {
			if quoted {
				b.WriteRune(mark + rune(i))
			} else {
				b.WriteString(`"` + string(mark+rune(i)) + `"`)
			}
			escaped = false
			continue
		}
		for _, c := range []byte(p.Literal) {
			switch {
			case escaped:
				escaped = false
			case quoted && c == '\\':
				escaped = true
			case c == '"':
				quoted = !quoted
			}
		}
		b.WriteString(p.Literal)
	}
	tree, diags := jsontree.ParseText(b.String(), jsontree.At(v.Span))
	if len(diags) > 0 && jsontree.InStrings(v.Text) {
		return value.Value{}, diags
	}
	if len(diags) > 0 {
		// The reference may supply a piece of the syntax: not known, not faulty.
		return value.Value{Kind: value.Unknown, Span: v.Span, Text: firstReference(v.Text)}, nil
	}
	return restore(tree, refs), nil
}

func firstPiece(t value.Text) string {
	if t.Parts[0].Ref != nil {
		return ""
	}
	return t.Parts[0].Literal
}

func firstReference(t value.Text) value.Text {
	for _, p := range t.Parts {
		if p.Ref != nil {
			return value.Ref(*p.Ref)
		}
	}
	return t
}

func hasMark(t value.Text) bool {
	for _, p := range t.Parts {
		if strings.ContainsFunc(p.Literal, isMark) {
			return true
		}
	}
	return false
}

func isMark(r rune) bool { return r >= mark && r <= mark+maxMarks }

// restore puts the references back in the place of their marks.
func restore(v value.Value, parts []value.Part) value.Value {
	switch v.Kind {
	case value.String:
		v.Text = restoreText(v.Text, parts)
		if p := v.Text.Parts; len(p) == 1 {
			// All of it is one reference: whether it is a string is not known.
			v.Kind = value.Unknown
			if p[0].Ref.Is != value.Anything || p[0].Ref.Values != nil {
				v.Kind = value.String
			}
		}
	case value.List:
		items := make([]value.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = restore(item, parts)
		}
		v.Items = items
	case value.Map:
		fields := make([]value.Field, len(v.Fields))
		for i, f := range v.Fields {
			f.Key = restoreText(value.Lit(f.Key), parts).String()
			f.Value = restore(f.Value, parts)
			fields[i] = f
		}
		v.Fields = fields
	}
	return v
}

func restoreText(t value.Text, parts []value.Part) value.Text {
	text, _ := t.Known()
	if !strings.ContainsFunc(text, isMark) {
		return t
	}
	var texts []value.Text
	for text != "" {
		i := strings.IndexFunc(text, isMark)
		if i < 0 {
			texts = append(texts, value.Lit(text))
			break
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		texts = append(texts, value.Lit(text[:i]))
		if n := int(r - mark); n < len(parts) && parts[n].Ref != nil {
			texts = append(texts, value.Ref(*parts[n].Ref))
		}
		text = text[i+size:]
	}
	return value.Join(texts...)
}
