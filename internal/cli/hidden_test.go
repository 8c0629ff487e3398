package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/reporters"
)

// Where a report shows what an attribute of a configuration takes from it.
const (
	inHidden  = "hidden"  // the list of what is hidden
	inZones   = "zones"   // the zones of trust, with their members and who is trusted
	inArchive = "archive" // each finding that is archived
	inNothing = ""        // it takes nothing away, or no more than the code beside it could
)

// Whatever a configuration that is found takes from a report stands in the report:
// each attribute of the file is listed here, and those that hide are tried.
func TestHiddenByConfiguration(t *testing.T) {
	shown := map[string]string{
		"iaclint.fail_on": inHidden, "iaclint.include": inHidden, "iaclint.exclude": inHidden, "iaclint.required_version": inNothing, "iaclint.root": inNothing, "iaclint.strict": inNothing,
		"organization.id": inZones, "organization.management_account": inZones,
		"account.id": inZones, "account.ou": inZones, "account.canonical_user_id": inZones, "account.s3_block_public_access": inHidden,
		"known_account.ids": inNothing, "known_account.source": inNothing,
		"target.account": inZones, "target.policy_checks": inHidden,
		"target.regions": inNothing, "target.partition": inNothing, "target.var_files": inNothing, "target.variables": inNothing, "target.workspace": inNothing, "target.parameter_files": inNothing, "target.parameters": inNothing, "target.values": inHidden,
		"rule.severity": inHidden, "rule.enabled": inHidden, "rule.ignorable": inNothing,
		"suppressions.inline": inNothing, "suppressions.require_reason": inArchive, "suppressions.require_owner": inArchive, "suppressions.max_age": inNothing, "suppressions.expired": inHidden,
		"suppressions.unused": inHidden, "suppressions.expiring_within": inNothing, "suppressions.import_from_iac": inArchive,
		"archive_rule.reason": inArchive, "archive_rule.owner": inArchive, "archive_rule.ticket": inArchive, "archive_rule.expires": inArchive, "archive_rule.max_access": inArchive,
		"module.dir": inHidden, "baseline.file": inArchive, "custom_rules.rego": inNothing, "custom_rules.timeout": inNothing,
		"evidence.paths": inNothing, "evidence.age": inHidden, "evidence.exclude_accounts": inHidden, "evidence.exclude_tags": inHidden,
		"output.path": inNothing, // standard error says where the report is
	}
	for _, s := range config.Sections() {
		for _, a := range s.Attributes {
			name := s.Name + "." + a.Name
			if _, listed := shown[name]; !listed && s.Name != "zone_of_trust" {
				t.Errorf("%s is not listed: say where a report shows what it hides", name)
			}
		}
	}
	tried := map[string]bool{}
	for _, tt := range []struct{ attribute, text, want string }{
		{"iaclint.fail_on", `iaclint { fail_on = "high" }`, "fail_on is high"},
		{"iaclint.include", `iaclint { include = ["none/**"] }`, "1 input is excluded: p.json"},
		{"iaclint.exclude", `iaclint { exclude = ["*.json"] }`, "1 input is excluded: p.json"},
		{"account.s3_block_public_access", "account \"a\" {\n  id = \"111122223333\"\n  s3_block_public_access = true\n}", "account a has Block Public Access, as the configuration says"},
		{"target.policy_checks", `target "*.json" { policy_checks = "errors" }`, "policy checks of *.json are errors instead of security"},
		{"rule.severity", `rule "public-read" { severity = "low" }`, "rule public-read has severity low instead of high"},
		{"rule.enabled", `rule "public-read" { enabled = false }`, "rule public-read is off"},
		{"target.values", `target "*.json" { values = { "data.x.y.value" = "111122223333" } }`, "data.x.y.value has a value that the code does not give it, in *.json"},
		{"module.dir", "module \"acme/bucket/aws\" { dir = \"vendor\" }", "module acme/bucket/aws is read from vendor"},
		{"suppressions.expired", `suppressions { expired = "off" }`, "expired archive rules and comments are not reported"},
		{"suppressions.unused", `suppressions { unused = "off" }`, "archive rules, comments and entries of the baseline that match nothing are not reported"},
		{"evidence.age", "evidence {\n  paths = [\"e\"]\n  age = \"200d\"\n}", "what was used within 200 days, instead of 90, is not unused"},
		{"evidence.exclude_accounts", "evidence {\n  paths = [\"e\"]\n  exclude_accounts = [\"111122223333\"]\n}", "roles and users of 111122223333 are not judged for use"},
		{"evidence.exclude_tags", "evidence {\n  paths = [\"e\"]\n  exclude_tags = [\"a=b\"]\n}", "roles and users with the tag a=b are not judged for use"},
	} {
		tried[tt.attribute] = true
		dir := t.TempDir()
		t.Chdir(dir)
		for name, content := range map[string]string{
			".iaclint.hcl": tt.text + "\n", "named.hcl": tt.text + "\n", "e/.keep": "",
			"p.json": `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*"}]}`,
		} {
			if err := os.MkdirAll("e", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var r struct{ Hidden []string }
		var out, errw bytes.Buffer
		Run([]string{"check", "--format", "json"}, nil, &out, &errw)
		if err := json.Unmarshal(out.Bytes(), &r); err != nil || strings.Join(r.Hidden, "\n") != ".iaclint.hcl: "+tt.want {
			t.Errorf("%s: %q %v %s, want %q", tt.text, r.Hidden, err, errw.String(), tt.want)
		}
		out.Reset()
		Run([]string{"check", "--format", "json", "--config", "named.hcl"}, nil, &out, &errw)
		if err := json.Unmarshal(out.Bytes(), &r); err != nil || len(r.Hidden) > 0 {
			t.Errorf("%s, as the operator names it: %q %v", tt.text, r.Hidden, err)
		}
	}
	for name, where := range shown {
		if where == inHidden && !tried[name] {
			t.Errorf("%s is not tried", name)
		}
	}
}

// A file that is an input is not a report of ours, whatever else it says, so that the
// name of a report hides no input; and no report is an input.
func TestReportsAreNoInputs(t *testing.T) {
	t.Chdir(t.TempDir())
	const policy = `"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*"}]}`
	files := map[string]string{
		"p.json":       "{" + policy,
		"both.json":    `{"schemaVersion": 1, "tool": {"name": "iaclint", "version": "1"}, "findings": [], ` + policy,
		"sarif.json":   `{"runs": [{"tool": {"driver": {"name": "iaclint"}}}], ` + policy,
		"t.json":       `{"schemaVersion": 1, "tool": {"name": "iaclint", "version": "1"}, "findings": [], "Resources": {"B": {"Type": "AWS::S3::Bucket"}}}`,
		".iaclint.hcl": "",
	}
	for name, content := range files {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"both.json", "sarif.json", "t.json"} {
		if !reporters.Wrote([]byte(files[name])) {
			t.Fatalf("%s does not look like a report", name)
		}
		var out, errw bytes.Buffer
		if got := Run([]string{"check", "--no-config", "--format", "json=" + name}, nil, &out, &errw); got != statusUsage || !strings.Contains(errw.String(), "would overwrite "+name+", which is to be analysed") {
			t.Errorf("--format json=%s: status %d, %s", name, got, errw.String())
		}
		if err := os.WriteFile(".iaclint.hcl", []byte("output \"json\" { path = \""+name+"\" }\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		errw.Reset()
		if got := Run([]string{"check"}, nil, &out, &errw); got != statusUsage || !strings.Contains(errw.String(), "is there and is not a report of iaclint") {
			t.Errorf("output %s: status %d, %s", name, got, errw.String())
		}
		if content, err := os.ReadFile(name); err != nil || string(content) != files[name] {
			t.Errorf("%s is written to: %v", name, err)
		}
	}
	for _, f := range reporters.Names() {
		var out, errw bytes.Buffer
		Run([]string{"check", "--no-config", "--format", f, "p.json"}, nil, &out, &errw)
		if !isReport("report."+f, out.Bytes()) || !isReport("report.json", out.Bytes()) {
			t.Errorf("the report as %s is not known, or is an input", f)
		}
	}
}
