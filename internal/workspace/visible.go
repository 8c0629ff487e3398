package workspace

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/iaclint/iaclint/internal/disk"
)

// visible is the file system that loaders get and that walks read: the files
// below a root without those of version control, which may hold credentials. Names are
// resolved link by link, so that neither a link nor a link to a link leads there;
// os.Root keeps what is left inside the root.
type visible struct {
	root *os.Root
	// directories holds the paths without links of the directories that names led
	// through: each step from the root is a call of the system.
	directories *sync.Map
}

func newVisible(root *os.Root) visible { return visible{root, new(sync.Map)} }

var errHidden = errors.New("files of version control are not read")

// maxLinks is how many links each part of a name may lead through.
const maxLinks = 40

// maxName is how many bytes the name of a file has at most, as on Linux.
const maxName = 4096

// resolve returns the path of a name without links.
func (v visible) resolve(name string) (string, error) {
	fail := func(err error) (string, error) { return "", &fs.PathError{Op: "open", Path: name, Err: err} }
	if !fs.ValidPath(name) || len(name) > maxName {
		return fail(fs.ErrInvalid)
	}
	at, err := v.directory(path.Dir(name))
	if err != nil {
		return "", err
	}
	links, rest := 0, []string{path.Base(name)}
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		switch {
		case part == "" || part == ".":
			continue
		case part == "..":
			if at == "." {
				return fail(errors.New("the link leads out of the tree"))
			}
			at = path.Dir(at)
			continue
		case disk.Versioned(part):
			return fail(errHidden)
		}
		next := path.Join(at, part)
		target, err := v.root.Readlink(filepath.FromSlash(next))
		if err != nil { // not a link, or nothing: opening it tells
			at = next
			continue
		}
		target = filepath.ToSlash(target)
		if links++; links > maxLinks || len(target) > maxName || filepath.IsAbs(target) || path.IsAbs(target) {
			return fail(errors.New("the link leads out of the tree, or nowhere"))
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	return at, nil
}

// directory is resolve for a directory that names lead through.
func (v visible) directory(name string) (string, error) {
	if name == "." {
		return name, nil
	}
	if at, known := v.directories.Load(name); known {
		return at.(string), nil
	}
	at, err := v.resolve(name)
	if err == nil {
		v.directories.Store(name, at)
	}
	return at, err
}

// Open opens a file or a directory. It does not wait for the writer of a FIFO.
func (v visible) Open(name string) (fs.File, error) {
	at, err := v.resolve(name)
	if err != nil {
		return nil, err
	}
	f, err := v.root.OpenFile(filepath.FromSlash(at), ReadOnly, 0)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// open opens a regular file that a walk has found.
func (v visible) open(name string) (io.ReadCloser, error) {
	at, err := v.resolve(filepath.ToSlash(name))
	if err != nil {
		return nil, err
	}
	return openRegular(v.root.OpenFile(filepath.FromSlash(at), ReadOnly, 0))
}
