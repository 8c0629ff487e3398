package scan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/rules"
)

// assembler makes one report of the results of all inputs.
type assembler struct {
	options Options
	report  finding.Report
	failing int // findings at or above the gate
	hidden  int // of these, those that the report leaves out
	assumed map[string]bool
	archive *archiver
	changes map[string]finding.ChangeKind // of code that is not here, by id

	states   []rules.State // resources, with findings as they are judged
	minimums []int         // of each state, the severity that counts for the exit status

	unused map[*workspace.Settings]*unusedAccess

	unreadCode []finding.Finding // about code that is not here, as they are judged

	planned map[string]Analysed // resources of plans at their place in the code
}

func (a *assembler) assemble(in workspace.Inputs, results []Result) finding.Report {
	a.assumed = map[string]bool{}
	a.report = finding.Report{
		SchemaVersion: 1,
		Tool:          finding.Tool{Name: "iaclint", Version: a.options.Version},
		Zones:         []finding.Zone{}, Resources: []finding.Resource{}, Findings: []finding.Finding{}, Diagnostics: []finding.Diagnostic{},
	}
	a.report.Summary.FilesSkipped, a.report.Summary.FilesExcluded = len(in.Skipped), a.options.Excluded.count()
	a.report.Hidden = hiddenBy(in, a.options.Excluded)
	a.archive.learn(in, results)
	if a.options.Question == nil {
		a.unused = unusedOf(in, results)
	}
	a.planned = plannedOf(in, results)
	for i, r := range results {
		a.add(&in.Files[i], r)
	}
	a.unread(in, results, a.changes)
	for _, p := range in.Problems {
		a.report.Diagnostics = append(a.report.Diagnostics, p.Diagnostic())
	}
	a.report.Diagnostics = append(a.report.Diagnostics, unusedValues(a.options)...)
	a.empty(in, results)
	a.report.Inputs = ListInputs(in, results, a.options.Excluded)
	complete := !slices.ContainsFunc(a.report.Diagnostics, func(d finding.Diagnostic) bool { return d.Severity == string(source.Error) })
	a.report.Diagnostics = append(a.report.Diagnostics, a.archive.finish(in, complete)...)
	a.report.Rules = DescribedRules(in, a.report.Findings)
	a.sort()
	return a.report
}

// add takes in what one input gave.
func (a *assembler) add(in *workspace.Input, r Result) {
	s := &a.report.Summary
	switch {
	case r.recognised:
		s.FilesRead++
	case r.read && !in.Named:
		s.FilesSkipped++
	}
	for _, d := range r.Diagnostics {
		a.diagnostic(in, d)
	}
	for _, d := range r.warnings {
		a.diagnostic(in, d)
	}
	for _, sentence := range r.assumptions {
		a.assumed[sentence] = true
	}
	for _, f := range r.withdrawn {
		a.finding(in, Analysed{}, f)
	}
	unused := a.unused[in.Settings]
	if unused != nil {
		a.ofUsers(in, unused)
	}
	for n, x := range r.Analysed {
		if plan, ok := a.planned[standing(x)]; ok && !r.compared {
			if x.Findings = without(x.Findings, plan.Findings); len(x.Findings) == 0 && x.Output.Resource.Verdict == plan.Output.Resource.Verdict {
				continue
			}
		}
		a.zone(x.Deployment.Zone)
		a.resource(x.Output.Resource)
		state := x.State()
		state.Findings = nil
		if unused != nil {
			x.Findings = append(x.Findings[:len(x.Findings):len(x.Findings)], unused.findings[&r.Analysed[n]]...)
		}
		for _, f := range x.Findings {
			if judged, reported := a.finding(in, x, f); reported {
				state.Findings = append(state.Findings, judged)
			}
		}
		a.states, a.minimums = append(a.states, state), append(a.minimums, in.Settings.Minimum)
		for _, d := range x.Output.Diagnostics {
			a.diagnostic(in, d)
		}
		for _, sentence := range x.Assumptions {
			a.assumed[sentence] = true
		}
		if x.OpenToServices {
			s.OpenToServices++
		}
	}
}

