package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/config"
)

// languages of an export.
var languages = []string{"terraform", "cloudformation", "cli"}

// archiveExport prints the rules of the configuration as Access Analyzer's.
// Those that it cannot have are named, and left out.
func (p *program) archiveExport(args []string) error {
	f := archiveFlagsOf("export")
	c, err := p.prepare(f.flags, args)
	if err != nil {
		return err
	}
	if err := c.configure(); err != nil {
		return err
	}
	if !slices.Contains(languages, f.to) {
		return usageError("--to %q is unknown%s", f.to, config.Hint(f.to, languages))
	}
	s := c.settingsOf("")
	if s.File == "" {
		return usageError("no configuration file is found from here upward")
	}
	today := c.finder.Today
	var rules []archive.Rule
	for _, r := range s.Config.Archive {
		reasons := r.Exportable()
		if r.ExpiredOn(today) {
			reasons = append(reasons, "it has expired")
		}
		if r.MaxAccess != "" && len(reasons) == 1 && f.to != "" {
			// The limit is ours alone; without it the rule is wider, which has to be said.
			p.notef("archive rule %q is wider there: %s", r.Name, reasons[0])
			reasons = nil
		}
		if len(reasons) > 0 {
			p.notef("archive rule %q is left out: %s", r.Name, strings.Join(reasons, "; "))
			continue
		}
		rules = append(rules, r.Rule.WithoutLimits())
	}
	if len(rules) == 0 {
		return failed(statusIncomplete, "no archive rule can be exported")
	}
	switch f.to {
	case "terraform":
		p.exportTerraform(rules, cmp.Or(f.analyzer, "ANALYZER"))
	case "cloudformation":
		p.exportCloudFormation(rules)
	case "cli":
		return p.exportAPI(rules, cmp.Or(f.analyzer, "ANALYZER"))
	}
	return nil
}

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/accessanalyzer_archive_rule
func (p *program) exportTerraform(rules []archive.Rule, analyzer string) {
	for i, r := range rules {
		if i > 0 {
			fmt.Fprintln(p.out)
		}
		p.outf("resource \"aws_accessanalyzer_archive_rule\" %s {", config.QuoteHCL(identifier(r.Name)))
		p.outf("  analyzer_name = %s", config.QuoteHCL(analyzer))
		p.outf("  rule_name     = %s", config.QuoteHCL(r.Name))
		for _, c := range r.Filter {
			fmt.Fprintln(p.out)
			p.outf("  filter {")
			p.outf("    criteria = %s", config.QuoteHCL(c.Key))
			for _, o := range config.Operators(c) {
				p.outf("    %-8s = %s", o.Name, config.HCLValue(o.Value))
			}
			p.outf("  }")
		}
		p.outf("}")
	}
}

// identifier makes a name that Terraform takes for a resource.
func identifier(name string) string { return strings.ReplaceAll(name, ".", "-") }

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-accessanalyzer-analyzer.html
func (p *program) exportCloudFormation(rules []archive.Rule) {
	p.outf("ArchiveRules:")
	for _, r := range rules {
		p.outf("  - RuleName: %s", config.QuoteJSON(r.Name))
		p.outf("    Filter:")
		for _, c := range r.Filter {
			p.outf("      - Property: %s", config.QuoteJSON(c.Key))
			for _, o := range config.Operators(c) {
				p.outf("        %s: %s", strings.ToUpper(o.Name[:1])+o.Name[1:], config.JSONValue(o.Value))
			}
		}
	}
}

// exportAPI prints one input of "aws accessanalyzer create-archive-rule
// --cli-input-json" on each line.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CreateArchiveRule.html
func (p *program) exportAPI(rules []archive.Rule, analyzer string) error {
	for _, r := range rules {
		filter := map[string]map[string]any{}
		for _, c := range r.Filter {
			filter[c.Key] = map[string]any{}
			for _, o := range config.Operators(c) {
				filter[c.Key][o.Name] = o.Value
			}
		}
		line, err := json.Marshal(struct {
			AnalyzerName string                    `json:"analyzerName"`
			RuleName     string                    `json:"ruleName"`
			Filter       map[string]map[string]any `json:"filter"`
		}{analyzer, r.Name, filter})
		if err != nil {
			return failed(statusIncomplete, "%s", err)
		}
		p.json(append(line, '\n'))
	}
	return nil
}
