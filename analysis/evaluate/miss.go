package evaluate

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
)

// Miss is a Deny statement that all but one of its elements make apply to a request.
type Miss struct {
	Statement *policy.Statement
	// Element is what fails: "Action", "Resource" or "Condition".
	Element string
	// Condition is the first that the request does not meet, when Element says so,
	// and Absent that the request has no value for its key.
	Condition policy.Condition
	Absent    bool
}

// Misses returns the Deny statements of a document that one element keeps from
// applying to a request. A statement of which it is open whether it applies is not
// among them.
func Misses(doc *policy.Document, req Request) []Miss {
	e := evaluation{req: req, ctx: contextOf(req.Context), variables: doc.HasVariables()}
	var out []Miss
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if s.Effect != policy.Deny || s.Refused != "" || s.Maybe != "" || e.principals(s.Principal, s.Effect) != yes {
			continue
		}
		m, failed, open := Miss{Statement: s}, 0, false
		note := func(element string, t truth) {
			open = open || t == maybe
			if t == no {
				failed++
				m.Element = element
			}
		}
		note("Action", e.actions(s.Action))
		note("Resource", e.resources(s.Resource, s.Effect))
		met := yes
		for _, c := range s.Condition {
			if t := e.condition(c); t < met {
				if met = t; t == no {
					m.Condition, m.Absent = c, len(e.ctx[strings.ToLower(c.Key)]) == 0
				}
			}
		}
		if note("Condition", met); failed == 1 && !open {
			out = append(out, m)
		}
	}
	return out
}
