package tfplan

import tfjson "github.com/hashicorp/terraform-json"

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
