package rules

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// hiddenText stands for a text of a policy that is sensitive.
const hiddenText = "(sensitive)"

// IsSensitive reports whether a policy of the resource is a secret. What one
// policy allows shows what another denies, so that all of them are hidden. A single
// text in a list or below a key is none if it is an identifier of AWS: whom a policy
// lets in is what a report is for.
func IsSensitive(r resource.Resource) bool {
	hidden := func(s source.Span) bool { return s.File != nil && s.File.Sensitive }
	for _, d := range r.Documents {
		if d.Policy == nil {
			continue
		}
		if hidden(d.Policy.Span) || hasSecret(d.Policy.Tree) {
			return true
		}
		for _, s := range d.Policy.Statements {
			if hidden(s.Span) || hidden(s.Principal.Span) || hidden(s.Action.Span) || hidden(s.Resource.Span) {
				return true
			}
			for _, p := range s.Principal.List {
				if hidden(p.Span) && !isIdentifier(p.Text) {
					return true
				}
			}
			lists := [][]policy.Pattern{s.Action.List, s.Resource.List}
			for _, c := range s.Condition {
				if hidden(c.KeySpan) || hidden(c.Span) {
					return true
				}
				lists = append(lists, c.Values)
			}
			for _, list := range lists {
				for _, p := range list {
					if hidden(p.Span) && !isIdentifier(p.Text) {
						return true
					}
				}
			}
		}
	}
	return false
}

// hasSecret reports whether a policy as it is written has a secret in it, in a key or a
// text, that is not an identifier of AWS.
func hasSecret(v value.Value) bool {
	hidden := func(s source.Span) bool { return s.File != nil && s.File.Sensitive }
	if hidden(v.Span) && (!v.IsScalar() || !isIdentifier(v.Text)) {
		return true
	}
	if slices.ContainsFunc(v.Items, hasSecret) {
		return true
	}
	return slices.ContainsFunc(v.Fields, func(f value.Field) bool {
		return hidden(f.KeySpan) && !isElement(f.Key) || hasSecret(f.Value)
	})
}

// isElement reports whether a key is a word of policies, which stands beside the
// secrets of an object that is one as a whole.
func isElement(key string) bool {
	return slices.Contains([]string{"Version", "Id", "Statement", "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition", "AWS", "Service", "Federated"}, key)
}

// identifier is what AWS calls accounts and organizations. The last part of any
// other ARN is a name that a user gives, and may be anything.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
var identifier = once.Regexp(`^(\*|[0-9]{12}|o-[a-z0-9]{10,32}|arn:aws[a-z-]*:iam::[0-9]{12}:root)$`)

func isIdentifier(t value.Text) bool {
	s, known := t.Known()
	return known && (identifier().MatchString(s) || isServicePrincipal(s) || isAction(s))
}

// isServicePrincipal reports whether AWS has a service principal of that name.
func isServicePrincipal(principal string) bool {
	if _, known := knowledge.SteerableService(principal, ""); known {
		return true
	}
	name, ok := strings.CutSuffix(strings.TrimSuffix(principal, ".cn"), ".amazonaws.com")
	if !ok {
		return false
	}
	_, known := knowledge.ServiceOf(name)
	return known
}

// isAction reports whether AWS documents an action of that name.
func isAction(full string) bool {
	prefix, name, _ := strings.Cut(full, ":")
	if s, ok := knowledge.ServiceOf(prefix); ok {
		_, ok = s.Action(name)
		return ok
	}
	return false
}

// knownActions are actions of which AWS documents every one that is not hidden: a
// policy may allow others, by names of its own.
func knownActions(list []knowledge.KindAction) []knowledge.KindAction {
	var out []knowledge.KindAction
	unnamed := false
	for _, a := range list {
		switch {
		case isAction(a.Full):
			out = append(out, a)
		case !unnamed:
			unnamed = true
			a.Full, a.Lower = hiddenText, hiddenText
			out = append(out, a)
		}
	}
	return out
}

// withoutText returns a grant of a sensitive policy with nothing in it that is
// written in the policy, but for what AWS gives names to.
func (w *writer) withoutText(g access.Grant) access.Grant {
	if g.Principal != "*" {
		g.Principal = hiddenText
	}
	conditions := make([]access.Condition, len(g.Conditions))
	for i, c := range g.Conditions {
		conditions[i] = access.Condition{Key: hiddenKey(c.Key), Value: hiddenText}
	}
	g.Conditions = conditions
	g.Actions, g.Along = knownActions(g.Actions), knownActions(g.Along)
	g.Statements = w.withoutPlaces(g.Statements)
	g.Witness = nil
	if len(g.Needs) > 0 {
		g.Needs = []string{"what is " + hiddenText + " or refused in the policy"}
	}
	g.Source = resource.Document{Source: g.Source.Source, Address: g.Source.Address, AccessPointARN: g.Source.AccessPointARN}
	return g
}

// withoutTextOfService does the same for access of a service.
func (w *writer) withoutTextOfService(g access.ServiceGrant) access.ServiceGrant {
	g.Statements, g.Witness, g.Needs = w.withoutPlaces(g.Statements), nil, nil
	g.Actions = knownActions(g.Actions)
	if g.Service != "" && !isServicePrincipal(g.Service) {
		g.Service = hiddenText
	}
	return g
}

// hiddenKey hides a condition key that AWS does not document, and what a user
// appends to one, such as the name of a tag.
func hiddenKey(key string) string {
	if service, _, _ := strings.Cut(key, ":"); strings.Contains(service, ".") {
		return hiddenText // of an identity provider
	}
	if name, _, ok := strings.Cut(key, "/"); ok {
		key = name
		if _, known := knowledge.KeyOf(name + "/x"); known {
			return name + "/" + hiddenText
		}
	}
	if _, known := knowledge.KeyOf(key); known {
		return key
	}
	return hiddenText
}

// withoutPlaces keeps of statements only which they are.
func (w *writer) withoutPlaces(list []access.Responsible) []access.Responsible {
	out := make([]access.Responsible, len(list))
	for i, r := range list {
		out[i] = access.Responsible{Statement: &policy.Statement{Index: r.Statement.Index, Span: w.resource.Span}}
	}
	return out
}

// hideText replaces what is said of sensitive policies, as it may quote them.
func hideText(list []source.Diagnostic) []source.Diagnostic {
	out := make([]source.Diagnostic, len(list))
	for i, d := range list {
		d.Message = "something is to be said of a sensitive policy, whose text is not shown"
		if d.Severity == source.Error {
			d.Message = "internal error in the face of a sensitive policy"
		}
		out[i] = d
	}
	return out
}
