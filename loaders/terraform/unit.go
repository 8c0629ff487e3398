package terraform

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// UnitFile is the file that makes a directory a unit of Terragrunt: a module, which
// it names or which lies beside it, and what the module is given.
//
// https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/
const UnitFile = "terragrunt.hcl"

// unit is what a file of Terragrunt says, with those that it includes.
type unit struct {
	l      *loader
	dir    string          // of the unit
	parts  []*unitFile     // those that are included first, the unit's own last
	env    map[string]*val // variables that it gives through the environment of Terraform
	unsure bool            // arguments that are not known may give any variable, whatever the inputs are
	read   map[string]*val // what others of its files show, nil while they are evaluated
}

// unitFile is one file of Terragrunt, evaluated for a unit.
type unitFile struct {
	u        *unit
	name     string // path
	label    string // of the block that includes it
	merge    string // how: shallow, deep or no_merge; "" is shallow
	included bool
	body     *hclsyntax.Body
	m        *module // has the local values
	dir      string  // that functions count from
}

// IsUnit reports whether a directory is a unit: its file names a module, generates
// one, or cannot be read as a whole, so that it may. Any other file of Terragrunt is
// for others to include.
func IsUnit(fsys fs.FS, dir string) bool {
	if !isFile(fsys, path.Join(dir, UnitFile)) {
		return false
	}
	l := newLoader(fsys, dir, Options{})
	u := l.unit()
	return u == nil || l.failures > 0 || len(l.unread) > 0 || u.source() != nil || u.generatesResources()
}

// generatesResources reports whether a file that is generated seems to declare more
// than providers and backends.
func (u *unit) generatesResources() bool {
	for _, p := range u.parts {
		text := u.l.files[p.name].Content
		if bytes.Contains(text, []byte("generate")) && (bytes.Contains(text, []byte(`resource "`)) || bytes.Contains(text, []byte(`module "`))) {
			return true
		}
	}
	return false
}

func (l *loader) there(name string) bool {
	_, err := fs.Stat(l.fsys, name)
	return err == nil
}

func (l *loader) has(name string) bool { return isFile(l.fsys, name) }

func isFile(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && info.Mode().IsRegular()
}

// unit reads the file of Terragrunt in the root module's directory; nil: there is
// none, or it cannot be read.
func (l *loader) unit() *unit {
	name := path.Join(l.root, UnitFile)
	if l.only != "" || !l.has(name) {
		return nil
	}
	u := &unit{l: l, dir: l.root, read: map[string]*val{}}
	own := u.file(name, l.root)
	if own == nil {
		return nil
	}
	included := map[string]*val{}
	var only *val
	for _, b := range own.body.Blocks {
		if b.Type != "include" {
			continue
		}
		p := u.include(own, b)
		if p == nil {
			continue
		}
		if u.parts = append(u.parts, p); p.label == "" {
			only = p.shown()
		} else {
			included[p.label] = p.shown()
		}
	}
	if only == nil {
		var fields []field
		for _, label := range sortedKeys(included) {
			fields = append(fields, field{key: label, val: included[label]})
		}
		only = mapVal(fields, source.Span{})
		only.open = unknownVal(value.Reference{Name: "include"}, source.Span{})
	}
	own.m.names["include"] = only
	u.parts = append(u.parts, own)
	return u
}

// file reads a file of Terragrunt whose functions count from a directory.
func (u *unit) file(name, dir string) *unitFile {
	failures := u.l.failures
	body := u.l.parse(name)
	if u.l.failures > failures {
		u.l.o.Open = []string{"*"} // what was not read may give every value
	}
	if body == nil {
		return nil
	}
	f := &unitFile{u: u, name: name, body: body, dir: dir}
	cfg := &config{dir: dir, locals: map[string]*hclsyntax.Attribute{}}
	for _, b := range body.Blocks {
		if b.Type == "locals" {
			for _, a := range sortedAttributes(b.Body) {
				cfg.locals[a.Name] = a
			}
		}
	}
	f.m = &module{l: u.l, cfg: cfg, of: f, names: map[string]*val{}}
	for _, name := range []string{"dependency", "feature", "values", "unit", "stack", "include"} {
		f.m.names[name] = unknownVal(value.Reference{Name: name}, source.Span{})
	}
	return f
}

