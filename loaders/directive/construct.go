package directive

import (
	"bytes"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
)

// construct is a piece of a file that a comment can stand at.
type construct struct{ start, end int }

// page is a file with its constructs and comments.
type page struct {
	file       *source.File
	constructs []construct
	comments   []construct
}

func (p *page) line(offset int) int { return p.file.Position(offset, source.Bytes).Line }

func (p *page) lineStart(offset int) int {
	return bytes.LastIndexByte(p.file.Content[:offset], '\n') + 1
}

// directives reads the comments that have a marker.
func (p *page) directives() []Directive {
	var out []Directive
	var x index
	for i, c := range p.comments {
		text := string(p.file.Content[c.start:c.end])
		before, rest, ok := strings.Cut(text, Marker)
		problem := ""
		if !ok {
			problem = nearMiss(strings.Trim(text, "#/*! \t\r\n"))
		}
		if !ok && problem == "" || ok && strings.Trim(before, "#/*! \t\r\n") != "" {
			continue // prose that mentions it
		}
		d := Directive{Problem: problem}
		if ok {
			d = read(strings.TrimSuffix(strings.TrimRight(rest, " \t\r\n"), "*/"))
		}
		d.Span = source.Span{File: p.file, Start: c.start, End: c.start + len(strings.TrimRight(text, "\r\n"))}
		if x.begins == nil {
			x = p.index()
		}
		at, ok := p.cover(x, i)
		switch {
		case ok:
			d.Cover = source.Span{File: p.file, Start: at.start, End: at.end}
		case d.Problem == "":
			d.Problem = "stands at nothing; it belongs above or behind a statement, an attribute, a resource or a module call"
		}
		out = append(out, d)
	}
	return out
}

// index holds what cover asks for, so that a file is gone through once.
type index struct {
	begins, ends map[int]construct // the largest by line
	next         []int             // for each comment: the line of what follows, comments and space left out; 0 at the end
}

func (p *page) index() index {
	x := index{map[int]construct{}, map[int]construct{}, make([]int, len(p.comments))}
	keep := func(m map[int]construct, line int, k construct) {
		if old, ok := m[line]; !ok || k.end-k.start > old.end-old.start || k.end-k.start == old.end-old.start && k.start < old.start {
			m[line] = k
		}
	}
	for _, k := range p.constructs {
		keep(x.begins, p.line(k.start), k)
		keep(x.ends, p.line(max(k.end-1, k.start)), k)
	}
	for i := len(p.comments) - 1; i >= 0; i-- {
		offset := p.comments[i].end
		for offset < len(p.file.Content) && strings.IndexByte(" \t\r\n", p.file.Content[offset]) >= 0 {
			offset++
		}
		switch {
		case i+1 < len(p.comments) && offset == p.comments[i+1].start:
			x.next[i] = x.next[i+1]
		case offset < len(p.file.Content):
			x.next[i] = p.line(offset)
		}
	}
	return x
}

// cover returns what a comment stands at: the largest construct that begins on
// its line, or ends there, if there is one before it; else the largest one that
// begins on the next line that is neither empty nor a comment.
func (p *page) cover(x index, i int) (construct, bool) {
	c := p.comments[i]
	if strings.TrimSpace(string(p.file.Content[p.lineStart(c.start):c.start])) == "" {
		k, ok := x.begins[x.next[i]]
		return k, ok && k.start >= c.end
	}
	line := p.line(c.start)
	if k, ok := x.begins[line]; ok && k.start < c.start {
		return k, true
	}
	k, ok := x.ends[line]
	return k, ok && k.end <= c.start
}
