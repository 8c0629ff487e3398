package cli

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/loaders"
	"github.com/iaclint/iaclint/reporters"
)

// suggestFlags are those of suggest, beside those of check.
type suggestFlags struct {
	*flags
	write bool
}

func newSuggestFlags() *suggestFlags {
	f := &suggestFlags{flags: newFlags()}
	f.command = []string{"suggest"}
	f.set.BoolVar(&f.write, "write", false, "make the changes; without it they are only shown")
	return f
}

func aboutSuggest() string {
	var b strings.Builder
	b.WriteString("FINDING is the id of a finding, or eight digits of it at least; without it all active findings\nat or above --fail-on. Each change is analysed before it is shown. Exit status: as that of\ncheck; with --write, of what remains. The flags are those of check.\n\nFormats:\n")
	for _, r := range reporters.SuggestionFormats {
		fmt.Fprintf(&b, "  %-9s %s\n", r.Name, r.Summary)
	}
	return b.String()
}

func suggestFlagSet() *pflag.FlagSet { return newSuggestFlags().set }

// findingID is what an argument looks like that is the id of a finding.
var findingID = regexp.MustCompile(`^[0-9a-f]{4,32}$`)

// suggest shows for each finding the smallest change that closes it.
func (p *program) suggest(args []string) int {
	f := newSuggestFlags()
	c, names, status := p.begin(f.flags, args)
	if c == nil {
		return status
	}
	id := ""
	if len(names) > 0 && findingID.MatchString(names[0]) {
		if _, err := os.Lstat(c.absolute(names[0])); err != nil {
			id, names = names[0], names[1:]
		}
	}
	if err := f.suit(c.destinations, suggestionFormats(), ofReports); err != nil {
		return p.usageError("%s", err)
	}
	if f.write && slices.Contains(names, "-") {
		return p.usageError("standard input cannot be written: leave out --write")
	}
	paths, err := pathArguments(names)
	if err != nil {
		return p.usageError("%s", err)
	}
	c.in, c.paths = c.walker(nil).Collect(paths), paths
	if status, stop := c.configure(); stop {
		return status
	}
	return c.suggest(id, f.write)
}

func suggestionFormats() []string {
	var names []string
	for _, r := range reporters.SuggestionFormats {
		names = append(names, r.Name)
	}
	return names
}

// wanted is a finding that a change is wanted for.
type wanted struct {
	finding.Finding
	fails   bool // it counts for the exit status
	minimum int  // the severity from which on it would
}

func (c *checker) suggest(id string, write bool) int {
	p, results := newProver(c.in.Files, tasksOf(c.in.Files, loaders.Load, c.flags, c.given), c.flags)
	if wrong := runOwn(judged{c.in.Files, results}, judged{}); wrong != nil {
		wrong.Write(c.errw)
		return statusUsage
	}
	a := &assembler{flags: c.flags, archive: newArchiver(c.flags, c.finder.Today), keep: true}
	if err := a.archive.loadBaselines(c.finder.Cwd, c.in); err != nil {
		return c.usageError("%s", err)
	}
	report := a.assemble(c.in, results)
	c.shown = a.archive.shown
	list := a.wanted(report.Findings)
	if id != "" {
		found, err := byID(report.Findings, id)
		if err != nil {
			return c.usageError("%s", err)
		}
		list = slices.DeleteFunc(list, func(w wanted) bool { return w.ID != found.ID })
		if len(list) == 0 {
			list = []wanted{{Finding: found, minimum: finding.Critical.Rank() + 1}}
		}
	}
	out := finding.Suggestions{Tool: report.Tool, Rules: report.Rules, Diagnostics: report.Diagnostics, Assumptions: report.Assumptions}
	failing := 0
	closed := map[string]bool{}
	every := list
	list, over := p.affordable(list)
	if !write {
		out.List = p.suggestEach(list)
	}
	for i := 0; i < len(list) && write; i++ {
		w := list[i]
		if closed[w.ID+w.Path+w.Address] {
			continue
		}
		s, next := p.suggest(w.Finding)
		out.List = append(out.List, s)
		if next == nil {
			continue
		}
		p = next
		for _, f := range append(s.Closes, w.Finding) {
			closed[f.ID+f.Path+f.Address] = true
		}
		for _, f := range s.Reveals { // which is a finding of its own now
			list = append(list, wanted{f, f.Severity.Rank() >= w.minimum, w.minimum})
			every = append(every[:len(every):len(every)], list[len(list)-1])
		}
	}
	out.Diagnostics = append(out.Diagnostics, tooMany(over)...)
	if write {
		written, err := c.writeEdits(p)
		out.Written = written
		if err != nil {
			c.notef("%s", err)
			return statusUsage
		}
	}
	for _, w := range every {
		if w.fails && !closed[w.ID+w.Path+w.Address] {
			failing++
		}
	}
	for _, s := range out.List {
		if strings.HasPrefix(s.Reason, internalError) {
			out.Diagnostics = append(out.Diagnostics, finding.Diagnostic{Severity: string(source.Error), Path: s.Finding.Path, Message: s.Reason})
		}
	}
	status := c.status(finding.Report{Diagnostics: out.Diagnostics}, failing)
	return c.writeSuggestions(out, status)
}

