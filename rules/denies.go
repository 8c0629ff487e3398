package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
)

// mostDenies is how many statements a finding explains.
const mostDenies = 2

// denies say which Deny statements about who calls, or from where, were likely meant
// to stop the example of a grant, and why they do not.
func (w *writer) denies(g access.Grant) []string {
	if g.Witness == nil || w.hidden {
		return nil
	}
	var out []string
	for _, d := range w.resource.Documents {
		if d.Policy == nil {
			continue
		}
		for _, m := range evaluate.Misses(d.Policy, *g.Witness) {
			why := whyNot(m, *g.Witness, g.Conditions)
			if why == "" {
				continue
			}
			name := "#" + strconv.Itoa(m.Statement.Index+1)
			if m.Statement.Sid != "" {
				name = strconv.Quote(m.Statement.Sid)
			}
			if at := finding.Place(m.Statement.Span); at != nil {
				name += fmt.Sprintf(" at line %d", at.StartLine)
			}
			if out = append(out, "Deny "+name+" does not apply: "+why); len(out) == mostDenies {
				return out
			}
		}
	}
	return out
}

// whyNot says why a Deny misses a request, "" where that is what it was written for:
// it is about other callers, or it only names values that are not let in.
func whyNot(m evaluate.Miss, req evaluate.Request, shown []access.Condition) string {
	about := func(c policy.Condition) bool { return knowledge.Tracked(c.Key) }
	if !slices.ContainsFunc(m.Statement.Condition, about) {
		return ""
	}
	switch m.Element {
	case "Action":
		return "its actions do not include " + req.Action
	case "Resource":
		return "its resources do not include " + req.Resource
	}
	c := m.Condition
	excepts := c.Operator.Negated || c.Operator.Compare == policy.NullCheck && len(m.Statement.Condition) > 1
	if !about(c) || !m.Absent || !excepts || slices.ContainsFunc(shown, func(s access.Condition) bool { return strings.EqualFold(s.Key, c.Key) }) {
		return ""
	}
	return "the request has no " + c.Key
}
