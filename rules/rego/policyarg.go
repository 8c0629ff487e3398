package rego

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// policyOf is the policy that an argument is: a document of the input, an object,
// or JSON in a text. One of the input that a rule has changed is not that of the
// input any more.
func (r *run) policyOf(t *ast.Term) (*policy.Document, *node, error) {
	switch v := t.Value.(type) {
	case ast.Object:
		n := r.document.numbered(v)
		if n != nil && n.term != nil && (n.term == v || n.term.Compare(v) == 0) {
			if n.policy != nil {
				return n.policy, n, nil
			}
			return nil, nil, inputErrorf("a policy is expected; the object of the input is none, or its text is not shown")
		}
		if p := v.Get(policyTerm); n != nil && p != nil {
			return r.policyOf(p) // of a document that was changed
		}
		d, err := decode(r.document.valueOf(t, 0), marked(v))
		return d, nil, err
	case ast.String:
		tree, err := parseJSON(string(v))
		if err != nil {
			return nil, nil, inputErrorf("the text is not JSON: %s", err)
		}
		d, err := decode(tree, false)
		return d, nil, err
	}
	return nil, nil, fmt.Errorf("a policy is expected, not %s", shown(t))
}

var policyTerm = ast.StringTerm("policy")

// marked reports whether an object is made of objects of the input.
func marked(o ast.Object) bool {
	found := false
	ast.WalkTerms(ast.NewTerm(o), func(t *ast.Term) bool {
		if inner, ok := t.Value.(ast.Object); ok && inner.Get(markerTerm) != nil {
			found = true
		}
		return found
	})
	return found
}

// decode reads a policy. What AWS would refuse is an error in one that a rule has
// written: it would reason about nothing. What comes from the input is as it is.
func decode(v value.Value, fromInput bool) (*policy.Document, error) {
	d, wrong := policy.Decode(v)
	for _, w := range wrong {
		if d == nil || w.Severity == source.Error && !fromInput {
			return nil, inputErrorf("the policy cannot be read: %s", w.Message)
		}
	}
	if d == nil {
		return nil, inputErrorf("the policy cannot be read")
	}
	if fromInput {
		return d, nil
	}
	for _, s := range d.Statements {
		if s.Unread && s.Refused != "" {
			return nil, inputErrorf("the policy cannot be read: %s", s.Refused)
		}
		if s.Refused != "" {
			return nil, inputErrorf("AWS would refuse statement %d of the policy: %s", s.Index, s.Refused)
		}
	}
	return d, nil
}

// shapes are keys that the input has and policies have not.
var shapes = map[string]bool{marker: true, "unknown": true, "refused": true}

// valueOf turns a value of a rule into a tree without places. A text that the
// input shows for something that is not known is that again.
func (d *document) valueOf(t *ast.Term, depth int) value.Value {
	if depth > deepestPolicy {
		return value.Value{}
	}
	switch v := t.Value.(type) {
	case ast.Null:
		return value.Value{Kind: value.Null}
	case ast.Boolean:
		return value.Value{Kind: value.Bool, Text: value.Lit(v.String())}
	case ast.Number:
		return value.Value{Kind: value.Number, Text: value.Lit(string(v))}
	case ast.String:
		if known, ok := d.texts[string(v)]; ok {
			return value.Value{Kind: value.String, Text: known}
		}
		return value.Value{Kind: value.String, Text: value.Lit(string(v))}
	case *ast.Array:
		out := value.Value{Kind: value.List}
		v.Foreach(func(t *ast.Term) { out.Items = append(out.Items, d.valueOf(t, depth+1)) })
		return out
	case ast.Set:
		out := value.Value{Kind: value.List}
		v.Sorted().Foreach(func(t *ast.Term) { out.Items = append(out.Items, d.valueOf(t, depth+1)) })
		return out
	case ast.Object:
		out := value.Value{Kind: value.Map}
		v.Foreach(func(k, t *ast.Term) {
			key, ok := k.Value.(ast.String)
			if ok && !shapes[string(key)] {
				out.Fields = append(out.Fields, value.Field{Key: string(key), Value: d.valueOf(t, depth+1)})
			}
		})
		return out
	}
	return value.Value{}
}

const deepestPolicy = 100

// parseJSON reads JSON with the order of its keys, and keys that are there twice.
func parseJSON(text string) (value.Value, error) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	v, err := parseValue(decoder, 0)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return v, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return v, errors.New("something follows the value")
	}
	return v, nil
}

func parseValue(d *json.Decoder, depth int) (value.Value, error) {
	t, err := d.Token()
	if err != nil {
		return value.Value{}, err
	}
	if depth > deepestPolicy {
		return value.Value{}, errors.New("it is nested too deep")
	}
	switch t := t.(type) {
	case nil:
		return value.Value{Kind: value.Null}, nil
	case bool:
		return value.Value{Kind: value.Bool, Text: value.Lit(fmt.Sprint(t))}, nil
	case json.Number:
		return value.Value{Kind: value.Number, Text: value.Lit(t.String())}, nil
	case string:
		return value.Value{Kind: value.String, Text: value.Lit(t)}, nil
	case json.Delim:
		if t == '[' {
			return parseList(d, depth)
		}
		return parseMap(d, depth)
	}
	return value.Value{}, fmt.Errorf("%v is not expected", t)
}

func parseList(d *json.Decoder, depth int) (value.Value, error) {
	out := value.Value{Kind: value.List}
	for d.More() {
		item, err := parseValue(d, depth+1)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, item)
	}
	_, err := d.Token()
	return out, err
}

func parseMap(d *json.Decoder, depth int) (value.Value, error) {
	out := value.Value{Kind: value.Map}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return out, err
		}
		v, err := parseValue(d, depth+1)
		if err != nil {
			return out, err
		}
		out.Fields = append(out.Fields, value.Field{Key: strings.Clone(key.(string)), Value: v})
	}
	_, err := d.Token()
	return out, err
}
