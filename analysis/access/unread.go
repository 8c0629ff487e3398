package access

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
)

// readApart splits a grant of statements that could be read and of some that could not:
// what the first allow is told of them alone. The others may allow anything, and what
// they allow is not said of those.
func (s *solution) readApart(g Grant) []Grant {
	read, unread := g, g
	read.Statements, unread.Statements = nil, nil
	for _, r := range g.Statements {
		if r.Statement.Unread {
			unread.Statements = append(unread.Statements, r)
		} else {
			read.Statements = append(read.Statements, r)
		}
	}
	if g.Proven || read.Statements == nil || unread.Statements == nil {
		return []Grant{g}
	}
	allowed := domain.None
	for i := range s.statements {
		c := &s.statements[i]
		if slices.ContainsFunc(read.Statements, func(r Responsible) bool { return r.Statement == c.statement }) {
			allowed = s.space.Union(allowed, c.most)
		}
	}
	allowed = s.space.Intersect(allowed, s.external)
	if g.Public {
		allowed = s.space.Intersect(allowed, s.newcomers)
	}
	cells := map[string]int{}
	for c := range s.action.size {
		for _, i := range s.action.groups[c] {
			cells[s.actions[i].Lower] = c
		}
	}
	has := func(a knowledge.KindAction) bool {
		c, ok := cells[a.Lower]
		return ok && s.space.Fix(allowed, s.action.level, c) != domain.None
	}
	read.Actions, unread.Actions = nil, nil
	for _, a := range g.Actions {
		if has(a) {
			read.Actions = append(read.Actions, a)
		} else {
			unread.Actions = append(unread.Actions, a)
		}
	}
	if len(read.Actions) == 0 || len(unread.Actions) == 0 {
		return []Grant{g}
	}
	if w := g.Witness; w != nil && !slices.ContainsFunc(read.Actions, func(a knowledge.KindAction) bool { return a.Full == w.Action }) {
		read.Witness = nil
	}
	unread.Witness = nil
	return []Grant{read, unread}
}

// isUnread reports whether a grant rests on nothing but statements that could not be
// read.
func isUnread(g Grant) bool {
	return len(g.Statements) > 0 && !slices.ContainsFunc(g.Statements, func(r Responsible) bool { return !r.Statement.Unread })
}
