package domain

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Class is a set of characters that a wildcard stands for.
type Class uint8

const (
	Any        Class = iota // every character
	NotColon                // every character but ':': a wildcard inside one part of an ARN
	NotSlash                // every character but '/': a wildcard inside one part of a path
	Digit                   // 0 to 9
	Hyphenated              // small letters, digits and '-': most ids of AWS
	Name                    // letters, digits and _+=,.@-: names of IAM
	Given                   // those of names, ':' and '/': external ids
)

// samples are characters of the classes that have few, in the order in which
// examples take them.
var samples = [...]string{Digit: "9876543210", Hyphenated: letters + "0123456789-", Name: letters + "0123456789-_+=,.@", Given: letters + "0123456789-_+=,.@:/"}

const letters = "xyzabcdefghijklmnopqrstuvw"

func (c Class) has(r rune) bool {
	switch c {
	case NotColon:
		return r != ':'
	case NotSlash:
		return r != '/'
	case Any:
		return true
	case Digit:
		return r >= '0' && r <= '9'
	case Hyphenated:
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r >= privateUse
	}
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r >= privateUse:
		return true
	case r == ':' || r == '/':
		return c == Given
	}
	return strings.ContainsRune("_+=,.@-", r)
}

// includes reports whether the class has every character of another one.
func (c Class) includes(d Class) bool {
	return c == d || c == Any || (c == NotColon || c == NotSlash) && d >= Digit && d != Given || c == Given && d >= Digit || c == Name && (d == Digit || d == Hyphenated) || c == Hyphenated && d == Digit
}

// sample is a character of the class.
func (c Class) sample() byte {
	if int(c) < len(samples) && samples[c] != "" {
		return samples[c][0]
	}
	return 'x'
}

type tokenKind uint8

const (
	literal tokenKind = iota // exactly the character
	folded                   // the character in either case
	one                      // one character of the class
	run                      // any number of characters of the class
)

type token struct {
	r     rune
	kind  tokenKind
	class Class
}

func (t token) matches(r rune) bool {
	switch t.kind {
	case literal:
		return t.r == r
	case folded:
		return foldRune(r) == t.r
	}
	return t.class.has(r)
}

// cases returns a character in each of its cases.
func cases(r rune) []rune {
	out := []rune{r}
	for s := unicode.SimpleFold(r); s != r; s = unicode.SimpleFold(s) {
		out = append(out, s)
	}
	return out
}

// foldRune maps a character to the least of its cases.
func foldRune(r rune) rune {
	least := r
	for s := unicode.SimpleFold(r); s != r; s = unicode.SimpleFold(s) {
		least = min(least, s)
	}
	return least
}

// Pattern is a glob: literal characters, '?' and '*', the wildcards over a
// class of characters each. The zero Pattern matches the empty string only.
type Pattern struct{ tokens []token }

// Literal returns the pattern that matches s only.
func Literal(s string) Pattern {
	p := Pattern{tokens: make([]token, 0, len(s))}
	for _, r := range s {
		p.tokens = append(p.tokens, token{r: r})
	}
	return p
}

// Folded returns the pattern that matches s in any letter case.
func Folded(s string) Pattern {
	p := Pattern{tokens: make([]token, 0, len(s))}
	for _, r := range s {
		p.tokens = append(p.tokens, token{r: foldRune(r), kind: folded})
	}
	return p
}

// Glob returns the pattern written as s, in which '*' is any run of characters
// of the class and '?' is one.
func Glob(s string, class Class) Pattern {
	p := Pattern{tokens: make([]token, 0, len(s))}
	for _, r := range s {
		switch r {
		case '*':
			p.tokens = appendRun(p.tokens, class)
		case '?':
			p.tokens = append(p.tokens, token{kind: one, class: class})
		default:
			p.tokens = append(p.tokens, token{r: r})
		}
	}
	return p
}

// Star returns the pattern of any run of characters of the class.
func Star(class Class) Pattern { return Pattern{tokens: []token{{kind: run, class: class}}} }

// Something returns the pattern of any non-empty run of characters of the class.
func Something(class Class) Pattern {
	return Pattern{tokens: []token{{kind: one, class: class}, {kind: run, class: class}}}
}

func appendRun(ts []token, class Class) []token {
	if n := len(ts); n > 0 && ts[n-1].kind == run && ts[n-1].class == class {
		return ts
	}
	return append(ts, token{kind: run, class: class})
}

// Concat returns the pattern of p followed by q.
func Concat(ps ...Pattern) Pattern {
	var out []token
	for _, p := range ps {
		for _, t := range p.tokens {
			if t.kind == run {
				out = appendRun(out, t.class)
			} else {
				out = append(out, t)
			}
		}
	}
	return Pattern{out}
}

