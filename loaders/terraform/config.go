package terraform

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/iaclint/iaclint/analysis/source"
)

// config is what the files of one directory declare.
type config struct {
	dir       string
	variables map[string]*variable
	locals    map[string]*hclsyntax.Attribute
	outputs   map[string]*hclsyntax.Block
	// resources maps type.name, and data.type.name of data sources.
	resources map[string]*hclsyntax.Block
	modules   map[string]*hclsyntax.Block
	providers map[string]*hclsyntax.Block // by name, with the alias: aws, aws.eu
	order     []string                    // keys of resources, in the order of files and lines
	calls     []string                    // keys of modules, likewise
	provided  []string                    // keys of providers, likewise
	empty     bool                        // no file was read
	unread    string                      // why the directory cannot be read
}

// variable is a declared input.
type variable struct {
	name      string
	block     *hclsyntax.Block
	ty        cty.Type
	defaults  *typeexpr.Defaults
	sensitive bool
	nonNull   bool
	allowed   []string // the only values, where a validation tells
}

// moduleFile reports whether a name is that of a file with configuration.
func moduleFile(name string) bool {
	return !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, "~") && extension(name) != ""
}

func extension(name string) string {
	for _, e := range []string{".tf", ".tf.json", ".tofu", ".tofu.json"} {
		if strings.HasSuffix(name, e) {
			return e
		}
	}
	return ""
}

// configFiles returns the names of a directory's files that are read: of x.tf
// and x.tofu, the latter; what overrides others comes last.
//
// https://opentofu.org/docs/language/files/
// https://developer.hashicorp.com/terraform/language/files/override
func configFiles(entries []fs.DirEntry) []string {
	var names []string
	have := map[string]bool{}
	for _, e := range entries {
		if !e.IsDir() && moduleFile(e.Name()) {
			have[e.Name()] = true
			names = append(names, e.Name())
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return strings.HasSuffix(name, ".tf") && have[strings.TrimSuffix(name, ".tf")+".tofu"] ||
			strings.HasSuffix(name, ".tf.json") && have[strings.TrimSuffix(name, ".tf.json")+".tofu.json"]
	})
	slices.SortStableFunc(names, func(a, b string) int {
		if x, y := isOverride(a), isOverride(b); x != y {
			if x {
				return 1
			}
			return -1
		}
		return strings.Compare(a, b)
	})
	return names
}

func isOverride(name string) bool {
	base := strings.TrimSuffix(name, extension(name))
	return base == "override" || strings.HasSuffix(base, "_override")
}

// config reads a directory once.
func (l *loader) config(dir string) *config {
	if c, ok := l.configs[dir]; ok {
		return c
	}
	c := &config{
		dir: dir, variables: map[string]*variable{}, locals: map[string]*hclsyntax.Attribute{}, outputs: map[string]*hclsyntax.Block{},
		resources: map[string]*hclsyntax.Block{}, modules: map[string]*hclsyntax.Block{}, providers: map[string]*hclsyntax.Block{},
	}
	l.configs[dir] = c
	entries, err := fs.ReadDir(l.fsys, dir)
	if err != nil {
		c.unread = pathError(err)
	}
	entries, at := l.withBeside(dir, entries)
	names := configFiles(entries)
	if l.only != "" && dir == l.root {
		names = []string{l.only}
	}
	c.empty = len(names) == 0
	for _, name := range names {
		if dir == l.root && slices.Contains(l.replaced, name) {
			continue
		}
		body := l.parse(at(name))
		if body == nil {
			continue
		}
		for _, b := range body.Blocks {
			l.declare(c, b, isOverride(name))
		}
		for _, a := range sortedAttributes(body) {
			l.errorf(l.span(a.NameRange), "%q does not belong here, expected a block such as resource or variable", a.Name)
		}
	}
	return c
}

// withBeside adds to the files of the root module those of the unit, which
// Terragrunt copies into a copy of it, and tells where each is.
func (l *loader) withBeside(dir string, entries []fs.DirEntry) (all []fs.DirEntry, at func(name string) string) {
	if l.beside == "" || dir != l.root || l.beside == dir {
		return entries, func(name string) string { return path.Join(dir, name) }
	}
	more, err := fs.ReadDir(l.fsys, l.beside)
	if err != nil {
		more = nil
	}
	own := map[string]bool{}
	for _, e := range more {
		own[e.Name()] = !e.IsDir()
	}
	all = slices.DeleteFunc(slices.Clone(entries), func(e fs.DirEntry) bool { return own[e.Name()] })
	return append(all, more...), func(name string) string {
		if own[name] {
			return path.Join(l.beside, name)
		}
		return path.Join(dir, name)
	}
}

