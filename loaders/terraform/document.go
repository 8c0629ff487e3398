package terraform

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// Marks that stand for references while JSON is read: inside a string, and in
// the place of a whole value. Text of a module that has them is not read.
const (
	markText  = '\uE000'
	markEnd   = '\uE001'
	markValue = '\uE002'
)

// looksLikeJSON reports whether a text begins as an object or list of JSON does.
func looksLikeJSON(t value.Text) bool {
	s := strings.TrimLeft(first(t), " \t\r\n")
	return strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[")
}

// mustBePolicy reports whether a text that begins as JSON can only be meant as a
// policy, so that a fault of its syntax is one.
func mustBePolicy(t value.Text) bool {
	return strings.Contains(t.String(), `"Statement"`) && jsontree.InStrings(t)
}

// decode reads a text as JSON, references and places kept. It reports false
// where the text is not JSON, or may turn out not to be.
func (l *loader) decode(v *val) (*val, []source.Diagnostic, bool) {
	if v.json != nil {
		return v.json, nil, true
	}
	d := &decoder{chunks: v.chunks, span: v.span}
	for _, c := range v.chunks {
		d.secrets = d.secrets || c.span.File != nil && c.span.File.Sensitive
	}
	if d.chunks == nil {
		t := v.string()
		if t.Parts == nil {
			d.chunks = []chunk{{value.Part{Literal: t.Literal}, v.span}}
		}
		for _, p := range t.Parts {
			d.chunks = append(d.chunks, chunk{p, v.span})
		}
	}
	rendered, ok := d.render()
	if !ok || !l.spend(len(rendered), v.span) {
		return nil, nil, false
	}
	tree, diags := jsontree.ParseText(rendered, d.place)
	if len(diags) > 0 {
		return nil, diags, false
	}
	return d.val(tree), nil, true
}

// decoder reads JSON from a text that was put together.
type decoder struct {
	chunks []chunk
	span   source.Span
	refs   []*value.Reference
	starts []int // offset of every chunk in the rendered text
	// secrets is set if a chunk is in a file that is sensitive.
	secrets bool
	// aligned has, for chunks that were asked for, where their bytes are written.
	aligned map[int][]int
}

func (d *decoder) render() (string, bool) {
	var b strings.Builder
	inString, escaped := false, false
	last := byte(0) // character that is not white space
	for _, c := range d.chunks {
		if b.Len() > 0 && last == markedValue && startsValue(c.part) {
			b.WriteByte(',') // of the elements that the reference before stands for
			last = ','
		}
		d.starts = append(d.starts, b.Len())
		if c.part.Ref != nil {
			n := strconv.Itoa(len(d.refs))
			d.refs = append(d.refs, c.part.Ref)
			if inString {
				b.WriteString(string(markText) + n + string(markEnd))
			} else {
				if last == '"' || last == '}' || last == ']' || last == markedValue {
					b.WriteByte(',')
				}
				last = markedValue
				b.WriteString(`"` + string(markValue) + n + string(markEnd) + `"`)
			}
			escaped = false
			continue
		}
		if strings.ContainsAny(c.part.Literal, string([]rune{markText, markEnd, markValue})) {
			return "", false
		}
		for i := range len(c.part.Literal) {
			switch ch := c.part.Literal[i]; {
			case escaped:
				escaped = false
			case ch == '\\' && inString:
				escaped = true
			case ch == '"':
				inString = !inString
			}
			if ch := c.part.Literal[i]; ch != ' ' && ch != '\n' && ch != '\t' && ch != '\r' {
				last = ch
			}
		}
		b.WriteString(c.part.Literal)
	}
	return b.String(), true
}

// markedValue is the last character of a reference in the place of a value.
const markedValue = 1

// startsValue reports whether a piece of JSON begins with a value.
func startsValue(p value.Part) bool {
	s := strings.TrimLeft(p.Literal, " \t\r\n")
	return s != "" && (s[0] == '"' || s[0] == '{' || s[0] == '[')
}

// place returns where a piece of the rendered text is written.
func (d *decoder) place(start, end int) source.Span {
	if secret := d.secretIn(start, end); secret.File != nil {
		return secret
	}
	from, to := d.point(start, false), d.point(max(end-1, start), true)
	if from.File != to.File || to.End < from.Start {
		return from
	}
	return source.Span{File: from.File, Start: from.Start, End: to.End}
}

// secretIn returns the place of a string that is made of a secret: it stands where
// nothing is shown. Lists and objects with secrets in them are shown otherwise.
func (d *decoder) secretIn(start, end int) source.Span {
	if !d.secrets {
		return source.Span{}
	}
	i := max(sort.Search(len(d.starts), func(i int) bool { return d.starts[i] > start })-1, 0)
	if at := start - d.starts[i]; d.chunks[i].part.Ref == nil && at < len(d.chunks[i].part.Literal) && (d.chunks[i].part.Literal[at] == '{' || d.chunks[i].part.Literal[at] == '[') {
		return source.Span{}
	}
	for ; i < len(d.chunks) && d.starts[i] < end; i++ {
		if f := d.chunks[i].span.File; f != nil && f.Sensitive {
			return d.chunks[i].span
		}
	}
	return source.Span{}
}

// point returns the place of one byte of the rendered text.
func (d *decoder) point(offset int, isEnd bool) source.Span {
	i := sort.Search(len(d.starts), func(i int) bool { return d.starts[i] > offset }) - 1
	if i < 0 {
		return d.span
	}
	c := d.chunks[i]
	if c.part.Ref != nil || c.span.IsZero() {
		if c.span.IsZero() {
			return d.span
		}
		return c.span
	}
	at := offset - d.starts[i]
	if at >= len(c.part.Literal) {
		at = max(len(c.part.Literal)-1, 0)
	}
	if d.aligned == nil {
		d.aligned = map[int][]int{}
	}
	offsets, ok := d.aligned[i]
	if !ok {
		offsets = align(c.span.Text(), c.part.Literal)
		d.aligned[i] = offsets
	}
	if at >= len(offsets) {
		return c.span
	}
	at = c.span.Start + offsets[at]
	return source.Span{File: c.span.File, Start: at, End: at + 1}
}

// align returns for every byte of a text where it stands in the literal that it
// is written as, nil where that cannot be told.
func align(raw, text string) []int {
	switch {
	case len(raw) == len(text):
		return shifted(nil, len(text), 0)
	case len(raw) == len(text)+2 && raw[1:len(raw)-1] == text:
		return shifted(nil, len(text), 1)
	}
	// Of a heredoc, the indentation is left out of every line.
	rawLines, lines := strings.SplitAfter(raw, "\n"), strings.SplitAfter(text, "\n")
	if len(rawLines) != len(lines) {
		return unescaped(raw, text)
	}
	var offsets []int
	start := 0
	for i, line := range lines {
		shift := len(rawLines[i]) - len(line)
		if shift < 0 || rawLines[i][shift:] != line {
			return unescaped(raw, text)
		}
		offsets = shifted(offsets, len(line), start+shift)
		start += len(rawLines[i])
	}
	return offsets
}

func shifted(offsets []int, n, from int) []int {
	for i := range n {
		offsets = append(offsets, from+i)
	}
	return offsets
}

// unescaped aligns a text that is written with escape sequences.
func unescaped(raw, text string) []int {
	if strings.HasPrefix(raw, `"`) && !strings.HasPrefix(text, `"`) {
		if inner := unescaped(raw[1:], text); inner != nil {
			for i := range inner {
				inner[i]++
			}
			return inner
		}
		return nil
	}
	offsets := make([]int, 0, len(text))
	r := 0
	for t := 0; t < len(text); {
		if r >= len(raw) {
			return nil
		}
		from, to := r, t+1
		switch {
		case raw[r] == '\\' && r+1 < len(raw) && (raw[r+1] == 'u' || raw[r+1] == 'U'):
			r += 6
			if raw[from+1] == 'U' {
				r = from + 10
			}
			_, size := utf8.DecodeRuneInString(text[t:])
			to = t + size
		case raw[r] == '\\':
			r += 2
		case strings.HasPrefix(raw[r:], "$${") || strings.HasPrefix(raw[r:], "%%{"):
			r += 2
		case raw[r] != text[t]:
			return nil
		default:
			r++
		}
		for ; t < to; t++ {
			offsets = append(offsets, from)
		}
	}
	return offsets
}

// val turns the marks of a tree into references.
func (d *decoder) val(v value.Value) *val {
	switch v.Kind {
	case value.String:
		if n, ok := d.number(v.Text.Literal, markValue); ok {
			return unknownVal(*d.refs[n], v.Span)
		}
		return &val{kind: text, text: d.text(v.Text.Literal), span: v.Span}
	case value.List:
		items := make([]*val, len(v.Items))
		for i, item := range v.Items {
			items[i] = d.val(item)
		}
		return seqVal(items, v.Span)
	case value.Map:
		var fields []field
		var open []*val
		for _, f := range v.Fields {
			key := d.text(f.Key)
			item := d.val(f.Value)
			if name, ok := claimKey(key); ok {
				fields = append(fields, field{key: name, span: f.KeySpan, val: item})
				continue
			}
			if key.Parts != nil || strings.ContainsRune(f.Key, markValue) {
				open = append(open, &val{kind: text, text: key}, item)
				continue
			}
			fields = append(fields, field{key: f.Key, span: f.KeySpan, val: item})
		}
		m := mapVal(fields, v.Span)
		if open != nil {
			m.open = derived("key", v.Span, open...)
			shadow(m)
		}
		return m
	}
	return fromValue(v)
}

// number returns the number of the reference that a text wholly is.
func (d *decoder) number(s string, mark rune) (int, bool) {
	inner, ok := strings.CutPrefix(s, string(mark))
	inner, alsoOK := strings.CutSuffix(inner, string(markEnd))
	n, err := strconv.Atoi(inner)
	return n, ok && alsoOK && err == nil && n >= 0 && n < len(d.refs)
}

func (d *decoder) text(s string) value.Text {
	var texts []value.Text
	for {
		i := strings.IndexRune(s, markText)
		j := strings.IndexRune(s, markEnd)
		if i < 0 || j < i {
			break
		}
		n, ok := d.number(s[i:j+len(string(markEnd))], markText)
		if !ok {
			break
		}
		texts = append(texts, value.Lit(s[:i]), value.Ref(*d.refs[n]))
		s = s[j+len(string(markEnd)):]
	}
	return value.Join(append(texts, value.Lit(s))...)
}

// encodeText returns the JSON form of a value, as the function jsonencode
// writes it, with references in the places of what is not known.
//
// https://developer.hashicorp.com/terraform/language/functions/jsonencode
func encodeText(v *val) value.Text {
	var w textWriter
	for _, c := range encodeChunks(v, source.Span{}) {
		w.part(c.part)
	}
	return w.text()
}

// encodeChunks returns the pieces of that text, each with the place of the value
// that it comes from.
func encodeChunks(v *val, span source.Span) []chunk {
	e := &encoder{span: span}
	e.value(v)
	e.flush()
	return e.chunks
}

type encoder struct {
	chunks  []chunk
	literal strings.Builder // since the last chunk, placed at span
	span    source.Span
}

func (e *encoder) lit(s string) { e.literal.WriteString(s) }

func (e *encoder) flush() {
	if e.literal.Len() > 0 {
		e.chunks = append(e.chunks, chunk{value.Part{Literal: e.literal.String()}, e.span})
		e.literal.Reset()
	}
}

// part adds a piece that is written at a place.
func (e *encoder) part(p value.Part, span source.Span) {
	e.flush()
	if span.IsZero() {
		span = e.span
	}
	e.chunks = append(e.chunks, chunk{p, span})
}

func (e *encoder) ref(v *val) { e.part(v.text.Parts[0], v.span) }

func (e *encoder) value(v *val) {
	if v.maybe != nil {
		e.ref(derived("maybe", v.span, v))
		return
	}
	switch v.kind {
	case null:
		e.lit("null")
	case boolean, number:
		t, _ := v.scalarText()
		e.lit(t.Literal)
	case unknown:
		e.ref(v)
	case text:
		e.lit(`"`)
		for _, c := range v.pieces() {
			if c.part.Ref == nil {
				c.part.Literal = escapeJSON(c.part.Literal)
			}
			e.part(c.part, c.span)
		}
		e.lit(`"`)
	case sequence:
		e.lit("[")
		for i, item := range v.items {
			if i > 0 {
				e.lit(",")
			}
			e.value(item)
		}
		e.lit("]")
	case mapping:
		if v.open != nil || v.inst != nil || v.mod != nil {
			e.ref(derived("jsonencode", v.span, v))
			return
		}
		e.lit("{")
		for i, f := range v.sorted() {
			if i > 0 {
				e.lit(",")
			}
			e.lit(`"`)
			e.part(value.Part{Literal: escapeJSON(f.key)}, f.span)
			e.lit(`":`)
			e.value(f.val)
		}
		e.lit("}")
	}
}

var jsonEscapes = strings.NewReplacer(`"`, `\"`, `\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\b", `\b`, "\f", `\f`,
	"<", `\u003c`, ">", `\u003e`, "&", `\u0026`, "\u2028", `\u2028`, "\u2029", `\u2029`)

func escapeJSON(s string) string {
	s = jsonEscapes.Replace(s)
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if r < ' ' {
			b.WriteString(`\u00` + string("0123456789abcdef"[r>>4]) + string("0123456789abcdef"[r&15]))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
