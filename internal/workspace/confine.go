package workspace

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/iaclint/iaclint/internal/disk"
)

// Place is where the file of a name in a configuration is. If the configuration
// was found rather than named by the operator, the file is confined to a tree: a
// stranger's pull request can bring such a configuration.
type Place struct {
	Abs  string
	Tree disk.Tree // "" for none
	Name string    // below the tree
}

// Place returns the place of a name in the configuration.
func (s *Settings) Place(name string) Place {
	p := Place{Abs: filepath.Join(filepath.Dir(s.Abs), filepath.FromSlash(name))}
	if s.dir != "" {
		p.Tree = disk.Tree(RootOf(s.dir))
		p.Name = Below(string(p.Tree), p.Abs)
	}
	return p
}

// confine reports the files of a discovered configuration that are not its to read
// or to write, so that the run stops before anything is analysed.
func (s *Finder) confine(c *Settings) {
	if c.dir == "" || c.revised {
		return
	}
	check := func(block, name string, ours func([]byte) bool, meant string) {
		if name == "" || name == "-" {
			return
		}
		p := c.Place(name)
		content, err := p.Tree.Read(p.Name, Largest)
		if err == nil && !ours(content) {
			err = errors.New("is there and is not " + meant + ": remove it")
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.fail("%s: %s of a configuration that is found, not named: %q %s; or name the configuration with --config", c.File, block, name, Bare(err))
		}
	}
	for _, o := range c.Config.Outputs {
		check("output \""+o.Format+"\"", o.Path, func(content []byte) bool { return s.given.IsReport(o.Path, content) }, "a report of iaclint")
	}
	check("baseline", c.Config.Baseline, s.given.IsBaseline, "a baseline")
}
