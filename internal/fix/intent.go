package fix

import (
	"fmt"
	"slices"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/scan"
)

// isSpared reports whether a finding is one that nobody wants closed.
func (p *Prover) isSpared(f finding.Finding) bool {
	t, x, now, _ := p.of(f)
	return x != nil && p.intent().Spares(t.In, *x, now) != ""
}

// intended demands that archived access stays as it is: that of findings, and that
// of findings which are only not listed because one to close covers them.
func (p *Prover) intended(t scan.Task, d config.Deployment, before, after scan.Analysed, closing []finding.Finding) string {
	says := p.intent()
	if !says.Says() {
		return ""
	}
	left := map[string]int{}
	for _, f := range after.Findings {
		left[factsOf(f)]++
	}
	lists := [][]finding.Finding{before.Findings}
	for _, f := range closing {
		if f.Path == before.Resource.Path && f.Address == before.Resource.Address {
			without := t.Guarded(withoutStatements(before.Cases, f.Statements), d)
			lists = append(lists, without.Findings)
		}
	}
	for _, list := range lists {
		for _, f := range list {
			if left[factsOf(f)] > 0 {
				continue
			}
			if why := says.Spares(t.In, before, f); why != "" {
				return fmt.Sprintf("access that is intended would be closed or changed: %s (%s)", f.Message, why)
			}
		}
	}
	return ""
}

// withoutStatements are cases of a resource without what grants a finding.
func withoutStatements(cases []resource.Resource, statements []finding.Statement) []resource.Resource {
	out := slices.Clone(cases)
	for i, r := range out {
		out[i].Documents = nil
		for _, d := range r.Documents {
			if d.Policy != nil {
				kept := *d.Policy
				kept.Statements = slices.DeleteFunc(slices.Clone(kept.Statements), func(s policy.Statement) bool {
					return slices.ContainsFunc(statements, func(f finding.Statement) bool { return f.Span == s.Span && f.Index == s.Index })
				})
				d.Policy = &kept
			}
			out[i].Documents = append(out[i].Documents, d)
		}
	}
	return out
}
