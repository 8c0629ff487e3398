package disk

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func put(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Skip("no symbolic links: ", err)
	}
}

// Whatever the name, nothing outside the tree, behind a link or in version control
// is read, written or made.
func TestTreeConfines(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "repo")
	put(t, filepath.Join(top, "outside"), "secret")
	put(t, filepath.Join(dir, ".git", "config"), "token")
	put(t, filepath.Join(dir, "sub", "a"), "a")
	link(t, "../outside", filepath.Join(dir, "out"))
	link(t, "..", filepath.Join(dir, "up"))
	link(t, "sub", filepath.Join(dir, "in"))
	link(t, "../nothing", filepath.Join(dir, "dangling"))
	for _, name := range []string{
		"", ".", "..", "../outside", "/etc/passwd", "sub/../../outside", "sub/", "sub", "out", "up/outside", "up/new", "in/a", "in/new", "dangling", "sub/a/b",
		".git/config", ".GIT/config", ".git/hooks/post-checkout", "sub/.git/config", ".git./config", ".git /config", ".git::$INDEX_ALLOCATION/config", "git~1/config", ".g\u200cit/config", ".hg/hgrc", ".svn/x", ".jj/x", ".bzr/x", "a/../.git/config",
	} {
		if content, err := Tree(dir).Read(name, 1000); err == nil || len(content) > 0 {
			t.Errorf("%q is read: %q", name, content)
		}
		if err := Tree(dir).Write(name, []byte("x")); err == nil {
			t.Errorf("%q is written", name)
		}
		if err := Tree(dir).Edit(name, func([]byte) ([]byte, error) { return []byte("x"), nil }); err == nil {
			t.Errorf("%q is edited", name)
		}
	}
	for name, want := range map[string]string{"outside": "secret", "repo/.git/config": "token", "repo/sub/a": "a"} {
		if got, err := os.ReadFile(filepath.Join(top, name)); err != nil || string(got) != want {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"new", "nothing", "repo/sub/new", "repo/.git/hooks", "repo/.hg"} {
		if _, err := os.Lstat(filepath.Join(top, name)); err == nil {
			t.Errorf("%s is made", name)
		}
	}
	if err := Tree(dir).Write("new/file", []byte("x")); err != nil {
		t.Error(err)
	}
	if err := Tree(dir).Write("more/of/them/file", []byte("x")); err == nil {
		t.Error("several directories are made")
	}
}

// A report that the operator names goes through links of the operator, and through
// none of the tree, at any depth.
func TestWriteNamed(t *testing.T) {
	top := t.TempDir()
	tree := filepath.Join(top, "tree")
	put(t, filepath.Join(top, "home", "file"), "old")
	put(t, filepath.Join(tree, "sub", "x"), "x")
	link(t, "../home", filepath.Join(tree, "dir"))
	link(t, "../../home/file", filepath.Join(tree, "sub", "file"))
	link(t, "tree/sub", filepath.Join(top, "mine"))
	link(t, "loop", filepath.Join(top, "loop"))
	for name, ok := range map[string]bool{
		"tree/dir/new": false, "tree/sub/file": false, "mine/file": false, "mine/../dir/new": false, "loop": false, "mine": false,
		"mine/report": true, "tree/report": true, "home/report": true,
	} {
		if err := WriteNamed(top+"/"+name, []byte("new"), []string{tree}); (err == nil) != ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, _ := os.ReadFile(filepath.Join(top, "home", "file")); string(got) != "old" {
		t.Error("a file outside is overwritten")
	}
}

// What a file was made like stays.
func TestEditKeeps(t *testing.T) {
	dir := t.TempDir()
	grow := Text(func(before []byte) ([]byte, error) {
		if bytes.Contains(before, []byte("\r\n")) && !bytes.Contains(bytes.ReplaceAll(before, []byte("\r\n"), nil), []byte("\n")) {
			t.Error("the edit sees CRLF")
		}
		after := string(before)
		if after != "" && !strings.HasSuffix(after, "\n") {
			after += "\n"
		}
		return []byte(after + "b\n"), nil
	})
	for before, want := range map[string]string{
		"": "b\n", "a\n": "a\nb\n", "a": "a\nb", "a\r\n": "a\r\nb\r\n", "a\r\nc": "a\r\nc\r\nb", "\ufeffa\n": "\ufeffa\nb\n", "\ufeffa\r\n": "\ufeffa\r\nb\r\n", "a\r\nc\n": "a\r\nc\nb\n",
	} {
		name := filepath.Join(dir, "f")
		if err := os.WriteFile(name, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, 0o640); err != nil {
			t.Fatal(err)
		}
		if err := Tree(dir).Edit("f", grow); err != nil {
			t.Errorf("%q: %v", before, err)
		}
		if got, _ := os.ReadFile(name); string(got) != want {
			t.Errorf("%q becomes %q, want %q", before, got, want)
		}
		if info, _ := os.Stat(name); runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
			t.Errorf("mode %s", info.Mode())
		}
	}
	if err := os.Chmod(filepath.Join(dir, "f"), 0o444); err != nil {
		t.Fatal(err)
	}
	if err := Tree(dir).Edit("f", grow); err == nil {
		t.Error("a read-only file is edited")
	}
}

// Edits at one time lose nothing.
func TestEditsQueue(t *testing.T) {
	dir := t.TempDir()
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			err := Tree(dir).Edit("f", func(before []byte) ([]byte, error) { return fmt.Appendf(before, "%d\n", i), nil })
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	content, err := os.ReadFile(filepath.Join(dir, "f"))
	if n := bytes.Count(content, []byte("\n")); err != nil || n != 20 {
		t.Errorf("%d of 20 edits are left, %v", n, err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("something is left behind: %v", entries)
	}
}