// topLevel are the blocks of the language, and how many labels each has.
//
// https://developer.hashicorp.com/terraform/language
var topLevel = map[string]int{
	"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "locals": 0,
	"terraform": 0, "moved": 0, "removed": 0, "import": 0, "check": 1, "list": 2, "action": 2,
}

func (l *loader) declare(c *config, b *hclsyntax.Block, override bool) {
	labels, ok := topLevel[b.Type]
	if !ok {
		var names []string
		for n := range topLevel {
			names = append(names, n)
		}
		slices.Sort(names)
		message := fmt.Sprintf("block %q is unknown", b.Type)
		if near := spelling.Nearest(b.Type, names); near != "" {
			message += fmt.Sprintf("; did you mean %q?", near)
		}
		l.errorf(l.span(b.TypeRange), "%s", message)
		return
	}
	if len(b.Labels) != labels {
		l.errorf(l.span(b.TypeRange), "block %q needs %d labels, found %d", b.Type, labels, len(b.Labels))
		return
	}
	add := func(m map[string]*hclsyntax.Block, key string, order *[]string) {
		before, twice := m[key]
		switch {
		case !twice:
			m[key] = b
			if order != nil {
				*order = append(*order, key)
			}
		case override:
			m[key] = overridden(before, b)
		default:
			l.errorf(l.span(b.TypeRange), "%s %q is declared twice", b.Type, key)
		}
	}
	switch b.Type {
	case "resource":
		add(c.resources, b.Labels[0]+"."+b.Labels[1], &c.order)
	case "data":
		add(c.resources, "data."+b.Labels[0]+"."+b.Labels[1], &c.order)
	case "module":
		add(c.modules, b.Labels[0], &c.calls)
	case "output":
		add(c.outputs, b.Labels[0], nil)
	case "provider":
		key := b.Labels[0]
		if a := b.Body.Attributes["alias"]; a != nil {
			if alias := l.constant(a.Expr); alias != "" {
				key += "." + alias
			}
		}
		add(c.providers, key, &c.provided)
	case "locals":
		for _, a := range sortedAttributes(b.Body) {
			if _, twice := c.locals[a.Name]; twice && !override {
				l.errorf(l.span(a.NameRange), "local value %q is declared twice", a.Name)
				continue
			}
			c.locals[a.Name] = a
		}
	case "variable":
		l.declareVariable(c, b, override)
	}
}

// overridden returns a block with the arguments and blocks that another of the
// same name puts in the place of its own.
func overridden(base, over *hclsyntax.Block) *hclsyntax.Block {
	body := *base.Body
	body.Attributes = hclsyntax.Attributes{}
	for n, a := range base.Body.Attributes {
		body.Attributes[n] = a
	}
	for n, a := range over.Body.Attributes {
		body.Attributes[n] = a
	}
	replaced := map[string]bool{}
	for _, b := range over.Body.Blocks {
		replaced[blockName(b)] = true
	}
	body.Blocks = nil
	for _, b := range base.Body.Blocks {
		if !replaced[blockName(b)] {
			body.Blocks = append(body.Blocks, b)
		}
	}
	body.Blocks = append(body.Blocks, over.Body.Blocks...)
	block := *base
	block.Body = &body
	return &block
}

// blockName returns what a nested block makes: itself, or what a dynamic block makes.
func blockName(b *hclsyntax.Block) string {
	if b.Type == "dynamic" && len(b.Labels) == 1 {
		return b.Labels[0]
	}
	return b.Type
}

func sortedAttributes(b *hclsyntax.Body) []*hclsyntax.Attribute {
	list := make([]*hclsyntax.Attribute, 0, len(b.Attributes))
	for _, a := range b.Attributes {
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b *hclsyntax.Attribute) int {
		if d := a.NameRange.Start.Byte - b.NameRange.Start.Byte; d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list
}

// constant returns the text of a literal, "" for any other expression.
func (l *loader) constant(e hclsyntax.Expression) string {
	switch x := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return l.constant(x.Expression)
	case *hclsyntax.TemplateExpr:
		if len(x.Parts) == 1 {
			return l.constant(x.Parts[0])
		}
	case *hclsyntax.LiteralValueExpr:
		switch {
		case x.Val.IsNull() || !x.Val.IsKnown():
		case x.Val.Type() == cty.String:
			return x.Val.AsString()
		case x.Val.Type() == cty.Bool:
			return strconv.FormatBool(x.Val.True())
		}
	}
	return ""
}

