package terraform

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/loaders/hclsize"
)

// Limits on files. The parser calls itself for every level of nesting, and a
// stack that overflows ends the program.
const (
	maxFile    = 16 << 20 // bytes
	maxNesting = 250      // brackets, templates and operators inside one another
	maxDigits  = 4000     // of a number: the time to read one grows with their square
)

// pathError words an error of the file system without the path.
func pathError(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return err.Error()
}

// read returns a file of the input, once.
func (l *loader) read(name string) (*source.File, error) {
	if f, ok := l.files[name]; ok {
		return f, nil
	}
	if !fs.ValidPath(name) {
		return nil, fs.ErrInvalid
	}
	f, err := l.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(content) > maxFile {
		return nil, fmt.Errorf("larger than %d MiB, which is the most that is read", maxFile>>20)
	}
	if l.bytes += len(content); l.bytes > maxBytes {
		return nil, fmt.Errorf("the files of the module are larger than %d MiB together", maxBytes>>20)
	}
	file := source.NewFile(name, content)
	l.files[name] = file
	return file, nil
}

// maxBytes is how much one module reads.
const maxBytes = 256 << 20

// parse reads a file with configuration; nil when it cannot be read at all.
func (l *loader) parse(name string) *hclsyntax.Body {
	file, err := l.read(name)
	if err != nil {
		l.diags = append(l.diags, source.Diagnostic{Severity: source.Error, Path: name, Message: "cannot be read: " + pathError(err)})
		return nil
	}
	n := hclsize.Pieces(file.Content)
	if most := l.o.Share.Of(hclsize.Max, hclsize.Ordinary(l.bytes)); l.pieces+n > most {
		l.short = l.short || l.o.Share > 1
		l.errorf(source.Span{File: file}, "the configuration of the module is too large with this file, which is not analysed: expected at most %d elements, blocks and operators%s", most, l.besideOthers())
		return nil
	}
	l.pieces += n
	var body *hclsyntax.Body
	if strings.HasSuffix(name, ".json") {
		body = l.parseJSON(file)
	} else {
		body = l.parseHCL(file)
	}
	if body != nil {
		l.hideSecrets(file, body)
	}
	return body
}

func (l *loader) parseHCL(file *source.File) *hclsyntax.Body {
	text, start := file.Content, hcl.Pos{Line: 1, Column: 1}
	if why := source.NotText(text); why != "" {
		l.errorf(source.Span{File: file}, "%s", why)
		return nil
	}
	if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
		text, start.Byte = text[3:], 3
	}
	return l.parseText(text, file.Name, start)
}

// parseText parses a text whose places are known by a name.
func (l *loader) parseText(text []byte, name string, start hcl.Pos) *hclsyntax.Body {
	if at, why := tooMuch(text, name, start); why != "" {
		l.errorf(l.span(at), "%s", why)
		return nil
	}
	if marks(text) > maxMarks {
		at := l.span(hcl.Range{Filename: name})
		at.End = at.Start
		l.errorf(at, "the file is too large: expected at most %d quotes, brackets, commas, equals signs, backslashes and line ends; split it into several modules", maxMarks)
		return nil
	}
	syntax := l.o.Syntax
	if syntax == nil {
		syntax = &Syntax{}
	}
	body, diags := syntax.parse(text, name, start)
	if file := l.span(hcl.Range{Filename: name}).File; file != nil && diags.HasErrors() && mentionsSecrets(text) {
		file.Hide(0, len(file.Content)) // which of it is secret cannot be told
	}
	l.report(diags)
	return body
}

// besideOthers says why a limit is lower than that of a module alone.
func (l *loader) besideOthers() string {
	if l.o.Share > 1 {
		return " beside the other inputs of the run; analyse fewer at once"
	}
	return ""
}

// maxMarks is how many marks a file may have. The lexer and the parser take several
// microseconds and hundreds of bytes for each; ordinary resources of 5 MB have 900,000.
const maxMarks = 1_200_000

// marks counts the bytes that begin or end a token of HCL, about.
func marks(text []byte) int {
	n := 0
	for _, c := range text {
		switch c {
		case '"', ',', '=', '\n', '(', ')', '[', ']', '{', '}':
			n++
		case '\\', '\'', '`', ';', '@', '^', '~':
			n += 2 // outside of texts each is an error
		}
	}
	return n
}

// tooMuch reports where a text has more brackets inside one another, more
// operators one after the other, or a longer number, than the parser should be
// given, and says what is expected.
func tooMuch(text []byte, name string, start hcl.Pos) (at hcl.Range, why string) {
	if !mayBeDeep(text) && !mayBeLong(text) {
		return hcl.Range{}, ""
	}
	tokens, _ := hclsyntax.LexConfig(text, name, start)
	if at, deep := deepTokens(tokens); deep {
		return at, fmt.Sprintf("expected expressions nested at most %d levels deep", maxNesting)
	}
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenNumberLit && len(t.Bytes) > maxDigits {
			return t.Range, fmt.Sprintf("expected numbers of at most %d digits", maxDigits)
		}
	}
	return hcl.Range{}, ""
}

// mayBeLong is a quick look for as many digits, which may as well be in a text.
func mayBeLong(text []byte) bool {
	digits := 0
	for _, c := range text {
		if c < '0' || c > '9' {
			digits = 0
			continue
		}
		if digits++; digits > maxDigits/2 { // on either side of the point
			return true
		}
	}
	return false
}

// mayBeDeep is a quick look that rules out what tokens would rule out.
func mayBeDeep(text []byte) bool {
	depth, operators := 0, 0
	for _, c := range text {
		switch c {
		case '(', '[', '{':
			depth++
			operators++
		case ')', ']', '}':
			depth = max(depth-1, 0)
		case '!', '-', '?', ':', '.':
			operators++
		case '\n', ',', '"':
			if depth < maxNesting/2 {
				operators = 0
			}
		}
		if depth+operators > maxNesting {
			return true
		}
	}
	return false
}

// deepTokens counts, at every level of brackets, the operators that the parser
// reads by calling itself until the expression ends.
func deepTokens(tokens hclsyntax.Tokens) (hcl.Range, bool) {
	type level struct {
		opened hclsyntax.TokenType
		nested int
	}
	levels := []level{{opened: hclsyntax.TokenOBrace}} // a file is like a block
	total := 0
	for _, t := range tokens {
		top := &levels[len(levels)-1]
		switch t.Type {
		case hclsyntax.TokenOParen, hclsyntax.TokenOBrack, hclsyntax.TokenOBrace, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl,
			hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			if t.Type != hclsyntax.TokenTemplateInterp {
				top.nested++ // indexes, calls and directives, one after the other, nest as well
				total++
			}
			levels = append(levels, level{opened: t.Type})
		case hclsyntax.TokenCParen, hclsyntax.TokenCBrack, hclsyntax.TokenCBrace, hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			if len(levels) > 1 {
				total -= top.nested
				levels = levels[:len(levels)-1]
			}
		case hclsyntax.TokenComma, hclsyntax.TokenNewline:
			if t.Type == hclsyntax.TokenComma || top.opened == hclsyntax.TokenOBrace {
				total -= top.nested
				top.nested = 0
			}
		case hclsyntax.TokenBang, hclsyntax.TokenMinus, hclsyntax.TokenQuestion, hclsyntax.TokenStar, hclsyntax.TokenDot:
			top.nested++
			total++
		}
		if total+len(levels) > 2*maxNesting {
			return t.Range, true
		}
	}
	return hcl.Range{}, false
}
