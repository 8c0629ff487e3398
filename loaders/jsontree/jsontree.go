// Package jsontree reads JSON into a value tree that keeps the place of every
// key and value, all keys of an object in their order and every number as it
// was written. It knows the syntax only; what a document means is for others.
//
// https://www.rfc-editor.org/rfc/rfc8259
package jsontree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Limits on what is read into memory. A policy has at most tens of kilobytes,
// so a file of this size holds thousands of them.
const (
	MaxBytes  = 64 << 20
	MaxValues = 1 << 20 // about 160 bytes each
	MaxDepth  = 200
)

// Place returns the place in a file of the bytes from start up to but without
// end of the text that is parsed.
type Place func(start, end int) source.Span

// Within returns the Place of a text that is the content of a file from offset on.
func Within(file *source.File, offset int) Place {
	return func(start, end int) source.Span {
		return source.Span{File: file, Start: offset + start, End: offset + end}
	}
}

// At returns the Place of a text whose pieces have no places of their own, as
// that of a URL-encoded policy: all of it is at span.
func At(span source.Span) Place {
	return func(int, int) source.Span { return span }
}

// Parse reads a file that holds one JSON value. On an error the value is the
// zero Value.
func Parse(file *source.File) (value.Value, []source.Diagnostic) {
	values, diags := ParseAll(file)
	switch {
	case len(diags) > 0:
		return value.Value{}, diags
	case len(values) > 1:
		return value.Value{}, fail(values[1].Span, "expected the end of the file after the JSON value, found another one")
	}
	return values[0], nil
}

// ParseAll reads a file that holds one or more JSON values one after another.
// Without an error there is at least one value; with one, those before it.
func ParseAll(file *source.File) ([]value.Value, []source.Diagnostic) {
	return collect(Values(file))
}

// Values yields the values of a file one at a time, so that a long file need
// not be in memory as a whole; the last pair has diagnostics if there is an error.
func Values(file *source.File) iter.Seq2[value.Value, []source.Diagnostic] {
	text, offset := file.Content, 0
	if message := Encoding(text); message != "" {
		return func(yield func(value.Value, []source.Diagnostic) bool) {
			yield(value.Value{}, fail(source.Span{File: file}, message))
		}
	}
	if bytes.HasPrefix(text, utf8BOM) {
		offset = len(utf8BOM)
	}
	return parse(text[offset:], Within(file, offset))
}

func collect(seq iter.Seq2[value.Value, []source.Diagnostic]) (values []value.Value, diags []source.Diagnostic) {
	for v, d := range seq {
		if d != nil {
			return values, d
		}
		values = append(values, v)
	}
	return values, nil
}

// ParseText reads one JSON value from a text that is written inside something
// else, such as a policy in a string; place tells where its bytes are.
func ParseText(text string, place Place) (value.Value, []source.Diagnostic) {
	values, diags := collect(parse([]byte(text), place))
	switch {
	case len(diags) > 0:
		return value.Value{}, diags
	case len(values) > 1:
		return value.Value{}, fail(values[1].Span, "expected the end of the text after the JSON value, found another one")
	}
	return values[0], nil
}

func fail(span source.Span, message string) []source.Diagnostic {
	return []source.Diagnostic{{Severity: source.Error, Path: span.Path(), Span: span, Message: message}}
}

var utf8BOM = []byte("\xef\xbb\xbf")

// Encoding says why a text is not in UTF-8, "" when it may be.
func Encoding(text []byte) string {
	if source.IsUTF16(text) {
		return "the file is in UTF-16, expected UTF-8: save it as UTF-8"
	}
	return ""
}

