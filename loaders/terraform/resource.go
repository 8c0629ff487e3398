package terraform

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
	"github.com/iaclint/iaclint/loaders/existence"
)

// expansion is what count or for_each makes of a block.
type expansion struct {
	mode   mode
	copies []instanceOf
	// open, when not nil, is what decides how many instances there are; then
	// one stands for all of them.
	open *value.Reference
	// several is set where that one may stand for more than one.
	several bool
}

type mode uint8

const (
	single mode = iota
	counted
	keyed
)

// instanceOf is one instance of a block.
type instanceOf struct {
	scope  *scope
	key    string // of for_each, where it is known
	known  bool
	suffix string // of the address: [0], ["a"]
	when   string // what decides whether it is there
}

// expand evaluates count or for_each.
func (l *loader) expand(b *hclsyntax.Block, sc *scope, address string) expansion {
	for _, nested := range b.Body.Blocks {
		if a := nested.Body.Attributes["enabled"]; nested.Type == "lifecycle" && a != nil {
			return l.expandEnabled(a.Expr, sc, address)
		}
	}
	if a := b.Body.Attributes["count"]; a != nil {
		return l.expandCount(a.Expr, sc, address)
	}
	if a := b.Body.Attributes["for_each"]; a != nil {
		return l.expandEach(a.Expr, sc, address)
	}
	inner := *sc
	return expansion{copies: []instanceOf{{scope: &inner}}}
}

// expandEnabled evaluates the switch that OpenTofu has for a block.
//
// https://opentofu.org/docs/language/meta-arguments/enabled/
func (l *loader) expandEnabled(e hclsyntax.Expression, sc *scope, address string) expansion {
	v := l.eval(e, sc)
	t, ok := truthy(v)
	if !ok {
		l.errorf(l.span(e.Range()), "enabled must be true or false, found %s", v.kind)
		t = perhaps
	}
	inner := *sc
	x := expansion{copies: []instanceOf{{scope: &inner}}}
	switch t {
	case no:
		x.copies = nil
	case perhaps:
		x.copies[0].when = said((&existing{l: l}).holds(e, sc), address+" is enabled")
	}
	return x
}

func (l *loader) expandCount(e hclsyntax.Expression, sc *scope, address string) expansion {
	v := l.eval(e, sc)
	span := l.span(e.Range())
	n, ok := l.numberOf(v)
	if v.kind == boolean || v.isNull() {
		ok = false
	}
	if !ok {
		l.errorf(span, "count must be a whole number, found %s", v.kind)
		n = nil
	}
	x := expansion{mode: counted}
	if n != nil {
		if !n.IsInt() || n.Sign() < 0 {
			l.errorf(span, "count must be a whole number that is not negative, found %s", formatNumber(n))
		} else if many, _ := n.Int64(); many > maxInstances || !l.take(int(many), span) {
			l.errorf(span, "count is %s, expected at most %d", formatNumber(n), maxInstances)
		} else {
			for i := range int(many) {
				inner := *sc
				inner.count = intVal(i, source.Span{})
				x.copies = append(x.copies, instanceOf{scope: &inner, suffix: fmt.Sprintf("[%d]", i)})
			}
			return x
		}
	}
	x.open = v.cause()
	if x.open == nil {
		x.open = l.failed(span).ref()
	}
	inner := *sc
	inner.count = unknownVal(value.Reference{Name: countIndex + address}, source.Span{})
	x.copies = []instanceOf{{scope: &inner, suffix: "[0]", when: said((&existing{l: l}).nonzero(e, sc), "count of "+address+" is not 0")}}
	x.several = !slices.ContainsFunc([][]string{{"0", "1"}, {"1", "0"}}, func(values []string) bool { return v.kind == unknown && slices.Equal(v.ref().Values, values) })
	if c, ok := e.(*hclsyntax.ConditionalExpr); ok && x.several {
		x.several = !(atMostOne(l.constantNumber(c.TrueResult)) && atMostOne(l.constantNumber(c.FalseResult)))
	}
	return x
}

// take counts instances against the limit of the whole input.
func (l *loader) take(n int, span source.Span) bool {
	l.instances += n
	return l.instances <= 8*maxInstances && l.spend(n, span)
}

