package scan

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/rules"
)

// Answers say what is allowed of what the run is asked.
func (r *Run) Answers() finding.Answers {
	q := r.Options.Question
	out := finding.Answers{Tool: finding.Tool{Name: "iaclint", Version: r.Options.Version}, Question: q.asked, Answer: access.No}
	about := &Run{In: r.In, Options: r.Options}
	unread := unreadWarnings(r.In, r.Results)
	left := false // to identity-based policies
	for _, r := range r.Results {
		r.unread, r.withdrawn, r.intentions = nil, nil, intentions{}
		var asked []Analysed
		for _, x := range r.Analysed {
			if x.about == access.No {
				continue
			}
			a := q.doubted(AnswerOf(x))
			left = left || x.LeftToIdentity
			out.Resources = append(out.Resources, a)
			out.Answer = stronger(out.Answer, a.Answer)
			x.Findings = nil
			asked = append(asked, x)
		}
		r.Analysed = asked
		about.Results = append(about.Results, r)
	}
	slices.SortStableFunc(out.Resources, func(x, y finding.Answer) int { return strings.Compare(x.Resource.Path, y.Resource.Path) })
	report := about.ReportWithoutBaseline()
	out.Zones, out.Diagnostics, out.Assumptions = report.Zones, append(report.Diagnostics, unread...), WithHidden(report)
	if left {
		out.Assumptions = append(slices.Clone(out.Assumptions), "identity-based policies, those in the code among them, are not part of the answer: what they may allow a caller of the account that owns a resource is undetermined")
	}
	slices.SortFunc(out.Diagnostics, CompareDiagnostics)
	if len(out.Resources) == 0 && (q.resources != nil || !r.Options.AllowEmpty) {
		message := "there is no resource in the input that could be asked about"
		if q.resources != nil {
			message = "nothing in the input is called " + strings.Join(q.resources, " or ") + "; the address, the name or the ARN of a resource is expected"
		}
		out.Diagnostics = append(out.Diagnostics, finding.Diagnostic{Severity: string(source.Error), Message: message})
	}
	isError := isErrorDiagnostic
	if (len(unread) > 0 || slices.ContainsFunc(out.Diagnostics, isError)) && out.Answer == access.No {
		out.Answer = access.NotKnown // of what was not read nothing is known
	}
	return out
}

// AnswerOf is the answer for one resource.
func AnswerOf(x Analysed) finding.Answer {
	out := finding.Answer{Resource: x.Output.Resource, Answer: access.No, Grants: x.Findings}
	for _, f := range x.Findings {
		one := access.Yes
		if f.Certainty == finding.NotProven {
			one = access.NotKnown
		}
		out.Answer = stronger(out.Answer, one)
	}
	if len(x.Findings) == 0 && x.Output.Resource.Verdict == finding.Undetermined {
		out.Answer = access.NotKnown // it could not be analysed, as a diagnostic says
	}
	if x.LeftToIdentity && out.Answer != access.Yes {
		owner := "the account that owns it"
		if a := x.Output.Resource.Account; a != "" {
			owner = "account " + a
		}
		out.Answer, out.Needs = access.NotKnown, append(out.Needs, "the identity-based policies of "+owner+", which may allow it alone")
	}
	if x.about == access.NotKnown && out.Answer == access.Yes {
		out.Answer, out.Needs = access.NotKnown, append(out.Needs, "the name of the resource: it may be another one")
	}
	return out
}

func stronger(a, b finding.Truth) finding.Truth {
	order := []finding.Truth{access.No, access.NotKnown, access.Yes}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// ask answers the question of the command line about the cases of one resource.
func (t Task) ask(q *Question, cases []resource.Resource, under func(resource.Resource) resource.Resource, o rules.Options, x *Analysed) {
	z := x.Deployment.Zone
	var outputs []rules.Output
	var when [][]string
	x.about = access.No
	for _, r := range cases {
		r = under(r)
		about, arns := q.about(r, z)
		if about == access.No {
			continue
		}
		if about == access.Yes || x.about == access.No {
			x.about = about
		}
		one := q.Question
		one.Resources = arns
		one.Inside = q.Inside && (q.organization == "" || q.organization == z.Organization)
		outputs, when = append(outputs, rules.Ask(r, z, one, o)), append(when, r.When)
	}
	if outputs != nil {
		x.Output = rules.Join(outputs, when)
	}
}
