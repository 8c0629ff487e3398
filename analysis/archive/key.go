package archive

import (
	"github.com/iaclint/iaclint/analysis/finding"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
)

// ShortID is how many digits of a finding's id are enough to name it.
const ShortID = 8

// key is a property of a finding that a rule can filter by.
type key struct {
	name string
	// all is set where a finding has several values and each must meet the
	// criterion: a rule about one action must not archive another.
	all    bool
	short  bool // a beginning of the value stands for it
	narrow bool // it tells resources or principals apart
	valid  []string
	of     func(s Subject, name string) []string
}

func one(v string) []string {
	if v == "" {
		return nil
	}
	return []string{v}
}

func isPublic(s Subject, _ string) []string {
	if s.IsPublic {
		return []string{"true"}
	}
	return []string{"false"}
}

func absent(Subject, string) []string { return nil }

func principal(s Subject, name string) []string {
	return one(s.Principal[strings.TrimPrefix(name, "principal.")])
}

// condition finds a condition key without regard to case, as IAM does.
func condition(s Subject, name string) []string {
	name = strings.TrimPrefix(name, conditionPrefix)
	for k, v := range s.Condition {
		if strings.EqualFold(k, name) {
			return one(v)
		}
	}
	return nil
}

const (
	conditionPrefix = "condition."
	ownPrefix       = "iaclint:"
)

// keys are Access Analyzer's, as far as archive rules may use them, and ours.
// What a finding of ours never has is known as well: it is not a mistake to ask.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html
var keys = slices.Concat(ofFindings, ofConditions(), ours)

var ofFindings = []key{
	{name: "resource", narrow: true, of: func(s Subject, _ string) []string { return one(s.Resource) }},
	{name: "resourceType", of: func(s Subject, _ string) []string { return one(s.ResourceType) }},
	{name: "resourceOwnerAccount", of: func(s Subject, _ string) []string { return one(s.ResourceOwnerAccount) }},
	{name: "isPublic", valid: []string{"true", "false"}, of: isPublic},
	{name: "findingType", of: func(Subject, string) []string { return []string{"ExternalAccess"} }},
	{name: "error", of: absent},
	{name: "resourceControlPolicyRestriction", valid: []string{"APPLICABLE", "FAILED_TO_EVALUATE_RCP", "NOT_APPLICABLE"}, of: absent},
	{name: "serviceControlPolicyRestriction", of: absent},
	{name: "principal.AWS", narrow: true, of: principal},
	{name: "principal.Federated", narrow: true, of: principal},
}

// ofConditions are the filters by condition keys.
func ofConditions() []key {
	var out []key
	for _, name := range knowledge.FilterKeys() {
		out = append(out, key{name: conditionPrefix + name, narrow: true, of: condition})
	}
	return out
}

var ours = []key{
	{name: "iaclint:rule", of: func(s Subject, _ string) []string { return one(s.Rule) }},
	{name: "iaclint:severity", valid: []string{"low", "medium", "high", "critical"}, of: func(s Subject, _ string) []string { return one(string(s.Severity)) }},
	{name: "iaclint:certainty", valid: []string{"proven", "undetermined"}, of: func(s Subject, _ string) []string { return one(string(s.Certainty)) }},
	{name: "iaclint:address", narrow: true, of: func(s Subject, _ string) []string { return one(s.Address) }},
	{name: "iaclint:path", narrow: true, of: func(s Subject, _ string) []string { return one(s.Path) }},
	{name: "iaclint:target", narrow: true, of: func(s Subject, _ string) []string { return one(s.Target) }},
	{name: "iaclint:id", narrow: true, short: true, of: func(s Subject, _ string) []string { return one(s.ID) }},
	{name: "iaclint:sid", narrow: true, all: true, of: sids},
	{name: "iaclint:action", all: true, of: func(s Subject, _ string) []string { return s.Action }},
	{name: "iaclint:access", all: true, valid: Levels, of: func(s Subject, _ string) []string { return s.AccessLevels }},
	{name: "iaclint:principal.Service", narrow: true, of: func(s Subject, _ string) []string { return one(s.Principal["Service"]) }},
	{name: "iaclint:principal.CanonicalUser", narrow: true, of: func(s Subject, _ string) []string { return one(s.Principal["CanonicalUser"]) }},
	{name: "iaclint:condition.*", narrow: true, of: absent},
	{name: "iaclint:requires.*", narrow: true, of: absent},
}

// anyCondition is the form of our keys for conditions that AWS cannot filter by.
const anyCondition = ownPrefix + conditionPrefix

// required is the form of keys for what a request needs although the condition of
// the finding does not show it, as an external id.
const required = ownPrefix + "requires."

// Required are the condition keys that the request of a finding's witness has, but
// for those whose value follows from who calls and what is called.
func Required(f finding.Finding) map[string][]string {
	out := map[string][]string{}
	if f.Witness == nil {
		return out
	}
	for k, values := range f.Witness.Context {
		if row, ok := knowledge.KeyRow(k); ok && row.Implied {
			continue
		}
		if _, shown := f.Condition[k]; !shown {
			out[k] = values
		}
	}
	return out
}

// sids are those of all statements that grant; a statement without one has "".
func sids(s Subject, _ string) []string {
	var out []string
	for _, st := range s.Statements {
		out = append(out, st.Sid)
	}
	return out
}

// keyOf returns a key by name; a name that is unknown is that of a property
// that no finding has.
func keyOf(name string) key {
	if strings.HasPrefix(name, anyCondition) {
		return key{name: name, narrow: true, of: func(s Subject, name string) []string { return condition(s, strings.TrimPrefix(name, ownPrefix)) }}
	}
	if strings.HasPrefix(name, required) {
		return key{name: name, narrow: true, all: true, of: func(s Subject, name string) []string { return Required(s.Finding)[strings.TrimPrefix(name, required)] }}
	}
	if i := slices.IndexFunc(keys, func(k key) bool { return k.name == name }); i >= 0 {
		return keys[i]
	}
	return key{name: name, of: absent}
}

// Keys are the names of all keys, in the order of their documentation;
// "iaclint:condition.*" and "iaclint:requires.*" stand for that of every condition key.
func Keys() []string {
	var out []string
	for _, k := range keys {
		out = append(out, k.name)
	}
	return out
}

// IsKey reports whether a name is that of a key.
func IsKey(name string) bool {
	for _, prefix := range []string{anyCondition, required} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return rest != "" && rest != "*"
		}
	}
	return slices.Contains(Keys(), name)
}

// IsOwnKey reports whether a key is ours: AWS does not know it, and it takes
// globs.
func IsOwnKey(name string) bool { return strings.HasPrefix(name, ownPrefix) }

// Values are the only ones that a key can have; nil when any can be.
func Values(name string) []string { return keyOf(name).valid }
