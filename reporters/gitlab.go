package reporters

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// writeGitLab writes a code quality report: input that could not be read, then
// findings, the strongest first.
//
// https://docs.gitlab.com/ci/testing/code_quality/
func writeGitLab(w io.Writer, r finding.Report, _ Options) error {
	type line struct {
		Begin int `json:"begin"`
	}
	type location struct {
		Path  string `json:"path"`
		Lines line   `json:"lines"`
	}
	type issue struct {
		Description string   `json:"description"`
		CheckName   string   `json:"check_name"`
		Fingerprint string   `json:"fingerprint"`
		Severity    string   `json:"severity"`
		Location    location `json:"location"`
	}
	severities := map[finding.Severity]string{finding.Critical: "blocker", finding.High: "critical", finding.Medium: "major", finding.Low: "minor"}
	issues := []issue{}
	seen := map[string]int{}
	add := func(i issue) {
		// Issues with one fingerprint are shown as one.
		if seen[i.Fingerprint]++; seen[i.Fingerprint] > 1 {
			i.Fingerprint = digest(i.Fingerprint, fmt.Sprint(seen[i.Fingerprint]))
		}
		i.Location.Lines.Begin = max(i.Location.Lines.Begin, 1)
		issues = append(issues, i)
	}
	for _, d := range r.Diagnostics {
		if d.Severity == string(source.Error) {
			add(issue{printable(d.Message), "incomplete", digest("incomplete", d.Path, d.Message), "critical", location{d.Path, line{d.Line}}})
		}
	}
	for _, h := range r.Hidden {
		file, _ := hider(h)
		add(issue{"hidden by " + printable(h), "hidden", digest("hidden", h), "info", location{file, line{1}}})
	}
	for _, f := range causes(r.Findings, counts, Options{}) {
		severity, ok := severities[f.Severity]
		if !ok {
			severity = "info"
		}
		at := home(f)
		id := f.ID
		if id == "" {
			id = digest(f.Path, f.Address, f.Rule, f.Message)
		}
		add(issue{printable(f.Message), printable(f.Rule), printable(id), severity, location{at.path, line{at.region.StartLine}}})
	}
	return encode(w, issues)
}

// digest identifies a tuple of texts.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}