func parse(text []byte, place Place) iter.Seq2[value.Value, []source.Diagnostic] {
	return func(yield func(value.Value, []source.Diagnostic) bool) {
		if diags := unreadable(text, place); diags != nil {
			yield(value.Value{}, diags)
			return
		}
		p := &parser{
			text:  text,
			place: place,
			dec:   jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true)),
			left:  MaxValues,
		}
		for first := true; ; first = false {
			if p.dec.PeekKind() == 0 && p.atEnd() && !first {
				return
			}
			v, err := p.value(0, "a JSON value")
			if err != nil {
				yield(value.Value{}, p.diagnose(err))
				return
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}

// unreadable says what keeps a text from being parsed at all.
func unreadable(text []byte, place Place) []source.Diagnostic {
	if len(text) > MaxBytes {
		return fail(place(0, 0), fmt.Sprintf("JSON of %d bytes is too large, expected at most %d", len(text), MaxBytes))
	}
	if at := invalidUTF8(text); at >= 0 {
		return fail(place(at, at+1), fmt.Sprintf("expected UTF-8, found the byte %#02x", text[at]))
	}
	return nil
}

func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
}

// parser builds the tree. Children are collected in the two scratch stacks and
// copied once their number is known, so that a large input leaves no outgrown
// slices behind.
type parser struct {
	text   []byte
	place  Place
	dec    *jsontext.Decoder
	left   int // values that may still be read
	items  []value.Value
	fields []value.Field
}

// syntaxError says what was expected at the place where reading stopped.
type syntaxError struct {
	expected string
	cause    error
}

func (e *syntaxError) Error() string { return "expected " + e.expected }

// limitError says that a limit was passed.
type limitError struct{ message string }

func (e *limitError) Error() string { return e.message }

func (p *parser) offset() int { return int(p.dec.InputOffset()) }

func (p *parser) atEnd() bool {
	return len(bytes.TrimLeft(p.text[p.offset():], " \t\r\n")) == 0
}

func (p *parser) value(depth int, expected string) (value.Value, error) {
	if p.left--; p.left < 0 {
		return value.Value{}, &limitError{fmt.Sprintf("expected at most %d JSON values in one file", MaxValues)}
	}
	switch p.dec.PeekKind() {
	case '{', '[':
		if depth >= MaxDepth {
			return value.Value{}, &limitError{fmt.Sprintf("expected JSON nested at most %d levels deep", MaxDepth)}
		}
		return p.composite(depth)
	}
	raw, err := p.dec.ReadValue()
	if err != nil {
		return value.Value{}, &syntaxError{expected, err}
	}
	v := value.Value{Kind: kinds[raw.Kind()], Span: p.place(p.offset()-len(raw), p.offset())}
	switch v.Kind {
	case value.String:
		v.Text = value.Lit(unquote(raw))
	case value.Null:
	default:
		v.Text = value.Lit(string(raw))
	}
	return v, nil
}

var kinds = map[jsontext.Kind]value.Kind{
	'n': value.Null, 't': value.Bool, 'f': value.Bool, '0': value.Number, '"': value.String,
}

func (p *parser) composite(depth int) (value.Value, error) {
	open, err := p.dec.ReadToken()
	if err != nil {
		return value.Value{}, &syntaxError{"a JSON value", err}
	}
	start := p.offset() - 1
	var v value.Value
	if open.Kind() == '{' {
		v, err = p.object(depth)
	} else {
		v, err = p.list(depth)
	}
	v.Span = p.place(start, p.offset())
	return v, err
}

func (p *parser) list(depth int) (value.Value, error) {
	base := len(p.items)
	for p.dec.PeekKind() != ']' {
		item, err := p.value(depth+1, betweenItems(len(p.items) > base))
		if err != nil {
			return value.Value{}, err
		}
		p.items = append(p.items, item)
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return value.Value{}, &syntaxError{`a value after ","`, err}
	}
	v := value.Value{Kind: value.List, Items: append([]value.Value{}, p.items[base:]...)}
	clear(p.items[base:])
	p.items = p.items[:base]
	return v, nil
}

func betweenItems(more bool) string {
	if more {
		return `"," and a value, or "]"`
	}
	return `a value or "]"`
}

func (p *parser) object(depth int) (value.Value, error) {
	base := len(p.fields)
	for p.dec.PeekKind() != '}' {
		f, err := p.field(depth, len(p.fields) > base)
		if err != nil {
			return value.Value{}, err
		}
		p.fields = append(p.fields, f)
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return value.Value{}, &syntaxError{`a key in double quotes after ","`, err}
	}
	v := value.Value{Kind: value.Map, Fields: append([]value.Field{}, p.fields[base:]...)}
	clear(p.fields[base:])
	p.fields = p.fields[:base]
	return v, nil
}

