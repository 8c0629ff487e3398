package rules

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
)

// Join makes one output of those of the cases of one resource: a resource that
// is declared in one way or another, as conditions decide that the input does
// not settle. A finding of some of the cases says under which it holds.
func Join(cases []Output, when [][]string) Output {
	if len(cases) == 1 && len(when[0]) == 0 {
		return cases[0]
	}
	out := Output{Resource: cases[0].Resource}
	type holding struct {
		finding finding.Finding
		cases   []int
	}
	var order []string
	byID := map[string]*holding{}
	for i, c := range cases {
		r := &out.Resource
		r.Attachments = union(r.Attachments, c.Resource.Attachments)
		r.BlockedBy = union(r.BlockedBy, c.Resource.BlockedBy)
		if rank(c.Resource.Verdict) > rank(r.Verdict) {
			r.Verdict = c.Resource.Verdict
		}
		out.OpenToServices = out.OpenToServices || c.OpenToServices
		out.Short = out.Short || c.Short
		out.Left = max(out.Left, c.Left)
		out.LeftToIdentity = out.LeftToIdentity || c.LeftToIdentity
		out.Assumptions = union(out.Assumptions, c.Assumptions)
		for _, d := range c.Diagnostics {
			if !slices.Contains(out.Diagnostics, d) {
				out.Diagnostics = append(out.Diagnostics, d)
			}
		}
		for _, f := range c.Findings {
			h, ok := byID[f.ID]
			switch {
			case !ok:
				h = &holding{finding: f}
				byID[f.ID] = h
				order = append(order, f.ID)
			case graver(f, h.finding):
				f.Statements = statements(f.Statements, h.finding.Statements)
				h.finding = f
			default:
				h.finding.Statements = statements(h.finding.Statements, f.Statements)
			}
			h.cases = append(h.cases, i)
		}
	}
	for _, id := range order {
		h := byID[id]
		if text := under(h.cases, when); text != "" {
			h.finding.Message += " (" + text + ")"
		}
		out.Findings = append(out.Findings, h.finding)
	}
	return out
}

// statements are those of both: a finding is archived only where all that
// grants it is meant, in whichever case.
func statements(a, b []finding.Statement) []finding.Statement {
	out := slices.Clone(a)
	for _, s := range b {
		same := func(t finding.Statement) bool { return s.Span == t.Span && s.Index == t.Index && s.Sid == t.Sid }
		if !slices.ContainsFunc(out, same) {
			out = append(out, s)
		}
	}
	return out
}

// under words the conditions of cases; "" when they are all there are and no
// condition is common to them.
func under(cases []int, when [][]string) string {
	var texts []string
	for _, i := range cases {
		text := strings.Join(when[i], " and ")
		if text == "" {
			return ""
		}
		if !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	if len(cases) == len(when) && len(texts) > 1 {
		return "" // in every case
	}
	return "when " + strings.Join(texts, ", or when ")
}

// graver reports whether a finding of one case says more than that of another.
func graver(f, g finding.Finding) bool {
	switch {
	case f.Certainty != g.Certainty:
		return f.Certainty == finding.Proven
	case f.Severity != g.Severity:
		return f.Severity.Rank() > g.Severity.Rank()
	}
	return len(f.Action) > len(g.Action)
}

func rank(v finding.Verdict) int {
	return slices.Index([]finding.Verdict{finding.None, finding.Undetermined, finding.External, finding.Public}, v)
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
