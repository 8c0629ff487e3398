package access

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
)

// through is access by policies that are in force together, by access control
// lists and through access points.
func (a *analysis) through(s Subject, policies, lists, points []resource.Document) {
	if key := a.keyOfSecret(s.Kind); key != nil && len(policies) > 0 {
		a.byKey(s, policies, key)
	} else {
		a.byPolicy(s, policies)
	}
	if len(lists) > 0 {
		a.byList(s, policies, lists)
	}
	for _, p := range points {
		a.byAccessPoint(s, policies, p)
	}
}

// withoutBlocked leaves out of a share list what AWS does not let take effect:
// an encrypted snapshot cannot be public, and one under an AWS managed key
// cannot be shared at all.
//
// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html
func (a *analysis) withoutBlocked(d resource.Document) resource.Document {
	if !a.resource.Encrypted && a.resource.AWSManagedKey == "" {
		return d
	}
	shared := a.out.Kind != nil && strings.HasSuffix(a.out.Kind.Type, "Snapshot")
	if !shared {
		return d
	}
	kept := *d.Policy
	kept.Statements = nil
	for _, s := range d.Policy.Statements {
		switch {
		case a.resource.AWSManagedKey != "":
			a.block(a.resource.AWSManagedKey)
		case hasAnyone(s):
			a.block("encryption")
		default:
			kept.Statements = append(kept.Statements, s)
		}
	}
	d.Policy = &kept
	return d
}

func hasAnyone(s policy.Statement) bool {
	for _, p := range s.Principal.List {
		if p.Kind == policy.Anyone || p.Kind == policy.Authenticated {
			return true
		}
	}
	return false
}

func (a *analysis) block(by string) {
	if by != "" && !contains(a.out.BlockedBy, by) {
		a.out.BlockedBy = append(a.out.BlockedBy, by)
	}
}

// byPolicy is access through the resource's own policies.
func (a *analysis) byPolicy(s Subject, policies []resource.Document) {
	if len(policies) == 0 {
		return
	}
	whole, parts := answers(a.question(s, policies, allOf(len(policies))), a.complete)
	defer a.idle(whole) // last: it may use up what is left of the budget
	for _, p := range parts {
		if a.cutOff(p.solution, a.resource.Block) { // then what all of them grant
			for _, p := range parts {
				a.services(p.solution, policies, false)
			}
			return
		}
	}
	if a.resource.AWSManagedKey != "" && s.Kind.Type == "AWS::SecretsManager::Secret" && a.grantsSecretValue(policies) {
		a.block(a.resource.AWSManagedKey)
	}
	for _, p := range parts {
		a.report(p.solution, p.grants, policies, policies[0])
	}
	for _, p := range parts {
		a.services(p.solution, policies, true)
	}
	block := a.resource.Block
	if whole.settled && (block != nil && block.RestrictPublicBuckets || slices.ContainsFunc(a.out.Services, func(g ServiceGrant) bool { return g.Inexact || len(g.Statements) > 1 })) {
		// What services may do, and whether all of it is public, rests on the sets.
		for _, n := range whole.widenings {
			if !contains(a.out.Notes, n) {
				a.out.Notes = append(a.out.Notes, n)
			}
		}
	}
}

// cutOff reports whether RestrictPublicBuckets cuts off what the policy grants
// to others: it does when the policy is public, then for every outsider.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func (a *analysis) cutOff(sol *solution, b *resource.PublicAccessBlock) bool {
	if b == nil || !b.RestrictPublicBuckets || sol.most == domain.None || !sol.isPublic() {
		return false
	}
	a.block(b.Address)
	return true
}

// grantsSecretValue reports whether a policy mentions actions that the key cuts off.
func (a *analysis) grantsSecretValue(policies []resource.Document) bool {
	for _, d := range policies {
		for _, s := range d.Policy.Statements {
			for action := range secretValue {
				if s.Effect == policy.Allow && (s.Action.Not || allowsAction(s, action)) {
					return true
				}
			}
		}
	}
	return false
}

// byList is access through an access control list; a Deny of the policy counts.
func (a *analysis) byList(s Subject, policies, lists []resource.Document) {
	documents, gate := a.withLists(policies, lists)
	sol, grants := answer(a.question(s, documents, [][]int{gate}), a.complete)
	a.report(sol, grants, documents, lists[0])
}

// withLists are policies and access control lists, and which of them may allow.
func (a *analysis) withLists(policies, lists []resource.Document) (documents []resource.Document, gate []int) {
	ignore := a.resource.Block != nil && a.resource.Block.IgnorePublicACLs
	documents = append([]resource.Document{}, policies...)
	for _, d := range lists {
		if ignore {
			d = a.withoutPublic(d)
		}
		gate = append(gate, len(documents))
		documents = append(documents, d)
	}
	return documents, gate
}

// withoutPublic leaves out what IgnorePublicAcls makes S3 ignore: grants to
// everyone and to all authenticated users.
func (a *analysis) withoutPublic(d resource.Document) resource.Document {
	kept := *d.Policy
	kept.Statements = nil
	for _, s := range d.Policy.Statements {
		if hasAnyone(s) {
			a.block(a.resource.Block.Address)
			continue
		}
		kept.Statements = append(kept.Statements, s)
	}
	d.Policy = &kept
	return d
}

// byAccessPoint is access through an access point: its policy and the bucket's
// must both allow a request. The access point's policy names objects below its
// own ARN, which are read as the bucket's.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
func (a *analysis) byAccessPoint(s Subject, policies []resource.Document, point resource.Document) {
	documents, through, ok := a.throughPoint(policies, point)
	if !ok {
		return
	}
	last := len(documents) - 1
	q := a.question(s, documents, [][]int{upTo(last), {last}})
	q.through = through
	sol, grants := answer(q, a.complete)
	if a.cutOff(sol, pointBlock(point)) || a.cutOff(sol, a.resource.Block) {
		return
	}
	a.report(sol, grants, documents, documents[last])
}

// throughPoint are the policies and that of an access point, read as the bucket's.
func (a *analysis) throughPoint(policies []resource.Document, point resource.Document) (documents []resource.Document, through *accessPoint, ok bool) {
	text := a.literal(point.AccessPointARN)
	name, ok := arn.Parse(text)
	if !ok || point.Policy == nil {
		return nil, nil, false
	}
	point.Policy = onBucket(point.Policy, text, a.subject)
	documents = append(append([]resource.Document{}, policies...), point)
	return documents, &accessPoint{region: name.Region, account: name.Account, name: strings.TrimPrefix(name.Resource, "accesspoint/"), vpc: point.VPC}, true
}

// pointBlock is the Block Public Access of an access point: all on, unless it
// says otherwise.
func pointBlock(point resource.Document) *resource.PublicAccessBlock {
	if point.Block != nil {
		return point.Block
	}
	return &resource.PublicAccessBlock{IgnorePublicACLs: true, RestrictPublicBuckets: true, Address: point.Address}
}

func allOf(n int) [][]int { return [][]int{upTo(n)} }

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
