package cli

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/iaclint/iaclint/reporters"
)

// canary is the text of every secret in testdata/canary. No other word has its letters.
const canary = "k4narie"

// signs are the forms in which functions may give a secret away.
var signs = []string{canary, "einar4k", strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(canary)), "=")}

// tellAll is a rule that writes down all that it sees.
const tellAll = `# METADATA
# title: everything
# custom:
#   id: tell-all
#   severity: high
package iaclint.rules.tell

finding contains {"at": r, "message": sprintf("%s: %v", [key, value])} if {
	some r in input.resources
	some key, value in r
}

finding contains {"at": access, "message": sprintf("%v", [access])} if {
	some r in input.resources
	some access in iaclint.who(r, "*")
}
`

// secretLines are what is run over every input: IN has the secret, OTHER has another one.
var secretLines = []string{
	"check IN", "check -v --findings complete --policy-checks all --strict IN", "check --suggest IN", "check --statistics IN", "check --show-files IN", "check --format compact IN",
	"check --all-inputs -v IN", "check --no-ignores IN", "check --new IN",
	"check --sarif-suppressed --baseline OLD --format sarif=old.sarif --format html=old.html --format json=old.json IN",
	"diff IN OTHER", "diff OTHER IN", "diff -v --policy-checks all --format text=d.txt --format markdown=d.md --format json=d.json --format sarif=d.sarif OTHER IN",
	"diff -v --policy-checks all --format text=e.txt --format markdown=e.md --format json=e.json --format sarif=e.sarif IN OTHER", "diff OLDREPORT IN", "diff OLDREPORT NEWREPORT",
	"query IN", "query -v --everyone --format text=q.txt --format json=q.json --format html=q.html IN", "query --principal * --action sqs:* IN", "query --principal 444455556666 --resource * IN",
	"who IN", "who --format json=w.json --format html=w.html IN", "what * IN", "what 444455556666 --format json=x.json --format html=x.html IN",
	"reconcile --console console.json IN", "unused --evidence evidence.json IN", "unused --evidence evidence.json --format html=u.html IN",
	"suggest IN", "suggest --format json=s.json IN", "suggest --evidence evidence.json IN", "validate-policy FILE",
	"check-no-new-access --existing-policy other.json IN", "check-access-not-granted --access actions=sqs:SendMessage IN", "check-no-public-access IN",
	"rules input IN", "baseline create --write --baseline baseline.json IN", "baseline prune --baseline first.baseline IN",
	"archive list IN", "archive export --to terraform IN", "archive export --to cli IN", "archive prune IN", "archive import FILE",
	"config show IN", "config verify", "watch IN", "suggest --write IN",
}

// A value that is marked as a secret, in code, a plan, a state or what is deployed,
// leaves no text of it in what any command prints or writes, in any format.
func TestSecretsLeaveNothing(t *testing.T) {
	archives, err := filepath.Glob(filepath.Join("testdata", "canary", "*.txtar"))
	if err != nil || len(archives) < 10 {
		t.Fatal(archives, err)
	}
	t.Setenv("GITHUB_STEP_SUMMARY", "")
	t.Setenv("IACLINT_CONFIG", "")
	tried := map[string]bool{"completion": true, "man": true, "version": true, "help": true, "explain": true} // which read no input
	for n, path := range archives {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Chdir(t.TempDir())
			write := func(name, content string) {
				t.Helper()
				if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			for _, f := range archive.Files {
				write("in/"+f.Name, string(f.Data))
				write("other/"+f.Name, strings.ReplaceAll(string(f.Data), canary, "another"))
			}
			write("rules/tell.rego", tellAll)
			write("console.json", `{"findings": [{"id": "a", "resource": "arn:aws:s3:::plain", "resourceType": "AWS::S3::Bucket", "status": "ACTIVE", "principal": {"AWS": "*"}, "action": ["s3:GetObject"], "isPublic": true, "condition": {}, "createdAt": "2026-01-01T00:00:00Z", "analyzedAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z", "resourceOwnerAccount": "111122223333"}]}`)
			write("evidence.json", `{"UserDetailList": [], "RoleDetailList": [], "GroupDetailList": [], "Policies": []}`)
			write("other.json", `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}`)
			var flags []string
			for line := range strings.Lines(string(archive.Comment)) {
				if rest, ok := strings.CutPrefix(line, "flags "); ok {
					for _, word := range strings.Fields(rest) {
						if strings.Contains(word, ".") {
							word = "in/" + word
						}
						flags = append(flags, word)
					}
				}
			}
			run := func(line string) (stdout string) {
				t.Helper()
				args := strings.Fields(line)
				tried[args[0]] = true
				for i, a := range args {
					switch a {
					case "IN":
						args[i] = "in"
					case "OTHER":
						args[i] = "other"
					case "FILE":
						args[i] = "in/" + archive.Files[0].Name
					case "OLD", "OLDREPORT":
						args[i] = map[string]string{"OLD": "first.baseline", "OLDREPORT": "other-report.json"}[a]
					case "NEWREPORT":
						args[i] = "report.json"
					}
				}
				if !strings.Contains(line, "FILE") && !strings.HasPrefix(line, "check-") && line != "config verify" {
					args = append(args, flags...)
				}
				var out, errw bytes.Buffer
				if status := runFor(args, &out, &errw); status == statusUsage {
					t.Errorf("%s: a usage error: %s", line, errw.String())
				}
				said := map[string]string{"standard output": out.String(), "standard error": errw.String()}
				err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
					if err == nil && !d.IsDir() && !strings.HasPrefix(path, "in"+string(filepath.Separator)) {
						content, err := os.ReadFile(path)
						said[path] = string(content)
						return err
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				for where, text := range said {
					for _, sign := range signs {
						if i := strings.Index(strings.ToLower(text), strings.ToLower(sign)); i >= 0 {
							t.Errorf("%s: in %s: %q", line, where, text[max(0, i-100):min(len(text), i+60)])
							if strings.Contains(where, ".") {
								_ = os.Remove(where) // or every line to come has it
							}
						}
					}
				}
				return out.String()
			}
			all := "check -v --policy-checks all --suggest --sarif-suppressed"
			for _, f := range reporters.Names() {
				all += " --format " + f + "=report." + f
			}
			run("config init IN")
			write(".iaclint.hcl", "custom_rules { rego = [\"rules\"] }\n")
			run(all + " IN")
			run("check --format json=other-report.json OTHER")
			run("baseline create --write --baseline first.baseline OTHER")
			for i, line := range secretLines {
				if !thorough() && (i+n)%8 != 0 && !strings.Contains(line, "FILE") || strings.HasPrefix(line, "watch") && !thorough() || line == "validate-policy FILE" && !strings.HasSuffix(archive.Files[0].Name, ".json") {
					continue
				}
				run(line)
			}
			var report struct {
				Findings []struct{ ID string }
			}
			if err := json.Unmarshal([]byte(run("check --format json IN")), &report); err != nil {
				t.Fatal(err)
			}
			if len(report.Findings) == 0 {
				t.Fatal("nothing is found that could tell a secret")
			}
			for i, f := range report.Findings {
				if i < 3 || i < 20 && thorough() {
					run("archive add " + f.ID + " --reason intended --owner someone --write IN")
				}
			}
			run("archive list IN")
		})
	}
	tried["watch"] = true
	for _, c := range commands() {
		if !tried[c.name] {
			t.Errorf("%s is not tried", c.name)
		}
	}
}