// plannedOf are the resources of plans that stand in the code beside them. Where that
// code is an input as well, it says the same again.
func plannedOf(in workspace.Inputs, results []Result) map[string]Analysed {
	out := map[string]Analysed{}
	for i, r := range results {
		for _, x := range r.Analysed {
			if r.compared && x.Output.Resource.Path != in.Files[i].Path {
				out[standing(x)] = x
			}
		}
	}
	return out
}

// standing names a resource under a deployment by where it stands.
func standing(x Analysed) string {
	r := x.Output.Resource
	return strings.Join([]string{r.Path, r.Address, r.Zone, r.Target, r.Account}, "\x00")
}

// without leaves out the findings that others say in the same words.
func without(list, others []finding.Finding) []finding.Finding {
	return slices.DeleteFunc(slices.Clone(list), func(f finding.Finding) bool {
		return slices.ContainsFunc(others, func(o finding.Finding) bool {
			return o.ID == f.ID && o.Rule == f.Rule && o.Certainty == f.Certainty && o.Message == f.Message && slices.Equal(o.Action, f.Action)
		})
	})
}

// ofUsers adds, once, what the evidence of a configuration says of users and of
// itself.
func (a *assembler) ofUsers(in *workspace.Input, unused *unusedAccess) {
	if unused.told {
		return
	}
	unused.told = true
	for _, f := range unused.others {
		a.finding(in, Analysed{}, f)
	}
	a.report.Diagnostics = append(a.report.Diagnostics, unused.notes...)
}

func (a *assembler) diagnostic(in *workspace.Input, d source.Diagnostic) {
	path, at := d.Where()
	if path == "" {
		path = in.Path
	}
	out := finding.Diagnostic{Severity: string(d.Severity), Path: path, Line: at.Line, Column: at.Column, Message: escape.Brief(d.Message)}
	if d.Severity == source.Error && at.Line > 0 && mayBeShown(d.Span.File) {
		out.Span = d.Span
	}
	a.report.Diagnostics = append(a.report.Diagnostics, out)
}

// mayBeShown reports whether lines of a file may be in a report. Files of values
// hold secrets.
func mayBeShown(f *source.File) bool {
	return !f.Unquoted && !f.Sensitive && !strings.HasSuffix(f.Name, ".tfvars") && !strings.HasSuffix(f.Name, ".tfvars.json")
}

func (a *assembler) resource(r finding.Resource) {
	r.Attachments, r.BlockedBy = present(r.Attachments), present(r.BlockedBy)
	a.report.Resources = append(a.report.Resources, r)
	s := &a.report.Summary
	s.Resources++
	switch r.Verdict {
	case finding.Public:
		s.Public++
	case finding.External:
		s.External++
	case finding.Undetermined:
		s.Undetermined++
	default:
		s.None++
	}
}

