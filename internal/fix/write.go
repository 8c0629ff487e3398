package fix

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/internal/workspace"
)

// Write writes the files that have changes made to them, all or none as far as
// that can be told beforehand. It returns the paths of those that are written.
func (l looked) Write() (written []string, err error) {
	p := l.prover
	type target struct {
		name string
		file *onDisk
	}
	var targets []target
	for _, name := range slices.Sorted(maps.Keys(p.done)) {
		in := p.reader(name)
		if in == nil {
			return nil, fmt.Errorf("%s: it is not known where the file is", name)
		}
		f, err := locate(in, name)
		if err == nil {
			err = f.unchanged(p.was[name])
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w; nothing is written", name, err)
		}
		targets = append(targets, target{name, f})
	}
	for _, t := range targets {
		if err := t.file.replace(p.done[t.name]); err != nil {
			return written, fmt.Errorf("%s: cannot be written: %w", t.name, err)
		}
		written = append(written, t.name)
	}
	return written, nil
}

// reader is the input that a file is of.
func (p *Prover) reader(name string) *workspace.Input {
	for i := range p.raw.Tasks {
		if t := &p.raw.Tasks[i]; t.In.Path == name && !t.In.Module || t.Opened.Has(name) {
			return t.In
		}
	}
	return nil
}

// onDisk is a file in the directory that its input is confined to.
type onDisk struct{ root, name string }

// locate finds the file of a name in reports.
func locate(in *workspace.Input, name string) (*onDisk, error) {
	if in.Path == workspace.StdinPath || in.Abs == "" {
		return nil, errors.New("standard input cannot be written")
	}
	base, ok := strings.CutSuffix(filepath.ToSlash(in.Abs), in.Path)
	if in.Path == "." {
		base, ok = filepath.ToSlash(in.Abs), true
	}
	if !ok {
		return nil, errors.New("it is not known where the file is")
	}
	abs := filepath.Join(filepath.FromSlash(base), filepath.FromSlash(name))
	if !workspace.Within(in.Root, abs) {
		return nil, errors.New("it is outside the tree that is analysed")
	}
	rel, err := filepath.Rel(in.Root, abs)
	return &onDisk{in.Root, rel}, err
}

// unchanged demands that the file has what was read of it, is an ordinary one, and
// may be written.
func (f *onDisk) unchanged(content []byte) error {
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return err
	}
	defer root.Close()
	info, err := root.Lstat(f.name)
	switch {
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		return errors.New("it is a symbolic link, which is not written through")
	case !info.Mode().IsRegular():
		return errors.New("it is not a regular file")
	case info.Mode().Perm()&0o200 == 0:
		return errors.New("it is read-only")
	}
	file, err := root.OpenFile(f.name, workspace.ReadOnly, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	now, err := io.ReadAll(io.LimitReader(file, workspace.Largest+1))
	if err == nil && !bytes.Equal(now, content) {
		err = errors.New("it has changed since it was read")
	}
	return err
}

// replace puts a new file in the place of the old one, at once, with its mode.
func (f *onDisk) replace(content []byte) error {
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return err
	}
	defer root.Close()
	info, err := root.Lstat(f.name)
	if err != nil {
		return err
	}
	dir, name := filepath.Split(f.name)
	temporary := dir + fmt.Sprintf(".%s.%d.tmp", name, os.Getpid())
	file, err := root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Chmod(info.Mode().Perm()), file.Close())
	if err == nil {
		err = root.Rename(temporary, f.name)
	}
	if err != nil {
		err = errors.Join(err, root.Remove(temporary))
	}
	return err
}
