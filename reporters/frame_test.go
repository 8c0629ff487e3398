package reporters

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
	"pgregory.net/rapid"

	"github.com/iaclint/iaclint/analysis/source"
)

// In each content the span is what stands between « and ».
func TestFrame(t *testing.T) {
	for _, c := range []struct {
		name, content string
		width         int
		line, carets  string
	}{
		{"plain", "a = «\"*\"»,\nb", 40, `a = "*",`, `    ^^^`},
		{"second line", "x\n  «y»\nz", 40, `  y`, `  ^`},
		{"windows line break", "«a»\r\nb", 40, `a`, `^`},
		{"tab before", "\tp\t«q»", 40, `    p   q`, `        ^`},
		{"tab inside", "a«\tb»", 40, `a   b`, ` ^^^^`},
		{"wide before and inside", "ログ «漢»x", 40, `ログ 漢x`, `     ^^`},
		{"emoji", "🪣«*»", 40, `🪣*`, `  ^`},
		{"combining before", "e\u0301e\u0301«*»", 40, "e\u0301e\u0301*", `  ^`},
		{"combining at the start", "\u0301«*»", 40, "◌\u0301*", ` ^`},
		{"span on a combining mark", "ae«\u0301»b", 40, "ae\u0301b", ` ^`},
		{"empty span", "ab«»cd", 40, `abcd`, `  ^`},
		{"end of line", "ab«»\ncd", 40, `ab`, `  ^`},
		{"line break only", "ab«\n»cd", 40, `ab`, `  ^`},
		{"end of file", "ab\n«»", 40, ``, `^`},
		{"empty file", "«»", 40, ``, `^`},
		{"several lines", "x «{\n  a\n}»", 40, `x {`, `  ^`},
		{"byte order mark", "\ufeff«{»}", 40, `{}`, `^`},
		{"escape sequence", "\x1b[2J«*»", 40, `\x1b[2J*`, `       ^`},
		{"bidi and C1 controls", "\u202e\u009b«x»", 40, `\u202e\u009bx`, `            ^`},
		{"invalid bytes", "\xff«\xfe»", 40, `\xff\xfe`, `    ^^^^`},
		{"cut right", "«ab»" + strings.Repeat("c", 50), 12, `abcccccccc…`, `^^`},
		{"cut left", strings.Repeat("c", 50) + "«ab»", 12, `…ccccccccab`, `         ^^`},
		{"cut both", strings.Repeat("c", 50) + "«ab»" + strings.Repeat("d", 50), 14, `…ccccabdddddd…`, `     ^^`},
		{"cut in the span", strings.Repeat("c", 9) + "«" + strings.Repeat("a", 50) + "»", 14, `…ccccaaaaaaaa…`, `     ^^^^^^^^`},
		{"cut wide", strings.Repeat("漢", 50) + "«字»" + strings.Repeat("漢", 50), 12, `…漢字漢漢漢…`, `   ^^`},
	} {
		t.Run(c.name, func(t *testing.T) {
			line, carets := frame(marked(c.content), c.width)
			if line != c.line || carets != c.carets {
				t.Errorf("got\n%s|\n%s|\nwant\n%s|\n%s|", line, carets, c.line, c.carets)
			}
		})
	}
}

// marked returns the span between « and » of what remains without them.
func marked(s string) source.Span {
	before, rest, _ := strings.Cut(s, "«")
	in, after, _ := strings.Cut(rest, "»")
	return source.Span{File: source.NewFile("f", []byte(before+in+after)), Start: len(before), End: len(before + in)}
}

// Whatever the file and the span, the frame fits, is printable and has a caret
// under the line or just after it.
func TestFrameOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.OneOf(rapid.SliceOf(rapid.Byte()), rapid.Map(nasty, func(s string) []byte { return []byte(s) })).Draw(t, "content")
		s := source.Span{File: source.NewFile("f", content),
			Start: rapid.IntRange(-2, len(content)+2).Draw(t, "start"), End: rapid.IntRange(-2, len(content)+2).Draw(t, "end")}
		limit := rapid.IntRange(20, 120).Draw(t, "width")
		line, carets := frame(s, limit)
		if printable(line) != line || strings.Trim(carets, " ^") != "" {
			t.Fatalf("line %q, carets %q", line, carets)
		}
		if textWidth(line) > limit || len(carets) > limit+1 {
			t.Fatalf("%d columns, carets %d, more than %d: %q", textWidth(line), len(carets), limit, line)
		}
		if i := strings.IndexByte(carets, '^'); i < 0 || i > limit {
			t.Fatalf("no caret: %q", carets)
		}
	})
}

// A file of one long line must not cost its length for every finding.
func TestFrameOfOneLongLine(t *testing.T) {
	f := source.NewFile("plan.json", []byte(strings.Repeat("x", 10<<20)))
	start := time.Now()
	for i := range 10_000 {
		if line, _ := frame(source.Span{File: f, Start: 1000 * i, End: 1000*i + 5}, 80); textWidth(line) > 80 {
			t.Fatalf("%d columns", textWidth(line))
		}
	}
	// Reading the line every time would take minutes.
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("10,000 frames took %v", d)
	}
}

// Package width has the same property of Unicode, but this package has no
// dependencies.
func TestColumnsAgreeWithUnicode(t *testing.T) {
	for r := rune(0x20); r <= unicode.MaxRune; r++ {
		kind := width.LookupRune(r).Kind()
		want := 1
		if kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
			want = 2
		}
		// Combining characters are drawn over others, and what is not graphic is
		// not drawn.
		if !unicode.IsGraphic(r) || columns(r) == 0 {
			continue
		}
		if got := columns(r); got != want {
			t.Errorf("columns(%U) = %d, want %d", r, got, want)
		}
	}
}

func TestPrintable(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`plain "text" \n`, `plain "text" \n`},
		{"a\nb\r\tc\x00\x7f", `a\nb\r\tc\x00\x7f`},
		{"\x1b]8;;http://x\x07", `\x1b]8;;http://x\x07`},
		{"\u009b31m\u2028\u202e\u2066\u200b", `\u009b31m\u2028\u202e\u2066\u200b`},
		{"\U000e0041", `\U000e0041`},
		{"é漢🪣 \u200d", "é漢🪣 \u200d"},
		{"\xff\xc3", `\xff\xc3`},
		{"\ufffd", "\ufffd"},
	} {
		if got := printable(c.in); got != c.want {
			t.Errorf("printable(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"", 10, ""},
		{"a b c", 3, "a b|c"},
		{"a 漢字 b", 5, "a|漢字|b"},
		{"a arn:aws:s3:::logs b", 5, "a|arn:aws:s3:::logs|b"},
		{"  indented", 20, "  indented"},
	} {
		if got := strings.Join(wrap(c.in, c.width), "|"); got != c.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

func valid(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return r != '\n' && !harmless(r) }) < 0
}
