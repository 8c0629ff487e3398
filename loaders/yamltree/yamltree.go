// Package yamltree reads YAML into a value tree that keeps the place of every
// key and value, all keys of a mapping in their order and every scalar as it
// was written: 012345678901 stays a string of twelve digits and 2012-10-17 no
// date. It knows the syntax only; what a document means is for others.
//
// https://yaml.org/spec/1.1/
package yamltree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// Limits on what is read into memory. CloudFormation takes templates of one
// megabyte.
const (
	MaxBytes = 4 << 20
	MaxDepth = jsontree.MaxDepth
)

// Tags says what a value with a local tag stands for: "!Ref" is the object
// {"Ref": value} if Tags["!Ref"] is "Ref". "*" stands for all others, which are
// unknown without it.
type Tags map[string]string

// Parse reads the documents of a file. Aliases share the tree of their anchor,
// so that the result is never larger than the file; who walks it has to bound
// the walk. After an error the documents before it are returned.
func Parse(file *source.File, tags Tags) ([]value.Value, []source.Diagnostic) {
	p := &parser{file: file, text: file.Content, tags: tags, done: map[*yaml.Node]value.Value{}, busy: map[*yaml.Node]bool{}}
	if message := jsontree.Encoding(p.text); message != "" {
		p.errorf(source.Span{File: file}, "%s", message)
		return nil, p.diags
	}
	if len(p.text) > MaxBytes {
		p.errorf(source.Span{File: file}, "YAML of %d bytes is too large, expected at most %d", len(p.text), MaxBytes)
		return nil, p.diags
	}
	p.lines = lineStarts(p.text)
	return p.documents(), p.diags
}

type parser struct {
	file  *source.File
	text  []byte
	lines []int // where libyaml sees a line begin
	last  mark  // of the node whose offset was asked for last
	tags  Tags
	diags []source.Diagnostic
	// Trees of anchored nodes, and those that are being read: an alias inside
	// its own anchor would have no end.
	done   map[*yaml.Node]value.Value
	busy   map[*yaml.Node]bool
	merged int // keys that merge keys have brought so far
}

func (p *parser) errorf(span source.Span, format string, args ...any) {
	p.diags = append(p.diags, source.Diagnostic{
		Severity: source.Error, Path: p.file.Name, Span: span, Message: fmt.Sprintf(format, args...),
	})
}

func (p *parser) documents() (docs []value.Value) {
	decoder := yaml.NewDecoder(bytes.NewReader(p.text))
	for {
		var node yaml.Node
		err := decode(decoder, &node)
		if errors.Is(err, io.EOF) {
			return docs
		}
		if err != nil {
			p.broken(err)
			return docs
		}
		if node.Kind != yaml.DocumentNode || len(node.Content) != 1 {
			continue
		}
		v, _ := p.value(node.Content[0], 0)
		docs = append(docs, v)
	}
}

// decode keeps a fault of the library from ending the program.
func decode(decoder *yaml.Decoder, node *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("the YAML cannot be read")
		}
	}()
	return decoder.Decode(node)
}

// broken reports an error of the library, at the line that it gives up at.
func (p *parser) broken(err error) {
	problem := problemOf(err)
	span := source.Span{File: p.file}
	if line, ok := p.faultyLine(problem); ok {
		span = p.line(line)
	}
	message := "invalid YAML: " + problem
	if tab := p.tabIn(span); tab >= 0 {
		span.Start, span.End = tab, tab+1
		message = "invalid YAML: a tab in the indentation, expected spaces"
	} else if hint := hints[problem]; hint != "" {
		message += ": " + hint
	}
	p.errorf(span, "%s", message)
}

// hints say what the library expected where its own words do not.
var hints = map[string]string{
	"did not find expected key":                      "expected the line to be indented like its neighbours, or what precedes it to be closed",
	"did not find expected '-' indicator":            "expected the line to be indented like the items before it",
	"could not find expected ':'":                    "expected a key and a colon",
	"mapping values are not allowed in this context": "expected one colon in the line, or quotes around the text, and a colon in the line before",
	"found character that cannot start any token":    "expected quotes around the text",
	"found unexpected end of stream":                 "expected the quotes to be closed",
}

var libraryError = once.Regexp(`^(?:yaml: )?(?:line \d+: )?(?s:(.*))$`)

// problemOf is what an error of the library says, without the line: that is where
// the mapping or list around begins, less one.
func problemOf(err error) string { return libraryError().FindStringSubmatch(err.Error())[1] }

// faultyLine returns the line, from 0, that makes the library give up: the first up
// to which the text has the same problem. Up to there the library has read when it
// is given line by line; where the problem is that something does not end, it is
// where it begins.
func (p *parser) faultyLine(problem string) (int, bool) {
	given := &byLine{p: p}
	if failure(given) != problem || given.next == 0 {
		return 0, false
	}
	last := given.next - 1
	if len(p.text) > maxSearched {
		return last, true
	}
	return sort.Search(last, func(line int) bool { return failure(bytes.NewReader(p.text[:p.endOf(line)])) == problem }), true
}

