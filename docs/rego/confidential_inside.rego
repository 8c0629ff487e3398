# METADATA
# title: what is tagged confidential stays in the account
# description: |
#   A resource with the tag "class" of "confidential" can be reached by
#   nobody outside the zone of trust, proven or not.
# custom:
#   id: confidential-inside
#   severity: high
#   help: take the principal out of the policy, or the tag off the resource
package iaclint.rules.confidential_inside

import data.lib.tags

finding contains {"at": access, "message": message} if {
	some resource in input.resources
	tags.may_be(resource, "class", "confidential")
	some access in iaclint.external(resource)
	message := sprintf("%s is confidential and can be reached by %s", [resource.address, access.who])
}
