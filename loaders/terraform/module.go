package terraform

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// module is one instance of a module.
type module struct {
	l      *loader
	cfg    *config
	path   string // module.a.module.b["x"], "" of the root module
	keys   string // a.b: the path as the manifest has it
	parent *module
	call   *hclsyntax.Block // of the parent
	scope  *scope           // of the call's arguments
	depth  int
	of     *unitFile       // whose local values these are; nil of a module
	names  map[string]*val // of the language around the module's: Terragrunt's

	inputs    map[string]*val // of the root module: values from outside
	variables map[string]*cell
	locals    map[string]*cell
	outputs   map[string]*cell
	resources map[string]*resources
	children  map[string]*modules

	when    []string
	related []resource.Related
}

// cell is a value that is computed when it is asked for.
type cell struct {
	busy bool
	val  *val
}

// compute returns the value of a cell. A value that needs itself is an error.
func (l *loader) compute(c *cell, what string, at source.Span, f func() *val) *val {
	switch {
	case c.val != nil:
		return c.val
	case c.busy:
		return l.errorf(at, "%s depends on itself", what)
	}
	c.busy = true
	v := f()
	c.busy, c.val = false, v
	return v
}

func cellOf(m *map[string]*cell, name string) *cell {
	if *m == nil {
		*m = map[string]*cell{}
	}
	c := (*m)[name]
	if c == nil {
		c = &cell{}
		(*m)[name] = c
	}
	return c
}

// address returns the address of something in the module.
func (m *module) address(name string) string {
	if m.path == "" {
		return name
	}
	return m.path + "." + name
}

// alone reports whether the module is one file of a directory: what it does not
// declare may be declared beside it.
func (m *module) alone() bool { return m.parent == nil && m.l.only != "" }

func (m *module) top() *scope { return &scope{m: m, vars: m.names} }

// undeclared reports a name that nothing declares.
func undeclared[T any](m *module, what, name string, declared map[string]T, at source.Span, address string) *val {
	if m.alone() {
		return unknownVal(value.Reference{Name: m.address(address)}, source.Span{})
	}
	var names []string
	for n := range declared {
		names = append(names, n)
	}
	slices.Sort(names)
	suffix := ""
	if near := spelling.Nearest(name, names); near != "" {
		suffix = "; did you mean " + strconv.Quote(near) + "?"
	}
	// Terraform refuses such a module before it evaluates it, so try does not help.
	m.l.static = append(m.l.static, source.Diagnostic{Severity: source.Error, Path: at.Path(), Span: at,
		Message: fmt.Sprintf("%s %q is not declared%s", what, name, suffix)})
	return unknownVal(value.Reference{Name: m.address(address)}, source.Span{})
}

func (m *module) variable(name string, at source.Span) *val {
	v := m.cfg.variables[name]
	if v == nil {
		return undeclared(m, "variable", name, m.cfg.variables, at, "var."+name)
	}
	return m.l.compute(cellOf(&m.variables, name), "variable "+strconv.Quote(name), at, func() *val { return m.variableValue(v) })
}

func (m *module) variableValue(v *variable) *val {
	l := m.l
	unset := unknownVal(value.Reference{Name: m.address("var." + v.name), Values: v.allowed}, source.Span{})
	given := m.inputs[v.name]
	if m.call != nil {
		given = nil
		if a := m.call.Body.Attributes[v.name]; a != nil {
			if v.sensitive {
				l.hideLiterals(a.Expr)
			}
			given = l.eval(a.Expr, m.scope)
		}
	}
	if given != nil && given.isNull() && v.nonNull {
		given = nil
	}
	if given == nil {
		a := v.block.Body.Attributes["default"]
		switch {
		case a != nil && (m.call != nil || !l.isOpen(v.name)):
			given = l.eval(a.Expr, m.top())
		case m.call != nil:
			return l.errorf(l.span(m.call.TypeRange), "module %q needs a value for the variable %q", m.call.Labels[0], v.name)
		default:
			return unset
		}
	}
	converted, why := l.convert(given, v.ty, v.defaults)
	if why != "" {
		return l.errorf(given.span, "value of the variable %q is not of its type: %s", v.name, why)
	}
	if v.sensitive {
		if given.span.File != nil && m.call == nil {
			given.span.File.Hide(given.span.Start, given.span.End) // in a file of values
		}
		if converted.kind == unknown {
			return unset
		}
		return l.secret(converted, m.address("var."+v.name))
	}
	return converted
}

