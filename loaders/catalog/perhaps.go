package catalog

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// perhaps is a setting that may be a resource's: the code does not tell which
// one it belongs to. What it could cut off is in doubt, and no more.
type perhaps struct {
	block Block
	text  value.Text // what would tell
}

// settlePerhaps finds the resources that settings may belong to: those of the
// module that the setting is written in, or all where that has none. A resource
// that has a setting of the type for certain has no second one.
func (j *joiner) settlePerhaps() {
	for _, p := range j.parts {
		if !p.form.Setting || !p.form.ByName || p.form.Of[0] == all {
			continue
		}
		for i, b := range p.blocks {
			module, vague := b.Vague[p.form.Of[0]]
			for _, t := range p.left[i] {
				if vague && anything(t) {
					j.mayBelong(p, perhaps{b, t}, module)
				}
			}
		}
	}
	for _, o := range j.objects {
		j.borrow(o)
	}
}

// mayBelong notes a setting with the resources that it may belong to.
func (j *joiner) mayBelong(p *part, x perhaps, module string) {
	var near, far []*object
	for _, o := range j.objects {
		if o.row != p.row || o.scope != x.block.Scope || o.blocks == nil || o.has(p.form.Type) {
			continue
		}
		far = append(far, o)
		if module == "" || strings.HasPrefix(o.address, module+".") {
			near = append(near, o)
		}
	}
	if len(near) == 0 {
		near = far
	}
	for _, o := range near {
		o.perhaps = append(o.perhaps, x)
	}
}

// borrow notes, for a policy of which the code does not tell whose it is, the
// settings of all resources that it may belong to.
func (j *joiner) borrow(o *object) {
	if o.blocks != nil || !anything(o.missing) || o.links[0].part.form.Setting {
		return
	}
	p := o.links[0].part
	if _, vague := p.blocks[o.links[0].cases[0]].Vague[p.form.Of[0]]; !vague {
		return
	}
	for _, q := range j.parts {
		if q.row != o.row || !q.form.Setting || len(q.form.Of) == 0 || q.form.Of[0] == all || o.has(q.form.Type) {
			continue
		}
		for _, b := range q.blocks {
			if b.Scope == o.scope {
				o.perhaps = append(o.perhaps, perhaps{b, o.missing})
			}
		}
	}
}

// has reports whether a part of a type belongs to a resource whatever holds.
func (o *object) has(typ string) bool {
	return slices.ContainsFunc(o.links, func(l link) bool {
		return l.part.form.Type == typ && slices.ContainsFunc(l.cases, func(i int) bool { return len(l.part.blocks[i].When) == 0 })
	})
}

// doubt makes what settings could cut off something that may not be granted.
func (b *building) doubt(list []perhaps) {
	for _, x := range list {
		set := b.blockOf(x.block.Properties, x.block, false)
		owned, _ := one(x.block.Properties, "rule.object_ownership").Text.Known()
		enforced := owned == "BucketOwnerEnforced"
		if !set.RestrictPublicBuckets && !set.IgnorePublicACLs && !enforced {
			continue
		}
		b.note("%s may be set for this resource: the input does not tell what %s is", x.block.Address, x.text)
		if b.res.Block == nil && !enforced {
			b.res.Block = &resource.PublicAccessBlock{}
		}
		for i, d := range b.res.Documents {
			list := d.Source == resource.BucketACL
			open := d.Policy != nil && slices.ContainsFunc(d.Policy.Statements, toAnyone)
			if list && (enforced || open && set.IgnorePublicACLs) || !list && open && set.RestrictPublicBuckets {
				b.res.Documents[i].Policy = allInDoubt(d.Policy, x.text.References()[0])
			}
		}
	}
}

// toAnyone reports whether a statement names everyone, or all but some.
func toAnyone(s policy.Statement) bool {
	return s.Effect == policy.Allow && (s.Principal.Not || slices.ContainsFunc(s.Principal.List, func(p policy.Principal) bool {
		return p.Kind == policy.Anyone || p.Kind == policy.Authenticated
	}))
}

// allInDoubt returns a document whose Allow statements may not be in force.
func allInDoubt(d *policy.Document, why string) *policy.Document {
	out := *d
	out.Statements = slices.Clone(d.Statements)
	for i := range out.Statements {
		if s := &out.Statements[i]; s.Effect == policy.Allow {
			s.Maybe, s.Alternatives = cmp.Or(s.Maybe, why), 0
		}
	}
	return &out
}