// include reads the file that a block includes. Of one that is not here nothing is
// known: it may give every value.
func (u *unit) include(own *unitFile, b *hclsyntax.Block) *unitFile {
	at := u.l.blockSpan(b)
	a := b.Body.Attributes["path"]
	if a == nil {
		u.l.errorf(at, "include has no path")
		return nil
	}
	v := u.l.eval(a.Expr, own.m.top())
	name, ok := u.path(v, own.dir)
	if !ok || !u.l.has(name) {
		shown, known := v.known()
		if !known {
			shown = strings.Join(strings.Fields(u.l.span(a.Expr.Range()).Text()), " ")
		}
		u.unread(resource.File, shown, u.l.span(a.Expr.Range()), absence{"is included and is not in the directory that is analysed, so the values that it gives are not known", "analyse the directory that holds both, from the root of its git repository or above"})
		return nil
	}
	p := u.file(name, own.dir)
	if p == nil {
		u.l.o.Open = []string{"*"}
		return nil
	}
	p.included = true
	if len(b.Labels) > 0 {
		p.label = b.Labels[0]
	}
	if a := b.Body.Attributes["merge_strategy"]; a != nil {
		p.merge = u.l.constant(a.Expr)
	}
	return p
}

// unread says that something which the unit is made of is not read, so that its
// module may have any value.
func (u *unit) unread(kind resource.UnreadKind, src string, at source.Span, why absence) {
	u.l.o.Open = []string{"*"}
	if u.l.exhausted {
		return
	}
	u.l.unread = append(u.l.unread, resource.Unread{Kind: kind, Source: src, Path: at.Path(), Span: at, Why: why.why, Help: why.help})
}

// shown is what other files see of one: its local values and its inputs.
func (f *unitFile) shown() *val {
	l := f.u.l
	var locals []field
	for _, name := range sortedKeys(f.m.cfg.locals) {
		a := f.m.cfg.locals[name]
		locals = append(locals, field{key: name, span: l.span(a.NameRange), val: f.m.local(name, l.span(a.NameRange))})
	}
	fields := []field{{key: "locals", val: mapVal(locals, source.Span{})}}
	if v := f.inputs(); v != nil {
		fields = append(fields, field{key: "inputs", val: v})
	}
	out := mapVal(fields, source.Span{})
	out.open = unknownVal(value.Reference{Name: path.Base(f.name)}, source.Span{})
	return out
}

func (f *unitFile) inputs() *val {
	if a := f.body.Attributes["inputs"]; a != nil {
		return f.u.l.eval(a.Expr, f.m.top())
	}
	return nil
}

// blocks are the blocks of a type, those of the unit's own file last.
func (u *unit) blocks(kind string) (list []*hclsyntax.Block, of []*unitFile) {
	for _, p := range u.parts {
		if p.merge == "no_merge" {
			continue
		}
		for _, b := range p.body.Blocks {
			if b.Type == kind {
				list, of = append(list, b), append(of, p)
			}
		}
	}
	return list, of
}

// source returns the module that the unit names; nil: none.
func (u *unit) source() *val {
	list, of := u.blocks("terraform")
	for i := len(list) - 1; i >= 0; i-- {
		if a := list[i].Body.Attributes["source"]; a != nil {
			return u.l.eval(a.Expr, of[i].m.top())
		}
	}
	return nil
}

// path returns the file or directory that a text names, counted from a directory.
func (u *unit) path(v *val, dir string) (string, bool) {
	if v.maybe != nil || v.kind != text {
		return "", false
	}
	name, known := v.known()
	switch {
	case known && !path.IsAbs(name):
		name = path.Join(dir, name)
	case !known:
		if name, known = belowTop(v.text); !known {
			return "", false
		}
	default:
		return "", false
	}
	return name, fs.ValidPath(name)
}

// top names the directory that is analysed in the paths that Terragrunt's functions
// give, which are absolute.
const top = "get_repo_root()"

// belowTop returns the path in the file system of a text that begins with its top.
func belowTop(t value.Text) (string, bool) {
	if len(t.Parts) == 0 || len(t.Parts) > 2 || t.Parts[0].Ref == nil || t.Parts[0].Ref.Name != top {
		return "", false
	}
	rest := ""
	if len(t.Parts) == 2 {
		if rest = t.Parts[1].Literal; t.Parts[1].Ref != nil || !strings.HasPrefix(rest, "/") {
			return "", false
		}
	}
	return path.Clean("./" + rest), true
}

// absolute is a path of the file system as Terragrunt's functions give it.
func absolute(name string, span source.Span) *val {
	t := value.Ref(value.Reference{Name: top})
	if name != "." {
		t = value.Join(t, value.Lit("/"+name))
	}
	return textOf(t, span)
}

