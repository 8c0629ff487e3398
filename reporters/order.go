package reporters

import (
	"cmp"
	"slices"

	"github.com/iaclint/iaclint/analysis/finding"
)

// strongest returns the findings that satisfy a condition, the most severe
// first: where a reader or a server keeps only so many, it keeps these.
func strongest(fs []finding.Finding, is func(finding.Finding) bool) []finding.Finding {
	var out []finding.Finding
	for _, f := range fs {
		if is(f) {
			out = append(out, f)
		}
	}
	places := make(map[string]place, len(out))
	at := func(f finding.Finding) place {
		key := f.ID + "\x00" + f.Path + "\x00" + f.Address
		p, ok := places[key]
		if !ok {
			p = placeOf(f)
			places[key] = p
		}
		return p
	}
	slices.SortStableFunc(out, func(a, b finding.Finding) int {
		if c := cmp.Compare(b.Severity.Rank(), a.Severity.Rank()); c != 0 {
			return c
		}
		p, q := at(a), at(b)
		return cmp.Or(cmp.Compare(p.path, q.path), cmp.Compare(p.line, q.line), cmp.Compare(p.column, q.column),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.ID, b.ID))
	})
	return out
}
