package scan

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/rules"
)

// assembleOne assembles the report on one file.
func assembleOne(o Options, failOn string, c *config.Config, r Result) (finding.Report, *assembler) {
	in := workspace.Inputs{Files: []workspace.Input{{Path: "p.json", Named: true, Settings: &workspace.Settings{Config: c, Minimum: workspace.Gate(failOn, c.FailOn)}}}}
	o.Today = "2026-06-30"
	a := &assembler{options: o, archive: newArchiver(o)}
	return a.assemble(in, []Result{r}), a
}

func gives(findings ...finding.Finding) Result {
	return Result{read: true, recognised: true, Analysed: []Analysed{{
		Output:     rules.Output{Resource: finding.Resource{Path: "p.json", Verdict: finding.External}, Findings: findings},
		Deployment: config.Deployment{Zone: &zone.Zone{Name: "default"}},
	}}}
}

func TestGate(t *testing.T) {
	at := func(rule string, s finding.Severity, status finding.Status) finding.Finding {
		return finding.Finding{Rule: rule, Severity: s, Status: status}
	}
	high := at("public-read", finding.High, "ACTIVE")
	for _, c := range []struct {
		name                     string
		finding                  finding.Finding
		options                  Options
		failOn                   string
		config                   config.Config
		failing, hidden, reports int
	}{
		{"at the default gate", at("external-account", finding.Medium, "ACTIVE"), Options{}, "", config.Config{}, 1, 0, 1},
		{"below it", at("own-organization", finding.Low, "ACTIVE"), Options{}, "", config.Config{}, 0, 0, 1},
		{"archived", at("public-read", finding.High, "ARCHIVED"), Options{}, "", config.Config{}, 0, 0, 1},
		{"gate of the file", high, Options{}, "", config.Config{FailOn: "critical"}, 0, 0, 1},
		{"gate of the flag", high, Options{}, "high", config.Config{FailOn: "critical"}, 1, 0, 1},
		{"no gate", high, Options{}, "none", config.Config{}, 0, 0, 1},
		{"hidden by severity", high, Options{MinSeverity: "critical"}, "", config.Config{}, 1, 1, 0},
		{"rule left out", high, Options{Filter: RuleFilter{Skip: []string{"public-*"}}}, "", config.Config{}, 0, 0, 0},
		{"rule not chosen", high, Options{Filter: RuleFilter{Only: []string{"public-write"}}}, "", config.Config{}, 0, 0, 0},
		{"rule off", high, Options{}, "", config.Config{Rules: map[string]config.Rule{"public-read": {Disabled: true}}}, 0, 0, 0},
		{"less severe", high, Options{}, "", config.Config{Rules: map[string]config.Rule{"public-read": {Severity: "low"}}}, 0, 0, 1},
		{"undetermined", at("undetermined-public", finding.High, "ACTIVE"), Options{}, "", config.Config{}, 1, 0, 1},
	} {
		report, a := assembleOne(c.options, c.failOn, &c.config, gives(c.finding))
		if a.failing != c.failing || a.hidden != c.hidden || len(report.Findings) != c.reports {
			t.Errorf("%s: %d fail, %d hidden, %d reported", c.name, a.failing, a.hidden, len(report.Findings))
		}
		if report.Resources[0].Verdict != finding.External || report.Summary.External != 1 {
			t.Errorf("%s: what is reported changes the verdict", c.name)
		}
	}
}

// Two kinds of input in any order give one order of findings, and diagnostics
// are told once.
func TestOrder(t *testing.T) {
	at := func(line int, rule, principal string) finding.Finding {
		return finding.Finding{Path: "p.json", Rule: rule, Principal: map[string]string{"AWS": principal}, Location: &finding.Location{StartLine: line}}
	}
	want := []finding.Finding{at(1, "a", "1"), at(1, "a", "2"), at(1, "b", "1"), at(2, "a", "1")}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}} {
		var mixed []finding.Finding
		for _, i := range order {
			mixed = append(mixed, want[i])
		}
		r := gives(mixed...)
		twice := source.Diagnostic{Severity: source.Warning, Path: "p.json", Message: "odd"}
		r.Diagnostics = []source.Diagnostic{twice, twice}
		r.Analysed[0].Diagnostics = []source.Diagnostic{twice}
		report, _ := assembleOne(Options{}, "", &config.Config{}, r)
		for i, f := range report.Findings {
			if f.Rule != want[i].Rule || f.Principal["AWS"] != want[i].Principal["AWS"] || f.Location.StartLine != want[i].Location.StartLine {
				t.Errorf("%v: %d is %+v", order, i, f)
			}
		}
		if len(report.Findings) != 4 || len(report.Diagnostics) != 1 {
			t.Errorf("%d findings, %d diagnostics", len(report.Findings), len(report.Diagnostics))
		}
	}
}

// Arrays and maps are never null.
func TestNeverNull(t *testing.T) {
	report, _ := assembleOne(Options{}, "", &config.Config{}, gives(finding.Finding{}))
	f, r := report.Findings[0], report.Resources[0]
	for name, isNil := range map[string]bool{
		"action": f.Action == nil, "accessLevels": f.AccessLevels == nil, "sources": f.Sources == nil, "needs": f.Needs == nil,
		"statements": f.Statements == nil, "principal": f.Principal == nil, "condition": f.Condition == nil,
		"attachments": r.Attachments == nil, "blockedBy": r.BlockedBy == nil, "diagnostics": report.Diagnostics == nil,
		"members": report.Zones[0].Members == nil, "trusted": report.Zones[0].Trusted == nil,
	} {
		if isNil {
			t.Errorf("%s is null", name)
		}
	}
}
