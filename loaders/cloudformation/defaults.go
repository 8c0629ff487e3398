package cloudformation

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
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
	l := looker{tables: root.Get("Mappings"), compared: map[string][]string{}, left: maxLooked}
	l.look(root.Get("Conditions"), true)
	l.look(root.Get("Resources"), false)
	compared := l.compared
	var out []resource.Default
	for _, f := range s.section("Parameters").Fields {
		p, literals := s.parameters[f.Key], compared[f.Key]
		_, isGiven := e.given[f.Key]
		initial, known := p.initial.Text.Known()
		names := false
		for _, item := range strings.Split(initial, ",") {
			names = names || policy.CanName(strings.TrimSpace(item))
		}
		if literals == nil && !names || isGiven || e.isOpen(f.Key) || !p.initial.IsScalar() || !known || p.noEcho || p.isStored() || p.isList() && !names {
			continue
		}
		if p.allowed != nil {
			literals = p.allowed
		}
		d := resource.Default{Name: f.Key, Shown: f.Key, Value: initial, Names: names}
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

// maxLooked is how many values of a template are looked at: aliases can make very
// many of few.
const maxLooked = 200_000

// opening are the values of properties that let others in.
var opening = map[string][]string{
	"RestrictPublicBuckets":   {"true", "false"},
	"IgnorePublicAcls":        {"true", "false"},
	"AllowExternalPrincipals": {"true", "false"},
	"AccessControl":           {"AuthenticatedRead", "PublicRead", "PublicReadWrite"},
	"ObjectOwnership":         {"BucketOwnerPreferred", "ObjectWriter"},
	"AuthType":                {"NONE"},
	"FunctionUrlAuthType":     {"NONE"},
	"AuthorizationType":       {"NONE"},
}

// looker collects what parameters are compared with.
type looker struct {
	tables   value.Value
	compared map[string][]string
	left     int
}

// note adds a parameter, if that is what a value refers to, with what it is
// compared with.
func (l *looker) note(of value.Value, literals ...string) {
	if name, ok := of.Get("Ref").Text.Known(); ok && name != "" && of.Kind == value.Map {
		l.compared[name] = append(l.compared[name], append([]string{""}, literals...)...)
	}
}

// look notes what parameters are compared with, and the keys of tables that they
// are looked up in. In a condition every parameter counts.
func (l *looker) look(v value.Value, condition bool) {
	if l.left--; l.left < 0 {
		return
	}
	if condition {
		l.note(v)
	}
	if args := v.Get("Fn::Equals").Items; len(args) == 2 {
		for i, a := range args {
			if text, known := args[1-i].Text.Known(); known && args[1-i].IsScalar() {
				l.note(a, text)
			}
		}
	}
	if args := v.Get("Fn::FindInMap").Items; len(args) >= 3 {
		table, _ := args[0].Text.Known()
		for _, f := range l.tables.Get(table).Fields {
			if l.left--; l.left < 0 {
				return
			}
			l.note(args[1], f.Key)
		}
	}
	for _, item := range v.Items {
		l.look(item, condition)
	}
	for _, f := range v.Fields {
		if literals := opening[f.Key]; literals != nil {
			l.note(f.Value, literals...)
		}
		l.look(f.Value, condition)
	}
}
