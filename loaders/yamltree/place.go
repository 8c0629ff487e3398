package yamltree

import (
	"unicode/utf8"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// Within returns the Place of the text of a scalar, whatever its style: quotes,
// escapes, folding and indentation undone. It is that of the whole scalar where
// the text cannot be found in it.
func Within(v value.Value) jsontree.Place {
	text, raw := v.Text.Literal, v.Span.Text()
	switch {
	case raw == text:
		return jsontree.Within(v.Span.File, v.Span.Start)
	case len(raw) == len(text)+2 && raw[1:len(raw)-1] == text: // in quotes, nothing escaped
		return jsontree.Within(v.Span.File, v.Span.Start+1)
	}
	at, ok := align(text, raw)
	if !ok {
		return jsontree.At(v.Span)
	}
	return func(start, end int) source.Span {
		s := source.Span{File: v.Span.File, Start: v.Span.Start + at[min(start, len(at)-1)]}
		s.End = s.Start
		if end > start {
			s.End = v.Span.Start + at[min(end, len(at))-1] + 1
		}
		s.End = max(s.Start, min(s.End, v.Span.End))
		return s
	}
}

// align returns for every byte of a text where it is in the raw scalar. White
// space is folded and indented in many ways, so it only has to be there.
func align(text, raw string) ([]int, bool) {
	if text == "" || raw == "" {
		return nil, false
	}
	j, style := 0, byte(0)
	switch raw[0] {
	case '"', '\'':
		j, style = 1, raw[0]
	case '|', '>':
		for j < len(raw) && raw[j] != '\n' && raw[j] != '\r' {
			j++
		}
	}
	at := make([]int, 0, len(text)+1)
	for i := 0; i < len(text); {
		space := isSpace(text[i])
		if !space {
			for j < len(raw) && (isSpace(raw[j]) || style == '"' && continues(raw[j:])) {
				j++
			}
		}
		switch {
		case j >= len(raw):
			if !space {
				return nil, false
			}
			at = append(at, len(raw)-1)
			i++
		case style == '"' && raw[j] == '\\':
			_, size := utf8.DecodeRuneInString(text[i:])
			for range size {
				at = append(at, j)
			}
			i, j = i+size, j+escapeSize(raw[j:])
		case space:
			at = append(at, j)
			if i++; isSpace(raw[j]) {
				j++
			}
		case raw[j] != text[i]:
			return nil, false
		default:
			at = append(at, j)
			if i, j = i+1, j+1; style == '\'' && raw[j-1] == '\'' {
				j++
			}
		}
	}
	return append(at, min(j, len(raw)-1)), true
}

// continues reports a line break that is escaped.
func continues(raw string) bool {
	return len(raw) >= 2 && raw[0] == '\\' && (raw[1] == '\n' || raw[1] == '\r')
}

// escapeSize returns the length of the escape sequence that raw begins with.
func escapeSize(raw string) int {
	if len(raw) < 2 {
		return len(raw)
	}
	switch raw[1] {
	case 'x':
		return 4
	case 'u':
		return 6
	case 'U':
		return 10
	}
	return 2
}
