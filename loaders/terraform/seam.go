package terraform

import "github.com/iaclint/iaclint/loaders/catalog"

// What is asked of the catalogue.
var (
	catalogRelevant  = catalog.Relevant
	catalogOwners    = catalog.Owners
	catalogAttribute = catalog.Attribute
	catalogResources = catalog.Resources
)
