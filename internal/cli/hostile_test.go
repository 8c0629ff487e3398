package cli

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/iaclint/iaclint/analysis/escape"
)

// secretWord stands in every file that is not to be read.
const secretWord = "token-that-nobody-sees"

// hostileRepository copies testdata/hostile, with what no repository can hold
// beside it: links, a .git, and a directory outside. It returns the latter's and the
// repository's paths.
func hostileRepository(t *testing.T) (outside, repo string) {
	t.Helper()
	top := t.TempDir()
	outside, repo = filepath.Join(top, "outside"), filepath.Join(top, "repo")
	if err := os.CopyFS(repo, os.DirFS(filepath.Join("..", "..", "testdata", "hostile"))); err != nil {
		t.Fatal(err)
	}
	policy := `{"Version": "2012-10-17", "Statement": [{"Sid": "` + secretWord + `", "Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}]}`
	for name, content := range map[string]string{
		filepath.Join(repo, ".git", "config"):             "[remote \"origin\"]\n\turl = https://" + secretWord + "@github.com/a/b.git\n[http]\n\textraheader = " + secretWord + "\n",
		filepath.Join(outside, "secret.json"):             policy,
		filepath.Join(outside, "secret.yaml"):             "Resources:\n  Secret:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n      Queues: [" + secretWord + "]\n      PolicyDocument: " + policy + "\n",
		filepath.Join(outside, "main.tf"):                 "resource \"aws_sqs_queue\" \"secret\" {\n  policy = <<E\n" + policy + "\nE\n}\n",
		filepath.Join(outside, "rules", "r.rego"):         "package iaclint.rules.secret\n# " + secretWord + "\nfindings contains 1\n",
		filepath.Join(outside, ".bashrc"):                 secretWord,
		filepath.Join(outside, "baseline.json"):           `{"version": 1, "findings": [{"id": "` + secretWord + `"}]}`,
		filepath.Join(outside, "iaclint.hcl"):             "# " + secretWord + "\n",
		filepath.Join(outside, "evidence", "users.json"):  `{"UserDetailList": [{"UserName": "` + secretWord + `"}]}`,
		filepath.Join(outside, "terraform.tfvars"):        "secret = \"" + secretWord + "\"\n",
		filepath.Join(outside, "modules", "modules.json"): `{"Modules": [{"Key": "` + secretWord + `"}]}`,
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{
		"link": "../outside", "link.json": "../outside/secret.json", "report.json": "../outside/.bashrc", "baseline.json": "../outside/baseline.json",
		"good/linked.json": "../../outside/secret.json", "reads/.terraform": "../../outside", "reads/terraform.tfvars": "../../outside/terraform.tfvars",
		"loop": "loop", "good/up": "..", "git": ".git", "git.json": ".git/config",
	} {
		if err := os.Symlink(target, filepath.Join(repo, name)); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	return outside, repo
}

// contents returns all files of directories, by name.
func contents(t *testing.T, dirs ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				out[path] = ""
				return err
			}
			content, err := os.ReadFile(path)
			out[path] = string(content)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// A repository that a stranger sends neither reads nor writes outside of itself,
// nor prints an escape, whatever command runs over it.
func TestHostileRepository(t *testing.T) {
	t.Setenv("GITHUB_STEP_SUMMARY", "")
	t.Setenv("SOURCE_DATE_EPOCH", "1767323045")
	for _, tt := range []struct {
		name       string
		configured bool
		lines      map[int][]string // by exit status
	}{
		{"without its configuration", false, map[int][]string{
			0: {"check good/policy.json --exit-zero", "config init --help", "rules list", "explain public-read", "version", "man", "help", "completion bash", "config schema", "validate-policy good/policy.json", "unused --evidence evidence.json good/policy.json", "watch good", "watch ."},
			1: {"check good", "who good", "what * good", "check good --format json", "check words/template.json", "check-no-public-access --policy good/policy.json --resource-type AWS::S3::Bucket", "check-access-not-granted --access actions=s3:GetObject --policy good/policy.json", "diff broken/none.json good/policy.json", "check good --format sarif"},
			2: {"check good/policy.json --format json=report.json", "check good/policy.json --output link/new.json", "check good/policy.json --output git/hooks/post-checkout", "baseline create --write --baseline baseline.json good", "rules new link/r.rego", "config verify iaclint.hcl.txt", "check --config iaclint.hcl.txt good", "rules test rules"},
			3: {"check bombs", "check", "archive list", "check .", "who .", "check reads/main.tf reads", "check broken", "suggest --write .", "query --principal * .", "rules input .", "reconcile --console evidence.json .", "check-no-new-access --existing-policy good/policy.json --new-policy broken/cut.json", "archive import broken"},
		}},
		{"with its configuration", true, map[int][]string{
			2: {"check", "check good", "who good", "what * good", "query --principal * good", "suggest good", "suggest --write good", "diff good good", "reconcile --console evidence.json good", "unused --evidence evidence.json good", "watch good", "rules input good", "archive list", "archive export", "archive prune .", "baseline create --write good", "baseline prune good", "config show"},
			1: {"check good --no-config"},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			outside, repo := hostileRepository(t)
			t.Chdir(repo)
			if tt.configured {
				if err := os.Rename("iaclint.hcl.txt", ".iaclint.hcl"); err != nil {
					t.Fatal(err)
				}
			} else if err := os.WriteFile(filepath.Join("broken", "none.json"), []byte(`{"Version": "2012-10-17", "Statement": []}`), 0o644); err != nil {
				t.Fatal(err)
			}
			if !thorough() { // bombs take a second of each command that meets them
				if err := os.RemoveAll("bombs"); err != nil {
					t.Fatal(err)
				}
			}
			before := contents(t, outside, ".git")
			tried := map[string]bool{}
			for status := range 4 { // what writes comes last
				for _, line := range tt.lines[status] {
					if line == "check bombs" && !thorough() {
						continue
					}
					args := strings.Fields(line)
					tried[args[0]] = true
					var out, errw bytes.Buffer
					if got := runFor(args, &out, &errw); got != status {
						t.Errorf("%s: status %d, expected %d\n%.2000s", line, got, status, errw.String())
					}
					for stream, text := range map[string]string{"output": out.String(), "error": errw.String()} {
						if bad := unsafe(text); bad != "" {
							t.Errorf("%s: standard %s has %q", line, stream, bad)
						}
						if at := strings.Index(text, secretWord); at >= 0 {
							t.Errorf("%s: standard %s has what is outside: %q", line, stream, text[max(0, at-200):min(len(text), at+100)])
						}
					}
					if after := contents(t, outside, ".git"); !sameContents(before, after) {
						t.Fatalf("%s: wrote outside: %v", line, after)
					}
				}
			}
			for _, c := range commands() {
				if !tt.configured && !tried[c.name] {
					t.Errorf("%s is not tried", c.name)
				}
			}
		})
	}
}

// runFor runs a command line; one that does not end by itself is ended.
func runFor(args []string, out, errw io.Writer) int {
	if args[0] != "watch" {
		return Run(args, strings.NewReader(""), out, errw)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer time.AfterFunc(2*time.Second, cancel).Stop()
	stdout := &sink{to: out}
	p := &program{in: strings.NewReader(""), out: escape.NewWriter(stdout), errw: escape.NewWriter(errw), stdout: stdout, stderr: errw}
	status := endOf(p.watchUntil(ctx, args[1:])).status
	_, _ = p.out.Flush(), p.errw.Flush()
	return status
}

func sameContents(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, content := range a {
		if got, ok := b[name]; !ok || got != content {
			return false
		}
	}
	return true
}
