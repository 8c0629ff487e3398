package usage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
)

// Bounds on what takes the place of a pattern: as many actions as people read in a
// row, and as many entries as a statement should have.
const (
	fewActions  = 15
	mostEntries = 60
)

// Narrow says what each pattern of a statement becomes when what none of its holders
// has used is taken out. Nothing is taken out of which the evidence does not tell that
// it is unused: actions that are not tracked stay, and services that nobody asked
// about. The reason says why there is no narrower statement.
func (o Options) Narrow(s policy.Statement, holders []*Entity) (list []finding.Narrowed, reason string) {
	entries := 0
	for _, p := range s.Action.List {
		n := finding.Narrowed{Pattern: p.Text.String(), To: []string{p.Text.String()}, Keep: []string{p.Text.String()}}
		if text, known := p.Text.Known(); known && p.Maybe == "" {
			n.To, n.Keep = o.narrow(text, holders)
		}
		entries += len(n.To)
		list = append(list, n)
	}
	needed := entries
	for entries > mostEntries { // the longest stay the patterns that they are
		longest := 0
		for i := range list {
			if len(list[i].To) > len(list[longest].To) {
				longest = i
			}
		}
		n := &list[longest]
		if len(n.To) <= 1 {
			break
		}
		entries -= len(n.To) - 1
		n.To, n.Keep = []string{n.Pattern}, []string{n.Pattern}
	}
	if entries > mostEntries || needed > mostEntries && !slices.ContainsFunc(list, func(n finding.Narrowed) bool { return !slices.Equal(n.To, []string{n.Pattern}) }) {
		return nil, fmt.Sprintf("what is used of its actions, or may be, takes %d entries", needed)
	}
	return list, ""
}

// narrow returns what is left of a pattern, and all that has to be left.
func (o Options) narrow(text string, holders []*Entity) (to, keep []string) {
	asIs := []string{text}
	prefix, action, ok := strings.Cut(text, ":")
	if !ok {
		action = "*"
	}
	if strings.ContainsAny(prefix, "*?") {
		if text != "*" && !ok {
			return asIs, asIs // no pattern that IAM takes
		}
		narrower := false
		for _, name := range servicesOf(prefix, holders) {
			t, k := o.narrow(name+":"+action, holders)
			narrower = narrower || !slices.Equal(t, []string{name + ":" + action})
			to, keep = append(to, t...), append(keep, k...)
		}
		if !narrower {
			return asIs, asIs
		}
		return to, keep
	}
	if strings.EqualFold(text, "iam:PassRole") {
		return asIs, asIs
	}
	switch idle, known := o.idle(strings.ToLower(prefix), holders); {
	case !known:
		return asIs, asIs
	case idle && strings.EqualFold(prefix, "iam") && archive.Glob(strings.ToLower(action), "passrole"):
		return []string{prefix + ":PassRole"}, []string{prefix + ":PassRole"} // which is not tracked
	case idle:
		return nil, nil
	}
	unused, _ := o.actions(prefix, action, holders)
	if len(unused) == 0 {
		return asIs, asIs
	}
	if !strings.ContainsAny(action, "*?") {
		return nil, nil
	}
	return expand(prefix, action, unused, holders)
}

// servicesOf are the services that a pattern covers: all that there are, and those of
// the evidence.
func servicesOf(pattern string, holders []*Entity) []string {
	var out []string
	out = append(out, knowledge.Services()...)
	for _, h := range holders {
		for name := range h.Services {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(name string) bool { return !archive.Glob(strings.ToLower(pattern), name) })
}

// expand writes a pattern of a service without some actions.
func expand(prefix, pattern string, unused []string, holders []*Entity) (to, keep []string) {
	out := map[string]bool{} // in lower case
	for _, u := range unused {
		_, name, _ := strings.Cut(u, ":")
		out[strings.ToLower(name)] = true
	}
	names := map[string]string{} // of the service, by their lower case
	if s, ok := knowledge.ServiceOf(strings.ToLower(prefix)); ok {
		for _, a := range s.Actions {
			names[strings.ToLower(a.Name)] = a.Name
		}
	}
	for _, h := range holders {
		if s := h.Services[strings.ToLower(prefix)]; s != nil {
			for _, of := range []map[string]bool{keys(s.Actions), keys(s.Seen)} {
				for name := range of {
					if names[name] == "" {
						names[name] = name
					}
				}
			}
		}
	}
	var kept, all []string
	for lower, name := range names {
		all = append(all, name)
		if archive.Glob(strings.ToLower(pattern), lower) && !out[lower] {
			kept = append(kept, name)
		}
	}
	slices.Sort(kept)
	slices.Sort(all)
	for _, name := range kept {
		keep = append(keep, prefix+":"+name)
	}
	head, wild := strings.CutSuffix(pattern, "*")
	if len(kept) <= fewActions || !wild || strings.ContainsAny(head, "*?") {
		return keep, keep
	}
	in := map[string]bool{}
	for _, name := range kept {
		in[name] = true
	}
	for _, p := range cover("", kept, func(p string) bool {
		for _, name := range all {
			if hasPrefixFold(name, p) && !in[name] {
				return false
			}
		}
		return len(p) >= len(head) && hasPrefixFold(p, head)
	}) {
		to = append(to, prefix+":"+p)
	}
	return to, keep
}

func keys[V any](m map[string]V) map[string]bool {
	out := map[string]bool{}
	for k := range m {
		out[k] = true
	}
	return out
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// cover returns patterns that match the sorted names and, as far as fits tells, nothing
// else: the beginnings that are made of the fewest whole words.
func cover(head string, names []string, fits func(prefix string) bool) []string {
	if len(names) == 1 {
		return names
	}
	if head != "" && fits(head) {
		return []string{head + "*"}
	}
	var out []string
	for len(names) > 0 {
		name := names[0]
		if name == head {
			out, names = append(out, name), names[1:]
			continue
		}
		next := name[:len(head)+word(name[len(head):])]
		n := 0
		for n < len(names) && strings.HasPrefix(names[n], next) {
			n++
		}
		out, names = append(out, cover(next, names[:n], fits)...), names[n:]
	}
	return out
}

// word is the length of the first word of a name such as GetBucketPolicy.
func word(s string) int {
	for i := 1; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' && !(s[i-1] >= 'A' && s[i-1] <= 'Z') {
			return i
		}
	}
	return len(s)
}
