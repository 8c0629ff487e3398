package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/rules"
)

// docs/policy-checks.md ends in the pages of all checks.
func TestPolicyChecksDocument(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "policy-checks.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, _, ok := strings.Cut(string(text), "<!-- checks -->\n")
	if !ok {
		t.Fatal("no place for the checks in docs/policy-checks.md")
	}
	var b strings.Builder
	b.WriteString(before + "<!-- checks -->\n| rule | AWS's type | rests on | finding |\n|---|---|---|---|\n")
	for _, r := range rules.PolicyChecks() {
		c, _ := validate.FindRule(r.ID)
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s | %s |\n", r.ID, r.ID, c.Type, c.Basis, r.Summary)
	}
	for _, r := range rules.PolicyChecks() {
		fmt.Fprintf(&b, "\n## %s\n\n*%s*: %s.\n\n%s", r.ID, r.Severity, r.Summary, rules.PageOf(r).Markdown())
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != b.String() {
		t.Errorf("docs/policy-checks.md is not what the checks say; run the tests with -update:\n%s", firstDifference(string(text), b.String()))
	}
}
