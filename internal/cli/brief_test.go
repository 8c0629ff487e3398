package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// texts are the places of a file in which a text stands: in quotes, as a word of
// YAML after a colon or a dash, or as a name of HCL.
var texts = regexp.MustCompile(`"[^"\n]*"|(?m:(?:: |- )[A-Za-z0-9*][^\n"'{\[|>&]*$)|(?m:^\s*[a-z_]+ )`)

// others returns a command line beside check's: each of them for one place after the
// other, as all for all places take long.
func others(place int, name, dir string) [][]string {
	file := filepath.Join(dir, name)
	lines := [][]string{
		{"who", dir}, {"what", "*", dir}, {"query", "--principal", "*", dir}, {"suggest", dir}, {"diff", dir, dir}, {"validate-policy", file},
		{"check-no-public-access", "--policy", file, "--resource-type", "AWS::S3::Bucket"}, {"check-access-not-granted", "--access", "actions=s3:GetObject", "--policy", file},
		{"check-no-new-access", "--existing-policy", file, "--new-policy", file}, {"rules", "input", dir}, {"archive", "import", file}, {"baseline", "create", dir},
		{"reconcile", "--console", file, dir}, {"unused", "--evidence", file, dir}, {"config", "verify", file}, {"config", "show", "--config", file}, {"archive", "list", "--config", file},
	}
	return lines[place%len(lines):][:1]
}

// A message quotes a bounded part of its input: with a long text in the
// place of every fifth text of an example, one after the other, no message of the report
// and no line of standard error is long.
func TestMessagesAreBounded(t *testing.T) {
	t.Parallel()
	const most = 1100
	size, step := 20_000, 5 // every fifth place
	if !thorough() {
		size, step = 4_000, 10
	}
	fills := []string{"x", "*x?"}
	for _, example := range []struct{ file, name string }{
		{"../../testdata/examples/reports-bucket-policy.json", "policy.json"},
		{"../../testdata/examples/reports.yaml", "template.yaml"},
		{"../../testdata/examples/terraform/main.tf", "main.tf"},
		{"../../docs/example.hcl", ".iaclint.hcl"},
		{"testdata/plan.json", "plan.json"},
	} {
		content, err := os.ReadFile(example.file)
		if err != nil {
			t.Fatal(err)
		}
		places := texts.FindAllIndex(content, -1)
		if len(places) < 5 {
			t.Fatalf("%s: %d texts are found", example.file, len(places))
		}
		for i := 0; i < len(places); i += step {
			from, to := places[i][0], places[i][1]
			for _, letters := range fills {
				long := strings.Repeat(letters, size/len(letters))
				if old := string(content[from:to]); strings.HasPrefix(old, `"`) {
					long = `"` + long + `"`
				} else {
					long = old[:len(old)-len(strings.TrimLeft(old, ": -"))] + strings.Trim(long, " *?") + " "
				}
				text := string(content[:from]) + long + string(content[to:])
				name := fmt.Sprintf("%s with %.4q for %.40q", example.name, letters, content[from:to])
				dir := t.TempDir()
				write := func(name, text string) {
					if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
						t.Fatal(err)
					}
				}
				if write(example.name, text); strings.HasSuffix(example.name, ".hcl") {
					write("policy.json", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}`)
				}
				var out, errw bytes.Buffer
				Run([]string{"check", "--format", "json", dir}, nil, &out, &errw)
				for _, line := range strings.Split(errw.String(), "\n") {
					if len(line) > most {
						t.Errorf("%s: a line of %d bytes on standard error: %.200s", name, len(line), line)
					}
				}
				for _, line := range others(i/step, example.name, dir) {
					errw.Reset()
					Run(line, strings.NewReader(""), io.Discard, &errw)
					for _, l := range strings.Split(errw.String(), "\n") {
						if len(l) > most {
							t.Errorf("%s: %s: a line of %d bytes on standard error: %.200s", name, line[0], len(l), l)
						}
					}
				}
				var r finding.Report
				if out.Len() > 0 && json.Unmarshal(out.Bytes(), &r) != nil {
					t.Errorf("%s: no report: %.200s", name, out.String())
				}
				for _, d := range r.Diagnostics {
					if len(d.Message) > most {
						t.Errorf("%s: a diagnostic of %d bytes: %.200s", name, len(d.Message), d.Message)
					}
				}
				for _, f := range r.Findings {
					if len(f.Message) > most || len(f.Help) > most {
						t.Errorf("%s: a message of %d bytes: %.200s", name, len(f.Message), f.Message)
					}
				}
			}
		}
	}
}
