package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
)

// otherPartitions are those that conditions name beside the one that the resource is
// taken to be in, where nothing but its policies tells of it.
func (a *analysis) otherPartitions() []string {
	if a.told {
		return nil
	}
	var out []string
	for _, d := range a.resource.Documents {
		for _, s := range d.Policy.Statements {
			for _, c := range s.Condition {
				for _, v := range c.Values {
					name := arn.PartitionOf(v.Text.String())
					if strings.HasPrefix(name, "aws") && name != a.grounding.partition && !slices.Contains(out, name) {
						out = append(out, name)
					}
				}
			}
		}
	}
	return out
}

// passOver says of the values of conditions that are of another partition than the
// resource that they let nobody in. Those of a statement that never applies are said
// with it, and a principal is a finding.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func (a *analysis) passOver() {
	if !a.told {
		return
	}
	say := func(key, text string) {
		name := arn.PartitionOf(text)
		if !strings.HasPrefix(name, "aws") || strings.ContainsAny(name, "*?$") || name == a.grounding.partition {
			return
		}
		note := fmt.Sprintf("%s = %s is of partition %s and the resource of %s: it lets nobody in", key, text, name, a.grounding.partition)
		if !slices.Contains(a.out.Notes, note) {
			a.out.Notes = append(a.out.Notes, note)
		}
	}
	for _, d := range a.resource.Documents {
		if d.Policy == nil {
			continue
		}
		for i := range d.Policy.Statements {
			s := &d.Policy.Statements[i]
			if s.Effect != policy.Allow || a.isIdle(s) {
				continue
			}
			for _, c := range s.Condition {
				if c.Operator.Negated {
					continue
				}
				for _, v := range c.Values {
					say(c.Key, v.Text.String())
				}
			}
		}
	}
}

// inPartition adds what the policies would grant in another partition and do not in the
// one that the resource is taken to be in. Which it is, is not known.
func (a *analysis) inPartition(r resource.Resource, partition string, effort Effort) {
	const need = "the partition of the resource (--partition)"
	r.Partition = partition
	there := AnalyzeWithin(r, a.zone, a.complete, effort)
	for _, g := range there.Grants {
		same := func(h Grant) bool {
			return h.PrincipalKey == g.PrincipalKey && h.Principal == g.Principal && slices.Equal(h.Conditions, g.Conditions) && h.Source.Address == g.Source.Address
		}
		// Principals are judged wherever they are: see attributable.
		if len(g.Conditions) > 0 && !slices.ContainsFunc(a.out.Grants, same) {
			g.Proven, g.Needs = false, append(slices.Clip(g.Needs), need)
			a.out.Grants = append(a.out.Grants, g)
		}
	}
	for _, g := range there.Services {
		if !slices.ContainsFunc(a.out.Services, func(h ServiceGrant) bool { return h.Service == g.Service }) {
			g.Proven, g.Needs = false, append(slices.Clip(g.Needs), need)
			a.out.Services = append(a.out.Services, g)
		}
	}
}