// secret returns a value that is analysed and not shown: its place is in a file
// that is sensitive. So is that of what functions and templates make of it.
func (l *loader) secret(v *val, name string) *val {
	l.secrets = true
	l.remember(v)
	return inSecret(v, &source.File{Name: name, Unquoted: true, Sensitive: true})
}

func inSecret(v *val, file *source.File) *val {
	out := *v
	out.span, out.chunks = source.Span{File: file}, nil
	if v.json != nil {
		out.json = inSecret(v.json, file)
	}
	out.items, out.fields = slices.Clone(v.items), slices.Clone(v.fields)
	for i := range out.items {
		out.items[i] = inSecret(out.items[i], file)
	}
	for i := range out.fields {
		out.fields[i].span, out.fields[i].val = out.span, inSecret(out.fields[i].val, file)
	}
	return &out
}

// secretFile returns the file that the value, or a part of it, is placed in if it
// must not be shown.
func (v *val) secretFile() *source.File {
	if f := v.span.File; f != nil && f.Sensitive {
		return f
	}
	for _, c := range v.chunks {
		if f := c.span.File; f != nil && f.Sensitive {
			return f
		}
	}
	for _, i := range v.items {
		if f := i.secretFile(); f != nil {
			return f
		}
	}
	for _, i := range v.fields {
		if f := i.val.secretFile(); f != nil {
			return f
		}
	}
	if v.json != nil {
		return v.json.secretFile()
	}
	return nil
}

// unlessSecret returns the value, or one that is not known for a secret: what names a
// module, an account or a Region is in reports.
func unlessSecret(v *val) *val {
	if f := v.secretFile(); f != nil {
		return unknownVal(value.Reference{Name: f.Name}, v.span)
	}
	return v
}

// secretKeys returns the file of what would be a key of a block's instances and is a
// secret.
func (v *val) secretKeys() *source.File {
	if v.kind == sequence {
		return v.secretFile()
	}
	for _, f := range v.fields {
		if f.span.File != nil && f.span.File.Sensitive {
			return f.span.File
		}
	}
	return nil
}

func (m *module) local(name string, at source.Span) *val {
	a := m.cfg.locals[name]
	if a == nil {
		return undeclared(m, "local value", name, m.cfg.locals, at, "local."+name)
	}
	return m.l.compute(cellOf(&m.locals, name), "local value "+strconv.Quote(name), at, func() *val { return m.l.eval(a.Expr, m.top()) })
}

func (m *module) output(name string, at, span source.Span) *val {
	b := m.cfg.outputs[name]
	if b == nil {
		if m.cfg.empty {
			return unknownVal(value.Reference{Name: m.path + "." + name}, span)
		}
		return undeclared(m, "output", name, m.cfg.outputs, at, name).at(span)
	}
	v := m.l.compute(cellOf(&m.outputs, name), "output "+strconv.Quote(name), at, func() *val {
		a := b.Body.Attributes["value"]
		if a == nil {
			return m.l.errorf(m.l.span(b.TypeRange), "output %q has no value", name)
		}
		return m.l.eval(a.Expr, m.top())
	})
	if a := b.Body.Attributes["sensitive"]; a != nil && m.l.constant(a.Expr) == "true" {
		return m.l.secret(v, m.path+"."+name)
	}
	return v.placed(span)
}

// modules are the instances of one module call.
type modules struct {
	expansion
	list []*module
	val  *val
}

// child returns the value of module.name.
func (m *module) child(name string, at source.Span) *val {
	b := m.cfg.modules[name]
	if b == nil {
		return undeclared(m, "module", name, m.cfg.modules, at, "module."+name)
	}
	set := m.called(name, b)
	if set.val == nil {
		return m.l.errorf(at, "module %q depends on itself", name)
	}
	return set.val.placed(at)
}

