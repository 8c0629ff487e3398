package rego

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/iaclint/iaclint/analysis/source"
)

// errors are the diagnostics of what the parser says of a file.
func (s *Set) errors(f *source.File, err error) []source.Diagnostic {
	var list ast.Errors
	if !errors.As(err, &list) {
		return []source.Diagnostic{{Severity: source.Error, Span: source.Span{File: f}, Message: message(err.Error())}}
	}
	var out []source.Diagnostic
	for _, e := range list {
		d := s.diagnostic(e)
		if d.Span.IsZero() {
			d.Span = source.Span{File: f}
		}
		out = append(out, d)
	}
	return out
}

// diagnostic is an error of the compiler in our words, as far as there are some.
func (s *Set) diagnostic(e *ast.Error) source.Diagnostic {
	d := source.Diagnostic{Severity: source.Error, Message: message(e.Message)}
	d.Span = s.span(e.Location)
	if e.Location != nil && d.Span.IsZero() {
		d.Path = e.Location.File
	}
	if name, ok := strings.CutPrefix(e.Message, "undefined function "); ok {
		d.Message = undefined(name)
	}
	if name, ok := strings.CutPrefix(e.Message, "var "); ok {
		if name, ok = strings.CutSuffix(name, " is unsafe"); ok {
			d.Message = fmt.Sprintf("%s has no value: nothing in the rule gives it one", name)
			// As in "with is_object as http.send": a function that is not there is
			// taken for a variable.
			if i := slices.IndexFunc(removed, func(r removedFunction) bool { return strings.HasPrefix(r.prefix, name+".") }); i >= 0 {
				d.Message = fmt.Sprintf("%s has no value, and not all functions of that name are available: %s", name, removed[i].why)
			}
		}
	}
	if detail, ok := e.Details.(*ast.RefErrInvalidDetail); ok {
		d.Message += instead(detail)
	}
	return d
}

// instead names the field that was probably meant.
func instead(e *ast.RefErrInvalidDetail) string {
	var valid []string
	for _, v := range e.OneOf {
		if s, ok := v.(ast.String); ok {
			valid = append(valid, string(s))
		}
	}
	if s, ok := e.Ref[e.Pos].Value.(ast.String); ok && len(valid) > 0 {
		return hint(string(s), valid)
	}
	return ""
}

// message is what the compiler says, in one line of lower case.
func message(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if strings.Contains(s, "`if` keyword is required") || strings.Contains(s, "`contains` keyword is required") {
		s += "; rules are written in Rego v1"
	}
	if len(s) > longestMessage {
		s = strings.ToValidUTF8(s[:longestMessage], "") + " …"
	}
	return s
}

// longestMessage is more than anyone reads.
const longestMessage = 600

// doubts are the calls that failed. Their results are undefined, which is how
// rules pass over what is of another kind; but it may be a mistake.
func (s *Set) doubts(r Rule, failed []topdown.Error) []source.Diagnostic {
	var out []source.Diagnostic
	for _, e := range failed {
		d := source.Diagnostic{Severity: source.Warning, Span: s.span(e.Location), Message: fmt.Sprintf("rule %s: %s; what depends on it is not found", r.ID, message(e.Message))}
		if d.Span.IsZero() {
			d.Span = r.Finding
		}
		if !slices.ContainsFunc(out, func(o source.Diagnostic) bool { return o.Span == d.Span }) {
			out = append(out, d)
		}
		if len(out) == mostDoubts {
			break
		}
	}
	return out
}

// mostDoubts of one rule are told.
const mostDoubts = 10

// evaluationError is what stopped a rule.
func (s *Set) evaluationError(r Rule, err error) source.Diagnostic {
	d := source.Diagnostic{Severity: source.Error, Span: r.Finding, Message: "rule " + r.ID + ": " + message(err.Error())}
	var e *topdown.Error
	if errors.As(err, &e) {
		d.Message = "rule " + r.ID + ": " + message(e.Message)
		if at := s.span(e.Location); !at.IsZero() {
			d.Span = at
		}
	}
	return d
}
