package main

import (
	"io/fs"
	"os"
	"strings"
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
