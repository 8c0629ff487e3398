package main

import (
	"archive/tar"
	"compress/gzip"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what is wanted")

// The command that refreshes the tables makes the files of testdata/want of the
// package in testdata/package.
func TestGenerate(t *testing.T) {
	name := filepath.Join(t.TempDir(), "package.tgz")
	pack(t, name, filepath.Join("testdata", "package"))
	files, err := unpack(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	want := filepath.Join("testdata", "want")
	if *update {
		dir = want
	}
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := generate(files, dir); err != nil {
		t.Fatal(err)
	}
	n := 0
	err = filepath.WalkDir(want, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		rel, _ := filepath.Rel(want, path)
		wanted, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		got, err := os.ReadFile(filepath.Join(dir, rel))
		if err != nil {
			return err
		}
		if string(got) != string(wanted) {
			t.Errorf("%s:\n%s\nwant\n%s", rel, got, wanted)
		}
		return nil
	})
	if err != nil || n != 7 {
		t.Fatal(n, err)
	}
	delete(files, "data/rcpSupportedServices.json")
	if err := generate(files, t.TempDir()); err == nil {
		t.Error("a package without a table is taken")
	}
}

// pack writes the files of a directory as npm does.
func pack(t *testing.T, name, dir string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	w := tar.NewWriter(z)
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		if err := w.WriteHeader(&tar.Header{Name: "package/" + strings.ReplaceAll(rel, `\`, "/"), Mode: 0o644, Size: int64(len(content))}); err != nil {
			return err
		}
		_, err = w.Write(content)
		return err
	})
	for _, close := range []func() error{w.Close, z.Close, f.Close} {
		if err == nil {
			err = close()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}
