package evaluate

import (
	"slices"
	"strings"
	"unicode"

	"github.com/iaclint/iaclint/analysis/value"
)

// pattern is a text of the policy, ready to be matched.
type pattern struct {
	symbols []symbol
	open    bool // not known, or not settled, that it says this: a match is at most a maybe
	missing bool // a policy variable has no value: nothing matches
}

// symbol is one piece of a pattern.
type symbol struct {
	kind symbolKind
	r    rune // of a literal
}

type symbolKind uint8

const (
	literal symbolKind = iota
	one                // ?
	many               // *
	hole               // text that is not known
)

// syntax says which characters of a text are special.
type syntax uint8

const (
	wildcards  syntax = 1 << iota // * and ?
	variables                     // ${key}, ${key, 'default'}, ${*}, ${?}, ${$}
	inResource                    // an ARN, where variables may stand only after the fifth colon
)

// compile reads a text. Variables are looked up in ctx, and what they stand
// for is literal: an asterisk in a user's name is not a wildcard.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func compile(text value.Text, s syntax, ctx context) pattern {
	in := flatten(text)
	p := pattern{symbols: make([]symbol, 0, len(in))}
	for i := 0; i < len(in); i++ {
		c := in[i]
		switch {
		case c.kind == hole:
			p.addHole()
		case s&variables != 0 && opensVariable(in[i:]):
			// Not before the fifth colon of a resource, the documentation says;
			// what happens to those that are is not said.
			if s&inResource != 0 && colons(p.symbols) < 5 {
				p.open = true
			}
			i += p.addVariable(in[i:], ctx)
		case s&wildcards != 0 && c.r == '*':
			p.symbols = append(p.symbols, symbol{kind: many})
		case s&wildcards != 0 && c.r == '?':
			p.symbols = append(p.symbols, symbol{kind: one})
		default:
			p.symbols = append(p.symbols, c)
		}
	}
	return p
}

// flatten turns a text into literals and holes.
func flatten(t value.Text) []symbol {
	out := make([]symbol, 0, len(t.Literal))
	add := func(s string) {
		for _, r := range s {
			out = append(out, symbol{r: r})
		}
	}
	if t.Parts == nil {
		add(t.Literal)
	}
	for _, part := range t.Parts {
		if part.Ref != nil {
			out = append(out, symbol{kind: hole})
		} else {
			add(part.Literal)
		}
	}
	return out
}

func opensVariable(in []symbol) bool {
	return len(in) >= 2 && in[0] == symbol{r: '$'} && in[1] == symbol{r: '{'}
}

func (p *pattern) addHole() {
	p.symbols = append(p.symbols, symbol{kind: hole})
	p.open = true
}

// addVariable appends what the variable at the start of in stands for and
// returns how many symbols after its first it took. A variable that is never
// closed takes the rest.
func (p *pattern) addVariable(in []symbol, ctx context) int {
	var name strings.Builder
	known, end := true, len(in)-1
	for i := 2; i < len(in); i++ {
		if in[i] == (symbol{r: '}'}) {
			end = i
			break
		}
		known = known && in[i].kind == literal
		name.WriteRune(in[i].r)
	}
	known = known && in[end] == symbol{r: '}'}
	text, found, settled := resolve(name.String(), ctx)
	switch {
	case !known || !settled:
		p.addHole()
	case !found:
		p.missing = true
	default:
		p.symbols = append(p.symbols, flatten(value.Lit(text))...)
	}
	return end
}

// resolve returns the text that a variable stands for and whether there is
// one; settled is false when the documentation does not say. Defaults come
// after a comma and a space, in single quotes. Spaces in a name are called
// unsupported, and multivalued keys cannot be variables.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-default-values
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func resolve(name string, ctx context) (text string, found, settled bool) {
	if name == "*" || name == "?" || name == "$" {
		return name, true, true
	}
	key, fallback, hasDefault := strings.Cut(name, ", ")
	if hasDefault {
		var ok bool
		if fallback, ok = unquote(fallback); !ok {
			return "", false, false
		}
	}
	if key == "" || strings.ContainsAny(key, " ,'{$") {
		return "", false, false
	}
	key = strings.ToLower(key)
	values := ctx[key]
	switch {
	case len(values) == 0:
		return fallback, hasDefault, true
	case len(values) > 1 || globalKeys[key].multi:
		return "", false, false
	}
	return values[0], true, true
}

