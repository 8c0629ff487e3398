package cli

import (
	"bytes"
	"fmt"
	"github.com/iaclint/iaclint/reporters"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/iaclint/iaclint/config"
)

// hostileText drives a terminal, a build server's log or a reader's eye.
const hostileText = "x\n::warning::forged\r\n ::add-mask::y\v::error::z##vso[task.setvariable variable=a]b##[error]c\x1b[2J\x1b]0;t\x07\u009b1m\u202ed\u2028e\u200bf"

// unsafe returns the first thing in an output that only an attacker would print.
func unsafe(output string) string {
	for _, r := range output {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || !unicode.IsGraphic(r)) {
			return fmt.Sprintf("%U", r)
		}
	}
	for line := range strings.Lines(output) {
		lower := strings.ToLower(line)
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(lower, "##vso[") || strings.Contains(lower, "##[") {
			return line
		}
	}
	return ""
}

// hostileTree writes files whose names, resources and settings hold the text.
func hostileTree(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("such names cannot be files")
	}
	dir := t.TempDir()
	quote := func(s string) string { return strings.ReplaceAll(config.QuoteJSON(s), "\\u005b", "[") }
	name := strings.ReplaceAll(hostileText, "/", "")
	allow := `{"Effect": "Allow", "Sid": ` + quote(hostileText) + `, "Principal": {"AWS": ["*", ` + quote("arn:aws:iam::999999999999:role/"+hostileText) + `]}, "Action": ["s3:GetObject", ` + quote("s3:"+hostileText) + `], "Resource": ` + quote("arn:aws:s3:::b/"+hostileText) + `}`
	policy := `{"Version": "2012-10-17", "Statement": [` + allow + `]}`
	template := `{"Resources": {` + quote(hostileText) + `: {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": ` + quote(hostileText) + `, "PolicyDocument": ` + policy + `}}}}`
	files := map[string]string{
		name + ".json":        policy,
		name + "/policy.json": policy,
		name + "/t.yaml":      template,
		name + "/broken.json": `{"Version": "2012-10-17", "Statement": [{"Effect": ` + quote(hostileText) + ` ` + hostileText,
		name + "/main.tf":     "resource \"aws_sqs_queue\" \"q\" {\n  name = \"" + strings.NewReplacer("\n", "", "\r", "", "\v", "").Replace(hostileText) + "\"\n  policy = file(\"nothing" + strings.NewReplacer("\n", "", "\r", "", "\v", "").Replace(hostileText) + "\")\n}\n# iaclint:ignore " + hostileText + "\n",
		"good.hcl":            "archive_rule " + config.QuoteHCL(hostileText) + " {\n  reason = " + config.QuoteHCL(hostileText) + "\n  owner = " + config.QuoteHCL(hostileText) + "\n  filter = { resource = { eq = [" + config.QuoteHCL(hostileText) + "] } }\n}\naccount \"a\" {\n  id = \"111122223333\"\n}\n",
		"bad.hcl":             hostileText + " " + config.QuoteHCL(hostileText) + " {\n}\nrule " + config.QuoteHCL(hostileText) + " {\n severity = " + config.QuoteHCL(hostileText) + "\n}\n",
		"baseline.json":       "{\"version\": 1, \"findings\": [{\"id\": " + quote(hostileText) + ", \"path\": " + quote(hostileText) + "}]}",
		"policy/r.rego":       "package iaclint.rules\n# " + hostileText + "\n",
		"analyzer.tf":         "resource \"aws_accessanalyzer_archive_rule\" \"r\" {\n  rule_name = " + config.QuoteHCL(hostileText) + "\n  analyzer_name = \"a\"\n  filter {\n    criteria = " + config.QuoteHCL(hostileText) + "\n    eq = [" + config.QuoteHCL(hostileText) + "]\n  }\n}\n",
	}
	for name, content := range files {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Skip("such names cannot be files: ", err)
		}
		if err := os.WriteFile(at, []byte(content), 0o644); err != nil {
			t.Skip("such names cannot be files: ", err)
		}
	}
	return dir
}

