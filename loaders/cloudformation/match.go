package cloudformation

import (
	"bytes"

	"github.com/iaclint/iaclint/analysis/source"
)

// Match reports whether a file is a template, maybe a faulty one. It looks at
// the top level of the text only, so that other files cost next to nothing.
func Match(f *source.File) bool {
	text := bytes.TrimPrefix(f.Content, utf8BOM)
	if !mentions(text) {
		return false
	}
	if isJSON(text) {
		return hasTopKey(text)
	}
	return hasTopLine(text)
}

// mentions looks for what no template is without.
func mentions(text []byte) bool {
	if !bytes.Contains(text, []byte("Resources")) {
		return bytes.Contains(text, []byte("AWSTemplateFormatVersion"))
	}
	for _, word := range []string{"AWS::", "Custom::", "AWSTemplateFormatVersion", "::MODULE"} {
		if bytes.Contains(text, []byte(word)) {
			return true
		}
	}
	return false
}

// topKeys are the sections of which a template has one.
var topKeys = []string{"Resources", "AWSTemplateFormatVersion"}

// hasTopKey looks for the sections among the keys of the outermost object.
func hasTopKey(text []byte) bool {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			end := stringEnd(text, i)
			if depth == 1 && contains(topKeys, string(text[i+1:max(end-1, i+1)])) && isKey(text[end:]) && !isList(text[end:]) {
				return true
			}
			i = end - 1
		default:
			// YAML in flow style needs no quotes.
			if depth == 1 && (text[i] == 'R' || text[i] == 'A') && bytes.IndexByte([]byte("{, \t\r\n"), text[i-1]) >= 0 {
				for _, key := range topKeys {
					if bytes.HasPrefix(text[i:], []byte(key)) && isKey(text[i+len(key):]) {
						return true
					}
				}
			}
		}
	}
	return false
}

func isKey(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 0 && rest[0] == ':'
}

// isList reports whether a list follows the colon: Resources of an event are one,
// those of a template are not.
func isList(rest []byte) bool {
	rest = bytes.TrimLeft(rest, ": \t\r\n")
	return len(rest) > 0 && rest[0] == '['
}

// stringEnd returns the offset behind the string literal that begins at start.
func stringEnd(text []byte, start int) int {
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// hasTopLine looks for the sections at the beginning of a line.
func hasTopLine(text []byte) bool {
	for _, key := range topKeys {
		rest := text
		for {
			at := bytes.Index(rest, []byte(key))
			if at < 0 {
				break
			}
			start, end := at, at+len(key)
			if start > 0 && end < len(rest) && (rest[start-1] == '"' || rest[start-1] == '\'') && rest[end] == rest[start-1] {
				start, end = start-1, end+1
			}
			if (start == 0 || rest[start-1] == '\n' || rest[start-1] == '\r') && isKey(rest[end:]) {
				return true
			}
			rest = rest[at+len(key):]
		}
	}
	return false
}
