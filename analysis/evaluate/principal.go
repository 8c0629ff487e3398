package evaluate

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/policy"
)

// principals matches the Principal or NotPrincipal element. A statement
// without either is of an identity-based policy, which is not this package's
// subject, and covers nobody.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (e evaluation) principals(p policy.Principals, effect policy.Effect) truth {
	caller := e.req.Principal
	switch {
	case !p.Present:
		return no
	case !p.Not:
		return listed(p.List, caller, caller.names())
	case effect == policy.Allow:
		return listed(p.List, caller, caller.names()).flip(true)
	}
	return exempt(p.List, caller).flip(true)
}

// listed reports whether some entry of the list is the caller under one of the
// names given.
func listed(list []policy.Principal, caller Principal, names []string) truth {
	t := no
	for _, p := range list {
		one := max(everyone(p, caller), named(p, caller, names))
		if p.Maybe != "" {
			one = one.open()
		}
		t = max(t, one)
	}
	return t
}

// exempt reports whether a NotPrincipal of a Deny spares the caller. AWS may
// check the account first, then the role, then the session, so it is settled
// only for a caller listed at every level. One that is listed at some levels
// may be denied, or not: the page's own example lists Bob beside the root of
// his account and denies everybody else in that account.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func exempt(list []policy.Principal, caller Principal) truth {
	least, most := yes, no
	for _, names := range caller.levels() {
		t := listed(list, caller, names)
		least, most = min(least, t), max(most, t)
	}
	return max(least, most.open())
}

// everyone matches the principals that are not a name. "*" stands for all
// principals, anonymous ones and services included: AWS's own examples exempt
// services from a Deny on "*" by aws:PrincipalIsAWSService, which they would
// not need otherwise. It covers the callers of AssumeRoleWithWebIdentity and
// AssumeRoleWithSAML, too: resource control policies know no other principal,
// and AWS's examples keep the tenants of an issuer out with a Deny on "*".
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
// https://github.com/aws-samples/data-perimeter-policy-examples/blob/main/resource_control_policies/identity_perimeter_rcp.json
//
// The authenticated users of an access control list are whoever signs as some
// AWS account. Callers of AssumeRoleWithWebIdentity and AssumeRoleWithSAML do
// not sign.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
func everyone(p policy.Principal, caller Principal) truth {
	switch p.Kind {
	case policy.Anyone:
		return yes
	case policy.Authenticated:
		switch caller.Type {
		case AWS, CanonicalUser:
			return yes
		case Service:
			return maybe
		}
	case policy.AWS:
		if _, known := p.Text.Known(); known {
			break
		}
		// Text that is not known may turn out to be "*".
		if text := compile(p.Text, 0, nil); text.open && match(text.symbols, "*", false) {
			return maybe
		}
	}
	return no
}

// callers are the callers that a principal of some kind can name.
var callers = map[policy.PrincipalKind]PrincipalType{
	policy.AWS:           AWS,
	policy.Federated:     Federated,
	policy.Service:       Service,
	policy.CanonicalUser: CanonicalUser,
}

// named matches a principal of the caller's kind by name. AWS takes no
// wildcards in one and refuses such a policy; where they are, they are read as
// in other ARNs.
func named(p policy.Principal, caller Principal, names []string) truth {
	if callers[p.Kind] != caller.Type {
		return no
	}
	if caller.Type == AWS && !isARN(caller.ARN) {
		// A unique id: whoever has it, if anybody still does.
		text, known := p.Text.Known()
		return truthOf(known && text == caller.ARN).open()
	}
	if s, known := p.Text.Known(); known && !strings.ContainsAny(s, "*?") {
		return truthOf(slices.Contains(names, accountOfAccelerator(s)))
	}
	text := compile(p.Text, wildcards, nil)
	exact := compile(p.Text, 0, nil)
	t := no
	for _, name := range names {
		t = max(t, exact.cap(match(exact.symbols, name, false)))
		if text.hasWildcard() {
			matched := match(text.symbols, name, false)
			if isARN(name) {
				matched, _ = matchARN(text, name)
			}
			t = max(t, text.cap(matched))
		}
	}
	return t
}

// names are the texts that a Principal element can name the caller by. The
// account's are among them, for an account stands for every principal in it; a
// role's ARN is, for each of its sessions.
func (p Principal) names() []string {
	var all []string
	for _, names := range p.levels() {
		all = append(all, names...)
	}
	return all
}

// levels are the names of the caller's account, of its role and of itself. The
// account's ARN and its bare number mean the same.
//
// Unique ids (AIDA…, AROA…) are what is left in a policy of a principal that was
// deleted: they name at most a caller of whom nothing else is known. A canonical user id names an account
// whose number is not known.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
func (p Principal) levels() [][]string {
	switch p.Type {
	case Anonymous:
		return [][]string{nil}
	case AWS:
	default:
		return [][]string{{p.ARN}}
	}
	name, ok := arn.Parse(p.ARN)
	if !ok {
		return [][]string{{p.Account}}
	}
	partition, resource := name.Partition, name.Resource
	levels := [][]string{{p.Account, "arn:" + partition + ":iam::" + p.Account + ":root"}}
	if resource != "root" {
		levels = append(levels, []string{p.ARN})
	}
	if p.Session != "" {
		// The ARN of a session leaves out the path of the role.
		//
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
		role := resource[strings.LastIndexByte(resource, '/')+1:]
		levels = append(levels, []string{"arn:" + partition + ":sts::" + p.Account + ":assumed-role/" + role + "/" + p.Session})
	}
	return levels
}

// accountOfAccelerator returns the account of the ARN of an accelerator, which
// stands on the lists of Global Accelerator for what is of its account, and any
// other text unchanged.
//
// https://docs.aws.amazon.com/global-accelerator/latest/dg/cross-account-resources.create-attachment.html
func accountOfAccelerator(s string) string {
	if !strings.Contains(s, ":globalaccelerator:") {
		return s // most are: a list may have a thousand
	}
	if name, ok := arn.Parse(s); ok && name.Service == "globalaccelerator" && strings.HasPrefix(name.Resource, "accelerator/") {
		return name.Account
	}
	return s
}
