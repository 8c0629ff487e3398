package value

import (
	"slices"
	"testing"
)

func TestSettling(t *testing.T) {
	const a, b = "#nnaf19cei4s8bt90kumv", "#kqlh8ad9nkpe9f171b04"
	tests := []struct{ in, want []string }{
		{nil, nil},
		{[]string{"var.open"}, []string{"var.open"}},
		{[]string{"var.open ? " + a}, []string{"var.open"}},
		{[]string{"var.open ? " + a, "var.open ? " + b, "var.who"}, []string{"var.open", "var.who"}},
		{[]string{"var.who in merge " + a}, []string{"var.who in merge"}},
		{[]string{`lookup(var.a ? ` + a + `, "x") in try ` + b}, []string{`lookup(var.a, "x") in try`}},
		{[]string{`queue #1`, `stack.yaml#fragment`}, []string{`queue #1`, `stack.yaml#fragment`}},
	}
	for _, tt := range tests {
		if got := Settling(tt.in); !slices.Equal(got, tt.want) {
			t.Errorf("Settling(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
