package cloudformation

import (
	"strings"
	"testing"
)

// Every template of SAM's policies has statements of actions and resources, and uses
// each of its parameters.
func TestPolicyTemplates(t *testing.T) {
	all := templatesOfPolicies()
	if len(all) < 79 {
		t.Errorf("%d templates", len(all))
	}
	for name, p := range all {
		text := strings.Join(p.statements, "\n")
		if len(p.statements) == 0 {
			t.Errorf("%s has no statement", name)
		}
		for _, parameter := range p.parameters {
			if !strings.Contains(text, "${"+parameter+"}") {
				t.Errorf("%s does not use %s", name, parameter)
			}
		}
		rest := strings.NewReplacer("${AWS::Partition}", "").Replace(text)
		for _, parameter := range p.parameters {
			rest = strings.ReplaceAll(rest, "${"+parameter+"}", "")
		}
		if strings.Contains(rest, "${") {
			t.Errorf("%s uses what it is not given: %s", name, rest)
		}
		for _, s := range p.statements {
			actions, resources, ok := strings.Cut(s, " on ")
			for _, a := range strings.Fields(actions) {
				if service, action, found := strings.Cut(a, ":"); !found || service == "" || action == "" {
					t.Errorf("%s: action %q", name, a)
				}
			}
			if !ok || resources == "" {
				t.Errorf("%s: %q", name, s)
			}
		}
	}
}