func (l *loader) expandEach(e hclsyntax.Expression, sc *scope, address string) expansion {
	v := l.eval(e, sc)
	span := l.span(e.Range())
	if f := v.secretKeys(); f != nil { // Terraform refuses them: they would be in addresses
		v = unknownVal(value.Reference{Name: f.Name}, span)
	}
	x := expansion{mode: keyed}
	// What is made for a collection is made for the same keys everywhere.
	pairs, ok := l.elements(v, span, source.Span{})
	if !ok || v.kind == sequence && !v.isSet && v.fixed() && len(v.items) > 0 && v.maybe == nil {
		l.errorf(span, "for_each must be a map or a set of strings, found %s", v.kind)
		pairs = []pair{{l.failed(span), l.failed(span).doubted(l.failed(span).ref())}}
	}
	if len(pairs) > maxInstances || !l.take(len(pairs), span) {
		l.errorf(span, "for_each has %d elements, expected at most %d", len(pairs), maxInstances)
		pairs = []pair{{l.failed(span), l.failed(span).doubted(l.failed(span).ref())}}
	}
	for _, p := range pairs {
		inner := *sc
		inner.key, inner.val = p.key.certain(), p.val.certain()
		c := instanceOf{scope: &inner}
		t, isText := p.key.scalarText()
		if s, known := t.Known(); isText && known {
			c.key, c.known, c.suffix = s, true, "["+quoted(s)+"]"
		} else if p.key.kind != unknown && isText {
			// The key is a name to come, that of a resource for instance: each
			// element is one instance all the same.
			c.suffix = "[" + quoted(t.String()) + "]"
		}
		if p.val.maybe != nil {
			if x.open == nil {
				x.open = p.val.maybe
			}
			key, otherwise := (*string)(nil), "for_each of "+address+" is not known"
			if c.known {
				key, otherwise = &c.key, "whether "+address+c.suffix+" is declared is not known"
			}
			c.when = said((&existing{l: l}).member(e, sc, key), otherwise)
		}
		x.copies = append(x.copies, c)
	}
	return x
}

func quoted(s string) string { return strconv.Quote(s) }

// value returns what a reference to the block itself is, given the values of
// its instances.
func (x expansion) value(values []*val) *val {
	switch x.mode {
	case single:
		if len(values) == 0 {
			return nullVal(source.Span{}) // not enabled
		}
		return values[0]
	case counted:
		if x.open != nil {
			values[0].many = x.several
			return seqVal([]*val{values[0].doubted(x.open)}, source.Span{})
		}
		return seqVal(values, source.Span{})
	}
	var fields []field
	v := &val{kind: mapping}
	for i, c := range x.copies {
		if !c.known {
			v.each = values[i]
			v.each.many, v.each.by = true, c.scope.key
			v.open = unknownVal(value.Reference{Name: address(values[i])}, source.Span{})
			continue
		}
		f := values[i]
		if c.when != "" {
			f = f.doubted(x.open)
		}
		fields = append(fields, field{key: c.key, val: f})
	}
	m := mapVal(fields, source.Span{})
	m.each, m.open = v.each, v.open
	return m
}

// address returns the address of a resource or module.
func address(v *val) string {
	if v.inst != nil {
		return v.inst.address
	}
	return v.mod.path
}

// resources are the instances of one resource or data block.
type resources struct {
	expansion
	list []*instance
	val  *val
}

// instance is one resource or data source.
type instance struct {
	m       *module
	block   *hclsyntax.Block
	data    bool
	address string
	scope   *scope
	when    []string
	cells   map[string]*cell
	built   *catalog.Block
	busy    bool
	policy  *cell // what a data source that makes a document has made
}

func (i *instance) value() *val { return &val{kind: mapping, inst: i} }

// resource returns the value of type.name.
func (m *module) resource(typ, name string, at source.Span) *val {
	key := typ + "." + name
	if m.cfg.resources[key] == nil {
		return undeclared(m, kindOf(typ), key, m.cfg.resources, at, key)
	}
	set := m.expanded(key)
	if set.val == nil {
		return m.l.errorf(at, "%s depends on itself", key)
	}
	return set.val
}

func kindOf(typ string) string {
	if len(typ) > 5 && typ[:5] == "data." {
		return "data source"
	}
	return "resource"
}

func (m *module) expanded(key string) *resources {
	if set := m.resources[key]; set != nil {
		return set
	}
	if m.resources == nil {
		m.resources = map[string]*resources{}
	}
	set := &resources{}
	m.resources[key] = set
	b := m.cfg.resources[key]
	address := m.address(key)
	set.expansion = m.l.expand(b, m.top(), address)
	values := make([]*val, len(set.copies))
	for n, c := range set.copies {
		i := &instance{m: m, block: b, data: b.Type == "data", address: address + c.suffix, scope: c.scope, cells: map[string]*cell{}, policy: &cell{}, when: m.when}
		if c.when != "" {
			i.when = append(m.when[:len(m.when):len(m.when)], c.when)
		}
		i.scope.self = i
		set.list = append(set.list, i)
		values[n] = i.value()
	}
	set.val = set.value(values)
	return set
}

