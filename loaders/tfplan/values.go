package tfplan

import (
	tfjson "github.com/hashicorp/terraform-json"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/deployed"
)

// Deployed adds what a state, or the state that a plan was made from, tells of
// attributes and outputs. What is sensitive stays unknown.
func Deployed(f *source.File, to *deployed.Values) []source.Diagnostic {
	if d, refused := refuse(f); refused {
		if kindOf(f.Content) == stateFile {
			d.Message = `this is a state as Terraform keeps it: give what "terraform show -json" writes of it`
		}
		return []source.Diagnostic{d}
	}
	p := newLoader(open(f), Options{})
	values := p.parts["values"]
	if p.noun != "state" {
		values = p.at(p.parts["prior_state"], "values")
	}
	objects := map[string]*object{}
	p.readState(values, func(tfjson.ResourceMode, string) bool { return true }, func(o *object) { objects[o.address] = o })
	for m := range p.members(p.at(values, "outputs")) {
		if v := p.at(m.value, "value"); !v.missing() && p.is(p.at(m.value, "sensitive"), "false") {
			to.Output(f.Name, m.key, p.parsePart(v))
		}
	}
	to.States = append(to.States, func(address string) map[string]value.Value {
		o := objects[address]
		if o == nil || p.kind(o.after) != '{' {
			return nil
		}
		out := map[string]value.Value{}
		for m := range p.members(o.after) {
			if !p.holdsTrue(p.at(o.sensitive, m.key)) {
				out[m.key] = unplaced(p.parsePart(m.value))
			}
		}
		return out
	})
	return p.diags
}

// readState reads the resources of planned_values or prior_state.values.
//
// https://developer.hashicorp.com/terraform/internals/json-format#values-representation
func (p *plan) readState(values piece, relevant func(mode tfjson.ResourceMode, typ string) bool, yield func(*object)) {
	p.stateModule(p.at(values, "root_module"), relevant, yield, 0)
}

func (p *plan) stateModule(at piece, relevant func(mode tfjson.ResourceMode, typ string) bool, yield func(*object), depth int) {
	var address string
	for m := range p.members(at) {
		if m.key == "address" {
			address, _ = p.str(m.value)
		}
	}
	for m := range p.members(at) {
		switch m.key {
		case "resources":
			for e := range p.elements(m.value) {
				if o := p.stateResource(e, address, relevant); o != nil {
					yield(o)
				}
			}
		case "child_modules":
			if depth > maxModules {
				p.errorf(m.keyPiece, "expected modules nested at most %d levels deep", maxModules)
				continue
			}
			for e := range p.elements(m.value) {
				p.stateModule(e, relevant, yield, depth+1)
			}
		}
	}
}

func (p *plan) stateResource(at piece, module string, relevant func(mode tfjson.ResourceMode, typ string) bool) *object {
	if p.kind(at) != '{' {
		p.errorf(at, "a resource must be an object")
		return nil
	}
	o := &object{where: at, module: module, actions: tfjson.Actions{tfjson.ActionNoop}, partial: true}
	var index piece
	for m := range p.members(at) {
		switch m.key {
		case "address":
			o.address, _ = p.str(m.value)
			o.where = m.value
		case "mode":
			o.mode = p.mode(m.value)
		case "type":
			o.typ, _ = p.str(m.value)
			if o.mode != "" && !relevant(o.mode, o.typ) {
				return nil
			}
		case "name":
			o.name, _ = p.str(m.value)
		case "index":
			index = m.value
		case "values":
			o.after = m.value
		case "sensitive_values":
			o.sensitive = m.value
		}
	}
	if !p.complete(o, index, at) || !relevant(o.mode, o.typ) {
		return nil
	}
	return o
}
