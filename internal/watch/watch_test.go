package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// watching returns a watcher of a tree and of files, and what tells whether something
// happened since it was asked last.
func watching(t *testing.T, trees, files []string) func() bool {
	t.Helper()
	w, err := New(trees, files, func(name string) bool { return name == ".git" })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), 4*Quiet)
		defer cancel()
		err := w.Wait(ctx)
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		return err == nil
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tree is a directory without links in its name.
func tree(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	return dir
}

func TestWatch(t *testing.T) {
	dir, other := tree(t), tree(t)
	write := func(name, content string) { must(t, os.WriteFile(name, []byte(content), 0o644)) }
	in := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.MkdirAll(in("a/b"), 0o755))
	must(t, os.MkdirAll(in(".git"), 0o755))
	write(in("a/b/x"), "1")
	write(filepath.Join(other, "x"), "1")
	must(t, os.Symlink(other, in("link")))
	changed := watching(t, []string{dir}, nil)
	for _, tt := range []struct {
		name string
		do   func()
		want bool
	}{
		{"nothing", func() {}, false},
		{"a file is written", func() { write(in("a/b/x"), "2") }, true},
		{"a mode", func() { must(t, os.Chmod(in("a/b/x"), 0o600)) }, false},
		{"an editor replaces a file", func() { write(in("a/b/x.tmp"), "3"); must(t, os.Rename(in("a/b/x.tmp"), in("a/b/x"))) }, true},
		{"and writes it again", func() { write(in("a/b/x"), "4") }, true},
		{"directories are made", func() { must(t, os.MkdirAll(in("n/m/o"), 0o755)); write(in("n/m/o/x"), "1") }, true},
		{"and written into", func() { write(in("n/m/o/x"), "2") }, true},
		{"a directory has another name", func() { must(t, os.Rename(in("n"), in("q"))) }, true},
		{"and is written into", func() { write(in("q/m/o/x"), "3") }, true},
		{"a directory goes", func() { must(t, os.RemoveAll(in("q"))) }, true},
		{"and is there again", func() { must(t, os.MkdirAll(in("q/m"), 0o755)) }, true},
		{"and is written into again", func() { write(in("q/m/x"), "3") }, true},
		{"git", func() { write(in(".git/index"), "1") }, false},
		{"behind a link", func() { write(filepath.Join(other, "x"), "2") }, false},
		{"a link is made", func() { must(t, os.Symlink(other, in("a/link"))) }, true},
		{"behind that", func() { write(filepath.Join(other, "x"), "3") }, false},
		{"a directory moves in", func() {
			must(t, os.MkdirAll(filepath.Join(other, "d/e"), 0o755))
			must(t, os.Rename(filepath.Join(other, "d"), in("d")))
		}, true},
		{"and is written into as well", func() { write(in("d/e/x"), "1") }, true},
	} {
		tt.do()
		if got := changed(); got != tt.want {
			t.Errorf("%s: changed is %t", tt.name, got)
		}
	}
}

// A single file is watched where it is, others beside it are not.
func TestWatchFile(t *testing.T) {
	dir := tree(t)
	name := filepath.Join(dir, "main.tf")
	must(t, os.WriteFile(name, []byte("1"), 0o644))
	changed := watching(t, nil, []string{name})
	must(t, os.WriteFile(filepath.Join(dir, "other"), []byte("1"), 0o644))
	if changed() {
		t.Error("another file is watched")
	}
	for i := range 3 {
		must(t, os.WriteFile(name+".tmp", []byte(fmt.Sprint(i)), 0o644))
		must(t, os.Rename(name+".tmp", name))
		if !changed() {
			t.Errorf("replaced for the %d. time, and not seen", i+1)
		}
	}
	must(t, os.Remove(name))
	if !changed() {
		t.Error("that it is gone is not seen")
	}
}

// The tree itself may go and be there again.
func TestWatchRoot(t *testing.T) {
	dir := filepath.Join(tree(t), "root")
	must(t, os.Mkdir(dir, 0o755))
	changed := watching(t, []string{dir}, nil)
	must(t, os.RemoveAll(dir))
	if !changed() {
		t.Error("that it is gone is not seen")
	}
	must(t, os.Mkdir(dir, 0o755))
	if !changed() {
		t.Error("that it is there again is not seen")
	}
	must(t, os.WriteFile(filepath.Join(dir, "x"), nil, 0o644))
	if !changed() {
		t.Error("it is not watched again")
	}
}

// Many changes are one, and a stream of them does not hold it up forever.
func TestDebounce(t *testing.T) {
	dir := tree(t)
	w, err := New([]string{dir}, nil, func(string) bool { return false })
	must(t, err)
	defer func() { _ = w.Close() }()
	done := make(chan struct{})
	go func() {
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			case <-time.After(Quiet / 5):
				_ = os.WriteFile(filepath.Join(dir, "x"), []byte(fmt.Sprint(i)), 0o644)
			}
		}
	}()
	began := time.Now()
	must(t, w.Wait(context.Background()))
	if took := time.Since(began); took < Longest/2 || took > 3*Longest {
		t.Errorf("told after %s", took)
	}
	close(done)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := w.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
