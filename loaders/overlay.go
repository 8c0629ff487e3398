package loaders

import (
	"bytes"
	"io/fs"
	"path"
	"time"

	"github.com/iaclint/iaclint/analysis/source"
)

// overlay is a file system with one file in it as it was read, which may be
// from standard input, before all others.
type overlay struct {
	fs.FS
	file *source.File
}

func (o overlay) Open(name string) (fs.File, error) {
	switch {
	case name == o.file.Name:
		return &memory{Reader: bytes.NewReader(o.file.Content), file: o.file}, nil
	case o.FS == nil:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return o.FS.Open(name)
}

// ReadDir lists the directory of the file as it is, or the file alone.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	var entries []fs.DirEntry
	err := fs.ErrNotExist
	if o.FS != nil {
		entries, err = fs.ReadDir(o.FS, name)
	}
	if err != nil && name == path.Dir(o.file.Name) {
		return []fs.DirEntry{fs.FileInfoToDirEntry(info{o.file})}, nil
	}
	return entries, err
}

// memory is an open file whose content is at hand.
type memory struct {
	*bytes.Reader
	file *source.File
}

func (m *memory) Stat() (fs.FileInfo, error) { return info{m.file}, nil }
func (m *memory) Close() error               { return nil }

type info struct{ file *source.File }

func (i info) Name() string       { return path.Base(i.file.Name) }
func (i info) Size() int64        { return int64(len(i.file.Content)) }
func (i info) Mode() fs.FileMode  { return 0o444 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return false }
func (i info) Sys() any           { return nil }
