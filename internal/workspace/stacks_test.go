package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is not read is named, once a file.
func TestStacksFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"main.tf", "a.tfstack.hcl", "b.tfcomponent.hcl", "c.tfdeploy.hcl", "d.tfcomponent.json", "tfstack.hcl", "e.hcl"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("# x\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	in := NewWalker(dir, nil, "", func(*Input) bool { return true }).Collect([]string{"."})
	var got []string
	for _, p := range in.Problems {
		if p.Warning || !strings.Contains(p.Message, "Terraform Stacks are not read") {
			t.Errorf("%s: %s", p.Input.Path, p.Message)
		}
		got = append(got, p.Input.Path)
	}
	if want := "a.tfstack.hcl b.tfcomponent.hcl c.tfdeploy.hcl d.tfcomponent.json"; strings.Join(got, " ") != want {
		t.Errorf("named %q, want %s", got, want)
	}
}