// Within returns the pattern with its wildcards limited to the class and
// reports false when a literal of it lies outside the class.
func (p Pattern) Within(class Class) (Pattern, bool) {
	out := make([]token, len(p.tokens))
	for i, t := range p.tokens {
		if t.kind == literal || t.kind == folded {
			if !class.has(t.r) {
				return Pattern{}, false
			}
		} else if t.class == Any {
			t.class = class
		}
		out[i] = t
	}
	return Pattern{out}, true
}

// IsLiteral returns the only string that the pattern matches, if it has no
// wildcard and no folded letter.
func (p Pattern) IsLiteral() (string, bool) {
	for _, t := range p.tokens {
		if t.kind != literal && !(t.kind == folded && unicode.SimpleFold(t.r) == t.r) {
			return "", false
		}
	}
	var b strings.Builder
	for _, t := range p.tokens {
		b.WriteRune(t.r)
	}
	return b.String(), true
}

// plain reports whether the pattern has literal characters only.
func (p Pattern) plain() bool {
	for _, t := range p.tokens {
		if t.kind != literal {
			return false
		}
	}
	return true
}

// isOpen reports whether the pattern is of wildcards only, a '*' among them: it
// matches a string of every length from some on.
func (p Pattern) isOpen() bool {
	runs := false
	for _, t := range p.tokens {
		if t.kind != one && t.kind != run {
			return false
		}
		runs = runs || t.kind == run
	}
	return runs
}

// isWide reports whether the pattern is of wildcards only behind its literal
// prefix, and matches more strings than a partition can have cells.
func (p Pattern) isWide() bool {
	ones, wild := 0, false
	for _, t := range p.tokens {
		switch {
		case t.kind == run:
			ones, wild = math.MaxInt, true
		case t.kind == one:
			ones, wild = max(ones, ones+1), true
		case wild:
			return false
		}
	}
	return ones >= 8
}

// IsStar reports whether the pattern matches every string.
func (p Pattern) IsStar() bool {
	return len(p.tokens) == 1 && p.tokens[0].kind == run && p.tokens[0].class == Any
}

// Wildcards returns the number of '*' and '?'.
func (p Pattern) Wildcards() int {
	n := 0
	for _, t := range p.tokens {
		if t.kind == one || t.kind == run {
			n++
		}
	}
	return n
}

// LiteralPrefix returns p up to its first wildcard.
func (p Pattern) LiteralPrefix() Pattern {
	for i, t := range p.tokens {
		if t.kind == one || t.kind == run {
			return Pattern{p.tokens[:i:i]}
		}
	}
	return p
}

// Equal reports whether the patterns are written alike.
func (p Pattern) Equal(q Pattern) bool { return slices.Equal(p.tokens, q.tokens) }

// Sample returns a short string that the pattern matches.
func (p Pattern) Sample() string {
	var b strings.Builder
	for _, t := range p.tokens {
		switch t.kind {
		case literal, folded:
			b.WriteRune(t.r)
		case one:
			b.WriteByte(t.class.sample())
		}
	}
	return b.String()
}

// SampleOf returns a string of least characters or more that the pattern matches, if
// it matches any that are as long.
func (p Pattern) SampleOf(least int) string {
	i := slices.IndexFunc(p.tokens, func(t token) bool { return t.kind == run })
	text := p.Sample()
	if missing := least - len(text); i >= 0 && missing > 0 {
		before := Pattern{p.tokens[:i]}.Sample()
		return before + strings.Repeat(string(p.tokens[i].class.sample()), missing) + text[len(before):]
	}
	return text
}

// other returns the n-th of the strings that a wide pattern matches besides its
// sample.
func (p Pattern) other(n int) string {
	i := slices.IndexFunc(p.tokens, func(t token) bool { return t.kind == run })
	if i >= 0 {
		more := Pattern{p.tokens[i+1:]}.Sample()
		return Pattern{p.tokens[:i]}.Sample() + strings.Repeat(string(p.tokens[i].class.sample()), n) + more
	}
	text := []rune(p.Sample())
	for i := len(text) - 1; i >= 0 && n > 0; i-- {
		if t := p.tokens[i]; t.kind == one {
			list := letters
			if int(t.class) < len(samples) && samples[t.class] != "" {
				list = samples[t.class]
			}
			text[i] = rune(list[n%len(list)])
			n /= len(list)
		}
	}
	return string(text)
}

