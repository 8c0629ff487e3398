package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iaclint/iaclint/rules"
)

// Every example of a rule's page gives the findings that the page says: a bad one
// has a finding of the rule, a good one has none, and none at all unless the page
// says so. -update writes what they give.
func TestRulePages(t *testing.T) {
	for _, r := range rules.All {
		t.Run(r.ID, func(t *testing.T) {
			p := rules.PageOf(r)
			if p.Help == "" || p.Description() == "" || !strings.Contains(p.Text, "<https://") {
				t.Error("no help, no description or no link")
			}
			bad, good := 0, 0
			got := map[string]string{}
			for _, e := range p.Examples {
				dir := t.TempDir()
				for _, f := range e.Files {
					if err := os.WriteFile(filepath.Join(dir, f.Name), []byte(f.Content), 0o666); err != nil {
						t.Fatal(err)
					}
				}
				// The example is a repository of its own: no configuration above it counts.
				if err := os.Mkdir(filepath.Join(dir, ".git"), 0o777); err != nil {
					t.Fatal(err)
				}
				t.Chdir(dir)
				out, errs, status := output("", "--format", "compact")
				if errs != "" || status == statusUsage || status == statusIncomplete {
					t.Errorf("%s: status %d: %s%s", e.Name, status, out, errs)
				}
				got[e.Name] = out
				has := strings.Contains(out, "["+r.ID+"]")
				switch {
				case e.Bad:
					bad++
				default:
					good++
				}
				if has != e.Bad {
					t.Errorf("%s: %q", e.Name, out)
				}
				if out != e.Want && !*update {
					t.Errorf("%s: -page +got\n%s", e.Name, cmp.Diff(e.Want, out))
				}
			}
			if bad == 0 || good == 0 {
				t.Errorf("%d bad examples, %d good ones", bad, good)
			}
			if *update {
				rewritePage(t, p, got)
			}
		})
	}
}

// rulesDir is found before tests change the directory.
var rulesDir, _ = filepath.Abs(filepath.Join("..", "..", "rules"))

func rewritePage(t *testing.T, p rules.Page, got map[string]string) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", p.Text)
	for _, e := range p.Examples {
		for _, f := range e.Files {
			fmt.Fprintf(&b, "-- %s/%s --\n%s", e.Name, f.Name, f.Content)
		}
		if got[e.Name] != "" {
			fmt.Fprintf(&b, "-- %s/want --\n%s", e.Name, got[e.Name])
		}
	}
	if err := os.WriteFile(filepath.Join(rulesDir, p.Rule.ID+".txtar"), []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}
