package rules

import (
	"cmp"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Ask answers a question about one resource. Findings of the output are what is
// allowed of what is asked, without rule and severity; there are none where
// nothing is.
func Ask(r resource.Resource, z *zone.Zone, q access.Question, o Options) Output {
	result := access.AskWithin(r, z, q, cmp.Or(o.Effort, access.FullEffort))
	w := writer{resource: r, zone: z, result: result, arn: result.ARN, hidden: IsSensitive(r)}
	if w.hidden && r.Account == "" && z.Account == "" {
		w.result.Owner = "" // inferred from the policy
	}
	out := Output{Assumptions: result.Assumptions, LeftToIdentity: result.LeftToIdentity, Short: result.Short}
	for _, g := range result.Grants {
		out.Findings = append(out.Findings, w.grant(g))
	}
	for _, s := range result.Services {
		out.Findings = append(out.Findings, w.askedService(s))
	}
	uniqueIDs(out.Findings)
	for i := range out.Findings {
		f := &out.Findings[i]
		f.Rule, f.Severity, f.Help = "", "", ""
	}
	w.tell(&out, false)
	out.Resource = w.described(o)
	out.Resource.Verdict = verdictOf(out.Findings)
	return out
}

// described is the resource as a report lists it, without a verdict.
func (w *writer) described(o Options) finding.Resource {
	r := w.resource
	return finding.Resource{
		Path: r.Path, Address: r.Address, Attachments: append([]string{}, r.Attachments...), ResourceType: r.Type, ARN: w.arn,
		Account: w.result.Owner, Region: r.Region, Zone: w.zone.Name, Target: o.Target, BlockedBy: append([]string{}, w.result.BlockedBy...),
	}
}

// askedService says what a service may do, for whomever it acts.
func (w *writer) askedService(g access.ServiceGrant) finding.Finding {
	if w.hidden {
		g = w.withoutTextOfService(g)
	}
	f := w.serviceFinding(ruleOf("confused-deputy"), g)
	can := "can"
	if !g.Proven {
		can = "could"
	}
	name := g.Service
	if name == "" {
		name = "any AWS service"
	}
	f.Message = name + " " + can + " " + actionsText(f.Action) + " " + w.subject()
	return f
}
