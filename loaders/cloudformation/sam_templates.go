package cloudformation

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// policyTemplates are SAM's templates of policies: a line with the name and the
// parameters of each, and one for each statement, which all allow. A resource
// that is no ARN is one of the template's account and Region.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-templates.html
// https://github.com/aws/serverless-application-model/blob/develop/samtranslator/policy_templates_data/policy_templates.json
//
//go:embed data/sampolicies.txt
var policyTemplates string

// policyTemplate is one of them.
type policyTemplate struct {
	parameters []string
	statements []string
}

var templatesOfPolicies = sync.OnceValue(func() map[string]policyTemplate {
	m := map[string]policyTemplate{}
	name := ""
	for line := range strings.Lines(policyTemplates) {
		line = strings.TrimSuffix(line, "\n")
		if statement, ok := strings.CutPrefix(line, "\t"); ok {
			t := m[name]
			t.statements = append(t.statements, statement)
			m[name] = t
			continue
		}
		words := strings.Fields(line)
		name = words[0]
		m[name] = policyTemplate{parameters: words[1:]}
	}
	return m
})

// fromTemplate returns the document of a policy that is given as the name of one of
// SAM's templates and its parameters; Absent if there is none. All of it stands where
// the template is named, which is its Id.
func (e *evaluator) fromTemplate(given value.Field) value.Value {
	at := given.KeySpan
	t, ok := templatesOfPolicies()[given.Key]
	if !ok {
		e.warnf(at, "unknown policy template %q%s", given.Key, e.suggest(given.Key, func() []string { return slices.Sorted(maps.Keys(templatesOfPolicies())) }))
		return value.Value{}
	}
	var parameters []any
	for _, name := range t.parameters {
		v := given.Value.Get(name)
		if v.Kind == value.Absent {
			e.warnf(at, "policy template %q needs the parameter %q", given.Key, name)
			v = unknown(at, name)
		}
		parameters = append(parameters, name, v)
	}
	var statements []value.Value
	for _, line := range t.statements {
		actions, rest, _ := strings.Cut(line, " on ")
		resources, condition, _ := strings.Cut(rest, " if ")
		var block value.Value
		if key, of, ok := strings.Cut(condition, " is "); ok {
			block = object(at, "StringEquals", object(at, key, filled(at, of, parameters)))
		}
		var names, on []value.Value
		for _, a := range strings.Fields(actions) {
			names = append(names, text(at, a))
		}
		for _, r := range strings.Fields(resources) {
			on = append(on, filled(at, r, parameters))
		}
		statements = append(statements, object(at, "Effect", "Allow", "Action", list(at, names...), "Resource", list(at, on...), "Condition", block))
	}
	return object(at, "Version", "2012-10-17", "Id", given.Key, "Statement", list(at, statements...))
}

// filled is a resource of a template with its parameters.
func filled(at source.Span, resource string, parameters []any) value.Value {
	switch {
	case resource == "*":
		return text(at, resource)
	case !strings.HasPrefix(resource, "arn:") && !strings.HasPrefix(resource, "${"):
		service, rest, _ := strings.Cut(resource, ":")
		resource = "arn:${AWS::Partition}:" + service + ":${AWS::Region}:${AWS::AccountId}:" + rest
	}
	return subst(at, resource, parameters...)
}
