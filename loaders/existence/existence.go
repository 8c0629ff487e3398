// Package existence is the logic of what is declared under which condition: the
// count of a block, the condition of a template. A condition is a text that
// people read and that this package can read back, so that two of them can be
// compared whatever language they come from.
package existence

import (
	"slices"
	"strings"
)

// Literal is a name that stands for a condition, or for its contrary.
type Literal struct {
	Name string
	Not  bool
}

// Condition holds if all literals of one of its alternatives do. The zero
// Condition never holds.
type Condition [][]Literal

// Always is the condition that holds whatever happens.
var Always = Condition{nil}

// maxAlternatives is how many a condition has at most to be worked with.
const maxAlternatives = 32

// The words for a condition and for its contrary, at the end of a text.
var contraries = [][2]string{{" holds", " does not hold"}, {" is not 0", " is 0"}}

// Atom returns the condition that a name stands for. Words that separate
// conditions are taken out of the name.
func Atom(name string) Condition {
	return Condition{{{Name: strings.NewReplacer(" and ", " & ", ", or ", ", | ").Replace(name)}}}
}

func literalOf(text string) Literal {
	for _, c := range contraries {
		if name, ok := strings.CutSuffix(text, c[1]); ok {
			return Literal{name + c[0], true}
		}
	}
	name, not := strings.CutPrefix(text, "not ")
	return Literal{name, not}
}

func (l Literal) String() string {
	if !l.Not {
		return l.Name
	}
	for _, c := range contraries {
		if name, ok := strings.CutSuffix(l.Name, c[0]); ok {
			return name + c[1]
		}
	}
	return "not " + l.Name
}

// Shown is what decides a literal, for people: the name without the words around it.
func (l Literal) Shown() string {
	name := l.Name
	for _, before := range []string{"condition ", "count "} {
		for _, c := range contraries {
			if inner, ok := strings.CutSuffix(strings.TrimPrefix(name, before), c[0]); ok && strings.HasPrefix(name, before) {
				return inner
			}
		}
	}
	return name
}

// Parse reads a text such as "condition A holds and condition B does not hold,
// or condition C holds".
func Parse(text string) Condition {
	if !strings.HasPrefix(text, "condition ") && !strings.HasPrefix(text, "count ") {
		return Condition{{literalOf(text)}} // words that have no structure
	}
	var out Condition
	for _, alternative := range strings.Split(text, ", or ") {
		var all []Literal
		for _, l := range strings.Split(alternative, " and ") {
			all = append(all, literalOf(l))
		}
		out = append(out, all)
	}
	return out
}

// String writes a condition as Parse reads it. It is "" for one that always
// holds, and "never" for one that never does.
func (c Condition) String() string {
	if c == nil {
		return "never"
	}
	alternatives := make([]string, len(c))
	for i, all := range c {
		texts := make([]string, len(all))
		for k, l := range all {
			texts[k] = l.String()
		}
		alternatives[i] = strings.Join(texts, " and ")
	}
	return strings.Join(alternatives, ", or ")
}

// IsAlways reports whether one alternative needs nothing.
func (c Condition) IsAlways() bool {
	return slices.ContainsFunc(c, func(all []Literal) bool { return len(all) == 0 })
}

// And returns the condition that both hold; ok is false where it is too large.
func And(a, b Condition) (Condition, bool) {
	var out Condition
	for _, x := range a {
		for _, y := range b {
			if all, ok := merged(x, y); ok {
				out = append(out, all)
			}
		}
	}
	return out.reduced()
}

// Or returns the condition that one of both holds.
func Or(a, b Condition) (Condition, bool) {
	return append(slices.Clone(a), b...).reduced()
}

// Not returns the contrary of a condition.
func Not(c Condition) (Condition, bool) {
	out := Always
	for _, all := range c {
		var none Condition
		for _, l := range all {
			none = append(none, []Literal{{l.Name, !l.Not}})
		}
		both, ok := And(out, none)
		if !ok {
			return nil, false
		}
		out = both
	}
	return out, true
}

