package access

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// zoneOf returns the zone with another account as the owner, and the one that is
// declared trusted as it was.
func zoneOf(owner string, z *zone.Zone) *zone.Zone {
	out := *z
	out.Account = owner
	out.Accounts = append(z.Accounts[:len(z.Accounts):len(z.Accounts)], z.Account)
	return &out
}

// findOwner: the declared account owns what is analysed, unless the resource's
// own ARN says that another account of the organization does. Without a
// declaration the ARN tells, or for a key the only account that may change its
// policy: KMS refuses a policy that locks its owner out.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (a *analysis) findOwner() {
	told := a.resource.Account
	if id := arn.AccountOf(a.resource.ARN.Literal); told == "" && isAccount(id) {
		told = id
	}
	switch {
	case told != "" && a.zone.Account != "" && told != a.zone.Account && isMember(a.zone, told):
		a.out.Owner = told
	case a.zone.Account != "":
		a.out.Owner = a.zone.Account
		if told != "" && told != a.zone.Account {
			a.assume("account " + a.zone.Account + " owns the resource, as declared, although its ARN names account " + told)
		}
	case told != "":
		a.out.Owner = told
		a.assume("account " + told + " owns the resource: its ARN says so")
	case a.ownerInResources() != "":
		a.out.Owner = a.ownerInResources()
		a.assume("account " + a.out.Owner + " owns the resource: the ARNs in its policy say so")
	default:
		if id := a.keyOwner(); id != "" {
			a.out.Owner = id
			a.assume("account " + id + " owns the key: no other account may change its policy")
			return
		}
		if !a.resource.IdentityPolicy {
			a.assume("no owner account is declared: every account id in the policy is taken to be outside (--account says which is yours)")
		}
	}
}

func isMember(z *zone.Zone, id string) bool {
	for _, m := range z.Members {
		if m.ID == id {
			return true
		}
	}
	return id != "" && id == z.ManagementAccount
}

// keyOwner returns the only account whose principals a key policy allows to
// replace the policy.
func (a *analysis) keyOwner() string {
	if a.out.Kind == nil || a.out.Kind.Type != "AWS::KMS::Key" {
		return ""
	}
	owner := ""
	for _, d := range a.resource.Documents {
		for _, s := range d.Policy.Statements {
			if s.Effect != policy.Allow || s.Action.Not || s.Principal.Not || !allowsAction(s, "kms:putkeypolicy") {
				continue
			}
			for _, p := range s.Principal.List {
				id := accountOf(p)
				if id == "" || owner != "" && owner != id {
					return ""
				}
				owner = id
			}
		}
	}
	return owner
}

func allowsAction(s policy.Statement, lower string) bool { return listsAction(s.Action, lower) }

func listsAction(list policy.Patterns, lower string) bool {
	for _, p := range list.List {
		if globMatch(strings.ToLower(p.Text.String()), lower) {
			return true
		}
	}
	return false
}

// ownerInResources returns the account that all ARNs of Resource elements name,
// where the ARN of the resource leaves the account to the deployment.
func (a *analysis) ownerInResources() string {
	left := false
	for _, p := range a.resource.ARN.Parts {
		left = left || p.Ref != nil && p.Ref.Is == value.OwnAccount
	}
	if !left {
		return ""
	}
	owner := ""
	for _, d := range a.resource.Documents {
		if d.Policy == nil {
			continue
		}
		for _, s := range d.Policy.Statements {
			for _, p := range s.Resource.List {
				head := strings.SplitN(p.Text.String(), ":", 6)
				if len(head) < 6 || !isAccount(head[4]) {
					continue
				}
				if owner != "" && owner != head[4] {
					return ""
				}
				owner = head[4]
			}
		}
	}
	return owner
}

// accountOf returns the account of an AWS principal, "" when it has none.
func accountOf(p policy.Principal) string {
	s, known := p.Text.Known()
	if p.Kind != policy.AWS || !known {
		return ""
	}
	if isAccount(s) {
		return s
	}
	if id := arn.AccountOf(s); isAccount(id) {
		return id
	}
	return ""
}
