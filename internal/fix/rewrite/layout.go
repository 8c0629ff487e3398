package rewrite

import (
	"bytes"
	"strings"
)

// lineEnd returns where the line of a place ends, without its line break, if
// nothing but a comma and a comment are behind it.
func (w *writer) lineEnd(at int, comments bool) (end int, comma, ok bool) {
	if at > 0 && at <= len(w.content) && w.content[at-1] == '\n' { // a text of several lines that ends with one
		at--
		if at > 0 && w.content[at-1] == '\r' {
			at--
		}
		return at, false, true
	}
	for ; at < len(w.content); at++ {
		switch c := w.content[at]; {
		case c == ' ' || c == '\t':
		case c == '\r' && at+1 < len(w.content) && w.content[at+1] == '\n', c == '\n':
			return at, comma, true
		case c == ',' && !comma:
			comma = true
		case comments && (c == '#' || c == '/' && at+1 < len(w.content) && w.content[at+1] == '/'):
			end := bytes.IndexByte(w.content[at:], '\n')
			if end < 0 {
				return len(w.content), comma, true
			}
			end += at
			if w.content[end-1] == '\r' {
				end--
			}
			return end, comma, true
		default:
			return at, comma, false
		}
	}
	return at, comma, true
}

// afterLine returns the place behind a line break.
func (w *writer) afterLine(end int) int {
	if end < len(w.content) && w.content[end] == '\r' {
		end++
	}
	if end < len(w.content) && w.content[end] == '\n' {
		end++
	}
	return end
}

func isBlank(text []byte) bool { return len(bytes.TrimLeft(text, " \t\r")) == 0 }

// insert adds an entry to an object, or an argument to a block.
func (w *writer) insert(n *node, key string, t tree) error {
	return w.insertAll(n, []field{{key, t}})
}

func (w *writer) insertAll(n *node, fields []field) error {
	if len(fields) == 0 {
		return nil
	}
	l := w.layout(n)
	var parts []string
	for _, f := range fields {
		f.inline = f.inline || n.key == "Condition" && w.onOneLine(n.children)
		part, err := w.entry(f, l)
		if err != nil {
			return err
		}
		parts = append(parts, part)
	}
	if n.kind == block {
		return w.insertArguments(n, fields, l)
	}
	return w.insertParts(n, parts, l)
}

// onOneLine reports whether none of some pieces goes over several lines.
func (w *writer) onOneLine(list []*node) bool {
	for _, n := range list {
		if bytes.IndexByte(w.content[n.start:n.end], '\n') >= 0 {
			return false
		}
	}
	return len(list) > 0
}

// append adds an item to a list.
func (w *writer) append(n *node, t tree) error {
	l := w.layout(n)
	if len(n.children) > 0 && n.children[0].kind == object { // its keys are written like those of the others
		o := w.layout(n.children[len(n.children)-1])
		l.separator, l.comma, l.quoted = o.separator, o.comma, o.quoted
		if !l.multi && o.multi { // [{ ... }, { ... }] with the entries on lines of their own
			l.indent = w.indent(n.start)
			l.unit = o.unit
			text, err := w.tree(t, layout{style: l.style, multi: true, indent: l.indent, unit: l.unit, separator: l.separator, comma: l.comma, quoted: l.quoted, nl: l.nl})
			if err != nil {
				return err
			}
			last := n.children[len(n.children)-1]
			w.splice(last.end, last.end, ", "+text)
			return nil
		}
	}
	if n.style == indented {
		first := n.children[0]
		dash := w.dash(first)
		if dash < 0 || !isBlank(w.content[w.lineStart(dash):dash]) {
			return unwritable("the list is not written on lines of its own")
		}
		l.indent = string(w.content[w.lineStart(dash):dash])
		l.unit = strings.Repeat(" ", first.from-dash)
		inner := l
		inner.unit = w.unitOfYAML()
		text, err := w.items(t, l, inner)
		if err != nil {
			return err
		}
		return w.insertParts(n, []string{"-" + strings.Repeat(" ", first.from-dash-1) + text}, l)
	}
	text, err := w.tree(t, l)
	if err != nil {
		return err
	}
	return w.insertParts(n, []string{text}, l)
}

// items writes the mapping that is an item of a list of YAML.
func (w *writer) items(t tree, l, inner layout) (string, error) {
	inner.indent += l.unit
	var parts []string
	for _, f := range t.fields {
		part, err := w.entry(f, inner)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, l.nl+inner.indent), nil
}

