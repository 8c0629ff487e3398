package cli

import (
	"io/fs"
	"os"
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
		if h.Language == "docker_image" {
			words = words[1:]
		} else if words[0] != "iaclint" {
			t.Errorf("%s runs %s", h.ID, words[0])
		} else {
			words = words[1:]
		}
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
		"a/.iaclint.json": true, "main.go": false, "README.md": false, "x.hcl": false, "a/.terraform/modules/m.tf": false, "node_modules/a/p.json": false, ".git/COMMIT_EDITMSG": false,
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
		case key == "iaclint:condition.*":
			key = "iaclint:condition.KEY"
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
