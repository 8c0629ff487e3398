package cli

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/iaclint/iaclint"

// pkg is what "go list" tells of a package.
type pkg struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Deps       []string
}

func list(t *testing.T, patterns ...string) []pkg {
	t.Helper()
	command := exec.Command("go", append([]string{"list", "-json=ImportPath,Standard,Imports,Deps"}, patterns...)...)
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// What is linked costs every run its initialisation.
func TestNotLinked(t *testing.T) {
	deps := list(t, module+"/cmd/iaclint")[0].Deps
	if !slices.Contains(deps, module+"/config") {
		t.Fatal("the list of dependencies is not that of the program")
	}
	for _, unwanted := range []string{
		"github.com/hashicorp/hcl/v2/gohcl", "github.com/hashicorp/hcl/v2/hclwrite", "github.com/hashicorp/hcl/v2/hclsimple",
		"github.com/google/go-cmp/cmp", "testing", "github.com/santhosh-tekuri/jsonschema/v6",
		"github.com/open-policy-agent/opa/v1/rego", "github.com/open-policy-agent/opa/v1/sdk", "github.com/open-policy-agent/opa/v1/plugins",
	} {
		if slices.Contains(deps, unwanted) {
			t.Errorf("%s is linked", unwanted)
		}
	}
}

// One package knows Open Policy Agent, whose evaluator has a network client in
// it; package rego takes it from what rules can call, and nothing of ours has a
// use for one.
func TestOnePackageRunsRego(t *testing.T) {
	found := false
	for _, p := range list(t, module+"/...") {
		for _, i := range p.Imports {
			if strings.HasPrefix(i, "github.com/open-policy-agent/") {
				if p.ImportPath != module+"/rules/rego" {
					t.Errorf("%s imports %s", p.ImportPath, i)
				}
				found = true
			}
			if strings.HasPrefix(i, "net/http") {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
		}
		if strings.HasPrefix(p.ImportPath, module+"/cmd/") || strings.HasPrefix(p.ImportPath, module+"/internal/") || p.ImportPath == module || p.ImportPath == module+"/rules/rego" || strings.HasPrefix(p.ImportPath, module+"/tools/") {
			continue
		}
		if slices.Contains(p.Deps, module+"/rules/rego") {
			t.Errorf("%s depends on the evaluator of rules", p.ImportPath)
		}
	}
	if !found {
		t.Error("nothing runs rules")
	}
}

// One package starts another program, git, so that what it may run can be read
// in one place.
func TestOnePackageStartsPrograms(t *testing.T) {
	found := false
	for _, p := range list(t, "-deps", module+"/cmd/iaclint") {
		if p.Standard || !slices.Contains(p.Imports, "os/exec") {
			continue
		}
		if p.ImportPath != module+"/gitfs" {
			t.Errorf("%s imports os/exec", p.ImportPath)
		}
		found = true
	}
	if !found {
		t.Error("nothing asks git")
	}
}

// mayImport reads the list of docs/architecture.md: what a package, and those below
// it, may import of ours.
func mayImport(t *testing.T) map[string][]string {
	t.Helper()
	content, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, ok := strings.Cut(string(content), "A test reads this list")
	if !ok {
		t.Fatal("docs/architecture.md has no list of imports")
	}
	out := map[string][]string{}
	for _, line := range strings.Split(list, "\n")[1:] {
		text, indented := strings.CutPrefix(line, "    ")
		if words := strings.Fields(text); indented && len(words) > 0 {
			out[words[0]] = words[1:]
		} else if line != "" {
			break
		}
	}
	return out
}

// room is the part of the program that a package belongs to: its first directory,
// two of them below internal.
func room(path string) string {
	rest := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
	if rest == "" {
		return "iaclint"
	}
	parts := strings.SplitN(rest, "/", 3)
	if parts[0] == "internal" {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

// Imports are those of docs/architecture.md; analysis knows nothing but the standard
// library: it can be read, tested and reused without the rest.
func TestImports(t *testing.T) {
	allowed := mayImport(t)
	seen := map[string]bool{}
	for _, p := range list(t, module+"/...") {
		from := room(p.ImportPath)
		if from == "tools" {
			continue
		}
		seen[from] = true
		below, listed := allowed[from]
		if !listed {
			t.Errorf("%s is in no room of docs/architecture.md", p.ImportPath)
		}
		for _, i := range p.Imports {
			ours := i == module || strings.HasPrefix(i, module+"/")
			if to := room(i); ours && to != from && !slices.Contains(below, to) {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
			if host, _, _ := strings.Cut(i, "/"); !ours && from == "analysis" && strings.Contains(host, ".") {
				t.Errorf("%s imports %s, which is not of the standard library", p.ImportPath, i)
			}
		}
	}
	for from := range allowed {
		if !seen[from] {
			t.Errorf("docs/architecture.md lists %s, which is not there", from)
		}
	}
}

// Few packages open files or ask the operating system, so that everything else can be
// run and tested on values.
func TestFewPackagesTouchTheDisk(t *testing.T) {
	for _, p := range list(t, module+"/...") {
		switch room(p.ImportPath) {
		case "internal/cli", "internal/workspace", "internal/fix", "internal/disk", "internal/memory", "internal/watch", "gitfs", "cmd", "tools":
			continue
		}
		for _, i := range []string{"os", "syscall"} {
			if slices.Contains(p.Imports, i) {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
		}
	}
}
