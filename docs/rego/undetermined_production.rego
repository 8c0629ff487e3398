# METADATA
# title: production is certain
# description: |
#   Access to what is tagged production has to be known: what would settle
#   it is named.
# custom:
#   id: undetermined-production
#   severity: high
#   help: give the variable or parameter a value with --var, --parameter or a target of the configuration
package iaclint.rules.undetermined_production

import data.lib.tags

finding contains {"at": access, "message": message} if {
	some resource in input.resources
	tags.may_be(resource, "env", "production")
	some access in iaclint.external(resource)
	access.certainty == "undetermined"
	message := sprintf("access to %s depends on %s", [resource.address, concat(", ", access.needs)])
}