// present returns a list that JSON writes as [] when it is empty.
func present[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// finding applies what configuration and flags say of rules and severities, and
// says whether the finding is reported.
func (a *assembler) finding(in *workspace.Input, x Analysed, f finding.Finding) (judged finding.Finding, reported bool) {
	f.Message, f.Help = escape.Brief(f.Message), escape.Brief(f.Help)
	rule := in.Settings.Config.Rules[f.Rule]
	if rule.Disabled || !a.options.Filter.Reports(f.Rule) {
		return f, false
	}
	if rule.Severity != "" {
		f.Severity = finding.Severity(rule.Severity)
	}
	withdrawn := f.Change.Is(finding.Removed)
	if !withdrawn {
		f = a.archive.apply(in, x, f)
	}
	if a.options.OnlyNew && f.IsWidened() {
		f.Notes = append(f.Notes[:len(f.Notes):len(f.Notes)], fmt.Sprintf("was archived by %s, which does not say that it may be wider than before", f.Archive.By))
		f.Status, f.Archive = finding.Active, nil
	}
	archived := f.Status == finding.Archived
	if a.options.Strict && strings.HasPrefix(f.Rule, "unread-") && !archived && !withdrawn {
		a.strictly(f)
	}
	if in.Settings.Config.Strict && f.Certainty == finding.NotProven && !archived && !withdrawn {
		a.unsettled(f)
	}
	fails := !archived && !withdrawn && f.Severity.Rank() >= in.Settings.Minimum
	if a.options.OnlyNew && !isNewOrWider(f) {
		fails = false
	}
	if fails {
		a.failing++
	}
	if f.Severity.Rank() < a.options.MinSeverity.Rank() {
		if fails {
			a.hidden++
		}
		return f, false
	}
	if archived {
		a.report.Summary.Archived++
	}
	f.Action, f.AccessLevels, f.Sources = present(f.Action), present(f.AccessLevels), present(f.Sources)
	f.Needs, f.Statements = present(f.Needs), present(f.Statements)
	if f.Principal == nil {
		f.Principal = map[string]string{}
	}
	if f.Condition == nil {
		f.Condition = map[string]string{}
	}
	f.Group = finding.Cause(f)
	a.report.Findings = append(a.report.Findings, f)
	return f, true
}

// unsettled reports access that a strict configuration does not let pass
// without an answer.
func (a *assembler) unsettled(f finding.Finding) {
	at := position(f)
	d := finding.Diagnostic{Severity: string(source.Error), Path: f.Path, Message: fmt.Sprintf("access to %s is not settled", f.Address)}
	if at.Path != "" {
		d.Path, d.Line, d.Column = at.Path, at.StartLine, at.StartColumn
	}
	if len(f.Needs) > 0 {
		d.Message += "; it depends on " + strings.Join(f.Needs, ", ")
	}
	a.report.Diagnostics = append(a.report.Diagnostics, d)
}

// zone lists a zone of trust once.
func (a *assembler) zone(z *zone.Zone) {
	out := zoneOf(z)
	same := func(other finding.Zone) bool { return compareZones(out, other) == 0 }
	if slices.ContainsFunc(a.report.Zones, same) {
		return
	}
	a.report.Zones = append(a.report.Zones, out)
	if len(z.CIDRs)+len(z.VPCs)+len(z.VPCEndpoints) > 0 {
		a.assumed[fmt.Sprintf("zone %q trusts networks: whoever calls from there is trusted, whatever the account", z.Name)] = true
	}
}

// zoneOf is a zone of trust as reports have it.
func zoneOf(z *zone.Zone) finding.Zone {
	out := finding.Zone{
		Name: z.Name, Type: string(z.Type), Account: z.Account, Organization: z.Organization,
		Members: []string{}, Trusted: TrustedTexts(z),
	}
	for _, m := range z.Members {
		out.Members = append(out.Members, m.ID)
	}
	return out
}

func compareZones(a, b finding.Zone) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Type, b.Type),
		cmp.Compare(a.Organization, b.Organization), slices.Compare(a.Members, b.Members), slices.Compare(a.Trusted, b.Trusted))
}

// TrustedTexts lists for people what a zone trusts by extension.
func TrustedTexts(z *zone.Zone) []string {
	out := []string{}
	add := func(kind string, items []string) {
		for _, item := range items {
			out = append(out, kind+" "+item)
		}
	}
	for _, id := range z.Accounts {
		name := ""
		if n := z.Names[id]; n != "" {
			name = " (" + n + ")"
		}
		out = append(out, "account "+id+name)
	}
	add("organization path", z.OrgPaths)
	add("principal", z.Principals)
	add("VPC", z.VPCs)
	add("VPC endpoint", z.VPCEndpoints)
	for _, c := range z.CIDRs {
		out = append(out, "network "+c.String())
	}
	for _, o := range z.OIDC {
		out = append(out, fmt.Sprintf("OIDC %s audience %s subject %s", o.Issuer, strings.Join(o.Audiences, ", "), strings.Join(o.Subjects, ", ")))
	}
	add("SAML provider", z.SAML)
	add("canonical user", z.CanonicalUsers)
	return out
}

