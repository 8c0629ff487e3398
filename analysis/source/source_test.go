package source

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// slowly counts the units before an offset of a line, one character after the
// other.
func slowly(content string, offset int, unit Unit) Position {
	before := content[:offset]
	line := strings.Count(before, "\n") + 1
	before = before[strings.LastIndexByte(before, '\n')+1:]
	column := len(before)
	switch unit {
	case Runes:
		column = utf8.RuneCountInString(before)
	case UTF16:
		column = 0
		for _, r := range before {
			column += max(utf16.RuneLen(r), 1)
		}
	}
	return Position{line, column + 1}
}

func TestPosition(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "bc", "\n", "\r\n", "é", "漢", "🪣", "\xff", "\xe2\x82", "\ufeff", "\t"}
	for _, breaks := range []int{0, 1, 40} { // in how many of a thousand places a line may end
		var b strings.Builder
		for b.Len() < 200_000 {
			p := pieces[random.IntN(len(pieces))]
			if strings.Contains(p, "\n") && random.IntN(1000) >= breaks {
				continue
			}
			b.WriteString(p)
		}
		content := b.String()
		f := NewFile("x", []byte(content))
		for range 60 {
			offset := random.IntN(len(content) + 1)
			for _, unit := range []Unit{Runes, UTF16, Bytes} {
				if got, want := f.Position(offset, unit), slowly(content, offset, unit); got != want {
					t.Fatalf("offset %d, unit %d: %+v, want %+v", offset, unit, got, want)
				}
			}
		}
	}
}

func TestPositionOutside(t *testing.T) {
	f := NewFile("x", []byte("ab\nc"))
	if got, want := f.Position(-5, Runes), (Position{1, 1}); got != want {
		t.Errorf("before: %+v", got)
	}
	if got, want := f.Position(50, UTF16), (Position{2, 2}); got != want {
		t.Errorf("behind: %+v", got)
	}
	if got, want := NewFile("x", nil).Position(0, UTF16), (Position{1, 1}); got != want {
		t.Errorf("empty: %+v", got)
	}
}

// Many places in one long line, as a plan has them.
func BenchmarkLongLine(b *testing.B) {
	f := NewFile("x", []byte(strings.Repeat("a value é ", 1_000_000)))
	for b.Loop() {
		for at := 0; at < len(f.Content); at += 10_000 {
			f.Position(at, UTF16)
		}
	}
}

// What is hidden is shown nowhere, and everything else stands where it stands.
func TestHide(t *testing.T) {
	f := NewFile("main.tf", []byte("a = \"one\"\nb = \"two\r\nthree\"\nc = 1"))
	f.Hide(14, 25)
	f.Hide(4, 9)
	f.Hide(5, 7)   // within another
	f.Hide(23, 27) // overlaps, and ends with a line break
	f.Hide(31, 90) // ends behind the file
	f.Hide(3, 3)
	want := "a = *****\nb = ****\r\n******\nc = *"
	if got := string(f.Shown()); got != want {
		t.Errorf("shown is\n%q, want\n%q", got, want)
	}
	for start := range len(f.Content) {
		for end := start; end <= len(f.Content); end++ {
			s := Span{File: f, Start: start, End: end}
			if got := s.Shown(); got != want[start:end] {
				t.Fatalf("shown of %d to %d is %q, want %q", start, end, got, want[start:end])
			}
			hides := false
			for _, h := range [][2]int{{4, 9}, {14, 27}, {31, 32}} {
				hides = hides || start < h[1] && end > h[0] && start < end
			}
			if got := f.Hides(start, end); got != hides && start < end {
				t.Fatalf("something from %d to %d is hidden: %t, want %t", start, end, got, hides)
			}
		}
	}
}
