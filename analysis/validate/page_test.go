package validate_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/validate"
)

var update = flag.Bool("update", false, "write what the examples of pages give")

// Every example of a check's page gives the findings that the page says: a bad
// one has a finding of the check, a good one has none at all.
func TestPages(t *testing.T) {
	for i := range validate.Checks {
		c := &validate.Checks[i]
		t.Run(c.Code, func(t *testing.T) {
			p := c.Page()
			if p.Summary == "" || p.Text == "" || strings.HasSuffix(p.Summary, ".") {
				t.Error("no summary, or no text")
			}
			bad, good := 0, 0
			for k, e := range p.Examples {
				var b strings.Builder
				has := false
				for _, f := range validated(t, e.Content, validate.OptionsFor(e.File)) {
					start, _ := f.Locations[0].Span.Range(source.Runes)
					fmt.Fprintf(&b, "%d:%d: %s [%s]\n", start.Line, start.Column, f.Details, f.Rule())
					has = has || f.Code == c.Code
				}
				if has != e.Bad || !e.Bad && b.Len() > 0 {
					t.Errorf("%s: %q", e.File, b.String())
				}
				if e.Bad {
					bad++
				} else {
					good++
				}
				if b.String() != e.Want && !*update {
					t.Errorf("page %q\ngives %q", e.Want, b.String())
				}
				p.Examples[k].Want = b.String()
			}
			if long := c.Code == validate.SyntaxError || strings.HasPrefix(c.Code, "POLICY_SIZE"); !long && (bad == 0 || good == 0) {
				t.Errorf("%d bad examples, %d good ones", bad, good)
			}
			if *update {
				write(t, c, p)
			}
		})
	}
}

func write(t *testing.T, c *validate.Check, p validate.Page) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n", p.Summary, p.Text)
	for _, e := range p.Examples {
		verdict := "good"
		if e.Bad {
			verdict = "bad"
		}
		fmt.Fprintf(&b, "-- %s/%s --\n%s", verdict, e.File, e.Content)
		if e.Want != "" {
			fmt.Fprintf(&b, "-- %s/want --\n%s", verdict, e.Want)
		}
	}
	name := "pages/" + strings.ToLower(strings.ReplaceAll(c.Code, "_", "-")) + ".txtar"
	if err := os.WriteFile(name, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}

// Codes are those of AWS, each once.
func TestChecks(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range validate.Checks {
		if seen[c.Code] {
			t.Errorf("%s twice", c.Code)
		}
		seen[c.Code] = true
		if c.Type == "" || c.Basis == "" || c.Details == "" {
			t.Errorf("%s is incomplete", c.Code)
		}
	}
	if len(seen) != 153 {
		t.Errorf("%d checks", len(seen))
	}
}
