package terraform

import (
	"io/fs"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// Given is what is known of a configuration from elsewhere, such as from a plan.
type Given struct {
	Variables map[string]value.Value // of the root module
	// Attribute returns an attribute of a resource or data source, by its address.
	Attribute func(address, name string) (value.Value, bool)
}

// Blocks evaluates the root module in dir, and the modules that it calls, with
// what is given in place of what would be unknown or otherwise.
func Blocks(fsys fs.FS, dir string, o Options, g Given) ([]catalog.Block, []source.Diagnostic) {
	l := newLoader(fsys, dir, o)
	l.variables = g.Variables
	if g.Attribute != nil {
		l.given = func(address, attribute string) *val {
			if v, ok := g.Attribute(address, attribute); ok {
				return fromValue(v)
			}
			return nil
		}
	}
	return l.blocks()
}
