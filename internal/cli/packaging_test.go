package cli

import (
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/iaclint/iaclint/analysis/archive"
)

func readYAML(t *testing.T, file string, to any) {
	t.Helper()
	content, err := os.ReadFile("../../" + file)
	if err == nil {
		err = yaml.Unmarshal(content, to)
	}
	if err != nil {
		t.Fatalf("%s: %s", file, err)
	}
}

// The hooks run commands that there are, with flags that there are, on the files
// that a walk would look at and no others.
func TestHooks(t *testing.T) {
	var hooks []struct {
		ID, Name, Entry, Language, Files, Exclude string
		Stages                                    []string
	}
	readYAML(t, ".pre-commit-hooks.yaml", &hooks)
	if len(hooks) < 5 {
		t.Fatalf("%d hooks", len(hooks))
	}
	for _, h := range hooks {
		words := strings.Fields(h.Entry)
		if path.Base(words[0]) != "iaclint" {
			t.Errorf("%s runs %s", h.ID, words[0])
		}
		if h.Language == "docker_image" {
			t.Errorf("%s runs an image of some version, not of its own", h.ID)
		}
		words = words[1:]
		if !slices.Contains(commandNames(), words[0]) {
			t.Errorf("%s runs the command %s", h.ID, words[0])
		}
		for _, w := range words {
			if name, ok := strings.CutPrefix(w, "--"); ok && checkFlags().Lookup(name) == nil {
				t.Errorf("%s has the flag %s", h.ID, w)
			}
		}
		if h.Stages != nil {
			t.Errorf("%s names stages, which old versions call otherwise", h.ID)
		}
	}
	files, exclude := regexp.MustCompile(hooks[0].Files), regexp.MustCompile(hooks[0].Exclude)
	for path, want := range map[string]bool{
		"main.tf": true, "a/b.tofu": true, "a.tf.json": true, "a/x.tfvars": true, "t.yaml": true, "t.yml": true, "s.template": true, "p.json": true, ".iaclint.hcl": true,
		"a/.iaclint.json": true, "policies/bucket.tftpl": true, "policies/p.json.tpl": true, "rules/own.rego": true, "main.go": false, "README.md": false, "live/terragrunt.hcl": true, "live/root.hcl": true, "a/.terraform/modules/m.tf": false, "node_modules/a/p.json": false, ".git/COMMIT_EDITMSG": false,
	} {
		if got := files.MatchString(path) && !exclude.MatchString(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// Nothing of a caller is put into a script of the action: it goes through the
// environment. What the scripts read is what the action sets.
func TestAction(t *testing.T) {
	var action struct {
		Inputs map[string]struct{ Description string }
		Runs   struct {
			Using string
			Steps []struct {
				Run  string
				Env  map[string]string
				With map[string]string
				If   string
			}
		}
	}
	readYAML(t, "action.yml", &action)
	if action.Runs.Using != "composite" || len(action.Runs.Steps) < 3 {
		t.Fatalf("%+v", action.Runs)
	}
	used := ""
	for _, s := range action.Runs.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("an expression in a script: %s", s.Run)
		}
		used += s.If
		for _, m := range []map[string]string{s.Env, s.With} {
			for _, v := range m {
				used += v
			}
		}
	}
	for name := range action.Inputs {
		if !strings.Contains(used, "inputs."+name) {
			t.Errorf("input %s is not used", name)
		}
	}
	for _, script := range []string{"install.sh", "check.sh"} {
		content, err := os.ReadFile("../../tools/release/" + script)
		if err != nil || !strings.Contains(string(content), "set -") {
			t.Errorf("%s: %v", script, err)
		}
	}
}

// The page about archiving has every key.
func TestArchivingPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/archiving.md")
	if err != nil {
		t.Fatal(err)
	}
	conditions := 0
	for _, key := range archive.Keys() {
		switch {
		case strings.HasPrefix(key, "condition."):
			conditions++
		case strings.HasSuffix(key, ".*"):
			key = strings.TrimSuffix(key, "*") + "KEY"
			fallthrough
		default:
			if !strings.Contains(string(page), "`"+key+"`") {
				t.Errorf("docs/archiving.md lacks %s", key)
			}
		}
	}
	if conditions != 15 {
		t.Errorf("%d keys of conditions; the page says 15", conditions)
	}
}

// Every environment variable that a test reads is in CONTRIBUTING.
func TestVariablesAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	variable, found := regexp.MustCompile(`IACLINT_[A-Z_]+[A-Z]`), map[string]bool{}
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		content, err := os.ReadFile(path)
		for _, name := range variable.FindAllString(string(content), -1) {
			found[name] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range found {
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("CONTRIBUTING.md does not name %s", name)
		}
	}
	if len(found) < 5 {
		t.Errorf("only %d variables were found", len(found))
	}
}

