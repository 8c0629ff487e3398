package access

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
)

// Idle is a statement that can never apply to what it is attached to.
type Idle struct {
	Statement *policy.Statement
	Element   string      // Action or Resource, as the statement has it: NotAction; or a condition key
	Span      source.Span // of the element's first value
}

// idle lists the statements of which no request that the resource can be asked
// matches the actions or the resources, whoever makes it.
func (a *analysis) idle(s *solution) {
	if a.out.Kind == nil || s.precision > exactly || s.space.Exceeded {
		return
	}
	for _, c := range s.statements {
		st := c.statement
		if st.Span.IsZero() || st.Refused != "" || s.space.Overlaps(c.most, s.world[1]) || a.isIdle(st) {
			continue
		}
		switch {
		case st.Action.Present && neverAsked(s.kind, st.Action):
			a.out.Idle = append(a.out.Idle, Idle{st, element("Action", st.Action), st.Action.List[0].Span})
		case len(st.Resource.List) > 0 && c.on.resource != nil && s.set(c.on.resource, true) == domain.None:
			a.out.Idle = append(a.out.Idle, Idle{st, element("Resource", st.Resource), st.Resource.List[0].Span})
		default:
			for i, e := range c.on.conditions {
				k := st.Condition[i]
				if len(k.Values) == 0 || s.space.Overlaps(s.set(e, true), s.world[1]) {
					continue
				}
				if !a.told && s.elsewhere(k) {
					continue // it is judged there as well, see inPartition
				}
				a.out.Idle = append(a.out.Idle, Idle{st, k.Key, k.Values[0].Span})
				break
			}
		}
	}
}

func (a *analysis) isIdle(st *policy.Statement) bool {
	for _, x := range a.out.Idle {
		if x.Statement.Span == st.Span {
			return true
		}
	}
	return false
}

func element(name string, p policy.Patterns) string {
	if p.Not {
		return "Not" + name
	}
	return name
}

// neverAsked reports whether none of the actions that a list names can be asked
// of a resource of the kind, by callers of its own account either.
func neverAsked(k *knowledge.Kind, p policy.Patterns) bool {
	if p.Not || len(p.List) == 0 {
		return false
	}
	asked := append(append([]knowledge.KindAction{}, k.Actions()...), k.Typeless()...)
	for _, q := range p.List {
		text, known := q.Text.Known()
		if !known || strings.Contains(text, "${") {
			return false
		}
		for _, x := range asked {
			if globMatch(strings.ToLower(text), x.Lower) {
				return false
			}
		}
	}
	return true
}

// elsewhere reports whether a condition names an ARN of another partition than the
// resource is taken to be in: it may be deployed there.
func (m *model) elsewhere(c policy.Condition) bool {
	return slices.ContainsFunc(c.Values, func(v policy.Pattern) bool {
		fields := strings.SplitN(v.Text.String(), ":", 3)
		return len(fields) == 3 && fields[0] == "arn" && fields[1] != m.partition
	})
}
