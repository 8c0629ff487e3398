// Package loaders picks for every file the loader that reads it. A kind of
// input is recognised by its content, never by its name alone.
package loaders

import (
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/loaders/policyjson"
)

// Options are what the user says about inputs that do not say it themselves.
type Options struct {
	ResourceType string // of a policy document, any name that package knowledge has
}

// Loader reads one kind of input.
type Loader struct {
	Name  string
	Match func(*source.File) bool
	Load  func(*source.File, Options) resource.Stack
}

// All are the loaders, in the order in which they are asked.
var All = []Loader{
	{
		Name:  "policy JSON",
		Match: policyjson.MatchFile,
		Load: func(f *source.File, o Options) resource.Stack {
			return policyjson.Load(f, policyjson.Options{ResourceType: o.ResourceType})
		},
	},
}

// Load reads a file with the first loader that knows it. A file that none knows
// is not recognised; but one that the user named and that is JSON is, so that
// it is said what is wrong with it.
func Load(file *source.File, o Options, named bool) (stack resource.Stack, recognised bool) {
	for _, l := range All {
		if l.Match(file) {
			return l.Load(file, o), true
		}
	}
	if named && policyjson.IsJSON(file) {
		return policyjson.Load(file, policyjson.Options{ResourceType: o.ResourceType}), true
	}
	return resource.Stack{}, false
}
