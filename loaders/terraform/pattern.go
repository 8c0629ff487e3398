package terraform

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// pattern is what replace and split look for: a text, or a regular expression.
type pattern struct {
	literal string         // all that matches, "" where it is several texts
	re      *regexp.Regexp // nil where no regular expression is given
	classes []*syntax.Regexp
	// Matches at the beginning or at the end of the text only.
	first, last bool
	// single is set if a match has one character.
	single bool
	// local is set if whether something matches does not depend on what is
	// around it, and every match has a character.
	local bool
}

func literalPattern(s string) pattern {
	return pattern{literal: s, single: len([]rune(s)) == 1, local: s != ""}
}

// regularPattern reads a regular expression.
//
// https://developer.hashicorp.com/terraform/language/functions/regex
func regularPattern(s string) (pattern, error) {
	re, err := regexp.Compile(s)
	if err != nil {
		return pattern{}, err
	}
	tree, err := syntax.Parse(s, syntax.Perl)
	if err != nil {
		return pattern{}, err
	}
	tree = tree.Simplify()
	p := pattern{re: re, local: !re.MatchString("")}
	body := tree
	if tree.Op == syntax.OpConcat {
		list := slices.Clone(tree.Sub)
		if len(list) > 0 && list[0].Op == syntax.OpBeginText {
			p.first, list = true, list[1:]
		}
		if len(list) > 0 && list[len(list)-1].Op == syntax.OpEndText {
			p.last, list = true, list[:len(list)-1]
		}
		body = &syntax.Regexp{Op: syntax.OpConcat, Sub: list}
	}
	p.read(body)
	for body.Op == syntax.OpConcat && len(body.Sub) == 1 {
		body = body.Sub[0]
	}
	if body.Op == syntax.OpLiteral && body.Flags&syntax.FoldCase == 0 {
		p.literal = string(body.Rune)
	}
	for body.Op == syntax.OpCapture || body.Op == syntax.OpConcat && len(body.Sub) == 1 {
		body = body.Sub[0]
	}
	p.single = body.Op == syntax.OpCharClass || body.Op == syntax.OpAnyChar || body.Op == syntax.OpAnyCharNotNL || body.Op == syntax.OpLiteral && len(body.Rune) == 1
	return p, nil
}

func (p *pattern) read(re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		p.classes = append(p.classes, re)
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		p.local = false
	}
	for _, sub := range re.Sub {
		p.read(sub)
	}
}

// in reports whether a match may have a character.
func (p pattern) in(r rune) bool {
	if p.re == nil {
		return strings.ContainsRune(p.literal, r)
	}
	return slices.ContainsFunc(p.classes, func(c *syntax.Regexp) bool { return classHas(c, r) })
}

func classHas(c *syntax.Regexp, r rune) bool {
	switch c.Op {
	case syntax.OpAnyChar:
		return true
	case syntax.OpAnyCharNotNL:
		return r != '\n'
	case syntax.OpLiteral:
		if c.Flags&syntax.FoldCase != 0 {
			return strings.ContainsFunc(string(c.Rune), func(l rune) bool { return strings.EqualFold(string(l), string(r)) })
		}
		return slices.Contains(c.Rune, r)
	}
	for i := 0; i+1 < len(c.Rune); i += 2 {
		if c.Rune[i] <= r && r <= c.Rune[i+1] {
			return true
		}
	}
	return false
}

