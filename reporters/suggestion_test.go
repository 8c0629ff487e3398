package reporters

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// suggestions have one of a file with characters of several code units, and one
// that there is none for.
func suggestions() finding.Suggestions {
	r := described(sample())
	file := source.NewFile("infra/policy.json", []byte("{\n \"😀\": \"ログ\"}\n"))
	at := spanOf(file, "ログ", 0)
	return finding.Suggestions{
		Tool: r.Tool, Rules: r.Rules, Diagnostics: r.Diagnostics, Written: []string{"infra/policy.json"},
		List: []finding.Suggestion{
			{
				Finding: r.Findings[0], Does: `takes out statement "a\x1b[2J"`, Proven: "analysed again", Loses: "services lose", Closes: r.Findings[1:2], Reveals: r.Findings[2:3],
				Changes: []finding.Change{{Path: "infra/policy.json", Diff: "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-\told\x1b[2J\r\n+\tnew\r\n ::set-output::\n \n", Replacements: []finding.Replacement{
					{Span: source.Span{File: file, Start: at.End, End: at.End + 1}, Text: "x"}, {Span: at},
				}}},
			},
			{Finding: r.Findings[1], Reason: "it is in a plan"},
		},
	}
}

func writtenSuggestions(t *testing.T, format string) string {
	t.Helper()
	for _, r := range SuggestionFormats {
		if r.Name == format {
			var b strings.Builder
			if err := r.Write(&b, suggestions(), Options{}); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
	}
	t.Fatalf("no format %s", format)
	return ""
}

func TestSuggestionsFollowTheirSchema(t *testing.T) {
	s := schemaAt(t, "../docs/schema/suggestions-v1.json")
	if err := s.Validate(parse(t, writtenSuggestions(t, "json"))); err != nil {
		t.Error(err)
	}
	var b strings.Builder
	if err := writeSuggestionsJSON(&b, finding.Suggestions{}, Options{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(parse(t, b.String())); err != nil {
		t.Error(err)
	}
}

// A fix has its regions in UTF-16 code units, like all places.
func TestFixes(t *testing.T) {
	out := writtenSuggestions(t, "sarif")
	if s := sarifSchema(t); s != nil {
		if err := s.Validate(parse(t, out)); err != nil {
			t.Error(err)
		}
	}
	var log sarifLog
	if err := json.Unmarshal([]byte(out), &log); err != nil {
		t.Fatal(err)
	}
	var fixes []sarifFix
	for _, r := range log.Runs[0].Results {
		fixes = append(fixes, r.Fixes...)
	}
	if len(fixes) != 1 || len(fixes[0].Changes) != 1 || len(fixes[0].Changes[0].Replacements) != 2 {
		t.Fatalf("%+v", fixes)
	}
	for i, want := range []sarifRegion{{2, 11, 2, 12}, {2, 9, 2, 11}} {
		if got := fixes[0].Changes[0].Replacements[i].Deleted; got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

// A diff keeps what a program needs to apply it, and nothing that drives a
// terminal.
func TestDiffIsHarmless(t *testing.T) {
	out := writtenSuggestions(t, "text")
	for _, want := range []string{"\n+\tnew\r\n", "\n \\::set-output::\n", `-` + "\t" + `old\x1b[2J` + "\r\n", "\n \n", "no suggestion: it is in a plan", "written: infra/policy.json", "a change is suggested for 1 of 2 findings"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%q", want, out)
		}
	}
	for _, format := range []string{"text", "markdown", "json", "sarif"} {
		if out := writtenSuggestions(t, format); strings.Contains(out, "\x1b") {
			t.Errorf("%s: %q", format, out)
		}
	}
	if out := writtenSuggestions(t, "markdown"); !strings.Contains(out, "```diff\n") {
		t.Errorf("%s", out)
	}
}
