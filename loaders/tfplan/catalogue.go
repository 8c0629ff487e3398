package tfplan

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// What package catalog is asked.

func relevant(typ string) bool { return strings.HasPrefix(typ, "aws_") }

func attribute(b catalog.Block, name string) (value.Value, bool) { return value.Value{}, false }

func resources(blocks []catalog.Block) resource.Stack { return resource.Stack{} }