func (m *module) called(name string, b *hclsyntax.Block) *modules {
	if set := m.children[name]; set != nil {
		return set
	}
	if m.children == nil {
		m.children = map[string]*modules{}
	}
	set := &modules{}
	m.children[name] = set
	set.expansion = m.l.expand(b, m.top(), m.address("module."+name))
	cfg := m.load(name, b)
	values := make([]*val, len(set.copies))
	for i, c := range set.copies {
		child := &module{
			l: m.l, cfg: cfg, parent: m, call: b, scope: c.scope, depth: m.depth + 1,
			path: m.address("module."+name) + c.suffix, keys: strings.TrimPrefix(m.keys+"."+name, "."),
			when:    m.when,
			related: append(m.related[:len(m.related):len(m.related)], resource.Related{Span: m.l.blockSpan(b), Message: "module called here"}),
		}
		if c.when != "" {
			child.when = append(m.when[:len(m.when):len(m.when)], c.when)
		}
		set.list = append(set.list, child)
		values[i] = &val{kind: mapping, mod: child}
	}
	set.val = set.value(values)
	return set
}

// load reads the module that a call names. A module that is not there has an
// empty configuration, and what it would give is not known.
func (m *module) load(name string, b *hclsyntax.Block) *config {
	l := m.l
	missing := &config{empty: true}
	a := b.Body.Attributes["source"]
	if a == nil {
		l.errorf(l.span(b.TypeRange), "module %q has no source", name)
		return missing
	}
	at := l.span(a.Expr.Range())
	src, ok := unlessSecret(l.eval(a.Expr, m.top())).known()
	if !ok {
		l.unreadModule(m, name, at, strings.Join(strings.Fields(at.Shown()), " "), sourceUnknown)
		return missing
	}
	dir, why := l.directory(m, name, src)
	if why != nil {
		l.unreadModule(m, name, at, src, *why)
		return missing
	}
	if m.depth+1 > maxModules {
		l.errorf(at, "modules are nested too deep, expected at most %d levels", maxModules)
		return missing
	}
	for p := m; p != nil; p = p.parent {
		if p.cfg.dir == dir {
			l.errorf(at, "module %q calls itself", name)
			return missing
		}
	}
	cfg := l.config(dir)
	switch {
	case cfg.unread != "":
		l.errorf(at, "directory %q of the module %q cannot be read: %s", dir, name, cfg.unread)
	case cfg.empty:
		l.errorf(at, "directory %q of the module %q has no configuration", dir, name)
	}
	for _, arg := range sortedAttributes(b.Body) {
		if _, ok := cfg.variables[arg.Name]; !ok && !cfg.empty && !moduleArguments[arg.Name] {
			l.errorf(l.span(arg.NameRange), "module %q has no variable %q", name, arg.Name)
		}
	}
	return cfg
}

var moduleArguments = map[string]bool{
	"source": true, "version": true, "count": true, "for_each": true, "providers": true, "depends_on": true, "lifecycle": true, "enabled": true,
}

// rootVariables collects what is set from outside, by rising precedence.
//
// https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
func (l *loader) rootVariables(m *module) {
	if m.inputs == nil {
		m.inputs = map[string]*val{}
	}
	for name, text := range l.o.Environ {
		if name, ok := strings.CutPrefix(name, "TF_VAR_"); ok {
			m.inputs[name] = l.argument(m, name, text)
		}
	}
	for name := range m.cfg.variables {
		l.o.Asked.See(name)
	}
	if l.only == "" {
		for _, name := range l.variableFiles() {
			if f, err := l.read(name); err != nil {
				l.diags = append(l.diags, source.Diagnostic{Severity: source.Error, Path: name, Message: "cannot be read: " + pathError(err)})
			} else {
				l.variableFile(m, f)
			}
		}
	}
	for _, set := range l.arguments {
		set(m)
	}
	for _, g := range l.o.Given {
		if g.File == nil {
			m.inputs[g.Name] = l.argument(m, g.Name, g.Text)
			continue
		}
		if l.files[g.File.Name] == nil {
			l.files[g.File.Name] = g.File
		}
		l.variableFile(m, g.File)
	}
	for name, v := range l.o.Inputs {
		m.inputs[name] = fromValue(v)
	}
}

// variableFiles returns the paths of the files that Terraform reads unasked.
func (l *loader) variableFiles() []string {
	entries, err := fs.ReadDir(l.fsys, l.root)
	if err != nil {
		return nil
	}
	entries, at := l.withBeside(l.root, entries)
	var first, auto []string
	for _, e := range entries {
		switch n := e.Name(); {
		case e.IsDir():
		case n == "terraform.tfvars" || n == "terraform.tfvars.json":
			first = append(first, n)
		case strings.HasSuffix(n, ".auto.tfvars") || strings.HasSuffix(n, ".auto.tfvars.json"):
			auto = append(auto, n)
		}
	}
	slices.Sort(first)
	slices.Sort(auto)
	names := append(first, auto...)
	for i, name := range names {
		names[i] = at(name)
	}
	return names
}

