package validate

import (
	"slices"
	"strings"
)

// FindingType is the weight that AWS gives a check.
type FindingType string

const (
	Error           FindingType = "ERROR"            // the policy, or a part of it, does not work
	SecurityWarning FindingType = "SECURITY_WARNING" // it may allow too much
	Warning         FindingType = "WARNING"          // it is not as AWS recommends
	Suggestion      FindingType = "SUGGESTION"       // a change of it would change no permission
)

// Basis is what a check rests on.
type Basis string

const (
	Grammar Basis = "grammar" // the documented language of policies
	Tables  Basis = "tables"  // the service authorization reference, as of knowledge.DataDate
	Sets    Basis = "sets"    // what patterns and statements match
	// Partial checks need a list that AWS keeps to itself: they find what is
	// documented of it.
	Partial Basis = "documented part of a list"
)

// Check is one check of AWS's policy validation.
type Check struct {
	Code    string // AWS's issue code
	Type    FindingType
	Basis   Basis
	Details string // what a finding says, as a format
	// For are the types of policies that it applies to; nil: all of them.
	For []PolicyType
	// On are the types of resources whose policies it applies to; nil: any.
	On  []string
	run func(*run)
}

// Checks are all checks. Of findings at one place the first one's comes first.
var Checks = slices.Concat(
	documentChecks, sizeChecks, sidChecks, principalChecks, elementChecks,
	actionChecks, resourceChecks,
	operatorChecks, keyChecks, valueChecks, addressChecks, variableChecks, wildcardChecks,
	passRoleChecks, serviceLinkedRoleChecks, tagChecks, redundantChecks, trustChecks, serviceChecks, controlChecks,
)

// Find returns the check with an issue code.
func Find(code string) (*Check, bool) {
	for i := range Checks {
		if Checks[i].Code == code {
			return &Checks[i], true
		}
	}
	return nil, false
}

func (c *Check) applies(o Options) bool {
	return (c.For == nil || slices.Contains(c.For, o.Type)) &&
		(c.On == nil || o.Type == Resource && slices.Contains(c.On, o.ResourceType))
}

// Rule returns the name of the check as a rule: the code in kebab-case.
func (c *Check) Rule() string { return "policy-" + kebab(c.Code) }

func kebab(code string) string { return strings.ToLower(strings.ReplaceAll(code, "_", "-")) }

// Link returns the address of AWS's page on the check.
func (c *Check) Link() string {
	weight := kebab(string(c.Type))
	if c.Type == Warning {
		weight = "general-warning"
	}
	const page = "access-analyzer-reference-policy-checks"
	return "https://docs.aws.amazon.com/IAM/latest/UserGuide/" + page + ".html#" + page + "-" + weight + "-" + kebab(c.Code)
}
