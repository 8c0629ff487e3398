package rewrite

import (
	"bytes"
	stdjson "encoding/json"
)

// parseJSON reads the JSON value that begins at an offset. In a text that is a
// template there are ${...} in the place of values and within them.
func parseJSON(content []byte, start, end int, whole bool) (*node, error) {
	s := scanner{text: content, at: start, end: end}
	n, ok := s.value(0)
	if !ok {
		return nil, unwritable("the text is not JSON of an ordinary form")
	}
	if s.space(); whole && s.at < end {
		return nil, unwritable("the file is not one value of JSON")
	}
	return n, nil
}

// scanner finds the pieces of JSON. It takes more than JSON, what is written is
// judged by the loaders.
type scanner struct {
	text    []byte
	at, end int
}

func (s *scanner) space() {
	for s.at < s.end && bytes.IndexByte([]byte(" \t\r\n"), s.text[s.at]) >= 0 {
		s.at++
	}
}

func (s *scanner) is(c byte) bool {
	s.space()
	return s.at < s.end && s.text[s.at] == c
}

func (s *scanner) value(depth int) (*node, bool) {
	if depth > maxDepth {
		return nil, false
	}
	s.space()
	n := &node{start: s.at, from: s.at}
	var ok bool
	switch {
	case s.at >= s.end:
		return nil, false
	case s.text[s.at] == '{':
		n.kind = object
		ok = s.children(n, '}', depth)
	case s.text[s.at] == '[':
		n.kind = list
		ok = s.children(n, ']', depth)
	default:
		ok = s.scalar()
	}
	n.end = s.at
	return n, ok
}

func (s *scanner) children(n *node, closing byte, depth int) bool {
	s.at++
	for !s.is(closing) {
		if len(n.children) > 0 {
			if !s.is(',') {
				return false
			}
			s.at++
		}
		s.space()
		from, key := s.at, ""
		if n.kind == object {
			if !s.is('"') || !s.scalar() {
				return false
			}
			if stdjson.Unmarshal(s.text[from:s.at], &key) != nil {
				return false
			}
			if !s.is(':') {
				return false
			}
			s.at++
		}
		c, ok := s.value(depth + 1)
		if !ok {
			return false
		}
		c.from, c.key = from, key
		n.add(c)
	}
	s.at++
	return true
}

// scalar passes a string, or what is neither object nor list.
func (s *scanner) scalar() bool {
	start := s.at
	if s.text[s.at] == '"' {
		for s.at++; s.at < s.end; s.at++ {
			switch c := s.text[s.at]; {
			case c == '\\':
				s.at++
			case c == '"':
				s.at++
				return true
			case c == '$' && s.opens():
				s.reference()
			}
		}
		return false
	}
	for s.at < s.end && bytes.IndexByte([]byte(",:{}[]\"\\ \t\r\n"), s.text[s.at]) < 0 {
		if s.text[s.at] == '$' && s.opens() {
			s.reference()
		}
		s.at++
	}
	return s.at > start
}

// opens reports a reference of a template, which may have quotes in it.
func (s *scanner) opens() bool {
	return s.at+1 < s.end && s.text[s.at+1] == '{' && (s.at == 0 || s.text[s.at-1] != '$')
}

// reference passes ${...} up to its last character. It stays where it is if
// that is not on the same line: it may be a text that looks like it.
func (s *scanner) reference() {
	depth := 0
	for i := s.at + 1; i < s.end && s.text[i] != '\n'; i++ {
		switch s.text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				s.at = i
				return
			}
		}
	}
}
