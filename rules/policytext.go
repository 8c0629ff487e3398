package rules

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
)

// PolicyText writes the policies of a resource as a line for each principal and
// the resources and conditions on which it may do something, in an order of its
// own and without names: how statements are split and ordered makes no
// difference. It is nil where a policy is sensitive.
func PolicyText(cases []resource.Resource) []string {
	if slices.ContainsFunc(cases, IsSensitive) {
		return nil
	}
	return policyText(cases)
}

// policyText is PolicyText of policies that are not shown as well.
func policyText(cases []resource.Resource) []string {
	var out []string
	lines := map[[2]string][]string{} // actions by what stands before and behind them
	for _, r := range cases {
		for _, d := range r.Documents {
			if d.Policy == nil {
				continue
			}
			through := ""
			if d.Source != "" && d.Source != resource.Policy {
				through = strings.TrimSpace(" through " + string(d.Source) + " " + d.AccessPointARN.String())
			}
			for _, s := range d.Policy.Statements {
				for _, who := range principalsOf(s) {
					head, tail := effectOf(s)+" "+who+": "+not(s.Action.Not), strings.TrimSpace(tailOf(s)+" "+through)
					key := [2]string{head, tail}
					if s.Action.Not {
						out = append(out, strings.TrimSpace(head+listed(texts(s.Action.List))+" "+tail))
						continue
					}
					lines[key] = append(lines[key], texts(s.Action.List)...)
				}
			}
		}
		if r.Block != nil {
			if r.Block.RestrictPublicBuckets {
				out = append(out, "Block Public Access restricts the bucket")
			}
			if r.Block.IgnorePublicACLs {
				out = append(out, "Block Public Access ignores public lists")
			}
			if why := r.Block.RestrictNeeds; why != "" {
				out = append(out, "Block Public Access may restrict the bucket: "+why)
			}
			if why := r.Block.IgnoreNeeds; why != "" {
				out = append(out, "Block Public Access may ignore public lists: "+why)
			}
		}
	}
	for key, actions := range lines {
		out = append(out, strings.TrimSpace(key[0]+listed(actions)+" "+key[1]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func effectOf(s policy.Statement) string {
	if s.Effect == policy.Allow {
		return "Allow"
	}
	return "Deny"
}

// principalsOf are the principals of a statement; those of NotPrincipal belong
// together.
func principalsOf(s policy.Statement) []string {
	var who []string
	for _, p := range s.Principal.List {
		key := p.Kind.Key()
		if key == "AWS" {
			key = ""
		}
		who = append(who, strings.TrimSpace(key+" "+p.Text.String()))
	}
	if s.Principal.Not {
		return []string{not(true) + listed(who)}
	}
	return who
}

// tailOf is what a statement says beside principals and actions.
func tailOf(s policy.Statement) string {
	text := ""
	if len(s.Resource.List) > 0 {
		text = "on " + not(s.Resource.Not) + listed(texts(s.Resource.List))
	}
	var conditions []string
	for _, c := range s.Condition {
		conditions = append(conditions, c.Operator.Text+" "+c.Key+" "+listed(texts(c.Values)))
	}
	slices.Sort(conditions)
	if len(conditions) > 0 {
		text += " if " + strings.Join(conditions, " and ")
	}
	return text
}

func texts(list []policy.Pattern) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.Text.String()
	}
	return out
}

func listed(items []string) string {
	items = slices.Clone(items)
	slices.Sort(items)
	return strings.Join(slices.Compact(items), ", ")
}

func not(is bool) string {
	if is {
		return "all but "
	}
	return ""
}
