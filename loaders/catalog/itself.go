package catalog

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// itself reads what Allow statements name as Resource and is not known as the
// resource that the policy is attached to, or as something in it: what names
// another resource grants nothing there, and most services refuse it. What a Deny
// names is read so only if an Allow names the same: one that means something else
// denies nothing.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
func (b *building) itself(form *Form) {
	if k := b.row.kind(); b.row.ARN == "" || form.AnyARN || k.LimitsOnly || k.WholeService {
		return
	}
	for i, d := range b.res.Documents {
		if d.Policy == nil || d.Source != "" && d.Source != resource.Policy {
			continue
		}
		meant := map[string]bool{} // texts
		for _, s := range d.Policy.Statements {
			if s.Effect != policy.Allow || s.Resource.Not || s.Unread {
				continue
			}
			for _, p := range s.Resource.List {
				if b.meansItself(p) && !meant[key(p.Text)] {
					meant[key(p.Text)] = true
					b.note("%s is not known and taken to be the resource that the policy is attached to, or something in it", value.Text{Parts: unknowns(p.Text)})
				}
			}
		}
		if len(meant) > 0 {
			b.res.Documents[i].Policy = onItself(d.Policy, meant)
		}
	}
}

// onItself returns a document in which some texts mean whatever it is attached to.
func onItself(d *policy.Document, meant map[string]bool) *policy.Document {
	out := *d
	out.Statements = slices.Clone(d.Statements)
	for i := range out.Statements {
		s := &out.Statements[i]
		if s.Resource.Not || s.Unread {
			continue
		}
		s.Resource.List = slices.Clone(s.Resource.List)
		for k, p := range s.Resource.List {
			if p.Maybe == "" && meant[key(p.Text)] {
				s.Resource.List[k].Text = value.Lit("*")
			}
		}
	}
	return &out
}

// meansItself reports whether a text is not known and can be the ARN of the
// resource, or of something in it.
func (b *building) meansItself(p policy.Pattern) bool {
	open := unknowns(p.Text)
	if p.Maybe != "" || len(open) == 0 {
		return false
	}
	if p.Text.Parts[0].Ref != nil && p.Text.Parts[0].Ref.Is == value.Anything {
		return true
	}
	own := standIn(b.res.ARN)
	if own == "" {
		return true
	}
	g := p.Text.Write(func(r value.Reference) string {
		if r.Is == value.Anything {
			return "*"
		}
		return value.StandIn(r.Name)
	})
	return !strings.Contains(g, "?") && (matches(g, own) || matches(g, own+"/*") && !strings.HasPrefix(g, own+"/"))
}

// unknowns are the parts of a text of which nothing is known.
func unknowns(t value.Text) []value.Part {
	var out []value.Part
	for _, p := range t.Parts {
		if p.Ref != nil && p.Ref.Is == value.Anything && p.Ref.Values == nil {
			out = append(out, p)
		}
	}
	return out
}
