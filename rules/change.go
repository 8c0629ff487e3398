package rules

import (
	"maps"
	"slices"

	"github.com/iaclint/iaclint/analysis/finding"
)

// What Finding.Change says, in the words of Access Analyzer's previews and, for
// access that is withdrawn, one more.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_AccessPreviewFinding.html
const (
	New       = "new"
	Changed   = "changed"
	Unchanged = "unchanged"
	Removed   = "removed"
)

// Changes compares the findings on resources as they will be with those on the
// same resources as they are. It returns the former with Change and Wider set,
// and the findings that are withdrawn. Outputs of a resource that is kept as it
// is need no counterpart before.
//
// Findings are the same if their ids are. One whose id is new can still be a
// part of what was there, as when Principal "*" becomes an account: it is
// changed, and no wider.
func Changes(after, before []Output) (out []Output, removed []finding.Finding) {
	type key struct{ zone, target, path, address string }
	keyOf := func(o Output) key {
		r := o.Resource
		return key{r.Zone, r.Target, r.Path, r.Address}
	}
	old := map[key][]finding.Finding{}
	for _, o := range before {
		old[keyOf(o)] = append(old[keyOf(o)], o.Findings...)
	}
	now := map[key][]finding.Finding{}
	for _, o := range after {
		findings := make([]finding.Finding, len(o.Findings))
		for i, f := range o.Findings {
			change := Unchanged
			if !o.Kept {
				change, f.Wider = compare(f, old[keyOf(o)])
			}
			f.Change = &change
			findings[i] = f
		}
		o.Findings = findings
		out = append(out, o)
		now[keyOf(o)] = append(now[keyOf(o)], findings...)
	}
	for _, o := range before {
		for _, f := range o.Findings {
			left := now[keyOf(o)]
			if slices.ContainsFunc(left, func(g finding.Finding) bool { return g.ID == f.ID || covers(g, f) }) {
				continue
			}
			change := Removed
			f.Change = &change
			removed = append(removed, f)
		}
	}
	return out, removed
}

// compare says how a finding relates to those of before, and whether it has
// access in it that none of them has.
func compare(f finding.Finding, before []finding.Finding) (change string, wider bool) {
	wider = !slices.ContainsFunc(before, func(b finding.Finding) bool { return covers(b, f) })
	for _, b := range before {
		if b.ID == f.ID {
			if !wider && covers(f, b) {
				return Unchanged, false
			}
			return Changed, wider
		}
	}
	if wider {
		return New, true
	}
	return Changed, false
}

// covers reports whether all the access of b is in a. It may be false although
// it is.
func covers(a, b finding.Finding) bool {
	return coversPrincipal(a.Principal, b.Principal) && slices.EqualFunc(a.Sources, b.Sources, sameSource) &&
		(a.Certainty == finding.Proven || b.Certainty != finding.Proven) && (a.IsPublic || !b.IsPublic) &&
		isSubset(a.Condition, b.Condition) && !slices.ContainsFunc(b.Action, func(action string) bool { return !slices.Contains(a.Action, action) })
}

func coversPrincipal(a, b map[string]string) bool {
	if maps.Equal(a, b) {
		return true
	}
	for key, name := range a {
		if name != "*" || key != "AWS" && key != "Service" {
			return false
		}
		for other := range b {
			if other != key && !(key == "AWS" && other == "CanonicalUser") {
				return false
			}
		}
	}
	return len(a) > 0 && len(b) > 0
}

func sameSource(a, b finding.Source) bool {
	if a.Detail == nil || b.Detail == nil {
		return a.Type == b.Type && a.Detail == b.Detail
	}
	return a.Type == b.Type && *a.Detail == *b.Detail
}

func isSubset(a, b map[string]string) bool {
	for k, v := range a {
		if w, ok := b[k]; !ok || w != v {
			return false
		}
	}
	return true
}
