package usage

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
)

// Permissions returns what a statement allows and none of its holders has used, as
// patterns of actions; whole is set when that is all of it. Of a service that the
// evidence does not speak of nothing is said, nor of iam:PassRole, which is not
// tracked, nor of a statement with NotAction.
func (o Options) Permissions(s policy.Statement, holders []*Entity) (unused []string, whole bool) {
	if s.Effect != policy.Allow || s.Action.Not || len(holders) == 0 {
		return nil, false
	}
	whole = true
	for _, p := range s.Action.List {
		if p.Text.Parts != nil {
			whole = false
			continue
		}
		found, all := o.pattern(p.Text.Literal, holders)
		unused = append(unused, found...)
		whole = whole && all
	}
	slices.Sort(unused)
	return slices.Compact(unused), whole && len(unused) > 0
}

// pattern returns what of a pattern of actions is unused, and whether all is.
func (o Options) pattern(text string, holders []*Entity) (unused []string, whole bool) {
	prefix, action, ok := strings.Cut(text, ":")
	if !ok || strings.ContainsAny(prefix, "*?") {
		return o.services(prefix, holders), false
	}
	if strings.EqualFold(text, "iam:PassRole") {
		return nil, false
	}
	switch idle, known := o.idle(strings.ToLower(prefix), holders); {
	case !known:
		return nil, false
	case idle:
		return []string{text}, true
	}
	return o.actions(prefix, action, holders)
}

// services are those that none of the holders has used, of all that a pattern of
// services covers.
func (o Options) services(pattern string, holders []*Entity) []string {
	var out []string
	for prefix := range holders[0].Services {
		if !archive.Glob(strings.ToLower(pattern), prefix) {
			continue
		}
		if idle, known := o.idle(prefix, holders); known && idle {
			out = append(out, prefix+":*")
		}
	}
	return out
}

// idle reports whether none of the holders has used a service, if that is known of
// all of them.
func (o Options) idle(prefix string, holders []*Entity) (idle, known bool) {
	idle = true
	for _, x := range holders {
		s := x.Services[prefix]
		if s == nil || !s.Asked {
			return false, false
		}
		idle = idle && o.Old(s.Used)
	}
	return idle, true
}

// actions are those of a used service that are tracked, that a pattern covers, and
// that none of the holders has used.
func (o Options) actions(prefix, pattern string, holders []*Entity) (unused []string, whole bool) {
	tracked := map[string]int{}
	users := 0
	for _, x := range holders {
		s := x.Services[strings.ToLower(prefix)]
		if o.Old(s.Used) {
			continue
		}
		if s.Blurred || len(s.Actions) == 0 {
			return nil, false
		}
		users++
		for name, used := range s.Actions {
			if archive.Glob(strings.ToLower(pattern), name) && o.Old(later(used, s.Seen[name])) {
				tracked[name]++
			}
		}
	}
	for name, n := range tracked {
		if n == users {
			unused = append(unused, strings.ToLower(prefix)+":"+spelled(prefix, name))
		}
	}
	return unused, len(unused) == 1 && !strings.ContainsAny(pattern, "*?")
}

// spelled is the name of an action as AWS spells it.
func spelled(prefix, lower string) string {
	if s, ok := knowledge.ServiceOf(strings.ToLower(prefix)); ok {
		for _, a := range s.Actions {
			if strings.ToLower(a.Name) == lower {
				return a.Name
			}
		}
	}
	return lower
}
