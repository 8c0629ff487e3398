package rules

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// The cases of a resource are written as "verdict finding,finding", a finding as
// "id severity".
func TestJoin(t *testing.T) {
	one := func(text string) Output {
		verdict, list, _ := strings.Cut(text, " ")
		o := Output{Resource: finding.Resource{Verdict: finding.Verdict(verdict)}}
		for _, f := range strings.Split(list, ",") {
			if id, severity, ok := strings.Cut(f, " "); ok {
				o.Findings = append(o.Findings, finding.Finding{ID: id, Severity: finding.Severity(severity), Certainty: finding.Proven, Message: id + " " + severity})
			}
		}
		return o
	}
	for _, tt := range []struct {
		cases []string
		when  [][]string
		want  string
	}{
		{[]string{"public a high"}, [][]string{nil}, "public: a high"},
		{[]string{"public a high"}, [][]string{{"A holds"}}, "public: a high (when A holds)"},
		{[]string{"none", "public a high"}, [][]string{{"A holds"}, {"A does not hold"}}, "public: a high (when A does not hold)"},
		{[]string{"public a high", "public a high"}, [][]string{{"A holds"}, {"A does not hold"}}, "public: a high"},
		{[]string{"external a low", "public a high,b low"}, [][]string{{"A holds"}, {"A does not hold"}}, "public: a high; b low (when A does not hold)"},
		{[]string{"none", "public a high", "public a high"}, [][]string{{"A", "B"}, {"A", "not B"}, {"not A", "B"}}, "public: a high (when A and not B, or when not A and B)"},
	} {
		var outs []Output
		for _, c := range tt.cases {
			outs = append(outs, one(c))
		}
		o := Join(outs, tt.when)
		var messages []string
		for _, f := range o.Findings {
			messages = append(messages, f.Message)
		}
		if got := string(o.Resource.Verdict) + ": " + strings.Join(messages, "; "); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.cases, got, tt.want)
		}
	}
}
