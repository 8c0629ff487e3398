package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/reconcile"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders/evidence"
	"github.com/iaclint/iaclint/reporters"
)

// reconcileFlags are those of reconcile, beside those of check.
type reconcileFlags struct {
	*flags
	console                []string
	imports, export, write bool
	owner, ticket, expires string
	analyzer               string
}

func newReconcileFlags() *reconcileFlags {
	f := &reconcileFlags{flags: flagsOf("reconcile", append(readingFlags(), ofIntent, ofGate.only("exit-zero"), ofReport.only("format", "output", "path-prefix", "max-bytes"))...)}
	s := f.set
	s.StringArrayVar(&f.console, "console", nil, "`FILE` with exported findings of the account (repeatable)")
	s.BoolVar(&f.imports, "import", false, "show, or with --write add, archive rules for what is archived in the account only")
	s.BoolVar(&f.export, "export", false, "print the input of update-findings that archives there what is archived here only")
	s.BoolVar(&f.write, "write", false, "write the configuration file; without it the change is only shown")
	s.StringVar(&f.owner, "owner", "", "who answers for the archive rules of --import")
	s.StringVar(&f.ticket, "ticket", "", "where that was decided")
	s.StringVar(&f.expires, "expires", "", "last `DATE` on which they apply, as 2027-01-31")
	s.StringVar(&f.analyzer, "analyzer", "", "`ARN` of the analyzer of --export")
	return f
}

func reconcileFlagSet() *pflag.FlagSet { return newReconcileFlags().set }

func aboutReconcile() string {
	var b strings.Builder
	b.WriteString("Joins exported findings of external access with those of the code: on both sides (with the\nfields in which they differ), only live (drift, another stack, an edit in the console), only in\ncode (not deployed yet). FILE is output of list-findings, list-findings-v2, get-finding-v2 or\nlist-access-preview-findings, findings of Security Hub as JSON or CSV, or events of\nEventBridge. Exit status: 0 both sides agree; 1 they do not; 2 usage; 3 not everything could be\nread.\n\nFormats:\n")
	for _, r := range reporters.Reconciliations {
		fmt.Fprintf(&b, "  %-9s %s\n", r.Name, r.Summary)
	}
	return b.String()
}

// reconcile joins what a deployed analyzer found with what the code grants.
func (p *program) reconcile(args []string) error {
	f := newReconcileFlags()
	c, paths, err := p.begin(f.flags, args)
	if err != nil {
		return err
	}
	var formats []string
	for _, r := range reporters.Reconciliations {
		formats = append(formats, r.Name)
	}
	if err := f.suit(c.destinations, formats); err != nil {
		return usageError("%s", err)
	}
	if err := f.wrong(); err != nil {
		return usageError("%s", err)
	}
	if err := c.collect(paths); err != nil {
		return err
	}
	f.flags.findings, f.flags.properties = "complete", true // as Access Analyzer words them; prefixes of names
	out, err := c.analyse()
	if err != nil {
		return err
	}
	r := c.reconciled(f.console, out)
	status := c.status(finding.Report{Diagnostics: r.Diagnostics}, 0)
	switch {
	case f.imports:
		return both(ended(status), c.importArchived(f, r))
	case f.export:
		return both(ended(status), c.exportArchived(f, r))
	}
	if status == statusClean && !f.exitZero && r.Differing()+r.Count(finding.OnlyLive)+r.Count(finding.OnlyCode) > 0 {
		status = statusFindings
	}
	return c.writeEach(r.Diagnostics, c.relative(c.in), status, func(format string, w io.Writer, o reporters.Options) error {
		i := slices.IndexFunc(reporters.Reconciliations, func(r reporters.ReconciliationReporter) bool { return r.Name == format })
		return reporters.Reconciliations[i].Write(w, r, o)
	})
}

func (f *reconcileFlags) wrong() error {
	if len(f.console) == 0 {
		return fmt.Errorf("reconcile takes exported findings: --console FILE")
	}
	if f.imports && f.export {
		return fmt.Errorf("--import and --export exclude each other")
	}
	if f.write && !f.imports {
		return fmt.Errorf("--write is for --import")
	}
	if f.export && f.analyzer == "" {
		return fmt.Errorf("--export needs --analyzer ARN")
	}
	if f.expires != "" {
		if err := config.Date(f.expires); err != nil {
			return fmt.Errorf("--expires: %w", err)
		}
	}
	return nil
}

