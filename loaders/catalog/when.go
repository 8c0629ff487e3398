package catalog

import (
	"slices"
	"strings"
)

// literal is a condition, or its contrary.
type literal struct {
	name string
	not  bool
}

// The words for a condition and for its contrary, at the end of a text.
var contraries = [][2]string{{" holds", " does not hold"}, {" is not 0", " is 0"}}

func literalOf(condition string) literal {
	for _, c := range contraries {
		if name, ok := strings.CutSuffix(condition, c[0]); ok {
			return literal{name, false}
		}
		if name, ok := strings.CutSuffix(condition, c[1]); ok {
			return literal{name, true}
		}
	}
	name, not := strings.CutPrefix(condition, "not ")
	return literal{name, not}
}

// contrary returns the words for the contrary of a condition.
func contrary(condition string) string {
	for _, c := range contraries {
		for i := range c {
			if name, ok := strings.CutSuffix(condition, c[i]); ok {
				return name + c[1-i]
			}
		}
	}
	if plain, negated := strings.CutPrefix(condition, "not "); negated {
		return plain
	}
	return "not " + condition
}

// alternatives are the cases that a text lists: "condition A holds and condition
// B holds, or condition C does not hold".
func alternatives(text string) [][]literal {
	if !strings.HasPrefix(text, "condition ") {
		return [][]literal{{literalOf(text)}}
	}
	var out [][]literal
	for _, c := range strings.Split(text, ", or ") {
		var all []literal
		for _, l := range strings.Split(c, " and ") {
			all = append(all, literalOf(l))
		}
		out = append(out, all)
	}
	return out
}

// possible reports whether texts can hold together, with what is known already.
func possible(texts []string, known map[string]bool) bool {
	if len(texts) == 0 {
		return true
	}
next:
	for _, all := range alternatives(texts[0]) {
		more := map[string]bool{}
		for k, v := range known {
			more[k] = v
		}
		for _, l := range all {
			if v, ok := more[l.name]; ok && v == l.not {
				continue next
			}
			more[l.name] = !l.not
		}
		if possible(texts[1:], more) {
			return true
		}
	}
	return false
}

// both returns the conditions of two cases together; it is not ok if they
// exclude each other.
func both(a, b []string) ([]string, bool) {
	out := slices.Clone(a)
	for _, c := range b {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out, possible(out, nil)
}

// shareNames reports whether two lists of conditions have one in common.
func shareNames(a, b []string) bool {
	names := map[string]bool{}
	for _, text := range a {
		for _, all := range alternatives(text) {
			for _, l := range all {
				names[l.name] = true
			}
		}
	}
	return slices.ContainsFunc(b, func(text string) bool {
		return slices.ContainsFunc(alternatives(text), func(all []literal) bool {
			return slices.ContainsFunc(all, func(l literal) bool { return names[l.name] })
		})
	})
}

// ofPath returns conditions of one input as those of another know them: what two
// templates call alike need not hold in both.
func ofPath(when []string, path string) []string {
	if path = " of " + path; strings.Contains(path, " and ") || strings.Contains(path, ", or ") {
		path = " of another input"
	}
	out := make([]string, len(when))
	for i, text := range when {
		var cases []string
		for _, c := range strings.Split(text, ", or ") {
			all := strings.Split(c, " and ")
			if !strings.HasPrefix(text, "condition ") {
				all = []string{c}
			}
			for k := range all {
				all[k] = reworded(all[k], path)
			}
			cases = append(cases, strings.Join(all, " and "))
		}
		out[i] = strings.Join(cases, ", or ")
	}
	return out
}

// reworded puts words behind the name of a condition.
func reworded(condition, words string) string {
	for _, c := range contraries {
		for i := range c {
			if name, ok := strings.CutSuffix(condition, c[i]); ok {
				return name + words + c[i]
			}
		}
	}
	return condition + words
}

// maxConditions bounds how many conditions covered tries all values of.
const maxConditions = 10

// covered reports whether one of the cases holds whatever the conditions turn
// out to be, given some that do. It may be false for want of effort.
func covered(given []string, cases [][]string) bool {
	var names []string
	for _, list := range append(cases[:len(cases):len(cases)], given) {
		for _, text := range list {
			for _, all := range alternatives(text) {
				for _, l := range all {
					if !slices.Contains(names, l.name) {
						names = append(names, l.name)
					}
				}
			}
		}
	}
	if len(names) > maxConditions {
		return slices.ContainsFunc(cases, func(list []string) bool { return len(list) == 0 })
	}
	for n := range 1 << len(names) {
		holds := func(text string) bool {
			return slices.ContainsFunc(alternatives(text), func(all []literal) bool {
				return !slices.ContainsFunc(all, func(l literal) bool { return n>>slices.Index(names, l.name)&1 == 1 == l.not })
			})
		}
		every := func(list []string) bool {
			return !slices.ContainsFunc(list, func(text string) bool { return !holds(text) })
		}
		if every(given) && !slices.ContainsFunc(cases, every) {
			return false
		}
	}
	return true
}
