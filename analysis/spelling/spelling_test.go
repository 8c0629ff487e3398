package spelling

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	elements := []string{"Version", "Statement", "Sid", "Id", "Effect", "Principal", "NotPrincipal", "Action", "Resource", "Condition"}
	levels := []string{"low", "medium", "high"}
	for _, c := range []struct {
		name  string
		names []string
		want  string
	}{
		{"Statment", elements, "Statement"},
		{"statement", elements, "Statement"},
		{"Acton", elements, "Action"},
		{"Principals", elements, "Principal"},
		{"Efefct", elements, "Effect"}, // two neighbours swapped are one edit
		{"Comment", elements, ""},
		{"I", elements, ""}, // a name of two letters is near to everything
		{"", elements, ""},
		{"hihg", levels, "high"},
		{"mediun", levels, "medium"},
		{"HIGH", levels, "high"},
		{"x", levels, ""},
		{"ad", []string{"add", "list"}, "add"},
		{strings.Repeat("h", 1<<20), levels, ""},
	} {
		if got := Nearest(c.name, c.names); got != c.want {
			t.Errorf("%.20q: %q, want %q", c.name, got, c.want)
		}
	}
}
