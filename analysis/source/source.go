// Package source holds the files that were read and the places in them. A Span
// is a pair of byte offsets; this package alone turns offsets into lines and
// columns, in the unit that the caller asks for.
package source

import (
	"bytes"
	"slices"
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
	// Unquoted is set when secrets may be anywhere in the content: reports say
	// where something is, and show nothing of it.
	Unquoted bool
	// Sensitive is set for the file of values that are secrets themselves. It has
	// no content; what has a span in it is analysed, and none of its text shown.
	Sensitive bool

	hiding sync.Mutex
	hidden []piece // what is a secret, in order, apart from one another
	shown  []byte  // the content with marks in place of what is hidden, once it is asked for

	once  sync.Once
	lines []int  // byte offset of the start of every line
	marks []mark // one for each block of the content, if it is longer than one
}

// piece of the content, by its offsets.
type piece struct{ start, end int }

// mark is a place in the content with the number of characters before it: a
// plan is one line of many megabytes with thousands of findings in it.
type mark struct{ offset, runes, units int }

// block of content between two marks, in bytes: as much is counted for each position.
const block = 1 << 10

// unmarked is how long a content can be for which no marks are made.
const unmarked = 1 << 16

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
		if len(f.Content) <= unmarked {
			return
		}
		last := mark{}
		f.marks = append(f.marks, last)
		for next := block; next < len(f.Content); next += block {
			at := next
			for at > last.offset && !utf8.RuneStart(f.Content[at]) {
				at--
			}
			runes, units := count(f.Content[last.offset:at])
			last = mark{at, last.runes + runes, last.units + units}
			f.marks = append(f.marks, last)
		}
	})
	return f.lines
}

// count returns the numbers of code points and of UTF-16 code units.
func count(text []byte) (runes, units int) {
	for len(text) > 0 {
		if text[0] < utf8.RuneSelf {
			text = text[1:]
			runes, units = runes+1, units+1
			continue
		}
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		runes, units = runes+1, units+max(utf16.RuneLen(r), 1)
	}
	return runes, units
}

// between returns the numbers of code points and of UTF-16 code units between
// two offsets.
func (f *File) between(start, end int) (runes, units int) {
	first := sort.Search(len(f.marks), func(i int) bool { return f.marks[i].offset > start })
	last := sort.Search(len(f.marks), func(i int) bool { return f.marks[i].offset > end }) - 1
	if last < first {
		return count(f.Content[start:end])
	}
	headRunes, headUnits := count(f.Content[start:f.marks[first].offset])
	tailRunes, tailUnits := count(f.Content[f.marks[last].offset:end])
	a, b := f.marks[first], f.marks[last]
	return headRunes + b.runes - a.runes + tailRunes, headUnits + b.units - a.units + tailUnits
}

// Position returns the position of a byte offset; offsets outside the file are
// moved to its nearest end.
func (f *File) Position(offset int, unit Unit) Position {
	offset = min(max(offset, 0), len(f.Content))
	lines := f.lineStarts()
	line := sort.Search(len(lines), func(i int) bool { return lines[i] > offset }) - 1
	column := offset - lines[line]
	if unit != Bytes {
		runes, units := f.between(lines[line], offset)
		column = runes
		if unit == UTF16 {
			column = units
		}
	}
	return Position{Line: line + 1, Column: column + 1}
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

// Hide has the file show nothing of a piece of its content, since it is a secret. One
// file may be read for several deployments at once.
func (f *File) Hide(start, end int) {
	start, end = max(start, 0), min(end, len(f.Content))
	if start >= end {
		return
	}
	f.hiding.Lock()
	defer f.hiding.Unlock()
	i := f.hiddenBehind(start)
	j := i
	for j < len(f.hidden) && f.hidden[j].start <= end {
		start, end = min(start, f.hidden[j].start), max(end, f.hidden[j].end)
		j++
	}
	f.hidden = slices.Replace(f.hidden, i, j, piece{start, end})
	f.shown = nil
}

// hiddenBehind returns the first hidden piece that ends at the offset or behind it.
func (f *File) hiddenBehind(offset int) int {
	return sort.Search(len(f.hidden), func(i int) bool { return f.hidden[i].end >= offset })
}

// Hides reports whether something between two offsets is hidden.
func (f *File) Hides(start, end int) bool {
	f.hiding.Lock()
	defer f.hiding.Unlock()
	i := f.hiddenBehind(start + 1)
	return i < len(f.hidden) && f.hidden[i].start < end
}

// hiddenMark stands for a byte that is not shown.
const hiddenMark = '*'

// Shown returns the content as reports may quote it: as long as the content, with the
// same lines, and with marks in place of what is hidden.
func (f *File) Shown() []byte {
	f.hiding.Lock()
	defer f.hiding.Unlock()
	switch {
	case len(f.hidden) == 0:
		return f.Content
	case f.shown == nil:
		f.shown = f.marked(0, len(f.Content))
	}
	return f.shown
}

// marked copies a part of the content, with marks in place of what is hidden.
func (f *File) marked(start, end int) []byte {
	out := bytes.Clone(f.Content[start:end])
	for _, p := range f.hidden[f.hiddenBehind(start):] {
		if p.start >= end {
			break
		}
		for i := max(p.start, start); i < min(p.end, end); i++ {
			if c := &out[i-start]; *c != '\n' && *c != '\r' {
				*c = hiddenMark
			}
		}
	}
	return out
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

// Shown returns the bytes of the span as reports may quote them.
func (s Span) Shown() string {
	if s.File == nil || s.Start < 0 || s.End > len(s.File.Content) || s.Start > s.End {
		return ""
	}
	s.File.hiding.Lock()
	defer s.File.hiding.Unlock()
	return string(s.File.marked(s.Start, s.End))
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
