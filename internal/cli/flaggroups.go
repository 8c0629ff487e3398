package cli

import (
	"slices"

	"github.com/spf13/pflag"
)

// flagGroup is a group of flags under one heading of the help. A command takes
// whole groups, or single flags of one.
type flagGroup struct {
	title string
	names []string
}

// The groups, of which each flag of check is in one.
var (
	ofConfiguration = flagGroup{"Configuration", []string{"config", "no-config"}}
	ofDeployment    = flagGroup{"Whose it is, and who is trusted", append([]string{"account", "zone", "org", "member", "region", "partition"}, trustFlagNames()...)}
	ofValues        = flagGroup{"Values that the code leaves open", []string{"parameter", "parameter-file", "var", "var-file", "var-env", "value", "values", "workspace", "all-inputs"}}
	ofInputs        = flagGroup{"Inputs", []string{"resource-type", "source-root", "module", "stdin-filename", "strict", "allow-empty"}}
	ofChanges       = flagGroup{"Changes", []string{"from-hook", "new", "new-from", "merge-base"}}
	ofFindings      = flagGroup{"Findings", []string{"findings", "policy-checks", "min-severity", "rule", "skip-rule", "suggest"}}
	ofIntent        = flagGroup{"What is intended", []string{"baseline", "no-ignores", "today"}}
	ofGate          = flagGroup{"Exit status", []string{"fail-on", "exit-zero"}}
	ofReport        = flagGroup{"Report", []string{"format", "output", "path-prefix", "statistics", "sarif-suppressed", "sarif-category", "junit-extended", "max-bytes", "since"}}
	ofTalk          = flagGroup{"What is said", []string{"quiet", "verbose", "color", "show-files"}}
)

func flagGroups() []flagGroup {
	return []flagGroup{ofConfiguration, ofDeployment, ofValues, ofInputs, ofChanges, ofFindings, ofIntent, ofGate, ofReport, ofTalk}
}

func trustFlagNames() []string {
	var out []string
	for _, t := range trustFlags {
		out = append(out, t.flag)
	}
	return out
}

// except is a group without some of its flags.
func (g flagGroup) except(names ...string) flagGroup {
	g.names = slices.DeleteFunc(slices.Clone(g.names), func(n string) bool { return slices.Contains(names, n) })
	return g
}

// only is a group with some of its flags alone.
func (g flagGroup) only(names ...string) flagGroup {
	g.names = names
	return g
}

// The flags of commands that read code: what it is, whose, and what is not
// known of it.
func readingFlags() []flagGroup {
	return []flagGroup{ofConfiguration, ofDeployment, ofValues, ofInputs, ofTalk.except("show-files")}
}

// flagsOf are the flags of a command: those of the groups, and its own, which the
// caller adds.
func flagsOf(command string, groups ...flagGroup) *flags {
	f := newFlags()
	f.command = []string{command}
	all := f.set
	f.set = newFlagSet(command)
	all.VisitAll(func(flag *pflag.Flag) {
		for _, g := range groups {
			if slices.Contains(g.names, flag.Name) {
				f.set.AddFlag(flag)
			}
		}
	})
	return f
}

func newFlagSet(name string) *pflag.FlagSet {
	s := pflag.NewFlagSet(name, pflag.ContinueOnError)
	s.SortFlags = false
	s.Usage = func() {}
	return s
}
