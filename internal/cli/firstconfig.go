package cli

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/rules"
)

// What a first configuration lists at most of each kind: a person reads it.
const (
	mostProposed = 10
	mostReached  = 3
)

// proposal collects what a report says that a first configuration could declare.
type proposal struct {
	own           map[string]bool     // accounts
	others        map[string][]string // outside accounts, with what they reach
	organizations map[string]int      // that conditions name, with the number of findings
	directories   map[string]int      // at the top, with the number of inputs
	values        map[string]int      // that are not known, with the number of findings that depend on them
}

func proposalOf(r finding.Report) proposal {
	p := proposal{map[string]bool{}, map[string][]string{}, map[string]int{}, map[string]int{}, map[string]int{}}
	for _, x := range r.Resources {
		if config.AccountID(x.Account) == nil {
			p.own[x.Account] = true
		}
	}
	for _, x := range r.Inputs {
		if top, _, _ := strings.Cut(x.Path, "/"); top != "." && x.Status != finding.InputSkipped && strings.Contains(x.Path, "/") {
			p.directories[top]++
		}
	}
	for _, x := range r.Findings {
		if id := accountIn(x.Principal["AWS"]); config.AccountID(id) == nil && !p.own[id] {
			if what := cmp.Or(x.Subject, x.Address); !slices.Contains(p.others[id], what) {
				p.others[id] = append(p.others[id], what)
			}
		}
		for key, value := range x.Condition {
			if id, _, _ := strings.Cut(value, "/"); strings.HasPrefix(id, "o-") && !strings.ContainsAny(id, "*?$ ") && strings.Contains(strings.ToLower(key), "org") {
				p.organizations[id]++
			}
		}
		for _, need := range x.Needs {
			p.values[need]++
		}
	}
	return p
}

// byCount are the keys, those with the highest count first.
func byCount(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a, b))
	})
}

// firstConfig is a configuration file to begin with. What is only likely is proposed in
// comments.
func firstConfig(r finding.Report, analyzerRules int) string {
	p := proposalOf(r)
	var b strings.Builder
	b.WriteString(`# Settings of iaclint: who we are, whom we trust, what is intended.
iaclint {
  root    = true     # nothing above this directory is looked for
  fail_on = "medium" # lowest severity that gives exit status 1
}

`)
	if len(p.own) > 0 {
		b.WriteString("# Accounts that own what is here, as ARNs say. Give them their names.\n")
	} else {
		b.WriteString("# Nothing here says which accounts own it. Declare them:\n# account \"prod\" {\n#   id = \"111122223333\"\n# }\n")
	}
	for i, id := range sortedIDs(p.own) {
		fmt.Fprintf(&b, "account \"own-%d\" {\n  id = %q\n}\n", i+1, id)
	}
	organization, why := "o-a1b2c3d4e5", "# The organization, if it is trusted as a whole."
	if found := byCount(p.organizations); len(found) > 0 {
		organization = found[0]
		why = fmt.Sprintf("# The organization that conditions name (%s), if it is yours and trusted as a whole.", number(p.organizations[organization], "finding", "findings"))
	}
	fmt.Fprintf(&b, `
%s
# organization {
#   id                 = %s
#   management_account = "111111111111"
# }
# zone_of_trust "organization" {
#   type    = "ORGANIZATION"
#   default = true
# }

`, why, config.QuoteHCL(organization))
	p.writeDirectories(&b)
	p.writeOthers(&b)
	p.writeValues(&b)
	if analyzerRules > 0 {
		fmt.Fprintf(&b, "# %d archive rules of analyzers are declared here: \"iaclint archive import\" takes them over.\n\n", analyzerRules)
	}
	b.WriteString(`# AWS's policy checks are findings too: errors are high, security warnings medium.
# "off" leaves findings about access alone, "errors" keeps what AWS refuses.
# target "**" {
#   policy_checks = "off"
# }

# Access that is intended is archived with a reason: "iaclint archive add ID".
suppressions {
  max_age = "365d" # archive rules and comments must expire
  unused  = "warning"
}
`)
	return b.String()
}

// writeDirectories proposes a target for each directory at the top, if there are several.
func (p proposal) writeDirectories(b *strings.Builder) {
	found := byCount(p.directories)
	if len(found) < 2 {
		return
	}
	b.WriteString("# Where each directory deploys to.\n")
	for _, dir := range found[:min(len(found), mostProposed)] {
		fmt.Fprintf(b, "# target %s { # %s\n#   account = \"…\"\n#   regions = [\"…\"]\n# }\n", config.QuoteHCL(dir+"/**"), number(p.directories[dir], "input", "inputs"))
	}
	b.WriteByte('\n')
}

// writeOthers names outsiders, those first that reach most.
func (p proposal) writeOthers(b *strings.Builder) {
	if len(p.others) == 0 {
		return
	}
	reach := map[string]int{}
	for id, list := range p.others {
		reach[id] = len(list)
	}
	b.WriteString("# Outsiders that findings name, and what they reach. A name changes no verdict; trust\n# is given in a zone_of_trust: trusted_accounts = [\"outsider-1\"].\n")
	for i, id := range byCount(reach) {
		list := p.others[id]
		shown := escape.Line(strings.Join(list[:min(len(list), mostReached)], ", "))
		if more := len(list) - mostReached; more > 0 {
			shown += fmt.Sprintf(" and %d more", more)
		}
		fmt.Fprintf(b, "# known_account \"outsider-%d\" { # reaches %s\n#   ids = [%q]\n# }\n", i+1, shown, id)
	}
	b.WriteByte('\n')
}

// writeValues proposes to state what is not known, in the order of how many findings
// depend on it.
func (p proposal) writeValues(b *strings.Builder) {
	type entry struct{ name, comment string }
	groups := map[rules.Given][]entry{}
	n := 0
	for _, need := range byCount(p.values) {
		kind, name := rules.GivenBy(need)
		if kind == rules.NotGiven || n == mostProposed {
			continue
		}
		n++
		groups[kind] = append(groups[kind], entry{name, number(p.values[need], "finding depends", "findings depend") + " on it"})
	}
	if n == 0 {
		return
	}
	b.WriteString("# Values that the code leaves open, those first that settle most.\n# target \"**\" {\n")
	for _, kind := range []rules.Given{rules.ByVariable, rules.ByParameter, rules.ByName} {
		if len(groups[kind]) == 0 {
			continue
		}
		fmt.Fprintf(b, "#   %s = {\n", map[rules.Given]string{rules.ByVariable: "variables", rules.ByParameter: "parameters", rules.ByName: "values"}[kind])
		for _, e := range groups[kind] {
			fmt.Fprintf(b, "#     %s = \"…\" # %s\n", config.QuoteHCL(e.name), e.comment)
		}
		b.WriteString("#   }\n")
	}
	b.WriteString("# }\n\n")
}

func number(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