// What is built or run from elsewhere is pinned by its digest, or SECURITY.md says
// that it is not: in what is shipped, and in what the documents tell people to write.
// The hash of a commit of ours cannot stand in that commit.
func TestPinned(t *testing.T) {
	security, err := os.ReadFile("../../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	used := regexp.MustCompile(`(?m)(?:^[ \t]*(?:- +)?uses: +|^FROM (?:--\S+ )?)["']?([^\s"']+)`)
	pinned := regexp.MustCompile(`@(sha256:[0-9a-f]{64}|[0-9a-f]{40})$`)
	names := []string{"action.yml", ".github/workflows/ci.yml", ".github/workflows/release.yml", "Dockerfile", "README.md", "SECURITY.md", "CONTRIBUTING.md", ".pre-commit-hooks.yaml"}
	err = filepath.WalkDir("../../docs", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".md") {
			names = append(names, strings.TrimPrefix(filepath.ToSlash(path), "../../"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, name := range names {
		content, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range used.FindAllStringSubmatch(string(content), -1) {
			action, _, _ := strings.Cut(m[1], "@")
			found[action] = true
			if action != "scratch" && action != "iaclint/iaclint" && !pinned.MatchString(m[1]) && !strings.Contains(string(security), "`"+m[1]+"`") {
				t.Errorf("%s: %s is neither pinned nor listed in SECURITY.md", name, m[1])
			}
		}
	}
	for _, action := range []string{"actions/checkout", "github/codeql-action/upload-sarif", "golang:1.26", "alpine:3.22", "actions/setup-go", "actions/attest-build-provenance", "iaclint/iaclint"} {
		if !found[action] {
			t.Errorf("%s is not found", action)
		}
	}
}

// A tag is released only where changelog and documents name its version, and then
// with its section of the changelog. What the workflow publishes is what is built.
func TestReleaseOfTag(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	script, err := os.ReadFile("../../tools/release/tag.sh")
	if err != nil {
		t.Fatal(err)
	}
	write("tools/release/tag.sh", string(script))
	write("bin/go", "#!/bin/sh\nmkdir -p dist\necho \"$@\" >dist/built\n")
	write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n## 1.2.3 (2027-01-31)\n\n* news\n\n## 1.2.2\n\n* old\n")
	write("README.md", "rev: v1.2.3\n")
	write("docs/ci.md", "iaclint:1.2.3\n")
	run := func(tag string) (string, error) {
		cmd := exec.Command("bash", filepath.Join(dir, "tools/release/tag.sh"), tag, "dist")
		cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	for tag, want := range map[string]string{"v1.2.2": "is 1.2.3, not 1.2.2", "1.2.3": "is not one such as", "v1.2.3;x": "is not one such as"} {
		if out, err := run(tag); err == nil || !strings.Contains(out, want) {
			t.Errorf("%s: %v %s", tag, err, out)
		}
	}
	if out, err := run("v1.2.3"); err != nil {
		t.Fatalf("%s %s", err, out)
	}
	for name, want := range map[string]string{"built": "run tools/release/main.go -version 1.2.3 -out dist\n", "notes.md": "\n* news\n\n"} {
		if got, err := os.ReadFile(filepath.Join(dir, "dist", name)); err != nil || string(got) != want {
			t.Errorf("%s: %v %q", name, err, got)
		}
	}
	write("docs/ci.md", "iaclint:1.2.2\n")
	if out, err := run("v1.2.3"); err == nil || !strings.Contains(out, "docs/ci.md does not name 1.2.3") {
		t.Errorf("%v %s", err, out)
	}

	// The workflow runs the scripts that there are, and no expression stands in one.
	for _, name := range []string{"ci.yml", "release.yml"} {
		var workflow struct {
			Jobs map[string]struct {
				Steps []struct{ Run, Uses string }
			}
		}
		readYAML(t, ".github/workflows/"+name, &workflow)
		steps := 0
		for _, job := range workflow.Jobs {
			for _, s := range job.Steps {
				steps++
				if strings.Contains(s.Run, "${{") {
					t.Errorf("%s: an expression in a script: %s", name, s.Run)
				}
				if first, _, _ := strings.Cut(s.Run, " "); strings.HasPrefix(first, "tools/") || strings.HasPrefix(first, ".ci/") {
					if info, err := os.Stat("../../" + first); err != nil || info.Mode()&0o111 == 0 {
						t.Errorf("%s: %s cannot be run", name, first)
					}
				}
			}
		}
		if steps == 0 {
			t.Errorf("%s has no steps", name)
		}
	}
}

// The action installs the version of its own checkout: the newest one of its
// changelog.
func TestActionInstallsItsOwnVersion(t *testing.T) {
	content, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), "default: own") {
		t.Error("action.yml installs another version than its own")
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash")
	}
	script, err := filepath.Abs("../../tools/release/install.sh")
	if err != nil {
		t.Fatal(err)
	}
	for changelog, want := range map[string]string{
		"# Changelog\n\n## Unreleased\n\n* x\n\n## 1.2.3 (2027-01-31)\n\n* y\n\n## 1.2.2\n": "iaclint_1.2.3_",
		"# Changelog\n\n## 0.4.0-rc.1\n": "iaclint_0.4.0-rc.1_",
		"# Changelog\n\n## Unreleased\n": "give the version",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "CHANGELOG.md"), []byte(changelog), 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("bash", script, "own", strings.Repeat("0", 64))
		cmd.Env = append(os.Environ(), "GITHUB_ACTION_PATH="+dir, "RUNNER_TEMP="+dir, "IACLINT_RELEASES=file://"+dir)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) && !strings.Contains(string(out), "no release for") {
			t.Errorf("%q: %s, want %q", changelog, out, want)
		}
	}
}

// Every fuzz target has a row of figures in the document.
func TestDocumentListsFuzzTargets(t *testing.T) {
	page, err := os.ReadFile("../../docs/hostile-input.md")
	if err != nil {
		t.Fatal(err)
	}
	var declared, listed []string
	target := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		content, err := os.ReadFile(path)
		for _, m := range target.FindAllStringSubmatch(string(content), -1) {
			declared = append(declared, strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../../")+" "+m[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `(\\S+ Fuzz\\w+)` \\|").FindAllStringSubmatch(string(page), -1) {
		listed = append(listed, m[1])
	}
	slices.Sort(declared)
	slices.Sort(listed)
	if !slices.Equal(declared, listed) {
		t.Errorf("docs/hostile-input.md lists\n%q\nwant\n%q", listed, declared)
	}
}
