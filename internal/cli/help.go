package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/reporters"
)

// asksHelp reports whether a command line asks for help, and about which
// commands: -h and --help stand anywhere but behind -- and as the value of a flag.
func asksHelp(args []string) (words []string, asked bool) {
	list, takes := commands(), checkFlags()
	for _, c := range list {
		if args[0] == c.name {
			takes = nil
		}
	}
	for i, a := range args {
		if a == "--" {
			break
		}
		if a == "-h" || a == "--help" {
			asked = asked || i == 0 || !wantsValue(takes, args[i-1])
			continue
		}
		if len(words) < i { // the words of commands stand first
			continue
		}
		if k := slices.IndexFunc(list, func(c command) bool { return c.name == a }); k >= 0 {
			words, takes = append(words, a), nil
			if list[k].flags != nil {
				takes = list[k].flags()
			}
			list = subsOf(words)
		}
	}
	return words, asked
}

// wantsValue reports whether a word is a flag whose value is the next word.
func wantsValue(set *pflag.FlagSet, word string) bool {
	if set == nil || !strings.HasPrefix(word, "-") || strings.Contains(word, "=") {
		return false
	}
	var f *pflag.Flag
	if name, long := strings.CutPrefix(word, "--"); long {
		f = set.Lookup(name)
	} else if name := word[1:]; name != "" {
		f = set.ShorthandLookup(name[len(name)-1:])
	}
	return f != nil && f.NoOptDefVal == ""
}

// find returns the command that words name.
func find(words []string) (c command, rest []string) {
	list := commands()
	for len(words) > 0 {
		i := slices.IndexFunc(list, func(c command) bool { return c.name == words[0] })
		if i < 0 {
			break
		}
		c, words, list = list[i], words[1:], nil
		if c.subs != nil {
			list = c.subs()
		}
	}
	return c, words
}

func subsOf(words []string) []command {
	if c, _ := find(words); c.subs != nil {
		return c.subs()
	}
	return nil
}

// help prints what the program does, or what one command takes.
func (p *program) help(args []string) error {
	if len(args) == 0 {
		return p.helpOnAll()
	}
	c, rest := find(args)
	if len(rest) > 0 {
		names := commandNames()
		if c.subs != nil {
			names = nil
			for _, s := range c.subs() {
				names = append(names, s.name)
			}
		}
		return usageError("unknown command %q%s", rest[0], config.Hint(rest[0], names))
	}
	return p.helpOn(strings.Join(args, " "), c)
}

func (p *program) helpOnAll() error {
	fmt.Fprint(p.out, "iaclint says who outside your zone of trust can reach the resources that your code declares.\n\nUsage:\n")
	for _, c := range commands() {
		fmt.Fprintf(p.out, "  %-46s %s\n", strings.TrimSpace("iaclint "+c.name+" "+c.usage), c.summary)
	}
	fmt.Fprint(p.out, `
A path is a file, a directory, or - for standard input; without one it is the
current directory. A file whose name is that of a command is given as ./name.
"iaclint help COMMAND" or "iaclint COMMAND --help" says what a command takes.
These are the flags of check:
`)
	p.flagHelp(checkFlags())
	fmt.Fprintf(p.out, `
Formats:
%s
Exit status: 0 nothing at or above --fail-on, 1 findings, 2 usage or
configuration error, 3 not everything could be analysed.

Examples:
  iaclint --account 111122223333 policies/
  aws sqs get-queue-attributes --queue-url ... --attribute-names All | iaclint --resource-type AWS::SQS::Queue -
`, formatList())
	return nil
}

// helpOn prints what a command takes, or which commands stand behind it.
func (p *program) helpOn(words string, c command) error {
	fmt.Fprintf(p.out, "iaclint %s: %s\n\nUsage:\n", words, c.summary)
	if c.subs != nil {
		for _, s := range c.subs() {
			fmt.Fprintf(p.out, "  %-52s %s\n", strings.TrimSpace("iaclint "+words+" "+s.name+" "+s.usage), s.summary)
		}
		fmt.Fprintf(p.out, "\n\"iaclint %s COMMAND --help\" says what each takes.\n", words)
		return nil
	}
	fmt.Fprintf(p.out, "  %s\n", strings.TrimSpace("iaclint "+words+" "+c.usage))
	if c.about != nil {
		fmt.Fprint(p.out, "\n", c.about())
	}
	if c.words != nil {
		fmt.Fprintf(p.out, "\n%s is one of:\n", strings.ToUpper(strings.Trim(strings.Fields(c.usage)[0], "[]")))
		for _, w := range c.words() {
			fmt.Fprintf(p.out, "  %s\n", w)
		}
	}
	if c.flags != nil {
		p.flagHelp(c.flags())
	}
	return nil
}

// flagHelp lists flags by their groups; those that only one command has come first.
func (p *program) flagHelp(set *pflag.FlagSet) {
	common := checkFlags()
	groups := []flagGroup{{title: "Flags"}}
	set.VisitAll(func(f *pflag.Flag) {
		if common.Lookup(f.Name) == nil {
			groups[0].names = append(groups[0].names, f.Name)
		}
	})
	for _, g := range append(groups, flagGroups()...) {
		var lines [][2]string
		for _, name := range g.names {
			if f := set.Lookup(name); f != nil {
				lines = append(lines, flagLine(f))
			}
		}
		if len(lines) == 0 {
			continue
		}
		fmt.Fprintf(p.out, "\n%s:\n", g.title)
		width := 0
		for _, l := range lines {
			width = max(width, len(l[0]))
		}
		for _, l := range lines {
			fmt.Fprintf(p.out, "  %-*s  %s\n", width, l[0], l[1])
		}
	}
}

// flagLine is how a flag is given, and what it does.
func flagLine(f *pflag.Flag) [2]string {
	value, usage := pflag.UnquoteUsage(f)
	head := "    --" + f.Name
	if f.Shorthand != "" {
		head = "-" + f.Shorthand + ", --" + f.Name
	}
	if f.NoOptDefVal == "" {
		head += " " + value
	}
	return [2]string{head, usage}
}

// formatList describes the formats for the help text.
func formatList() string {
	var b strings.Builder
	for _, r := range reporters.All {
		fmt.Fprintf(&b, "  %-9s %s\n", r.Name, r.Summary)
	}
	return b.String()
}
