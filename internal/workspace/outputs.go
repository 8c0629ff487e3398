package workspace

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/iaclint/iaclint/loaders"
)

// Roots are the directories that the inputs are confined to: what is in them is
// what is analysed, and not to be trusted.
func (in Inputs) Roots() []string {
	var out []string
	for _, list := range [][]Input{in.Files, in.Dirs} {
		for _, x := range list {
			if x.Root != "" && x.Path != StdinPath && !slices.Contains(out, x.Root) {
				out = append(out, x.Root)
			}
		}
	}
	return out
}

// Holds returns the name of the input that is the file at a path, whatever the
// name by which it is reached.
func (in Inputs) Holds(abs string) (shown string, ok bool) {
	file, err := os.Stat(abs)
	if err != nil {
		return "", false
	}
	is := func(path string) bool {
		other, err := os.Stat(path)
		return err == nil && os.SameFile(file, other)
	}
	for i := range in.Files {
		x := &in.Files[i]
		switch {
		case x.Abs == "" || x.Path == StdinPath:
		case !x.Module && is(x.Abs):
			return x.Shown, true
		case x.Module:
			entries, _ := os.ReadDir(x.Abs)
			for _, e := range entries {
				if loaders.IsModuleFile(e.Name()) && is(filepath.Join(x.Abs, e.Name())) {
					return filepath.ToSlash(filepath.Join(x.Shown, e.Name())), true
				}
			}
		}
	}
	return "", false
}