func (w *writer) insertParts(n *node, parts []string, l layout) error {
	if len(n.children) == 0 {
		if n.style == indented || n.end-n.start < 2 {
			return unwritable("it is empty")
		}
		pad := ""
		if l.style == hclStyle && n.kind == object {
			pad = " "
		}
		w.splice(n.start+1, n.end-1, pad+strings.Join(parts, l.comma)+pad)
		return nil
	}
	last := n.children[len(n.children)-1]
	switch {
	case n.style == indented:
		end, _, ok := w.lineEnd(last.end, true)
		if !ok {
			return unwritable("the line goes on behind it")
		}
		w.splice(end, end, l.nl+l.indent+strings.Join(parts, l.nl+l.indent))
	case !l.multi:
		w.splice(last.end, last.end, l.comma+strings.Join(parts, l.comma))
	case n.style == hclStyle:
		end, comma, ok := w.lineEnd(last.end, true)
		if !ok {
			w.splice(last.end, last.end, ","+l.nl+l.indent+strings.Join(parts, ","+l.nl+l.indent))
			return nil
		}
		if n.kind == object && !comma {
			parts = w.aligned(n, last, parts)
		}
		between, after := "", ""
		if comma {
			between, after = ",", ","
		}
		if n.kind == list && !comma {
			between = ","
			w.splice(last.end, last.end, ",")
		}
		w.splice(end, end, l.nl+l.indent+strings.Join(parts, between+l.nl+l.indent)+after)
	default:
		between := "," + l.nl + l.indent
		if _, comma, _ := w.lineEnd(last.end, true); comma && n.style == flow { // YAML takes one behind the last
			w.splice(last.end, last.end, between+strings.Join(parts, between))
			return nil
		}
		w.splice(last.end, last.end, between+strings.Join(parts, between))
	}
	return nil
}

// insertArguments adds arguments to a block of HCL, behind those that are there,
// with the equals signs of those that stand together below each other.
func (w *writer) insertArguments(n *node, fields []field, l layout) error {
	var last *node
	for _, c := range n.children {
		if c.kind != block {
			last = c
		}
	}
	if last == nil || !l.multi {
		return unwritable("the block has no arguments on lines of their own")
	}
	end, _, ok := w.lineEnd(last.end, true)
	if !ok {
		return unwritable("the line goes on behind it")
	}
	var parts []string
	for _, f := range fields {
		value, err := w.tree(f.tree, l)
		if err != nil {
			return err
		}
		parts = append(parts, f.key+" = "+value)
	}
	w.splice(end, end, l.nl+l.indent+strings.Join(w.aligned(n, last, parts), l.nl+l.indent))
	return nil
}

// aligned puts the equals signs of new entries below those of the entries that
// they will stand together with, which move if they have to.
func (w *writer) aligned(n, last *node, parts []string) []string {
	for _, p := range parts {
		if strings.Contains(p, "\n") || !strings.Contains(p, " = ") {
			return parts
		}
	}
	together := w.together(n, last)
	width := 0
	for _, c := range together {
		width = max(width, len(w.keyText(c)))
	}
	for _, p := range parts {
		key, _, _ := strings.Cut(p, " = ")
		width = max(width, len(key))
	}
	var out []string
	for _, p := range parts {
		key, value, _ := strings.Cut(p, " = ")
		out = append(out, key+strings.Repeat(" ", width-len(key))+" = "+value)
	}
	for _, c := range together {
		key := w.keyText(c)
		w.splice(c.from+len(key), c.start, strings.Repeat(" ", width-len(key))+" = ")
	}
	return out
}

// keyText is the key of an entry of HCL as it is written, "" if no equals sign
// follows it.
func (w *writer) keyText(n *node) string {
	text := strings.TrimRight(string(w.content[n.from:n.start]), " \t")
	key, ok := strings.CutSuffix(text, "=")
	if !ok {
		return ""
	}
	return strings.TrimRight(key, " \t")
}

// together are the arguments of one line each that stand directly above another,
// and that one; nil if it has several lines itself.
func (w *writer) together(n, last *node) []*node {
	var out []*node
	next := -1
	for i := len(n.children) - 1; i >= 0; i-- {
		c := n.children[i]
		if c.from > last.from {
			continue
		}
		line := w.lineStart(c.from)
		end, _, ok := w.lineEnd(c.end, true)
		if c.kind == block || !ok || bytes.IndexByte(w.content[c.from:c.end], '\n') >= 0 || next >= 0 && w.afterLine(end) != next ||
			w.keyText(c) == "" {
			break
		}
		out = append(out, c)
		next = line
	}
	return out
}

// blockText writes a block of HCL with its arguments.
func (w *writer) blockText(header string, fields []field, l layout) (string, error) {
	inner := l
	inner.indent += l.unit
	var b strings.Builder
	b.WriteString(header + " {" + l.nl)
	for i, f := range fields {
		if f.key == "" {
			b.WriteString(l.nl)
			continue
		}
		if f.block != nil {
			text, err := w.blockText(f.key, f.block, inner)
			if err != nil {
				return "", err
			}
			if i > 0 {
				b.WriteString(l.nl)
			}
			b.WriteString(inner.indent + text + l.nl)
			continue
		}
		if f.entry != "" {
			b.WriteString(inner.indent + below(f.entry, f.key, widthOf(fields, i)) + l.nl)
			continue
		}
		value, err := w.tree(f.tree, inner)
		if err != nil {
			return "", err
		}
		b.WriteString(inner.indent + f.key + strings.Repeat(" ", widthOf(fields, i)-len(f.key)) + " = " + value + l.nl)
	}
	b.WriteString(l.indent + "}")
	return b.String(), nil
}