// directory returns where the unit's module is; ok is false where it is not read,
// which is said.
func (u *unit) directory() (dir string, ok bool) {
	v := u.source()
	if v == nil {
		return u.dir, true
	}
	if name, inTree := u.path(v, u.dir); inTree {
		src, known := v.known()
		if _, local := localSource(u.dir, src); local || !known {
			if IsModule(u.l.fsys, name) {
				return name, true
			}
			u.unread(resource.Module, name, v.span, noModule)
			return "", false
		}
	}
	src, known := v.known()
	if !known {
		src = strings.Join(strings.Fields(v.span.Text()), " ")
		u.unread(resource.Module, src, v.span, sourceUnknown)
		return "", false
	}
	m := &module{l: u.l, cfg: &config{dir: u.dir}}
	bare, _, _ := strings.Cut(src, "?")
	for _, s := range []string{src, bare, strings.TrimPrefix(bare, "tfr:///")} {
		if _, given := u.l.o.Modules[s]; given {
			src = s
		}
	}
	dir, why := u.l.directory(m, "", strings.TrimPrefix(src, "tfr:///"))
	if why != nil {
		if *why == notInstalled {
			why = &absence{notInstalled.why, "name a copy below the directory that is analysed: --module SOURCE=DIR"}
		}
		u.unread(resource.Module, src, v.span, *why)
		return "", false
	}
	return dir, true
}

var noModule = absence{"is not a directory with configuration in what is analysed", outside.help}

// given returns the inputs of all files together. What is not known of them is
// not known of the variables.
//
// https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#include
func (u *unit) given() *val {
	var out *val
	for _, p := range u.parts {
		v := p.inputs()
		if v == nil || p.merge == "no_merge" {
			continue
		}
		switch {
		case out == nil:
			out = v
		case p.merge == "deep" || slices.ContainsFunc(u.parts, func(o *unitFile) bool { return o.merge == "deep" }):
			out = u.deep(out, v)
		default:
			c := &call{l: u.l, name: "merge", args: []*val{out, v}, at: []source.Span{out.span, v.span}, span: v.span}
			out = merge(c)
		}
	}
	return out
}

// complete reports whether a value is an object all of which is known to be there.
func (v *val) complete() bool {
	if v.kind != mapping || v.maybe != nil || v.open != nil || v.each != nil || v.inst != nil || v.mod != nil {
		return false
	}
	return !slices.ContainsFunc(v.fields, func(f field) bool { return f.val.maybe != nil })
}

// deep merges objects in objects, and joins lists.
func (u *unit) deep(a, b *val) *val {
	if !u.l.spend(1, b.span) {
		return u.l.failed(b.span)
	}
	plain := func(v *val) bool { return v.maybe == nil && v.open == nil && v.each == nil && !v.loose && !v.many }
	switch {
	case a.kind == mapping && b.kind == mapping && plain(a) && plain(b) && a.inst == nil && a.mod == nil && b.inst == nil && b.mod == nil:
		fields := slices.Clone(a.fields)
		for _, f := range b.fields {
			if i := slices.IndexFunc(fields, func(o field) bool { return o.key == f.key }); i >= 0 {
				f.val = u.deep(fields[i].val, f.val)
				fields[i] = f
			} else {
				fields = append(fields, f)
			}
		}
		return mapVal(fields, b.span)
	case a.kind == sequence && b.kind == sequence && plain(a) && plain(b):
		return seqVal(append(slices.Clone(a.items), b.items...), b.span)
	case a.kind == unknown || b.kind == unknown || !plain(a) || !plain(b):
		return derived("merge", b.span, a, b)
	}
	return b
}

