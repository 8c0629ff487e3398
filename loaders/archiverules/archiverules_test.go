package archiverules

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/source"
)

// shapes are one and the same rule in every form in which it can be written.
var shapes = map[string]string{
	"rule.tf": `resource "aws_accessanalyzer_archive_rule" "vendor" {
  analyzer_name = "org"
  rule_name     = "vendor"
  filter {
    criteria = "principal.AWS"
    eq       = ["464622532012", "417141415827"]
  }
  filter {
    criteria = "isPublic"
    eq       = ["false"]
  }
  filter {
    criteria = "error"
    exists   = false
  }
}`,
	"rule.tf.json": `{"resource": {"aws_accessanalyzer_archive_rule": {"vendor": {"analyzer_name": "org", "rule_name": "vendor", "filter": [
  {"criteria": "isPublic", "eq": ["true"]}, {"criteria": "principal.AWS", "eq": ["464622532012", "417141415827"]},
  {"criteria": "isPublic", "eq": ["false"]}, {"criteria": "error", "exists": "false"}]}}}}`,
	"plan.json": `{"format_version": "1.2", "planned_values": {"root_module": {"child_modules": [{"resources": [
  {"address": "module.a.aws_accessanalyzer_archive_rule.vendor", "type": "aws_accessanalyzer_archive_rule", "values": {"analyzer_name": "org", "rule_name": "vendor", "filter": [
    {"criteria": "error", "eq": [], "neq": null, "contains": null, "exists": "false"},
    {"criteria": "isPublic", "eq": ["false"], "neq": null, "contains": null, "exists": ""},
    {"criteria": "principal.AWS", "eq": ["464622532012", "417141415827"], "neq": null, "contains": [], "exists": ""}]}}]}]}}}`,
	"inline.yaml": `Resources:
  Org:
    Type: AWS::AccessAnalyzer::Analyzer
    Properties:
      AnalyzerName: org
      Type: ORGANIZATION
      ArchiveRules:
        - RuleName: vendor
          Filter:
            - {Property: principal.AWS, Eq: ["464622532012", 417141415827]}
            - {Property: isPublic, Eq: [false]}
            - {Property: error, Exists: false}`,
	"resource.json": `{"Resources": {"Vendor": {"Type": "AWS::AccessAnalyzer::ArchiveRule", "Properties": {"AnalyzerName": "org", "RuleName": "vendor", "Filter": {
  "isPublic": {"Eq": ["false"]}, "error": {"Exists": false}, "principal.AWS": {"Eq": ["464622532012", "417141415827"]}}}}}}`,
	"list.json":   `{"archiveRules": [{"analyzerName": "org", "ruleName": "vendor", "createdAt": "2026-01-01T00:00:00Z", "filter": {"isPublic": {"eq": ["false"]}, "error": {"exists": false}, "principal.AWS": {"eq": ["464622532012", "417141415827"]}}}]}`,
	"get.json":    `{"archiveRule": {"analyzerName": "org", "ruleName": "vendor", "filter": {"isPublic": {"eq": ["false"]}, "error": {"exists": false}, "principal.AWS": {"eq": ["464622532012", "417141415827"]}}}}`,
	"create.json": `{"analyzerName": "org", "ruleName": "vendor", "filter": {"isPublic": {"eq": ["false"]}, "error": {"exists": false}, "principal.AWS": {"eq": ["464622532012", "417141415827"]}}}`,
}

// All shapes import to the same rule.
func TestShapes(t *testing.T) {
	no := false
	want := []archive.Rule{{Name: "vendor", Analyzer: "org", Filter: []archive.Criterion{
		{Key: "error", Exists: &no}, {Key: "isPublic", Eq: []string{"false"}}, {Key: "principal.AWS", Eq: []string{"464622532012", "417141415827"}},
	}}}
	for name, content := range shapes {
		got, ds := Find(source.NewFile(name, []byte(content)))
		if d := cmp.Diff(want, got, cmpopts.IgnoreFields(archive.Rule{}, "Span")); d != "" || len(ds) > 0 {
			t.Errorf("%s: %v %s", name, ds, d)
			continue
		}
		if start, _ := got[0].Span.Range(source.Bytes); start.Line == 0 {
			t.Errorf("%s: no place", name)
		}
	}
}

