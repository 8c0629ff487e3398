package source

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// Positions are those that counting from the start of the line gives, in lines
// of any length and in text that is not UTF-8.
func TestPosition(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "é", "€", "😀", "\xff", "\x80", "\n", "abcdefgh"}
	for _, size := range []int{0, 10, block - 1, block, block + 1, 3*block + 17} {
		for _, n := range []int{7, len(pieces) - 2} {
			var b strings.Builder
			for b.Len() < size {
				piece := pieces[random.IntN(n)]
				if piece == "\n" && random.IntN(1000) > 0 {
					continue
				}
				b.WriteString(piece)
			}
			f := NewFile("f", []byte(b.String()))
			for range 40 {
				offset := random.IntN(len(f.Content) + 1)
				for _, unit := range []Unit{Runes, UTF16, Bytes} {
					if got, want := f.Position(offset, unit), counted(f.Content[:offset], unit); got != want {
						t.Fatalf("size %d, Position(%d, %d) = %v, want %v", size, offset, unit, got, want)
					}
				}
			}
		}
	}
}

func counted(before []byte, unit Unit) Position {
	line := strings.Count(string(before), "\n")
	text := string(before[strings.LastIndexByte(string(before), '\n')+1:])
	column := len(text)
	switch unit {
	case Runes:
		column = utf8.RuneCountInString(text)
	case UTF16:
		column = 0
		for _, r := range text {
			column += max(utf16.RuneLen(r), 1)
		}
	}
	return Position{line + 1, column + 1}
}

// A plan is one line of many megabytes with thousands of places in it.
func BenchmarkPositionInLongLine(b *testing.B) {
	f := NewFile("f", []byte(strings.Repeat("x", 100<<20)))
	for b.Loop() {
		f.Position(99<<20, Runes)
	}
}
