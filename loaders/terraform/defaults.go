package terraform

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
)

// isOpen reports whether the default of a variable of the root module does not count.
func (l *loader) isOpen(name string) bool {
	return slices.Contains(l.o.Open, "*") || slices.Contains(l.o.Open, name)
}

// deciding returns the variables that have their defaults and that the module makes
// choices by, with the values that it has something else for.
func (m *module) deciding() []resource.Default {
	w := choiceWalker{l: m.l, compared: map[string][]string{}}
	for _, b := range m.cfg.resources {
		_ = hclsyntax.Walk(b.Body, &w)
	}
	for _, b := range m.cfg.modules {
		_ = hclsyntax.Walk(b.Body, &w)
	}
	for _, a := range m.cfg.locals {
		_ = hclsyntax.Walk(a, &w)
	}
	for name := range m.cfg.variables {
		if w.compared[name] == nil {
			w.names = append(w.names, name)
		}
	}
	slices.Sort(w.names)
	var out []resource.Default
	for i, name := range append(sortedKeys(w.compared), w.names...) {
		v := m.cfg.variables[name]
		if v == nil || m.inputs[name] != nil || m.l.isOpen(name) || v.block.Body.Attributes["default"] == nil {
			continue
		}
		d := resource.Default{Name: name, Shown: "var." + name}
		literals := w.compared[name]
		switch given := m.variable(name, m.l.span(v.block.TypeRange)); {
		case given.kind == boolean && given.flag:
			d.Value, literals = "true", []string{"false"}
		case given.kind == boolean:
			d.Value, literals = "false", []string{"true"}
		case given.kind == number:
			d.Value = given.num.Text('f', -1)
			literals = append(slices.Clone(literals), "0", "1")
		case given.kind == text:
			known := false
			if d.Value, known = given.text.Known(); !known {
				continue
			}
		case given.kind == sequence && given.wholly():
			for _, item := range given.items {
				text, _ := item.known()
				d.Names = d.Names || policy.CanName(text)
				d.Value += ", " + text
			}
			if d.Value = strings.TrimPrefix(d.Value, ", "); !d.Names {
				d.Value = ""
			}
		case given.kind == sequence, given.kind == mapping: // tried as not known
		case given.kind != null:
			continue
		}
		if d.Names = d.Names || policy.CanName(d.Value); !d.Names && i >= len(w.compared) {
			continue
		}
		if v.allowed != nil {
			literals = v.allowed
		}
		slices.Sort(literals)
		for _, s := range slices.Compact(literals) {
			if s != "" && s != d.Value {
				d.Others = append(d.Others, s)
			}
		}
		if v.sensitive {
			d.Value = ""
		}
		out = append(out, d)
	}
	return out
}

// opening are the values of arguments that let others in, where those are texts.
var opening = map[string][]string{
	"acl":                {"authenticated-read", "public-read", "public-read-write"},
	"object_ownership":   {"BucketOwnerPreferred", "ObjectWriter"},
	"authorization":      {"NONE"},
	"authorization_type": {"NONE"},
}

// choiceWalker collects the variables that expressions choose by, each with the
// literals that it is compared with.
type choiceWalker struct {
	l        *loader
	compared map[string][]string
	names    []string // of the other variables
}

// Enter implements hclsyntax.Walker.
func (w *choiceWalker) Enter(n hclsyntax.Node) hcl.Diagnostics {
	switch n := n.(type) {
	case *hclsyntax.Attribute:
		switch n.Name {
		case "count", "for_each", "enabled", "restrict_public_buckets", "ignore_public_acls", "account_id", "allow_external_principals":
			w.note(n.Expr)
		default:
			if literals := opening[n.Name]; literals != nil {
				w.note(n.Expr, literals...)
			}
		}
	case *hclsyntax.ConditionalExpr:
		w.note(n.Condition)
	case *hclsyntax.IndexExpr:
		w.note(n.Key)
	case *hclsyntax.BinaryOpExpr:
		if n.Op == hclsyntax.OpEqual || n.Op == hclsyntax.OpNotEqual {
			w.note(n.LHS, w.l.constant(n.RHS))
			w.note(n.RHS, w.l.constant(n.LHS))
		}
	case *hclsyntax.FunctionCallExpr:
		switch {
		case n.Name == "contains" && len(n.Args) == 2:
			var all []string
			if list, ok := n.Args[0].(*hclsyntax.TupleConsExpr); ok {
				for _, x := range list.Exprs {
					all = append(all, w.l.constant(x))
				}
			}
			w.note(n.Args[1], all...)
		case n.Name == "lookup" && len(n.Args) > 1:
			w.note(n.Args[1])
		}
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (w *choiceWalker) Exit(hclsyntax.Node) hcl.Diagnostics { return nil }

// note adds the variables that an expression consists of.
func (w *choiceWalker) note(e hclsyntax.Expression, literals ...string) {
	for _, t := range e.Variables() {
		if t.RootName() == "var" && len(t) > 1 {
			name := attrName(t, 1)
			w.compared[name] = append(w.compared[name], literals...)
		}
	}
}
