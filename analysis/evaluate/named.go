package evaluate

import (
	"fmt"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
)

// Named says why there can be no such caller beside the principals that policies name,
// nil if there can: "names of users, groups, roles … must be unique within the
// account. Names are not distinguished by case", whatever their paths; and AWS takes
// no policy with a principal that does not exist.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func Named(documents []*policy.Document, req Request) error {
	caller := strings.Split(req.Principal.ARN, "/")
	if req.Principal.Type != AWS || len(caller) < 2 || !strings.HasSuffix(caller[0], ":role") && !strings.HasSuffix(caller[0], ":user") {
		return nil
	}
	var other string
	for _, d := range documents {
		for i := range d.Statements {
			if d.Statements[i].Maybe != "" || d.Statements[i].Refused != "" {
				continue
			}
			for _, p := range d.Statements[i].Principal.List {
				name, known := p.Text.Known()
				parts := strings.Split(name, "/")
				switch {
				case !known || p.Maybe != "" || p.Kind != policy.AWS || parts[0] != caller[0] || strings.ContainsAny(name, "*?"):
				case name == req.Principal.ARN:
					return nil
				case strings.EqualFold(parts[len(parts)-1], caller[len(caller)-1]):
					other = name
				}
			}
		}
	}
	if other == "" {
		return nil
	}
	return fmt.Errorf("%s cannot be where %s is", req.Principal.ARN, other)
}
