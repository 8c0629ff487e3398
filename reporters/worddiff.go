package reporters

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// piece is a part of a comparison of two texts, word by word.
type piece struct {
	kind byte // ' ' for what both have, '-' and '+'
	text string
}

// statementDiff compares the lines that two policies do not share, each with one
// that begins alike if there is one; it is nil where there are none.
func statementDiff(before, after []string) []piece {
	only := func(a, b []string) []string {
		return slices.DeleteFunc(slices.Clone(a), func(line string) bool { return slices.Contains(b, line) })
	}
	gone, come := only(before, after), only(after, before)
	head := func(line string) string {
		h, _, _ := strings.Cut(line, ": ")
		return h
	}
	var out []piece
	for _, line := range gone {
		i := slices.IndexFunc(come, func(c string) bool { return head(c) == head(line) })
		if i < 0 {
			out = append(out, piece{'-', line}, piece{' ', "\n"})
			continue
		}
		out = append(append(out, wordDiff(line, come[i])...), piece{' ', "\n"})
		come = slices.Delete(come, i, i+1)
	}
	for _, line := range come {
		out = append(out, piece{'+', line}, piece{' ', "\n"})
	}
	return out
}

// wordDiff compares two texts word by word: each word stands for a rune, of which
// there are more than texts of a size that anyone reads have words.
func wordDiff(before, after string) []piece {
	index := map[string]rune{}
	var list []string
	encode := func(s string) []rune {
		var out []rune
		for _, w := range words(s) {
			r, ok := index[w]
			if !ok {
				r = rune(0x100 + len(list))
				if r >= 0xd800 {
					r += 0x800 // surrogates are not runes of a string
				}
				index[w] = r
				list = append(list, w)
			}
			out = append(out, r)
		}
		return out
	}
	decode := func(s string) string {
		var b strings.Builder
		for _, r := range s {
			if r >= 0xe000 {
				r -= 0x800
			}
			b.WriteString(list[r-0x100])
		}
		return b.String()
	}
	x, y := encode(before), encode(after)
	if len(list) > 500_000 {
		return []piece{{'-', before}, {'+', after}}
	}
	d := diffmatchpatch.New()
	d.DiffTimeout = 0 // the answer must not depend on the machine
	var out []piece
	for _, part := range d.DiffMainRunes(x, y, false) {
		kind := map[diffmatchpatch.Operation]byte{diffmatchpatch.DiffEqual: ' ', diffmatchpatch.DiffDelete: '-', diffmatchpatch.DiffInsert: '+'}[part.Type]
		out = append(out, piece{kind, decode(part.Text)})
	}
	return out
}

// words splits a text at spaces, commas and the slashes and colons of names, which
// are words of their own, as are line breaks. A reference is one word.
func words(s string) []string {
	var out []string
	start, within := 0, false
	for i, r := range s {
		switch {
		case r == '{' && i > 0 && s[i-1] == '$':
			within = true
		case r == '}' || r == '\n':
			within = false
		}
		if !within && (strings.ContainsRune(",/:", r) || unicode.IsSpace(r)) {
			if i > start {
				out = append(out, s[start:i])
			}
			out = append(out, string(r))
			start = i + len(string(r))
		}
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}
