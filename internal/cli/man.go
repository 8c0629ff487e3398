package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/reporters"
)

// man prints the manual page. It has no date, so that builds are reproducible.
//
// https://man7.org/linux/man-pages/man7/man-pages.7.html
func (p *program) man(args []string) error {
	if len(args) > 0 {
		return usageError("man takes no arguments")
	}
	var b strings.Builder
	b.WriteString(".TH IACLINT 1 \"\" \"iaclint\" \"User Commands\"\n.SH NAME\niaclint \\- proves who outside a zone of trust can reach the resources that code declares\n.SH SYNOPSIS\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, ".B iaclint %s\n%s\n.br\n", roff(c.name), roff(c.usage))
	}
	b.WriteString(".SH DESCRIPTION\nA path is a file, a directory, or \\- for standard input; without one it is the current directory.\nIt needs no credentials and no network.\n.SH COMMANDS\n")
	for _, c := range commands() {
		manCommand(&b, "", c)
	}
	b.WriteString(".SH OPTIONS\nThese are the options of check. Other commands take those of them that matter to what they do, as their help lists.\n")
	common := checkFlags()
	manFlags(&b, common, nil)
	for _, at := range places() {
		if at.flags == nil || len(at.words) == 0 || !hasOwn(at.flags, common) {
			continue
		}
		fmt.Fprintf(&b, ".SH OPTIONS OF %s\n", strings.ToUpper(roff(strings.Join(at.words, " "))))
		manFlags(&b, at.flags, common)
	}
	b.WriteString(".SH FORMATS\n")
	for _, r := range reporters.All {
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(r.Name), roff(r.Summary))
	}
	b.WriteString(".SH EXIT STATUS\n")
	for _, s := range []struct{ status, meaning string }{
		{"0", "nothing at or above \\-\\-fail\\-on"}, {"1", "findings"}, {"2", "usage or configuration error"}, {"3", "not everything could be analysed"},
	} {
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", s.status, s.meaning)
	}
	b.WriteString(".SH ENVIRONMENT\n.TP\n.B IACLINT_CONFIG\nthe configuration file, as \\-\\-config gives it\n.TP\n.B SOURCE_DATE_EPOCH\nthe day on which archive rules are judged\n.TP\n.B NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR\nwhether text has colours\n")
	b.WriteString(".SH FILES\n.TP\n.I .iaclint.hcl, .iaclint.json\nthe configuration, found upward from each input\n")
	fmt.Fprint(p.out, b.String())
	return nil
}

func manCommand(b *strings.Builder, before string, c command) {
	if c.subs != nil {
		for _, s := range c.subs() {
			manCommand(b, c.name+" ", s)
		}
		return
	}
	fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(strings.TrimSpace(before+c.name+" "+c.usage)), roff(c.summary))
}

// hasOwn reports whether a set has flags that another does not have.
func hasOwn(set, other *pflag.FlagSet) (own bool) {
	set.VisitAll(func(f *pflag.Flag) { own = own || other.Lookup(f.Name) == nil })
	return own
}

// manFlags lists the flags that are not among others.
func manFlags(b *strings.Builder, set, others *pflag.FlagSet) {
	set.VisitAll(func(f *pflag.Flag) {
		if others != nil && others.Lookup(f.Name) != nil {
			return
		}
		name, usage := pflag.UnquoteUsage(f)
		head := "--" + f.Name
		if f.Shorthand != "" {
			head = "-" + f.Shorthand + ", " + head
		}
		if name != "" {
			head += " " + name
		}
		fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(head), roff(usage))
	})
}

// roff writes text so that nothing in it is a request or an escape.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
