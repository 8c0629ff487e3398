package gitfs

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// repository makes a repository with one commit of some files; a name that ends
// in "@" is a link to its content.
func repository(t *testing.T, files map[string]string) Repository {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: revisions cannot be read")
	}
	dir := t.TempDir()
	git(t, dir, "init", "-q", "-b", "main")
	commit(t, dir, files)
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	return Repository{Root: real}
}

func commit(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		at := filepath.Join(dir, filepath.FromSlash(strings.TrimSuffix(name, "@")))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		write := func() error { return os.WriteFile(at, []byte(content), 0o644) }
		if strings.HasSuffix(name, "@") {
			write = func() error { return os.Symlink(content, at) }
		}
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-q", "-m", "files")
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	c := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"}, args...)...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func open(t *testing.T, r Repository, revision string) *Tree {
	t.Helper()
	id, err := r.Commit(revision)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := r.Open(id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tree.Close() })
	return tree
}

func TestTree(t *testing.T) {
	r := repository(t, map[string]string{"a.json": "{}", "dir/b.tf": "b", "dir/sub/c": "", "name with\nbreak": "x", "link@": "dir/b.tf", "to@": "dir", "out@": "../x", "abs@": "/etc/passwd", "loop@": "loop"})
	tree := open(t, r, "HEAD")
	if err := os.RemoveAll(filepath.Join(r.Root, "dir")); err != nil {
		t.Fatal(err) // the work tree does not matter
	}
	read := func(name, want string) {
		t.Helper()
		got, err := fs.ReadFile(tree, name)
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	read("a.json", "{}")
	read("dir/b.tf", "b")
	read("dir/sub/c", "")
	read("name with\nbreak", "x")
	read("link", "b")
	read("to/b.tf", "b")
	read("to/sub/c", "")
	for _, name := range []string{"out", "abs", "loop", "../a.json", "nothing", "a.json/x", "dir/"} {
		if _, err := fs.ReadFile(tree, name); err == nil {
			t.Errorf("%s can be read", name)
		}
	}
	entries, err := fs.ReadDir(tree, "dir")
	if err != nil || len(entries) != 2 || entries[0].Name() != "b.tf" || !entries[1].IsDir() {
		t.Errorf("dir: %v, %v", entries, err)
	}
}

// What the standard library demands of a file system.
func TestIsFileSystem(t *testing.T) {
	r := repository(t, map[string]string{"a.json": "{}", "dir/b.tf": "b", "dir/sub/c": ""})
	tree := open(t, r, "main")
	if err := fstest.TestFS(statted{tree}, "a.json", "dir/b.tf", "dir/sub/c"); err != nil {
		t.Error(err)
	}
}

// statted is the tree without its Stat, which does not know sizes.
type statted struct{ fs.FS }

func TestCommit(t *testing.T) {
	r := repository(t, map[string]string{"a": "1"})
	git(t, r.Root, "tag", "v1")
	commit(t, r.Root, map[string]string{"a": "2"})
	for _, tt := range []struct{ revision, want string }{{"v1", "1"}, {"HEAD", "2"}, {"HEAD~1", "1"}, {"main", "2"}} {
		if got, err := fs.ReadFile(open(t, r, tt.revision), "a"); err != nil || string(got) != tt.want {
			t.Errorf("%s: %q, %v", tt.revision, got, err)
		}
	}
	for _, name := range []string{"", "nowhere", "--help", "-v", "--output=x", "HEAD:a", "a\nb", "HEAD^{tree}"} {
		if id, err := r.Commit(name); err == nil {
			t.Errorf("%q is commit %s", name, id)
		}
	}
	if _, err := r.Commit("nowhere"); err == nil || !strings.Contains(err.Error(), "git fetch origin") {
		t.Errorf("no help: %v", err)
	}
	a, _ := r.Commit("v1")
	b, _ := r.Commit("HEAD")
	if base, err := r.MergeBase(a, b); err != nil || base != a {
		t.Errorf("merge base %s, %v", base, err)
	}
}

func TestShallow(t *testing.T) {
	r := repository(t, map[string]string{"a": "1"})
	commit(t, r.Root, map[string]string{"a": "2"})
	clone := t.TempDir()
	git(t, clone, "clone", "-q", "--depth", "1", "file://"+r.Root, "c")
	_, err := Repository{Root: filepath.Join(clone, "c")}.Commit("HEAD~1")
	if err == nil || !strings.Contains(err.Error(), "git fetch --unshallow") || !strings.Contains(err.Error(), "fetch-depth: 0") {
		t.Errorf("no help: %v", err)
	}
}

// A partial clone would fetch what it lacks, with whatever program its
// configuration names.
func TestNothingIsFetchedOrRun(t *testing.T) {
	r := repository(t, map[string]string{"a": "1"})
	git(t, r.Root, "config", "uploadpack.allowFilter", "true")
	clone := t.TempDir()
	git(t, clone, "clone", "-q", "--no-checkout", "--filter=blob:none", "file://"+r.Root, "c")
	c := Repository{Root: filepath.Join(clone, "c")}
	mark := filepath.Join(clone, "ran")
	program := filepath.Join(clone, "program")
	if err := os.WriteFile(program, []byte("#!/bin/sh\ntouch "+mark+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for key, value := range map[string]string{"core.fsmonitor": program, "core.sshCommand": program, "core.pager": program, "remote.origin.uploadpack": program, "core.hooksPath": clone, "filter.x.smudge": program, "diff.external": program, "alias.ls-tree": "!" + program} {
		git(t, c.Root, "config", key, value)
	}
	if err := os.WriteFile(filepath.Join(c.Root, ".git", "info", "attributes"), []byte("* filter=x\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(mark); err == nil {
		_ = os.Remove(mark) // by the commands of the test itself
	}
	tree := open(t, c, "HEAD")
	if content, err := fs.ReadFile(tree, "a"); err == nil || !strings.Contains(err.Error(), "git fetch --refetch") {
		t.Errorf("the clone has no blobs: %q, %v", content, err)
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("a program of the repository's configuration was run")
	}
	// The same repository with all objects at hand: nothing is run either.
	git(t, r.Root, "config", "core.fsmonitor", program)
	_ = os.Remove(mark)
	if content, err := fs.ReadFile(open(t, r, "HEAD"), "a"); err != nil || string(content) != "1" {
		t.Errorf("%q, %v", content, err)
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("a program of the repository's configuration was run")
	}
}

func TestSubmodules(t *testing.T) {
	inner := repository(t, map[string]string{"x": "1"})
	r := repository(t, map[string]string{"a": "1"})
	git(t, r.Root, "submodule", "add", "-q", inner.Root, "modules/inner")
	git(t, r.Root, "commit", "-q", "-m", "submodule")
	if tree := open(t, r, "HEAD"); !slices.Equal(tree.Submodules, []string{"modules/inner"}) {
		t.Errorf("%v", tree.Submodules)
	}
}

func TestWithoutGit(t *testing.T) {
	r := repository(t, map[string]string{"a": "1"})
	t.Setenv("PATH", "")
	if _, err := r.Commit("HEAD"); !errors.Is(err, ErrNoGit) {
		t.Errorf("got %v", err)
	}
}

// What surrounds a hook does not lead elsewhere.
func TestEnvironment(t *testing.T) {
	r := repository(t, map[string]string{"a": "1"})
	t.Setenv("GIT_DIR", t.TempDir())
	t.Setenv("GIT_INDEX_FILE", "/nowhere")
	if _, err := r.Commit("HEAD"); err != nil {
		t.Error(err)
	}
}
