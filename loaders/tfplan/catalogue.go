package tfplan

import (
	"bytes"

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
	return catalog.Relevant(catalog.Terraform, typ) || catalog.Deploys(typ) || catalog.Controls(typ)
}

// mayMatter: the type is relevant, or one that the catalogue does not know, so that it
// depends on what is in an object.
func mayMatter(mode tfjson.ResourceMode, typ string) bool {
	return isRelevant(mode, typ) || mode == tfjson.ManagedResourceMode && catalog.Foreign(catalog.Terraform, typ)
}

// matters reports whether an object is of a relevant type, or may have a policy that
// names principals.
func (p *plan) matters(o *object) bool {
	if isRelevant(o.mode, o.typ) {
		return true
	}
	for _, v := range []piece{o.after, o.before} {
		if bytes.Contains(p.raw(v), []byte("Principal")) {
			return true
		}
	}
	for m := range p.members(o.unknown) {
		if catalog.MayCarry(catalog.Terraform, o.typ, m.key) && p.holdsTrue(m.value) {
			return true
		}
	}
	return false
}

// attribute returns what the catalogue knows of an attribute that is not in the
// configuration.
func attribute(b catalog.Block, name string) (value.Value, bool) {
	return catalog.Attribute(catalog.Terraform, b, name)
}
