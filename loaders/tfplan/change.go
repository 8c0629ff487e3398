package tfplan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

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
	mode    tfjson.ResourceMode
	typ     string
	actions tfjson.Actions
	where   piece // for people: the address

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

// known are the actions that a plan takes on an object.
//
// https://developer.hashicorp.com/terraform/internals/json-format#change-representation
var known = tfjson.Actions{tfjson.ActionNoop, tfjson.ActionCreate, tfjson.ActionRead, tfjson.ActionUpdate, tfjson.ActionDelete, tfjson.ActionForget}

// stays reports whether there is such an object once the plan is applied: what
// is forgotten stays in AWS.
func stays(a tfjson.Actions) bool { return len(a) > 0 && !a.Delete() }

// keeps reports whether the plan leaves the object as it is.
func keeps(a tfjson.Actions) bool { return a.NoOp() || a.Forget() }

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
			o.mode = p.mode(m.value)
		case "type":
			o.typ, _ = p.str(m.value)
			if o.mode != "" && !mayMatter(o.mode, o.typ) {
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
	if !p.complete(o, index, at) || !mayMatter(o.mode, o.typ) {
		return nil
	}
	if id, ok := p.str(deposed); ok {
		o.deposed = true
		o.address += " (deposed " + id + ")"
	}
	p.readValues(o, change, at)
	if !p.matters(o) {
		return nil
	}
	return o
}

func (p *plan) mode(at piece) tfjson.ResourceMode {
	mode, _ := p.str(at)
	return tfjson.ResourceMode(mode)
}

// complete fills in what follows from type, name and index; it is false, with a
// diagnostic, if they are not there.
func (p *plan) complete(o *object, index, at piece) bool {
	if o.typ == "" && o.name == "" {
		p.errorf(at, "a resource without type and name: expected what terraform show -json writes")
		return false
	}
	if o.mode == "" {
		o.mode = tfjson.ManagedResourceMode
		if strings.HasPrefix(o.address[min(len(o.address), len(o.module)):], "data.") {
			o.mode = tfjson.DataResourceMode
		}
	}
	o.name = o.typ + "." + o.name
	if o.mode == tfjson.DataResourceMode {
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
		if !slices.Contains(known, tfjson.Action(name)) {
			p.errorf(e, "%s: unknown action %s, expected no-op, create, read, update, delete or forget", o.address, quote(p, e))
		}
		o.actions = append(o.actions, tfjson.Action(name))
	}
	if len(o.actions) == 0 {
		p.errorf(at, "%s: change.actions must be a list of what is done, such as [\"create\"]", o.address)
		o.actions = tfjson.Actions{""}
	}
	if o.actions.Forget() {
		o.after, o.sensitive, o.unknown = o.before, o.beforeSensitive, piece{}
	}
	if stays(o.actions) && p.kind(o.after) != '{' && !p.is(o.unknown, "true") {
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
