package terraform

import "github.com/iaclint/iaclint/loaders/catalog"

// What is asked of the catalogue.
var (
	catalogMayCarry  = catalog.MayCarry
	catalogForeign   = catalog.Foreign
	catalogHasPolicy = catalog.HasResourcePolicy
	catalogControl   = catalog.CloudControl
	catalogRelevant  = catalog.Relevant
	catalogOwners    = catalog.Owners
	catalogAttribute = catalog.Attribute
	catalogResources = catalog.Resources
)
