package terraform

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// pieces returns the literals and references that a text is made of, each with
// the place where it is written.
func (v *val) pieces() []chunk {
	switch {
	case v.chunks != nil:
		return v.chunks
	case v.json != nil && v.text.Parts == nil && v.text.Literal == "":
		return encodeChunks(v.json, v.span)
	}
	t, _ := v.scalarText()
	if t.Parts == nil {
		return []chunk{{value.Part{Literal: t.Literal}, v.span}}
	}
	list := make([]chunk, len(t.Parts))
	for i, p := range t.Parts {
		list[i] = chunk{p, v.span}
	}
	return list
}

// run is a reference, or the literals between two of them.
type run struct {
	ref    *chunk
	text   string
	chunks []chunk
	places *places // of the chunks, nil of a run that is itself cut out
}

func runsOf(chunks []chunk) []run {
	var out []run
	for i := 0; i < len(chunks); i++ {
		if chunks[i].part.Ref != nil {
			out = append(out, run{ref: &chunks[i]})
			continue
		}
		var b strings.Builder
		from := i
		for ; i < len(chunks) && chunks[i].part.Ref == nil; i++ {
			b.WriteString(chunks[i].part.Literal)
		}
		if b.Len() > 0 {
			out = append(out, run{text: b.String(), chunks: chunks[from:i], places: &places{}})
		}
		i--
	}
	return out
}

// places tells where the characters of a run are written. They are looked up once
// a run, however often it is cut.
type places struct {
	starts []int   // of each chunk in the run
	at     [][]int // of each chunk: the offset of each byte in its span, nil where that is not known
	tried  []bool
}

// cut returns the part of a run of literals between two offsets.
func (r run) cut(from, to int) []chunk {
	p := r.places
	if p == nil {
		p = &places{}
	}
	if p.starts == nil {
		p.at, p.tried = make([][]int, len(r.chunks)), make([]bool, len(r.chunks))
		start := 0
		for _, c := range r.chunks {
			p.starts = append(p.starts, start)
			start += len(c.part.Literal)
		}
	}
	var out []chunk
	first, _ := slices.BinarySearch(p.starts, from+1) // the chunk before it has from in it
	for i := max(first-1, 0); i < len(r.chunks) && p.starts[i] < to; i++ {
		c, start := r.chunks[i], p.starts[i]
		n := len(c.part.Literal)
		a, b := max(from-start, 0), min(to-start, n)
		switch {
		case a >= b:
		case b-a == n:
			out = append(out, c)
		default:
			out = append(out, c.cut(a, b, p.of(i, c)))
		}
	}
	return out
}

// of returns the offsets of a chunk's bytes in its span.
func (p *places) of(i int, c chunk) []int {
	if !p.tried[i] {
		p.tried[i] = true
		if !c.span.IsZero() {
			p.at[i] = align(c.span.Text(), c.part.Literal)
		}
	}
	return p.at[i]
}

// cut returns a part of a literal, with its place where the offsets of its bytes
// are known.
func (c chunk) cut(from, to int, at []int) chunk {
	span := c.span
	if at != nil {
		end := at[to-1] + 1
		if to < len(at) {
			end = max(end, at[to])
		}
		span = source.Span{File: span.File, Start: span.Start + at[from], End: span.Start + end}
	}
	return chunk{value.Part{Literal: c.part.Literal[from:to]}, span}
}

// built returns the text that chunks make, as the result of a function.
func (c *call) built(chunks []chunk) *val {
	b := &textBuilder{l: c.l}
	for _, k := range chunks {
		if k.part.Ref == nil && k.part.Literal == "" {
			continue
		}
		if b.add(k); b.full {
			break
		}
	}
	for _, a := range c.args {
		b.docs = append(b.docs, a.docs...)
	}
	if len(b.chunks) == 1 && b.chunks[0].part.Ref != nil && b.chunks[0].part.Ref.Is == value.Anything {
		return unknownVal(*b.chunks[0].part.Ref, c.span)
	}
	v := b.done(c.span)
	if len(b.chunks) == 1 && !b.chunks[0].span.IsZero() {
		v.span = b.chunks[0].span
	}
	return v
}