// enter makes the unit's module the root module: its configuration, with the
// files beside the unit and those that it generates, and its inputs.
//
// Of a module that is not read, it returns what goes into it.
func (u *unit) enter() (root *module, carried *catalog.Block) {
	l := u.l
	own := u.parts[len(u.parts)-1]
	inputs := u.given()
	dir, ok := u.directory()
	generated := u.generated()
	root = &module{l: l, names: map[string]*val{}}
	if at := own.place(); u.dir != dir {
		root.related = []resource.Related{{Span: at, Message: "unit of Terragrunt here"}}
	}
	if !ok {
		root.cfg = &config{empty: true}
		l.findAccounts(root)
		root.inputs = map[string]*val{}
		return root, u.carried(inputs)
	}
	u.env = map[string]*val{}
	l.root, l.beside, l.arguments = dir, u.dir, u.arguments()
	generated = slices.DeleteFunc(generated, func(g generatedFile) bool {
		if g.skip && g.name != "" && (l.has(path.Join(dir, g.name)) || l.has(path.Join(u.dir, g.name))) {
			return true
		}
		l.replaced = append(l.replaced, path.Base(g.name))
		return false
	})
	root.cfg = l.config(dir)
	for _, g := range generated {
		g.declare(root)
	}
	root.inputs = map[string]*val{}
	if inputs != nil {
		for _, name := range sortedKeys(root.cfg.variables) {
			switch f := inputs.get(name); {
			case inputs.kind == mapping && f != nil && f.maybe == nil:
				root.inputs[name] = f
			case inputs.kind == mapping && f == nil && inputs.open == nil && inputs.each == nil && inputs.maybe == nil:
			default:
				root.inputs[name] = l.part(unknownVal(value.Reference{Name: "inputs"}, inputs.span), "."+name, inputs.span)
			}
		}
	}
	if u.unsure {
		clear(root.inputs)
	}
	for name, v := range u.env { // which counts more than the inputs
		root.inputs[name] = v
	}
	l.rootVariables(root)
	l.findAccounts(root)
	return root, nil
}

// place is where the unit says which module it is and what that is given.
func (f *unitFile) place() source.Span {
	for _, b := range f.body.Blocks {
		if b.Type == "terraform" {
			return f.u.l.blockSpan(b)
		}
	}
	if a := f.body.Attributes["inputs"]; a != nil {
		return f.u.l.span(a.NameRange)
	}
	return source.Span{File: f.u.l.files[f.name]}
}

// carried are the inputs of a module that is not read: policies among them are judged
// by themselves.
func (u *unit) carried(inputs *val) *catalog.Block {
	if inputs == nil || inputs.kind != mapping {
		return nil
	}
	at := u.parts[len(u.parts)-1].place()
	b := catalog.Block{Address: path.Base(u.dir), Path: at.Path(), Span: at, Notes: []string{"the module is not read, so a policy that goes into it is judged by itself"}}
	r := &renderer{l: u.l}
	b.Properties = value.Value{Kind: value.Map, Span: at}
	for _, f := range inputs.fields {
		b.Properties.Fields = append(b.Properties.Fields, value.Field{Key: f.key, KeySpan: f.span, Value: r.properties(f.val)})
	}
	b.Documents = r.documents()
	return &b
}

// arguments are what the unit adds to the command line of Terraform, in the order
// in which it counts. One that is not known may set any variable.
//
// https://terragrunt.gruntwork.io/docs/features/extra-arguments/
func (u *unit) arguments() []func(*module) {
	var out []func(*module)
	l := u.l
	open := func() {
		l.o.Open = []string{"*"}
		u.unsure = true
	}
	file := func(v *val, needed bool) {
		name, ok := u.path(v, u.dir)
		if !ok {
			open()
			return
		}
		file, err := l.read(name)
		switch {
		case err != nil && needed:
			l.errorf(v.span, "file %q cannot be read: %s", name, pathError(err))
		case err == nil:
			out = append(out, func(m *module) { l.variableFile(m, file) })
		}
	}
	list, of := u.blocks("terraform")
	for i, t := range list {
		for _, b := range t.Body.Blocks {
			if b.Type != "extra_arguments" {
				continue
			}
			items := func(name string) []*val {
				a := b.Body.Attributes[name]
				if a == nil {
					return nil
				}
				v := l.eval(a.Expr, of[i].m.top())
				if v.kind != sequence || !v.fixed() {
					open()
					return nil
				}
				return v.items
			}
			if a := b.Body.Attributes["env_vars"]; a != nil {
				v := l.eval(a.Expr, of[i].m.top())
				if !v.complete() {
					open()
				}
				for _, f := range v.fields {
					if name, ok := strings.CutPrefix(f.key, "TF_VAR_"); ok && v.complete() {
						u.env[name] = f.val
					}
				}
			}
			for _, v := range items("required_var_files") {
				file(v, true)
			}
			for _, v := range items("optional_var_files") {
				file(v, false)
			}
			args := items("arguments")
			for k := 0; k < len(args); k++ {
				s, known := args[k].known()
				flag, rest, joined := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(s, "-"), "-"), "=")
				if !known {
					open()
					continue
				}
				if !strings.HasPrefix(s, "-") || flag != "var" && flag != "var-file" {
					continue
				}
				v := textVal(rest, args[k].span)
				if !joined {
					if k++; k == len(args) {
						break
					}
					v = args[k]
				}
				if flag == "var-file" {
					file(v, true)
					continue
				}
				said, known := v.known()
				name, value, ok := strings.Cut(said, "=")
				if !known || !ok {
					open()
					continue
				}
				out = append(out, func(m *module) { m.inputs[name] = l.argument(m, name, value) })
			}
		}
	}
	return out
}

