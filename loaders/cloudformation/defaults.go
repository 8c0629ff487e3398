package cloudformation

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// isOpen reports whether the default of a root parameter does not count.
func (e *evaluator) isOpen(id string) bool {
	return slices.Contains(e.options.Open, "*") || slices.Contains(e.options.Open, id)
}

// deciding returns the root parameters that have their defaults and that conditions
// and tables look at, with the values that the template has something else for.
func (e *evaluator) deciding(s *scope, root value.Value) []resource.Default {
	compared := map[string][]string{}
	e.look(root.Get("Conditions"), root.Get("Mappings"), true, compared)
	e.look(root.Get("Resources"), root.Get("Mappings"), false, compared)
	var out []resource.Default
	for _, f := range s.section("Parameters").Fields {
		p, literals := s.parameters[f.Key], compared[f.Key]
		_, isGiven := e.given[f.Key]
		initial, known := p.initial.Text.Known()
		if literals == nil || isGiven || e.isOpen(f.Key) || !p.initial.IsScalar() || !known || p.noEcho || p.isStored() || p.isList() {
			continue
		}
		if p.allowed != nil {
			literals = p.allowed
		}
		d := resource.Default{Name: f.Key, Shown: f.Key, Value: initial}
		for _, l := range literals {
			if l != "" && l != initial && !slices.Contains(d.Others, l) {
				d.Others = append(d.Others, l)
			}
		}
		if p.allowed == nil || d.Others != nil {
			out = append(out, d)
		}
	}
	return out
}

// look notes what parameters are compared with, and the keys of tables that they
// are looked up in. In a condition every parameter counts.
func (e *evaluator) look(v, tables value.Value, condition bool, compared map[string][]string) {
	note := func(of value.Value, literals ...string) {
		if name, ok := of.Get("Ref").Text.Known(); ok && name != "" && of.Kind == value.Map {
			compared[name] = append(compared[name], append([]string{""}, literals...)...)
		}
	}
	if condition {
		note(v)
	}
	switch args := v.Get("Fn::Equals").Items; {
	case len(args) == 2:
		for i, a := range args {
			if text, known := args[1-i].Text.Known(); known && args[1-i].IsScalar() {
				note(a, text)
			}
		}
	}
	if args := v.Get("Fn::FindInMap").Items; len(args) >= 3 {
		table, _ := args[0].Text.Known()
		for _, f := range tables.Get(table).Fields {
			note(args[1], f.Key)
		}
	}
	for _, item := range v.Items {
		e.look(item, tables, condition, compared)
	}
	for _, f := range v.Fields {
		e.look(f.Value, tables, condition, compared)
	}
}
