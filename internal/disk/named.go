package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// How long an edit waits for others, and how often it looks.
const (
	patience = 30 * time.Second
	pause    = 5 * time.Millisecond
)

var errBusy = errors.New("is being edited by another run of iaclint")

// mostLinks are followed in one path.
const mostLinks = 40

// CheckNamed reports why a path that the operator named must not be written: it
// leads through a link that lies in one of the trees, whose content is a
// stranger's. Links elsewhere are the operator's own.
func CheckNamed(path string, trees []string) error {
	_, err := resolve(path, trees)
	return err
}

// resolve returns a path without links; what it leads to need not be there.
func resolve(path string, trees []string) (string, error) {
	real := make([]string, len(trees))
	for i, t := range trees {
		real[i] = t
		if r, err := filepath.EvalSymlinks(t); err == nil {
			real[i] = r
		}
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	volume := filepath.VolumeName(abs)
	at := volume + string(filepath.Separator)
	rest := strings.Split(abs[len(volume):], string(filepath.Separator))
	for links := 0; len(rest) > 0; {
		element := rest[0]
		rest = rest[1:]
		if element == "" || element == "." {
			continue
		}
		next := filepath.Join(at, element)
		info, err := os.Lstat(next)
		if err != nil || info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		for _, t := range real {
			if within(t, at) {
				return "", fmt.Errorf("leads through the symbolic link %s, which is part of what is analysed; name its target, or remove it", filepath.ToSlash(next))
			}
		}
		target, err := os.Readlink(next) // of /dev/stdout it may name no file; it is written to as it is
		if links++; err != nil || links > mostLinks {
			return "", errors.New("leads through too many symbolic links")
		}
		if filepath.IsAbs(target) {
			at = filepath.VolumeName(target) + string(filepath.Separator)
			target = target[len(filepath.VolumeName(target)):]
		}
		rest = append(strings.Split(target, string(filepath.Separator)), rest...)
	}
	return at, nil
}

func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// WriteNamed writes a report to a path that the operator named. A regular file is
// there as a whole or not at all; a device, a pipe and the like are written to.
func WriteNamed(path string, content []byte, trees []string) error {
	real, err := resolve(path, trees)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return fmt.Errorf("%s is a directory", path)
	}
	if err == nil && !info.Mode().IsRegular() || stream(path) {
		return write(path, os.O_WRONLY|os.O_APPEND, content)
	}
	root, err := os.OpenRoot(filepath.Dir(real))
	if err != nil {
		return err
	}
	defer root.Close()
	return replace(root, filepath.Base(real), content)
}

// stream reports whether a path stands for something that is open, such as
// /dev/stdout, even if that is a regular file.
func stream(path string) bool {
	return strings.HasPrefix(path, "/dev/") || strings.HasPrefix(path, "/proc/")
}

func write(path string, how int, content []byte) error {
	f, err := os.OpenFile(path, how, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// Append adds to a regular file that the environment names, or makes it.
func Append(path string, content []byte, trees []string) error {
	if err := CheckNamed(path, trees); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return errors.New("is not a regular file")
	}
	return write(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, content)
}

// Create makes a file that is not there, and its directory.
func Create(path string, content []byte, trees []string) error {
	if err := CheckNamed(path, trees); err != nil {
		return err
	}
	if err := MakeDir(filepath.Dir(path)); err != nil {
		return err
	}
	return write(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, content)
}

// MakeDir makes a directory and those above it, as far as they are missing.
func MakeDir(dir string) error { return os.MkdirAll(dir, 0o777) }
