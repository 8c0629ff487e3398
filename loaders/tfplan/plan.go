package tfplan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/iaclint/iaclint/analysis/source"
)

// plan is the outline of a plan or a state: where its parts are.
//
// https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
type plan struct {
	text
	parts map[string]piece // by top-level key
	noun  string           // plan or state, for people
	diags []source.Diagnostic
}

// maxDepth of the nesting of values. Terraform nests a module in four levels.
const maxDepth = 300

var utf8BOM = []byte("\xef\xbb\xbf")

// open checks the syntax of a plan and finds its parts. What follows an error is
// not read; what precedes it is.
func open(f *source.File) *plan {
	p := &plan{parts: map[string]piece{}, noun: "plan"}
	if kindOf(f.Content) == stateJSON {
		p.noun = "state"
	}
	p.ends = map[int]int{}
	p.content = f.Content
	p.file = &source.File{Name: f.Name, Content: f.Content, Unquoted: true}
	if i := invalidUTF8(f.Content); i >= 0 {
		p.errorf(piece{i, i + 1}, "expected UTF-8, found the byte %#02x", f.Content[i])
		p.content = f.Content[:i]
	}
	base := 0
	if bytes.HasPrefix(p.content, utf8BOM) {
		base = len(utf8BOM)
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(p.content[base:]), jsontext.AllowDuplicateNames(true))
	fail := func(err error) *plan {
		at := base + int(d.InputOffset())
		var syntax *jsontext.SyntacticError
		message := "the " + p.noun + " breaks off"
		if errors.As(err, &syntax) && !errors.Is(err, io.ErrUnexpectedEOF) {
			at = max(at, base+int(syntax.ByteOffset))
			message = "invalid JSON in the " + p.noun + ": " + syntax.Err.Error()
		}
		at = min(at, len(p.content))
		p.errorf(piece{at, min(at+1, len(p.content))}, "%s; only what precedes it is read: write the %s again with terraform show -json", message, p.noun)
		return p
	}
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		if err == nil {
			err = errors.New("no object")
		}
		return fail(err)
	}
	for d.PeekKind() == '"' {
		raw, err := d.ReadValue()
		if err != nil {
			return fail(err)
		}
		key := piece{base + int(d.InputOffset()) - len(raw), base + int(d.InputOffset())}
		name, _ := p.str(key)
		start := p.space(key.end)
		if start < len(p.content) {
			start = p.space(start + 1)
		}
		err = p.skip(d, base)
		if _, twice := p.parts[name]; twice {
			p.errorf(key, "the key %q is written twice, expected it once; the last counts", name)
		}
		p.parts[name] = piece{start, max(start, base+int(d.InputOffset()))}
		if err != nil {
			if start < len(p.content) {
				p.parts[name] = piece{start, len(p.content)} // as far as it goes
			}
			return fail(err)
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return fail(err)
	}
	if end := p.space(base + int(d.InputOffset())); end < len(p.content) {
		p.errorf(piece{end, end + 1}, "expected the end of the file after the %s", p.noun)
	}
	return p
}

// skip moves over one value, and notes where long ones end.
func (p *plan) skip(d *jsontext.Decoder, base int) error {
	depth := d.StackDepth()
	var starts []int
	for {
		kind := d.PeekKind()
		if (kind == '{' || kind == '[') && d.StackDepth() >= maxDepth {
			return &jsontext.SyntacticError{ByteOffset: d.InputOffset(), Err: fmt.Errorf("expected values nested at most %d levels deep", maxDepth)}
		}
		if _, err := d.ReadToken(); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
		at := base + int(d.InputOffset())
		switch kind {
		case '{', '[':
			starts = append(starts, at-1)
		case '}', ']':
			start := starts[len(starts)-1]
			starts = starts[:len(starts)-1]
			if at-start >= long {
				p.ends[start] = at
			}
		}
		if d.StackDepth() == depth {
			return nil
		}
	}
}

func invalidUTF8(content []byte) int {
	if utf8.Valid(content) {
		return -1
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(content[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
}

func (p *plan) say(s source.Severity, at piece, format string, args ...any) {
	p.diags = append(p.diags, source.Diagnostic{Severity: s, Path: p.file.Name, Span: p.span(at), Message: fmt.Sprintf(format, args...)})
}

func (p *plan) errorf(at piece, format string, args ...any) { p.say(source.Error, at, format, args...) }

func (p *plan) warnf(at piece, format string, args ...any) {
	p.say(source.Warning, at, format, args...)
}
