package existence

import (
	"slices"
	"strconv"
)

// Terms say what the names of conditions stand for. A nil Terms knows of none: each
// name may hold or not, whatever the others do.
type Terms struct {
	// Means has the condition that a name stands for, in names that stand for nothing
	// else.
	Means map[string]Condition
	// Values are all literals that a subject of Equals may have.
	Values map[string][]string
}

// Possible reports whether texts can hold together.
func (t *Terms) Possible(texts []string) bool {
	c, ok := Together(texts)
	if !ok {
		return true
	}
	c, ok = t.expanded(c)
	return !ok || len(c) > 0
}

// Covered reports whether one of the cases holds whatever the conditions turn
// out to be, given some that do. It may be false for want of effort.
func (t *Terms) Covered(given []string, cases [][]string) bool {
	left, ok := Together(given)
	if !ok {
		return slices.ContainsFunc(cases, func(texts []string) bool { return len(texts) == 0 })
	}
	if c, ok := t.expanded(left); ok {
		left = c
	}
	for _, texts := range cases {
		c, ok := Together(texts)
		if !ok {
			continue
		}
		if c, ok = t.expanded(c); !ok {
			continue
		}
		none, ok := Not(c)
		if !ok {
			continue
		}
		if rest, ok := And(left, none); ok {
			left = t.possible(rest)
		}
	}
	return len(left) == 0
}

// expanded writes a condition in names that stand for nothing else, without the
// alternatives that cannot be; ok is false where it is too large.
func (t *Terms) expanded(c Condition) (Condition, bool) {
	if t == nil {
		return c, true
	}
	var out Condition
	for _, all := range c {
		one := Always
		for _, l := range all {
			means := Condition{{l}}
			if m, ok := t.Means[l.Name]; ok {
				if means = m; l.Not {
					if means, ok = Not(m); !ok {
						return nil, false
					}
				}
			}
			var ok bool
			if one, ok = And(one, means); !ok {
				return nil, false
			}
		}
		var ok bool
		if out, ok = Or(out, one); !ok {
			return nil, false
		}
	}
	return t.possible(out), true
}

// possible leaves out the alternatives in which something has none of its values.
func (t *Terms) possible(c Condition) Condition {
	if t == nil || len(t.Values) == 0 {
		return c
	}
	return slices.DeleteFunc(slices.Clone(c), func(all []Literal) bool {
		not := map[string][]string{}
		for _, l := range all {
			subject, literal, ok := comparison(l.Name)
			values := t.Values[subject]
			switch {
			case !ok || values == nil:
			case !l.Not && !slices.Contains(values, literal):
				return true
			case l.Not && slices.Contains(values, literal):
				if not[subject] = append(not[subject], literal); len(not[subject]) == len(values) {
					return true
				}
			}
		}
		return false
	})
}

// Equals is Equals of a subject that has one of the given values; nil: any.
func (t *Terms) Equals(subject, literal string, values []string) Condition {
	c := Equals(subject, strconv.Quote(literal))
	named, _, _ := comparison(c[0][0].Name)
	if len(values) > 0 && t.Values[named] == nil {
		for _, v := range values {
			_, v, _ = comparison(Equals(subject, strconv.Quote(v))[0][0].Name)
			t.Values[named] = append(t.Values[named], v)
		}
	}
	return c
}

// Joined returns the texts of the condition that one of two cases is there, and
// the names that tell which; ok is false where that is too large, or not known.
func Joined(a, b []string) (texts, names []string, ok bool) {
	p, ok := Together(a)
	if !ok {
		return nil, nil, false
	}
	q, ok := Together(b)
	if !ok {
		return nil, nil, false
	}
	either, ok := Or(p, q)
	if !ok || len(p) == 0 || len(q) == 0 {
		return nil, nil, false
	}
	shared := slices.Clone(p[0])
	for _, all := range slices.Concat(p, q) {
		shared = slices.DeleteFunc(shared, func(l Literal) bool { return !slices.Contains(all, l) })
	}
	for _, all := range slices.Concat(p, q) {
		for _, l := range all {
			if name := l.Shown(); !slices.Contains(shared, l) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(either) == 1 {
		for _, l := range either[0] {
			texts = append(texts, l.String())
		}
	} else {
		texts = []string{either.String()}
	}
	return texts, names, len(names) > 0
}
