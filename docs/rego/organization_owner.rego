# METADATA
# title: what the organization can reach has an owner
# description: |
#   Access for a whole organization needs the tag "owner": somebody has to
#   answer for it.
# custom:
#   id: organization-owner
#   severity: low
#   help: tag the resource with "owner"
package iaclint.rules.organization_owner

import data.lib.tags

finding contains {"at": access, "message": message} if {
	some resource in input.resources
	some access in iaclint.external(resource)
	some key in object.keys(access.condition)
	lower(key) in {"aws:principalorgid", "aws:principalorgpaths"}
	not tags.of(resource).owner
	message := sprintf("%s is open to %s and has no owner", [resource.address, access.condition[key]])
}
