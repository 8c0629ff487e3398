package cli

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"time"
)

// fsys is what the input may refer to: the files below its root, under the
// paths that reports show. It is nil for standard input.
func (in *input) fsys() fs.FS {
	if in.abs == "" || in.path == stdinPath {
		return nil
	}
	var files fs.FS = rooted(in.root)
	at := in.root
	if in.tree != nil {
		files, at = in.tree, in.treePath
	}
	// The path of the input ends with its path below the tree's directory; what
	// stands before is what reports add.
	below := below(at, in.abs)
	prefix, ok := strings.CutSuffix(in.path, below)
	if below == "." && in.path != "." {
		prefix, ok = in.path, true
	}
	if !ok {
		return nil
	}
	if prefix = strings.TrimSuffix(prefix, "/"); prefix == "" {
		return files
	}
	return prefixed{files, prefix + "/"}
}

// rooted is a directory that is opened for each file that is asked for: of the
// many files that a command line can name, few refer to others.
type rooted string

func (r rooted) Open(name string) (fs.File, error) {
	root, err := os.OpenRoot(string(r))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.FS().Open(name)
}

// prefixed is a file system whose files have a prefix before their names.
type prefixed struct {
	fs.FS
	prefix string
}

func (p prefixed) Open(name string) (fs.File, error) {
	rest, ok := strings.CutPrefix(name, p.prefix)
	if name+"/" == p.prefix {
		rest, ok = ".", true
	}
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return p.FS.Open(rest)
}

// edits are contents of files, by their paths in reports, that are not written
// yet. They are read in the place of what the files have.
type edits map[string][]byte

// over is a file system with the edits in it.
func (e edits) over(files fs.FS) fs.FS {
	if len(e) == 0 || files == nil {
		return files
	}
	return editing{files, e}
}

type editing struct {
	fs.FS
	edits
}

func (e editing) Open(name string) (fs.File, error) {
	content, ok := e.edits[name]
	if !ok {
		return e.FS.Open(name)
	}
	return &editedFile{bytes.NewReader(content), path.Base(name), int64(len(content))}, nil
}

// editedFile is open, with its content at hand.
type editedFile struct {
	*bytes.Reader
	name string
	size int64
}

func (f *editedFile) Stat() (fs.FileInfo, error) { return editedInfo{f.name, f.size}, nil }
func (f *editedFile) Close() error               { return nil }

type editedInfo struct {
	name string
	size int64
}

func (i editedInfo) Name() string       { return i.name }
func (i editedInfo) Size() int64        { return i.size }
func (i editedInfo) Mode() fs.FileMode  { return 0o444 }
func (i editedInfo) ModTime() time.Time { return time.Time{} }
func (i editedInfo) IsDir() bool        { return false }
func (i editedInfo) Sys() any           { return nil }

// opened are the names of the files that an input has asked for.
type opened struct{ names sync.Map }

// of is a file system that notes what is asked for.
func (o *opened) of(files fs.FS) fs.FS {
	if o == nil || files == nil {
		return files
	}
	return noting{files, o}
}

func (o *opened) has(name string) bool {
	_, ok := o.names.Load(name)
	return ok
}

type noting struct {
	fs.FS
	opened *opened
}

func (n noting) Open(name string) (fs.File, error) {
	n.opened.names.Store(name, true)
	return n.FS.Open(name)
}
