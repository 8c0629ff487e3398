// Package rego runs the rules that users write in Rego over what was analysed:
// resources with their policies, and the access that is proven. It is the only
// package that knows Open Policy Agent, whose parser and evaluator it uses with
// everything taken away that reaches out of the process or is not the same in
// every run. Rules can add findings; they change no verdict.
//
// https://www.openpolicyagent.org/docs/policy-language
package rego

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// Rule is one rule: a package below iaclint.rules that has findings.
type Rule struct {
	finding.Rule
	Package string      // iaclint.rules.x
	Span    source.Span // of its id
	Finding source.Span // of its first "finding"
}

// Set is what the files of a configuration say, compiled.
type Set struct {
	Rules    []Rule // in the order of their ids
	files    map[string]*source.File
	compiler *ast.Compiler
	modules  []*ast.Module
	tests    []test
}

// Options of compiling.
type Options struct {
	Reserved []string // ids that are taken: those of the rules of the program
	Tests    bool     // the files have tests in them, which run
}

// TestSuffix ends the names of files with tests.
const TestSuffix = "_test.rego"

// root is the package that rules are below.
const root = "iaclint.rules"

// findings is the name of what a rule finds.
const findings = "finding"

// Compile reads rules and what they use. All that is wrong is told, as far as it
// can be told at once; without a Set nothing can run.
func Compile(files []*source.File, o Options) (*Set, []source.Diagnostic) {
	c := compilation{set: &Set{files: map[string]*source.File{}}, options: o}
	var wrong []source.Diagnostic
	err := within(compileTime, compileMemory, func() { wrong = c.compile(files) })
	if err != nil {
		return nil, []source.Diagnostic{{Severity: source.Error, Path: files[0].Name, Message: "the rules cannot be compiled: " + err.Error()}}
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return c.set, nil
}

// notText returns the offset of the first byte that is not UTF-8, or is a zero; -1:
// there is none.
func notText(content []byte) int {
	for i := 0; i < len(content); {
		r, size := utf8.DecodeRune(content[i:])
		if r == utf8.RuneError && size == 1 || r == 0 {
			return i
		}
		i += size
	}
	return -1
}

type compilation struct {
	options Options
	set     *Set
	wrong   []source.Diagnostic
}

func (c *compilation) compile(files []*source.File) []source.Diagnostic {
	modules := map[string]*ast.Module{}
	able := capabilities()
	for _, f := range files {
		c.set.files[f.Name] = f
		if !c.sized(f) {
			continue
		}
		if len(strings.TrimSpace(string(f.Content))) == 0 {
			c.errorf(source.Span{File: f}, "nothing is in the file; a package is expected")
			continue
		}
		// The parser has an error for each such byte, and quotes the line in each.
		if at := notText(f.Content); at >= 0 {
			c.errorf(source.Span{File: f, Start: at, End: at + 1}, "the file is not UTF-8")
			continue
		}
		m, err := ast.ParseModuleWithOpts(f.Name, string(f.Content), ast.ParserOptions{Capabilities: able, ProcessAnnotation: true, RegoVersion: ast.RegoV1})
		if err != nil {
			c.wrong = append(c.wrong, c.set.errors(f, err)...)
			continue
		}
		modules[f.Name] = m
		c.set.modules = append(c.set.modules, m)
	}
	if len(c.wrong) > 0 {
		return c.wrong
	}
	c.rules()
	c.literals()
	if len(c.wrong) > 0 {
		return c.wrong
	}
	compiler := ast.NewCompiler().WithCapabilities(withOurs(able)).WithSchemas(schemas()).
		WithEnablePrintStatements(c.options.Tests).WithUseTypeCheckAnnotations(true).WithDefaultRegoVersion(ast.RegoV1)
	compiler.Compile(modules)
	if compiler.Failed() {
		for _, e := range compiler.Errors {
			c.wrong = append(c.wrong, c.set.diagnostic(e))
		}
		slices.SortStableFunc(c.wrong, compareDiagnostics)
		return slices.Compact(c.wrong)
	}
	c.set.compiler = compiler
	c.tests()
	return nil
}

// sized refuses files that nobody writes: what a parser makes of them is a
// multiple of their size, and the nesting of brackets is the depth of its stack.
func (c *compilation) sized(f *source.File) bool {
	if len(f.Content) > largestFile {
		c.errorf(source.Span{File: f}, "larger than %d KiB, which is the most that is read", largestFile>>10)
		return false
	}
	depth := 0
	for i, b := range f.Content {
		switch b {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(0, depth-1)
		}
		if depth > deepest {
			c.errorf(source.Span{File: f, Start: i, End: i + 1}, "brackets are nested more than %d deep", deepest)
			return false
		}
	}
	return true
}

func (c *compilation) errorf(at source.Span, format string, args ...any) {
	c.wrong = append(c.wrong, source.Diagnostic{Severity: source.Error, Span: at, Message: fmt.Sprintf(format, args...)})
}

// rules finds the packages that are rules, and what is said of them.
func (c *compilation) rules() {
	type pkg struct {
		name  string
		first *ast.Module
		notes []*ast.Annotations
		finds []*ast.Rule
	}
	packages := map[string]*pkg{}
	for _, m := range c.set.modules {
		name := packageName(m.Package)
		p := packages[name]
		if p == nil {
			p = &pkg{name: name, first: m}
			packages[name] = p
		}
		for _, a := range m.Annotations {
			if a.Scope == "package" {
				p.notes = append(p.notes, a)
			}
		}
		for _, r := range m.Rules {
			if r.Head.Ref()[0].Equal(ast.VarTerm(findings)) {
				p.finds = append(p.finds, r)
			}
		}
	}
	byID := map[string]Rule{}
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		p := packages[name]
		if name != root && !strings.HasPrefix(name, root+".") || name == root {
			if len(p.finds) > 0 {
				c.errorf(c.set.span(p.finds[0].Loc()), "a rule is a package below %s; package %s has findings that nobody asks for", root, name)
			}
			continue
		}
		if strings.HasSuffix(name, "_test") && len(p.finds) == 0 {
			continue
		}
		var note *ast.Annotations
		for _, a := range p.notes {
			if note != nil {
				c.errorf(c.set.span(a.Loc()), "package %s has METADATA in two places; keep one", name)
			}
			note = a
		}
		if len(p.finds) == 0 {
			if note != nil && note.Custom["id"] != nil {
				c.errorf(c.set.span(note.Loc()), "rule %v has no %s: write \"%s contains {\\\"at\\\": …, \\\"message\\\": …} if { … }\"", note.Custom["id"], findings, findings)
			}
			continue
		}
		if note == nil {
			c.errorf(c.set.span(p.first.Package.Loc()), "package %s has findings and no METADATA: title, custom.id and custom.severity are expected in a comment before \"package\"", name)
			continue
		}
		for _, r := range p.finds {
			if r.Head.RuleKind() != ast.MultiValue || len(r.Head.Ref()) != 1 || len(r.Head.Args) > 0 {
				c.errorf(c.set.span(r.Loc()), "%s of a rule is a set: write \"%s contains {…} if { … }\"", findings, findings)
			}
		}
		rule, ok := c.rule(note)
		if !ok {
			continue
		}
		rule.Package, rule.Finding = name, c.set.span(p.finds[0].Loc())
		if other, taken := byID[rule.ID]; taken {
			c.errorf(rule.Span, "id %q is that of package %s as well", rule.ID, other.Package)
		}
		byID[rule.ID] = rule
	}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		c.set.Rules = append(c.set.Rules, byID[id])
	}
}

