package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/workspace"
)

// destination is where one format goes; the path is "" for standard output.
type destination struct {
	format, path string
	made         bool            // its directory is made if it is not there
	within       workspace.Place // of a configuration: what confines it
}

// destinations reads --format and --output.
func destinations(formats []string, output string) ([]destination, error) {
	if len(formats) == 0 {
		formats = formatNames()[:1]
	}
	var out []destination
	for _, f := range formats {
		name, path, hasPath := strings.Cut(f, "=")
		if !slices.Contains(formatNames(), name) {
			return nil, fmt.Errorf("unknown format %q%s", name, config.Hint(name, formatNames()))
		}
		if hasPath && path == "" {
			return nil, fmt.Errorf("--format %s= needs a path", name)
		}
		if output != "" && (hasPath || len(formats) > 1) {
			return nil, errors.New("--output is for a single format; write --format FORMAT=PATH for each")
		}
		if output != "" {
			path = output
		}
		if path == "-" {
			path = ""
		}
		out = append(out, destination{format: name, path: path})
	}
	return out, distinct(out)
}

// distinct demands that no two formats go to one place.
func distinct(ds []destination) error {
	seen := map[string]string{}
	for _, d := range ds {
		place, shown := d.path, d.path
		if place == "" {
			shown = "standard output"
		} else {
			place = filepath.Clean(place)
		}
		if other, ok := seen[place]; ok {
			return fmt.Errorf("both %s and %s would go to %s; give one a path: --format %s=PATH", other, d.format, shown, d.format)
		}
		seen[place] = d.format
	}
	return nil
}

// writeFile writes a file at once or not at all, so that a reader never sees
// half a report. What is not a regular file, such as /dev/null, is written to.
func writeFile(path string, write func(io.Writer) error) error {
	var content bytes.Buffer
	if err := write(&content); err != nil {
		return err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeInPlace(path, info, content.Bytes())
	}
	temporary, err := createBeside(path)
	if err != nil {
		return err
	}
	_, err = temporary.Write(content.Bytes())
	err = errors.Join(err, temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		os.Remove(temporary.Name())
	}
	return err
}

func writeInPlace(path string, info fs.FileInfo, content []byte) error {
	if info.IsDir() {
		return fmt.Errorf("%s is a directory", path)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// createBeside creates a file in the directory of path. Unlike os.CreateTemp it
// leaves the permissions to the umask, as for any file that a program writes.
func createBeside(path string) (*os.File, error) {
	dir, name := filepath.Split(path)
	for i := 0; ; i++ {
		temporary := filepath.Join(dir, fmt.Sprintf(".%s.%d-%d.tmp", name, os.Getpid(), i))
		f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if i == 100 || !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}