// Nothing that an attacker names reaches a stream as it is: in any command, as an
// argument, a file name, a policy, a name of a resource or a setting.
func TestStreamsAreSafe(t *testing.T) {
	t.Setenv("GITHUB_STEP_SUMMARY", "")
	t.Setenv("SOURCE_DATE_EPOCH", "1767323045")
	t.Chdir(hostileTree(t))
	h := hostileText
	file := strings.ReplaceAll(h, "/", "") + ".json"
	tried := map[string][][]string{
		"check":                    {{}, {"-v"}, {"--show-files"}, {file}, {"--config", "good.hcl"}, {"--config", "bad.hcl"}, {h}, {"--" + h}, {"--account", h}, {"--format", h}, {"--format", "json=" + h + "/x"}, {"--baseline", "baseline.json"}, {"--rule", h}, {"--var", h}, {"--new-from", h}, {"--suggest", "-v"}},
		"diff":                     {{"good.hcl", file}, {file, "."}, {h}, {h, h}, {h, "--", h}},
		"query":                    {{"--principal", "*"}, {"--principal", h}, {"--action", h}, {"--resource", h, file}, {"--condition", h}},
		"who":                      {{}, {file}, {h}, {"--format", "json"}},
		"what":                     {{"*"}, {h}, {h, file}, {"444455556666", file}},
		"reconcile":                {{"--console", file}, {"--console", h, file}, {"--console", "baseline.json", "--import", file}, {"--console", file, "--export", "--analyzer", h}},
		"unused":                   {{"--evidence", file}, {"--evidence", h, file}, {"--evidence", ".", "."}, {"--evidence", file, "--now", h}, {"--evidence", file, "--exclude-tag", h}},
		"suggest":                  {{}, {h}, {file}},
		"validate-policy":          {{file}, {h}, {"-v", file}, {"--policy-type", "resource", file}, {"--policy-type", h, file}, {"--validate-policy-resource-type", h, file}, {"--format", h, file}, {"--format", "json", file}},
		"check-no-new-access":      {{"--existing-policy", file, "--new-policy", file}, {"--existing-policy", h}, {"--reference", file, file, "--format", "text"}, {"--policy-type", h}},
		"check-access-not-granted": {{"--access", h}, {"--access", "actions=s3:GetObject", file}, {"--access", "actions=s3:GetObject", "--policy", file, "--format", "text"}, {"--access", "resources=" + h, file}},
		"check-no-public-access":   {{file}, {"--policy", file, "--resource-type", h}, {"--policy", file, "--resource-type", "AWS::S3::Bucket", "--format", "text"}},
		"watch":                    {{"-"}, {"--format", h}, {"--" + h}, {"--account", h}}, // which end at once; TestHostileRepository watches
		"explain":                  {{h}, {"--all"}, {h, "--config", "bad.hcl"}},
		"help":                     {{}, {h}, {"check"}},
		"man":                      {{}, {h}},
		"version":                  {{}, {"--json"}, {h}},
		"rules list":               {{}, {h}, {"--config", "bad.hcl"}}, "rules new": {{h}, {"policy/" + h}}, "rules input": {{}, {file}, {h}}, "rules test": {{"policy"}, {h}},
		"archive add": {{h, file}, {"0123456789", file}}, "archive list": {{"--config", "good.hcl"}, {}}, "archive prune": {{"--config", "good.hcl", "."}, {h}},
		"archive import": {{"analyzer.tf"}, {h}, {file}}, "archive export": {{"--config", "good.hcl"}, {"--config", "good.hcl", "--to", "cloudformation"}, {"--config", "good.hcl", "--to", "cli"}, {"--to", h}, {"--config", "good.hcl", "--analyzer", h}},
		"baseline create": {{"--baseline", "baseline.json", file}, {"--baseline", h, file}}, "baseline prune": {{"--baseline", "baseline.json", file}, {"--baseline", h}},
		"config init": {{}, {h}}, "config verify": {{"bad.hcl"}, {"good.hcl"}, {h}}, "config show": {{"--config", "good.hcl"}, {h}}, "config schema": {{}, {h}},
		"completion bash": {{}, {h}}, "completion zsh": {{}}, "completion fish": {{}}, "completion powershell": {{}}, "completion": {{h}},
		h: {{}},
	}
	for _, f := range reporters.Names() {
		if f != "github" { // whose lines are commands; package reporters tests them
			tried["check"] = append(tried["check"], []string{"--format", f})
		}
	}
	for _, c := range commands() {
		names := []string{c.name}
		if c.subs != nil {
			names = nil
			for _, s := range c.subs() {
				names = append(names, c.name+" "+s.name)
			}
		}
		for _, name := range names {
			if !slices.ContainsFunc(slices.Collect(func(yield func(string) bool) {
				for k := range tried {
					if !yield(k) {
						return
					}
				}
			}), func(k string) bool { return k == name || strings.HasPrefix(k, name+" ") }) {
				t.Errorf("%q is not tried", name)
			}
		}
	}
	for name, lines := range tried {
		for _, args := range lines {
			words := append(strings.Fields(name), args...)
			if name == h {
				words = []string{h}
			}
			var out, errw bytes.Buffer
			Run(words, strings.NewReader(h), &out, &errw)
			for stream, text := range map[string]string{"output": out.String(), "error": errw.String()} {
				if bad := unsafe(text); bad != "" {
					t.Errorf("%q: standard %s has %q", words, stream, bad)
				}
			}
		}
	}
}
