package catalog

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/existence"
)

// inDoubt makes one of two cases of a resource that grant the same and of which only
// one closes some of it: a setting that may be there leaves access open to doubt, as
// one does that may be on. What may be granted stays a case of its own.
func (j *joiner) inDoubt(cases []*building) []*building {
	for i := 0; i < len(cases); i++ {
		for k := i + 1; k < len(cases); k++ {
			if one := j.joined(cases[i], cases[k]); one != nil {
				cases[i] = one
				cases = slices.Delete(cases, k, k+1)
				i, k = -1, len(cases) // it may be one with a case before
			}
		}
	}
	return cases
}

// joined returns two cases as one, or nil where they differ in more than in what
// closes access, or not in that.
func (j *joiner) joined(a, b *building) *building {
	if a.closing() == b.closing() || !a.grantsAs(b) {
		return nil
	}
	when, names, ok := existence.Joined(a.res.When, b.res.When)
	if !ok {
		return nil
	}
	if j.language == CloudFormation {
		for i, name := range names {
			names[i] = "condition " + name
		}
	}
	why := strings.Join(names, " and ")

	if a.noPublic != "" || a.enforced() || b.open() > a.open() {
		a, b = b, a
	}
	out := *a
	out.res.When = when
	out.res.Notes = unique(slices.Concat(a.res.Notes, b.res.Notes))
	out.res.Related = slices.Clone(a.res.Related)
	for _, r := range b.res.Related {
		if !slices.Contains(out.res.Related, r) {
			out.res.Related = append(out.res.Related, r)
		}
	}
	out.res.Attachments = unique(slices.Concat(a.res.Attachments, b.res.Attachments))
	out.res.Block = eitherBlock(a.res.Block, b.res.Block, why)
	if a.res.AccountBlock != nil || b.res.AccountBlock != nil {
		out.res.AccountBlock = eitherBlock(a.res.AccountBlock, b.res.AccountBlock, why)
	}
	out.res.ObjectACLs = a.res.ObjectACLs && b.res.ObjectACLs
	out.res.Documents = slices.Clone(a.res.Documents)
	for i, d := range out.res.Documents {
		if d.Source == resource.AccessPoint && i < len(b.res.Documents) {
			out.res.Documents[i].Block = eitherBlock(cmp.Or(d.Block, allOn), cmp.Or(b.res.Documents[i].Block, allOn), why)
		}
		if d.Source == resource.BucketACL && b.enforced() {
			out.res.Documents[i].Policy = allInDoubt(d.Policy, why)
		}
		if b.noPublic != "" {
			out.res.Documents[i].Policy = sharingInDoubt(d.Policy, why)
		}
	}
	if b.noPublic != "" {
		out.res.Block = a.res.Block
	}
	return &out
}

// allOn is Block Public Access as AWS makes it for an access point.
var allOn = &resource.PublicAccessBlock{IgnorePublicACLs: true, RestrictPublicBuckets: true}

// closing has all that closes access to the resource.
type closing struct {
	bucket, account resource.PublicAccessBlock
	points          string
	enforced        bool
	noPublic        string
}

func (b *building) closing() closing {
	c := closing{enforced: b.enforced(), noPublic: b.noPublic}
	if b.res.Block != nil {
		c.bucket = *b.res.Block
	}
	if b.res.AccountBlock != nil {
		c.account = *b.res.AccountBlock
	}
	for _, d := range b.declared {
		switch {
		case d.Source != resource.AccessPoint:
		case cmp.Or(d.Block, allOn).RestrictPublicBuckets:
			c.points += "closed "
		default:
			c.points += "open " + cmp.Or(d.Block, allOn).RestrictNeeds + " "
		}
	}
	return c
}

// open counts the settings that close nothing.
func (b *building) open() (n int) {
	c := b.closing()
	for _, on := range []bool{c.bucket.IgnorePublicACLs, c.bucket.RestrictPublicBuckets, c.account.IgnorePublicACLs, c.account.RestrictPublicBuckets} {
		if !on {
			n++
		}
	}
	return n + strings.Count(c.points, "open")
}

// enforced reports whether object ownership takes the access control lists out of
// force.
func (b *building) enforced() bool {
	text, known := b.ownership.Text.Known()
	return known && text == "BucketOwnerEnforced"
}

// grantsAs reports whether two cases of a resource grant the same.
func (b *building) grantsAs(o *building) bool {
	return reflect.DeepEqual(b.granting(), o.granting())
}

// granting is a case of a resource without what closes access to it.
func (b *building) granting() any {
	r := b.res
	r.Block, r.AccountBlock, r.ObjectACLs = nil, nil, false
	r.When, r.Notes, r.Related, r.Attachments, r.Properties = nil, nil, nil, nil, value.Value{}
	r.Documents = slices.Clone(b.declared)
	for i := range r.Documents {
		r.Documents[i].Block = nil
	}
	type granting struct {
		res   resource.Resource
		lists [][]value.Value
	}
	g := granting{res: r}
	for _, l := range b.lists {
		list := []value.Value{{Text: l.object}}
		for _, x := range l.grants {
			list = append(list, x.ID, x.URI, x.Permission)
		}
		g.lists = append(g.lists, list)
	}
	return g
}

// eitherBlock returns Block Public Access of which one of two settings is in force.
func eitherBlock(p, q *resource.PublicAccessBlock, why string) *resource.PublicAccessBlock {
	if p == nil && q == nil {
		return nil
	}
	first := cmp.Or(q, p)
	p, q = cmp.Or(p, &resource.PublicAccessBlock{}), cmp.Or(q, &resource.PublicAccessBlock{})
	setting := func(a, b bool, needs, other string) (bool, string) {
		if a != b {
			return false, why
		}
		return a, cmp.Or(needs, other)
	}
	out := &resource.PublicAccessBlock{Address: first.Address, Account: first.Account}
	out.IgnorePublicACLs, out.IgnoreNeeds = setting(p.IgnorePublicACLs, q.IgnorePublicACLs, p.IgnoreNeeds, q.IgnoreNeeds)
	out.RestrictPublicBuckets, out.RestrictNeeds = setting(p.RestrictPublicBuckets, q.RestrictPublicBuckets, p.RestrictNeeds, q.RestrictNeeds)
	return out
}

// sharingInDoubt returns a sharing list whose entries for everyone may not be in
// force.
func sharingInDoubt(d *policy.Document, why string) *policy.Document {
	out := *d
	out.Statements = slices.Clone(d.Statements)
	for i := range out.Statements {
		if s := &out.Statements[i]; s.Principal.List[0].Kind == policy.Anyone {
			s.Maybe, s.Alternatives = cmp.Or(s.Maybe, why), 0
		}
	}
	return &out
}