// empty reports the directories in which there was nothing to analyse, unless
// something else is known to be wrong with them.
func (a *assembler) empty(in workspace.Inputs, results []Result) {
	if a.options.AllowEmpty {
		return
	}
	for i, dir := range in.Dirs {
		something := slices.ContainsFunc(in.Problems, func(p workspace.Problem) bool { return !p.Warning && p.Input.Dir == i })
		for j := 0; j < len(in.Files) && !something; j++ {
			analysable := results[j].recognised || hasError(results[j].Diagnostics)
			something = analysable && workspace.Within(dir.Abs, in.Files[j].Abs)
		}
		if !something {
			a.report.Diagnostics = append(a.report.Diagnostics, workspace.Problem{Input: dir, Message: "nothing to analyse: no Terraform, CloudFormation or policy document was found; name files or directories that hold some, as in \"iaclint infra/\", or give --allow-empty where that is intended"}.Diagnostic())
		}
	}
}

// fold moves a warning about a place that AWS refuses into the finding that says so:
// one cause is one finding.
func (a *assembler) fold() {
	type place struct {
		path         string
		line, column int
	}
	refused := map[place]int{}
	for i, f := range a.report.Findings {
		if at := position(f); (f.FindingType != "" || f.Rule == "unread-policy") && f.Status == finding.Active && at.Path != "" {
			refused[place{at.Path, at.StartLine, at.StartColumn}] = i
		}
	}
	a.report.Diagnostics = slices.DeleteFunc(a.report.Diagnostics, func(d finding.Diagnostic) bool {
		i, ok := refused[place{d.Path, d.Line, d.Column}]
		if !ok || d.Severity != string(source.Warning) {
			return false
		}
		f := &a.report.Findings[i]
		if strings.Contains(f.Message, d.Message) {
			return true
		}
		f.Notes = append(f.Notes[:len(f.Notes):len(f.Notes)], d.Message)
		return true
	})
}

// sort brings the report into its order, which nothing but the input decides.
func (a *assembler) sort() {
	a.fold()
	r := &a.report
	slices.SortFunc(r.Zones, compareZones)
	slices.SortStableFunc(r.Resources, func(x, y finding.Resource) int { return cmp.Compare(x.Path, y.Path) })
	slices.SortStableFunc(r.Findings, CompareFindings)
	slices.SortFunc(r.Diagnostics, CompareDiagnostics)
	r.Diagnostics = few(slices.CompactFunc(r.Diagnostics, func(x, y finding.Diagnostic) bool { return CompareDiagnostics(x, y) == 0 }))
	r.Assumptions = slices.Sorted(maps.Keys(a.assumed))
}

func CompareFindings(x, y finding.Finding) int {
	xAt, yAt := position(x), position(y)
	return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(xAt.StartLine, yAt.StartLine), cmp.Compare(xAt.StartColumn, yAt.StartColumn),
		cmp.Compare(x.Rule, y.Rule), cmp.Compare(Flat(x.Principal), Flat(y.Principal)), cmp.Compare(Flat(x.Condition), Flat(y.Condition)),
		cmp.Compare(x.Certainty, y.Certainty), slices.Compare(x.Action, y.Action), cmp.Compare(x.Address, y.Address), cmp.Compare(x.ID, y.ID))
}

func position(f finding.Finding) finding.Location {
	if f.Location == nil {
		return finding.Location{}
	}
	return *f.Location
}

// Flat writes a map in the order of its keys.
func Flat(m map[string]string) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(m)) {
		b.WriteString(k + "\x00" + m[k] + "\x00")
	}
	return b.String()
}

func CompareDiagnostics(x, y finding.Diagnostic) int {
	return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column),
		cmp.Compare(x.Severity, y.Severity), cmp.Compare(x.Message, y.Message))
}