// maxSearched is the size of a text of which the first line with a problem is looked
// for: that reads it some ten times.
const maxSearched = 1 << 20

// failure is the problem of the first document that cannot be read, "" without any.
func failure(text io.Reader) string {
	decoder := yaml.NewDecoder(text)
	for {
		var node yaml.Node
		switch err := decode(decoder, &node); {
		case errors.Is(err, io.EOF):
			return ""
		case err != nil:
			return problemOf(err)
		}
	}
}

// byLine reads a text, a line a call.
type byLine struct {
	p    *parser
	next int // line
	rest []byte
}

func (b *byLine) Read(out []byte) (int, error) {
	if len(b.rest) == 0 {
		if b.next == len(b.p.lines) {
			return 0, io.EOF
		}
		b.rest = b.p.text[b.p.lines[b.next]:b.p.endOf(b.next)]
		if b.next++; len(b.rest) == 0 {
			return 0, io.EOF
		}
	}
	n := copy(out, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// endOf is the offset behind a line, its break included.
func (p *parser) endOf(line int) int {
	if line+1 < len(p.lines) {
		return p.lines[line+1]
	}
	return len(p.text)
}

// line is the text of a line without the space around it.
func (p *parser) line(n int) source.Span {
	span := source.Span{File: p.file, Start: p.lines[n], End: p.endOf(n)}
	for span.Start < span.End && isSpace(p.text[span.Start]) {
		span.Start++
	}
	for span.End > span.Start && isSpace(p.text[span.End-1]) {
		span.End--
	}
	return span
}

// tabIn is the offset of a tab that a line is indented with, -1 if there is none.
func (p *parser) tabIn(line source.Span) int {
	for at := line.Start - 1; at >= 0 && (p.text[at] == ' ' || p.text[at] == '\t'); at-- {
		if p.text[at] == '\t' {
			return at
		}
	}
	return -1
}

// value returns the tree of a node and the offset behind it.
func (p *parser) value(n *yaml.Node, depth int) (value.Value, int) {
	start := p.offset(n)
	if n.Kind == yaml.AliasNode {
		return p.alias(n), min(start+1+len(n.Value), len(p.text))
	}
	if depth > MaxDepth {
		span := source.Span{File: p.file, Start: start, End: start}
		p.errorf(span, "expected YAML nested at most %d levels deep", MaxDepth)
		return unknown(span, "too deep"), start
	}
	if n.Anchor != "" {
		p.busy[n] = true
		defer delete(p.busy, n)
	}
	v, end := p.content(n, p.content0(n, start), depth)
	v = p.tagged(n, v, start, end)
	if n.Anchor != "" {
		p.done[n] = v
	}
	return v, end
}

func (p *parser) alias(n *yaml.Node) value.Value {
	start := p.offset(n)
	span := source.Span{File: p.file, Start: start, End: min(start+1+len(n.Value), len(p.text))}
	if v, ok := p.done[n.Alias]; ok {
		return v
	}
	if p.busy[n.Alias] {
		p.errorf(span, "alias %q is inside what it stands for", "*"+n.Value)
	} else {
		p.errorf(span, "alias %q stands for nothing, expected an anchor %q before it", "*"+n.Value, "&"+n.Value)
	}
	return unknown(span, "*"+n.Value)
}

func unknown(span source.Span, name string) value.Value {
	return value.Value{Kind: value.Unknown, Span: span, Text: value.Ref(value.Reference{Name: name})}
}

// content reads a node without its tag and anchor; it begins at start.
func (p *parser) content(n *yaml.Node, start, depth int) (value.Value, int) {
	v := value.Value{Span: source.Span{File: p.file, Start: start}}
	end := start
	switch n.Kind {
	case yaml.MappingNode:
		v.Kind = value.Map
		v.Fields, end = p.fields(n, start, depth)
	case yaml.SequenceNode:
		v.Kind, v.Items = value.List, make([]value.Value, 0, len(n.Content))
		for _, c := range n.Content {
			var item value.Value
			item, end = p.value(c, depth+1)
			v.Items = append(v.Items, item)
		}
	default:
		v.Kind, v.Text = scalar(n)
		end = p.scalarEnd(n, start)
	}
	if n.Kind != yaml.ScalarNode && n.Style&yaml.FlowStyle != 0 {
		end = p.flowEnd(n, start, end)
	}
	v.Span.End = max(end, start)
	return v, v.Span.End
}

// fields reads a mapping. What merge keys bring comes first and only where the
// mapping itself says nothing.
//
// https://yaml.org/type/merge.html
func (p *parser) fields(n *yaml.Node, start, depth int) ([]value.Field, int) {
	fields := make([]value.Field, 0, len(n.Content)/2)
	var merged []value.Field
	end := start
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		key, _ := p.value(k, depth+1)
		var v value.Value
		v, end = p.value(n.Content[i+1], depth+1)
		switch {
		case k.Kind == yaml.ScalarNode && k.Value == "<<" && k.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0:
			merged = p.merge(merged, v)
		case key.IsScalar() && key.Kind != value.Unknown:
			fields = append(fields, value.Field{Key: key.Text.Literal, KeySpan: key.Span, Value: v})
		case key.Kind == value.Null:
			fields = append(fields, value.Field{Key: "null", KeySpan: key.Span, Value: v})
		default:
			p.errorf(key.Span, "expected a string as key, found %s", key.Kind)
		}
	}
	if merged == nil {
		return fields, end
	}
	own := make(map[string]bool, len(fields))
	for _, f := range fields {
		own[f.Key] = true
	}
	var all []value.Field
	for _, f := range merged {
		if !own[f.Key] {
			own[f.Key] = true
			all = append(all, f)
		}
	}
	return append(all, fields...), end
}

// merge appends the fields of a mapping, or of each mapping in a list: the items of a
// list are no lists. The merged keys of a document are bounded together, as each alias
// may bring as many as there are.
func (p *parser) merge(merged []value.Field, v value.Value) []value.Field {
	from := []value.Value{v}
	if v.Kind == value.List {
		from = v.Items
	}
	for _, m := range from {
		switch {
		case m.Kind == value.Unknown:
		case m.Kind != value.Map:
			p.errorf(m.Span, `expected a mapping, or a list of mappings, for "<<", found %s`, m.Kind)
			return merged
		case p.merged+len(m.Fields) > jsontree.MaxValues:
			p.errorf(m.Span, "expected at most %d merged keys", jsontree.MaxValues)
			return merged
		default:
			p.merged += len(m.Fields) + 1
			merged = append(merged, m.Fields...)
		}
	}
	return merged
}

// tagged turns a value with a local tag into the object that it stands for.
func (p *parser) tagged(n *yaml.Node, v value.Value, start, end int) value.Value {
	if n.Style&yaml.TaggedStyle == 0 || strings.HasPrefix(n.Tag, "!!") {
		return v
	}
	span := source.Span{File: p.file, Start: start, End: end}
	tag := source.Span{File: p.file, Start: start, End: min(start+len(n.Tag), end)}
	key, ok := p.tags[n.Tag]
	if !ok {
		key, ok = p.tags["*"]
	}
	if !ok {
		p.errorf(tag, "tag %q is unknown", n.Tag)
		return unknown(span, n.Tag)
	}
	return value.Value{Kind: value.Map, Span: span, Fields: []value.Field{{Key: key, KeySpan: tag, Value: v}}}
}

var number = once.Regexp(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

// scalar returns what a scalar is. Only what JSON knows is more than a string:
// CloudFormation turns the rest into strings again, as written.
func scalar(n *yaml.Node) (value.Kind, value.Text) {
	quoted := n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if quoted || n.Style&yaml.TaggedStyle != 0 {
		return value.String, value.Lit(n.Value)
	}
	switch n.Value {
	case "", "~", "null", "Null", "NULL":
		return value.Null, value.Text{}
	case "true", "True", "TRUE":
		return value.Bool, value.Lit("true")
	case "false", "False", "FALSE":
		return value.Bool, value.Lit("false")
	}
	if c := n.Value[0]; (c == '-' || c >= '0' && c <= '9') && number().MatchString(n.Value) {
		return value.Number, value.Lit(n.Value)
	}
	return value.String, value.Lit(n.Value)
}

// mark is a place as the library has it, columns in characters, and its offset.
type mark struct{ line, column, offset int }

// offset returns where a node begins, its tag and anchor included. Nodes come in
// their order, so that a long line is walked along once.
func (p *parser) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(p.lines) {
		return len(p.text)
	}
	m := mark{n.Line, 1, p.lines[n.Line-1]}
	if p.last.line == n.Line && p.last.column <= n.Column {
		m = p.last
	}
	for ; m.column < n.Column && m.offset < len(p.text); m.column++ {
		if p.text[m.offset] < utf8.RuneSelf {
			m.offset++
			continue
		}
		_, size := utf8.DecodeRune(p.text[m.offset:])
		m.offset += size
	}
	p.last = m
	return m.offset
}

// content0 skips the tag and the anchor of a node that begins at start.
func (p *parser) content0(n *yaml.Node, start int) int {
	if n.Anchor == "" && n.Style&yaml.TaggedStyle == 0 {
		return start
	}
	at := start
	for at < len(p.text) && (p.text[at] == '!' || p.text[at] == '&') {
		for at < len(p.text) && !isSpace(p.text[at]) && !(p.text[at] == ',' || p.text[at] == ']' || p.text[at] == '}') {
			at++
		}
		if n.Kind == yaml.ScalarNode && n.Value == "" {
			// Nothing may follow: what comes next can be another node.
			if next := p.skip(at); next >= len(p.text) || strings.IndexByte(`"'|>!&`, p.text[next]) < 0 || bytes.IndexByte(p.text[at:next], '\n') >= 0 {
				return at
			}
		}
		at = p.skip(at)
	}
	return at
}

// skip passes over blanks, line breaks and comments.
func (p *parser) skip(at int) int {
	for at < len(p.text) {
		switch {
		case isSpace(p.text[at]):
			at++
		case p.text[at] == '#' && (at == 0 || isSpace(p.text[at-1])):
			for at < len(p.text) && p.text[at] != '\n' && p.text[at] != '\r' {
				at++
			}
		default:
			return at
		}
	}
	return at
}

// flowEnd returns the offset behind the bracket that closes a collection whose
// last element ends at end.
func (p *parser) flowEnd(n *yaml.Node, start, end int) int {
	closing := byte(']')
	if n.Kind == yaml.MappingNode {
		closing = '}'
		if start >= len(p.text) || p.text[start] != '{' {
			return end // a single pair inside brackets: [a: b]
		}
	}
	at := end
	if end == start {
		at++
	}
	for at < len(p.text) {
		at = p.skip(at)
		if at < len(p.text) && p.text[at] == closing {
			return at + 1
		}
		at++
	}
	return len(p.text)
}

// scalarEnd returns the offset behind a scalar whose content begins at start.
func (p *parser) scalarEnd(n *yaml.Node, start int) int {
	switch {
	case start >= len(p.text):
		return len(p.text)
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for at := start + 1; at < len(p.text); at++ {
			switch p.text[at] {
			case '\\':
				at++
			case '"':
				return at + 1
			}
		}
		return len(p.text)
	case n.Style&yaml.SingleQuotedStyle != 0:
		for at := start + 1; at < len(p.text); at++ {
			if p.text[at] != '\'' {
				continue
			}
			if at+1 == len(p.text) || p.text[at+1] != '\'' {
				return at + 1
			}
			at++
		}
		return len(p.text)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return p.blockEnd(n, start)
	}
	return p.plainEnd(n.Value, start)
}

// plainEnd follows a plain scalar, whose lines are folded into one.
func (p *parser) plainEnd(text string, start int) int {
	if bytes.HasPrefix(p.text[start:], []byte(text)) {
		return start + len(text)
	}
	at := start
	for i := 0; i < len(text); i++ {
		if isSpace(text[i]) {
			continue
		}
		next := at
		for next < len(p.text) && isSpace(p.text[next]) {
			next++
		}
		if next >= len(p.text) || p.text[next] != text[i] {
			return at
		}
		at = next + 1
	}
	return at
}

// blockEnd follows a literal or folded scalar: the lines after its header that
// are indented as the first one, blank ones at the end left out.
func (p *parser) blockEnd(n *yaml.Node, start int) int {
	at := start
	for at < len(p.text) && p.text[at] != '\n' && p.text[at] != '\r' {
		at++
	}
	end := at
	for end > start && isSpace(p.text[end-1]) {
		end--
	}
	if strings.TrimSpace(n.Value) == "" {
		return end
	}
	indent := -1
	for at < len(p.text) {
		at++ // the line break; of \r\n the second one makes an empty line
		from := at
		for at < len(p.text) && p.text[at] == ' ' {
			at++
		}
		blanks := at - from
		for at < len(p.text) && p.text[at] != '\n' && p.text[at] != '\r' {
			at++
		}
		if len(bytes.TrimSpace(p.text[from:at])) == 0 {
			continue
		}
		if indent < 0 {
			indent = blanks
			if digit := bytes.IndexAny(p.text[start:min(start+3, len(p.text))], "123456789"); digit > 0 {
				indent = 1 // given outright, relative to what this does not know
			}
		}
		if blanks < indent {
			break
		}
		end = at
	}
	return end
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// lineStarts returns the offset of every line, as the YAML library counts
// them: it also takes a lone carriage return, NEL, LS and PS for a line break.
func lineStarts(text []byte) []int {
	at := 0
	if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
		at = 3
	}
	lines := []int{at}
	for ; at < len(text); at++ {
		switch c := text[at]; {
		case c == '\n',
			c == '\r' && (at+1 == len(text) || text[at+1] != '\n'),
			c == 0x85 && text[max(at-1, 0)] == 0xC2,
			(c == 0xA8 || c == 0xA9) && at >= 2 && text[at-1] == 0x80 && text[at-2] == 0xE2:
			lines = append(lines, at+1)
		}
	}
	return lines
}
