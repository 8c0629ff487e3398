package reporters

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/analysis/source"
)

const (
	ellipsis = "…"
	tabStop  = 4
	bom      = '\ufeff'
)

// cell is a piece of a source line that is drawn whole: a character with what
// combines with it, an expanded tab, or an escaped character.
type cell struct {
	text   string
	width  int
	marked bool // in the span
}

// frame returns the first line of a span as it is drawn within the given
// columns, and the carets below it. A line that does not fit is cut around the
// start of the span. The work depends on the width, not on the line: a file may
// be one line of many megabytes with thousands of findings in it.
func frame(s source.Span, width int) (line, carets string) {
	content := s.File.Shown()
	start := min(max(s.Start, 0), len(content))
	from, cutLeft := lineBefore(content, start, 4*width)
	to, cutRight := lineAfter(content, start, 4*width)
	cells, focus := draw(content, from, to, start, max(s.End, start))
	lo, hi := window(cells, focus, width, cutLeft || cutRight)
	return render(cells[lo:hi], focus-lo, cutLeft || lo > 0, cutRight || hi < len(cells))
}

// lineBefore returns where the line of an offset starts, or a place at most
// limit bytes before the offset, and whether it is such a place.
func lineBefore(content []byte, offset, limit int) (int, bool) {
	from := max(offset-limit, 0)
	if i := bytes.LastIndexByte(content[from:offset], '\n'); i >= 0 {
		return from + i + 1, false
	}
	if from == 0 || content[from-1] == '\n' {
		return from, false
	}
	for n := 0; n < utf8.UTFMax && from < offset && !utf8.RuneStart(content[from]); n++ {
		from++
	}
	return from, true
}

// lineAfter is lineBefore to the other side: where the line ends, without its
// line break.
func lineAfter(content []byte, offset, limit int) (int, bool) {
	to := min(offset+limit, len(content))
	if i := bytes.IndexByte(content[offset:to], '\n'); i >= 0 {
		to = offset + i
		if i > 0 && content[to-1] == '\r' {
			to--
		}
		return to, false
	}
	if to == len(content) {
		return to, false
	}
	for n := 0; n < utf8.UTFMax && to > offset && !utf8.RuneStart(content[to]); n++ {
		to--
	}
	return to, true
}

// draw returns the cells of content[from:to], those in [start, end) marked, and
// the index of the cell that holds start: the number of cells at the line's end.
func draw(content []byte, from, to, start, end int) (cells []cell, focus int) {
	column, before := 0, true
	for at := from; at < to; {
		r, size := utf8.DecodeRune(content[at:to])
		marked := at+size > start && at < end
		c := drawRune(r, string(content[at:at+size]), column)
		if r == '[' && escape.Command(string(content[max(from, at-5):at])) {
			c = cell{text: `\[`, width: 2}
		}
		at += size
		switch {
		case r == bom && at == size: // at the start of a file it only says that this is UTF-8
		case c.width > 0:
			c.marked = marked
			cells = append(cells, c)
		case len(cells) == 0:
			cells = append(cells, cell{"◌" + c.text, 1, marked})
			c.width = 1
		default:
			last := &cells[len(cells)-1]
			last.text += c.text
			last.marked = last.marked || marked
		}
		column += c.width
		if before && at > start {
			focus, before = max(len(cells)-1, 0), false
		}
	}
	if before {
		focus = len(cells)
	}
	return cells, focus
}

// drawRune returns the cell of one character at a column.
func drawRune(r rune, raw string, column int) cell {
	if r == '\t' {
		n := tabStop - column%tabStop
		return cell{text: strings.Repeat(" ", n), width: n}
	}
	text := escape.Spell(r, raw)
	if text != raw {
		return cell{text: text, width: len(text)}
	}
	return cell{text: text, width: columns(r)}
}

// window chooses the cells [lo, hi) to draw: all if they fit, else what fits
// around the focus, a third of it before.
func window(cells []cell, focus, width int, cut bool) (lo, hi int) {
	total := 0
	for _, c := range cells {
		total += c.width
	}
	if total <= width && !cut {
		return 0, len(cells)
	}
	room := width - 2 // for an ellipsis on either side
	used := 0
	lo, hi = focus, focus
	for lo > 0 && used+cells[lo-1].width <= room/3 {
		lo--
		used += cells[lo].width
	}
	for hi < len(cells) && used+cells[hi].width <= room {
		used += cells[hi].width
		hi++
	}
	for lo > 0 && used+cells[lo-1].width <= room {
		lo--
		used += cells[lo].width
	}
	return lo, hi
}

// render draws cells and the carets below them. A span that holds nothing, or
// starts at the end of the line, has one caret.
func render(cells []cell, focus int, cutLeft, cutRight bool) (line, carets string) {
	var text, under strings.Builder
	if cutLeft {
		text.WriteString(ellipsis)
		under.WriteByte(' ')
	}
	for i, c := range cells {
		text.WriteString(c.text)
		mark := " "
		if c.marked || i == focus {
			mark = "^"
		}
		under.WriteString(strings.Repeat(mark, c.width))
	}
	if focus >= len(cells) {
		under.WriteByte('^')
	}
	if cutRight {
		text.WriteString(ellipsis)
	}
	return strings.TrimRight(text.String(), " "), strings.TrimRight(under.String(), " ")
}
