// Package source holds the files that were read and the places in them. A Span
// is a pair of byte offsets; this package alone turns offsets into lines and
// columns, in the unit that the caller asks for.
package source

import (
	"sort"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// File is one input as it was read. Name is the path that reports show: with
// forward slashes and relative, or "<stdin>".
type File struct {
	Name    string
	Content []byte

	once  sync.Once
	lines []int // byte offset of the start of every line

	marked sync.Once
	marks  []mark // see count
}

// NewFile returns the file with the given name and content.
func NewFile(name string, content []byte) *File {
	return &File{Name: name, Content: content}
}

// Unit is what a column counts.
type Unit int

const (
	Runes Unit = iota // Unicode code points: text and JSON reports
	UTF16             // UTF-16 code units: SARIF, editors
	Bytes             // UTF-8 bytes: rdjson
)

// Position is a line and a column, both from 1. The zero Position is unknown.
type Position struct{ Line, Column int }

// lineStarts returns the offset of the start of every line, computed once.
func (f *File) lineStarts() []int {
	f.once.Do(func() {
		f.lines = append(f.lines, 0)
		for i, c := range f.Content {
			if c == '\n' {
				f.lines = append(f.lines, i+1)
			}
		}
	})
	return f.lines
}

// Position returns the position of a byte offset; offsets outside the file are
// moved to its nearest end.
func (f *File) Position(offset int, unit Unit) Position {
	offset = min(max(offset, 0), len(f.Content))
	lines := f.lineStarts()
	line := sort.Search(len(lines), func(i int) bool { return lines[i] > offset }) - 1
	return Position{Line: line + 1, Column: f.columns(lines[line], offset, unit) + 1}
}

// columns returns how many units lie between the start of a line and an offset in
// it. Lines may be megabytes long, with thousands of offsets that are asked for:
// in those it counts from the nearest mark.
func (f *File) columns(start, offset int, unit Unit) int {
	if unit == Bytes {
		return offset - start
	}
	if offset-start <= 2*markEvery {
		return countUnits(f.Content[start:offset], unit)
	}
	return f.count(offset, unit) - f.count(start, unit)
}

// mark says how many units there are before an offset at which a character starts.
type mark struct{ offset, runes, utf16 int }

const markEvery = 1024

// count returns how many units there are before an offset.
func (f *File) count(offset int, unit Unit) int {
	f.marked.Do(func() {
		m := mark{}
		for m.offset < len(f.Content) {
			if m.offset >= len(f.marks)*markEvery {
				f.marks = append(f.marks, m)
			}
			r, size := utf8.DecodeRune(f.Content[m.offset:])
			m.offset, m.runes, m.utf16 = m.offset+size, m.runes+1, m.utf16+max(utf16.RuneLen(r), 1)
		}
	})
	i := sort.Search(len(f.marks), func(i int) bool { return f.marks[i].offset > offset }) - 1
	if i < 0 {
		return 0
	}
	n := f.marks[i].runes
	if unit == UTF16 {
		n = f.marks[i].utf16
	}
	return n + countUnits(f.Content[f.marks[i].offset:offset], unit)
}

// countUnits counts the units of a text other than its bytes.
func countUnits(text []byte, unit Unit) int {
	if unit == Runes {
		return utf8.RuneCount(text)
	}
	n := 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		n += max(utf16.RuneLen(r), 1)
		text = text[size:]
	}
	return n
}

// Line returns the text of a line, counted from 1, without its line break; ""
// for a line that the file does not have.
func (f *File) Line(n int) string {
	lines := f.lineStarts()
	if n < 1 || n > len(lines) {
		return ""
	}
	start, end := lines[n-1], len(f.Content)
	if n < len(lines) {
		end = lines[n] - 1
	}
	if end > start && f.Content[end-1] == '\r' {
		end--
	}
	return string(f.Content[start:end])
}

// Span is a piece of a file: the bytes from Start up to but without End. The
// zero Span is unknown.
type Span struct {
	File       *File
	Start, End int
}

// IsZero reports whether the span is unknown.
func (s Span) IsZero() bool { return s.File == nil }

// Path returns the name of the span's file, "" when the span is unknown.
func (s Span) Path() string {
	if s.File == nil {
		return ""
	}
	return s.File.Name
}

// Range returns the positions of the first byte and of the end; both are zero
// when the span is unknown.
func (s Span) Range(unit Unit) (start, end Position) {
	if s.File == nil {
		return
	}
	return s.File.Position(s.Start, unit), s.File.Position(s.End, unit)
}

// Text returns the bytes of the span.
func (s Span) Text() string {
	if s.File == nil || s.Start < 0 || s.End > len(s.File.Content) || s.Start > s.End {
		return ""
	}
	return string(s.File.Content[s.Start:s.End])
}

// Severity of a diagnostic.
type Severity string

const (
	Error   Severity = "error"   // the analysis is incomplete: exit status 3
	Warning Severity = "warning" // defined, but probably not what was meant
)

// Diagnostic says what in an input could not be read, or was read otherwise
// than its author may think. Path is set when the span is unknown.
type Diagnostic struct {
	Severity Severity
	Path     string
	Span     Span
	Message  string // lower case, no full stop, says what was expected
}

// Where returns the diagnostic's path and, where known, its position.
func (d Diagnostic) Where() (string, Position) {
	if d.Span.IsZero() {
		return d.Path, Position{}
	}
	start, _ := d.Span.Range(Runes)
	return d.Span.Path(), start
}