// generatedFile is one that Terragrunt writes beside the module's.
type generatedFile struct {
	name     string
	contents *val
	skip     bool // where the file is there already
}

// generated are the files that the unit generates; that of a later block with the
// same label takes the place of an earlier one.
//
// https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#generate
func (u *unit) generated() []generatedFile {
	l := u.l
	byLabel := map[string]generatedFile{}
	add := func(label string, get func(name string) *val) {
		if d := get("disable"); d != nil && d.kind == boolean && d.flag {
			delete(byLabel, label)
			return
		}
		name, contents := get("path"), get("contents")
		if contents == nil {
			return
		}
		g := generatedFile{contents: contents}
		if name != nil {
			g.name, _ = name.known()
		}
		if strings.Contains(g.name, ".tfvars") {
			l.o.Open = []string{"*"} // it may give every value
		}
		if v := get("if_exists"); v != nil {
			s, _ := v.known()
			g.skip = s == "skip"
		}
		if g.name == "" || moduleFile(path.Base(g.name)) {
			byLabel[label] = g
		}
	}
	for _, p := range u.parts {
		if p.merge == "no_merge" {
			continue
		}
		for _, b := range p.body.Blocks {
			if b.Type == "generate" && len(b.Labels) == 1 {
				add(b.Labels[0], func(name string) *val {
					if a := b.Body.Attributes[name]; a != nil {
						return l.eval(a.Expr, p.m.top())
					}
					return nil
				})
			}
		}
		if a := p.body.Attributes["generate"]; a != nil {
			v := l.eval(a.Expr, p.m.top())
			if !v.complete() {
				u.unread(resource.File, "generate", v.span, absence{"is generated by Terragrunt and is not known before deployment", "give the values that it depends on with --value"})
			}
			for _, f := range v.fields {
				add(f.key, func(name string) *val {
					if f.val.kind != mapping {
						return nil
					}
					return f.val.get(name)
				})
			}
		}
	}
	var out []generatedFile
	for _, label := range sortedKeys(byLabel) {
		out = append(out, byLabel[label])
	}
	return out
}

// piece begins the names of the variables that stand in a generated file for what
// is not known of its text.
const piece = "terragrunt_piece_"

// declare adds what the file declares to the root module. What is not known of its
// text is a value, which in the places where values stand is read as one.
func (g generatedFile) declare(root *module) {
	l := root.l
	var b strings.Builder
	partly := g.contents.kind == unknown || g.contents.maybe != nil
	for _, k := range g.contents.pieces() {
		if k.part.Ref == nil {
			b.WriteString(k.part.Literal)
			continue
		}
		name := fmt.Sprint(piece, len(root.names))
		root.names[name] = unknownVal(*k.part.Ref, k.span)
		fmt.Fprintf(&b, "${%s}", name)
		partly = true
	}
	text := b.String()
	unread := func() {
		l.o.Open = []string{"*"}
		if l.exhausted {
			return
		}
		l.unread = append(l.unread, resource.Unread{Kind: resource.File, Source: g.name, Path: g.contents.span.Path(), Span: g.contents.span,
			Why: "is generated by Terragrunt and is not known before deployment", Help: "give the values that it depends on with --value"})
	}
	if g.contents.kind == unknown || g.contents.maybe != nil {
		unread()
		return
	}
	// Places in the text are those in the unit only where it is written as it is.
	name := l.alias(g.contents.span)
	failures, diags := l.failures, len(l.diags)
	body := l.parseText([]byte(text), name, hcl.Pos{Line: 1, Column: 1})
	if body == nil || l.failures > failures {
		if partly {
			l.failures, l.diags = failures, l.diags[:diags]
			unread()
		}
		return
	}
	for _, block := range body.Blocks {
		l.declare(root.cfg, block, isOverride(path.Base(g.name)))
		root.cfg.empty = false
	}
}
