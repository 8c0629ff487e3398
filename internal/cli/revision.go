package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/gitfs"
	"github.com/iaclint/iaclint/loaders"
)

// revision is a commit of the repository that holds the working directory. The
// paths of its files are those that they have, or would have, in the work tree.
type revision struct {
	name string // as the user named it
	root string // of the work tree
	tree *gitfs.Tree
}

// errNoRepository is what a revision needs, and is not there.
var errNoRepository = errors.New("no git repository is here, which a revision needs; a path is expected otherwise")

// repositoryOf returns the repository of a directory.
func repositoryOf(dir string) (gitfs.Repository, error) {
	root := newWalker(dir, nil, "", nil).root(dir)
	if _, err := os.Lstat(filepath.Join(root, ".git")); err != nil {
		return gitfs.Repository{}, errNoRepository
	}
	return gitfs.Repository{Root: root}, nil
}

// openRevision opens a revision; with the name of another one, the commit at
// which their histories part.
func openRevision(dir, name, since string) (*revision, error) {
	repository, err := repositoryOf(dir)
	if err != nil {
		return nil, err
	}
	commit, err := repository.Commit(name)
	if err != nil {
		return nil, err
	}
	if since != "" {
		other, err := repository.Commit(since)
		if err != nil {
			return nil, err
		}
		if commit, err = repository.MergeBase(commit, other); err != nil {
			return nil, err
		}
	}
	tree, err := repository.Open(commit)
	if err != nil {
		return nil, err
	}
	return &revision{name: name, root: repository.Root, tree: tree}, nil
}

// has returns the name in the revision of a path below its root. There is none
// for any path where there is no revision.
func (r *revision) has(abs string) (name string, ok bool) {
	if r == nil || !within(r.root, abs) {
		return "", false
	}
	name = below(r.root, abs)
	return name, fs.ValidPath(name)
}

// addRevised adds what a revision has at a path.
func (w *walker) addRevised(abs string) {
	in := w.at(abs, w.revision.root)
	in.tree, in.treePath = w.revision.tree, w.revision.root
	name, ok := w.revision.has(abs)
	if !ok {
		w.problems = append(w.problems, problem{input: in, message: fmt.Sprintf("is not below %s, which revision %q is of", below(w.cwd, w.revision.root), w.revision.name)})
		return
	}
	open := func(rel string) (io.ReadCloser, error) { return w.revision.tree.Open(filepath.ToSlash(rel)) }
	info, err := fs.Stat(w.revision.tree, name)
	if err != nil {
		w.problems = append(w.problems, problem{input: in, message: fmt.Sprintf("is not in revision %q", w.revision.name), absent: errors.Is(err, fs.ErrNotExist)})
		return
	}
	if !info.IsDir() {
		in.named = true
		in.open = func() (io.ReadCloser, error) { return open(name) }
		w.add(in)
		return
	}
	w.dirs = append(w.dirs, in)
	t := tree{walker: w, files: w.revision.tree, open: open, confine: w.revision.root, dir: in, index: len(w.dirs) - 1}
	t.walk(filepath.FromSlash(name))
	for _, submodule := range w.revision.tree.Submodules {
		at := w.at(filepath.Join(w.revision.root, filepath.FromSlash(submodule)), w.revision.root)
		if within(abs, at.abs) {
			w.problems = append(w.problems, problem{input: at, warning: true, message: fmt.Sprintf("the submodule is not read in revision %q: its objects are in another repository", w.revision.name)})
		}
	}
}

// before analyses the inputs as a revision has them, with the configuration of
// now. What is not there adds nothing; what cannot be read there is told, and all
// of its access counts as new.
func (c *checker) before(name string) (judged, int) {
	at, err := openRevision(c.directory(c.paths), name, c.flags.since())
	if err != nil {
		c.notef("%s", err)
		return judged{}, statusIncomplete
	}
	defer at.tree.Close()
	w, paths := c.walker(at), c.paths
	if w.hook { // the same inputs, whatever led to them
		w.hook, paths = false, nil
		for _, in := range c.in.files {
			paths = append(paths, in.abs)
		}
	}
	in := w.collect(paths)
	for i := range in.files {
		c.finder.of(&in.files[i])
	}
	given, unread, err := c.flags.given(c.finder.cwd, at)
	if err != nil {
		c.notef("%s", err)
		return judged{}, statusIncomplete
	}
	for _, u := range unread {
		c.notef("%s", u)
	}
	results := analyse(in.files, loaders.Load, c.flags, given)
	for _, p := range in.problems {
		if !p.absent && !p.warning {
			c.notef("%s: %s", p.input.shown, p.message)
			return judged{}, statusIncomplete
		}
	}
	for i, r := range results {
		for _, d := range r.diagnostics {
			if d.Severity == source.Error {
				c.notef("%s: in revision %q: %s; all access of it counts as new", in.files[i].shown, name, d.Message)
			}
		}
	}
	return judged{in.files, results}, statusClean
}

// directory is the one that the first of some paths is or stands in: its
// repository is the one that revisions are of.
func (c *checker) directory(paths []string) string {
	if len(paths) == 0 || paths[0] == "-" {
		return c.finder.cwd
	}
	abs := paths[0]
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(c.finder.cwd, abs)
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
