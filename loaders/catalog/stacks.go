package catalog

import (
	"fmt"
	"slices"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/existence"
)

// Join attaches policies, and whatever else is detached in its own stack, to the
// resources of other stacks that have the ARN. Where several have, each is listed
// with it and without it. The stacks are those that the links were found in, which
// may have been read again with what they import; they are not changed.
func (l *Links) Join(stacks []resource.Stack) []resource.Stack {
	stacks, crossing := l.settled(stacks)
	j := joining{stacks: stacks, crossing: crossing, cases: map[position][]resource.Resource{}, gone: map[position]bool{}}
	for i, s := range stacks {
		for k, r := range s.Resources {
			if r.Detached && j.fixed(r.ARN) {
				j.place(position{i, k}, r)
			}
		}
	}
	return j.withKeys(j.placed())
}

// placed returns the stacks with everything attached where it belongs.
func (j *joining) placed() []resource.Stack {
	stacks := j.stacks
	if len(j.gone) == 0 {
		return stacks
	}
	out := make([]resource.Stack, len(stacks))
	for i, s := range stacks {
		out[i] = s
		out[i].Resources = nil
		for k, r := range s.Resources {
			at := position{i, k}
			switch cases, ok := j.cases[at]; {
			case j.gone[at]:
			case ok:
				out[i].Resources = append(out[i].Resources, cases...)
			default:
				out[i].Resources = append(out[i].Resources, r)
			}
		}
	}
	return out
}

// position of a resource: its stack and its place there.
type position struct{ stack, resource int }

type joining struct {
	stacks   []resource.Stack
	crossing map[string]bool                  // names that mean the same in every stack
	cases    map[position][]resource.Resource // of resources that something was attached to
	gone     map[position]bool                // detached before, attached now
}

// fixed reports whether an ARN means the same in every stack: the names that
// AWS will give to resources do not, unless one stack has them from the other.
func (j *joining) fixed(t value.Text) bool {
	for _, p := range t.Parts {
		if p.Ref != nil && !everywhere(*p.Ref) && !j.crossing[p.Ref.Name] {
			return false
		}
	}
	return t.Literal != "" || t.Parts != nil
}

// place attaches one detached resource.
func (j *joining) place(at position, d resource.Resource) {
	var found []position
	distinct := map[[2]string]bool{}
	for i, s := range j.stacks {
		if i == at.stack {
			continue
		}
		for k, r := range s.Resources {
			if !r.Detached && r.Type == d.Type && j.fixed(r.ARN) && mayBe(unscoped(r.ARN), unscoped(d.ARN)) {
				found = append(found, position{i, k})
				distinct[[2]string{r.Path, r.Address}] = true
			}
		}
	}
	cases := map[position][]resource.Resource{}
	for _, f := range found {
		before := j.cases[f]
		if before == nil {
			before = []resource.Resource{j.stacks[f.stack].Resources[f.resource]}
		}
		for _, r := range before {
			declared, d := j.casesOf(at, d), d
			if shareNames(r.When, slices.Concat(declared...)) {
				d.When = ofPath(d.When, d.Path)
				for i := range declared {
					declared[i] = ofPath(declared[i], d.Path)
				}
			}
			when, ok := both(r.When, d.When)
			if !ok {
				cases[f] = append(cases[f], r)
				continue
			}
			with := attached(r, apart(d, r, j.crossing))
			with.When = when
			if len(distinct) > 1 {
				with.Notes = append(with.Notes, fmt.Sprintf("%s may belong to this resource or to another of %d with its name", d.Address, len(distinct)))
			}
			cases[f] = append(cases[f], with)
			if len(distinct) > 1 || !(*existence.Terms)(nil).Covered(r.When, declared) {
				cases[f] = append(cases[f], r)
			}
		}
		if len(cases[f]) > maxCases {
			return // it stays a resource of its own
		}
	}
	for f, list := range cases {
		j.cases[f] = list
		j.gone[at] = true
	}
}

// casesOf are the conditions of all cases of a detached resource.
func (j *joining) casesOf(at position, d resource.Resource) [][]string {
	var all [][]string
	for _, r := range j.stacks[at.stack].Resources {
		if r.Detached && r.Address == d.Address && r.Path == d.Path {
			all = append(all, r.When)
		}
	}
	return all
}

// unscoped forgets which deployment of a stack a reference is of.
func unscoped(t value.Text) value.Text {
	u, _ := replaced(t, func(r value.Reference, _ bool) (value.Text, bool) {
		r.Scope = ""
		return value.Ref(r), true
	})
	return u
}

// attached returns the resource with what is detached from it.
func attached(r, d resource.Resource) resource.Resource {
	r.Documents = slices.DeleteFunc(slices.Clone(r.Documents), func(x resource.Document) bool {
		return x.Implied && slices.ContainsFunc(d.Documents, func(y resource.Document) bool { return y.Source == "" })
	})
	for _, doc := range d.Documents {
		if doc.Address == "" {
			doc.Address = d.Address
			doc.Related = slices.Concat(doc.Related, d.Related)
		}
		r.Documents = append(r.Documents, doc)
	}
	r.Attachments = unique(slices.Concat(r.Attachments, []string{d.Address}, d.Attachments))
	r.Notes = unique(slices.Concat(r.Notes, d.Notes))
	r.Block, r.AccountBlock = resource.Strictest(r.Block, d.Block), resource.Strictest(r.AccountBlock, d.AccountBlock)
	r.Own = union(r.Own, d.Own)
	return r
}
