package cli

import (
	"bytes"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// memory is a file system of texts by their names.
type memory map[string][]byte

func (m memory) Open(name string) (fs.File, error) {
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
