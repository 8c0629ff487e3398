package workspace

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/iaclint/iaclint/loaders"
)

// memory is a file system of texts by their names.
type inMemory map[string][]byte

func (m inMemory) Open(name string) (fs.File, error) {
	if content, ok := m[name]; ok {
		return &memoryFile{memoryInfo{path.Base(name), int64(len(content)), false}, bytes.NewReader(content), nil}, nil
	}
	entries := map[string]fs.DirEntry{}
	for other, content := range m {
		rest, ok := strings.CutPrefix(other, name+"/")
		if name == "." {
			rest, ok = other, true
		}
		if !ok {
			continue
		}
		first, _, isDir := strings.Cut(rest, "/")
		info := memoryInfo{first, int64(len(content)), isDir}
		entries[first] = fs.FileInfoToDirEntry(info)
	}
	if !fs.ValidPath(name) || len(entries) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	var list []fs.DirEntry
	for _, n := range slices.Sorted(maps.Keys(entries)) {
		list = append(list, entries[n])
	}
	return &memoryFile{memoryInfo{path.Base(name), 0, true}, bytes.NewReader(nil), list}, nil
}

// memoryFile is a file or a directory of it.
type memoryFile struct {
	info memoryInfo
	*bytes.Reader
	entries []fs.DirEntry
}

func (f *memoryFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *memoryFile) Close() error               { return nil }

func (f *memoryFile) ReadDir(n int) ([]fs.DirEntry, error) {
	list := f.entries
	if n > 0 {
		if len(list) == 0 {
			return nil, io.EOF
		}
		list = list[:min(n, len(list))]
	}
	f.entries = f.entries[len(list):]
	return list, nil
}

// memoryInfo describes a file or a directory.
type memoryInfo struct {
	name string
	size int64
	dir  bool
}

func (i memoryInfo) Name() string       { return i.name }
func (i memoryInfo) Size() int64        { return i.size }
func (i memoryInfo) ModTime() time.Time { return time.Time{} }
func (i memoryInfo) IsDir() bool        { return i.dir }
func (i memoryInfo) Sys() any           { return nil }

func (i memoryInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// InMemory collects the inputs among files that exist as texts by their names, all
// under one configuration.
func InMemory(files map[string]string, s *Settings) (Inputs, error) {
	tree := inMemory{}
	var list []Input
	modules := map[string]bool{}
	at := func(name string) Input {
		return Input{Path: name, Shown: name, Abs: filepath.Join("/", filepath.FromSlash(name)), Root: "/", Dir: -1, Settings: s, tree: tree, treePath: "/"}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !fs.ValidPath(name) || name == "." {
			return Inputs{}, fmt.Errorf("%q is not a valid file name", name)
		}
		tree[name] = []byte(files[name])
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		switch {
		case loaders.IsModuleFile(name):
			if dir := path.Dir(name); !modules[dir] {
				modules[dir] = true
				in := at(dir)
				in.Module = true
				list = append(list, in)
			}
		case ofInterest(name):
			in := at(name)
			in.open = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(tree[name])), nil }
			list = append(list, in)
		}
	}
	w := Walker{Inputs: Inputs{Files: list}}
	w.leaveOutCalled()
	return w.Inputs, nil
}