// plainRunes are what the names that AWS gives are made of.
const plainRunes = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.+=@#~;&%()!|<>^"

// alphabets has the characters of what is known in part, which is never empty. A
// value of another meaning may have any character in it, or none.
var alphabets = map[value.Meaning]string{
	value.OwnAccount:   "0123456789",
	value.OwnPartition: "abcdefghijklmnopqrstuvwxyz-",
	value.OwnRegion:    "0123456789abcdefghijklmnopqrstuvwxyz-",
	value.OwnSuffix:    "abcdefghijklmnopqrstuvwxyz.",
	value.OwnName:      plainRunes,
	// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
	value.OwnOrganization: "0123456789abcdefghijklmnopqrstuvwxyz-",
}

// values are all that a reference can be, nil where they are not known.
func (c chunk) values() []string {
	if c.part.Ref.Is == value.OwnPartition {
		return knowledge.Partitions
	}
	return c.part.Ref.Values
}

// has reports whether a value may have one of certain characters in it.
func (c chunk) has(in func(rune) bool) bool {
	if values := c.values(); values != nil {
		return slices.ContainsFunc(values, func(v string) bool { return v == "" || strings.ContainsFunc(v, in) })
	}
	letters, ok := alphabets[c.part.Ref.Is]
	return !ok || strings.ContainsFunc(letters, in)
}

// pure reports whether a value has nothing but certain characters in it, and at
// least one.
func (c chunk) pure(in func(rune) bool) bool {
	out := func(r rune) bool { return !in(r) }
	if values := c.values(); values != nil {
		return !slices.ContainsFunc(values, func(v string) bool { return v == "" || strings.ContainsFunc(v, out) })
	}
	letters, ok := alphabets[c.part.Ref.Is]
	return ok && !strings.ContainsFunc(letters, out)
}

// holds reports whether a value may have a text in it: from its beginning, to its
// end, or both.
func (c chunk) holds(s string, begins, ends bool) bool {
	if values := c.values(); values != nil {
		return slices.ContainsFunc(values, func(v string) bool {
			return strings.Contains(v, s) && (!begins || strings.HasPrefix(v, s)) && (!ends || strings.HasSuffix(v, s)) && (!begins || !ends || v == s)
		})
	}
	letters, ok := alphabets[c.part.Ref.Is]
	if ok && begins && ends && (s == "" || c.part.Ref.Is == value.OwnAccount && len(s) != 12) {
		return false
	}
	return !ok || strings.Trim(s, letters) == ""
}

// reach is how far the matches of a pattern may go in a text with references.
type reach uint8

const (
	apart  reach = iota // no match has a character of a reference
	inside              // a match may lie in a reference, and none goes beyond it
	across              // a match may have characters of several pieces
)

// reaches tells for each run how far matches may go that have nothing but
// certain characters; single is set if they have one only.
func reaches(runs []run, in func(rune) bool, single bool) []reach {
	out := make([]reach, len(runs))
	closed := func(i int, end bool) bool { // no match comes in from there
		switch {
		case i < 0 || i >= len(runs):
			return true
		case runs[i].ref != nil:
			return !runs[i].ref.has(in)
		}
		text := []rune(runs[i].text)
		if end {
			return !in(text[len(text)-1])
		}
		return !in(text[0])
	}
	for i, r := range runs {
		switch {
		case r.ref == nil || !r.ref.has(in):
		case single || closed(i-1, true) && closed(i+1, false):
			out[i] = inside
		default:
			out[i] = across
		}
	}
	return out
}

// renamed returns what a function makes of a reference whose value it may
// change. A name stays a name if the function puts nothing else into it.
func (c *call) renamed(ref chunk, keepsName bool) chunk {
	args := append([]*val{{kind: text, text: value.Text{Parts: []value.Part{ref.part}}}}, c.args[1:]...)
	if ref.part.Ref.Is == value.Anything {
		args[0] = unknownVal(*ref.part.Ref, source.Span{})
	}
	r := value.Reference{Name: derived(c.name, c.span, args...).ref().Name}
	if keepsName && ref.part.Ref.Is == value.OwnName {
		r.Is, r.Scope = value.OwnName, ref.part.Ref.Scope
	}
	return chunk{value.Part{Ref: &r}, ref.span}
}
