package access

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/policy"
)

// unread are the Allow statements that could not be read. They may allow anyone
// anything, and one that denies is beside each.
func (s *solution) unread() []int {
	var out []int
	for i := range s.statements {
		if st := s.statements[i].statement; st.Unread && st.Effect == policy.Allow {
			out = append(out, i)
		}
	}
	return out
}

// readAlone is the external access that the statements which could be read give at
// most: whom they name is told apart from whoever else an unread one may let in.
func (s *solution) readAlone() domain.Node {
	return s.mostWithout(func(c *compiledStatement) bool { return c.statement.Unread })
}

// mostWithout is the external access that the policies give at most when some of their
// Allow statements are not there.
func (s *solution) mostWithout(gone func(c *compiledStatement) bool) domain.Node {
	rest := s.allowBy(func(c *compiledStatement, granted bool) domain.Node {
		if granted && gone(c) {
			return domain.None
		}
		return c.reading(granted)
	})
	return s.space.Intersect(s.most, rest)
}

// ofUnread returns what unread statements may give beside all others: nothing but
// that they may is known of it.
func (s *solution) ofUnread(grants []grant, unread []int) []grant {
	for i := range grants {
		g := &grants[i]
		g.statements, g.witness = unread, nil
		g.needs = s.unknowns(func(i int) bool { return slices.Contains(unread, i) }, "")
	}
	return grants
}

// isUnread reports whether a grant rests on nothing but statements that could not be
// read.
func isUnread(g Grant) bool {
	return len(g.Statements) > 0 && !slices.ContainsFunc(g.Statements, func(r Responsible) bool { return !r.Statement.Unread })
}
