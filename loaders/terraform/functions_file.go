package terraform

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// maxMatches is how many files fileset lists.
const maxMatches = 10_000

// filePath returns the path in the input of a file that a function names, or
// why it is not read. Terraform takes relative paths from the directory that it
// runs in, the root module's.
func (c *call) filePath(i int) (name string, known bool, why string) {
	v := c.args[i]
	t, ok := v.scalarText()
	if !ok {
		return "", false, "expected a path"
	}
	s, known := t.Known()
	if !known && len(t.Parts) == 2 && t.Parts[0].Ref != nil && t.Parts[0].Ref.Name == "path.cwd" && strings.HasPrefix(t.Parts[1].Literal, "/") {
		s, known = "."+t.Parts[1].Literal, true
	}
	if name, below := belowTop(t); below && !known && v.maybe == nil {
		if !fs.ValidPath(name) {
			return "", false, outsidePath
		}
		return name, true, ""
	}
	if !known || v.maybe != nil {
		return "", false, ""
	}
	name, why = c.l.confined(s)
	return name, true, why
}

// confined returns the path in the input of one that is relative to the root
// module.
func (l *loader) confined(s string) (name, why string) {
	switch {
	case path.IsAbs(s), strings.HasPrefix(s, "~"), len(s) > 1 && s[1] == ':':
		return "", "the path is not in the directory that is analysed: only relative paths are read"
	case strings.ContainsRune(s, 0):
		return "", "the path is not valid"
	}
	name = path.Join(l.root, strings.ReplaceAll(s, `\`, "/"))
	if !fs.ValidPath(name) {
		return "", outsidePath
	}
	if l.beside != "" {
		if _, err := fs.Stat(l.fsys, name); err != nil {
			if own := path.Join(l.beside, strings.ReplaceAll(s, `\`, "/")); fs.ValidPath(own) {
				return own, ""
			}
		}
	}
	return name, ""
}

const outsidePath = "the path leads out of the directory that is analysed"

// content returns a file that a function names; ok is false after an error, and
// the file is nil when its name is not known.
func (c *call) content() (f *source.File, ok bool) {
	name, known, why := c.filePath(0)
	if why != "" {
		c.errorf("%s", why)
		return nil, false
	}
	if !known {
		return nil, true
	}
	f, err := c.l.read(name)
	if err != nil {
		c.errorf("file %q cannot be read: %s", name, pathError(err))
		return nil, false
	}
	return f, c.l.spend(len(f.Content), c.span)
}

func file(c *call) *val {
	f, ok := c.content()
	switch {
	case !ok:
		return c.l.failed(c.span)
	case f == nil:
		return c.derived()
	case !utf8.Valid(f.Content):
		return c.errorf("file %q is not in UTF-8; use filebase64", f.Name)
	}
	c.l.takes(f)
	span := source.Span{File: f, End: len(f.Content)}
	v := textVal(string(f.Content), span)
	v.chunks = []chunk{{value.Part{Literal: v.text.Literal}, span}}
	return v
}

// takes notes that the text of a file is part of the module, so that it is not judged
// alone as well. A template is: it may be uploaded, and deployed from there.
func (l *loader) takes(f *source.File) {
	if !bytes.Contains(f.Content, []byte("Resources")) {
		l.taken[f.Name] = true
	}
}

// decodeVariables reads a text as a file of variables is read.
//
// https://developer.hashicorp.com/terraform/language/functions/terraform-decode_tfvars
func decodeVariables(c *call) *val {
	v := c.args[0]
	if _, ok := c.textArg(0); !ok {
		return c.l.failed(c.span)
	}
	s, known := v.known()
	if !known {
		return c.derived()
	}
	name, start := c.l.alias(v.placed(c.span).span), hcl.InitialPos
	if f := v.span.File; f != nil && c.l.files[f.Name] == f && string(f.Content) == s {
		name = f.Name
	}
	if _, why := tooMuch([]byte(s), name, start); why != "" {
		return c.errorf("%s", why)
	}
	parsed, diags := hclsyntax.ParseConfig([]byte(s), name, start)
	if diags.HasErrors() {
		return c.errorf("expected name = value on each line: %s", diags[0].Summary)
	}
	body, _ := parsed.Body.(*hclsyntax.Body)
	if len(body.Blocks) > 0 {
		return c.errorf("expected name = value on each line, found the block %q", body.Blocks[0].Type)
	}
	sc := &scope{only: true}
	if c.sc != nil {
		sc.m = c.sc.m
	}
	var fields []field
	for _, a := range sortedAttributes(body) {
		fields = append(fields, field{key: a.Name, span: c.l.span(a.NameRange), val: c.l.eval(a.Expr, sc)})
	}
	return mapVal(fields, c.span)
}

// onFile makes a function of one on the bytes of a file.
func onFile(g func(string) (string, error)) func(*call) *val {
	return func(c *call) *val {
		if name, known, why := c.filePath(0); known && why == "" {
			// What is packed before deployment may not be there yet; its hash says
			// nothing about access.
			if _, err := fs.Stat(c.l.fsys, name); errors.Is(err, fs.ErrNotExist) {
				return c.derived()
			}
		}
		f, ok := c.content()
		if !ok {
			return c.l.failed(c.span)
		}
		if f == nil {
			return c.derived()
		}
		out, err := g(string(f.Content))
		if err != nil {
			return c.errorf("%s", err)
		}
		return textVal(out, c.span)
	}
}

func fileExists(c *call) *val {
	name, known, why := c.filePath(0)
	switch {
	case why != "":
		return c.errorf("%s", why)
	case !known:
		return c.derived()
	}
	info, err := fs.Stat(c.l.fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return boolVal(false, c.span)
	case err != nil:
		return c.errorf("file %q cannot be read: %s", name, pathError(err))
	case !info.Mode().IsRegular():
		return c.errorf("%q is not a regular file", name)
	}
	return boolVal(true, c.span)
}

var errTooMany = errors.New("too many files")

func fileSet(c *call) *val {
	dir, known, why := c.filePath(0)
	pattern, patternKnown := c.args[1].known()
	switch {
	case why != "":
		return c.errorf("%s", why)
	case !known || !patternKnown:
		return c.derived()
	case path.IsAbs(pattern) || strings.Contains("/"+pattern+"/", "/../"):
		return c.errorf("the pattern leads out of the directory that is analysed")
	case strings.Count(pattern, "**") > 3 || len(pattern) > 500:
		return c.errorf("the pattern is too long")
	}
	sub, err := fs.Sub(c.l.fsys, dir)
	if err != nil {
		return c.errorf("directory %q cannot be read: %s", dir, pathError(err))
	}
	var items []*val
	err = doublestar.GlobWalk(sub, pattern, func(name string, d fs.DirEntry) error {
		if len(items) >= maxMatches || !c.l.spend(len(name), c.span) {
			return errTooMany
		}
		items = append(items, textVal(name, c.span))
		return nil
	}, doublestar.WithFilesOnly(), doublestar.WithNoFollow())
	if err != nil {
		return c.errorf("files of %q: %s", dir, pathError(err))
	}
	return setOf(items, c.span)
}

func templateFile(c *call) *val {
	f, ok := c.content()
	switch {
	case !ok:
		return c.l.failed(c.span)
	case f == nil:
		return c.derived()
	case !utf8.Valid(f.Content):
		return c.errorf("file %q is not in UTF-8", f.Name)
	}
	c.l.takes(f)
	return c.l.rendered(string(f.Content), f.Name, 0, c.args[1], c.span)
}
