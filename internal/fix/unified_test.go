package fix

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestUnified(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"a\n", "a\n", ""},
		{"", "a\n", "--- o\n+++ n\n@@ -0,0 +1 @@\n+a\n"},
		{"a\n", "", "--- o\n+++ n\n@@ -1 +0,0 @@\n-a\n"},
		{"a", "a\n", "--- o\n+++ n\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"},
		{"1\n2\n3\n4\n5\n", "1\n2\n3\n4\n5\n6\n", "--- o\n+++ n\n@@ -3,3 +3,4 @@\n 3\n 4\n 5\n+6\n"},
	} {
		if got := Unified("o", "n", c.before, c.after); got != c.want {
			t.Errorf("%q to %q: %q", c.before, c.after, got)
		}
	}
}

// What is printed is a patch: applied to the old text it gives the new one.
func TestUnifiedApplies(t *testing.T) {
	tool, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range random.IntN(30) {
			fmt.Fprintf(&b, "%d\n", random.IntN(6))
		}
		return b.String()
	}
	dir := t.TempDir()
	for range 40 {
		before, after := text(), text()
		diff := Unified("a/f", "b/f", before, after)
		if diff == "" || before == "" || after == "" {
			continue // git wants other headers for files that appear or vanish
		}
		file := filepath.Join(dir, "f")
		if err := os.WriteFile(file, []byte(before), 0o644); err != nil {
			t.Fatal(err)
		}
		command := exec.Command(tool, "apply", "-")
		command.Dir, command.Stdin = dir, strings.NewReader(diff)
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s\n%s", diff, out)
		}
		if got, _ := os.ReadFile(file); string(got) != after {
			t.Fatalf("%s\ngives %q, want %q", diff, got, after)
		}
	}
}
