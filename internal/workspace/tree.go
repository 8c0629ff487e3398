package workspace

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/loaders/terraform"
)

// FS is what the input may refer to: the files below its root, under the
// paths that reports show. It is nil for standard input.
func (in *Input) FS() fs.FS {
	if in.Abs == "" || in.Path == StdinPath {
		return nil
	}
	var files fs.FS = newRooted(in.Root)
	at := in.Root
	if in.tree != nil {
		files, at = in.tree, in.treePath
	}
	// The path of the input ends with its path below the tree's directory; what
	// stands before is what reports add.
	below := Below(at, in.Abs)
	prefix, ok := strings.CutSuffix(in.Path, below)
	if below == "." && in.Path != "." {
		prefix, ok = in.Path, true
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
type rooted struct {
	dir         string
	directories *sync.Map // those of visible
}

func newRooted(dir string) rooted { return rooted{dir, new(sync.Map)} }

func (r rooted) Open(name string) (fs.File, error) {
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return visible{root, r.directories}.Open(name)
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

// Edits are contents of files, by their paths in reports, that are not written
// yet. They are read in the place of what the files have.
type Edits map[string][]byte

// Over is a file system with the edits in it.
func (e Edits) Over(files fs.FS) fs.FS {
	if len(e) == 0 || files == nil {
		return files
	}
	return editing{files, e}
}

type editing struct {
	fs.FS
	Edits
}

func (e editing) Open(name string) (fs.File, error) {
	content, ok := e.Edits[name]
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

// Opened are the names of the files that an input has asked for.
type Opened struct{ names sync.Map }

// Of is a file system that notes what is asked for.
func (o *Opened) Of(files fs.FS) fs.FS {
	if o == nil || files == nil {
		return files
	}
	return noting{files, o}
}

func (o *Opened) Has(name string) bool {
	_, ok := o.names.Load(name)
	return ok
}

// Each calls f with every name, in the file system of the input.
func (o *Opened) Each(f func(name string)) {
	o.names.Range(func(name, _ any) bool { f(name.(string)); return true })
}

type noting struct {
	fs.FS
	opened *Opened
}

func (n noting) Open(name string) (fs.File, error) {
	n.opened.names.Store(name, true)
	return n.FS.Open(name)
}

// Source is the module that a plan was made from: that of a directory that the
// user names, or of the plan's own.
func (in *Input) Source(named string) (module Input, ok bool) {
	module = *in
	module.Module, module.Named = true, true
	module.Abs, module.Path = filepath.Dir(in.Abs), path.Dir(in.Path)
	if named != "" {
		abs, err := filepath.Abs(named)
		if err != nil {
			return module, false
		}
		module.tree = nil
		if !Within(in.Root, abs) {
			module.Root = abs
		}
		module.Abs, module.Path = abs, Below(module.Root, abs)
	}
	files := module.FS()
	return module, files != nil && terraform.IsModule(files, module.Path)
}

// And are the edits with others that they do not concern.
func (e Edits) And(others Edits) Edits {
	out := Edits{}
	for name, content := range others {
		out[name] = content
	}
	for name, content := range e {
		out[name] = content
	}
	return out
}

// OfTree collects what a walk of a file system finds, all under one configuration.
// It starts at the file system's root, which is what inputs are confined to.
func OfTree(files fs.FS, s *Settings) Inputs {
	w := NewWalker("/", nil, "", func(in *Input) bool { return s.Config.Walks(s.Path(in)) })
	dir := Input{Abs: "/", Root: "/", Path: ".", Shown: ".", Dir: -1, tree: files, treePath: "/"}
	w.Dirs = []Input{dir}
	open := func(rel string) (io.ReadCloser, error) { return files.Open(filepath.ToSlash(rel)) }
	t := tree{Walker: w, files: files, open: open, confine: "/", dir: dir}
	t.walk(".")
	w.leaveOutCalled()
	for i := range w.Files {
		w.Files[i].Settings = s
	}
	return w.Inputs
}

// NewSettings returns the settings of a configuration that is in no file.
func NewSettings(c *config.Config, deploy config.Flags) (*Settings, error) {
	plan, err := config.NewPlan(c, deploy)
	if err != nil {
		return nil, err
	}
	return &Settings{Config: c, Plan: plan, Minimum: Gate("", c.FailOn)}, nil
}
