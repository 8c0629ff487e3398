package terraform

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

// corpusDir returns the directory of third-party inputs, which is not part of
// the repository, or skips the test.
func corpusDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("IACLINT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		t.Skipf("no corpus at %s; set IACLINT_CORPUS to run this test", dir)
	}
	return dir
}

// roots returns the directories below one that hold root modules.
func roots(fsys fs.FS, below string) []string {
	var dirs []string
	called := map[string]bool{}
	_ = fs.WalkDir(fsys, below, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && IsModule(fsys, name) {
			dirs = append(dirs, name)
			for _, c := range Called(fsys, name, nil) {
				called[c] = true
			}
		}
		return nil
	})
	return slices.DeleteFunc(dirs, func(d string) bool { return called[d] })
}

// Real configurations are all read, and what is not is said.
func TestWildModules(t *testing.T) {
	dir := filepath.Join(corpusDir(t), "wild", "tfhcl")
	projects, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(projects) == 0 {
		t.Fatalf("no modules in %s: %v", dir, err)
	}
	read, incomplete, blocks := 0, 0, 0
	for _, project := range projects {
		root, err := os.OpenRoot(project)
		if err != nil {
			t.Fatal(err)
		}
		for _, module := range roots(root.FS(), ".") {
			l := newLoader(root.FS(), module, Options{})
			list, diags := l.blocks()
			read++
			blocks += len(list)
			failed := false
			for _, d := range diags {
				if where, pos := d.Where(); d.Severity == source.Error {
					failed = true
					t.Logf("%s: %s:%d:%d: %s", path.Join(filepath.Base(project), module), where, pos.Line, pos.Column, d.Message)
				}
			}
			if failed {
				incomplete++
			}
			for _, b := range list {
				if b.Address == "" || b.Span.IsZero() {
					t.Errorf("%s: block without address or place: %+v", module, b)
				}
			}
		}
		root.Close()
	}
	t.Logf("%d modules, %d incomplete, %d blocks", read, incomplete, blocks)
}
