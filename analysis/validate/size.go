package validate

import (
	"github.com/iaclint/iaclint/analysis/value"
)

// Quotas of a policy's size in characters. The guide's 6,144 for managed policies
// is not what recorded answers compare with.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
const (
	identityQuota = 10240
	trustQuota    = 2048
	scpQuota      = 10240 // 5,120 until May 2026
	rcpQuota      = 5120
)

// resourceQuotas are the quotas of resource policies that AWS documents.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-restrictions-limitations.html
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html
var resourceQuotas = map[string]int{Bucket: 20480, AccessPoint: 20480, MultiRegionAccessPoint: 20480, ObjectLambdaPoint: 20480, Table: 20480}

var sizeChecks = []Check{
	{Code: "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", Type: Warning, Basis: Grammar, For: []PolicyType{Identity},
		Details: "The %d characters in the identity policy, excluding whitespace, exceed the %d character maximum for inline and managed policies. We recommend that you use multiple granular policies.",
		run:     func(r *run) { r.size(identityQuota) }},
	{Code: "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", Type: Warning, Basis: Partial, For: []PolicyType{Resource},
		Details: "The %d characters in the resource policy exceed the %d character maximum for resource policies. We recommend that you use multiple granular policies.",
		run: func(r *run) {
			if quota, known := resourceQuotas[r.options.ResourceType]; known {
				r.length(quota)
			}
		}},
	{Code: "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", Type: Warning, Basis: Grammar, On: []string{Trust},
		Details: "The characters in the role trust policy, excluding whitespace, exceed the character maximum. We recommend that you request a role trust policy length quota increase using Service Quotas and AWS Support Center. If the quotas have already been increased, then you can ignore this warning.",
		run: func(r *run) {
			if size(r.form.tree) > trustQuota {
				r.at(r.whole())
			}
		}},
	{Code: "POLICY_SIZE_EXCEEDS_SCP_QUOTA", Type: Error, Basis: Grammar, For: []PolicyType{ServiceControl},
		Details: "The %d characters in the service control policy (SCP) exceed the %d character maximum for SCPs. We recommend that you use multiple granular policies.",
		run:     func(r *run) { r.length(scpQuota) }},
	{Code: "POLICY_SIZE_EXCEEDS_RCP_QUOTA", Type: Error, Basis: Grammar, For: []PolicyType{ResourceControl},
		Details: "The %d characters in the resource control policy (RCP) exceed the %d character maximum for RCPs. We recommend that you use multiple granular policies.",
		run:     func(r *run) { r.length(rcpQuota) }},
}

func (r *run) size(quota int) {
	if n := size(r.form.tree); n > quota {
		r.at(r.whole(), n, quota)
	}
}

// length reports a policy that is longer than a quota that counts white space too:
// as much of it as is known.
func (r *run) length(quota int) {
	if n := max(r.options.Length, characters(r.form.tree)); n > quota {
		r.at(r.whole(), n, quota)
	}
}

// size returns how many characters a policy has at least, white space not
// counted. Recorded answers count one more than the document has.
func size(tree value.Value) int { return 1 + characters(tree) }

func characters(v value.Value) int {
	switch v.Kind {
	case value.Null:
		return len("null")
	case value.Bool, value.Number:
		return quoted(v.Text) - 2
	case value.String:
		return quoted(v.Text)
	case value.List:
		n := 2 + max(0, len(v.Items)-1)
		for _, item := range v.Items {
			n += characters(item)
		}
		return n
	case value.Map:
		n := 2 + max(0, len(v.Fields)-1)
		for _, f := range v.Fields {
			n += quoted(value.Lit(f.Key)) + 1 + characters(f.Value)
		}
		return n
	}
	return 0
}

// quoted returns the length of a text as a JSON string.
func quoted(t value.Text) int {
	n := 2
	for _, c := range literal(t) {
		switch {
		case c == '"' || c == '\\' || c == '\n' || c == '\t' || c == '\r':
			n += 2
		case c < ' ':
			n += len("\\u0000")
		case c != ' ':
			n++
		}
	}
	return n
}
