package fix

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/internal/disk"
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
			err = f.tree.Unchanged(f.name, p.was[name])
		}
		if err != nil {
			return nil, fmt.Errorf("%s %w; nothing is written", name, err)
		}
		targets = append(targets, target{name, f})
	}
	for _, t := range targets {
		err := t.file.tree.Edit(t.file.name, func(before []byte) ([]byte, error) {
			if !bytes.Equal(before, p.was[t.name]) {
				return nil, errors.New("has changed since it was read")
			}
			return p.done[t.name], nil
		})
		if err != nil {
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
type onDisk struct {
	tree disk.Tree
	name string // below it, with forward slashes
}

// locate finds the file of a name in reports.
func locate(in *workspace.Input, name string) (*onDisk, error) {
	if in.Path == workspace.StdinPath || in.Abs == "" {
		return nil, errors.New("is standard input, which cannot be written")
	}
	base, ok := strings.CutSuffix(filepath.ToSlash(in.Abs), in.Path)
	if in.Path == "." {
		base, ok = filepath.ToSlash(in.Abs), true
	}
	if !ok {
		return nil, errors.New("is in no place that is known")
	}
	abs := filepath.Join(filepath.FromSlash(base), filepath.FromSlash(name))
	if !workspace.Within(in.Root, abs) {
		return nil, errors.New("is outside the tree that is analysed")
	}
	return &onDisk{disk.Tree(in.Root), workspace.Below(in.Root, abs)}, nil
}
