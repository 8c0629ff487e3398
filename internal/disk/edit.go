package disk

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Largest file that is edited.
const Largest = 256 << 20

// ErrKeep is what an edit returns if the file is to stay as it is.
var ErrKeep = errors.New("nothing to change")

// Edit replaces a file by what an edit makes of it, which sees the content of now
// and has it for itself: other runs that edit in the same directory wait. Before is
// nil if there is no file. What the edit returns as an error is returned.
func (t Tree) Edit(name string, edit func(before []byte) (after []byte, err error)) error {
	root, err := t.open(name)
	if err != nil {
		return err
	}
	defer root.Close()
	unlock, err := lock(root, path.Dir(name))
	if err != nil {
		return err
	}
	defer unlock()
	if err := check(root, name); err != nil { // again: it may have changed while we waited
		return err
	}
	before, err := current(root, name)
	if err != nil {
		return err
	}
	after, err := edit(before)
	if errors.Is(err, ErrKeep) {
		return nil
	}
	if err != nil {
		return err
	}
	if now, err := current(root, name); err != nil || !bytes.Equal(now, before) || (now == nil) != (before == nil) {
		return errors.New("has changed while it was edited; run the command again")
	}
	return replace(root, name, after)
}

// current returns the content of a file that may be edited, nil if there is none.
func current(root *os.Root, name string) ([]byte, error) {
	err := writable(root, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	content, err := read(root, name, Largest)
	return append([]byte{}, content...), err
}

// writable reports why a file cannot be edited.
func writable(root *os.Root, name string) error {
	info, err := root.Lstat(filepath.FromSlash(name))
	if err == nil && info.Mode().Perm()&0o200 == 0 {
		err = errors.New("is read-only")
	}
	return err
}

// Unchanged reports whether a file can be edited and has that content.
func (t Tree) Unchanged(name string, content []byte) error {
	root, err := t.open(name)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := writable(root, name); err != nil {
		return err
	}
	now, err := read(root, name, Largest)
	if err == nil && !bytes.Equal(now, content) {
		err = errors.New("has changed since it was read")
	}
	return err
}

// Text is an edit that sees a text with plain line ends, and keeps how the file
// has it: its byte order mark, CRLF if all lines end so, and whether the last line
// ends.
func Text(edit func(before []byte) ([]byte, error)) func([]byte) ([]byte, error) {
	return func(before []byte) ([]byte, error) {
		bom := []byte("\ufeff")
		text, marked := bytes.CutPrefix(before, bom)
		lines := bytes.Count(text, []byte("\n"))
		crlf := lines > 0 && lines == bytes.Count(text, []byte("\r\n"))
		if crlf {
			text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		}
		after, err := edit(text)
		if err != nil {
			return nil, err
		}
		if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
			after = bytes.TrimSuffix(after, []byte("\n"))
		}
		if crlf {
			after = bytes.ReplaceAll(after, []byte("\n"), []byte("\r\n"))
		}
		if marked {
			after = append(bom, after...)
		}
		return after, nil
	}
}
