package terraform

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// kind of a val.
type kind uint8

const (
	null kind = iota
	boolean
	number
	text
	sequence // list, set or tuple
	mapping  // map or object
	unknown
)

var kindNames = [...]string{"null", "a boolean", "a number", "a string", "a list", "an object", "an unknown value"}

func (k kind) String() string { return kindNames[k] }

// val is a value of the language, as far as it is known, with the place where
// it is written. What is not known is in it piece by piece: a text keeps the
// literals around a reference, a sequence the elements beside those that are not
// known. A val is never changed once it is made.
type val struct {
	kind  kind
	flag  bool // boolean
	isSet bool // sequence
	// loose sequences have elements whose place is not known.
	loose bool
	// many, of a resource or module, is set where it stands for several: by is
	// the key that tells them apart.
	many bool
	by   *val
	span source.Span
	num  *big.Float // number

	// text holds a text, and of an unknown the one reference that stands for it.
	text value.Text
	// chunks are the pieces of a text that was put together, with their places;
	// nil for one that is written in one piece, at span.
	chunks []chunk
	// json is what a text is the JSON form of.
	json *val
	docs []string // blocks that hold no resource of their own and that a text comes from

	items  []*val  // sequence
	fields []field // mapping, in the order of the source
	index  map[string]int
	// open, of a mapping, stands for further keys that are not known.
	open *val
	// each, of an open mapping, stands for every value whose key is not known.
	each *val
	// unsure says what is open, where it is not known that a value is of the very
	// resource that stands for several.
	unsure string
	// size is the number of values and bytes in a collection, those that several
	// share counted for each.
	size   int
	id     *[sha256.Size]byte // of a collection, once it is asked for: see digest
	bounds *bounds            // of an unknown that is a number: between which it lies
	from   *origin            // of an unknown, or of YAML: the call that it is the result of, which another may undo
	inst   *instance          // of a mapping: the resource, whose attributes are looked up when asked for
	mod    *module            // of a mapping: the module, likewise its outputs

	// choices of an unknown are all that it can turn out to be, where some of them
	// are known: see either and value.OneOf.
	choices []*val

	// maybe, when not nil, is what decides whether the value is there at all: as
	// an element of a sequence it stands for any number of elements like it,
	// none included; elsewhere it may be null in its place.
	maybe *value.Reference
}

type field struct {
	key  string
	span source.Span
	val  *val
}

// chunk is a piece of a text: a literal, or a reference.
type chunk struct {
	part value.Part
	span source.Span
}

func nullVal(span source.Span) *val { return &val{kind: null, span: span} }

func boolVal(b bool, span source.Span) *val { return &val{kind: boolean, flag: b, span: span} }

func numberVal(n *big.Float, span source.Span) *val { return &val{kind: number, num: n, span: span} }

func intVal(n int, span source.Span) *val {
	return numberVal(new(big.Float).SetInt64(int64(n)), span)
}

func textVal(s string, span source.Span) *val {
	return &val{kind: text, text: value.Lit(s), span: span}
}

func seqVal(items []*val, span source.Span) *val {
	v := &val{kind: sequence, items: items, span: span, size: 1}
	for _, i := range items {
		v.size = min(v.size+i.weight(), tooLarge)
	}
	return v
}

// tooLarge is the size of values that are at least as large.
const tooLarge = 1 << 40

// weight is what it takes to walk a value: elements that are shared are walked
// once for each place that they are in.
func (v *val) weight() int {
	switch {
	case v.size > 0:
		return v.size
	case v.json != nil:
		return 1 + v.json.weight()
	}
	n := 1 + len(v.text.Literal) + len(v.chunks)
	for _, p := range v.text.Parts {
		n += 1 + len(p.Literal)
	}
	return n
}

func mapVal(fields []field, span source.Span) *val {
	v := &val{kind: mapping, fields: fields, span: span, size: 1}
	for _, f := range fields {
		v.size = min(v.size+len(f.key)+f.val.weight(), tooLarge)
	}
	if len(fields) > 8 {
		v.index = make(map[string]int, len(fields))
		for i, f := range fields {
			v.index[f.key] = i
		}
	}
	return v
}

