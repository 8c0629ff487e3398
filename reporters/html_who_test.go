package reporters

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// The pages of who and what are well formed and let nothing run, whatever is in them.
func TestWhoPages(t *testing.T) {
	const evil = "</title><script>alert(1)</script>\u202e\x1b[31m\"'&"
	r := sample()
	for i := range r.Findings {
		r.Findings[i].Message = evil
	}
	callers := finding.CallersOf(r, map[string]string{"999900001111": evil})
	callers.Assumptions = []string{evil}
	answers := finding.Answers{Question: finding.Question{Principals: []string{evil}}, Answer: "yes", Assumptions: []string{evil}, Diagnostics: []finding.Diagnostic{{Severity: "error", Path: evil, Message: evil}}}
	for _, answer := range []finding.Truth{finding.Yes, finding.No, finding.NotKnown} {
		answers.Resources = append(answers.Resources, finding.Answer{Resource: finding.Resource{Address: evil, Path: evil, ResourceType: evil, BlockedBy: []string{evil}}, Answer: answer, Needs: []string{evil}, Grants: r.Findings[:1]})
	}
	for name, write := range map[string]func(io.Writer) error{
		"who": func(w io.Writer) error { return writeCallersHTML(w, callers, Options{}) }, "who, nobody": func(w io.Writer) error { return writeCallersHTML(w, finding.Callers{}, Options{}) },
		"what": func(w io.Writer) error { return writeAnswersHTML(w, answers, Options{}) }, "what, nothing": func(w io.Writer) error { return writeAnswersHTML(w, finding.Answers{Answer: "no"}, Options{}) },
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		page := out.String()
		if strings.Contains(page, "<script>alert") || strings.Contains(page, "\x1b") || strings.Contains(page, "\u202e") || !strings.Contains(page, "Content-Security-Policy") {
			t.Errorf("%s: the page has what it must not have", name)
		}
		for d := xml.NewDecoder(strings.NewReader(page)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
		}
	}
	var out bytes.Buffer
	if err := writeCallersHTML(&out, finding.CallersOf(sample(), map[string]string{"999900001111": "partner"}), Options{}); err != nil || !strings.Contains(out.String(), "Who outside the zone of trust reaches what") {
		t.Error(err)
	}
}
