package knowledge

import (
	_ "embed"
	"strings"
)

//go:embed data/controlled.txt
var controlledTable string // action prefixes

// IsControlled reports whether resource control policies take actions with a
// prefix, in lower case.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
func IsControlled(prefix string) bool {
	for line := range strings.Lines(controlledTable) {
		if strings.TrimSuffix(line, "\n") == prefix {
			return true
		}
	}
	return false
}
