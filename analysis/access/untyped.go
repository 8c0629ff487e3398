package access

import (
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
)

// servicesOf makes a kind of each service that a policy of unknown type speaks
// of: it is analysed for all of them, and for a service that it does not name
// if it grants something there alone.
func servicesOf(documents []resource.Document) []*knowledge.Kind {
	prefixes := map[string]bool{}
	for _, s := range allows(documents) {
		wild := s.Action.Not
		for _, p := range s.Action.List {
			if prefix, ok := servicePrefix(p); ok {
				prefixes[prefix] = true
			} else {
				wild = true
			}
		}
		if !wild {
			continue
		}
		for _, p := range s.Resource.List {
			if parts := strings.SplitN(p.Text.String(), ":", 4); len(parts) == 4 && !strings.ContainsAny(parts[2], "*?$") && parts[2] != "" {
				prefixes[strings.ToLower(parts[2])] = true
			}
		}
	}
	names := make([]string, 0, len(prefixes))
	for p := range prefixes {
		names = append(names, p)
	}
	sort.Strings(names)
	for _, s := range allows(documents) {
		if s.Action.Present && !grantsIn(s.Action, names) {
			names = append(names, anyService)
			break
		}
	}
	var out []*knowledge.Kind
	for _, p := range names {
		out = append(out, genericKind(p, arnServices(documents)))
	}
	return out
}

// allows returns the statements that allow.
func allows(documents []resource.Document) []policy.Statement {
	var out []policy.Statement
	for _, d := range documents {
		for _, s := range d.Policy.Statements {
			if s.Effect == policy.Allow {
				out = append(out, s)
			}
		}
	}
	return out
}

// servicePrefix returns the service of an action, if the action names one.
func servicePrefix(p policy.Pattern) (string, bool) {
	prefix, _, ok := strings.Cut(strings.ToLower(p.Text.String()), ":")
	return prefix, ok && prefix != "" && !strings.ContainsAny(prefix, "*?$ ")
}

// grantsIn reports whether all that an Action element lists is of one of the
// services, or for a NotAction whether something of them is left.
func grantsIn(p policy.Patterns, services []string) bool {
	if p.Not {
		return anyAction(services, func(lower string) bool { return !listsAction(p, lower) })
	}
	for _, q := range p.List {
		if _, ok := servicePrefix(q); ok {
			continue
		}
		one := policy.Patterns{List: []policy.Pattern{q}}
		if !anyAction(services, func(lower string) bool { return listsAction(one, lower) }) {
			return false
		}
	}
	return true
}

func anyAction(services []string, f func(lower string) bool) bool {
	for _, prefix := range services {
		s, ok := knowledge.ServiceOf(prefix)
		if !ok {
			continue
		}
		for _, a := range s.Actions {
			if f(prefix + ":" + strings.ToLower(a.Name)) {
				return true
			}
		}
	}
	return false
}

// arnServices are the services that the ARNs of resources name, at most twenty.
func arnServices(documents []resource.Document) []string {
	var out []string
	for _, d := range documents {
		for _, s := range d.Policy.Statements {
			for _, p := range s.Resource.List {
				f := strings.SplitN(p.Text.String(), ":", 4)
				if len(f) == 4 && f[0] == "arn" && f[2] != "" && !strings.ContainsAny(f[2], "*?$") && !contains(out, f[2]) && len(out) < 20 {
					out = append(out, f[2])
				}
			}
		}
	}
	return out
}

// anyService stands for the service of a policy that names none.
const anyService = "service"

// AnyAction stands for the actions of a policy that names no service.
const AnyAction = anyService + ":Action"

// genericKind is any resource of a service, whose ARNs may go by another name
// than its actions do.
func genericKind(prefix string, arns []string) *knowledge.Kind {
	if prefix == "sts" {
		if k, ok := knowledge.KindOf("AWS::IAM::Role"); ok {
			return k
		}
	}
	k := &knowledge.Kind{Services: []string{prefix}, Shapes: []knowledge.Shape{{Pattern: "arn:*:" + prefix + ":*:*:*"}}}
	for _, a := range arns {
		if a != prefix {
			k.Shapes = append(k.Shapes, knowledge.Shape{Pattern: "arn:*:" + a + ":*:*:*"})
		}
	}
	for i := range knowledge.Kinds {
		row := &knowledge.Kinds[i]
		if contains(row.Services, prefix) && row.Unsigned {
			k.Unsigned = true
		}
	}
	return k
}

func everyShape(k *knowledge.Kind) []int { return upTo(len(k.Shapes)) }

// genericActions are all actions of the kind's service.
func genericActions(k *knowledge.Kind) []knowledge.KindAction {
	prefix := k.Services[0]
	if prefix == anyService {
		return []knowledge.KindAction{{Full: AnyAction, Lower: strings.ToLower(AnyAction), Level: knowledge.Write, CrossAccount: true, Shapes: everyShape(k)}}
	}
	s, ok := knowledge.ServiceOf(prefix)
	if !ok {
		return nil
	}
	var out []knowledge.KindAction
	for _, x := range s.Actions {
		out = append(out, knowledge.KindAction{Full: prefix + ":" + x.Name, Lower: prefix + ":" + strings.ToLower(x.Name), Level: x.Level, CrossAccount: true, Shapes: everyShape(k)})
	}
	return out
}
