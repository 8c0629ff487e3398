package cloudformation

import (
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// library is what this package needs of package catalog.
var library = struct {
	relevant  func(typ string) bool
	attribute func(b catalog.Block, name string) (value.Value, bool)
	resources func(blocks []catalog.Block) resource.Stack
}{
	relevant: func(typ string) bool { return catalog.Relevant(catalog.CloudFormation, typ) },
	attribute: func(b catalog.Block, name string) (value.Value, bool) {
		return catalog.Attribute(catalog.CloudFormation, b, name)
	},
	resources: func(blocks []catalog.Block) resource.Stack { return catalog.Resources(catalog.CloudFormation, blocks) },
}
