package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// TestTrickyPolicies gets the answers of testdata/tricky/policies.txt, which
// says how to read it, in both zones of trust.
func TestTrickyPolicies(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../testdata/tricky/policies.txt")
	if err != nil {
		t.Fatal(err)
	}
	verdicts := []string{"public", "external", "undetermined", "none"}
	count := 0
	lines := strings.Split(string(text), "\n")
	for i := 0; i+2 < len(lines); i++ {
		head, ok := strings.CutPrefix(lines[i], "# ")
		if !ok {
			continue
		}
		name, why, _ := strings.Cut(head, ": ")
		var want []string
		var rule string
		args := []string{"--account", "111122223333"}
		told, flags, one := strings.Cut(lines[i+1], "|")
		for _, word := range strings.Fields(told) {
			if slices.Contains(verdicts, word) {
				want = append(want, word)
			} else if r, ok := strings.CutPrefix(word, "rule:"); ok {
				rule = r
			} else {
				args = append(args, "--resource-type", word)
			}
		}
		if len(want) == 0 || why == "" {
			t.Fatalf("line %d: expected a reason and a verdict", i+1)
		}
		zones := [][]string{nil, {"--zone", "organization", "--org", "o-aaaaaaaaaa"}}
		if one {
			zones = [][]string{strings.Fields(flags)}
		}
		want = append(want, want[0])
		if len(want) == 3 {
			want = want[:2]
		}
		count++
		policy := lines[i+2]
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "policy.json")
			if err := os.WriteFile(file, []byte(policy), 0o600); err != nil {
				t.Fatal(err)
			}
			for zone, flags := range zones {
				_, report := runJSON(t, append(append(slices.Clone(args), flags...), file)...)
				if len(report.Resources) != 1 || string(report.Resources[0].Verdict) != want[zone] {
					t.Errorf("%v: %v, want %s: %s", flags, report.Resources, want[zone], why)
				}
				for _, f := range external(report) {
					if rule != "" && f.Rule != rule {
						t.Errorf("%v: %s, want %s: %s", flags, f.Rule, rule, why)
					}
				}
				if slices.ContainsFunc(report.Diagnostics, func(d finding.Diagnostic) bool { return strings.Contains(d.Message, "internal") }) {
					t.Errorf("%v: %v", flags, report.Diagnostics)
				}
			}
		})
	}
	if count < 200 {
		t.Errorf("%d policies", count)
	}
}
