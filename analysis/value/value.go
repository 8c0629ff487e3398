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
	Unknown             // known only after deployment; Text has one reference, Items its alternatives
)

func (k Kind) String() string {
	return [...]string{"nothing", "null", "boolean", "number", "string", "list", "object", "unknown value"}[k]
}

// Value is one node of the tree.
type Value struct {
	Kind Kind
	Span source.Span
	Text Text
	// Items of an Unknown, when there are any, are all that it can turn out to be:
	// see OneOf.
	Items  []Value
	Fields []Field
}

// Fault says why the text that a value should be read from cannot be read, "" where
// it can, or is merely not known.
func (v Value) Fault() string {
	if v.Kind != Unknown || len(v.Text.Parts) != 1 || v.Text.Parts[0].Ref == nil {
		return ""
	}
	return v.Text.Parts[0].Ref.Fault
}

// Field is one entry of a map.
type Field struct {
	Key     string
	KeySpan source.Span
	Value   Value
}

// OneOf returns a value that is one of several, which one being decided by what is
// not known: why. An alternative may itself be an Unknown, or Absent where nothing
// may be there at all. To a reader that knows no alternatives it is an Unknown like
// any other.
func OneOf(why Reference, span source.Span, alternatives ...Value) Value {
	return Value{Kind: Unknown, Span: span, Text: Ref(why), Items: alternatives}
}

// Alternatives returns all that a value can turn out to be, where it is one of
// several, and the name of what decides; else the value itself and "". What may not
// be there at all is not among them.
func (v Value) Alternatives() (list []Value, why string) {
	if len(v.Text.Parts) != 1 || v.Text.Parts[0].Ref == nil {
		return []Value{v}, ""
	}
	ref := v.Text.Parts[0].Ref
	switch {
	case v.Kind == Unknown && len(v.Items) > 0:
		for _, item := range v.Items {
			if item.Kind != Absent {
				more, _ := item.Alternatives()
				list = append(list, more...)
			}
		}
	case ref.Values != nil:
		for _, s := range ref.Values {
			list = append(list, Value{Kind: String, Span: v.Span, Text: Lit(s)})
		}
	default:
		return []Value{v}, ""
	}
	return list, ref.Name
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
// Name and Scope are the same value.
type Reference struct {
	Name string // what would settle it, as the user wrote it: var.partner, !Ref Partner
	Is   Meaning
	// Scope names the deployment that an Own… reference belongs to: a provider
	// configuration of Terraform with its own credentials; "" is the only one.
	Scope string
	// Values, when not nil, are the only ones that it can have: the allowed
	// values of a parameter. It can only be set with Anything.
	Values []string
	// Fault says why the text that should be there cannot be read, "" for a value
	// that is merely not known.
	Fault string
	// Declared is set for what AWS will tell of something that the code declares: its
	// name, id or another attribute.
	Declared bool
	// Length is how many characters an OwnName has, where AWS says so; 0 is not
	// known.
	Length int
}

// Meaning is what is known of a reference although its value is not.
type Meaning uint8

const (
	Anything        Meaning = iota // nothing: a parameter, a variable, an import
	OwnName                        // the name or id that AWS gives to a resource of this stack: no ':', '/', '*' in it
	OwnAccount                     // id of the account that the stack is deployed to
	OwnRegion                      // region that it is deployed to
	OwnPartition                   // aws, aws-cn, …
	OwnSuffix                      // amazonaws.com, or what the partition has instead
	OwnOrganization                // id of the organization of your account
	OwnMember                      // id of any account of that organization
)

func (m Meaning) String() string {
	return [...]string{"anything", "own name", "own account", "own region", "own partition", "own domain suffix", "own organization", "member of your organization"}[m]
}

// Ref returns a text that is one reference.
func Ref(r Reference) Text { return Text{Parts: []Part{{Ref: &r}}} }

// Join returns the texts one after the other, literal neighbours as one piece.
func Join(texts ...Text) Text {
	var parts []Part
	for _, t := range texts {
		pieces := t.Parts
		if pieces == nil {
			pieces = []Part{{Literal: t.Literal}}
		}
		for _, p := range pieces {
			switch last := len(parts) - 1; {
			case p.Ref == nil && p.Literal == "":
			case p.Ref == nil && last >= 0 && parts[last].Ref == nil:
				parts[last].Literal += p.Literal
			default:
				parts = append(parts, p)
			}
		}
	}
	switch {
	case len(parts) == 0:
		return Text{}
	case len(parts) == 1 && parts[0].Ref == nil:
		return Lit(parts[0].Literal)
	}
	return Text{Parts: parts}
}

// Equal reports whether two texts are the same value whatever their references
// turn out to be.
func (t Text) Equal(u Text) bool {
	if t.Literal != u.Literal || len(t.Parts) != len(u.Parts) {
		return false
	}
	for i, p := range t.Parts {
		q := u.Parts[i]
		if p.Literal != q.Literal || (p.Ref == nil) != (q.Ref == nil) {
			return false
		}
		if p.Ref != nil && (p.Ref.Name != q.Ref.Name || p.Ref.Scope != q.Ref.Scope) {
			return false
		}
	}
	return true
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
	return t.Write(func(r Reference) string { return "${" + r.Name + "}" })
}

// Write returns the text with what f makes of each reference in its place.
func (t Text) Write(f func(Reference) string) string {
	if t.Parts == nil {
		return t.Literal
	}
	var b strings.Builder
	for _, p := range t.Parts {
		if p.Ref != nil {
			b.WriteString(f(*p.Ref))
		} else {
			b.WriteString(p.Literal)
		}
	}
	return b.String()
}

// Replace returns the text with other texts in the place of references; false is
// returned, and the text as it is, where f replaces none.
func (t Text) Replace(f func(Reference) (Text, bool)) (Text, bool) {
	var texts []Text // nil as long as nothing is replaced
	for i, p := range t.Parts {
		one := Text{Parts: t.Parts[i : i+1]}
		if p.Ref != nil {
			if u, ok := f(*p.Ref); ok {
				if texts == nil {
					texts = make([]Text, 0, len(t.Parts))
					if i > 0 {
						texts = append(texts, Text{Parts: t.Parts[:i]})
					}
				}
				one = u
			}
		}
		if texts != nil {
			texts = append(texts, one)
		}
	}
	if texts == nil {
		return t, false
	}
	return Join(texts...), true
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
