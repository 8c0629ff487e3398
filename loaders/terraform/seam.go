package terraform

import "github.com/iaclint/iaclint/loaders/catalog"

// What is asked of the catalogue.
var (
	catalogMayCarry       = catalog.MayCarry
	catalogForeign        = catalog.Foreign
	catalogHasPolicy      = catalog.HasResourcePolicy
	catalogControls       = catalog.Controls
	catalogControlOf      = catalog.ControlOf
	catalogDeploys        = catalog.Deploys
	catalogDeployed       = catalog.Deployed
	catalogTemplateOf     = catalog.TemplateOf
	catalogUnreadTemplate = catalog.UnreadTemplate
	catalogRelevant       = catalog.Relevant
	catalogOwners         = catalog.Owners
	catalogAttribute      = catalog.Attribute
	catalogResources      = catalog.Resources
)
