package gitfs

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Bounds on what is read of a repository.
const (
	mostFiles   = 500_000   // and directories
	mostListing = 128 << 20 // bytes that list them
	largest     = 256 << 20 // of a file
	mostLinks   = 40        // followed for one name
)

// Tree is the content of one commit. It is an fs.FS, for any number of
// goroutines, until it is closed.
type Tree struct {
	Commit     string
	Submodules []string // whose content is in other repositories, and not here

	repository Repository
	entries    map[string]*entry

	mu      sync.Mutex // of the running cat-file
	objects *process
	out     *bufio.Reader
	failed  error
}

// entry is a file, a link or a directory.
type entry struct {
	name     string // the last element of its path
	mode     fs.FileMode
	id       string // of the blob
	children []*entry
}

// Open lists a commit; its files are read when they are asked for.
func (r Repository) Open(commit string) (*Tree, error) {
	t := &Tree{Commit: commit, repository: r, entries: map[string]*entry{".": {name: ".", mode: fs.ModeDir}}}
	listing, err := r.start("ls-tree", "-r", "-t", "-z", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	if err := t.list(bufio.NewReaderSize(listing, 1<<16)); err != nil {
		listing.stop()
		return nil, err
	}
	if err := listing.wait(); err != nil {
		return nil, r.explain(err)
	}
	if t.objects, err = r.start("cat-file", "--batch"); err != nil {
		return nil, err
	}
	t.out = bufio.NewReaderSize(t.objects, 1<<16)
	return t, nil
}

// list reads the output of ls-tree: mode, type and id, a tab, the path, a NUL. A
// few trees that hold each other many times list more than any disk holds, so
// that the listing is read as it comes and no further than its bounds.
//
// https://git-scm.com/docs/git-ls-tree#_output_format
func (t *Tree) list(listing *bufio.Reader) error {
	most := cmp.Or(t.repository.files, mostFiles)
	for n, size := 0, 0; ; n++ {
		line, err := listing.ReadString(0)
		if err != nil {
			break // git says why
		}
		if size += len(line); n == most || size > mostListing {
			return fmt.Errorf("the revision has more than %d files, or paths of more than %d MiB, which is the most that is read", most, mostListing>>20)
		}
		head, name, ok := strings.Cut(strings.TrimSuffix(line, "\x00"), "\t")
		fields := strings.Fields(head)
		if !ok || len(fields) != 3 {
			return errors.New("git ls-tree: cannot read its answer")
		}
		if !fs.ValidPath(name) {
			continue // no tool could check it out
		}
		e := &entry{name: path.Base(name), id: fields[2]}
		switch {
		case fields[0] == "160000":
			t.Submodules = append(t.Submodules, name)
			e.mode, e.id = fs.ModeDir, ""
		case fields[0] == "120000":
			e.mode = fs.ModeSymlink
		case fields[1] != "blob":
			continue
		}
		t.add(name, e)
	}
	for _, e := range t.entries {
		slices.SortFunc(e.children, func(a, b *entry) int { return strings.Compare(a.name, b.name) })
	}
	return nil
}

func (t *Tree) add(name string, e *entry) {
	if t.entries[name] != nil {
		return
	}
	t.entries[name] = e
	dir := path.Dir(name)
	if t.entries[dir] == nil {
		t.add(dir, &entry{name: path.Base(dir), mode: fs.ModeDir})
	}
	t.entries[dir].children = append(t.entries[dir].children, e)
}

// Close ends the program that reads the objects.
func (t *Tree) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed != nil {
		return nil
	}
	t.failed = fs.ErrClosed
	return t.objects.wait()
}

// Open follows links, but to files and directories of the tree only.
func (t *Tree) Open(name string) (fs.File, error) {
	e, err := t.find(name, mostLinks)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	if e.mode.IsDir() {
		return &directory{entry: e, tree: t}, nil
	}
	content, err := t.blob(e.id)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &file{Reader: bytes.NewReader(content), entry: e, size: int64(len(content))}, nil
}

// Stat is fs.Stat without reading the file; the size is not known.
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	e, err := t.find(name, mostLinks)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	return info{e, 0}, nil
}

// ReadDir lists a directory in the order of names.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	e, err := t.find(name, mostLinks)
	if err == nil && !e.mode.IsDir() {
		err = errors.New("not a directory")
	}
	if err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	return t.entriesOf(e), nil
}

