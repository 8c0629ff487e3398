package cloudformation

import (
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
	"github.com/iaclint/iaclint/loaders/deployed"
)

// live finds the stack that a template is deployed as: that of the input by the
// logical ids of its resources, a nested one by its id.
func (e *evaluator) live(s *scope) *deployed.Stack {
	switch {
	case e.options.Deployed == nil || s.deployment != "":
		return nil
	case s.parent != nil:
		id, _ := s.parent.scope.live.Physical(s.parent.id, stackType)
		return e.options.Deployed.StackWith(id)
	}
	types := map[string]string{}
	for _, f := range s.section("Resources").Fields {
		if f.Value.Kind == value.Map {
			types[f.Key], _ = f.Value.Get("Type").Text.Known()
		}
	}
	return e.options.Deployed.StackFor(types)
}

// told returns the value that a parameter of the stack has, unless it is a secret.
func (s *scope) told(p *parameter, id string) (string, bool) {
	if s.live == nil || s.parent != nil || p.noEcho {
		return "", false
	}
	text, ok := s.live.Parameters[id]
	return text, ok
}

// physical returns what Ref gives of a resource, where it is known.
func (d *declared) physical() (string, bool) { return d.scope.live.Physical(d.id, d.typ) }

// named are the names that AWS gave to a resource.
func (d *declared) named() map[string]string {
	id, _ := d.physical()
	return givenBy(d.typ, id)
}

// givenBy is what AWS gave to a resource with a physical id, as package catalog asks
// for it.
func givenBy(typ, physical string) map[string]string {
	if name, ok := catalog.NameOfID(typ, physical); ok {
		return map[string]string{"": name}
	}
	return nil
}
