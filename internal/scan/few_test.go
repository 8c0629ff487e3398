package scan

import (
	"fmt"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

func TestFew(t *testing.T) {
	of := func(path, format string, n int) (out []finding.Diagnostic) {
		for i := range n {
			out = append(out, finding.Diagnostic{Severity: "error", Path: path, Line: i + 1, Message: fmt.Sprintf(format, i)})
		}
		return out
	}
	for _, tt := range []struct {
		name string
		list []finding.Diagnostic
		want int
		last string
	}{
		{"few are all listed", of("a.tf", `unknown name "x%d"`, 5), 5, `unknown name "x4"`},
		{"one more is not worth a count", of("a.tf", `unknown name "x%d"`, 6), 6, `unknown name "x5"`},
		{"many are counted", of("a.tf", `unknown name "x%d"`, 40), 6, "35 more like the ones before, from here on"},
		{"each file has its own", append(of("a.tf", "value %d", 5), of("b.tf", "value %d", 5)...), 10, "value 4"},
	} {
		got := few(tt.list)
		if len(got) != tt.want || got[len(got)-1].Message != tt.last {
			t.Errorf("%s: %d, the last is %q", tt.name, len(got), got[len(got)-1].Message)
		}
	}
	different := of("a.tf", "one thing %d", 5)
	different = append(different, of("a.tf", "another thing %d", 5)...)
	if got := few(different); len(got) != 10 {
		t.Errorf("two causes: %d, want 10", len(got))
	}
}
