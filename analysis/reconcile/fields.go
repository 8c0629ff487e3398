package reconcile

import (
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/finding"
)

// key is what a live finding and one of the code must have in common to be joined.
type key struct {
	detailed bool // of live findings that say who gets in
	live     func(finding.Live) string
	code     func(finding.Finding) string
}

// keys, the closest first: of two findings that could join, the one that agrees in
// more keeps its counterpart.
var keys = []key{
	{true, func(l finding.Live) string {
		return party(l.Principal, l.Condition) + actions(l.Action) + string(l.Status) + public(l.IsPublic)
	},
		func(f finding.Finding) string {
			return party(f.Principal, f.Condition) + actions(f.Action) + string(f.Status) + public(&f.IsPublic)
		}},
	{true, func(l finding.Live) string {
		return party(l.Principal, l.Condition) + actions(l.Action) + string(l.Status)
	},
		func(f finding.Finding) string {
			return party(f.Principal, f.Condition) + actions(f.Action) + string(f.Status)
		}},
	{true, func(l finding.Live) string { return party(l.Principal, l.Condition) + actions(l.Action) },
		func(f finding.Finding) string { return party(f.Principal, f.Condition) + actions(f.Action) }},
	{true, func(l finding.Live) string { return party(l.Principal, l.Condition) },
		func(f finding.Finding) string { return party(f.Principal, f.Condition) }},
	{true, func(l finding.Live) string { return flat(normal(l.Principal)) }, func(f finding.Finding) string { return flat(normal(f.Principal)) }},
	{false, func(l finding.Live) string { return string(l.Status) }, func(f finding.Finding) string { return string(f.Status) }},
	{false, func(finding.Live) string { return "" }, func(finding.Finding) string { return "" }},
}

func party(principal, condition map[string]string) string {
	return flat(normal(principal)) + "\x00" + flat(conditions(condition)) + "\x00"
}

func actions(list []string) string { return strings.Join(sorted(list), ",") + "\x00" }

// public is whether access is public, "" where it is not said.
func public(is *bool) string {
	if is == nil {
		return ""
	}
	return yesNo(*is)
}

// normal is a principal as findings name it: the root user of an account is the account.
func normal(principal map[string]string) map[string]string {
	out := map[string]string{}
	for kind, who := range principal {
		if name, ok := arn.Parse(who); ok && name.Resource == "root" {
			who = name.Account
		}
		out[kind] = who
	}
	return out
}

// conditions are keys in lower case with their values in order: the export joins
// several with commas.
func conditions(m map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		values := strings.Split(v, ",")
		for i, s := range values {
			values[i] = strings.TrimSpace(s)
		}
		slices.Sort(values)
		out[strings.ToLower(k)] = strings.Join(values, ",")
	}
	return out
}

func sorted(list []string) []string {
	out := slices.Clone(list)
	for i, s := range out {
		out[i] = strings.ToLower(s)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// differences are the fields in which two findings of one access differ. What an
// export does not say differs in nothing.
func differences(l finding.Live, f finding.Finding) []finding.FieldDifference {
	var out []finding.FieldDifference
	add := func(field, live, code string) {
		out = append(out, finding.FieldDifference{Field: field, Live: live, Code: code})
	}
	if string(l.Status) != string(f.Status) {
		add("status", string(l.Status), string(f.Status))
	}
	if l.ResourceType != "" && l.ResourceType != f.ResourceType {
		add("resourceType", l.ResourceType, f.ResourceType)
	}
	if l.Account != "" && f.ResourceOwnerAccount != "" && l.Account != f.ResourceOwnerAccount {
		add("resourceOwnerAccount", l.Account, f.ResourceOwnerAccount)
	}
	if f.Certainty == finding.NotProven {
		add("certainty", string(finding.Proven), string(f.Certainty))
	}
	if !l.Detailed {
		return out
	}
	if l.IsPublic != nil && *l.IsPublic != f.IsPublic {
		add("isPublic", yesNo(*l.IsPublic), yesNo(f.IsPublic))
	}
	if !maps.Equal(normal(l.Principal), normal(f.Principal)) {
		add("principal", flat(l.Principal), flat(f.Principal))
	}
	if !maps.Equal(conditions(l.Condition), conditions(f.Condition)) {
		add("condition", flat(l.Condition), flat(f.Condition))
	}
	if actions(l.Action) != actions(f.Action) {
		live, code := without(l.Action, f.Action), without(f.Action, l.Action)
		add("action", strings.Join(live, ", "), strings.Join(code, ", "))
	}
	return out
}

// without returns the actions that are on one side only.
func without(list, other []string) []string {
	have := sorted(other)
	out := []string{}
	for _, a := range list {
		if _, ok := slices.BinarySearch(have, strings.ToLower(a)); !ok {
			out = append(out, a)
		}
	}
	return out
}

func yesNo(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func flat(m map[string]string) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, k+" = "+m[k])
	}
	return strings.Join(parts, "; ")
}

// Merge joins live findings that differ in nothing but their id, and keeps of
// several with one id the last one.
func Merge(list []finding.Live) []finding.Live {
	byID := map[string]int{}
	var latest []finding.Live
	for _, l := range list {
		id := l.IDs[0] + "\x00" + l.Resource
		if i, ok := byID[id]; ok && l.IDs[0] != "" && !l.Whole {
			if better(l, latest[i]) {
				latest[i] = l
			}
			continue
		}
		byID[id] = len(latest)
		latest = append(latest, l)
	}
	same := map[string]int{}
	var out []finding.Live
	for _, l := range latest {
		key := strings.Join([]string{string(l.Status), l.Resource, flat(normal(l.Principal)), flat(conditions(l.Condition)), strings.Join(sorted(l.Action), ","), l.Account}, "\x00")
		if i, ok := same[key]; ok && l.Detailed && out[i].Detailed && !slices.Contains(out[i].IDs, l.IDs[0]) {
			out[i].IDs = append(out[i].IDs, l.IDs...)
			continue
		}
		same[key] = len(out)
		out = append(out, l)
	}
	return out
}

// better reports whether an export of a finding says more than another, or is newer.
func better(l, than finding.Live) bool {
	if l.Updated != than.Updated && l.Updated != "" && than.Updated != "" {
		return l.Updated > than.Updated
	}
	return l.Detailed || !than.Detailed
}
