package terraform

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// truth is a boolean that may not be known.
type truth uint8

const (
	no truth = iota
	yes
	perhaps
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) not() truth {
	switch t {
	case yes:
		return no
	case no:
		return yes
	}
	return perhaps
}

func (t truth) and(u truth) truth {
	switch {
	case t == no || u == no:
		return no
	case t == yes && u == yes:
		return yes
	}
	return perhaps
}

// equal compares two values as == does. It is certain only where no value of
// what is not known would change the answer.
func equal(a, b *val) truth {
	if a == b {
		return yes
	}
	if a.kind == unknown || b.kind == unknown {
		if a.kind == b.kind && a.maybe == nil && b.maybe == nil && sameRef(a.ref(), b.ref()) {
			return yes
		}
		return perhaps
	}
	if a.maybe != nil || b.maybe != nil {
		if a.kind == null || b.kind == null || equal(a.certain(), b.certain()) != no {
			return perhaps
		}
		if a.maybe != nil && b.maybe != nil {
			return perhaps // both may be null
		}
		return no
	}
	if a.kind != b.kind {
		return no
	}
	switch a.kind {
	case boolean:
		return truthOf(a.flag == b.flag)
	case number:
		return truthOf(a.num.Cmp(b.num) == 0)
	case text:
		return equalText(a.string(), b.string())
	case sequence:
		return equalItems(a, b)
	case mapping:
		return equalFields(a, b)
	}
	return yes
}

func sameRef(a, b *value.Reference) bool { return a.Name == b.Name && a.Scope == b.Scope }

// equalText compares texts by what is literal at their ends.
func equalText(a, b value.Text) truth {
	s, known := a.Known()
	t, alsoKnown := b.Known()
	if known && alsoKnown {
		return truthOf(s == t)
	}
	if a.Equal(b) {
		return yes
	}
	if differ(first(a), first(b), strings.HasPrefix) || differ(last(a), last(b), strings.HasSuffix) {
		return no
	}
	if known && !fits(b, s) || alsoKnown && !fits(a, t) {
		return no
	}
	return perhaps
}

// fits reports whether a text may turn out to be s.
func fits(t value.Text, s string) bool {
	if len(s) < len(first(t))+len(last(t)) {
		return false
	}
	s = s[len(first(t)) : len(s)-len(last(t))]
	var refs []*value.Reference
	for i, p := range t.Parts {
		switch {
		case p.Ref != nil:
			refs = append(refs, p.Ref)
		case i > 0 && i < len(t.Parts)-1:
			_, rest, found := strings.Cut(s, p.Literal)
			if !found {
				return false
			}
			s = rest
		}
	}
	if len(refs) > 1 {
		return true
	}
	switch r := refs[0]; {
	case r.Values != nil:
		return slices.Contains(r.Values, s)
	case r.Is == value.OwnAccount:
		return len(s) == 12 && strings.Trim(s, alphabets[r.Is]) == ""
	case r.Is == value.OwnName:
		return s != "" && !strings.ContainsAny(s, ":/*")
	case alphabets[r.Is] != "":
		return s != "" && strings.Trim(s, alphabets[r.Is]) == ""
	}
	return true
}

// differ reports whether two beginnings, or two ends, rule out equality.
func differ(a, b string, extends func(s, part string) bool) bool {
	return !extends(a, b) && !extends(b, a)
}

// first returns the literal that a text begins with.
func first(t value.Text) string {
	if t.Parts == nil {
		return t.Literal
	}
	return t.Parts[0].Literal
}

// last returns the literal that a text ends with.
func last(t value.Text) string {
	if t.Parts == nil {
		return t.Literal
	}
	return t.Parts[len(t.Parts)-1].Literal
}

// equalItems compares sequences. A list never equals a tuple or a set, but
// which of these a value is depends on types that are not tracked, so equal
// elements leave it open unless they are one value.
func equalItems(a, b *val) truth {
	if !a.fixed() || !b.fixed() {
		return perhaps
	}
	if len(a.items) != len(b.items) {
		return no
	}
	if len(a.items) == 0 {
		return perhaps // tolist([]) == [] is false
	}
	result := yes
	for i := range a.items {
		result = result.and(equal(a.items[i], b.items[i]))
	}
	if result == no && (a.isSet || b.isSet) {
		return perhaps
	}
	return result
}

func equalFields(a, b *val) truth {
	if a.inst != nil && a.inst == b.inst || a.mod != nil && a.mod == b.mod {
		return yes
	}
	if a.open != nil || b.open != nil || a.inst != nil || b.inst != nil || a.mod != nil || b.mod != nil {
		return perhaps
	}
	if len(a.fields) != len(b.fields) {
		return no
	}
	result := yes
	for _, f := range a.fields {
		other := b.get(f.key)
		if other == nil {
			return no
		}
		result = result.and(equal(f.val, other))
	}
	return result
}

// truthy returns a condition's value; ok is false for what is not a boolean.
func truthy(v *val) (t truth, ok bool) {
	if v.maybe != nil {
		return perhaps, true
	}
	switch v.kind {
	case boolean:
		return truthOf(v.flag), true
	case text:
		s, known := v.known()
		switch {
		case !known:
			return perhaps, true
		case s == "true" || s == "1":
			return yes, true
		case s == "false" || s == "0":
			return no, true
		}
	case unknown:
		return perhaps, true
	}
	return no, false
}

// same reports whether two values are one for certain, the elements of
// sequences included. Unlike equal it is about how values are written here.
func same(a, b *val) bool {
	if a.kind != b.kind || (a.maybe == nil) != (b.maybe == nil) {
		return false
	}
	switch a.kind {
	case sequence:
		if len(a.items) != len(b.items) {
			return false
		}
		for i := range a.items {
			if !same(a.items[i], b.items[i]) {
				return false
			}
		}
		return true
	case mapping:
		if a.open != nil || b.open != nil {
			return a.open != nil && b.open != nil && a.identity() == b.identity()
		}
		if len(a.fields) != len(b.fields) || a.inst != b.inst || a.mod != b.mod {
			return false
		}
		for _, f := range a.fields {
			if other := b.get(f.key); other == nil || !same(f.val, other) {
				return false
			}
		}
		return true
	}
	return equal(a.certain(), b.certain()) == yes
}
