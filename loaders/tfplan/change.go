package tfplan

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/iaclint/iaclint/loaders/catalog"
)

// object is a resource, or a data source that is read when the plan is applied,
// as the plan says it will be and was.
type object struct {
	address string // as the plan writes it; with the id of what is deposed
	base    string // without the index
	module  string // address of the module, with its indexes
	name    string // address of the declaration in its module
	index   string // as an address has it: [0], ["a"]
	mode    string
	typ     string
	actions actions
	where   piece // for people: the address
	region  piece

	before, after   piece
	unknown         piece // after_unknown, by the shape of after
	beforeSensitive piece
	sensitive       piece
	// partial: what is missing in after is not known, rather than not there. In
	// planned values nothing else tells.
	partial  bool
	deferred string // why Terraform put it off, "" when it did not
	deposed  bool

	code *declaration // nil: not in the configuration
	in   *module      // nil: likewise

	block  catalog.Block // after
	echoes []string      // attributes that are left out, as another resource has them
	state  state
}

type state uint8

const (
	untouched state = iota
	busy
	done
)

// actions that a plan takes on an object.
type actions uint8

const (
	noOp actions = 1 << iota
	create
	read
	update
	remove
	forget
	unknownAction
)

var actionNames = map[string]actions{"no-op": noOp, "create": create, "read": read, "update": update, "delete": remove, "forget": forget}

// stays reports whether there is such an object once the plan is applied: what
// is forgotten stays in AWS.
func (a actions) stays() bool { return a != remove && a != 0 }

// keeps reports whether the plan leaves the object as it is.
func (a actions) keeps() bool { return a == noOp || a == forget }

// readChanges reads the elements of resource_changes.
func (p *plan) readChanges(at piece) []*object {
	var out []*object
	if k := p.kind(at); k != '[' && k != 'n' && k != 0 {
		p.errorf(at, "resource_changes must be a list")
	}
	for e := range p.elements(at) {
		if o := p.readChange(e); o != nil {
			out = append(out, o)
		}
	}
	return out
}

// readChange reads one of them; nil if it has nothing to do with access.
func (p *plan) readChange(at piece) *object {
	if p.kind(at) != '{' {
		p.errorf(at, "a resource change must be an object")
		return nil
	}
	o := &object{where: at}
	var change, index, deposed piece
	for m := range p.members(at) {
		switch m.key {
		case "address":
			o.address, _ = p.str(m.value)
			o.where = m.value
		case "module_address":
			o.module, _ = p.str(m.value)
		case "mode":
			o.mode, _ = p.str(m.value)
		case "type":
			o.typ, _ = p.str(m.value)
			if o.mode != "" && !isRelevant(o.mode, o.typ) {
				return nil
			}
		case "name":
			o.name, _ = p.str(m.value)
		case "index":
			index = m.value
		case "deposed":
			deposed = m.value
		case "change":
			change = m.value
		}
	}
	if !p.complete(o, index, at) || !isRelevant(o.mode, o.typ) {
		return nil
	}
	if id, ok := p.str(deposed); ok {
		o.deposed = true
		o.address += " (deposed " + id + ")"
	}
	p.readValues(o, change, at)
	return o
}

// complete fills in what follows from type, name and index; it is false, with a
// diagnostic, if they are not there.
func (p *plan) complete(o *object, index, at piece) bool {
	if o.typ == "" && o.name == "" {
		p.errorf(at, "a resource without type and name: expected what terraform show -json writes")
		return false
	}
	if o.mode == "" {
		o.mode = "managed"
		if strings.HasPrefix(o.address[min(len(o.address), len(o.module)):], "data.") {
			o.mode = "data"
		}
	}
	o.name = o.typ + "." + o.name
	if o.mode == "data" {
		o.name = "data." + o.name
	}
	o.base = o.name
	if o.module != "" {
		o.base = o.module + "." + o.name
	}
	switch p.kind(index) {
	case 0, 'n':
	case '"':
		key, _ := p.str(index)
		o.index = "[" + strconv.Quote(key) + "]"
	default:
		o.index = "[" + string(p.raw(index)) + "]"
	}
	if o.address == "" || o.index != "" && o.address == o.base {
		o.address = o.base + o.index // Terraform 0.12 leaves the index out
	}
	return true
}

func (p *plan) readValues(o *object, change, at piece) {
	seen := map[string]bool{}
	var acts piece
	for m := range p.members(change) {
		if seen[m.key] {
			p.errorf(m.keyPiece, "%s: the key %q is written twice, expected it once; the last counts", o.address, m.key)
		}
		seen[m.key] = true
		switch m.key {
		case "actions":
			acts = m.value
		case "before":
			o.before = m.value
		case "after":
			o.after = m.value
		case "after_unknown":
			o.unknown = m.value
		case "before_sensitive":
			o.beforeSensitive = m.value
		case "after_sensitive":
			o.sensitive = m.value
		}
	}
	for e := range p.elements(acts) {
		name, _ := p.str(e)
		a, ok := actionNames[name]
		if !ok {
			p.errorf(e, "%s: unknown action %s, expected no-op, create, read, update, delete or forget", o.address, quote(p, e))
			a = unknownAction
		}
		o.actions |= a
	}
	if o.actions == 0 {
		p.errorf(at, "%s: change.actions must be a list of what is done, such as [\"create\"]", o.address)
		o.actions = unknownAction
	}
	if o.actions == forget {
		o.after, o.sensitive, o.unknown = o.before, o.beforeSensitive, piece{}
	}
	if o.actions.stays() && p.kind(o.after) != '{' && !p.is(o.unknown, "true") {
		p.errorf(at, "%s: change.after must be an object, as the resource is not deleted", o.address)
	}
}

// quote shows a short value of the plan.
func quote(p *plan, at piece) string {
	const most = 40
	raw := string(p.raw(at))
	if len(raw) > most {
		raw = raw[:most] + "…"
	}
	return fmt.Sprintf("%q", raw)
}
