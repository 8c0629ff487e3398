# METADATA
# title: accounts outside are partners
# description: |
#   Whoever has access from outside is one of the accounts of the list,
#   however the policy names it.
# custom:
#   id: partners-only
#   severity: medium
#   help: add the account to the partners once there is a contract, or take it out of the policy
package iaclint.rules.partners_only

partners := {"444455556666", "777788889999"}

finding contains {"at": access, "message": message} if {
	some resource in input.resources
	some access in iaclint.external(resource)
	not partner(access.who)
	message := sprintf("%s, which can reach %s, is no partner", [access.who, resource.address])
}

partner(who) if who in partners

partner(who) if {
	startswith(who, "arn:")
	split(who, ":")[4] in partners
}
