package reporters

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/iaclint/iaclint/analysis/finding"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func write(t testing.TB, name string, r finding.Report, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(name, &b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	up := func(p string) string { return "../" + p }
	missing := map[string]bool{}
	for _, f := range All {
		missing[f.Name] = true
	}
	for _, c := range []struct {
		golden, format string
		report         finding.Report
		o              Options
	}{
		{"sample.text", "text", sample(), Options{}},
		{"sample-narrow.text", "text", sample(), Options{Width: 50}},
		{"sample-verbose.text", "text", sample(), Options{Verbose: true}},
		{"sample-quiet.text", "text", sample(), Options{Quiet: true, Relative: up}},
		{"sample-color.text", "text", sample(), Options{Color: true}},
		{"clean.text", "text", clean(), Options{}},
		{"findings-1.text", "text", many(1), Options{Width: 80}},
		{"findings-20.text", "text", many(20), Options{Width: 80}},
		{"findings-200.text", "text", many(200), Options{Width: 80}},
		{"sample.compact", "compact", sample(), Options{Relative: up}},
		{"sample-verbose.compact", "compact", sample(), Options{Verbose: true}},
		{"sample-quiet.compact", "compact", sample(), Options{Quiet: true}},
		{"sample.json", "json", sample(), Options{Relative: up, Color: true}},
		{"clean.json", "json", clean(), Options{}},
		{"sample.sarif", "sarif", described(sample()), Options{ExitStatus: 3, Relative: up}},
		{"sample-suppressed.sarif", "sarif", sample(), Options{Suppressed: true, Category: "prod"}},
		{"clean.sarif", "sarif", clean(), Options{}},
		{"sample.junit.xml", "junit", sample(), Options{}},
		{"sample-extended.junit.xml", "junit", sample(), Options{Extended: true}},
		{"clean.junit.xml", "junit", clean(), Options{}},
		{"sample.github", "github", sample(), Options{Relative: up}},
		{"clean.github", "github", clean(), Options{}},
		{"sample.md", "markdown", sample(), Options{}},
		{"sample-short.md", "markdown", many(40), Options{MaxBytes: 4000}},
		{"clean.md", "markdown", clean(), Options{}},
		{"sample.html", "html", sample(), Options{}},
		{"clean.html", "html", clean(), Options{}},
		{"sample.gitlab.json", "gitlab", sample(), Options{}},
		{"sample.rdjson", "rdjson", sample(), Options{}},
		{"sample.asff.json", "asff", sample(), Options{Now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}},
		{"sample.csv", "csv", sample(), Options{}},
		{"sample.events.jsonl", "events", sample(), Options{Now: eventTime}},
		{"sample.dot", "dot", sample(), Options{}},
		{"sample.mmd", "mermaid", sample(), Options{}},
		{"clean.mmd", "mermaid", clean(), Options{}},
	} {
		delete(missing, c.format)
		t.Run(c.golden, func(t *testing.T) {
			got := write(t, c.format, c.report, c.o)
			file := filepath.Join("testdata", c.golden)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	for name := range missing {
		t.Errorf("no golden of the format %s", name)
	}
}

// Map order must not show, and a reporter must not change what it writes.
func TestWriteIsRepeatable(t *testing.T) {
	r := sample()
	for _, f := range All {
		first := write(t, f.Name, r, Options{Verbose: true})
		for range 20 {
			if again := write(t, f.Name, r, Options{Verbose: true}); again != first {
				t.Fatalf("%s differs between runs:\n%s", f.Name, cmp.Diff(first, again))
			}
		}
		if first != write(t, f.Name, sample(), Options{Verbose: true}) {
			t.Errorf("%s changed the report", f.Name)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	var names []string
	for _, f := range All {
		names = append(names, f.Name)
	}
	formats := " (formats: " + strings.Join(names, ", ") + ")"
	for _, c := range []struct{ name, want string }{
		{"jsn", `unknown format "jsn"; did you mean "json"?` + formats},
		{"JSON", `unknown format "JSON"; did you mean "json"?` + formats},
		{"", `unknown format ""` + formats},
		{"plain\x1b", `unknown format "plain\x1b"` + formats},
		{strings.Repeat("x", 100), fmt.Sprintf("unknown format %q%s", strings.Repeat("x", 100), formats)},
	} {
		var b bytes.Buffer
		err := Write(c.name, &b, clean(), Options{})
		if err == nil || err.Error() != c.want || b.Len() > 0 {
			t.Errorf("Write(%q): %v, wrote %q; want %s", c.name, err, &b, c.want)
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteErrorIsReturned(t *testing.T) {
	for _, f := range All {
		if err := f.Write(failing{}, sample(), Options{}); err == nil {
			t.Errorf("%s: no error", f.Name)
		}
	}
}

func TestFormatsAreDescribed(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range All {
		if f.Name == "" || f.Summary == "" || f.Write == nil || seen[f.Name] {
			t.Errorf("incomplete or repeated: %+v", f)
		}
		seen[f.Name] = true
	}
}

func BenchmarkWrite(b *testing.B) {
	r := sample()
	one := r.Findings
	r.Findings = nil
	for i := range 10_000 {
		r.Findings = append(r.Findings, one[i%3])
	}
	for _, f := range All {
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			r := r
			if f.Name != "text" { // and every finding on a resource of its own
				r.Findings = slices.Clone(r.Findings)
				for i := range r.Findings {
					r.Findings[i].Address, r.Findings[i].ID = fmt.Sprint("a", i), fmt.Sprint(i)
					r.Findings[i].Resource = ""
				}
			}
			for b.Loop() {
				var out bytes.Buffer
				if err := f.Write(&out, r, Options{}); err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(out.Len()))
			}
		})
	}
}
