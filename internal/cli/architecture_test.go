package cli

import (
	"encoding/json"
	"errors"
	"io"
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
		if strings.HasPrefix(p.ImportPath, module+"/cmd/") || strings.HasPrefix(p.ImportPath, module+"/internal/") || p.ImportPath == module+"/rules/rego" || strings.HasPrefix(p.ImportPath, module+"/tools/") {
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

// Imports go from the command to loaders, rules and reporters, and from these to
// analysis, which knows nothing but the standard library: it can be read, tested
// and reused without the rest.
func TestImports(t *testing.T) {
	below := map[string][]string{ // what the packages under a directory may import of ours
		"analysis":  {"analysis"},
		"loaders":   {"analysis", "loaders"},
		"rules":     {"analysis", "rules"},
		"reporters": {"analysis", "reporters"},
		"config":    {"analysis"},
		"gitfs":     {},
	}
	seen := map[string]bool{}
	for _, p := range list(t, module+"/...") {
		dir, _, _ := strings.Cut(strings.TrimPrefix(p.ImportPath, module+"/"), "/")
		allowed, ok := below[dir]
		if !ok {
			continue
		}
		seen[dir] = true
		for _, i := range p.Imports {
			target, ours := strings.CutPrefix(i, module+"/")
			target, _, _ = strings.Cut(target, "/")
			if ours && !slices.Contains(allowed, target) {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
			if host, _, _ := strings.Cut(i, "/"); !ours && dir == "analysis" && strings.Contains(host, ".") {
				t.Errorf("%s imports %s, which is not of the standard library", p.ImportPath, i)
			}
		}
	}
	if !seen["analysis"] || !seen["config"] {
		t.Error("no packages were checked")
	}
}
