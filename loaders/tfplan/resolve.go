package tfplan

import (
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// scope is where a reference is written: a module of the plan and, with
// for_each or count, what each and count stand for there.
type scope struct {
	in      *module
	address string // of the module, with indexes
	index   string // of the resource or module call that is being read
	forEach piece
	// lenient: a local beside other references is taken to choose among them.
	lenient bool
}

func (o *object) scope() scope {
	return scope{in: o.in, address: o.module, index: o.index, forEach: o.code.forEach}
}

// caller is the scope that the module's call is written in.
func (s scope) caller() scope {
	address := steps(s.address)
	c := scope{in: s.in.parent, lenient: s.lenient, address: write(address[:max(len(address)-2, 0)]), forEach: s.in.forEach}
	if len(address) > 0 {
		c.index = address[len(address)-1].index
	}
	return c
}

// target is an attribute of an object that a reference leads to.
type target struct {
	object    *object
	attribute string // "" where the plan does not tell
}

// follow returns the value of what is referred to. The plan has no expressions,
// only references: "${b.arn}/*", b.arn and a function of it all look the same.
func (m merger) follow(refs []string, at place) (value.Value, bool) {
	use := useOf(at.last())
	s := m.object.scope()
	// Modules choose with a local between the ids of a bucket and of what is on
	// it, so that one is made after the other. The plan has no locals.
	s.lenient = use == naming
	targets, ok := m.targets(refs, s, trail{})
	if !ok || len(targets) == 0 {
		return value.Value{}, false
	}
	if len(targets) == 1 && targets[0].object.typ == policyDocument && targets[0].object.mode == tfjson.DataResourceMode && !at.item {
		return m.document(targets[0].object), true
	}
	if use == 0 || m.namesItself(at) || use&list != 0 && !at.item {
		return value.Value{}, false // literals may be in the list beside what it refers to
	}
	n := 0
	switch {
	case len(targets) == 1, m.agree(targets, at):
	case at.item && len(targets) <= at.of:
		n = at.nth % len(targets)
	default:
		return value.Value{}, false
	}
	t, ok := m.text(targets[n], at)
	if !ok {
		return value.Value{}, false
	}
	if isARN := strings.HasPrefix(first(t), "arn:"); use&party != 0 && !isARN && targets[n].attribute != "s3_canonical_user_id" {
		return value.Value{}, false // an account's id is one of many things in such a text
	}
	if use&within != 0 && use&party == 0 && !strings.HasPrefix(first(t), "arn:") {
		// An ARN is made of a name.
		if arn, ok := m.text(target{object: targets[n].object, attribute: "arn"}, at); ok {
			t = arn
		}
	}
	if use&within != 0 {
		t = value.Join(t, m.own(at, later))
	}
	return value.Value{Kind: value.String, Text: t}, true
}

// namesItself reports whether an attribute is the name of the object itself,
// which may be made from that of another one.
func (m merger) namesItself(at place) bool {
	const probe = "probe"
	if len(at.names) != 1 || m.object.mode == tfjson.DataResourceMode {
		return false
	}
	b := catalog.Block{Type: m.object.typ, Address: m.object.address}
	b.Properties = value.Value{Kind: value.Map, Fields: []value.Field{{Key: at.last(), Value: value.Value{Kind: value.String, Text: value.Lit(probe)}}}}
	arn, ok := attribute(b, "arn")
	return ok && strings.Contains(arn.Text.String(), probe)
}

// agree reports whether all targets have the same text: the id of a bucket's
// policy is the bucket's.
func (m merger) agree(targets []target, at place) bool {
	var all []value.Text
	for _, t := range targets {
		text, ok := m.text(t, at)
		if !ok || len(all) > 0 && !text.Equal(all[0]) {
			return false
		}
		all = append(all, text)
	}
	return true
}

func first(t value.Text) string {
	if len(t.Parts) > 0 {
		return t.Parts[0].Literal
	}
	return t.Literal
}

// use says how a reference in an attribute is read.
type use uint8

const (
	naming use = 1 << iota // the attribute names a resource
	party                  // it names who gets access, or through what
	list                   // it is a list
	within                 // it may be something in what is referred to, as objects are in a bucket
)

var uses = map[string]use{
	"resources": list | naming | within, "not_resources": list | naming | within, "values": list | party | within,
	"identifiers": list | party, "principals": list | party, "allowed_principals": list | party, "shared_accounts": list | party, "account_ids": list | party,
	"principal": party, "principal_arn": party, "principal_id": party, "grantee_principal": party, "source_arn": party, "source_account": party,
	"account_id": party, "aws_account_id": party, "account": party,
	"principal_org_id": party, "organization_id": party, "organization_arn": party, "organizational_unit_arn": party,
	"retiring_principal": party,
}

// useOf returns how an attribute is used: 0 for what must not be guessed, such
// as a policy or a setting.
func useOf(attribute string) use {
	if u, ok := uses[attribute]; ok {
		return u
	}
	if attribute == "" || strings.Contains(attribute, "polic") {
		return 0
	}
	for _, suffix := range []string{"id", "arn", "name", "identifier", "identity", "url", "bucket", "repository", "domain", "role", "server", "stream", "table"} {
		if attribute == suffix || strings.HasSuffix(attribute, "_"+suffix) {
			return naming
		}
	}
	return 0
}

// text returns what a target is known to be.
func (l *loader) text(t target, at place) (value.Text, bool) {
	l.resolve(t.object)
	name := t.attribute
	if name == "" {
		name = "id"
		if last := at.last(); strings.HasSuffix(last, "arn") || uses[last] != 0 {
			name = "arn"
		}
	}
	v := t.object.block.Properties.Get(name)
	if v.Kind == value.String && t.object.state != busy {
		return v.Text, true
	}
	if v, ok := attribute(t.object.block, name); ok && v.Kind == value.String {
		return v.Text, true
	}
	if name == "id" {
		return value.Ref(value.Reference{Name: t.object.address + ".id", Is: value.OwnName, Scope: t.object.block.Scope}), true
	}
	return value.Text{}, false
}

// computed reports whether the catalogue knows an attribute that is not in the
// configuration.
func (m merger) computed(name string) bool {
	if name == "id" || name == "arn" {
		return true
	}
	_, ok := attribute(catalog.Block{Type: m.object.typ, Address: m.object.address}, name)
	return ok
}

const maxSteps = 1000 // of references through modules

// trail are the references that have been followed, so that none is twice: they
// may lead in circles.
type trail map[[3]string]bool

func (t trail) has(s scope, ref string) bool {
	key := [3]string{s.address, s.index, ref}
	if t[key] {
		return true
	}
	t[key] = true
	return false
}

// targets follows references to the objects that they lead to; it is not ok if
// one of them leads elsewhere.
func (l *loader) targets(refs []string, s scope, gone trail) ([]target, bool) {
	var rest []string
	for _, ref := range refs {
		if ref != "each.key" && ref != "count.index" { // which only choose an instance
			rest = append(rest, ref)
		}
	}
	if len(rest) == 0 {
		return nil, false
	}
	var out []target
	for _, ref := range rest {
		path := steps(ref)
		if gone.has(s, ref) {
			continue // what it leads to is among the targets already
		}
		if len(gone) > maxSteps {
			return nil, false
		}
		if l.isKnown(path, s, trail{}) {
			continue // what is not known does not come from it
		}
		if s.lenient && path[0].name == "local" || l.hasNoInstance(path, s) {
			continue
		}
		found, ok := l.targetsOf(path, s, gone)
		if !ok {
			return nil, false
		}
		for _, t := range found {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out, true
}

func (l *loader) targetsOf(ref []step, s scope, gone trail) ([]target, bool) {
	if len(ref) < 2 || s.in == nil {
		return nil, false
	}
	switch ref[0].name {
	case "each":
		if ref[1].name != "value" {
			return nil, false
		}
		// The plan knows the keys of for_each; the value of one depends on what
		// for_each refers to, in the instance with that key.
		found, ok := l.targets(l.references(s.forEach), s, gone)
		return withAttribute(found, ref[2:]), ok
	case "var":
		return l.variable(ref, s, gone)
	case "module":
		return l.output(ref, s, gone)
	case "local", "path", "terraform", "self", "count":
		return nil, false
	case "data":
		if len(ref) < 3 {
			return nil, false
		}
		return l.declared("data."+ref[1].name+"."+ref[2].name, ref[2].index, ref[3:], s)
	}
	return l.declared(ref[0].name+"."+ref[1].name, ref[1].index, ref[2:], s)
}

// withAttribute adds what is asked of a whole object that was passed on.
func withAttribute(list []target, rest []step) []target {
	if len(rest) == 0 {
		return list
	}
	var out []target
	for _, t := range list {
		t.attribute = rest[len(rest)-1].name
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func (l *loader) variable(ref []step, s scope, gone trail) ([]target, bool) {
	if s.in.parent == nil {
		return nil, false
	}
	argument := l.at(s.in.call, ref[1].name)
	if argument.missing() {
		return nil, false
	}
	found, ok := l.targets(l.references(argument), s.caller(), gone)
	return withAttribute(found, ref[2:]), ok
}

func (l *loader) output(ref []step, s scope, gone trail) ([]target, bool) {
	child := s.in.calls[ref[1].name]
	if child == nil || len(ref) < 3 {
		return nil, false
	}
	base := "module." + ref[1].name
	if s.address != "" {
		base = s.address + "." + base
	}
	index, ok := choose(l.instances[base], ref[1].index, s.index)
	if !ok {
		return nil, false
	}
	expression := l.at(child.outputs, ref[2].name, "expression")
	if expression.missing() {
		return nil, false
	}
	found, ok := l.targets(l.references(expression), scope{in: child, address: base + index, lenient: s.lenient}, gone)
	return withAttribute(found, ref[3:]), ok
}

// choose returns the instance that is meant: the one whose index is written, the
// only one, or the one with the same index as the place that asks.
func choose[T any](have map[string]T, written, asking string) (string, bool) {
	if written != "" {
		_, ok := have[written]
		return written, ok
	}
	if len(have) == 1 {
		for only := range have {
			return only, true
		}
	}
	_, ok := have[asking]
	return asking, ok && asking != ""
}

func (l *loader) declared(name, index string, rest []step, s scope) ([]target, bool) {
	base := name
	if s.address != "" {
		base = s.address + "." + name
	}
	if len(l.byBase[base]) == 0 && l.other(name, index, s) == nil {
		return nil, false
	}
	index, ok := choose(l.byBase[base], index, s.index)
	if !ok {
		return nil, false
	}
	t := target{object: l.byBase[base][index]}
	if len(rest) > 0 {
		t.attribute = rest[0].name
	}
	return []target{t}, true
}

// other returns an object of a type that decides nothing itself: nothing is read
// of it but where it is declared.
func (l *loader) other(name, index string, s scope) *object {
	code := s.in.resources[name]
	typ, _, _ := strings.Cut(name, ".")
	if code == nil || !strings.HasPrefix(typ, "aws_") || isRelevant("managed", typ) {
		return nil
	}
	if index == "" && !code.forEach.missing() {
		index = s.index
	}
	base := name
	if s.address != "" {
		base = s.address + "." + name
	}
	o := &object{address: base + index, base: base, module: s.address, name: name, index: index, mode: "managed", typ: typ, code: code, in: s.in, where: code.expressions, state: done}
	l.identify(o, &o.block)
	if l.byBase[base] == nil {
		l.byBase[base] = map[string]*object{}
	}
	l.byBase[base][index] = o
	return o
}

// hasNoInstance reports whether a resource is declared and, as its count is zero,
// not there.
func (l *loader) hasNoInstance(ref []step, s scope) bool {
	if l.incomplete || s.in == nil || len(ref) < 2 || !isRelevant("managed", ref[0].name) {
		return false
	}
	name := ref[0].name + "." + ref[1].name
	base := name
	if s.address != "" {
		base = s.address + "." + name
	}
	return s.in.resources[name] != nil && len(l.byBase[base]) == 0
}

// isKnown reports whether a reference is to something that has a value already.
func (l *loader) isKnown(ref []step, s scope, gone trail) bool {
	switch {
	case len(gone) > maxSteps || len(ref) < 2:
		return false
	case ref[0].name == "path", ref[0].name == "terraform":
		return true
	case ref[0].name == "data" && len(ref) > 2:
		base := write([]step{ref[0], ref[1], {name: ref[2].name}})
		if s.address != "" {
			base = s.address + "." + base
		}
		return l.wasRead[base]
	case ref[0].name != "var" || s.in == nil:
		return false
	case s.in.parent == nil:
		return !l.at(l.parts["variables"], ref[1].name, "value").missing()
	}
	argument := l.at(s.in.call, ref[1].name)
	if argument.missing() {
		return !l.at(s.in.variables, ref[1].name, "default").missing()
	}
	refs := l.references(argument)
	if len(refs) == 0 {
		return l.isLiteral(argument)
	}
	caller := s.caller()
	for _, r := range refs {
		if !gone.has(caller, r) && !l.isKnown(steps(r), caller, gone) {
			return false
		}
	}
	return true
}
