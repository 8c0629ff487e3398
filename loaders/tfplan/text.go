package tfplan

import (
	"bytes"
	"iter"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/iaclint/iaclint/analysis/source"
)

// text is the content of a plan. Its syntax has been checked, so that the
// pieces of interest can be found by counting brackets: a plan of 100 MB has a
// few kilobytes of them. All methods also end, without a panic, on text that
// was not checked, which is what is left of a plan that breaks off.
type text struct {
	content []byte
	file    *source.File
	ends    map[int]int // of long objects and arrays, by where they begin
}

// long: so many bytes are not gone through again at each level of nesting.
const long = 1 << 16

// piece is a part of a text: one JSON value. The zero piece is none.
type piece struct{ start, end int }

func (p piece) missing() bool { return p.end == 0 }

func (t *text) span(p piece) source.Span {
	return source.Span{File: t.file, Start: p.start, End: p.end}
}

// raw returns the bytes of a piece, as far as the text goes.
func (t *text) raw(p piece) []byte {
	end := min(p.end, len(t.content))
	return t.content[min(p.start, end):end]
}

// kind is the first character of a value: one of {["tfn and the digits.
func (t *text) kind(p piece) byte {
	if raw := t.raw(p); len(raw) > 0 {
		return raw[0]
	}
	return 0
}

func (t *text) space(i int) int {
	for i < len(t.content) {
		switch t.content[i] {
		case ' ', '\t', '\r', '\n':
			i++
		default:
			return i
		}
	}
	return i
}

// quoted returns the end of the string that begins at i.
func (t *text) quoted(i int) int {
	for i++; i < len(t.content); {
		n := bytes.IndexByte(t.content[i:], '"')
		if n < 0 {
			return len(t.content)
		}
		end := i + n
		escapes := 0
		for j := end - 1; j >= i && t.content[j] == '\\'; j-- {
			escapes++
		}
		i = end + 1
		if escapes%2 == 0 {
			return i
		}
	}
	return len(t.content)
}

// value returns the piece of the value that begins at i, and whether it is whole.
func (t *text) value(i int) (piece, bool) {
	start := i
	if i >= len(t.content) {
		return piece{start, i}, false
	}
	switch t.content[i] {
	case '"':
		end := t.quoted(i)
		return piece{start, end}, end-start >= 2 && t.content[end-1] == '"'
	case '{', '[':
		if end, ok := t.ends[i]; ok {
			return piece{start, end}, true
		}
		for depth := 0; i < len(t.content); {
			switch t.content[i] {
			case '"':
				i = t.quoted(i)
				continue
			case '{', '[':
				depth++
			case '}', ']':
				depth--
				if depth == 0 {
					return piece{start, i + 1}, true
				}
			}
			i++
		}
		return piece{start, i}, false
	}
	for i < len(t.content) && bytes.IndexByte([]byte(",:]} \t\r\n"), t.content[i]) < 0 {
		i++
	}
	return piece{start, i}, i > start
}

// member is one field of an object.
type member struct {
	key      string
	keyPiece piece
	value    piece
}

// members yields the fields of an object, and of anything else none.
func (t *text) members(p piece) iter.Seq[member] {
	return func(yield func(member) bool) {
		if t.kind(p) != '{' {
			return
		}
		for i := t.space(p.start + 1); i < p.end && t.content[i] == '"'; {
			key := piece{i, t.quoted(i)}
			i = t.space(key.end)
			if i >= p.end || t.content[i] != ':' {
				return
			}
			v, whole := t.value(t.space(i + 1))
			if !whole || v.end > p.end {
				return
			}
			name, ok := t.str(key)
			if !ok || !yield(member{name, key, v}) {
				return
			}
			if i = t.space(v.end); i < p.end && t.content[i] == ',' {
				i = t.space(i + 1)
			}
		}
	}
}

// keys yields the keys of an object, that of a value that breaks off included.
func (t *text) keys(p piece) iter.Seq[string] {
	return func(yield func(string) bool) {
		last := p.start + 1
		for m := range t.members(p) {
			if !yield(m.key) {
				return
			}
			last = m.value.end
		}
		if last = t.space(last); last < p.end && t.content[last] == ',' {
			last = t.space(last + 1)
		}
		if last < p.end && t.content[last] == '"' {
			if key, ok := t.str(piece{last, t.quoted(last)}); ok {
				yield(key)
			}
		}
	}
}

// elements yields the elements of an array, and of anything else none.
func (t *text) elements(p piece) iter.Seq[piece] {
	return func(yield func(piece) bool) {
		if t.kind(p) != '[' {
			return
		}
		for i := t.space(p.start + 1); i < p.end && t.content[i] != ']'; {
			v, whole := t.value(i)
			if !whole || v.end > p.end || !yield(v) {
				return
			}
			if i = t.space(v.end); i < p.end && t.content[i] == ',' {
				i = t.space(i + 1)
			}
		}
	}
}

// at returns the value of a key, the last if there are several.
func (t *text) at(p piece, keys ...string) piece {
	for _, key := range keys {
		var found piece
		for m := range t.members(p) {
			if m.key == key {
				found = m.value
			}
		}
		if p = found; p.missing() {
			break
		}
	}
	return p
}

// str returns the text of a string.
func (t *text) str(p piece) (string, bool) {
	raw := t.raw(p)
	if len(raw) < 2 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return "", false
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), true
	}
	plain, err := jsontext.AppendUnquote(nil, raw)
	return string(plain), err == nil
}

// is reports whether a value is a literal of JSON: true, false or null.
func (t *text) is(p piece, literal string) bool { return string(t.raw(p)) == literal }

// holdsTrue reports whether anything in the value is true.
func (t *text) holdsTrue(at piece) bool {
	switch t.kind(at) {
	case 't':
		return true
	case '{':
		for f := range t.members(at) {
			if t.holdsTrue(f.value) {
				return true
			}
		}
	case '[':
		for e := range t.elements(at) {
			if t.holdsTrue(e) {
				return true
			}
		}
	}
	return false
}