func unquote(s string) (string, bool) {
	if len(s) < 2 || s[0] != '\'' || s[len(s)-1] != '\'' {
		return "", false
	}
	s = s[1 : len(s)-1]
	return s, !strings.Contains(s, "'")
}

// cap turns a match of the symbols into the answer for the pattern.
func (p pattern) cap(matched bool) truth {
	switch {
	case !matched || p.missing:
		return no
	case p.open:
		return maybe
	}
	return yes
}

func (p pattern) hasWildcard() bool {
	for _, s := range p.symbols {
		if s.kind != literal {
			return true
		}
	}
	return false
}

// isAnything reports whether the pattern is * alone.
func (p pattern) isAnything() bool {
	for _, s := range p.symbols {
		if s.kind != many {
			return false
		}
	}
	return len(p.symbols) > 0
}

// match reports whether symbols match the whole of s: * any characters, ? any
// single one. It goes back only to the last *, which is enough since an
// earlier one could not do more.
func match(symbols []symbol, s string, fold bool) bool {
	text := []rune(s)
	i, j, star, from := 0, 0, -1, 0
	for j < len(text) {
		switch {
		case i < len(symbols) && symbols[i].spans():
			star, from = i, j
			i++
		case i < len(symbols) && symbols[i].takes(text[j], fold):
			i++
			j++
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	for i < len(symbols) && symbols[i].spans() {
		i++
	}
	return i == len(symbols)
}

func (s symbol) spans() bool { return s.kind == many || s.kind == hole }

func (s symbol) takes(r rune, fold bool) bool {
	return s.kind == one || s.r == r || fold && unicode.ToLower(s.r) == unicode.ToLower(r)
}

func colons(symbols []symbol) int {
	n := 0
	for _, s := range symbols {
		if s == (symbol{r: ':'}) {
			n++
		}
	}
	return n
}

// segments splits at the first five colons, as an ARN: its last field, the
// resource, may hold more of them.
func segments(symbols []symbol) [][]symbol {
	var out [][]symbol
	for i := 0; i < len(symbols) && len(out) < 5; i++ {
		if symbols[i] == (symbol{r: ':'}) {
			out = append(out, symbols[:i])
			symbols, i = symbols[i+1:], -1
		}
	}
	return append(out, symbols)
}

// matchARN compares field by field: a wildcard does not reach beyond its own.
// * alone is everything. Fields that are missing at the end match anything,
// and complete is then false.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func matchARN(p pattern, arn string) (matched, complete bool) {
	if p.isAnything() {
		return true, true
	}
	fields := segments(p.symbols)
	if last := len(fields) - 1; hasHole(p.symbols[:len(p.symbols)-len(fields[last])]) || last < 5 && hasHole(fields[last]) {
		return matchAcross(p.symbols, arn, last < 5), true
	}
	if !isARN(arn) {
		return false, true
	}
	parts := strings.SplitN(arn, ":", 6)
	for i, f := range fields {
		if !match(f, parts[i], false) {
			return false, true
		}
	}
	return true, len(fields) == 6
}

// matchAcross is the widest reading of an ARN with a hole among its first five
// fields: the unknown text may bring colons along, and the end may be missing.
func matchAcross(symbols []symbol, arn string, short bool) bool {
	if short {
		symbols = append(slices.Clone(symbols), symbol{kind: many})
	}
	return match(symbols, arn, false)
}

func hasHole(symbols []symbol) bool {
	for _, s := range symbols {
		if s.kind == hole {
			return true
		}
	}
	return false
}

func isARN(s string) bool {
	return strings.HasPrefix(s, "arn:") && strings.Count(s, ":") >= 5
}
