package policyjson

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

// corpus returns the directory of third-party inputs, which is not part of the
// repository.
func corpus(t *testing.T) string {
	dir := os.Getenv("IACLINT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no corpus: %v (set IACLINT_CORPUS)", err)
	}
	return dir
}

// Every JSON file of the corpus is read or refused with a message; every bare
// policy among the labelled ones is one policy without error.
func TestCorpus(t *testing.T) {
	dir := corpus(t)
	read := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		stack := Load(source.NewFile(filepath.ToSlash(path), content), Options{})
		checkStack(t, stack)
		if len(stack.Resources) == 0 && len(stack.Diagnostics) == 0 {
			t.Errorf("%s: neither resource nor diagnostic", path)
		}
		if isPolicyCase(filepath.ToSlash(path)) {
			read++
			if len(stack.Resources) != 1 {
				t.Errorf("%s: %d resources, want 1: %v", path, len(stack.Resources), stack.Diagnostics)
			}
			for _, x := range stack.Diagnostics {
				if x.Severity == source.Error {
					t.Errorf("%s: %s", path, x.Message)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read == 0 {
		t.Fatal("no policy among the corpus")
	}
}

func isPolicyCase(path string) bool {
	for _, part := range []string{"/labelled/policyuniverse/", "/labelled/awsdocs/", "/labelled/accessrefinery/", "/bench/"} {
		if strings.Contains(path, part) && !strings.HasSuffix(path, ".findings.json") {
			return true
		}
	}
	return false
}
