package access

import (
	"cmp"
	"slices"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
)

// inDoubt returns the documents of a resource in which statements that a setting
// of Block Public Access may cut off, which is not known, may not be in force: of
// lists those for everyone, of policies that are public all but those for services.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func (a *analysis) inDoubt(k *knowledge.Kind, policies, lists, points []resource.Document) (_, _, _ []resource.Document) {
	b := cmp.Or(a.resource.Block, &resource.PublicAccessBlock{})
	if b.IgnoreNeeds != "" {
		for i, d := range lists {
			lists[i].Policy = doubted(d.Policy, b.IgnoreNeeds, hasAnyone)
		}
	}
	s, ok := a.subjectOf(k)
	if !ok {
		return policies, lists, points
	}
	own := policies
	if b.RestrictNeeds != "" && len(policies) > 0 && a.mayBePublic(a.question(s, policies, allOf(len(policies)))) {
		policies = slices.Clone(policies)
		for i, d := range policies {
			policies[i].Policy = doubted(d.Policy, b.RestrictNeeds, forCallers)
		}
	}
	for i, p := range points {
		needs := cmp.Or(pointBlock(p).RestrictNeeds, b.RestrictNeeds)
		documents, through, ok := a.throughPoint(own, p)
		if needs == "" || !ok {
			continue
		}
		last := len(documents) - 1
		q := a.question(s, documents, [][]int{upTo(last), {last}})
		q.through = through
		if a.mayBePublic(q) {
			points[i].Policy = doubted(p.Policy, needs, forCallers)
		}
	}
	return policies, lists, points
}

// mayBePublic reports whether what a question is about is public, as far as the
// budgets tell.
func (a *analysis) mayBePublic(q question) bool {
	s, _ := answer(q, a.complete)
	return s.isPublic() || s.space.Exceeded
}

// forCallers reports whether a statement is for others than services, which no
// Block Public Access keeps out.
func forCallers(s policy.Statement) bool {
	return s.Principal.Not || slices.ContainsFunc(s.Principal.List, func(p policy.Principal) bool { return p.Kind != policy.Service })
}

// doubted returns a document in which the Allow statements of a kind may not be
// in force.
func doubted(d *policy.Document, needs string, which func(policy.Statement) bool) *policy.Document {
	out := *d
	out.Statements = slices.Clone(d.Statements)
	for i := range out.Statements {
		if s := &out.Statements[i]; s.Effect == policy.Allow && which(*s) {
			s.Maybe, s.Alternatives = cmp.Or(s.Maybe, needs), 0
		}
	}
	return &out
}
