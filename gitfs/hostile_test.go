package gitfs

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// made returns the id of an object that git makes of its standard input.
func made(t *testing.T, dir, input string, args ...string) string {
	t.Helper()
	c := exec.Command("git", args...)
	c.Dir, c.Stdin = dir, strings.NewReader(input)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("git %v: %v", args, err)
	}
	return strings.TrimSpace(string(out))
}

// A few objects that hold each other list more than there is memory for: files,
// and directories without any.
func TestTreesWithoutEnd(t *testing.T) {
	for name, leaf := range map[string]string{"files": "100644 blob", "directories": "040000 tree"} {
		t.Run(name, func(t *testing.T) {
			r := repository(t, map[string]string{"a": ""})
			id := made(t, r.Root, "", "hash-object", "-w", "--stdin")
			if strings.HasSuffix(leaf, "tree") {
				id = made(t, r.Root, "", "mktree")
			}
			kind := leaf
			for range 10 {
				var tree strings.Builder
				for i := range 20 {
					fmt.Fprintf(&tree, "%s %s\t%02d\n", kind, id, i)
				}
				id, kind = made(t, r.Root, tree.String(), "mktree"), "040000 tree"
			}
			git(t, r.Root, "tag", "bomb", made(t, r.Root, "", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit-tree", id))
			commit, err := r.Commit("bomb")
			if err != nil {
				t.Fatal(err)
			}
			r.files = 2000
			if _, err = r.Open(commit); err == nil || !strings.Contains(err.Error(), "more than 2000 files") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// What git says of a repository that it refuses is shown, with what it says to do;
// what it would wait for without end, or has not got, is an error in time.
func TestRefusals(t *testing.T) {
	write := func(name, content string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	pipe := func(name string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			at := filepath.Join(dir, name)
			_ = os.Remove(at)
			if out, err := exec.Command("mkfifo", at).CombinedOutput(); err != nil {
				t.Skipf("no named pipes: %v %s", err, out)
			}
		}
	}
	for _, tt := range []struct {
		name string
		do   func(*testing.T, string)
		want string
	}{
		{"pipe in place of HEAD", pipe(".git/HEAD"), "git rev-parse printed nothing for 300ms"},
		{"pipe in place of the configuration", pipe(".git/config"), "printed nothing"},
		{"pipe in place of a branch", pipe(".git/refs/heads/main"), "printed nothing"},
		{"broken configuration", write(".git/config", "[core\n"), "bad config line 1"},
		{"unknown extension", write(".git/config", "[core]\nrepositoryformatversion = 1\n[extensions]\nx = y\n"), "unknown repository extension found"},
		{"no repository", func(t *testing.T, dir string) { _ = os.Remove(filepath.Join(dir, ".git", "HEAD")) }, "not a git repository"},
		{"another owner", func(t *testing.T, dir string) {
			for _, name := range []string{dir, filepath.Join(dir, ".git")} {
				if err := os.Chown(name, 12345, 12345); err != nil {
					t.Skipf("files cannot be given away: %v", err)
				}
			}
		}, "git config --global --add safe.directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("HOME", t.TempDir())
			r := repository(t, map[string]string{"a": "1"})
			tt.do(t, r.Root)
			if strings.HasPrefix(tt.name, "pipe") {
				r.patience = 300 * time.Millisecond
			}
			start := time.Now()
			_, err := r.Commit("HEAD")
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v", err)
			}
			if passed := time.Since(start); passed > 10*time.Second {
				t.Errorf("it took %v", passed)
			}
		})
	}
}

// A pipe in place of an object stops the reading of a revision that was opened.
func TestPipeInPlaceOfAnObject(t *testing.T) {
	r := repository(t, map[string]string{"a": "1"})
	tree := open(t, r, "HEAD")
	tree.objects.waiting = 300 * time.Millisecond
	id := made(t, r.Root, "", "rev-parse", "HEAD:a")
	object := filepath.Join(r.Root, ".git", "objects", id[:2], id[2:])
	_ = os.Remove(object)
	if err := exec.Command("mkfifo", object).Run(); err != nil {
		t.Skipf("no named pipes: %v", err)
	}
	for range 2 {
		if _, err := fs.ReadFile(tree, "a"); err == nil || !strings.Contains(err.Error(), "git cat-file printed nothing") {
			t.Errorf("got %v", err)
		}
	}
}

func TestWords(t *testing.T) {
	var w words
	fmt.Fprint(&w, "fatal: detected dubious ownership in repository at '/x'\nTo add an exception for this directory, call:\n\n\tgit config --global --add safe.directory /x\n")
	if got, want := w.String(), "detected dubious ownership in repository at '/x'; To add an exception for this directory, call: git config --global --add safe.directory /x"; got != want {
		t.Errorf("got %s", got)
	}
	for range 100 {
		fmt.Fprint(&w, strings.Repeat("x", 1000))
	}
	if got := len(w.String()); got > mostWords {
		t.Errorf("%d bytes are kept", got)
	}
}
