package access

import (
	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Kept is what a change leaves of the access from inside the zone of trust.
type Kept struct {
	// Exact is false where the two states cannot be compared as sets, or where no
	// request shows a loss that the sets have: nothing is known of them then.
	Exact bool
	// Lost is a request from inside that is refused after the change, nil if there
	// is none. The caller is one of the zone's.
	Lost *evaluate.Request
	// LostService is the same of a service that acts for the zone.
	LostService *evaluate.Request
}

// CompareInside computes what is allowed to callers inside the zone before a
// change and not after it, of all actions on the resource. Access that was
// proven may not become possible only; that was possible, not impossible. What
// identity-based policies of the owner account allow is not part of it.
func CompareInside(before, after resource.Resource, z *zone.Zone) Kept {
	a, b := newAnalysis(after, z), newAnalysis(before, z)
	if !a.isLike(b) {
		return Kept{}
	}
	a.inside, b.inside = true, true
	a.work = newBudget(FullEffort)
	c := comparison{before: b, after: a, joined: true}
	out := Kept{Exact: true}
	for _, k := range allKinds(b.kinds(), a.kinds()) {
		exact := c.each(k, func(s Subject, before, after way) bool { return c.keeps(&out, s, before, after) })
		if !exact {
			return Kept{}
		}
	}
	return out
}

// keeps compares both sides on one way to the resource.
func (c comparison) keeps(out *Kept, s Subject, before, after way) (exact bool) {
	old, now, ok := c.joint(s, before, after)
	if !ok {
		return false
	}
	sp := old.space
	for i := range old.allowed {
		was := sp.Minus(old.allowed[i], old.cutFrom(c.before, before.blocks))
		is := sp.Minus(now.allowed[i], now.cutFrom(c.after, after.blocks))
		lost := sp.Minus(was, is)
		callers := sp.Intersect(lost, old.insiders)
		services := sp.Intersect(lost, old.forInsiders)
		if isForOthers(s.Kind.Type) {
			callers, services = sp.Minus(callers, old.ofOwner), domain.None
		}
		if sp.Exceeded {
			return false
		}
		if !old.show(&out.Lost, callers, i == 0) || !old.show(&out.LostService, services, i == 0) {
			return false
		}
	}
	return true
}

// isForOthers reports whether what shares a resource is a list of other accounts:
// the owner needs no place in it.
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharing-amis.html
// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html
func isForOthers(kind string) bool {
	switch kind {
	case "AWS::EC2::Image", "AWS::EC2::Snapshot", "AWS::RDS::DBSnapshot", "AWS::RDS::DBClusterSnapshot":
		return true
	}
	return false
}

// show finds a request of a set, if it is not empty and none is shown yet. It
// reports whether there is one where there must be.
func (s *solution) show(req **evaluate.Request, set domain.Node, proven bool) bool {
	if set == domain.None || *req != nil {
		return true
	}
	anyone := *s
	anyone.anyCaller = true
	*req, _ = anyone.witness(set, proven)
	return *req != nil
}

// cutFrom are the callers whom RestrictPublicBuckets keeps from the bucket: if
// the policy is public, all but services and those of the owner account.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func (s *solution) cutFrom(a *analysis, blocks []*resource.PublicAccessBlock) domain.Node {
	for _, b := range blocks {
		if a.cutOff(s, b) {
			return s.space.Complement(s.space.Union(s.ofOwner, s.services))
		}
	}
	return domain.None
}
