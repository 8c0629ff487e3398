package jsontree

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/iaclint/iaclint/analysis/source"
)

// Quoted returns the Place of the text of a string literal, escapes undone, so
// that a policy written inside a string keeps its positions. The span is that
// of the literal with its quotes. It is At(span) if the file holds no JSON
// string there.
func Quoted(span source.Span) Place {
	raw := span.Text()
	if len(raw) < 2 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return At(span)
	}
	if strings.IndexByte(raw, '\\') < 0 {
		return Within(span.File, span.Start+1)
	}
	// steps holds the places where the distance between a byte of the text and
	// its byte in the literal changes: one entry for every escape sequence.
	type step struct{ text, literal int }
	steps := []step{{0, 1}}
	for text, i := 0, 1; i < len(raw)-1; {
		if raw[i] != '\\' {
			text, i = text+1, i+1
			continue
		}
		size := escapeSize(raw[i:])
		plain, err := jsontext.AppendUnquote(nil, `"`+raw[i:min(i+size, len(raw)-1)]+`"`)
		if err != nil {
			return At(span)
		}
		// Every byte that the escape sequence stands for begins where it does.
		for range plain {
			steps = append(steps, step{text, i})
			text++
		}
		i += size
		steps = append(steps, step{text, i})
	}
	literal := func(text int) int {
		n := sort.Search(len(steps), func(i int) bool { return steps[i].text > text }) - 1
		return steps[n].literal + text - steps[n].text
	}
	return func(start, end int) source.Span {
		s := source.Span{File: span.File, Start: span.Start + literal(start), End: span.Start + literal(end)}
		s.Start = min(s.Start, span.End)
		s.End = max(min(s.End, span.End), s.Start)
		return s
	}
}

// escapeSize returns the length of the escape sequence that s begins with; a
// surrogate pair is one.
func escapeSize(s string) int {
	if len(s) < 2 || s[1] != 'u' {
		return 2
	}
	const one = len(`\u0000`)
	if len(s) >= 2*one && s[one] == '\\' {
		if plain, err := jsontext.AppendUnquote(nil, `"`+s[:one]+`"`); err != nil || !utf8.Valid(plain) {
			return 2 * one // half a pair is not a character by itself
		}
	}
	return one
}
