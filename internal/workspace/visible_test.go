package workspace

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"
)

// Nothing of git and nothing outside the tree is read through the file system
// that loaders get, whatever name or link is tried.
func TestVisible(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	write := func(name string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("content"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	secrets := []string{".git/config", ".GIT/config", "m/.git/config", "m/.Git", ".git./config", "git~1/config", ".g\u200cit/config"}
	for _, name := range secrets {
		write(filepath.Join(dir, name))
	}
	write(filepath.Join(outside, "secret"))
	write(filepath.Join(dir, "m/n/plain.txt"))
	write(filepath.Join(dir, ".gitignore"))
	links := map[string]string{
		"m/config": "../.git/config", "m/dir": "../.git", "m/again": "config", "m/around": "n/../../.git/config", "m/n/up": "../..",
		"m/out": filepath.Join(outside, "secret"), "m/outdir": outside, "m/loop": "loop", "m/above": "../../" + filepath.Base(outside) + "/secret",
		"m/inside": "n/plain.txt", "m/n/back": "../n",
	}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	in := &Input{Abs: filepath.Join(dir, "m"), Root: dir, Path: "m", Module: true}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	of := map[string]fs.FS{"an input": in.FS(), "a walk": newVisible(root)}
	hidden := append(secrets, "m/config", "m/dir/config", "m/again", "m/around", "m/n/up/.git/config", "m/n/up/m/config", "m/out", "m/outdir/secret", "m/loop", "m/above", "../x", "/etc/passwd",
		strings.Repeat("m/n/up/", 100_000)+"m/n/plain.txt")
	for what, files := range of {
		for _, name := range hidden {
			if f, err := files.Open(name); err == nil {
				f.Close()
				t.Errorf("the file system of %s opens %s", what, name)
			}
			if _, err := fs.Stat(files, name); err == nil {
				t.Errorf("the file system of %s looks at %s", what, name)
			}
		}
		for _, name := range []string{"m/n/plain.txt", "m/inside", "m/n/back/plain.txt", "m/n/up/m/n/plain.txt", ".gitignore"} {
			content, err := fs.ReadFile(files, name)
			if err != nil || string(content) != "content" {
				t.Errorf("the file system of %s has %q, %v for %s", what, content, err, name)
			}
		}
		matches, _ := doublestar.Glob(files, "**/config", doublestar.WithNoFollow())
		for _, m := range matches {
			if m != "m/config" { // the link itself
				t.Errorf("the file system of %s finds %q", what, m)
			}
		}
	}
	for _, name := range []string{"m/config", ".git/config", "m/out"} {
		if r, err := newVisible(root).open(name); err == nil {
			content, _ := io.ReadAll(r)
			t.Errorf("a walk reads %q from %s", content, name)
		}
	}
}
