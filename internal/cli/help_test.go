package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// Each command answers --help, wherever it stands, with what that command takes.
func TestEveryCommandHasHelp(t *testing.T) {
	for _, at := range places() {
		words := strings.Join(at.words, " ")
		if words == "" {
			continue
		}
		want, errs, status := output("", append([]string{"help"}, at.words...)...)
		if status != statusClean || errs != "" || !strings.HasPrefix(want, "iaclint "+words+": ") {
			t.Errorf("help %s: exit status %d, %q, %q", words, status, want, errs)
		}
		for _, args := range [][]string{
			append(slices.Clone(at.words), "--help"), append(slices.Clone(at.words), "-h"), append(slices.Clone(at.words), "x", "--help"),
		} {
			if got, errs, status := output("", args...); got != want || errs != "" || status != statusClean {
				t.Errorf("%v: exit status %d, %q, %q, want %q", args, status, got, errs, want)
			}
		}
		for _, name := range flagNames(at.flags) {
			if !strings.Contains(want, name+" ") {
				t.Errorf("the help on %s lacks %s", words, name)
			}
		}
	}
}

func TestAsksHelp(t *testing.T) {
	for _, tt := range []struct {
		args, words string
		asked       bool
	}{
		{"--help", "", true},
		{"-h", "", true},
		{"check --help", "check", true},
		{"--account 111122223333 --help", "", true},
		{"archive add --reason --help", "archive add", false},
		{"archive add --reason=x --help", "archive add", true},
		{"archive --help add", "archive", true},
		{"check -o -h", "check", false},
		{"check -q -h", "check", true},
		{"check -- --help", "check", false},
		{"check archive --help", "check", true},
		{"diff a b", "diff", false},
	} {
		words, asked := asksHelp(strings.Fields(tt.args))
		if asked != tt.asked || asked && strings.Join(words, " ") != tt.words {
			t.Errorf("%s: %v, %t", tt.args, words, asked)
		}
	}
}

// Each flag of check stands under one heading, so that each command has been
// asked whether it takes it.
func TestFlagGroups(t *testing.T) {
	seen := map[string]int{}
	for _, g := range flagGroups() {
		for _, name := range g.names {
			seen[name]++
			if checkFlags().Lookup(name) == nil {
				t.Errorf("%q names --%s, which is not a flag of check", g.title, name)
			}
		}
	}
	checkFlags().VisitAll(func(f *pflag.Flag) {
		if seen[f.Name] != 1 {
			t.Errorf("--%s stands in %d groups, want 1", f.Name, seen[f.Name])
		}
	})
}

// A flag that does nothing for a command is an error there.
func TestFlagsOfOthers(t *testing.T) {
	for _, at := range places() {
		words := strings.Join(at.words, " ")
		if at.flags == nil || len(at.words) == 0 || at.flags.Lookup("account") == nil {
			continue
		}
		checkFlags().VisitAll(func(f *pflag.Flag) {
			if at.flags.Lookup(f.Name) != nil {
				return
			}
			arg := "--" + f.Name
			if f.NoOptDefVal == "" {
				arg += "=1"
			}
			args := append(slices.Clone(at.words), "0123456789abcdef", arg)
			if _, errs, status := output("", args...); status != statusUsage || !strings.Contains(errs, "--"+f.Name+" is not for "+words) {
				t.Errorf("%v: exit status %d, %q", args, status, errs)
			}
		})
	}
}
