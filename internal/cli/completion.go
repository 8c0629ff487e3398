package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/reporters"
	"github.com/iaclint/iaclint/rules"
)

// shellNames are the shells that a completion script can be printed for.
func shellNames() []string { return []string{"bash", "zsh", "fish", "powershell"} }

// completion prints a script that completes commands, flags and their values.
func (p *program) completion(args []string) error {
	if len(args) != 1 {
		return usageError("completion takes one of %s", strings.Join(shellNames(), ", "))
	}
	write := map[string]func() string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion, "powershell": powershellCompletion}[args[0]]
	if write != nil {
		fmt.Fprint(p.out, write())
		return nil
	}
	return usageError("there is no completion for %q%s", args[0], config.Hint(args[0], shellNames()))
}

// flagValues are the values of flags that have only few.
func flagValues() map[string][]string {
	return map[string][]string{
		"zone": {"account", "organization"}, "findings": {"minimal", "complete"}, "fail-on": config.FailOn(), "policy-checks": validate.LevelNames(),
		"min-severity": severityNames(), "color": {"auto", "always", "never"}, "format": reporters.Names(),
		"rule": rules.IDs(), "skip-rule": rules.IDs(), "to": languages,
	}
}

// place is a place in a command line: what can follow the words so far.
type place struct {
	words []string // of the commands before
	next  []string
	flags *pflag.FlagSet
}

// places are all places of the command line, from the table of commands.
func places() []place {
	out := []place{{nil, commandNames(), checkFlags()}}
	for _, c := range commands() {
		out = append(out, placesBelow(nil, c)...)
	}
	return out
}

func placesBelow(before []string, c command) []place {
	here := place{words: append(slices.Clone(before), c.name)}
	if c.flags != nil {
		here.flags = c.flags()
	}
	if c.words != nil {
		here.next = c.words()
	}
	if c.subs == nil {
		return []place{here}
	}
	var below []place
	for _, s := range c.subs() {
		here.next = append(here.next, s.name)
		below = append(below, placesBelow(here.words, s)...)
	}
	return append([]place{here}, below...)
}

func flagNames(s *pflag.FlagSet) []string {
	var names []string
	if s != nil {
		s.VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	}
	return names
}

// https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
func bashCompletion() string {
	var b strings.Builder
	b.WriteString("# Completion of iaclint for bash: source <(iaclint completion bash)\n_iaclint() {\n  local current=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\" words=\"\" i\n  COMPREPLY=()\n  case \"$before\" in\n")
	values := flagValues()
	for _, name := range sortedNames(values) {
		fmt.Fprintf(&b, "    --%s) COMPREPLY=($(compgen -W %q -- \"$current\")); return ;;\n", name, strings.Join(values[name], " "))
	}
	b.WriteString("  esac\n  for ((i = 1; i < COMP_CWORD; i++)); do\n    case \"${COMP_WORDS[i]}\" in\n      -*) ;;\n      *) words=\"$words ${COMP_WORDS[i]}\" ;;\n    esac\n  done\n  case \"$words \" in\n")
	list := places()
	for _, p := range slices.Backward(list) {
		pattern := "*"
		if len(p.words) > 0 {
			pattern = fmt.Sprintf("%q*", " "+strings.Join(p.words, " ")+" ")
		}
		fmt.Fprintf(&b, "    %s) COMPREPLY=($(compgen -W %q -- \"$current\")) ;;\n", pattern, strings.Join(append(slices.Clone(p.next), flagNames(p.flags)...), " "))
	}
	b.WriteString("  esac\n}\ncomplete -o default -F _iaclint iaclint\n")
	return b.String()
}

func sortedNames(m map[string][]string) []string {
	var names []string
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// The script for zsh uses zsh's own emulation of bash's.
//
// https://zsh.sourceforge.io/Doc/Release/Completion-System.html
func zshCompletion() string {
	return "#compdef iaclint\n# Completion of iaclint for zsh: source <(iaclint completion zsh)\nautoload -U +X bashcompinit && bashcompinit\n" + bashCompletion()
}

// https://fishshell.com/docs/current/completions.html
func fishCompletion() string {
	var b strings.Builder
	b.WriteString("# Completion of iaclint for fish: iaclint completion fish | source\n")
	values := flagValues()
	for _, p := range places() {
		condition := "__fish_use_subcommand"
		if len(p.words) > 0 {
			var parts []string
			for _, w := range p.words {
				parts = append(parts, "__fish_seen_subcommand_from "+w)
			}
			condition = strings.Join(parts, "; and ")
		}
		if len(p.next) > 0 {
			fmt.Fprintf(&b, "complete -c iaclint -n '%s' -a '%s'\n", condition, strings.Join(p.next, " "))
		}
		if p.flags == nil {
			continue
		}
		p.flags.VisitAll(func(f *pflag.Flag) {
			line := fmt.Sprintf("complete -c iaclint -n '%s' -l %s -d '%s'", condition, f.Name, strings.ReplaceAll(usageOf(f), "'", `\'`))
			if f.Shorthand != "" {
				line += " -s " + f.Shorthand
			}
			if list := values[f.Name]; list != nil {
				line += " -x -a '" + strings.Join(list, " ") + "'"
			} else if f.NoOptDefVal == "" {
				line += " -r"
			}
			b.WriteString(line + "\n")
		})
	}
	return b.String()
}

// usageOf is a flag's text without the mark of its value.
func usageOf(f *pflag.Flag) string { return strings.ReplaceAll(f.Usage, "`", "") }

// https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/register-argumentcompleter
func powershellCompletion() string {
	var b strings.Builder
	b.WriteString("# Completion of iaclint for PowerShell: iaclint completion powershell | Out-String | Invoke-Expression\n")
	b.WriteString("Register-ArgumentCompleter -Native -CommandName iaclint -ScriptBlock {\n  param($word, $line, $position)\n")
	b.WriteString("  $words = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() } | Where-Object { $_ -notlike '-*' -and $_ -ne $word }) -join ' '\n")
	b.WriteString("  $next = switch -Wildcard (\"$words \") {\n")
	for _, p := range slices.Backward(places()) {
		pattern := "*"
		if len(p.words) > 0 {
			pattern = strings.Join(p.words, " ") + " *"
		}
		var quoted []string
		for _, w := range append(slices.Clone(p.next), flagNames(p.flags)...) {
			quoted = append(quoted, "'"+w+"'")
		}
		fmt.Fprintf(&b, "    '%s' { %s; break }\n", pattern, strings.Join(quoted, ", "))
	}
	b.WriteString("  }\n  $next | Where-Object { $_ -like \"$word*\" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }\n}\n")
	return b.String()
}