func (t *Tree) entriesOf(dir *entry) []fs.DirEntry {
	out := make([]fs.DirEntry, len(dir.children))
	for i, c := range dir.children {
		out[i] = dirEntry{c, t}
	}
	return out
}

// find returns what a path leads to, through at most so many links.
func (t *Tree) find(name string, links int) (*entry, error) {
	if !fs.ValidPath(name) {
		return nil, fs.ErrInvalid
	}
	at := "."
	parts := strings.Split(name, "/")
	for i, part := range parts {
		at = path.Join(at, part)
		e := t.entries[at]
		if e == nil {
			return nil, fs.ErrNotExist
		}
		if e.mode&fs.ModeSymlink != 0 {
			if links == 0 {
				return nil, errors.New("too many links")
			}
			target, err := t.blob(e.id)
			if err != nil {
				return nil, err
			}
			to := path.Join(path.Dir(at), string(target))
			if path.IsAbs(string(target)) || !fs.ValidPath(to) {
				return nil, errors.New("a link leads out of the revision")
			}
			return t.find(path.Join(append([]string{to}, parts[i+1:]...)...), links-1)
		}
	}
	return t.entries[at], nil
}

// blob returns the content of an object.
//
// https://git-scm.com/docs/git-cat-file#_batch_output
func (t *Tree) blob(id string) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed != nil {
		return nil, t.failed
	}
	content, err := t.ask(id)
	if err != nil && !errors.Is(err, errObject) {
		// The stream is of no use any more.
		if refused := t.objects.wait(); refused != nil {
			err = t.repository.explain(refused)
		}
		t.failed = err
	}
	return content, err
}

// errObject is about one object; the next can be asked for.
var errObject = errors.New("object of the repository")

func (t *Tree) ask(id string) ([]byte, error) {
	if _, err := io.WriteString(t.objects.in, id+"\n"); err != nil {
		return nil, err
	}
	line, err := t.out.ReadString('\n')
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(line)
	if len(fields) == 2 && fields[1] == "missing" {
		return nil, fmt.Errorf("%w %s is missing: run \"git fetch --refetch --no-filter origin\"", errObject, id)
	}
	if len(fields) != 3 {
		return nil, fmt.Errorf("unexpected answer %q", line)
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil || size < 0 {
		return nil, fmt.Errorf("unexpected answer %q", line)
	}
	if size > largest {
		_, err = io.CopyN(io.Discard, t.out, size+1)
		return nil, errors.Join(fmt.Errorf("%w: larger than %d MiB, which is the most that is read", errObject, largest>>20), err)
	}
	content := make([]byte, size+1) // and a line break
	if _, err := io.ReadFull(t.out, content); err != nil {
		return nil, err
	}
	return content[:size], nil
}

// file is an open file.
type file struct {
	*bytes.Reader
	entry *entry
	size  int64
}

func (f *file) Stat() (fs.FileInfo, error) { return info{f.entry, f.size}, nil }
func (f *file) Close() error               { return nil }

// directory is an open directory.
type directory struct {
	entry *entry
	tree  *Tree
	next  int
}

func (d *directory) Stat() (fs.FileInfo, error) { return info{d.entry, 0}, nil }
func (d *directory) Close() error               { return nil }
func (d *directory) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.entry.name, Err: errors.New("is a directory")}
}

func (d *directory) ReadDir(n int) ([]fs.DirEntry, error) {
	left := d.tree.entriesOf(d.entry)[d.next:]
	if n > 0 && len(left) == 0 {
		return nil, io.EOF
	}
	if n > 0 && n < len(left) {
		left = left[:n]
	}
	d.next += len(left)
	return left, nil
}

// dirEntry is an entry of a directory.
type dirEntry struct {
	entry *entry
	tree  *Tree
}

func (d dirEntry) Name() string      { return d.entry.name }
func (d dirEntry) IsDir() bool       { return d.entry.mode.IsDir() }
func (d dirEntry) Type() fs.FileMode { return d.entry.mode.Type() }

func (d dirEntry) Info() (fs.FileInfo, error) {
	if !d.entry.mode.IsRegular() {
		return info{d.entry, 0}, nil
	}
	content, err := d.tree.blob(d.entry.id)
	return info{d.entry, int64(len(content))}, err
}

type info struct {
	entry *entry
	size  int64
}

func (i info) Name() string       { return i.entry.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return i.entry.mode | 0o444 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.entry.mode.IsDir() }
func (i info) Sys() any           { return nil }
