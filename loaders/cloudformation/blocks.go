package cloudformation

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// blocks returns the resources of a template that the catalogue knows, and
// those of the stacks in it.
func (e *evaluator) blocks(s *scope) []catalog.Block {
	var out []catalog.Block
	for _, d := range slices.Clone(s.order) {
		if d.hidden || !catalog.Relevant(catalog.CloudFormation, d.typ) && !mayCarry(d) {
			continue
		}
		for _, f := range e.forms(d) {
			b := e.block(d)
			b.Properties, b.When, b.Notes, b.Related = f.properties, f.when, f.notes, f.related
			b.Terms = e.same.terms
			if b.Properties.Kind != value.Map && b.Properties.Kind != value.Unknown {
				b.Properties = value.Value{Kind: value.Map, Span: d.body.Span}
			}
			out = append(out, b)
		}
	}
	for _, d := range slices.Clone(s.order) {
		if d.typ != stackType && d.typ != stackSetType {
			continue
		}
		if e.never(d) {
			continue
		}
		if nested := e.template(d); nested != nil {
			out = append(out, e.blocks(nested)...)
		}
	}
	return out
}

// mayCarry reports whether a resource of a type that the catalogue does not know may
// have a resource policy.
func mayCarry(d *declared) bool {
	return catalog.Foreign(catalog.CloudFormation, d.typ) && slices.ContainsFunc(d.properties().Fields, func(f value.Field) bool {
		return catalog.MayCarry(catalog.CloudFormation, d.typ, f.Key) || catalog.HasResourcePolicy(f.Value)
	})
}

// never reports whether a resource is declared in no world.
func (e *evaluator) never(d *declared) bool {
	e.enter(nil)
	never := !e.exists(d)
	e.enter(nil)
	return never
}

// block is what is known of a resource without its properties.
func (e *evaluator) block(d *declared) catalog.Block {
	b := catalog.Block{Type: d.typ, Address: d.address, Path: d.scope.file.Name, Span: d.body.Span, Scope: d.scope.deployment, Name: d.name}
	if id := d.scope.prefix + d.id; id != b.Address {
		b.ID = id // two resources that SAM makes of one share an address, but no name
	}
	b.Given = d.named()
	if d.scope.deployment == "" {
		b.Account, b.Region = e.options.Account, e.options.Region
	}
	return b
}
