package cli

import (
	"os"
	"path/filepath"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
)

// before analyses the inputs as a revision has them, with the configuration of
// now. What is not there adds nothing; what cannot be read there is told, and all
// of its access counts as new.
func (c *checker) before(name string) (*scan.Run, error) {
	at, err := workspace.OpenRevision(c.directory(c.paths), name, c.flags.since())
	if err != nil {
		return nil, failed(statusIncomplete, "%s", err)
	}
	defer at.Tree.Close()
	w, paths := c.walker(at), c.paths
	if w.Hook { // the same inputs, whatever led to them
		w.Hook, paths = false, nil
		for _, in := range c.in.Files {
			paths = append(paths, in.Abs)
		}
	}
	in := w.Collect(paths)
	for i := range in.Files {
		c.finder.Of(&in.Files[i])
	}
	given, unread, err := c.flags.values().Read(c.finder.Cwd, at)
	if err != nil {
		return nil, failed(statusIncomplete, "%s", err)
	}
	for _, u := range unread {
		c.notef("%s", u)
	}
	o := c.scan()
	o.Given = given
	before := scan.Over(in, o)
	for _, p := range in.Problems {
		if !p.Absent && !p.Warning {
			return nil, failed(statusIncomplete, "%s: %s", p.Input.Shown, p.Message)
		}
	}
	for i, r := range before.Results {
		for _, d := range r.Diagnostics {
			if d.Severity == source.Error {
				c.notef("%s: in revision %q: %s; all access of it counts as new", in.Files[i].Shown, name, d.Message)
			}
		}
	}
	return before, nil
}

// directory is the one that the first of some paths is or stands in: its
// repository is the one that revisions are of.
func (c *checker) directory(paths []string) string {
	if len(paths) == 0 || paths[0] == "-" {
		return c.finder.Cwd
	}
	abs := paths[0]
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(c.finder.Cwd, abs)
	}
	if info, err := os.Stat(abs); err == nil && info.IsDir() {
		return filepath.Clean(abs)
	}
	return filepath.Dir(abs)
}

// since is the revision whose history counts for --merge-base: that of now.
func (f *flags) since() string {
	if f.mergeBase {
		return "HEAD"
	}
	return ""
}
