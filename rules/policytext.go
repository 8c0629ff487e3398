package rules

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
)

// PolicyText writes the policies of a resource as a line a statement, in an
// order of its own and without names: two texts differ where the policies say
// something different. It is nil where a policy is sensitive.
func PolicyText(cases []resource.Resource) []string {
	var out []string
	for _, r := range cases {
		if isSensitive(r) {
			return nil
		}
		for _, d := range r.Documents {
			if d.Policy == nil {
				continue
			}
			for _, s := range d.Policy.Statements {
				line := statementText(s)
				if d.Source != "" && d.Source != resource.Policy {
					line += " through " + string(d.Source) + " " + d.AccessPointARN.String()
				}
				out = append(out, strings.TrimSpace(line))
			}
		}
		if r.Block != nil {
			if r.Block.RestrictPublicBuckets {
				out = append(out, "Block Public Access restricts the bucket")
			}
			if r.Block.IgnorePublicACLs {
				out = append(out, "Block Public Access ignores public lists")
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func statementText(s policy.Statement) string {
	effect := "Deny"
	if s.Effect == policy.Allow {
		effect = "Allow"
	}
	var who []string
	for _, p := range s.Principal.List {
		key := p.Kind.Key()
		if key == "AWS" {
			key = ""
		}
		who = append(who, strings.TrimSpace(key+" "+p.Text.String()))
	}
	text := effect + " " + not(s.Principal.Not) + listed(who) + ": " + not(s.Action.Not) + listed(texts(s.Action.List))
	if len(s.Resource.List) > 0 {
		text += " on " + not(s.Resource.Not) + listed(texts(s.Resource.List))
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
