package domain

import "slices"

// Grammar is the set of texts that an identifier can be: a prefix, and a number
// of characters of a class behind it.
type Grammar struct {
	Prefix   string
	Class    Class
	Min, Max int
}

// Universe returns the pattern of the texts of the grammar; of those with fewest
// characters and more, where their number is not fixed.
func (g Grammar) Universe() Pattern {
	p := Literal(g.Prefix)
	for range g.Min {
		p.tokens = append(p.tokens, token{kind: one, class: g.Class})
	}
	if g.Max != g.Min {
		p.tokens = append(p.tokens, token{kind: run, class: g.Class})
	}
	return p
}

// Fit returns what a pattern matches among the texts of the grammar: any text if
// it matches all of them, so that one which is not known yet is included, or the
// pattern itself. It reports false if there is none. Shorter texts than there are
// count where short is set, if the pattern spells them out.
func (g Grammar) Fit(p Pattern, short bool) (Pattern, bool) {
	if p.IsStar() || p.hasPrivate() {
		return p, true
	}
	shortest := g.Min
	if short {
		shortest = 1
	}
	fits := false
	for _, rest := range p.After(g.Prefix) {
		least, runs, wild := 0, false, true
		for _, t := range rest.tokens {
			if t.kind == run {
				runs = true
			} else {
				least++
			}
			if t.kind == literal || t.kind == folded {
				wild = false
				if !g.has(t) {
					least = g.Max + 1
					break
				}
			} else if !t.class.includes(g.Class) {
				wild = false
			}
		}
		if least > g.Max || !runs && least < g.Min && !(short && least > 0 && rest.plain()) {
			continue
		}
		if wild && least <= shortest && (runs || g.Min == g.Max) {
			return Star(Any), true
		}
		fits = true
	}
	return p, fits
}

// has reports whether a literal of a pattern can be a character behind the prefix.
func (g Grammar) has(t token) bool {
	if t.kind == literal {
		return g.Class.has(t.r)
	}
	for _, r := range cases(t.r) {
		if g.Class.has(r) {
			return true
		}
	}
	return false
}

// hasPrivate reports whether the pattern has a character that stands for a name
// which is not known yet, of Unicode's private use area.
func (p Pattern) hasPrivate() bool {
	for _, t := range p.tokens {
		if t.kind == literal && t.r >= privateUse {
			return true
		}
	}
	return false
}

// Ending returns patterns whose union matches the texts that p does whose part
// behind the last slash has one to limit characters, none of which p spells out as
// one that the class lacks. It is nil if there are none, or if p has a character
// that is not printable, or a space.
func (p Pattern) Ending(class Class, limit int) []Pattern {
	const sep = '/'
	last := -1 // the last slash, or character of what stands before one
	for i, t := range p.tokens {
		if t.kind != literal && t.kind != folded {
			continue
		}
		if t.r <= ' ' || t.r >= 0x7f && t.r < privateUse {
			return nil
		}
		if t.r == sep || !class.has(t.r) {
			last = i
		}
	}
	least, some := 0, false
	for _, t := range p.tokens[last+1:] {
		if t.kind != run {
			least++
		}
		some = true
	}
	if !some {
		return nil
	}
	if least <= limit && (last < 0 || p.tokens[last].r == sep) {
		return []Pattern{p}
	}
	// A wildcard has to be the slash, and the last one: no more characters than limit
	// stand behind it. Those before it may be slashes too as they are.
	from, behind := len(p.tokens), 0
	for from > last+1 && behind <= limit {
		if from--; p.tokens[from].kind != run {
			behind++
		}
	}
	var out []Pattern
	for i := from; i < len(p.tokens); i++ {
		t := p.tokens[i]
		if t.kind != run {
			behind--
		}
		if t.kind != one && t.kind != run || !t.class.has(sep) || t.kind == one && i == len(p.tokens)-1 {
			continue
		}
		split := slices.Clone(p.tokens[:i])
		if t.kind == run {
			split = append(split, t, token{r: sep}, token{kind: run, class: NotSlash}) // the last of those there
		} else {
			split = append(split, token{r: sep})
		}
		out = append(out, Pattern{append(split, p.tokens[i+1:]...)})
	}
	return out
}

// Exceeds reports whether a pattern that was found to fit matches a text outside
// of universe, as a stand-in and an id that is shorter than others are.
func (p Pattern) Exceeds(universe Pattern) bool {
	if p.IsStar() {
		return false
	}
	if p.hasPrivate() {
		return true
	}
	u := universe.tokens
	for _, t := range p.tokens {
		switch {
		case t.kind != literal:
			return false
		case len(u) == 0 || !u[0].matches(t.r):
			return true
		case u[0].kind != run:
			u = u[1:]
		}
	}
	return len(u) > 1 || len(u) == 1 && u[0].kind != run
}