func unknownVal(r value.Reference, span source.Span) *val {
	return &val{kind: unknown, text: value.Ref(r), span: span}
}

// ref returns the reference of an unknown.
func (v *val) ref() *value.Reference { return v.text.Parts[0].Ref }

// at returns the value with another place.
func (v *val) at(span source.Span) *val {
	c := *v
	c.span = span
	return &c
}

// placed returns the value with a place if it has none.
func (v *val) placed(span source.Span) *val {
	if v.span.IsZero() && !span.IsZero() {
		return v.at(span)
	}
	return v
}

// doubted returns the value as one that may not be there.
func (v *val) doubted(why *value.Reference) *val {
	if v.maybe != nil {
		return v
	}
	c := *v
	c.maybe = why
	return &c
}

// certain returns the value as one that is there.
func (v *val) certain() *val {
	if v.maybe == nil {
		return v
	}
	c := *v
	c.maybe = nil
	return &c
}

// get returns the value of a key of a mapping, nil when the known keys have
// none. The last of duplicates counts.
func (v *val) get(key string) *val {
	if v.index != nil {
		if i, ok := v.index[key]; ok {
			return v.fields[i].val
		}
		return nil
	}
	for i := len(v.fields) - 1; i >= 0; i-- {
		if v.fields[i].key == key {
			return v.fields[i].val
		}
	}
	return nil
}

// sorted returns the fields in the order in which the language iterates.
func (v *val) sorted() []field {
	fields := slices.Clone(v.fields)
	slices.SortStableFunc(fields, func(a, b field) int { return strings.Compare(a.key, b.key) })
	return fields
}

// isNull reports whether a value is null for certain.
func (v *val) isNull() bool { return v.kind == null }

// known returns the text of a string all of which is known.
func (v *val) known() (string, bool) {
	if v.kind != text || v.maybe != nil {
		return "", false
	}
	return v.string().Known()
}

// string returns the text of a string.
func (v *val) string() value.Text {
	if v.json != nil && v.text.Parts == nil && v.text.Literal == "" {
		v.text = encodeText(v.json)
	}
	return v.text
}

// wholly reports whether nothing in the value is unknown.
func (v *val) wholly() bool {
	if v.maybe != nil {
		return false
	}
	switch v.kind {
	case unknown:
		return false
	case text:
		return v.string().Parts == nil
	case sequence:
		if v.loose {
			return false
		}
		for _, i := range v.items {
			if !i.wholly() {
				return false
			}
		}
	case mapping:
		if v.open != nil || v.inst != nil || v.mod != nil {
			return false
		}
		for _, f := range v.fields {
			if !f.val.wholly() {
				return false
			}
		}
	}
	return true
}

// fixed reports whether a sequence has exactly the elements that it lists.
func (v *val) fixed() bool {
	if v.loose {
		return false
	}
	for _, i := range v.items {
		if i.maybe != nil {
			return false
		}
	}
	return true
}

// formatNumber writes a number as the language does, unless it has thousands of
// digits: these are as good as any others that nobody means.
func formatNumber(n *big.Float) string {
	if exp := n.MantExp(nil); exp > 4096 || exp < -4096 {
		return n.Text('p', 0)
	}
	return n.Text('f', -1)
}

// scalarText returns the text that a string, number or boolean has in a template.
func (v *val) scalarText() (value.Text, bool) {
	switch v.kind {
	case boolean:
		return value.Lit(strconv.FormatBool(v.flag)), true
	case number:
		return value.Lit(formatNumber(v.num)), true
	case text:
		return v.string(), true
	case unknown:
		return v.text, true
	}
	return value.Text{}, false
}

// identity names a value: two with one identity are the same value, whoever has
// written them and however large they are.
func (v *val) identity() string {
	d := v.digest()
	return strings.ToLower(base32.HexEncoding.EncodeToString(d[:]))[:20]
}

