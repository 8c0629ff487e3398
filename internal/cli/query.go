package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/loaders"
	"github.com/iaclint/iaclint/reporters"
	"github.com/iaclint/iaclint/rules"
)

// queryFlags are those of query, beside those of check.
type queryFlags struct {
	*flags
	principal                   string
	actions, resources, context []string
	everyone                    bool
}

func newQueryFlags() *queryFlags {
	f := &queryFlags{flags: newFlags()}
	f.command = []string{"query"}
	s := f.set
	s.StringVar(&f.principal, "principal", "", "`WHO` calls: an account id, an ARN, o-… or o-…/r-…, a service, an identity provider, anonymous")
	s.StringArrayVar(&f.actions, "action", nil, "`ACTION` that is asked about, such as s3:GetObject or s3:* (repeatable)")
	s.StringArrayVar(&f.resources, "resource", nil, "address, name or `ARN` of what is asked about, with wildcards (repeatable)")
	s.StringArrayVar(&f.context, "context", nil, "the request carries `KEY=VALUE`, or has no !KEY (repeatable)")
	s.BoolVar(&f.everyone, "everyone", false, "ask about callers inside the zone of trust and services as well")
	return f
}

func aboutQuery() string {
	var b strings.Builder
	b.WriteString("Without flags of its own it asks who outside the zone of trust may do anything.\nExit status: 0 nobody, proven; 1 somebody, or it is not known; 2 usage; 3 not everything\ncould be read, or there is no such resource. The flags are those of check.\n\nFormats:\n")
	for _, r := range reporters.Answers {
		fmt.Fprintf(&b, "  %-9s %s\n", r.Name, r.Summary)
	}
	return b.String()
}

func queryCommandFlags() *pflag.FlagSet { return newQueryFlags().set }

// notForQueries are flags of check about findings and their comparison.
var notForQueries = append(slices.Clone(ofReports),
	"merge-base", "rule", "skip-rule", "fail-on", "min-severity", "baseline", "findings",
	"no-ignores", "sarif-suppressed", "sarif-category", "junit-extended", "max-bytes", "today",
)

// query answers who can do what, exactly: with a request that shows it, or with
// nobody.
func (p *program) query(args []string) int {
	f := newQueryFlags()
	c, paths, status := p.begin(f.flags, args)
	if c == nil {
		return status
	}
	if err := f.suit(c.destinations, answerFormats(), notForQueries); err != nil {
		return p.usageError("%s", err)
	}
	q, err := newQuestion(f.principal, f.actions, f.resources, f.context, f.everyone)
	if err != nil {
		return p.usageError("%s", err)
	}
	if f.set.Changed("principal") && f.principal == "" {
		return p.usageError("--principal needs a value")
	}
	if paths, err = pathArguments(paths); err != nil {
		return p.usageError("%s", err)
	}
	c.flags.question, c.flags.findings, c.flags.noIgnores = q, "complete", true
	c.in = c.walker(nil).Collect(paths)
	if status, stop := c.configure(); stop {
		return status
	}
	for _, n := range q.notes {
		c.notef("%s", n)
	}
	return c.answer(q)
}

func answerFormats() []string {
	var names []string
	for _, r := range reporters.Answers {
		names = append(names, r.Name)
	}
	return names
}

// answer analyses the inputs and writes what is allowed of what is asked.
func (c *checker) answer(q *question) int {
	results := analyse(c.in.Files, loaders.Load, c.flags, c.given)
	out := finding.Answers{Tool: finding.Tool{Name: "iaclint", Version: thisBuild().Version}, Question: q.asked, Answer: string(access.No)}
	for i := range results {
		r := &results[i]
		r.withdrawn, r.intentions = nil, intentions{}
		var asked []analysed
		for _, x := range r.analysed {
			if x.about == access.No {
				continue
			}
			asked = append(asked, x)
			a := answerOf(x)
			out.Resources = append(out.Resources, a)
			out.Answer = stronger(out.Answer, a.Answer)
		}
		for j := range asked {
			asked[j].Findings = nil
		}
		r.analysed = asked
	}
	slices.SortStableFunc(out.Resources, func(x, y finding.Answer) int { return strings.Compare(x.Resource.Path, y.Resource.Path) })
	a := &assembler{flags: c.flags, archive: newArchiver(c.flags, c.finder.Today)}
	report := a.assemble(c.in, results)
	out.Zones, out.Diagnostics, out.Assumptions = report.Zones, report.Diagnostics, report.Assumptions
	if len(out.Resources) == 0 && (q.resources != nil || !c.flags.allowEmpty) {
		message := "there is no resource in the input that could be asked about"
		if q.resources != nil {
			message = "nothing in the input is called " + strings.Join(q.resources, " or ") + "; the address, the name or the ARN of a resource is expected"
		}
		out.Diagnostics = append(out.Diagnostics, finding.Diagnostic{Severity: string(source.Error), Message: message})
	}
	incomplete := c.status(finding.Report{Diagnostics: out.Diagnostics}, 0) == statusIncomplete
	if incomplete && out.Answer == string(access.No) {
		out.Answer = string(access.NotKnown) // of what was not read nothing is known
	}
	status := statusClean
	switch {
	case incomplete:
		status = statusIncomplete
	case out.Answer != string(access.No) && !c.flags.exitZero:
		status = statusFindings
	}
	return c.writeAnswers(out, status)
}

// answerOf is the answer for one resource.
func answerOf(x analysed) finding.Answer {
	out := finding.Answer{Resource: x.Output.Resource, Answer: string(access.No), Grants: x.Findings}
	for _, f := range x.Findings {
		one := access.Yes
		if f.Certainty == finding.NotProven {
			one = access.NotKnown
		}
		out.Answer = stronger(out.Answer, string(one))
	}
	if len(x.Findings) == 0 && x.Output.Resource.Verdict == finding.Undetermined {
		out.Answer = string(access.NotKnown) // it could not be analysed, as a diagnostic says
	}
	if x.LeftToIdentity && out.Answer != string(access.Yes) {
		owner := "the account that owns it"
		if a := x.Output.Resource.Account; a != "" {
			owner = "account " + a
		}
		out.Answer, out.Needs = string(access.NotKnown), append(out.Needs, "the identity-based policies of "+owner+", which may allow it alone")
	}
	if x.about == access.NotKnown && out.Answer == string(access.Yes) {
		out.Answer, out.Needs = string(access.NotKnown), append(out.Needs, "the name of the resource: it may be another one")
	}
	return out
}

func stronger(a, b string) string {
	order := []string{string(access.No), string(access.NotKnown), string(access.Yes)}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// ask answers the question of the command line about the cases of one resource.
func (t task) ask(q *question, cases []resource.Resource, under func(resource.Resource) resource.Resource, o rules.Options, x *analysed) {
	z := x.deployment.Zone
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

func (c *checker) writeAnswers(out finding.Answers, status int) int {
	return c.writeEach(out.Diagnostics, c.relative(c.in), status, func(format string, w io.Writer, o reporters.Options) error {
		i := slices.IndexFunc(reporters.Answers, func(r reporters.AnswerReporter) bool { return r.Name == format })
		return reporters.Answers[i].Write(w, out, o)
	})
}