// literals checks the actions that rules ask about by name: what is misspelt would
// have no answer.
func (c *compilation) literals() {
	check := func(terms []*ast.Term, at *ast.Location) {
		if len(terms) < 3 || !slices.Contains([]string{prefix + "who", prefix + "grants", prefix + "granted"}, terms[0].String()) {
			return
		}
		var list []string
		switch v := terms[2].Value.(type) {
		case ast.String:
			list = []string{string(v)}
		case *ast.Array:
			v.Foreach(func(t *ast.Term) {
				if s, ok := t.Value.(ast.String); ok {
					list = append(list, string(s))
				}
			})
		}
		if err := known(list); err != nil {
			c.errorf(c.set.span(at), "%s: %s", terms[0], err)
		}
	}
	for _, m := range c.set.modules {
		ast.NewGenericVisitor(func(x any) bool {
			switch x := x.(type) {
			case *ast.Expr:
				if terms, ok := x.Terms.([]*ast.Term); ok {
					check(terms, x.Loc())
				}
			case *ast.Term:
				if call, ok := x.Value.(ast.Call); ok {
					check(call, x.Loc())
				}
			}
			return false
		}).Walk(m)
	}
}

var ruleID = once.Regexp(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// rule reads the METADATA of a rule.
func (c *compilation) rule(a *ast.Annotations) (out Rule, ok bool) {
	before := len(c.wrong)
	at := c.set.span(a.Loc())
	out.Span = at
	text := func(name string) string {
		v, there := a.Custom[name]
		s, isText := v.(string)
		if there && !isText {
			c.errorf(c.line(at, name), "custom.%s must be a text, in quotes", name)
		}
		return strings.TrimSpace(s)
	}
	out.Summary = strings.TrimSuffix(strings.TrimSpace(a.Title), ".")
	if out.Summary == "" {
		c.errorf(at, "METADATA has no title: what the rule finds is expected, in one line")
	}
	out.Description = strings.TrimSpace(a.Description)
	out.Help = strings.TrimSpace(text("help"))
	out.ID = text("id")
	switch {
	case a.Custom["id"] == nil:
		c.errorf(at, "METADATA has no custom.id: words of lower case letters and digits with - between them are expected")
	case !ruleID().MatchString(out.ID):
		c.errorf(c.line(at, "id"), "id %q is not made of words of lower case letters and digits with - between them", out.ID)
	case slices.Contains(c.options.Reserved, out.ID):
		c.errorf(c.line(at, "id"), "id %q is that of a rule of iaclint", out.ID)
	}
	out.Span = c.line(at, "id")
	out.Severity = finding.Severity(text("severity"))
	var valid []string
	for _, s := range finding.Severities {
		valid = append(valid, string(s))
	}
	switch {
	case a.Custom["severity"] == nil:
		c.errorf(at, "METADATA has no custom.severity: one of %s is expected", strings.Join(valid, ", "))
	case out.Severity.Rank() == 0:
		c.errorf(c.line(at, "severity"), "severity %q is unknown%s", out.Severity, hint(string(out.Severity), valid))
	}
	out.Page, out.Own = page(out.Rule), true
	return out, len(c.wrong) == before
}

// Text is what a rule is about, in Markdown.
func Text(r finding.Rule) string {
	if r.Description != "" || r.Summary == "" {
		return r.Description
	}
	return strings.ToUpper(r.Summary[:1]) + r.Summary[1:] + "."
}

// page is what explains a rule, in Markdown.
func page(r finding.Rule) string {
	text := Text(r)
	if r.Help != "" {
		text += "\n\n**What to do:** " + strings.TrimSuffix(r.Help, ".") + "."
	}
	return text + "\n"
}

// hint names the word that was probably meant.
func hint(word string, valid []string) string {
	if near := spelling.Nearest(word, valid); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return "; valid are " + strings.Join(valid, ", ")
}

// line is the line of a METADATA comment that a key stands in, else the comment.
func (c *compilation) line(at source.Span, key string) source.Span {
	if at.File == nil {
		return at
	}
	start := at.Start
	for line := range strings.Lines(string(at.File.Content[at.Start:])) {
		text := strings.TrimSpace(line)
		if !strings.HasPrefix(text, "#") {
			break
		}
		if strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(text, "#")), key+":") {
			i := strings.Index(line, key+":")
			return source.Span{File: at.File, Start: start + i, End: start + len(strings.TrimRight(line, "\r\n "))}
		}
		start += len(line)
	}
	return at
}

// packageName is the name of a package as it is written.
func packageName(p *ast.Package) string {
	return strings.TrimPrefix(p.Path.String(), "data.")
}

// span is the place of something in a rule.
func (s *Set) span(l *ast.Location) source.Span {
	if l == nil || s.files[l.File] == nil {
		return source.Span{}
	}
	f := s.files[l.File]
	end := l.Offset
	if end >= 0 && end <= len(f.Content) {
		text := l.Text
		if i := slices.Index(text, '\n'); i >= 0 {
			text = text[:i]
		}
		end = min(len(f.Content), end+max(len(text), 1))
	}
	return source.Span{File: f, Start: l.Offset, End: end}
}

func compareDiagnostics(a, b source.Diagnostic) int {
	return cmp.Or(cmp.Compare(a.Span.Path(), b.Span.Path()), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Message, b.Message))
}
