package catalog

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// refine makes more of a resource's ARN from what its own policies call it. A
// policy is of its resource: the account or Region that it writes where the code
// leaves it to the deployment is the resource's. A name that comes from a variable
// may turn out to be what the policy writes, too.
func (b *building) refine(variable bool) {
	own := sections(b.res.ARN, 6)
	if len(own) != 6 {
		return
	}
	found := map[int][]value.Text{}
	other := false
	b.eachResource(func(t value.Text) {
		named := sections(t, 6)
		if len(named) != 6 || !same(named[2], own[2]) {
			return
		}
		if !startsWith(named[5], own[5]) {
			_, known := t.Known()
			other = other || known
			return
		}
		for _, i := range []int{1, 3, 4} {
			if s, known := named[i].Known(); known && s != "" && !strings.ContainsAny(s, "*?$") || same(named[i], own[i]) {
				found[i] = append(found[i], named[i])
			}
		}
	})
	if variable && other {
		b.res.ARN = value.Text{} // any of its kind
		return
	}
	for _, i := range []int{1, 3, 4} {
		is := func(t value.Text) func(value.Text) bool { return func(u value.Text) bool { return same(t, u) } }
		if len(found[i]) == 0 || slices.ContainsFunc(found[i], is(own[i])) {
			continue
		}
		if slices.ContainsFunc(found[i], func(t value.Text) bool { return !same(t, found[i][0]) }) {
			b.res.ARN = value.Text{}
			return
		}
		if declared, known := own[i].Known(); known && declared != "" {
			// Whoever wrote the policy had another deployment in mind.
			b.note("its policy names the resource in %s, although the code is said to be deployed to %s", found[i][0], declared)
		} else if known {
			continue // its ARN has none
		}
		own[i] = found[i][0]
	}
	b.res.ARN = joined(own)
}

func joined(sections []value.Text) value.Text {
	var texts []value.Text
	for i, s := range sections {
		if i > 0 {
			texts = append(texts, value.Lit(":"))
		}
		texts = append(texts, s)
	}
	return value.Join(texts...)
}

// eachResource calls f with what the Allow statements name as resources.
func (b *building) eachResource(f func(value.Text)) {
	for _, d := range b.res.Documents {
		for _, s := range d.Policy.Statements {
			if s.Effect != policy.Allow || s.Resource.Not {
				continue
			}
			for _, p := range s.Resource.List {
				f(p.Text)
			}
		}
	}
}

// startsWith reports whether a pattern is a name, or a name with more behind it;
// a pattern with a wildcard may be.
func startsWith(pattern, name value.Text) bool {
	if same(pattern, name) {
		return true
	}
	if p, known := pattern.Known(); known && strings.ContainsAny(p, "*?") {
		head := p[:strings.IndexAny(p, "*?")]
		n := name.Literal
		if name.Parts != nil {
			n = name.Parts[0].Literal
		}
		if strings.HasPrefix(n, head) {
			return true
		}
	}
	p, n := pattern.Parts, name.Parts
	if p == nil {
		p = []value.Part{{Literal: pattern.Literal}}
	}
	if n == nil {
		n = []value.Part{{Literal: name.Literal}}
	}
	if len(p) < len(n) {
		return false
	}
	for i := range n {
		last := i == len(n)-1
		switch {
		case p[i].Ref != nil || n[i].Ref != nil:
			if p[i].Ref == nil || n[i].Ref == nil || !sameReference(*p[i].Ref, *n[i].Ref) {
				return false
			}
		case last && strings.HasPrefix(p[i].Literal, n[i].Literal):
			rest := p[i].Literal[len(n[i].Literal):]
			return rest == "" || rest[0] == '/' || rest[0] == ':' || strings.ContainsAny(rest[:1], "*?")
		case p[i].Literal != n[i].Literal:
			return false
		}
	}
	return true
}

// variable reports whether a text has a part of which nothing is known.
func variable(t value.Text) bool {
	for _, p := range t.Parts {
		if p.Ref != nil && p.Ref.Is == value.Anything {
			return true
		}
	}
	return false
}
