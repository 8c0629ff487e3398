package cloudformation

import (
	"strconv"
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// mayBePolicy reports whether a text may be a policy document in JSON.
func mayBePolicy(text string) bool {
	trimmed := strings.TrimLeft(text, " \t\r\n")
	return strings.HasPrefix(trimmed, "{") && strings.Contains(trimmed, `"Statement"`)
}

func mayBePolicyText(t value.Text) bool {
	if t.Parts == nil {
		return mayBePolicy(t.Literal)
	}
	if t.Parts[0].Ref != nil || !strings.HasPrefix(strings.TrimLeft(t.Parts[0].Literal, " \t\r\n"), "{") {
		return false
	}
	for _, p := range t.Parts {
		if strings.Contains(p.Literal, `"Statement"`) {
			return true
		}
	}
	return false
}

// readPolicy reads a policy that is written as text. A text of which it depends on
// what is not known whether it is one stays what it is.
func readPolicy(v value.Value, pieces []jsontree.Piece) (value.Value, bool) {
	doc, diags := jsontree.ParsePieces(pieces)
	if len(diags) > 0 && jsontree.InStrings(v.Text) {
		return jsontree.Unreadable(diags[0]), true
	}
	if len(diags) > 0 || doc.Kind != value.Map {
		v.Text = resolveDynamic(v.Text)
		return v, v.Text.Parts != nil
	}
	return doc, true
}

// piecesOf returns the pieces of a scalar: literal ones have their exact places.
func piecesOf(v value.Value) []jsontree.Piece {
	if v.Text.Parts == nil && v.Kind == value.String {
		return []jsontree.Piece{{Literal: v.Text.Literal, Place: place(v)}}
	}
	return jsontree.Pieces(v.Text, jsontree.At(v.Span))
}

// toJSONString evaluates Fn::ToJsonString. Where the text would be a policy, it
// is left as the object that it was written as.
func (e *evaluator) toJSONString(s *scope, v, arg value.Value) value.Value {
	got := e.argument(s, arg)
	switch got.Kind {
	case value.Map, value.List:
	case value.Unknown:
		return unknown(v.Span, "Fn::ToJsonString of "+describedList(got))
	default:
		return e.fault(arg.Span, "expected an object or a list for \"Fn::ToJsonString\", found %s", got.Kind)
	}
	if e.inside == 0 && got.Kind == value.Map && got.Get("Statement").Kind != value.Absent {
		return got
	}
	w := jsonWriter{left: maxText - e.work.made}
	w.value(got)
	w.flush()
	if w.left < 0 || !e.spend(v.Span, maxText-e.work.made-w.left) {
		return unknown(v.Span, "too much text")
	}
	return value.Value{Kind: value.String, Span: v.Span, Text: value.Join(w.texts...)}
}

// jsonWriter writes a value as JSON text, references in place of what they
// stand for.
type jsonWriter struct {
	texts []value.Text
	b     strings.Builder
	left  int
}

func (w *jsonWriter) flush() {
	if w.b.Len() > 0 {
		w.texts = append(w.texts, value.Lit(w.b.String()))
		w.b.Reset()
	}
}

func (w *jsonWriter) literal(s string) {
	if w.left -= len(s); w.left >= 0 {
		w.b.WriteString(s)
	}
}

func (w *jsonWriter) text(t value.Text) {
	if t.Parts == nil {
		w.literal(quoteInside(t.Literal))
		return
	}
	for _, p := range t.Parts {
		if p.Ref == nil {
			w.literal(quoteInside(p.Literal))
			continue
		}
		w.flush()
		w.texts = append(w.texts, value.Ref(*p.Ref))
	}
}

func (w *jsonWriter) value(v value.Value) {
	if w.left < 0 {
		return
	}
	switch v.Kind {
	case value.Null, value.Absent:
		w.literal("null")
	case value.Bool, value.Number:
		w.literal(v.Text.Literal)
	case value.String, value.Unknown:
		w.literal(`"`)
		w.text(v.Text)
		w.literal(`"`)
	case value.List:
		w.literal("[")
		for i, item := range v.Items {
			if i > 0 {
				w.literal(",")
			}
			w.value(item)
		}
		w.literal("]")
	case value.Map:
		w.literal("{")
		for i, f := range v.Fields {
			if i > 0 {
				w.literal(",")
			}
			w.literal(`"` + quoteInside(f.Key) + `":`)
			w.value(f.Value)
		}
		w.literal("}")
	}
}

// quoteInside escapes a text for the inside of a JSON string.
func quoteInside(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ':
			b.WriteString(`\u00`)
			b.WriteString(strconv.FormatInt(int64(r)>>4, 16))
			b.WriteString(strconv.FormatInt(int64(r)&15, 16))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
