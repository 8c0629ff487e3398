package cli

import (
	"io"
	"slices"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/reporters"
)

// queryFlags are those of query, beside those of check.
type queryFlags struct {
	*flags
	principal                   string
	actions, resources, context []string
	everyone                    bool
}

func newQueryFlags() *queryFlags {
	f := &queryFlags{flags: answerFlags("query")}
	s := f.set
	s.StringVar(&f.principal, "principal", "", "`WHO` calls: an account id, an ARN, o-… or o-…/r-…, a service, an identity provider, anonymous")
	s.StringArrayVar(&f.actions, "action", nil, "`ACTION` that is asked about, such as s3:GetObject or s3:* (repeatable)")
	s.StringArrayVar(&f.resources, "resource", nil, "address, name or `ARN` of what is asked about, with wildcards (repeatable)")
	s.StringArrayVar(&f.context, "context", nil, "the request carries `KEY=VALUE`, or has no !KEY (repeatable)")
	s.BoolVar(&f.everyone, "everyone", false, "ask about callers inside the zone of trust and services as well")
	return f
}

func aboutQuery() string {
	return "Without flags of its own it asks who outside the zone of trust may do anything.\nExit status: 0 nobody, proven; 1 somebody, or it is not known; 2 usage; 3 not everything\ncould be read, or there is no such resource.\n\n" + answerFormatList()
}

func queryCommandFlags() *pflag.FlagSet { return newQueryFlags().set }

// answerFlags are those of commands that answer a question: about access, whatever
// findings and archive rules say of it.
func answerFlags(command string) *flags {
	return flagsOf(command, append(readingFlags(), ofGate.only("exit-zero"), ofReport.only("format", "output", "path-prefix"))...)
}

// query answers who can do what, exactly: with a request that shows it, or with
// nobody.
func (p *program) query(args []string) error {
	f := newQueryFlags()
	c, paths, err := p.begin(f.flags, args)
	if err != nil {
		return err
	}
	if err := f.suit(c.destinations, answerFormats()); err != nil {
		return usageError("%s", err)
	}
	q, err := scan.NewQuestion(f.principal, f.actions, f.resources, f.context, f.everyone)
	if err != nil {
		return usageError("%s", err)
	}
	if f.set.Changed("principal") && f.principal == "" {
		return usageError("--principal needs a value")
	}
	if paths, err = pathArguments(paths); err != nil {
		return usageError("%s", err)
	}
	c.in = c.walker(nil).Collect(paths)
	if err := c.refused(c.in); err != nil {
		return usageError("%s", err)
	}
	if err := c.configure(); err != nil {
		return err
	}
	for _, n := range q.Notes {
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
func (c *checker) answer(q *scan.Question) error {
	o := c.scan()
	o.Question, o.Complete, o.NoIgnores = q, true, true
	out := scan.Over(c.in, o).Answers()
	status := c.status(finding.Report{Diagnostics: out.Diagnostics}, 0)
	if status == statusClean && out.Answer != access.No && !c.flags.exitZero {
		status = statusFindings
	}
	return c.writeAnswers(out, status)
}

func (c *checker) writeAnswers(out finding.Answers, status int) error {
	return c.writeEach(out.Diagnostics, c.relative(c.in), status, func(format string, w io.Writer, o reporters.Options) error {
		i := slices.IndexFunc(reporters.Answers, func(r reporters.AnswerReporter) bool { return r.Name == format })
		return reporters.Answers[i].Write(w, out, o)
	})
}