func (l *loader) variableFile(m *module, f *source.File) {
	var body *hclsyntax.Body
	if strings.HasSuffix(f.Name, ".json") {
		body = l.parseJSONAttributes(f)
	} else {
		body = l.parseHCL(f)
	}
	if body == nil {
		return
	}
	for _, b := range body.Blocks {
		l.errorf(l.span(b.TypeRange), "block %q does not belong in a file of variables, expected name = value", b.Type)
	}
	for _, a := range sortedAttributes(body) {
		if v := m.cfg.variables[a.Name]; v != nil && v.sensitive {
			l.hide(a.Expr)
		}
		m.inputs[a.Name] = l.eval(a.Expr, &scope{m: m, only: true})
	}
}

// argument reads a value as the command line has it: as text for a variable that
// is a string, a number or a boolean, as an expression for others.
func (l *loader) argument(m *module, name, text string) *val {
	if v := m.cfg.variables[name]; v == nil || v.ty.IsPrimitiveType() || v.ty == cty.DynamicPseudoType {
		return textVal(text, source.Span{})
	}
	e := l.expression(text, "-var "+name)
	if e == nil {
		return l.failed(source.Span{})
	}
	return l.eval(e, &scope{m: m, only: true})
}

// blockSpan returns the place of a block's header.
func (l *loader) blockSpan(b *hclsyntax.Block) source.Span {
	s := l.span(b.TypeRange)
	if n := len(b.LabelRanges); n > 0 {
		s.End = max(s.End, b.LabelRanges[n-1].End.Byte)
	}
	return s
}

func (m *module) pathValue(name string, at source.Span) *val {
	switch name {
	case "module":
		return textVal(m.relative(), at)
	case "root":
		return textVal(".", at)
	case "cwd":
		return unknownVal(value.Reference{Name: "path.cwd"}, at)
	}
	return m.l.errorf(at, "path has no attribute %q, expected module, root or cwd", name)
}

// relative returns the directory of the module as Terraform writes it, which
// runs in the root module's.
func (m *module) relative() string {
	if m.parent == nil {
		return "."
	}
	from, to := strings.Split(m.l.root, "/"), strings.Split(m.cfg.dir, "/")
	if m.l.root == "." {
		from = nil
	}
	for len(from) > 0 && len(to) > 0 && from[0] == to[0] {
		from, to = from[1:], to[1:]
	}
	return path.Join(append(slices.Repeat([]string{".."}, len(from)), to...)...)
}

// workspace returns the name of the workspace: the one that is given, else where
// the environment counts the one that it selects.
//
// https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_workspace
func (l *loader) workspace(at source.Span) *val {
	name := l.o.Workspace
	if name == "" && l.o.Environ != nil {
		name = l.o.Environ["TF_WORKSPACE"]
		if name == "" {
			// Terraform keeps there what "terraform workspace select" selected.
			if f, err := l.read(path.Join(l.root, ".terraform", "environment")); err == nil {
				name = strings.TrimSpace(string(f.Content))
			}
		}
	}
	if name == "" {
		return unknownVal(value.Reference{Name: "terraform.workspace"}, at)
	}
	return textVal(name, at)
}

// walk appends the blocks of the module and of those that it calls.
func (m *module) walk(blocks *[]catalog.Block) {
	for _, key := range m.cfg.order {
		b := m.cfg.resources[key]
		if strings.HasPrefix(key, "data.") || !catalogRelevant(catalog.Terraform, b.Labels[0]) && !mayCarry(b) {
			continue
		}
		for _, i := range m.expanded(key).list {
			if !m.l.spend(resourceSteps, m.l.span(b.TypeRange)) {
				return
			}
			if block := i.catalogBlock(); !m.l.foreign(i, block) {
				*blocks = append(*blocks, block)
			}
		}
	}
	for _, name := range m.cfg.calls {
		for _, child := range m.called(name, m.cfg.modules[name]).list {
			if child.cfg.empty {
				if b := child.given(); catalogHasPolicy(b.Properties) {
					*blocks = append(*blocks, b)
				}
				continue
			}
			child.walk(blocks)
		}
	}
}