func (l *loader) declareVariable(c *config, b *hclsyntax.Block, override bool) {
	name := b.Labels[0]
	if before, twice := c.variables[name]; twice {
		if !override {
			l.errorf(l.span(b.TypeRange), "variable %q is declared twice", name)
			return
		}
		b = overridden(before.block, b)
	}
	v := &variable{name: name, block: b, ty: cty.DynamicPseudoType}
	if a := b.Body.Attributes["type"]; a != nil {
		v.ty, v.defaults = l.typeOf(a.Expr)
	}
	if a := b.Body.Attributes["sensitive"]; a != nil {
		v.sensitive = l.constant(a.Expr) != "false"
	}
	if a := b.Body.Attributes["ephemeral"]; a != nil {
		v.sensitive = v.sensitive || l.constant(a.Expr) != "false"
	}
	if a := b.Body.Attributes["nullable"]; a != nil {
		v.nonNull = l.constant(a.Expr) == "false"
	}
	for _, nested := range b.Body.Blocks {
		if a := nested.Body.Attributes["condition"]; nested.Type == "validation" && a != nil && v.allowed == nil {
			v.allowed = l.allowedValues(a.Expr, name)
		}
	}
	c.variables[name] = v
}

// typeOf reads a type constraint, those in quotes of old versions included.
func (l *loader) typeOf(e hclsyntax.Expression) (cty.Type, *typeexpr.Defaults) {
	s := l.constant(e)
	if t, ok := e.(*hclsyntax.ScopeTraversalExpr); ok && len(t.Traversal) == 1 {
		s = t.Traversal.RootName()
	}
	switch s {
	case "list":
		return cty.List(cty.DynamicPseudoType), nil
	case "map":
		return cty.Map(cty.DynamicPseudoType), nil
	case "set":
		return cty.Set(cty.DynamicPseudoType), nil
	}
	if s != "" {
		parsed, diags := hclsyntax.ParseExpression([]byte(s), e.Range().Filename, hcl.Pos{Line: 1, Column: 1, Byte: e.Range().Start.Byte + 1})
		if diags.HasErrors() {
			l.report(diags)
			return cty.DynamicPseudoType, nil
		}
		e = parsed
	}
	if hasFor(e) {
		l.errorf(l.span(e.Range()), "a type must not have a for expression in it")
		return cty.DynamicPseudoType, nil
	}
	ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(e)
	if diags.HasErrors() {
		l.report(diags)
		return cty.DynamicPseudoType, nil
	}
	return ty, defaults
}

// hasFor reports whether an expression has a loop in it, which the library that
// reads types would run without a bound.
func hasFor(e hclsyntax.Expression) bool {
	found := false
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n.(type) {
		case *hclsyntax.ForExpr, *hclsyntax.SplatExpr:
			found = true
		}
		return nil
	})
	return found
}

// allowedValues returns the list of a validation of the form
// contains(["a", "b"], var.name).
func (l *loader) allowedValues(e hclsyntax.Expression, name string) []string {
	call, ok := e.(*hclsyntax.FunctionCallExpr)
	if !ok || call.Name != "contains" || len(call.Args) != 2 || call.ExpandFinal {
		return nil
	}
	list, ok := call.Args[0].(*hclsyntax.TupleConsExpr)
	t, isName := call.Args[1].(*hclsyntax.ScopeTraversalExpr)
	if !ok || !isName || t.Traversal.RootName() != "var" || attrName(t.Traversal, 1) != name || len(t.Traversal) != 2 {
		return nil
	}
	var values []string
	for _, x := range list.Exprs {
		v := l.constant(x)
		if v == "" {
			return nil
		}
		values = append(values, v)
	}
	if len(values) == 0 || len(values) > maxValues {
		return nil
	}
	return values
}

// mostErrors is how many errors of one text are told apart.
const mostErrors = 100

// report turns the errors of the parser into diagnostics.
func (l *loader) report(diags hcl.Diagnostics) {
	errors := 0
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		if errors++; errors > mostErrors {
			l.failures++
			continue
		}
		var span source.Span
		if d.Subject != nil {
			span = l.span(*d.Subject)
		}
		message := strings.ToLower(d.Summary[:min(1, len(d.Summary))]) + d.Summary[min(1, len(d.Summary)):]
		if d.Detail != "" {
			message += ": " + strings.TrimSuffix(strings.Join(strings.Fields(d.Detail), " "), ".")
		}
		l.errorf(span, "%s", message)
	}
}
