// Package grants turns what grants access without being a policy document (access
// control lists, KMS grants, sharing lists, permissions of Lambda) into the
// policy that says the same, and reads policy documents that are written as
// text. Statements have the places of the grants that they stand for.
package grants

import (
	"fmt"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Reader collects what is wrong with the values that it reads.
type Reader struct {
	Path        string // of the file, for values without a place
	Diagnostics []source.Diagnostic
}

// Errorf adds an error.
func (r *Reader) Errorf(span source.Span, format string, args ...any) {
	r.add(source.Error, span, format, args...)
}

// Warnf adds a warning: what it is about is read as a whole as not known.
func (r *Reader) Warnf(span source.Span, format string, args ...any) {
	r.add(source.Warning, span, format, args...)
}

func (r *Reader) add(severity source.Severity, span source.Span, format string, args ...any) {
	path := span.Path()
	if path == "" {
		path = r.Path
	}
	r.Diagnostics = append(r.Diagnostics, source.Diagnostic{Severity: severity, Path: path, Span: span, Message: fmt.Sprintf(format, args...)})
}

// List returns the items of a list.
func (r *Reader) List(v value.Value, what string) []value.Value {
	switch v.Kind {
	case value.List:
		return v.Items
	case value.Absent, value.Null:
	default:
		r.Errorf(v.Span, "%s must be a list, found %s", what, v.Kind)
	}
	return nil
}

// Text returns a string that must be there. What is not one becomes a
// reference, which may stand for anything.
func (r *Reader) Text(v value.Value, what string, within source.Span) value.Text {
	switch {
	case v.Kind == value.String && (v.Text.Literal != "" || v.Text.Parts != nil):
		return v.Text
	case v.Kind == value.Unknown && v.Text.Parts != nil:
		return v.Text
	case v.Kind == value.Unknown:
		return Anything(what)
	}
	span := v.Span
	if v.Kind == value.Absent {
		span = within
	}
	found := v.Kind.String()
	if v.Kind == value.String {
		found = `""`
	}
	r.Errorf(span, "%s must be a string, found %s", what, found)
	return Anything(what)
}

// Anything returns a text of which nothing is known but what it should be.
func Anything(what string) value.Text {
	return value.Ref(value.Reference{Name: what})
}

// Allow returns a statement without condition.
func Allow(index int, span source.Span, principal policy.Principal, actions []string, resources ...value.Text) policy.Statement {
	s := policy.Statement{
		Index:     index,
		Span:      span,
		Effect:    policy.Allow,
		Principal: policy.Principals{Span: principal.Span, Present: true, List: []policy.Principal{principal}},
		Action:    policy.Patterns{Span: span, Present: true},
		Resource:  policy.Patterns{Span: span, Present: true},
	}
	for _, a := range actions {
		s.Action.List = append(s.Action.List, policy.Pattern{Text: value.Lit(a), Span: span})
	}
	for _, r := range resources {
		s.Resource.List = append(s.Resource.List, policy.Pattern{Text: r, Span: span})
	}
	return s
}

// Where returns a condition that a key has a value.
func Where(operator, key string, v value.Text, span source.Span) policy.Condition {
	return policy.Condition{
		Span:     span,
		Operator: policy.ParseOperator(operator),
		Key:      key,
		KeySpan:  span,
		Values:   []policy.Pattern{{Text: v, Span: span}},
	}
}