func TestLeftOut(t *testing.T) {
	const rule = "resource \"aws_accessanalyzer_archive_rule\" \"a\" {\n rule_name = \"a\"\n"
	for _, c := range []struct{ name, content, want string }{
		{"a.tf", "resource \"aws_accessanalyzer_archive_rule\" \"a\" {\n rule_name = var.name\n}", "1: archive rule is not imported: rule_name is not written out"},
		{"a.tf", rule + " filter {\n criteria = \"principal.AWS\"\n eq = [var.id]\n }\n}", `3: archive rule "a" is not imported: a value of principal.AWS is not written out`},
		{"a.tf", rule + " filter {\n criteria = \"principal.AWS\"\n eq = var.ids\n }\n}", `3: archive rule "a" is not imported: a value of principal.AWS is not written out`},
		{"a.tf", rule + " filter {\n criteria = \"principal.AWS\"\n eq = [\"1\"]\n neq = [\"2\"]\n }\n}", `3: archive rule "a" is not imported: the filter of principal.AWS has several operators, and AWS does not say how they are joined`},
		{"a.tf", rule + " filter {\n criteria = \"principal.Aws\"\n eq = [\"1\"]\n }\n}", `3: archive rule "a" is not imported: "principal.Aws" is not a filter key of archive rules`},
		{"a.tf", rule + " filter {\n criteria = \"error\"\n exists = \"maybe\"\n }\n}", `3: archive rule "a" is not imported: exists of error is not true or false`},
		{"a.tf", rule + " filter {\n criteria = \"error\"\n }\n}", `3: archive rule "a" is not imported: the filter of error has no operator that is written out`},
		{"a.tf", rule + " dynamic \"filter\" {\n for_each = {}\n content {}\n }\n}", "1: archive rule is not imported: its filters are not written out"},
		{"a.tf", rule + "}", `2: archive rule "a" is not imported: it has no filter that is written out`},
		{"a.yaml", "Resources:\n  A:\n    Type: AWS::AccessAnalyzer::ArchiveRule\n    Properties: {RuleName: !Ref Name, Filter: {error: {Exists: true}}}", "2: archive rule is not imported: RuleName is not written out"},
		{"a.yaml", "Resources:\n  A:\n    Type: AWS::AccessAnalyzer::ArchiveRule\n    Properties: {RuleName: a, Filter: {principal.AWS: {Eq: [!Ref Id]}}}", `4: archive rule "a" is not imported: a value of principal.AWS is not written out`},
		{"a.json", `{"ruleName": "a", "filter": {"iaclint:path": {"eq": ["x"]}}}`, `1: archive rule "a" is not imported: "iaclint:path" is not a filter key of archive rules`},
		{"a.json", `{"other": "ruleName"}`, ""},
	} {
		rules, ds := Find(source.NewFile(c.name, []byte(c.content)))
		var got []string
		for _, d := range ds {
			_, at := d.Where()
			got = append(got, strings.TrimSpace(strings.Join([]string{itoa(at.Line), " ", d.Message}, "")))
		}
		if len(rules) > 0 || strings.Join(got, "|") != c.want {
			t.Errorf("%s: %v %q, want %q", c.content, rules, got, c.want)
		}
	}
}

func itoa(n int) string { return string(rune('0'+n)) + ":" }

func FuzzFind(f *testing.F) {
	for name, content := range shapes {
		f.Add(name, content)
	}
	f.Fuzz(func(t *testing.T, name, content string) {
		rules, ds := Find(source.NewFile(name, []byte(content)))
		for _, r := range rules {
			if r.Name == "" || len(r.Filter) == 0 {
				t.Fatalf("%+v", r)
			}
		}
		for _, d := range ds {
			d.Where()
		}
	})
}
