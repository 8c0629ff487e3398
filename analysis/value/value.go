// Package value is the positioned tree that every loader produces and that the
// policy decoder reads: one decoder serves JSON, YAML and HCL, and every
// element keeps its place in the file.
package value

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
)

// Kind of a value. Absent, Null, Unknown and an empty string, list or map are
// different things and stay different.
type Kind uint8

const (
	Absent  Kind = iota // not written at all: the zero Value
	Null                // written as null
	Bool                // Text.Literal is "true" or "false"
	Number              // Text.Literal is the number as written
	String              // Text
	List                // Items
	Map                 // Fields, in the order of the source, duplicates kept
	Unknown             // known only after deployment; Text has one reference
)

func (k Kind) String() string {
	return [...]string{"nothing", "null", "boolean", "number", "string", "list", "object", "unknown value"}[k]
}

// Value is one node of the tree.
type Value struct {
	Kind   Kind
	Span   source.Span
	Text   Text
	Items  []Value
	Fields []Field
}

// Field is one entry of a map.
type Field struct {
	Key     string
	KeySpan source.Span
	Value   Value
}

// Get returns the last field with that key, or an Absent value.
func (v Value) Get(key string) Value {
	for i := len(v.Fields) - 1; i >= 0; i-- {
		if v.Fields[i].Key == key {
			return v.Fields[i].Value
		}
	}
	return Value{}
}

// IsScalar reports whether the value is a string, number, boolean or unknown.
func (v Value) IsScalar() bool {
	return v.Kind == String || v.Kind == Number || v.Kind == Bool || v.Kind == Unknown
}

// Text is a string as a sequence of literal pieces and references to values
// that are not known yet. The zero Text is the empty string.
type Text struct {
	Literal string // the whole text, when Parts is nil
	Parts   []Part // at least one reference among them
}

// Part is a literal piece or, when Ref is not nil, a reference.
type Part struct {
	Literal string
	Ref     *Reference
}

// Reference names a value that is not known yet. Two references with equal
// Name are the same value.
type Reference struct {
	Name string // what would settle it, as the user wrote it: var.partner, !Ref Partner
}

// Lit returns a text without references.
func Lit(s string) Text { return Text{Literal: s} }

// Known returns the text and whether it has no references.
func (t Text) Known() (string, bool) { return t.Literal, t.Parts == nil }

// String shows references as ${name}.
func (t Text) String() string {
	if t.Parts == nil {
		return t.Literal
	}
	var b strings.Builder
	for _, p := range t.Parts {
		if p.Ref != nil {
			b.WriteString("${" + p.Ref.Name + "}")
		} else {
			b.WriteString(p.Literal)
		}
	}
	return b.String()
}

// References returns the names of the references, in order.
func (t Text) References() []string {
	var names []string
	for _, p := range t.Parts {
		if p.Ref != nil {
			names = append(names, p.Ref.Name)
		}
	}
	return names
}
