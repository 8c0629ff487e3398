package scan

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// boundaries are the permissions boundaries that the code gives its identities, as
// far as the code has them too. A boundary that is not here limits nothing: what is
// said is then at most what is granted.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
type boundaries struct {
	policies map[string]*policy.Document // managed policies by ARN; nil: several have it
	of       map[string]string           // ARNs of boundaries by what roles and users are called
}

func boundariesOf(resources []resource.Resource, z *zone.Zone) boundaries {
	b := boundaries{map[string]*policy.Document{}, map[string]string{}}
	for _, r := range resources {
		if arn := r.ARN.String(); r.IdentityPolicy && strings.Contains(arn, ":policy/") {
			list := access.PoliciesOf(r, z)
			_, twice := b.policies[arn]
			b.policies[arn] = nil
			if len(list) == 1 && len(r.When) == 0 && !twice {
				b.policies[arn] = list[0]
			}
		}
		if r.Type == "AWS::IAM::Role" && len(r.When) == 0 {
			limit := limitOf(r.Properties)
			for _, name := range []string{holder(r), roleName(r.ARN)} {
				if was, twice := b.of[name]; twice && was != limit {
					limit = ""
				}
				b.of[name] = limit
			}
		}
	}
	return b
}

// holder is how the identity is called whose block has a policy.
func holder(r resource.Resource) string { return "at " + r.Path + " " + r.Address }

// limitOf is the ARN of the boundary that the properties of an identity name.
func limitOf(properties value.Value) string {
	for _, name := range []string{"PermissionsBoundary", "permissions_boundary"} {
		if v := properties.Get(name); v.Kind == value.String || v.Kind == value.Unknown {
			return v.Text.String()
		}
	}
	return ""
}

// around returns the boundary of whoever holds an inline policy; nil if nobody
// knows it, or holders have different ones. A managed policy may be held by others.
func (b boundaries) around(r resource.Resource) *policy.Document {
	if !r.IdentityPolicy || strings.Contains(r.ARN.String(), ":policy/") {
		return nil
	}
	if limit := limitOf(r.Properties); limit != "" { // the block is the holder
		return b.policies[limit]
	}
	roles, others := policyHolders(r.Properties)
	if others || len(roles) == 0 {
		return nil
	}
	limit := b.of[roles[0]]
	for _, name := range roles {
		if b.of[name] != limit {
			return nil
		}
	}
	return b.policies[limit]
}
