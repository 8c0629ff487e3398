package validate

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
var variableChecks = []Check{
	{Code: "MISSING_BRACE_IN_VARIABLE", Type: Error, Basis: Grammar, Details: "The policy variable is missing a closing curly brace. Add } after the variable text.", run: func(r *run) {
		r.eachVariable(func(v variable) {
			if !v.closed {
				r.at(v.at)
			}
		})
	}},
	{Code: "EMPTY_VARIABLE", Type: Error, Basis: Grammar, Details: "Empty policy variable. Remove the ${ } variable structure or provide a variable within the structure.", run: func(r *run) {
		r.eachVariable(func(v variable) {
			if name, _, _ := strings.Cut(v.text, ","); v.closed && strings.TrimSpace(name) == "" {
				r.at(v.at)
			}
		})
	}},
	{Code: "UNSUPPORTED_SPACE_IN_VARIABLE", Type: Error, Basis: Grammar, Details: "A space is not supported within the policy variable text. Remove the space.", run: func(r *run) {
		r.eachVariable(func(v variable) {
			if name, _, _ := strings.Cut(v.text, ","); v.closed && strings.TrimSpace(name) != "" && strings.Contains(name, " ") {
				r.at(v.at)
			}
		})
	}},
	{Code: "MISSING_QUOTE_IN_VARIABLE", Type: Error, Basis: Grammar, Details: "The policy variable default value must begin and end with a single quote. Add the missing quote.", run: func(r *run) {
		r.eachVariable(func(v variable) {
			_, fallback, found := strings.Cut(v.text, ",")
			fallback = strings.TrimSpace(fallback)
			if v.closed && found && (len(fallback) < 2 || fallback[0] != '\'' || fallback[len(fallback)-1] != '\'') {
				r.at(v.at)
			}
		})
	}},
	{Code: "VARIABLE_UNSUPPORTED_IN_ELEMENT", Type: Error, Basis: Grammar, Details: "Policy variables are supported in the Resource and Condition elements. Remove the policy variable %s from this element.", run: func(r *run) {
		r.eachVariable(func(v variable) {
			if v.element != "Resource" && v.element != "NotResource" && v.element != "Condition" {
				r.at(v.at, v.text)
			}
		})
	}},
	{Code: "VARIABLE_UNSUPPORTED_IN_VERSION", Type: Error, Basis: Grammar, Details: "To include variables in your policy, use the policy version 2012-10-17 or later.", run: func(r *run) {
		text, known := r.form.version.value.Text.Known()
		if !known || text == "2012-10-17" || r.form.version.value.Kind == value.Unknown {
			return
		}
		r.eachVariable(func(v variable) {
			if v.element == "Resource" || v.element == "NotResource" || v.element == "Condition" {
				r.at(v.at)
			}
		})
	}},
	{Code: "INVALID_VARIABLE_FOR_OPERATOR", Type: Error, Basis: Grammar, Details: "Policy variables can only be used with String and ARN operators.", run: func(r *run) {
		r.eachVariable(func(v variable) {
			if t := operatorType[v.operator]; v.element == "Condition" && v.operator != policy.UnknownOperator && t != "String" && t != "ARN" {
				r.at(v.at)
			}
		})
	}},
}

// variable is one use of a policy variable.
type variable struct {
	element  string // that it stands in
	operator policy.Comparison
	text     string // between the braces
	closed   bool
	at       Location
}

// eachVariable visits every policy variable of the statements.
func (r *run) eachVariable(f func(variable)) {
	r.eachStatement(func(s *statement) {
		visit := func(element string, o policy.Comparison, list []entry) {
			for _, x := range list {
				for _, v := range variablesIn(x.value.Text) {
					v.element, v.operator, v.at = element, o, x.at()
					f(v)
				}
			}
		}
		for _, e := range []*element{&s.effect, &s.action, &s.notAction, &s.resource, &s.notResource} {
			visit(e.name, policy.UnknownOperator, e.entries())
		}
		for _, e := range []*element{&s.principal, &s.notPrincipal} {
			for _, f := range e.value.Fields {
				key := elementOf(f, e.path)
				visit(e.name, policy.UnknownOperator, key.entries())
			}
		}
		for i := range s.conditions {
			visit("Condition", s.conditions[i].operator.Compare, s.conditions[i].entries())
		}
	})
}

// escapes are the characters that ${} takes out of their meaning.
var escapes = []string{"*", "?", "$"}

// variablesIn finds the policy variables in a text. A reference may close a brace
// that is open before it.
func variablesIn(t value.Text) []variable {
	if t.Parts == nil && !strings.Contains(t.Literal, "${") {
		return nil
	}
	var out []variable
	pieces := t.Parts
	if pieces == nil {
		pieces = []value.Part{{Literal: t.Literal}}
	}
	for i, p := range pieces {
		rest := p.Literal
		for {
			_, after, found := strings.Cut(rest, "${")
			if !found {
				break
			}
			text, behind, closed := strings.Cut(after, "}")
			if closed && slices.Contains(escapes, text) {
				rest = behind
				continue
			}
			if closed || i == len(pieces)-1 {
				out = append(out, variable{text: text, closed: closed})
			}
			if rest = behind; !closed {
				break
			}
		}
	}
	return out
}

// outsideVariables returns a text without its policy variables.
func outsideVariables(s string) string {
	for {
		before, after, found := strings.Cut(s, "${")
		if !found {
			return s
		}
		_, behind, _ := strings.Cut(after, "}")
		s = before + behind
	}
}
