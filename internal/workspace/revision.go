package workspace

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/iaclint/iaclint/gitfs"
)

// Revision is a commit of the repository that holds the working directory. The
// paths of its files are those that they have, or would have, in the work tree.
type Revision struct {
	name string // as the user named it
	root string // of the work tree
	Tree *gitfs.Tree
}

// ErrNoRepository is what a revision needs, and is not there.
var ErrNoRepository = errors.New("no git repository is here, which a revision needs; a path is expected otherwise")

// repositoryOf returns the repository of a directory.
func repositoryOf(dir string) (gitfs.Repository, error) {
	root := RootOf(dir)
	if _, err := os.Lstat(filepath.Join(root, ".git")); err != nil {
		return gitfs.Repository{}, ErrNoRepository
	}
	return gitfs.Repository{Root: root}, nil
}

// OpenRevision opens a revision; with the name of another one, the commit at
// which their histories part.
func OpenRevision(dir, name, since string) (*Revision, error) {
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
	return &Revision{name: name, root: repository.Root, Tree: tree}, nil
}

// has returns the name in the revision of a path below its root. There is none
// for any path where there is no revision.
func (r *Revision) has(abs string) (name string, ok bool) {
	if r == nil || !Within(r.root, abs) {
		return "", false
	}
	name = Below(r.root, abs)
	return name, fs.ValidPath(name)
}

// addRevised adds what a revision has at a path.
func (w *Walker) addRevised(abs string) {
	in := w.at(abs, w.Revision.root)
	in.tree, in.treePath = w.Revision.Tree, w.Revision.root
	name, ok := w.Revision.has(abs)
	if !ok {
		w.Problems = append(w.Problems, Problem{Input: in, Message: fmt.Sprintf("is not below %s, which revision %q is of", Below(w.cwd, w.Revision.root), w.Revision.name)})
		return
	}
	open := func(rel string) (io.ReadCloser, error) { return w.Revision.Tree.Open(filepath.ToSlash(rel)) }
	info, err := fs.Stat(w.Revision.Tree, name)
	if err != nil {
		w.Problems = append(w.Problems, Problem{Input: in, Message: fmt.Sprintf("is not in revision %q", w.Revision.name), Absent: errors.Is(err, fs.ErrNotExist)})
		return
	}
	if !info.IsDir() {
		in.Named = true
		in.open = func() (io.ReadCloser, error) { return open(name) }
		w.add(in)
		return
	}
	w.Dirs = append(w.Dirs, in)
	t := tree{Walker: w, files: w.Revision.Tree, open: open, confine: w.Revision.root, dir: in, index: len(w.Dirs) - 1}
	t.walk(filepath.FromSlash(name))
	for _, submodule := range w.Revision.Tree.Submodules {
		at := w.at(filepath.Join(w.Revision.root, filepath.FromSlash(submodule)), w.Revision.root)
		if Within(abs, at.Abs) {
			w.Problems = append(w.Problems, Problem{Input: at, Warning: true, Message: fmt.Sprintf("the submodule is not read in revision %q: its objects are in another repository", w.Revision.name)})
		}
	}
}