// affordable are the findings that a run may look at, one at least, and how many
// are too many. It depends on nothing but the input: on how many resources are
// read again for a finding, and on the statements that are compared.
func (p *prover) affordable(list []wanted) (some []wanted, over int) {
	size, statements := map[string]int{}, map[[2]string]int{}
	for i, s := range p.now {
		for _, g := range s.groups {
			size[g.key[0]] = max(size[g.key[0]], len(p.now[i].groups))
			for _, r := range g.cases {
				n := 0
				for _, d := range r.Documents {
					if d.Policy != nil {
						n += len(d.Policy.Statements)
					}
				}
				at := [2]string{r.Path, r.Address}
				statements[at] = max(statements[at], n)
			}
		}
	}
	work := 0
	for i, w := range list {
		n := statements[[2]string{w.Path, w.Address}]
		if work += max(size[w.Path], 1) + n*n/5; work > maxWork && i > 0 {
			return list[:i:i], len(list) - i
		}
	}
	return list, 0
}

func tooMany(n int) []finding.Diagnostic {
	if n == 0 {
		return nil
	}
	return []finding.Diagnostic{{Severity: string(source.Warning), Message: fmt.Sprintf("no change is looked for of %d findings, the last ones: it would take too long; name fewer files, or one finding", n)}}
}

// suggestEach looks for changes on all processors, each of the code as it is.
func (p *prover) suggestEach(list []wanted) []finding.Suggestion {
	out := make([]finding.Suggestion, len(list))
	each(len(list), func(i int) { out[i], _ = p.suggest(list[i].Finding) })
	return out
}

// suggestAll gives each of the findings what would close it.
func (p *prover) suggestAll(r finding.Report, list []wanted) finding.Report {
	list, over := p.affordable(list)
	suggestions := p.suggestEach(list)
	r.Findings = slices.Clone(r.Findings)
	for i, f := range r.Findings {
		if n := slices.IndexFunc(list, func(w wanted) bool { return isSame(w.Finding, f) }); n >= 0 {
			r.Findings[i].Suggested = &suggestions[n]
		}
	}
	r.Diagnostics = append(r.Diagnostics, tooMany(over)...)
	return r
}

// wanted are the active findings at or above the gate; where nothing is a gate,
// all that are active.
func (a *assembler) wanted(reported []finding.Finding) []wanted {
	fails, minimum := map[string]bool{}, map[string]int{}
	for i, s := range a.states {
		for _, f := range s.Findings {
			minimum[f.ID+f.Path+f.Address] = a.minimums[i]
			if f.Status != "ARCHIVED" && f.Severity.Rank() >= a.minimums[i] {
				fails[f.ID+f.Path+f.Address] = true
			}
		}
	}
	var out []wanted
	for _, f := range reported {
		key := f.ID + f.Path + f.Address
		withdrawn := f.Change != nil && *f.Change == "removed"
		if f.Status == "ARCHIVED" || withdrawn || slices.ContainsFunc(out, func(w wanted) bool { return w.ID+w.Path+w.Address == key }) {
			continue
		}
		if fails[key] || a.flags.failOn == "none" {
			out = append(out, wanted{f, fails[key], minimum[key]})
		}
	}
	return out
}

func (c *checker) writeSuggestions(s finding.Suggestions, status int) int {
	return c.writeEach(s.Diagnostics, c.relative(c.in), status, func(format string, w io.Writer, o reporters.Options) error {
		i := slices.IndexFunc(reporters.SuggestionFormats, func(r reporters.SuggestionReporter) bool { return r.Name == format })
		return reporters.SuggestionFormats[i].Write(w, s, o)
	})
}
