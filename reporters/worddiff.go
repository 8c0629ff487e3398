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

// statementDiff compares the statements that two policies do not share; it is nil
// where there are none.
func statementDiff(before, after []string) []piece {
	only := func(a, b []string) string {
		var out []string
		for _, line := range a {
			if !slices.Contains(b, line) {
				out = append(out, line)
			}
		}
		return strings.Join(out, "\n")
	}
	x, y := only(before, after), only(after, before)
	if x == y {
		return nil
	}
	return wordDiff(x, y)
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
					r += 0x800 // surrogates are no runes of a string
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

// words splits a text at spaces and commas, which are words of their own, as are
// line breaks.
func words(s string) []string {
	var out []string
	start := 0
	for i, r := range s {
		if r == ',' || unicode.IsSpace(r) {
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
