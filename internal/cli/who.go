package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/reporters"
)

func newWhoFlags() *flags {
	return flagsOf("who", append(readingFlags(), ofFindings.except("suggest"), ofIntent, ofGate, ofReport.only("format", "output"))...)
}

func whoFlags() *pflag.FlagSet { return newWhoFlags().set }

func aboutWho() string {
	var b strings.Builder
	b.WriteString("Lists each principal outside the zone of trust (account, organization, identity\nprovider, network, service) with what it reaches in all inputs. Names are those of account\nand known_account blocks. The exit status is that of check.\n\nFormats:\n")
	for _, r := range reporters.Callers {
		fmt.Fprintf(&b, "  %-9s %s\n", r.Name, r.Summary)
	}
	return b.String()
}

func callerFormats() []string {
	var names []string
	for _, r := range reporters.Callers {
		names = append(names, r.Name)
	}
	return names
}

// who lists the outside principals with what they reach.
func (p *program) who(args []string) error {
	f := newWhoFlags()
	c, paths, err := p.begin(f, args)
	if err != nil {
		return err
	}
	if err := f.suit(c.destinations, callerFormats()); err != nil {
		return usageError("%s", err)
	}
	if err := c.collect(paths); err != nil {
		return err
	}
	out, err := c.analyse()
	if err != nil {
		return err
	}
	status := c.status(out.Report, out.Failing)
	callers := finding.CallersOf(out.Report, scan.NamesOf(c.in))
	callers.Assumptions = scan.WithHidden(out.Report)
	return c.writeEach(callers.Diagnostics, c.relative(c.in), status, func(format string, w io.Writer, o reporters.Options) error {
		i := slices.IndexFunc(reporters.Callers, func(r reporters.CallerReporter) bool { return r.Name == format })
		return reporters.Callers[i].Write(w, callers, o)
	})
}

// collect finds the inputs that are named and their configuration.
func (c *checker) collect(paths []string) error {
	paths, err := pathArguments(paths)
	if err != nil {
		return usageError("%s", err)
	}
	c.in, c.paths = c.walker(nil).Collect(paths), paths
	if err := c.refused(c.in); err != nil {
		return usageError("%s", err)
	}
	return c.configure()
}

func newWhatFlags() *flags {
	return answerFlags("what")
}

func whatFlags() *pflag.FlagSet { return newWhatFlags().set }

func aboutWhat() string {
	return "PRINCIPAL is the name of an account or known_account block, the address or name of a role in\nthe code, or what query --principal takes: an account id, an ARN, o-…, a service, an identity\nprovider. Exit status: 0 it reaches nothing, proven; 1 it reaches something, or it is not\nknown; 2 usage; 3 not everything could be read.\n\n" + answerFormatList()
}

func answerFormatList() string {
	var b strings.Builder
	b.WriteString("Formats:\n")
	for _, r := range reporters.Answers {
		fmt.Fprintf(&b, "  %-9s %s\n", r.Name, r.Summary)
	}
	return b.String()
}

// what says what one principal reaches, outside or inside the zone of trust.
func (p *program) what(args []string) error {
	f := newWhatFlags()
	c, names, err := p.begin(f, args)
	if err != nil {
		return err
	}
	if err := f.suit(c.destinations, answerFormats()); err != nil {
		return usageError("%s", err)
	}
	if len(names) == 0 || names[0] == "" {
		return usageError("what takes a principal first: iaclint what PRINCIPAL [path ...]")
	}
	if err := c.collect(names[1:]); err != nil {
		return err
	}
	q, err := c.questionOf(names[0])
	if err != nil {
		return usageError("%s", err)
	}
	return c.answer(q)
}

// questionOf asks about everything that a principal can do, whatever it is called.
func (c *checker) questionOf(name string) (*scan.Question, error) {
	if ids := scan.AccountsNamed(c.in, name); len(ids) > 0 {
		return scan.NewQuestionOfAny(ids)
	}
	q, err := scan.NewQuestionOfAny([]string{name})
	if err == nil {
		return q, nil
	}
	arns := scan.Over(c.in, c.scan()).RolesCalled(name)
	switch {
	case len(arns) == 0:
		return nil, fmt.Errorf("%q is neither a role of the code nor an account of the configuration nor a principal; an account id, an ARN, an organization's id or path, a service such as sns.amazonaws.com, an identity provider, \"anonymous\" or \"*\" is expected", name)
	case slices.Contains(arns, ""):
		return nil, fmt.Errorf("the ARN of %q is not known: its account (--account) or its name is missing", name)
	}
	return scan.NewQuestionOfAny(arns)
}