// digest is made of everything that a value is, and not of where it is written.
// Texts are preceded by their lengths, and what is in a value by its digest, so
// that no two values are written alike.
func (v *val) digest() [sha256.Size]byte {
	if v.id != nil {
		return *v.id
	}
	b := []byte{byte(v.kind)}
	word := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	child := func(v *val) {
		d := v.digest()
		b = append(b, d[:]...)
	}
	if v.maybe != nil {
		b = append(b, '?')
		word(v.maybe.Name)
		word(v.maybe.Scope)
	}
	switch v.kind {
	case boolean:
		word(strconv.FormatBool(v.flag))
	case number:
		word(v.num.Text('p', 0))
	case text, unknown:
		t := v.string()
		word(t.Literal)
		for _, p := range t.Parts {
			if p.Ref != nil {
				b = append(b, 'r')
				word(p.Ref.Name)
				word(p.Ref.Scope)
			} else {
				b = append(b, 't')
				word(p.Literal)
			}
		}
	case sequence:
		for _, i := range v.items {
			child(i)
		}
	case mapping:
		var address, path string
		if v.inst != nil {
			address = v.inst.address
		}
		if v.mod != nil {
			path = v.mod.path
		}
		word(address)
		word(path)
		for _, f := range v.sorted() {
			b = append(b, 'f')
			word(f.key)
			child(f.val)
		}
		if v.open != nil {
			b = append(b, 'o')
			child(v.open)
		}
	}
	d := sha256.Sum256(b)
	if len(v.items)+len(v.fields) > 0 {
		v.id = &d
	}
	return d
}

// cause returns the first reference in a value that is not known, nil when all is.
func (v *val) cause() *value.Reference {
	if v.maybe != nil {
		return v.maybe
	}
	switch v.kind {
	case unknown:
		return v.ref()
	case text:
		for _, p := range v.string().Parts {
			if p.Ref != nil {
				return p.Ref
			}
		}
	case sequence:
		for _, i := range v.items {
			if r := i.cause(); r != nil {
				return r
			}
		}
	case mapping:
		if v.inst != nil {
			return &value.Reference{Name: v.inst.address}
		}
		if v.mod != nil {
			return &value.Reference{Name: v.mod.path}
		}
		for _, f := range v.fields {
			if r := f.val.cause(); r != nil {
				return r
			}
		}
		if v.open != nil {
			return v.open.ref()
		}
	}
	return nil
}

// derived returns the unknown that an operation makes of its operands. Its name
// says what would settle it; equal operations on equal operands have one name,
// others have others.
func derived(op string, span source.Span, operands ...*val) *val {
	name := shownOperation(op, operands)
	if name == "" || len(name) > 80 {
		name = op
		for _, o := range operands {
			if c := o.cause(); c != nil && len(c.Name) <= 80 {
				name = c.Name + " in " + op
				break
			}
		}
		name += " #" + tag(op, operands...)
	}
	return unknownVal(value.Reference{Name: name}, span)
}

// tag is a short text that tells an operation on certain operands from others.
func tag(op string, operands ...*val) string {
	items := append([]*val{textVal(op, source.Span{})}, operands...)
	return (&val{kind: sequence, items: items}).identity()
}

// shownOperation writes an operation as a call, "" when an operand has no short form.
func shownOperation(op string, operands []*val) string {
	shown := make([]string, len(operands))
	for i, o := range operands {
		switch {
		case o.maybe != nil, o.kind != sequence && o.kind != mapping && o.secretFile() != nil:
			return ""
		case o.kind == unknown:
			shown[i] = o.ref().Name
		case o.kind == text && o.string().Parts == nil:
			shown[i] = strconv.Quote(o.string().Literal)
		case o.kind == text:
			shown[i] = `"` + o.string().String() + `"`
		case o.kind == number || o.kind == boolean:
			t, _ := o.scalarText()
			shown[i] = t.Literal
		case o.kind == null:
			shown[i] = "null"
		default:
			return ""
		}
	}
	return op + "(" + strings.Join(shown, ", ") + ")"
}
