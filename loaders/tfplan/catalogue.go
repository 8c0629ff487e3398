package tfplan

import (
	tfjson "github.com/hashicorp/terraform-json"

	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// isRelevant: the type decides who can reach something, or is asked about by
// one that does.
func isRelevant(mode tfjson.ResourceMode, typ string) bool {
	if mode == tfjson.DataResourceMode {
		return typ == policyDocument
	}
	return catalog.Relevant(catalog.Terraform, typ)
}

// attribute returns what the catalogue knows of an attribute that is not in the
// configuration.
func attribute(b catalog.Block, name string) (value.Value, bool) {
	return catalog.Attribute(catalog.Terraform, b, name)
}
