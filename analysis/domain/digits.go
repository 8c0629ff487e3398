package domain

import "slices"

// Digits returns the pattern of what p matches among the texts of n digits;
// where p has more than one '*' it may match a few more. It reports false if
// there is none. A pattern with a character that stands for a name which is not
// known yet, of Unicode's private use area, is returned unchanged.
func (p Pattern) Digits(n int) (Pattern, bool) {
	least, runs := 0, 0
	for _, t := range p.tokens {
		switch t.kind {
		case run:
			runs++
			continue
		case literal, folded:
			if t.r >= privateUse {
				return p, true
			}
			if t.r < '0' || t.r > '9' {
				return p, false
			}
		}
		least++
	}
	switch {
	case p.IsStar() || len(p.tokens) == 1 && runs == 1:
		return p, true // any text, one that is not known yet included
	case least > n || runs == 0 && least < n:
		return p, false
	case runs > 1 && least < n:
		return p, true
	}
	out := make([]token, 0, n)
	for _, t := range p.tokens {
		switch t.kind {
		case run:
			out = append(out, slices.Repeat([]token{{kind: one, class: Digit}}, n-least)...)
		case one:
			out = append(out, token{kind: one, class: Digit})
		default:
			out = append(out, token{r: t.r})
		}
	}
	return Pattern{out}, true
}

// privateUse is the first character of Unicode's private use area.
const privateUse = '\uE000'

// Characters returns the characters that stand in the pattern for themselves.
func (p Pattern) Characters() []rune {
	var out []rune
	for _, t := range p.tokens {
		if t.kind == literal {
			out = append(out, t.r)
		}
	}
	return out
}