// metaArguments are those of every resource, which say nothing about it.
var metaArguments = map[string]bool{
	"count": true, "for_each": true, "provider": true, "depends_on": true, "lifecycle": true, "provisioner": true, "connection": true, "timeouts": true,
}

// argument returns what the configuration sets, nil when it does not.
func (i *instance) argument(name string, at source.Span) *val {
	l, body := i.m.l, i.block.Body
	if metaArguments[name] {
		return nil
	}
	a := body.Attributes[name]
	if slices.ContainsFunc(body.Blocks, func(b *hclsyntax.Block) bool { return blockName(b) == name }) {
		return l.compute(cellOf(&i.cells, name), "block "+strconv.Quote(name), at, func() *val {
			var items []*val
			if a != nil { // in JSON, where blocks are written as a value and beside it as dynamic ones
				items = slices.Clone(listOf(l.eval(a.Expr, i.scope)))
			}
			for _, b := range body.Blocks {
				if blockName(b) == name {
					items = append(items, l.nested(b, i.scope)...)
				}
			}
			return seqVal(items, l.span(body.SrcRange))
		})
	}
	if a != nil {
		return l.compute(cellOf(&i.cells, name), "argument "+strconv.Quote(name), at, func() *val { return l.eval(a.Expr, i.scope) })
	}
	return nil
}

// attribute returns an attribute of a resource: what the configuration sets,
// what the catalogue knows that AWS will make of it, or a reference to it.
func (i *instance) attribute(name string, at, span source.Span) *val {
	l := i.m.l
	if l.o.Known != nil {
		if v, ok := l.o.Known(i.address, name); ok {
			return fromValue(v).placed(span)
		}
	}
	if i.data {
		return i.dataAttribute(name, at, span)
	}
	if v := i.readBack(name, span); v != nil {
		return v
	}
	if v := i.argument(name, at); v != nil && !v.isNull() {
		l.doubt(v)
		return v.placed(span)
	}
	if i.block.Labels[0] == "terraform_data" && name == "output" {
		// https://developer.hashicorp.com/terraform/language/resources/terraform-data
		if v := i.argument("input", at); v != nil {
			l.doubt(v)
			return v.placed(span)
		}
	}
	if !i.busy {
		if v, ok := catalogAttribute(catalog.Terraform, i.catalogBlock(), name); ok {
			v.Text = i.provider().settled(v.Text)
			return fromValue(v).at(span)
		}
	}
	l.doubts++
	return i.later(name, span)
}

// later returns the reference to an attribute that is known after deployment.
// If it is told, it is that.
func (i *instance) later(name string, span source.Span) *val {
	if v := i.told(name, span); v != nil {
		return v
	}
	r := value.Reference{Name: i.address + "." + name, Declared: !i.data}
	if plainID(i.block.Labels[0], name) {
		r.Is = value.OwnName
		return &val{kind: text, text: value.Ref(r), span: span}
	}
	return unknownVal(r, span)
}

// properties evaluates all that the configuration sets.
func (i *instance) properties() *val {
	var fields []field
	body := i.block.Body
	l := i.m.l
	add := func(name string, at source.Span) {
		if metaArguments[name] || slices.ContainsFunc(fields, func(f field) bool { return f.key == name }) {
			return
		}
		if c := i.cells[name]; c != nil && c.busy {
			return // being evaluated further up: it asks for an attribute of its own resource
		}
		fields = append(fields, field{key: name, span: at, val: i.argument(name, at)})
	}
	for _, a := range sortedAttributes(body) {
		add(a.Name, l.span(a.NameRange))
	}
	for _, b := range body.Blocks {
		add(blockName(b), l.span(b.TypeRange))
	}
	return mapVal(fields, l.span(body.SrcRange))
}

