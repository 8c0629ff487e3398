package workspace

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A hook gives its files in any order, and twice: what is analysed, and whether a
// file counts as named, is the same.
func TestChangedFilesInAnyOrder(t *testing.T) {
	dir := t.TempDir()
	changed := []string{".iaclint.hcl", "package.json", "app/values.yaml", "policy.json", "infra/main.tf", "infra/prod.tfvars"}
	for _, name := range append(changed, "modules/queue/main.tf", ".git/HEAD") {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("{}"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	collect := func(args []string) string {
		w := NewWalker(dir, nil, "", func(*Input) bool { return true })
		w.Hook = true
		in := w.Collect(args)
		var lines []string
		for _, f := range in.Files {
			lines = append(lines, fmt.Sprintf("%s module=%v named=%v", f.Path, f.Module, f.Named))
		}
		for _, p := range in.Problems {
			lines = append(lines, p.Input.Path+": "+p.Message)
		}
		return strings.Join(lines, "\n")
	}
	for n := range len(changed) + 1 {
		args := slices.Clone(changed[n:])
		want, count := "", 0
		permutations(args, 0, func() {
			got := collect(append(slices.Clone(args), args...))
			if count++; count == 1 {
				want = got
			}
			if got != want || strings.Contains(got, "named=true") {
				t.Fatalf("%q:\n%s\nwant\n%s", args, got, want)
			}
		})
		if n == 0 && (count != 720 || !strings.Contains(want, "policy.json") || !strings.Contains(want, "module=true")) {
			t.Errorf("%d orders collect\n%s", count, want)
		}
	}
}

func permutations(list []string, from int, use func()) {
	if from >= len(list) {
		use()
		return
	}
	for i := from; i < len(list); i++ {
		list[from], list[i] = list[i], list[from]
		permutations(list, from+1, use)
		list[from], list[i] = list[i], list[from]
	}
}
