package access

import (
	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/value"
)

// mayTurnOut reports whether a pattern misses every ARN of a shape as long as
// the names in it that are not known yet stand for themselves, and may match one
// once they are known.
//
// AWS compares ARNs part by part, so that a wildcard in the Region of the shape
// does not swallow the account.
func mayTurnOut(ps []piece, shape string) bool {
	pattern, parts := arn.Fields(globOf(ps)), arn.Fields(shape)
	for len(pattern) < len(parts) {
		pattern = append(pattern, "*")
	}
	now := true
	for i, part := range parts {
		now = now && meet(symbols(pattern[i], false), symbols(part, false))
		if !meet(symbols(pattern[i], false), symbols(part, true)) {
			return false
		}
	}
	return !now
}

// symbol of a glob: a character, any one, any text, any text that a name can be,
// or any character that a name can have.
type symbol struct {
	kind symbolKind
	r    rune
}

type symbolKind uint8

const (
	oneRune symbolKind = iota
	anyRune
	anyText
	anyName
	nameRune
)

// symbols reads a glob; open reads stand-ins as any name.
func symbols(s string, open bool) []symbol {
	var out []symbol
	for s != "" {
		if open && value.HasStandIn(s) {
			before, after, length := value.CutStandIn(s)
			out = append(out, symbols(before, false)...)
			if length == 0 {
				out = append(out, symbol{kind: anyName})
			}
			for range length {
				out = append(out, symbol{kind: nameRune})
			}
			s = after
			continue
		}
		for _, r := range s {
			switch r {
			case '*':
				out = append(out, symbol{kind: anyText})
			case '?':
				out = append(out, symbol{kind: anyRune})
			default:
				out = append(out, symbol{r: r})
			}
		}
		break
	}
	return out
}

// meet reports whether some text matches both globs.
func meet(a, b []symbol) bool {
	seen := make([]bool, (len(a)+1)*(len(b)+1))
	var walk func(i, j int) bool
	walk = func(i, j int) bool {
		at := i*(len(b)+1) + j
		if seen[at] {
			return false
		}
		seen[at] = true
		if i == len(a) && j == len(b) {
			return true
		}
		return i < len(a) && a[i].repeats() && walk(i+1, j) ||
			j < len(b) && b[j].repeats() && walk(i, j+1) ||
			i < len(a) && j < len(b) && a[i].shares(b[j]) && walk(a[i].next(i), b[j].next(j))
	}
	return walk(0, 0)
}

func (s symbol) repeats() bool { return s.kind == anyText || s.kind == anyName }

func (s symbol) next(i int) int {
	if s.repeats() {
		return i
	}
	return i + 1
}

// shares reports whether some character matches both symbols.
func (s symbol) shares(t symbol) bool {
	if s.kind != oneRune {
		s, t = t, s
	}
	switch {
	case s.kind != oneRune: // both are more than one character
		return true
	case t.kind == oneRune:
		return s.r == t.r
	case t.kind == anyName || t.kind == nameRune:
		return s.r != ':' && s.r != '/' && !value.HasStandIn(string(s.r)) // names of others are other names
	}
	return true
}
