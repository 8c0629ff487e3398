package workspace

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The addresses of a repository are read of a configuration that is there, and
// never through a link: neither of the file, nor of its directory.
func TestRepositoryFollowsNoLink(t *testing.T) {
	const settings = "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = https://github.com/acme/secret.git\n"
	outside := t.TempDir()
	write := func(t *testing.T, name string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(settings), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(outside, "config"))
	tests := []struct {
		name string
		make func(t *testing.T, root string) error
		want bool
	}{
		{"a file", func(t *testing.T, root string) error { write(t, filepath.Join(root, ".git/config")); return nil }, true},
		{"no repository", func(*testing.T, string) error { return nil }, false},
		{"a link out", func(_ *testing.T, root string) error {
			return errorsOf(os.Mkdir(filepath.Join(root, ".git"), 0o755), os.Symlink(filepath.Join(outside, "config"), filepath.Join(root, ".git/config")))
		}, false},
		{"a link inside", func(t *testing.T, root string) error {
			write(t, filepath.Join(root, "config"))
			return errorsOf(os.Mkdir(filepath.Join(root, ".git"), 0o755), os.Symlink("../config", filepath.Join(root, ".git/config")))
		}, false},
		{"a link beside", func(t *testing.T, root string) error {
			write(t, filepath.Join(root, ".git/other"))
			return os.Symlink("other", filepath.Join(root, ".git/config"))
		}, false},
		{"a linked directory", func(_ *testing.T, root string) error {
			return os.Symlink(outside, filepath.Join(root, ".git"))
		}, false},
		{"a directory", func(_ *testing.T, root string) error {
			return os.MkdirAll(filepath.Join(root, ".git/config"), 0o755)
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := t.TempDir()
			if err := tt.make(t, root); err != nil {
				t.Skip(err)
			}
			got := (&Input{Root: root}).Repository()
			if want := []string{"github.com/acme/secret"}; tt.want != slices.Equal(got, want) || !tt.want && got != nil {
				t.Errorf("got %q", got)
			}
		})
	}
}

// errorsOf returns the first error.
func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
