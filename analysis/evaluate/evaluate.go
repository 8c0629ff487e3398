package evaluate

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// Reading chooses how the points are decided that AWS's documentation leaves
// open, and the values that only deployment settles.
type Reading int

const (
	Strict     Reading = iota // an Allow matches only when that is settled, a Deny whenever it might
	Permissive                // the reverse
)

// Decision is what documents say about one request.
type Decision struct {
	Allowed bool // some Allow matches and no Deny does
	Denied  bool // some Deny matches
	// Statements holds the indexes of the statements that matched and have the
	// effect decided: Deny when Denied, Allow when Allowed, else none. With
	// several documents they are numbered through, from the first document on.
	Statements []int
}

// Evaluate decides a request by one document.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func Evaluate(doc *policy.Document, req Request, r Reading) Decision {
	return EvaluateAll([]*policy.Document{doc}, req, r)
}

// EvaluateAll decides a request by several documents that each grant: some
// Allow in some document, and no Deny in any.
func EvaluateAll(docs []*policy.Document, req Request, r Reading) Decision {
	ctx := contextOf(req.Context)
	var allows, denies []int
	index := 0
	for _, doc := range docs {
		if doc == nil {
			continue
		}
		e := evaluation{req: req, ctx: ctx, variables: doc.HasVariables()}
		for i, s := range doc.Statements {
			switch t := e.inForce(doc.Statements, i); {
			case s.Effect == policy.Allow && holds(t, r == Permissive):
				allows = append(allows, index)
			case s.Effect != policy.Allow && holds(t, r == Strict):
				denies = append(denies, index)
			}
			index++
		}
	}
	switch {
	case denies != nil:
		return Decision{Denied: true, Statements: denies}
	case allows != nil:
		return Decision{Allowed: true, Statements: allows}
	}
	return Decision{}
}

func holds(t truth, whenOpen bool) bool { return t == yes || t == maybe && whenOpen }

// evaluation is one request before one document.
type evaluation struct {
	req       Request
	ctx       context
	variables bool // ${...} is a policy variable
}

// context is the request context under the lower-case spelling of its keys,
// whose names are compared without case.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
type context map[string][]string

func contextOf(keys map[string][]string) context {
	ctx := make(context, len(keys))
	for _, key := range sortedKeys(keys) {
		lower := strings.ToLower(key)
		ctx[lower] = append(ctx[lower], keys[key]...)
	}
	return ctx
}

// inForce reports whether a statement applies to the request and is there. Of
// alternatives exactly one is there: where all apply, that one does.
func (e evaluation) inForce(list []policy.Statement, i int) truth {
	s := list[i]
	t := e.statement(s)
	if s.Maybe == "" || t == no {
		return t
	}
	there := 0
	for _, other := range list {
		if other.Index == s.Index && other.Maybe == s.Maybe {
			there++
			t = min(t, max(e.statement(other), maybe))
		}
	}
	if there != s.Alternatives {
		return t.open()
	}
	return t
}

// statement reports whether the statement applies to the request: its
// principal, action, resource and every condition match. One that AWS would
// refuse is in force in one reading and not there at all in the other.
func (e evaluation) statement(s policy.Statement) truth {
	t := min(e.principals(s.Principal, s.Effect), e.actions(s.Action))
	if t != no {
		t = min(t, e.resources(s.Resource, s.Effect))
	}
	for _, c := range s.Condition {
		if t == no {
			break
		}
		t = min(t, e.condition(c))
	}
	if s.Refused != "" {
		return t.open()
	}
	return t
}

// actions: names are compared without case, and * and ? stand for characters.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
func (e evaluation) actions(a policy.Patterns) truth {
	if !a.Present {
		return no
	}
	t := no
	for _, entry := range a.List {
		p := compile(entry.Text, wildcards, nil)
		one := p.cap(match(p.symbols, e.req.Action, true))
		if entry.Maybe != "" {
			one = one.open()
		}
		t = max(t, one)
	}
	return t.flip(a.Not)
}

// resources: a policy without the element, such as a role's trust policy,
// speaks of the resource that it is attached to.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
func (e evaluation) resources(r policy.Patterns, effect policy.Effect) truth {
	if !r.Present {
		return yes
	}
	t := no
	for _, entry := range r.List {
		one := e.resource(entry, effect == policy.Allow && !r.Not)
		if entry.Maybe != "" {
			one = one.open()
		}
		t = max(t, one)
	}
	return t.flip(r.Not)
}

// resource matches one entry. The Resource page says that the fields missing
// from an incomplete ARN are taken as *; the policy checks call such an ARN an
// error. Beside a wildcard the first is settled, without one it is open.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
func (e evaluation) resource(entry policy.Pattern, lets bool) truth {
	p := compile(entry.Text, wildcards|inResource|e.variableSyntax(), e.ctx)
	if text, known := entry.Text.Known(); known && !mayBeARN(text) {
		// No ARN, such as a placeholder: AWS refuses it. It can only stand for
		// the resource of the policy; where that would let nobody in it is open.
		if lets && text != "" {
			return yes
		}
		return maybe
	}
	matched, complete := matchARN(p, e.req.Resource)
	t := p.cap(matched)
	if !complete && !p.hasWildcard() {
		return t.open()
	}
	return t
}

// mayBeARN reports whether a text is everything or begins as an ARN does,
// wildcards included.
func mayBeARN(text string) bool {
	head, _, fields := strings.Cut(text, ":")
	if !fields && !strings.ContainsAny(head, "*?") {
		return false
	}
	return match(compile(value.Lit(head), wildcards, nil).symbols, "arn", false)
}

func (e evaluation) variableSyntax() syntax {
	if e.variables {
		return variables
	}
	return 0
}