// reconciled reads the exports and joins them with the report.
func (c *checker) reconciled(files []string, out *scan.Outcome) finding.Reconciliation {
	r := finding.Reconciliation{
		Tool: out.Report.Tool, Zones: out.Report.Zones, Assumptions: scan.WithHidden(out.Report), Diagnostics: out.Report.Diagnostics, LeftOut: map[string]int{},
	}
	var live []finding.Live
	for _, name := range files {
		found, wrong := c.readConsole(name)
		live = append(live, found.Findings...)
		r.Diagnostics = append(r.Diagnostics, wrong...)
		for why, n := range found.LeftOut {
			r.LeftOut[why] += n
		}
	}
	live = reconcile.Merge(live)
	for _, l := range live {
		if l.Status == finding.Resolved {
			r.LeftOut["resolved"]++
		}
	}
	r.Pairs = reconcile.Join(live, out.Report.Findings, out.ARNPatterns())
	return r
}

// readConsole reads one file of exported findings.
func (c *checker) readConsole(name string) (evidence.Console, []finding.Diagnostic) {
	content, err := workspace.ReadFile(c.absolute(name))
	if err != nil {
		return evidence.Console{}, []finding.Diagnostic{{Severity: string(source.Error), Path: filepath.ToSlash(name), Message: workspace.Reason(err)}}
	}
	found, diags := evidence.ReadConsole(source.NewFile(filepath.ToSlash(name), content))
	return found, reported(diags)
}

// reported are diagnostics as a report has them.
func reported(list []source.Diagnostic) []finding.Diagnostic {
	var out []finding.Diagnostic
	for _, d := range list {
		path, at := d.Where()
		out = append(out, finding.Diagnostic{Severity: string(d.Severity), Path: path, Line: at.Line, Column: at.Column, Message: d.Message})
	}
	return out
}

// importArchived adds archive rules for what somebody archived in the account.
func (c *checker) importArchived(f *reconcileFlags, r finding.Reconciliation) error {
	byFile := map[*workspace.Settings][]archive.Rule{}
	var order []*workspace.Settings
	for _, p := range r.Pairs {
		if p.Kind != finding.Both || p.Live.Status != finding.Archived || p.Code.Status == finding.Archived {
			continue
		}
		if !p.Live.Detailed {
			c.notef("finding %s of the account does not say who gets in, so that it makes no archive rule", strings.Join(p.Live.IDs, ", "))
			continue
		}
		s := c.settingsOf(p.Code.Path)
		if byFile[s] == nil {
			order = append(order, s)
		}
		rule := ruleFor(*p.Code)
		rule.Name, rule.Owner, rule.Ticket, rule.Expires = nameFor(*p.Code), f.owner, f.ticket, f.expires
		rule.Reason = "archived in Access Analyzer as " + p.Live.IDs[0]
		if p.Live.Updated != "" {
			rule.Reason += ", updated " + p.Live.Updated
		}
		byFile[s] = append(byFile[s], rule)
	}
	if len(order) == 0 {
		c.outf("nothing is archived in the account that is active here")
	}
	for _, s := range order {
		taken := *s.Config
		rules := byFile[s]
		for i := range rules {
			rules[i].Name = freeName(&taken, rules[i].Name)
			taken.Archive = append(taken.Archive[:len(taken.Archive):len(taken.Archive)], config.ArchiveRule{Rule: rules[i]})
		}
		if err := c.addRules(c.finder, s, rules, false, f.write); err != nil {
			return err
		}
	}
	return nil
}

// exportArchived prints what archives in the account what is archived here.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_UpdateFindings.html
func (c *checker) exportArchived(f *reconcileFlags, r finding.Reconciliation) error {
	ids := []string{}
	for _, p := range r.Pairs {
		if p.Kind == finding.Both && p.Live.Status == finding.Active && p.Code.Status == finding.Archived && !p.Live.Whole {
			ids = append(ids, p.Live.IDs...)
		}
	}
	slices.Sort(ids)
	text, err := json.MarshalIndent(struct {
		Analyzer string   `json:"analyzerArn"`
		IDs      []string `json:"ids"`
		Status   string   `json:"status"`
	}{f.analyzer, slices.Compact(ids), "ARCHIVED"}, "", "  ")
	if err != nil {
		panic(err) // texts can be written
	}
	c.json(append(text, '\n'))
	return nil
}
