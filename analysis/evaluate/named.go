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
	arn := req.Principal.ARN
	slash := strings.IndexByte(arn, '/')
	if req.Principal.Type != AWS || slash < 0 || !strings.HasSuffix(arn[:slash], ":role") && !strings.HasSuffix(arn[:slash], ":user") {
		return nil
	}
	kind, own := arn[:slash+1], arn[strings.LastIndexByte(arn, '/')+1:]
	var other string
	for _, d := range documents {
		for i := range d.Statements {
			if d.Statements[i].Maybe != "" || d.Statements[i].Refused != "" {
				continue
			}
			for _, p := range d.Statements[i].Principal.List {
				name, known := p.Text.Known()
				switch {
				case !known || p.Maybe != "" || p.Kind != policy.AWS || !strings.HasPrefix(name, kind) || strings.ContainsAny(name, "*?"):
				case name == arn:
					return nil
				case strings.EqualFold(name[strings.LastIndexByte(name, '/')+1:], own):
					other = name
				}
			}
		}
	}
	if other == "" {
		return nil
	}
	return fmt.Errorf("%s cannot be where %s is", arn, other)
}
