package reporters

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
)

// strongest returns the findings that satisfy a condition, the most severe
// first, archived and removed ones last: where a reader or a server keeps only so many, it keeps these. Among
// equals the order is that of the paths as o shows them.
func strongest(fs []finding.Finding, is func(finding.Finding) bool, o Options) []finding.Finding {
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
			p.path = o.path(p.path)
			places[key] = p
		}
		return p
	}
	slices.SortStableFunc(out, func(a, b finding.Finding) int {
		if c := cmp.Or(compareBool(!counts(a), !counts(b)), cmp.Compare(b.Severity.Rank(), a.Severity.Rank())); c != 0 {
			return c
		}
		p, q := at(a), at(b)
		return cmp.Or(cmp.Compare(p.path, q.path), cmp.Compare(p.line, q.line), cmp.Compare(p.column, q.column),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// causes returns the findings that satisfy a condition, the most severe first and
// those of one cause as one: the first, with the others in Also and a message that
// counts the resources.
func causes(fs []finding.Finding, is func(finding.Finding) bool, o Options) []finding.Finding {
	var out []finding.Finding
	for _, group := range finding.Causes(strongest(fs, is, o)) {
		f := group[0]
		f.Also = group[1:]
		if n := len(resourcesOf(f)); n > 1 && f.Subject != "" {
			f.Message = strings.Replace(f.Message, " on "+f.Subject, fmt.Sprintf(" on %d resources", n), 1)
		}
		out = append(out, f)
	}
	return out
}

// resourcesOf names the resources of a finding and of the others of its cause, each
// once, printable.
func resourcesOf(f finding.Finding) []string {
	out := []string{nodeOf(f).name}
	seen := map[string]bool{f.Path + "\x00" + f.Address: true}
	for _, g := range f.Also {
		key := g.Path + "\x00" + g.Address
		if !seen[key] {
			seen[key] = true
			out = append(out, nodeOf(g).name)
		}
	}
	return out
}

// partiesOf names the principals of a finding and of the others of its cause, if
// they differ.
func partiesOf(f finding.Finding) []string {
	var out []string
	for _, g := range append([]finding.Finding{f}, f.Also...) {
		if name := partyOf(g).name; !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