// below writes an argument that is copied with its equals sign below the others.
func below(entry, key string, width int) string {
	_, value, found := strings.Cut(entry, "=")
	if !found {
		return entry
	}
	return key + strings.Repeat(" ", max(0, width-len(key))) + " = " + strings.TrimLeft(value, " \t")
}

// widthOf is that of the names of the arguments that stand together.
func widthOf(fields []field, i int) int {
	apart := func(f field) bool { return f.key == "" || f.block != nil }
	from, to := i, i
	for from > 0 && !apart(fields[from-1]) {
		from--
	}
	for to < len(fields) && !apart(fields[to]) {
		to++
	}
	width := 0
	for _, f := range fields[from:to] {
		width = max(width, len(f.key))
	}
	return width
}

// insertBlock adds a block at the end of another.
func (w *writer) insertBlock(n *node, header string, fields []field) error {
	if len(n.children) == 0 {
		return unwritable("the block is empty")
	}
	l := w.layout(n)
	last := n.children[len(n.children)-1]
	end, _, ok := w.lineEnd(last.end, true)
	if !ok || !l.multi {
		return unwritable("the block is not written on lines of its own")
	}
	text, err := w.blockText(header, fields, l)
	if err != nil {
		return err
	}
	apart := ""
	if last.kind != block || w.apart(last) {
		for _, c := range n.children {
			if c.kind == block && w.apart(c) {
				apart = l.nl
			}
		}
	}
	w.splice(end, end, l.nl+apart+l.indent+text)
	return nil
}

// apart reports an empty line before a piece.
func (w *writer) apart(n *node) bool {
	start := w.lineStart(n.from)
	return start > 0 && isBlank(w.content[w.lineStart(start-1):start-1])
}

// insertBlockAfter adds a block behind another.
func (w *writer) insertBlockAfter(n *node, header string, fields []field) error {
	end, _, ok := w.lineEnd(n.end, true)
	if !ok {
		return unwritable("the line goes on behind it")
	}
	l := w.layout(n)
	l.indent = w.indent(n.from)
	l.style = hclStyle
	text, err := w.blockText(header, fields, l)
	if err != nil {
		return err
	}
	w.splice(end, end, l.nl+l.nl+l.indent+text)
	return nil
}

// dash returns the place of the dash before an item of a list of YAML, -1 if
// there is none.
func (w *writer) dash(n *node) int {
	for i := n.start - 1; i >= 0; i-- {
		switch w.content[i] {
		case '-':
			return i
		case ' ', '\n', '\r':
		default:
			return -1
		}
	}
	return -1
}

// takeOut takes an entry out of what it is in, with the lines that are its own.
func (w *writer) takeOut(n *node) error {
	p := n.parent
	if p == nil {
		return unwritable("nothing is around it")
	}
	i := 0
	for i < len(p.children) && p.children[i] != n {
		i++
	}
	from := n.from
	if p.style == indented && p.kind == list {
		if from = w.dash(n); from < 0 {
			return unwritable("it has no line of its own")
		}
	}
	start := w.lineStart(from)
	end, comma, ok := w.lineEnd(n.end, p.style != json)
	own := ok && isBlank(w.content[start:from])
	last := i == len(p.children)-1
	switch {
	case p.style == indented && (!own || comma || len(p.children) == 1):
		return unwritable("it has no line of its own")
	case p.style == indented:
		w.cutLines(start, end)
	case p.kind == block && own:
		if before := w.lineStart(max(start-1, 0)); start > 0 && isBlank(w.content[before:start-1]) && w.closes(end) {
			start = before // of two empty lines, or of one before the closing bracket
		} else if opening := bytes.TrimRight(w.content[:start], " \t\r\n"); (len(opening) == 0 || opening[len(opening)-1] == '{') && w.closes(end) {
			if next := w.afterLine(end); isBlank(firstLine(w.content[next:])) { // or of one behind the opening one
				end = next + len(firstLine(w.content[next:]))
			}
		}
		w.cutLines(start, end)
	case p.kind == block:
		return unwritable("it has no line of its own")
	case (p.style == json || p.style == flow) && last && i > 0:
		w.splice(p.children[i-1].end, n.end, "")
	case own && (comma || p.style == hclStyle) && len(p.children) > 1:
		w.cutLines(start, end)
	case !last:
		w.splice(n.from, p.children[i+1].from, "")
	case i > 0:
		w.splice(p.children[i-1].end, n.end, "")
	default:
		w.splice(n.from, n.end, "")
	}
	return nil
}

// closes reports whether an empty line follows a line, or nothing that could
// stand apart from what is before it.
func (w *writer) closes(end int) bool {
	line := bytes.TrimSpace(firstLine(w.content[w.afterLine(end):]))
	return len(line) == 0 || bytes.Equal(line, []byte("}"))
}

func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r"))
}

func (w *writer) cutLines(start, end int) {
	w.splice(start, w.afterLine(end), "")
}
