package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/disk"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/reporters"
)

// destination is where one format goes; the path is "" for standard output.
type destination struct {
	format, path string
	made         bool            // its directory is made if it is not there
	within       workspace.Place // of a configuration: what confines it
}

// destinations reads --format and --output.
func destinations(formats []string, output string, names []string) ([]destination, error) {
	if names == nil {
		names = reporters.Names()
	}
	if len(formats) == 0 {
		formats = names[:1]
	}
	var out []destination
	for _, f := range formats {
		name, path, hasPath := strings.Cut(f, "=")
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("unknown format %q%s", name, config.Hint(name, names))
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

// deliver writes one format to where it is to go. Nothing but files leaves a
// report half-written.
func (c *checker) deliver(d destination, o reporters.Options, write func(io.Writer, reporters.Options) error) error {
	err := c.deliverTo(d, o, write)
	if d.path == "" && c.stdout.err != nil {
		return nil // Run reports what standard output does not take
	}
	if err != nil {
		return failed(statusIncomplete, "cannot write the report: %s", err)
	}
	return nil
}

func (c *checker) deliverTo(d destination, o reporters.Options, write func(io.Writer, reporters.Options) error) error {
	if d.path == "" {
		width, isTerminal := terminal(c.stdout.to)
		o.Width, o.Color = width, colored(c.flags.color, os.Getenv, isTerminal)
		return write(c.stdout, o)
	}
	var content bytes.Buffer
	if err := write(&content, o); err != nil {
		return err
	}
	if d.within.Tree != "" {
		return d.within.Tree.Write(d.within.Name, content.Bytes())
	}
	if d.made {
		if err := disk.MakeDir(filepath.Dir(d.path)); err != nil {
			return err
		}
	}
	return disk.WriteNamed(d.path, content.Bytes(), c.trees)
}

// refused returns why the reports cannot go where they are asked to: through a
// link of what is analysed, or over one of its files.
func (c *checker) refused(in workspace.Inputs) error {
	c.trees = append(c.trees, in.Roots()...)
	for _, d := range c.destinations {
		if d.path == "" {
			continue
		}
		if err := disk.CheckNamed(d.path, c.trees); err != nil && d.within.Tree == "" {
			return fmt.Errorf("the report %s %w", d.path, err)
		}
		abs := d.path
		if !filepath.IsAbs(abs) {
			abs = filepath.Join(c.finder.Cwd, abs)
		}
		if name, ok := in.Holds(abs); ok {
			return fmt.Errorf("the report would overwrite %s, which is to be analysed", name)
		}
	}
	return nil
}

// sayWhere says where the reports go if a configuration that was found keeps them
// from standard output, so that no run seems to have none.
func (c *checker) sayWhere() {
	var names []string
	for _, d := range c.destinations {
		if d.within.Tree == "" {
			return
		}
		names = append(names, c.finder.Shown(d.path))
	}
	c.notef("the configuration sends the report to %s, and nothing to standard output", strings.Join(names, ", "))
}
