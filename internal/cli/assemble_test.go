package cli

import (
	"fmt"
	"slices"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/rules"
)

// assembleOne assembles the report on one file.
func assembleOne(f *flags, c *config.Config, r result) (finding.Report, *assembler) {
	in := workspace.Inputs{Files: []workspace.Input{{Path: "p.json", Named: true, Settings: &workspace.Settings{Config: c, Minimum: workspace.Gate(f.failOn, c.FailOn)}}}}
	a := &assembler{flags: f, archive: newArchiver(f, "2026-06-30")}
	return a.assemble(in, []result{r}), a
}

func gives(findings ...finding.Finding) result {
	return result{read: true, recognised: true, analysed: []analysed{{
		Output:     rules.Output{Resource: finding.Resource{Path: "p.json", Verdict: finding.External}, Findings: findings},
		deployment: config.Deployment{Zone: &zone.Zone{Name: "default"}},
	}}}
}

func TestGate(t *testing.T) {
	at := func(rule string, s finding.Severity, status string) finding.Finding {
		return finding.Finding{Rule: rule, Severity: s, Status: status}
	}
	high := at("public-read", finding.High, "ACTIVE")
	for _, c := range []struct {
		name                     string
		finding                  finding.Finding
		flags                    flags
		config                   config.Config
		failing, hidden, reports int
	}{
		{"at the default gate", at("external-account", finding.Medium, "ACTIVE"), flags{}, config.Config{}, 1, 0, 1},
		{"below it", at("own-organization", finding.Low, "ACTIVE"), flags{}, config.Config{}, 0, 0, 1},
		{"archived", at("public-read", finding.High, "ARCHIVED"), flags{}, config.Config{}, 0, 0, 1},
		{"gate of the file", high, flags{}, config.Config{FailOn: "critical"}, 0, 0, 1},
		{"gate of the flag", high, flags{failOn: "high"}, config.Config{FailOn: "critical"}, 1, 0, 1},
		{"no gate", high, flags{failOn: "none"}, config.Config{}, 0, 0, 1},
		{"hidden by severity", high, flags{minSeverity: "critical"}, config.Config{}, 1, 1, 0},
		{"rule left out", high, flags{filter: ruleFilter{skip: []string{"public-*"}}}, config.Config{}, 0, 0, 0},
		{"rule not chosen", high, flags{filter: ruleFilter{only: []string{"public-write"}}}, config.Config{}, 0, 0, 0},
		{"rule off", high, flags{}, config.Config{Rules: map[string]config.Rule{"public-read": {Disabled: true}}}, 0, 0, 0},
		{"less severe", high, flags{}, config.Config{Rules: map[string]config.Rule{"public-read": {Severity: "low"}}}, 0, 0, 1},
		{"undetermined", at("undetermined-public", finding.High, "ACTIVE"), flags{}, config.Config{}, 1, 0, 1},
	} {
		report, a := assembleOne(&c.flags, &c.config, gives(c.finding))
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
		r.diagnostics = []source.Diagnostic{twice, twice}
		r.analysed[0].Diagnostics = []source.Diagnostic{twice}
		report, _ := assembleOne(&flags{}, &config.Config{}, r)
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
	report, _ := assembleOne(&flags{}, &config.Config{}, gives(finding.Finding{}))
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

// The configuration may state that an account blocks public access to S3.
func TestBlockPublicS3(t *testing.T) {
	off := &resource.PublicAccessBlock{}
	bucket := resource.Resource{Type: "AWS::S3::Bucket", Block: off, Documents: []resource.Document{{}, {Source: resource.AccessPoint, Block: off}}}
	declared := config.Deployment{Zone: &zone.Zone{Account: "111122223333"}, BlockPublicS3: map[string]string{"111122223333": "prod"}}
	for _, c := range []struct {
		name       string
		kind       string
		owner      string
		deployment config.Deployment
		want       bool
	}{
		{"declared owner", "AWS::S3::Bucket", "", declared, true},
		{"owner in the input", "AWS::S3::Bucket", "111122223333", config.Deployment{Zone: &zone.Zone{}, BlockPublicS3: declared.BlockPublicS3}, true},
		{"other owner", "AWS::S3::Bucket", "444455556666", declared, false},
		{"not S3", "AWS::SQS::Queue", "", declared, false},
		{"unknown owner", "AWS::S3::Bucket", "", config.Deployment{Zone: &zone.Zone{}, BlockPublicS3: map[string]string{"": "x"}}, false},
	} {
		r := bucket
		r.Type, r.Account = c.kind, c.owner
		got := blockPublicS3(r, c.deployment)
		blocks := []bool{got.Block.RestrictPublicBuckets, got.Block.IgnorePublicACLs, got.Documents[1].Block.RestrictPublicBuckets, len(got.Notes) == 1}
		if slices.Contains(blocks, !c.want) {
			t.Errorf("%s: %s", c.name, fmt.Sprint(blocks))
		}
		if off.RestrictPublicBuckets || bucket.Documents[1].Block != off {
			t.Fatalf("%s: the argument has changed", c.name)
		}
	}
}
