# METADATA
# title: a change makes nothing public
# description: |
#   Public access that is there may be intended; what a plan, or a change
#   against --new-from, adds must be decided by somebody else.
# custom:
#   id: new-public
#   severity: high
#   help: have the change approved, and archive the finding with the approval as its reason
package iaclint.rules.new_public

finding contains {"at": access, "message": message} if {
	some resource in input.resources
	some access in resource.findings
	access.isPublic
	access.change in {"new", "changed"}
	message := sprintf("this change makes %s public", [resource.address])
}
