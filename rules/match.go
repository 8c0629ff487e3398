package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// State is a resource as one side of a comparison has it.
type State struct {
	Output
	Cases []resource.Resource // as it was analysed; nil: nothing but the output is known
	Zone  *zone.Zone
}

// Pair is a resource on both sides; one of them is nil if it is on the other
// only.
type Pair struct{ Before, After *State }

// Match finds the resources of one side on the other. The same name or ARN is the
// same resource wherever it is declared; then the same address in the same file,
// then in one whose path ends most alike; then, if there is one candidate only,
// the same type with the same access. Two that have different names are never
// the same: a policy that moves to another bucket opens another bucket.
func Match(before, after []State) []Pair {
	m := matcher{before: before, after: after, usedBefore: make([]bool, len(before)), partner: make([]int, len(after))}
	for i := range m.partner {
		m.partner[i] = -1
	}
	m.pass(func(s *State) string { return join(nameOf(s), s.Resource.ResourceType) }, func(s *State) bool { return nameOf(s) != "" })
	always := func(*State) bool { return true }
	m.pass(func(s *State) string { return join(s.Resource.Path, s.Resource.Address) }, always)
	for k := m.deepest(); k >= 0; k-- {
		m.pass(func(s *State) string {
			return join(ending(s.Resource.Path, k), s.Resource.Address, s.Resource.ResourceType)
		}, always)
	}
	m.pass(func(s *State) string { return join(s.Resource.ResourceType, accessOf(s)) }, func(s *State) bool { return len(s.Findings) > 0 })
	var out []Pair
	for i := range after {
		p := Pair{After: &after[i]}
		if j := m.partner[i]; j >= 0 {
			p.Before = &before[j]
		}
		out = append(out, p)
	}
	for j := range before {
		if !m.usedBefore[j] {
			out = append(out, Pair{Before: &before[j]})
		}
	}
	return out
}

type matcher struct {
	before, after []State
	usedBefore    []bool
	partner       []int
}

// pass matches what has a key that is there once on either side.
func (m *matcher) pass(keyOf func(*State) string, counts func(*State) bool) {
	type sides struct{ before, after []int }
	byKey := map[string]*sides{}
	at := func(s *State) *sides {
		key := join(s.Resource.Zone, s.Resource.Target, keyOf(s))
		if byKey[key] == nil {
			byKey[key] = &sides{}
		}
		return byKey[key]
	}
	for j := range m.before {
		if s := &m.before[j]; !m.usedBefore[j] && counts(s) {
			x := at(s)
			x.before = append(x.before, j)
		}
	}
	for i := range m.after {
		if s := &m.after[i]; m.partner[i] < 0 && counts(s) {
			x := at(s)
			x.after = append(x.after, i)
		}
	}
	for _, x := range byKey {
		if len(x.before) != 1 || len(x.after) != 1 {
			continue
		}
		j, i := x.before[0], x.after[0]
		if a, b := nameOf(&m.before[j]), nameOf(&m.after[i]); a != "" && b != "" && a != b {
			continue
		}
		m.usedBefore[j], m.partner[i] = true, j
	}
}

func (m *matcher) deepest() int {
	depth := 0
	for _, list := range [][]State{m.before, m.after} {
		for i := range list {
			depth = max(depth, strings.Count(list[i].Resource.Path, "/")+1)
		}
	}
	return depth
}

// ending is the last elements of a path without the extension of the file:
// a template in YAML that becomes one in JSON is the same.
func ending(p string, elements int) string {
	if elements == 0 {
		return ""
	}
	parts := strings.Split(strings.TrimSuffix(p, path.Ext(p)), "/")
	return strings.Join(parts[max(0, len(parts)-elements):], "/")
}

func join(parts ...string) string { return strings.Join(parts, "\x00") }

// nameOf is the ARN of a resource, if nothing that only AWS could tell is in it
// but account, region and partition.
func nameOf(s *State) string {
	if s.Resource.ARN != "" || len(s.Cases) != 1 {
		return s.Resource.ARN
	}
	text := s.Cases[0].ARN
	for _, p := range text.Parts {
		if p.Ref != nil && (p.Ref.Is == value.Anything || p.Ref.Is == value.OwnName) {
			return ""
		}
	}
	return text.String()
}

// accessOf writes the findings of a resource without what tells where they are.
func accessOf(s *State) string {
	var out []string
	for _, f := range s.Findings {
		said := ""
		if f.IsOwn() {
			said = join(f.Rule, f.Message)
		}
		out = append(out, join(flat(f.Principal), flat(f.Condition), strings.Join(f.Action, " "), string(f.Certainty), sourcesOf(f), said))
	}
	slices.Sort(out)
	return join(out...)
}

// renamed is a resource with the names of its own that AWS or an address gives it
// replaced by those of another one, so that the policies of both are about the
// same resource.
func renamed(r, like resource.Resource) resource.Resource {
	names := map[string]string{}
	a, b := r.ARN.Parts, like.ARN.Parts
	if len(a) != len(b) {
		return r
	}
	for i := range a {
		switch {
		case (a[i].Ref == nil) != (b[i].Ref == nil):
			return r
		case a[i].Ref != nil && a[i].Ref.Name != b[i].Ref.Name:
			names[a[i].Ref.Name] = b[i].Ref.Name
		}
	}
	if len(names) == 0 {
		return r
	}
	text := func(t value.Text) value.Text {
		parts := slices.Clone(t.Parts)
		for i, p := range parts {
			if p.Ref == nil || names[p.Ref.Name] == "" {
				continue
			}
			ref := *p.Ref
			ref.Name = names[ref.Name]
			parts[i].Ref = &ref
		}
		t.Parts = parts
		return t
	}
	r.ARN = text(r.ARN)
	r.Own = slices.Clone(r.Own)
	for i := range r.Own {
		r.Own[i] = text(r.Own[i])
	}
	r.Documents = slices.Clone(r.Documents)
	for i := range r.Documents {
		d := &r.Documents[i]
		if d.Policy == nil {
			continue
		}
		d.Policy = d.Policy.WithTexts(text)
	}
	return r
}
