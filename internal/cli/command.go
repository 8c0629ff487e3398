// Package cli is the command line: commands, flags, streams and exit status.
package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/rules"
)

// program is one run: its streams and what it takes from the environment.
type program struct {
	in io.Reader
	// out and errw are for people: whatever is written to them is made safe.
	out, errw *escape.Writer
	// stdout and stderr are the streams as they are: for reporters and JSON, which
	// escape as their formats have it, and for the line that shows progress.
	stdout *sink
	stderr io.Writer
}

// command is a first word of the command line.
type command struct {
	name    string
	usage   string
	summary string
	run     func(*program, []string) error
	subs    func() []command      // the words behind it
	flags   func() *pflag.FlagSet // nil: none
	words   func() []string       // what an argument may be, beside a file
	about   func() string         // what its own help says beside the usage, in lines
}

// commands in the order of the help text. (A function, because help lists it.)
func commands() []command {
	list := []command{
		{name: "check", usage: "[flags] [path ...]", summary: "analyse files and directories; the default command", run: (*program).check, flags: checkFlags},
		{name: "diff", usage: "[flags] BASE [HEAD] [-- path ...]", summary: "compare external access: paths, plans, reports, git revisions", run: (*program).diff, flags: diffFlags, about: aboutDiff},
		{name: "query", usage: "[flags] [path ...]", summary: "answer who can do what, exactly: --principal, --action, --resource", run: (*program).query, flags: queryCommandFlags, about: aboutQuery},
		{name: "who", usage: "[flags] [path ...]", summary: "list each outside principal with what it reaches", run: (*program).who, flags: whoFlags, about: aboutWho},
		{name: "what", usage: "PRINCIPAL [flags] [path ...]", summary: "list what one principal reaches, by id, ARN or name", run: (*program).what, flags: whatFlags, about: aboutWhat},
		{name: "reconcile", usage: "--console FILE [flags] [path ...]", summary: "join exported findings of the account with those of the code", run: (*program).reconcile, flags: reconcileFlagSet, about: aboutReconcile},
		{name: "unused", usage: "--evidence PATH [flags] [path ...]", summary: "find roles, permissions, keys and passwords that nobody uses", run: (*program).unused, flags: unusedFlags, about: aboutUnused},
		{name: "suggest", usage: "[FINDING] [flags] [path ...]", summary: "show, or with --write make, the smallest change that closes a finding", run: (*program).suggest, flags: suggestFlagSet, about: aboutSuggest},
		{name: "watch", usage: "[flags] [path ...]", summary: "analyse again whenever a file changes, and say what differs", run: (*program).watch, flags: watchFlags, about: aboutWatch},
		{name: "validate-policy", usage: "[flags] FILE", summary: "check a policy document as AWS's policy validation does", run: (*program).validatePolicy, flags: validateFlagSet, about: aboutValidate},
		{name: "explain", usage: "RULE", summary: "describe a rule, or --all; --format text, markdown or json", run: (*program).explain, words: rules.IDs},
		{name: "rules", usage: "[list|new|input|test]", summary: "list the rules; begin and test rules in Rego", run: (*program).rules, subs: ruleCommands},
		{name: "archive", usage: "add|list|prune|import|export", summary: "archive rules: intended access with a reason", run: (*program).archive, subs: archiveCommands},
		{name: "baseline", usage: "create|prune", summary: "record the findings that are there", run: (*program).baseline, subs: baselineCommands},
		{name: "config", usage: "init|verify|show|schema", summary: "begin, check or explain a configuration file", run: (*program).configuration, subs: configCommands},
		{name: "completion", usage: "bash|zsh|fish|powershell", summary: "print a completion script", run: (*program).completion, words: shellNames},
		{name: "man", summary: "print the manual page", run: (*program).man},
		{name: "version", usage: "[--json]", summary: "print the version", run: (*program).version},
		{name: "help", usage: "[command [command]]", summary: "print this text", run: (*program).help, words: commandNames},
	}
	behind := 1 + slices.IndexFunc(list, func(c command) bool { return c.name == "validate-policy" })
	for i, k := range customChecks() {
		list = slices.Insert(list, behind+i, k.command())
	}
	return list
}

func commandNames() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}

// Run follows one command line and returns the exit status of the process.
func Run(args []string, in io.Reader, out, errw io.Writer) int {
	stdout := &sink{to: out}
	p := &program{in: in, out: escape.NewWriter(stdout), errw: escape.NewWriter(errw), stdout: stdout, stderr: errw}
	end := endOf(p.follow(args))
	for _, m := range end.messages {
		p.notef("%s", m)
	}
	status := end.status
	_ = p.out.Flush() // stdout keeps the error
	if err := stdout.failure(); err != nil {
		p.notef("cannot write the report: standard output: %s", err)
		status = statusIncomplete
	}
	_ = p.errw.Flush() // nothing is left to say it on
	return status
}

// follow runs the command that the first argument names.
func (p *program) follow(args []string) error {
	if len(args) > 0 {
		if args[0] == "--version" {
			return p.version(args[1:])
		}
		if words, asked := asksHelp(args); asked {
			return p.help(words)
		}
		for _, c := range commands() {
			if c.name == args[0] {
				return c.run(p, args[1:])
			}
		}
	}
	return p.check(args)
}

// notef writes a line for people on the error stream.
func (p *program) notef(format string, args ...any) {
	fmt.Fprintf(p.errw, "iaclint: %s\n", config.Printable(escape.Brief(fmt.Sprintf(format, args...))))
}

// json writes a JSON text on the output stream.
func (p *program) json(text []byte) { _, _ = p.stdout.Write(escape.JSON(text)) }

// outf writes a line for people on the output stream.
func (p *program) outf(format string, args ...any) {
	fmt.Fprintf(p.out, "%s\n", config.Printable(fmt.Sprintf(format, args...)))
}

func checkFlags() *pflag.FlagSet { return newFlags().set }