func (p *parser) field(depth int, more bool) (value.Field, error) {
	expected := `a key in double quotes or "}"`
	if more {
		expected = `"," and a key in double quotes, or "}"`
	}
	raw, err := p.dec.ReadValue()
	if err != nil {
		return value.Field{}, &syntaxError{expected, err}
	}
	f := value.Field{Key: unquote(raw), KeySpan: p.place(p.offset()-len(raw), p.offset())}
	f.Value, err = p.value(depth+1, `":" and a value`)
	return f, err
}

// unquote returns the text of a string literal that the decoder accepted.
func unquote(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	text, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		panic(err) // the decoder validated raw
	}
	return string(text)
}

// diagnose turns an error into a diagnostic at the byte that is in the way.
func (p *parser) diagnose(err error) []source.Diagnostic {
	var limit *limitError
	if errors.As(err, &limit) {
		at := p.offset()
		return fail(p.place(at, at), limit.message)
	}
	var syntax *syntaxError
	if !errors.As(err, &syntax) {
		panic(err) // the parser returns no other errors
	}
	at := p.offset()
	var cause *jsontext.SyntacticError
	if errors.As(syntax.cause, &cause) {
		at = max(at, int(cause.ByteOffset))
	}
	expected := syntax.expected
	at, expected = p.pinpoint(at, expected, syntax.cause)
	if at >= len(p.text) {
		return fail(p.place(len(p.text), len(p.text)), fmt.Sprintf("invalid JSON: expected %s, found the end of the text", expected))
	}
	r, size := utf8.DecodeRune(p.text[at:])
	return fail(p.place(at, at+size), fmt.Sprintf("invalid JSON: expected %s, found %q", expected, string(r)))
}

// pinpoint moves from where the decoder gave up to the character that a user
// would change, and says what could stand there.
func (p *parser) pinpoint(at int, expected string, cause error) (int, string) {
	from := p.skipSpace(p.offset())
	if from < len(p.text) && (p.text[from] == ',' || p.text[from] == ':') && p.separates(from) {
		next := p.skipSpace(from + 1)
		if p.text[from] == ',' && next < len(p.text) && (p.text[next] == '}' || p.text[next] == ']') {
			return next, `another element after ","`
		}
		from = next
	}
	rest := p.text[from:]
	switch {
	case bytes.HasPrefix(rest, []byte(`"`)) && (at > from || errors.Is(cause, io.ErrUnexpectedEOF)):
		return p.insideString(from+1, at, errors.Is(cause, io.ErrUnexpectedEOF))
	case errors.Is(cause, io.ErrUnexpectedEOF):
		return len(p.text), expected
	case bytes.HasPrefix(rest, []byte("//")), bytes.HasPrefix(rest, []byte("/*")):
		return from, expected + " (JSON has no comments)"
	case bytes.HasPrefix(rest, []byte("'")):
		return from, expected + " (JSON has only double quotes)"
	}
	return p.skipSpace(max(at, from)), expected
}

// separates reports whether the comma or colon at offset at may stand there.
func (p *parser) separates(at int) bool {
	kind, length := p.dec.StackIndex(p.dec.StackDepth())
	if p.text[at] == ':' {
		return kind == '{' && length%2 == 1
	}
	return length > 0 && (kind == '[' || kind == '{' && length%2 == 0)
}

// insideString says what is wrong with the string literal whose text begins at
// start; the decoder gave up at offset at.
func (p *parser) insideString(start, at int, unfinished bool) (int, string) {
	for i := start; i < len(p.text) && i <= at; i++ {
		if p.text[i] < ' ' {
			return i, `the closing "\"" or an escape sequence such as "\n"`
		}
	}
	switch {
	case unfinished || at >= len(p.text):
		return len(p.text), `the closing "\""`
	case p.text[at] == '\\':
		return at, `a valid escape sequence`
	}
	return p.skipSpace(at), `":", "," or a closing bracket`
}

func (p *parser) skipSpace(at int) int {
	for at < len(p.text) && bytes.IndexByte([]byte(" \t\r\n"), p.text[at]) >= 0 {
		at++
	}
	return at
}
