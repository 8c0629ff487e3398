package reporters

import (
	"bytes"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// What is hidden is in every format, or the format says that it has no place for it.
func TestHiddenInEveryFormat(t *testing.T) {
	hidden := []string{"infra/.iaclint.hcl: rule public-read is off", "infra/.iaclint.hcl: 3 inputs are excluded: a.json, b.json, c.json"}
	for name, r := range map[string]finding.Report{"with findings": sample(), "without": {}} {
		r.Hidden = hidden
		for _, format := range All {
			var out bytes.Buffer
			var said []string
			o := Options{Say: func(s string) { said = append(said, s) }}
			if err := format.Write(&out, r, o); err != nil {
				t.Fatal(err)
			}
			text := strings.NewReplacer("&#34;", `"`, "#61;", "=", "`", "", "<wbr>", "", `\_`, "_", "&#45;", "-").Replace(out.String())
			for _, words := range []string{"rule public-read is off", "3 inputs are excluded"} {
				if !strings.Contains(text, words) && !strings.Contains(strings.Join(said, "\n"), words) {
					t.Errorf("%s, %s: nothing says %q; said: %q", format.Name, name, words, said)
				}
			}
		}
	}
}
