# METADATA
# title: nobody outside writes
# description: |
#   Access from outside the zone of trust reads and lists. Access levels are
#   those of the Service Authorization Reference.
# custom:
#   id: external-writes
#   severity: high
#   help: take the actions that write out of the statement
package iaclint.rules.external_writes

finding contains {"at": access, "message": message} if {
	some resource in input.resources
	resource.resourceType != "AWS::IAM::Role" # to assume a role counts as Write
	some access in iaclint.external(resource)
	levels := {level | some level in access.accessLevels} & {"Write", "Tagging", "Permissions management"}
	count(levels) > 0
	message := sprintf("%s has %s access to %s", [access.who, concat(" and ", levels), resource.address])
}
