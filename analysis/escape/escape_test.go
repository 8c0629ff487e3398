package escape

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                    "",
		"a\tb [c] x::y":       "a\tb [c] x::y",
		"::error::x":          `\::error::x`,
		"\u00a0 ::error::x":   "\u00a0 " + `\::error::x`,
		"a ##vso[x]":          `a ##vso\[x]`,
		"##VSO[x]":            `##VSO\[x]`,
		"##[error]":           `##\[error]`,
		"\x1b[2J\u009b\u202e": `\x1b[2J\u009b\u202e`,
		"a\r\u2028\xff\u200b": `a\r\u2028\xff\u200b`,
		"漢 é 🪣 a\u200db":      "漢 é 🪣 a\u200db",
	} {
		if got := Line(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

// However a text is cut into writes, the lines are the same.
func TestWriter(t *testing.T) {
	const text = "a\n::error::x\n##vs" + "o[x]\né\u202e\nlast ##[x"
	const want = "a\n\\::error::x\n##vso\\[x]\né\\u202e\nlast ##\\[x"
	for size := 1; size <= len(text); size++ {
		var b bytes.Buffer
		w := NewWriter(&b)
		for i := 0; i < len(text); i += size {
			if n, err := w.Write([]byte(text[i:min(i+size, len(text))])); err != nil || n == 0 {
				t.Fatal(n, err)
			}
		}
		if err := w.Flush(); err != nil || b.String() != want {
			t.Fatalf("in pieces of %d: %q, %v", size, b.String(), err)
		}
	}
}

func TestJSON(t *testing.T) {
	for _, s := range []string{"", "##[x]##vso[y]", "\u202e\u2028\U000e0041\u009b", "plain [a]", "é"} {
		text, err := json.Marshal([]string{s})
		if err != nil {
			t.Fatal(err)
		}
		safe := JSON(text)
		var back []string
		if err := json.Unmarshal(safe, &back); err != nil || back[0] != s {
			t.Errorf("%q: %s, %v", s, safe, err)
		}
		if strings.Contains(string(safe), "##[") || strings.Contains(string(safe), "##vso[") || Text(string(safe)) != string(safe) {
			t.Errorf("%q is %s", s, safe)
		}
	}
}

func TestBrief(t *testing.T) {
	for _, s := range []string{"", "a", strings.Repeat("a", 1000), strings.Repeat("é", 500)} {
		if got := Brief(s); got != s {
			t.Errorf("%d bytes become %d", len(s), len(got))
		}
	}
	for _, letter := range []string{"a", "é", "€", "😀", "\xff"} {
		got := Brief("unknown key " + strings.Repeat(letter, 500_000) + ", expected one of a, b")
		if len(got) > mostSaid || !strings.HasPrefix(got, "unknown key ") || !strings.HasSuffix(got, ", expected one of a, b") || letter != "\xff" && !utf8.ValidString(got) {
			t.Errorf("%s", got)
		}
	}
}
