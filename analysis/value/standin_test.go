package value

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestStandIn(t *testing.T) {
	for _, tt := range []struct {
		text  string
		runes int // 0: any number
		shown string
	}{
		{"db", 2, "db"},
		{StandIn("Bucket"), 0, "${Bucket}"},
		{"a-" + StandIn("a:b/c") + "/*", 0, "a-${a:b/c}/*"},
		{StandInOf("Bucket", 0), 0, "${Bucket}"},
		{StandInOf("Bucket", 2), 0, "${Bucket}"}, // too short to tell names apart
		{StandInOf("S", 6), 6, "??????"},
		{"db-" + StandInOf("S", 6), 9, "db-??????"},
		{StandIn("Name") + "-" + StandInOf("S", 40) + "/x", 0, "${Name}-" + strings.Repeat("?", 40) + "/x"},
	} {
		if got := Shown(tt.text); got != tt.shown {
			t.Errorf("Shown(%q) = %q, want %q", tt.text, got, tt.shown)
		}
		if n := utf8.RuneCountInString(tt.text); tt.runes != 0 && n != tt.runes {
			t.Errorf("%q has %d characters, want %d", tt.shown, n, tt.runes)
		}
	}
	once, again := StandInOf("S", 6), StandInOf("S", 6)
	if once == StandInOf("T", 6) || once != again {
		t.Error("a stand-in is its name's and no other's")
	}
	before, after, length := CutStandIn("db-" + StandInOf("S", 6) + "/" + StandIn("x"))
	if before != "db-" || after != "/"+StandIn("x") || length != 6 {
		t.Errorf("CutStandIn = %q, %q, %d", before, after, length)
	}
}
