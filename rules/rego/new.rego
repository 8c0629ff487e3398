# METADATA
# title: access from outside needs a tag that says who answers for it
# description: |
#   Whoever looks at a resource that others can reach should see whom to ask.
# custom:
#   id: owner-of-external-access
#   severity: medium
#   help: tag the resource with "owner", or take the access away
package iaclint.rules.owner_of_external_access

# Every object of the input has its place in a file: "at" needs nothing else.
finding contains {"at": access, "message": message} if {
	some resource in input.resources
	not resource.properties.tags.owner
	some access in iaclint.external(resource)
	message := sprintf("%s can be reached by %s and has no tag \"owner\"", [resource.address, access.who])
}