// key identifies the pattern.
func (p Pattern) key() string {
	buf := make([]byte, 0, len(p.tokens)*2)
	for _, t := range p.tokens {
		switch {
		case t.kind == literal && t.r < 0x80:
			buf = append(buf, byte(t.r))
		case t.kind == literal:
			buf = append(buf, 0x80)
			buf = append(buf, string(t.r)...)
		default:
			buf = append(buf, 0x81+byte(t.kind), byte(t.class))
			buf = append(buf, string(t.r)...)
		}
	}
	return string(buf)
}

// Match reports whether the pattern matches s. It follows all positions of the
// pattern at once and never backtracks.
func (p Pattern) Match(s string) bool {
	if p.IsStar() {
		return true
	}
	if matches, simple := p.matchSimple(s); simple {
		return matches
	}
	active := make([]bool, len(p.tokens)+1)
	next := make([]bool, len(p.tokens)+1)
	active[0] = true
	p.close(active)
	for _, r := range s {
		clear(next)
		some := false
		for i, t := range p.tokens {
			if !active[i] || !t.matches(r) {
				continue
			}
			some = true
			if t.kind == run {
				next[i] = true
			} else {
				next[i+1] = true
			}
		}
		if !some {
			return false
		}
		active, next = next, active
		p.close(active)
	}
	return active[len(p.tokens)]
}

// matchSimple matches a pattern without '*' and folded letters, or with one '*'
// at its end, byte by byte; simple is false for others.
func (p Pattern) matchSimple(s string) (matches, simple bool) {
	for i, t := range p.tokens {
		switch {
		case t.kind == run && i == len(p.tokens)-1:
			return t.class == Any || strings.IndexFunc(s, func(r rune) bool { return !t.class.has(r) }) < 0, true
		case t.kind != literal || t.r >= utf8.RuneSelf:
			return false, false
		case s == "" || rune(s[0]) != t.r:
			// What follows cannot mend it.
			return false, true
		}
		s = s[1:]
	}
	return s == "", true
}

// close adds the positions reached by letting a '*' match nothing.
func (p Pattern) close(active []bool) {
	for i, t := range p.tokens {
		if active[i] && t.kind == run {
			active[i+1] = true
		}
	}
}

// After returns patterns whose union matches exactly the strings that p matches
// when they are put behind prefix: the left quotient of p by prefix.
func (p Pattern) After(prefix string) []Pattern {
	active := make([]bool, len(p.tokens)+1)
	next := make([]bool, len(p.tokens)+1)
	active[0] = true
	p.close(active)
	for _, r := range prefix {
		clear(next)
		for i, t := range p.tokens {
			if active[i] && t.matches(r) {
				if t.kind == run {
					next[i] = true
				} else {
					next[i+1] = true
				}
			}
		}
		active, next = next, active
		p.close(active)
	}
	var out []Pattern
	covered := false
	for i := range active {
		if !active[i] {
			continue
		}
		// What a '*' at i leaves out, the position behind it covers already.
		if covered {
			covered = i < len(p.tokens) && p.tokens[i].kind == run
			continue
		}
		out = append(out, Pattern{p.tokens[i:]})
		covered = i < len(p.tokens) && p.tokens[i].kind == run
	}
	return out
}

// Split returns pairs whose union is exactly p on strings of the form
// head + sep + tail with no sep in head; head has the class without sep. Heads that
// are not spelled out have longest characters at most: those of a '?' each would be
// as many as p is long.
func (p Pattern) Split(sep rune, class Class, longest int) [][2]Pattern {
	var out [][2]Pattern
	least, wild := 0, false
	for i, t := range p.tokens {
		if wild && least > longest {
			break
		}
		if t.matches(sep) {
			head := Pattern{p.tokens[:i:i]}
			tail := Pattern{p.tokens[i+1:]}
			if t.kind == run {
				head = Pattern{append(append([]token{}, p.tokens[:i]...), t)}
				tail = Pattern{p.tokens[i:]}
			}
			if h, ok := head.Within(class); ok {
				out = append(out, [2]Pattern{h, tail})
			}
		}
		switch t.kind {
		case literal, folded:
			if !class.has(t.r) {
				return out // no head has it
			}
			least++
		case one:
			least, wild = least+1, true
		case run:
			wild = true
		}
	}
	return out
}

// Widen returns a pattern that matches at least what p does: p when its only
// wildcard is one '*' at the end or none, else its literal prefix and anything.
func (p Pattern) Widen() Pattern {
	prefix := p.LiteralPrefix()
	if len(prefix.tokens) == len(p.tokens) {
		return p
	}
	return Concat(prefix, Star(Any))
}