// merged returns the literals of both lists, unless they exclude each other.
func merged(a, b []Literal) ([]Literal, bool) {
	out := slices.Clone(a)
	for _, l := range b {
		if slices.ContainsFunc(out, l.excludes) {
			return nil, false
		}
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	// What is one value is none of the others: that needs no saying.
	return slices.DeleteFunc(slices.Clone(out), func(l Literal) bool {
		return l.Not && slices.ContainsFunc(out, func(o Literal) bool { return o.Name != l.Name && o.excludes(Literal{Name: l.Name}) })
	}), true
}

// excludes reports whether two literals never hold together: each is the contrary
// of the other, or something is compared with two values.
func (l Literal) excludes(o Literal) bool {
	if l.Name == o.Name {
		return l.Not != o.Not
	}
	if l.Not || o.Not {
		return false
	}
	subject, _, compared := comparison(l.Name)
	other, _, also := comparison(o.Name)
	return compared && also && subject == other
}

// Equals returns the condition that something has a value, which is written as a
// literal. Of conditions on one subject no two hold together.
func Equals(subject, literal string) Condition {
	return Atom("condition " + subject + " == " + literal + " holds")
}

// comparison takes the name of a condition that Equals made apart.
func comparison(name string) (subject, literal string, ok bool) {
	text, ok := strings.CutSuffix(name, contraries[0][0])
	if i := strings.LastIndex(text, " == "); ok && i >= 0 {
		return text[:i], text[i+len(" == "):], true
	}
	return "", "", false
}

// reduced leaves out the alternatives that others cover.
func (c Condition) reduced() (Condition, bool) {
	var out Condition
	for i, all := range c {
		covered := slices.ContainsFunc(out, func(o []Literal) bool { return needs(all, o) })
		for _, later := range c[i+1:] {
			covered = covered || len(later) < len(all) && needs(all, later)
		}
		if !covered {
			out = append(out, all)
		}
	}
	if len(out) <= maxAlternatives {
		for i, all := range out {
			for k, other := range out[:i] {
				if shorter, ok := resolved(all, other); ok {
					rest := slices.Delete(slices.Delete(slices.Clone(out), i, i+1), k, k+1)
					return append(rest, shorter).reduced()
				}
			}
		}
	}
	return out, len(out) <= maxAlternatives
}

// resolved returns the one alternative that two are together which differ in
// whether a single literal holds.
func resolved(a, b []Literal) ([]Literal, bool) {
	if len(a) != len(b) {
		return nil, false
	}
	var out []Literal
	for _, l := range a {
		switch {
		case slices.Contains(b, l):
			out = append(out, l)
		case !slices.Contains(b, Literal{l.Name, !l.Not}):
			return nil, false
		}
	}
	return out, len(out) == len(a)-1
}

// needs reports whether all literals of b are among those of a.
func needs(a, b []Literal) bool {
	return !slices.ContainsFunc(b, func(l Literal) bool { return !slices.Contains(a, l) })
}

// Together reads texts all of which hold; ok is false where that is too large.
func Together(texts []string) (c Condition, ok bool) {
	c = Always
	for _, t := range texts {
		if c, ok = And(c, Parse(t)); !ok {
			return nil, false
		}
	}
	return c, true
}

// Without returns the text of the condition that none of the cases holds; ok is
// false where it is too large to be said.
func Without(cases [][]string) (text string, ok bool) {
	out := Always
	for _, texts := range cases {
		c, ok := Together(texts)
		if !ok {
			return "", false
		}
		none, ok := Not(c)
		if !ok {
			return "", false
		}
		if out, ok = And(out, none); !ok {
			return "", false
		}
	}
	return out.String(), len(out) > 0 && !out.IsAlways()
}

// Names returns the names in texts.
func Names(texts []string) map[string]bool {
	names := map[string]bool{}
	for _, t := range texts {
		for _, all := range Parse(t) {
			for _, l := range all {
				names[l.Name] = true
			}
		}
	}
	return names
}

// Renamed returns a text with words behind the name of each condition in it.
func Renamed(text, words string) string {
	c := Parse(text)
	for _, all := range c {
		for i, l := range all {
			all[i].Name = renamed(l.Name, words)
		}
	}
	return c.String()
}

func renamed(name, words string) string {
	for _, c := range contraries {
		if plain, ok := strings.CutSuffix(name, c[0]); ok {
			return plain + words + c[0]
		}
	}
	return name + words
}
