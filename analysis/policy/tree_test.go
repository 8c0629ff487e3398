package policy

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// tree reads JSON for the tests of this package, with places; the object
// {"?": "name"} is a value that is not known yet. ok is false for a syntax error.
func tree(file *source.File) (v value.Value, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(file.Content))
	dec.UseNumber()
	v, err := node(dec, file)
	return v, err == nil
}

func node(dec *json.Decoder, file *source.File) (value.Value, error) {
	token, err := dec.Token()
	if err != nil {
		return value.Value{}, err
	}
	end := int(dec.InputOffset())
	v := value.Value{Span: source.Span{File: file, Start: end - 1, End: end}}
	switch t := token.(type) {
	case nil:
		v.Kind, v.Span.Start = value.Null, end-4
	case bool:
		v.Kind, v.Text = value.Bool, value.Lit(fmt.Sprint(t))
		v.Span.Start = end - len(v.Text.Literal)
	case json.Number:
		v.Kind, v.Text = value.Number, value.Lit(t.String())
		v.Span.Start = end - len(t)
	case string:
		v.Kind, v.Text = value.String, value.Lit(t)
		v.Span.Start = literalStart(file, end)
	case json.Delim:
		err = children(dec, file, t, &v)
		v.Span.End = int(dec.InputOffset())
	}
	if len(v.Fields) == 1 && v.Fields[0].Key == "?" {
		name := v.Fields[0].Value.Text.Literal
		v = value.Value{Kind: value.Unknown, Span: v.Span, Text: value.Text{Parts: []value.Part{{Ref: &value.Reference{Name: name}}}}}
	}
	return v, err
}

func children(dec *json.Decoder, file *source.File, open json.Delim, v *value.Value) error {
	v.Kind = value.List
	if open == '{' {
		v.Kind = value.Map
	}
	for dec.More() {
		var f value.Field
		if open == '{' {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			end := int(dec.InputOffset())
			f.Key, _ = key.(string)
			f.KeySpan = source.Span{File: file, Start: literalStart(file, end), End: end}
		}
		child, err := node(dec, file)
		if err != nil {
			return err
		}
		if f.Value = child; open == '{' {
			v.Fields = append(v.Fields, f)
		} else {
			v.Items = append(v.Items, child)
		}
	}
	_, err := dec.Token()
	return err
}

// literalStart returns the offset of the quote that opens the string literal
// that ends at end.
func literalStart(file *source.File, end int) int {
	start := end - 2
	for start > 0 {
		slashes := 0
		for start-1-slashes >= 0 && file.Content[start-1-slashes] == '\\' {
			slashes++
		}
		if file.Content[start] == '"' && slashes%2 == 0 {
			break
		}
		start--
	}
	return max(start, 0)
}