// placeholder reports whether a pattern is a mark that people put where
// something is to be filled in, such as _ARN_, {{arn}} or <arn>: characters that
// are not letters around a word. No value that comes later has it in it.
func (p pattern) placeholder() bool {
	const marks = `_{}<>%@#$[]`
	word := strings.Trim(p.literal, marks)
	return p.re == nil && word != "" && len(p.literal) >= len(word)+2 &&
		strings.ContainsAny(p.literal[:1], marks) && strings.ContainsAny(p.literal[len(p.literal)-1:], marks) &&
		strings.ContainsFunc(word, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' })
}

// reaches tells how far matches may go in a text; ok is false where that cannot
// be told.
func (p pattern) reaches(runs []run) ([]reach, bool) {
	if !p.local {
		return nil, false
	}
	if p.placeholder() {
		return make([]reach, len(runs)), true
	}
	out := reaches(runs, p.in, p.single)
	for i := range out {
		if out[i] != apart && p.literal != "" && !p.crosses(runs, i) {
			out[i] = apart
			if runs[i].ref.holds(p.literal, false, false) {
				out[i] = inside
			}
		}
	}
	for i := range runs {
		switch {
		case out[i] == across:
			return nil, false
		case out[i] == inside && (p.first && i > 0 || p.last && i < len(runs)-1):
			out[i] = apart
		}
	}
	return out, true
}

// crosses reports whether a literal may begin before a reference, or end behind
// it, with characters of the reference in it.
func (p pattern) crosses(runs []run, i int) bool {
	for k := range len(p.literal) {
		if !p.leaves(runs, i, p.literal[:k]) {
			continue
		}
		for m := k; m <= len(p.literal); m++ {
			if (k > 0 || m < len(p.literal)) && m+k > 0 && runs[i].ref.holds(p.literal[k:m], k > 0, m < len(p.literal)) && p.enters(runs, i, p.literal[m:]) {
				return true
			}
		}
	}
	return false
}

// leaves reports whether what is before a reference may end with a part of the
// literal.
func (p pattern) leaves(runs []run, i int, head string) bool {
	switch {
	case head == "":
		return !p.first || i == 0
	case i == 0:
		return false
	case runs[i-1].ref != nil:
		return runs[i-1].ref.has(p.in)
	case p.first:
		return i == 1 && head == runs[0].text || i > 1 && strings.HasSuffix(head, runs[i-1].text)
	}
	return strings.HasSuffix(runs[i-1].text, head) || i > 1 && strings.HasSuffix(head, runs[i-1].text)
}

// enters reports whether what is behind a reference may begin with a part of the
// literal.
func (p pattern) enters(runs []run, i int, tail string) bool {
	last := len(runs) - 1
	switch {
	case tail == "":
		return !p.last || i == last
	case i == last:
		return false
	case runs[i+1].ref != nil:
		return runs[i+1].ref.has(p.in)
	case p.last:
		return i == last-1 && tail == runs[last].text || i < last-1 && strings.HasPrefix(tail, runs[i+1].text)
	}
	return strings.HasPrefix(runs[i+1].text, tail) || i < last-1 && strings.HasPrefix(tail, runs[i+1].text)
}

// find returns the matches in a run of literals, with those of its groups.
func (p pattern) find(runs []run, i int) [][]int {
	text := runs[i].text
	if p.re != nil {
		found := p.re.FindAllStringSubmatchIndex(text, -1)
		return slices.DeleteFunc(found, func(m []int) bool {
			return p.first && (i > 0 || m[0] > 0) || p.last && (i < len(runs)-1 || m[1] < len(text))
		})
	}
	var out [][]int
	for at := 0; ; {
		n := strings.Index(text[at:], p.literal)
		if n < 0 {
			return out
		}
		out = append(out, []int{at + n, at + n + len(p.literal)})
		at += n + len(p.literal)
	}
}

// replaceIn returns a text with other pieces in the place of the matches; ok is
// false where the matches are not known.
func (c *call) replaceIn(chunks []chunk, p pattern, with []chunk) (out []chunk, ok bool) {
	runs := runsOf(chunks)
	reach, ok := p.reaches(runs)
	if !ok {
		return nil, false
	}
	clean := !slices.ContainsFunc(with, func(k chunk) bool {
		return k.part.Ref != nil || strings.ContainsAny(k.part.Literal, special)
	})
	for i, r := range runs {
		if r.ref != nil {
			if reach[i] == inside {
				out = append(out, c.renamed(*r.ref, clean))
			} else {
				out = append(out, *r.ref)
			}
			continue
		}
		at := 0
		for _, m := range p.find(runs, i) {
			if !c.l.spend(chunkCost*(1+len(with)), c.span) {
				return nil, false
			}
			out = append(out, r.cut(at, m[0])...)
			out = append(out, p.expand(with, r.text, m)...)
			at = m[1]
		}
		out = append(out, r.cut(at, len(r.text))...)
	}
	return out, true
}

// expand puts the groups of a match into what replaces it.
func (p pattern) expand(with []chunk, text string, m []int) []chunk {
	if p.re == nil {
		return with
	}
	out := make([]chunk, len(with))
	for i, k := range with {
		if out[i] = k; k.part.Ref == nil && strings.Contains(k.part.Literal, "$") {
			out[i].part = value.Part{Literal: string(p.re.ExpandString(nil, k.part.Literal, text, m))}
		}
	}
	return out
}
