package reporters

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/spelling"
)

// HasStatistics reports whether a format can count findings instead of listing
// them.
func HasStatistics(format string) bool {
	return format == "text" || format == "compact" || format == "json"
}

// ruleCount is how many findings a rule has.
type ruleCount struct {
	Rule     string           `json:"rule"`
	Severity finding.Severity `json:"severity"`
	Findings int              `json:"findings"`
	Archived int              `json:"archived"`
}

// accountCount is who reaches the resources of an account: the number that is
// asked for is that of pairs.
type accountCount struct {
	Account    string `json:"account"`
	Principals int    `json:"principals"`
	Resources  int    `json:"resources"`
	Pairs      int    `json:"pairs"`
}

type statistics struct {
	Rules    []ruleCount     `json:"rules"`
	Accounts []accountCount  `json:"accounts"`
	Summary  finding.Summary `json:"summary"`
}

func statisticsOf(r finding.Report) statistics {
	type key struct {
		rule     string
		severity finding.Severity
	}
	rules := map[key]*ruleCount{}
	type reached struct{ principals, resources, pairs map[string]bool }
	accounts := map[string]reached{}
	for _, f := range r.Findings {
		if removed(f) {
			continue
		}
		k := key{f.Rule, f.Severity}
		if rules[k] == nil {
			rules[k] = &ruleCount{Rule: f.Rule, Severity: f.Severity}
		}
		if archived(f) {
			rules[k].Archived++
			continue
		}
		rules[k].Findings++
		if f.IsOwn() {
			continue // it lets nobody in
		}
		a, ok := accounts[f.ResourceOwnerAccount]
		if !ok {
			a = reached{map[string]bool{}, map[string]bool{}, map[string]bool{}}
			accounts[f.ResourceOwnerAccount] = a
		}
		p := partyOf(f)
		who, what := fmt.Sprint(p.kind, p.name), f.Path+"\x00"+f.Address
		a.principals[who], a.resources[what], a.pairs[who+"\x00"+what] = true, true, true
	}
	s := statistics{Rules: []ruleCount{}, Accounts: []accountCount{}, Summary: r.Summary}
	for _, c := range rules {
		s.Rules = append(s.Rules, *c)
	}
	slices.SortFunc(s.Rules, func(a, b ruleCount) int {
		return cmp.Or(cmp.Compare(b.Severity.Rank(), a.Severity.Rank()), cmp.Compare(b.Findings, a.Findings), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Severity, b.Severity))
	})
	for _, id := range slices.Sorted(maps.Keys(accounts)) {
		a := accounts[id]
		s.Accounts = append(s.Accounts, accountCount{id, len(a.principals), len(a.resources), len(a.pairs)})
	}
	return s
}

func writeStatistics(w io.Writer, r finding.Report, asJSON bool) error {
	s := statisticsOf(r)
	if asJSON {
		return encode(w, s)
	}
	out := bufio.NewWriter(w)
	for _, c := range s.Rules {
		note := ""
		if c.Archived > 0 {
			note = fmt.Sprintf(" (and %d archived)", c.Archived)
		}
		fmt.Fprintf(out, "%6d  %-8s  %s%s\n", c.Findings, printable(string(c.Severity)), printable(c.Rule), note)
	}
	if len(s.Rules) > 0 {
		fmt.Fprintln(out)
	}
	for _, a := range s.Accounts {
		account := "account " + printable(a.Account)
		if a.Account == "" {
			account = "account unknown"
		}
		fmt.Fprintf(out, "%6d  %s: %d %s outside, %d %s\n", a.Pairs, account, a.Principals, spelling.Plural(a.Principals, "principal"), a.Resources, spelling.Plural(a.Resources, "resource"))
	}
	if len(s.Accounts) > 0 {
		fmt.Fprintln(out)
	}
	for _, d := range r.Diagnostics {
		p := place{d.Path, d.Line, d.Column}
		fmt.Fprintln(out, calm(fmt.Sprintf("%s: %s: %s", p.show(Options{}), printable(d.Severity), printable(d.Message))))
	}
	fmt.Fprintln(out, calm(summary(r)))
	return out.Flush()
}