// catalogBlock evaluates the resource.
func (i *instance) catalogBlock() catalog.Block {
	if i.built != nil {
		return *i.built
	}
	if i.busy {
		return catalog.Block{}
	}
	i.busy = true
	l := i.m.l
	span := l.blockSpan(i.block)
	p := i.provider()
	b := catalog.Block{
		Type: i.block.Labels[0], Address: i.address, Path: span.Path(), Span: span,
		Scope: p.scope, Account: p.account, Region: p.region, When: i.when, Related: i.m.related, Given: i.given(),
	}
	r := &renderer{l: l}
	before := len(l.diags)
	properties, owners := i.properties(), catalogOwners(b.Type)
	b.Properties = r.resource(properties, owners)
	b.Documents = r.documents()
	if !l.exhausted && (len(i.when) > 0 || !catalogRelevant(catalog.Terraform, b.Type)) {
		l.diags = l.diags[:before] // it may not be there, or only its name is of interest
	}
	for _, f := range properties.fields {
		if f.val.unsure != "" && slices.Contains(owners, f.key) {
			b.When = append(b.When[:len(b.When):len(b.When)], existence.Atom("condition "+i.address+" is for "+f.val.unsure+" holds").String())
		}
	}
	if region := i.argument("region", span); region != nil && !region.isNull() {
		b.Region, _ = unlessSecret(region).known()
	}
	i.busy = false
	i.built = &b
	return b
}

// body evaluates a nested block.
func (l *loader) body(b *hclsyntax.Body, sc *scope, span source.Span) *val {
	var fields []field
	for _, a := range sortedAttributes(b) {
		fields = append(fields, field{key: a.Name, span: l.span(a.NameRange), val: l.eval(a.Expr, sc)})
	}
	for _, nested := range b.Blocks {
		name := blockName(nested)
		items := l.nested(nested, sc)
		at := slices.IndexFunc(fields, func(f field) bool { return f.key == name })
		if at < 0 {
			fields = append(fields, field{key: name, span: l.span(nested.TypeRange), val: seqVal(items, l.span(nested.TypeRange))})
			continue
		}
		f := &fields[at] // blocks before, or in JSON the value that they are written as
		f.val = seqVal(append(slices.Clone(listOf(f.val)), items...), f.val.span)
	}
	return mapVal(fields, span)
}

// nested evaluates a nested block, or all that a dynamic block makes.
//
// https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
func (l *loader) nested(b *hclsyntax.Block, sc *scope) []*val {
	span := l.span(b.TypeRange)
	span.End = max(span.End, b.CloseBraceRange.End.Byte)
	if !l.spend(1, span) {
		return []*val{l.failed(span)}
	}
	if l.depth++; l.depth > maxDepth {
		l.depth--
		return []*val{l.failed(span)}
	}
	defer func() { l.depth-- }()
	if b.Type != "dynamic" {
		return []*val{l.body(b.Body, sc, span)}
	}
	each := b.Body.Attributes["for_each"]
	var content *hclsyntax.Block
	for _, c := range b.Body.Blocks {
		if c.Type == "content" {
			content = c
		}
	}
	if len(b.Labels) != 1 || each == nil || content == nil {
		return []*val{l.errorf(span, "a dynamic block needs one label, for_each and a content block")}
	}
	iterator := b.Labels[0]
	if a := b.Body.Attributes["iterator"]; a != nil {
		if t, ok := a.Expr.(*hclsyntax.ScopeTraversalExpr); ok {
			iterator = t.Traversal.RootName()
		} else if s := l.constant(a.Expr); s != "" {
			iterator = s
		}
	}
	coll := l.eval(each.Expr, sc)
	at := l.span(each.Expr.Range())
	if coll.isNull() {
		return []*val{l.errorf(at, "for_each must be a list, a set or a map, found null")}
	}
	pairs, ok := l.elements(coll, at, at)
	if !ok {
		return []*val{l.errorf(at, "for_each must be a list, a set or a map, found %s", coll.kind)}
	}
	var items []*val
	for _, p := range pairs {
		inner := sc.with(map[string]*val{iterator: mapVal([]field{{key: "key", val: p.key}, {key: "value", val: p.val.certain()}}, at)})
		v := l.body(content.Body, inner, l.span(content.TypeRange))
		v.span = span
		if p.val.maybe != nil {
			v = v.doubted(p.val.maybe)
		}
		items = append(items, v)
	}
	return items
}

// constantNumber returns a number that is written as one, -1 for anything else.
func (l *loader) constantNumber(e hclsyntax.Expression) int {
	if x, ok := unwrapped(e).(*hclsyntax.LiteralValueExpr); ok {
		if v := literal(x.Val, source.Span{}); v.kind == number && v.num.IsInt() {
			n, _ := v.num.Int64()
			return int(n)
		}
	}
	return -1
}

func atMostOne(n int) bool { return n == 0 || n == 1 }
