// Package disk writes files. Everything that the program creates, replaces or
// extends goes through it, so that what a stranger's repository can steer is read
// in one place: a link in the analysed tree is never followed, a file is there as a
// whole or not at all, and what it was made like (mode, owner) stays.
package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode"
)

// ReadOnly opens without waiting for the writer of a FIFO that has taken the
// place of a file since it was looked at.
const ReadOnly = os.O_RDONLY | nonBlocking

// Tree is a directory below which the files are that an untrusted configuration
// may name. Names are relative to it, with forward slashes.
type Tree string

var errNotRegular = errors.New("it is not a regular file")

// Check reports why a name must not be read or written: it leads out of the tree,
// through a link, or into what a version control system keeps of it. That nothing
// is there is not an error.
func (t Tree) Check(name string) error {
	root, err := t.open(name)
	if err != nil {
		return err
	}
	return root.Close()
}

// open opens the tree for a name that has been checked.
func (t Tree) open(name string) (*os.Root, error) {
	if !fs.ValidPath(name) || name == "." || !filepath.IsLocal(filepath.FromSlash(name)) {
		return nil, errors.New("leads out of " + filepath.ToSlash(string(t)))
	}
	root, err := os.OpenRoot(string(t))
	if err != nil {
		return nil, err
	}
	if err := check(root, name); err != nil {
		root.Close()
		return nil, err
	}
	return root, nil
}

func check(root *os.Root, name string) error {
	for i := 0; i <= len(name); i++ {
		if i < len(name) && name[i] != '/' {
			continue
		}
		at := name[:i]
		if Versioned(path.Base(at)) {
			return fmt.Errorf("leads into %s, which belongs to version control", path.Base(at))
		}
		info, err := root.Lstat(filepath.FromSlash(at))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return err
		case info.Mode()&fs.ModeSymlink != 0:
			return fmt.Errorf("leads through the symbolic link %s", at)
		case i < len(name) && !info.IsDir():
			return fmt.Errorf("leads through %s, which is not a directory", at)
		case i == len(name) && !info.Mode().IsRegular():
			return errNotRegular
		}
	}
	return nil
}

// Versioned reports whether a file or directory of that name holds what a version
// control system runs programs by, or its credentials. File systems may ignore
// case, what follows a colon, dots and spaces at the end, and invisible characters;
// and they have short names.
//
// https://git-scm.com/docs/git-config#Documentation/git-config.txt-coreprotectNTFS
func Versioned(element string) bool {
	element, _, _ = strings.Cut(element, ":")
	element = strings.TrimRight(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, element), " .")
	switch element {
	case ".git", "git~1", ".hg", "hg~1", ".svn", "svn~1", ".jj", ".bzr":
		return true
	}
	return false
}

// Read returns the content of a file of at most that many bytes.
func (t Tree) Read(name string, most int64) ([]byte, error) {
	root, err := t.open(name)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return read(root, name, most)
}

func read(root *os.Root, name string, most int64) ([]byte, error) {
	f, err := root.OpenFile(filepath.FromSlash(name), ReadOnly, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errNotRegular
	}
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(content)) > most {
		err = fmt.Errorf("is larger than %d bytes", most)
	}
	return content, err
}

// Write puts a file there as a whole or not at all. Its directory is made if only that
// is missing: a stranger's configuration makes no trees of them.
func (t Tree) Write(name string, content []byte) error {
	root, err := t.open(name)
	if err != nil {
		return err
	}
	defer root.Close()
	if dir := path.Dir(name); dir != "." {
		err := root.Mkdir(filepath.FromSlash(dir), 0o777)
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the directory that %s would be in is not there; one is made, not several", path.Dir(name))
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return replace(root, name, content)
}

// replace writes a file beside the one of that name and renames it, which replaces
// a link instead of following it.
func replace(root *os.Root, name string, content []byte) error {
	old, err := root.Lstat(filepath.FromSlash(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, temporary, err := createBeside(root, name)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil && old != nil && old.Mode().IsRegular() {
		err = likeBefore(f, old)
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = root.Rename(temporary, filepath.FromSlash(name))
	}
	if err != nil {
		err = errors.Join(err, root.Remove(temporary))
	}
	return err
}

// createBeside creates a file in the directory of a name. Unlike os.CreateTemp it
// leaves the permissions to the umask, as for any file that a program writes.
func createBeside(root *os.Root, name string) (*os.File, string, error) {
	dir, base := path.Split(name)
	for i := 0; ; i++ {
		temporary := filepath.FromSlash(dir + fmt.Sprintf(".%s.%d-%d.tmp", base, os.Getpid(), i))
		f, err := root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if i == 100 || !errors.Is(err, fs.ErrExist) {
			return f, temporary, err
		}
	}
}
