package reporters

import (
	"os"
	"strings"
	"testing"
)

func TestStatementDiff(t *testing.T) {
	list := func(s ...string) []string { return s }
	for _, tt := range []struct {
		before, after []string
		want          string
	}{
		{nil, nil, ""},
		{list("Allow *: a on x"), list("Allow *: a on x"), ""},
		{list("Allow *: a on x"), list("Allow *: a, b on x"), "Allow *: a[+, b+] on x|"},
		{list("Allow *: a on ${own partition}:x/y/*"), list("Allow *: a on ${own partition}:x/*"), "Allow *: a on ${own partition}:x/[-y/-]*|"},
		{list("Allow 1: a", "Deny *: b"), list("Allow 2: a", "Allow 1: c"), "Allow 1: [-a-][+c+]|[-Deny *: b-]|[+Allow 2: a+]|"},
		{list("same", "Allow é: a"), list("Allow é: a, \u4e16", "same"), "Allow é: a[+, \u4e16+]|"},
	} {
		var b strings.Builder
		for _, p := range statementDiff(tt.before, tt.after) {
			text := strings.ReplaceAll(p.text, "\n", "|")
			if p.kind != ' ' {
				text = "[" + string(p.kind) + text + string(p.kind) + "]"
			}
			b.WriteString(text)
		}
		if b.String() != tt.want {
			t.Errorf("%v and %v: %s, want %s", tt.before, tt.after, b.String(), tt.want)
		}
	}
}

// There may be more words than there are characters in one plane of Unicode.
func TestManyWords(t *testing.T) {
	if os.Getenv("IACLINT_LONG") == "" {
		t.Skip("IACLINT_LONG is not set")
	}
	var a strings.Builder
	for i := range 60_000 {
		a.WriteString(strings.Repeat("x", 1+i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i%997) + " ")
	}
	before := a.String()
	var got, want strings.Builder
	for _, p := range wordDiff(before, before+"more") {
		if p.kind != '-' {
			got.WriteString(p.text)
		}
	}
	want.WriteString(before + "more")
	if got.String() != want.String() {
		t.Error("the words of the text are not those of the comparison")
	}
}
