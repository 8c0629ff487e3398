package catalog

import (
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/knowledge"
)

// Every row is of a kind, and its types are names of that kind, or of the kind
// that they are a part of.
func TestRowsAgreeWithKinds(t *testing.T) {
	for _, row := range rows() {
		kind, ok := knowledge.KindOf(row.Kind)
		if !ok || kind.Type != row.Kind {
			t.Errorf("no kind %s", row.Kind)
			continue
		}
		for _, f := range slices.Concat(row.Resource, row.Parts) {
			if k, ok := knowledge.KindOf(f.Type); !ok {
				t.Errorf("%s: %s is not the name of a kind", row.Kind, f.Type)
			} else if k != kind && len(index().types[f.Type]) == 1 {
				t.Errorf("%s: %s is a name of %s", row.Kind, f.Type, k.Type)
			}
		}
		for _, f := range row.Parts {
			if len(f.Of) == 0 {
				t.Errorf("%s: what %s is a part of is not told", row.Kind, f.Type)
			}
			if f.Inside != "" && index().kinds[f.Inside] == nil {
				t.Errorf("%s: no row %s", f.Type, f.Inside)
			}
			if !f.Setting && f.Inside == "" && len(f.Policy) == 0 && (f.Read == nil || f.Where == "") {
				t.Errorf("%s: nothing says where %s grants", row.Kind, f.Type)
			}
		}
		if row.ARN == "" {
			continue
		}
		template := row.ARN
		for strings.Contains(template, "{") {
			head, rest, _ := strings.Cut(template, "{")
			word, tail, _ := strings.Cut(rest, "}")
			fill := "x"
			if strings.HasPrefix(word, "path:") {
				fill = "/"
			}
			template = head + fill + tail
		}
		if pattern := kind.Shapes; len(pattern) > 0 && !matches(pattern[0].Pattern, template) && !slices.ContainsFunc(pattern, func(s knowledge.Shape) bool { return matches(s.Pattern, template) }) {
			t.Errorf("%s: %s has not the form %s", row.Kind, template, pattern[0].Pattern)
		}
	}
}

func TestTypesAreListedOnce(t *testing.T) {
	for _, row := range rows() {
		seen := map[string]bool{}
		for _, f := range slices.Concat(row.Resource, row.Parts) {
			if seen[f.Type] {
				if f.Inside == "" {
					t.Errorf("%s: %s is listed twice", row.Kind, f.Type)
				}
			}
			seen[f.Type] = true
		}
	}
}

// undeclared are kinds of which neither language can declare the policy.
var undeclared = map[string]string{
	"AWS::ServerlessRepo::Application":          "its policy is put by the API alone",
	"AWS::Proton::EnvironmentAccountConnection": "an account accepts it, nobody is let in",
	"AWS::SSMContacts::Contact":                 "shared through RAM, or by the API",
	"AWS::SSMIncidents::ResponsePlan":           "shared through RAM, or by the API",
	"AWS::NetworkManager::CoreNetwork":          "shared through RAM, or by the API",
	"AWS::Route53Resolver::ResolverRule":        "shared through RAM, or by the API",
	"AWS::FSx::Volume":                          "shared through RAM",
	"AWS::Rekognition::Project":                 "its policy is put by the API alone",
	"AWS::DataZone::Domain":                     "shared through RAM, or by the API",
}

func TestEveryKindHasARow(t *testing.T) {
	for _, k := range knowledge.Kinds {
		row, reason := index().kinds[k.Type] != nil, undeclared[k.Type]
		if row == (reason != "") {
			t.Errorf("%s: has a row %v, a reason for none %q", k.Type, row, reason)
		}
	}
}
