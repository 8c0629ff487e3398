# METADATA
# title: statements for outsiders name their actions
# description: |
#   A statement that lets in someone from outside and has a wildcard among
#   its actions grants what AWS adds to the service tomorrow.
# custom:
#   id: wildcard-action
#   severity: medium
#   help: list the actions that are needed
package iaclint.rules.wildcard_action

finding contains {"at": [statement, "Action", i], "message": message} if {
	some resource in input.resources
	some access in resource.findings
	some document in resource.documents
	some granting in access.statements
	statement := document.policy.Statement[granting.index]
	statement.Effect == "Allow"
	some i, action in statement.Action
	contains(action, "*")
	message := sprintf("%q is granted to outsiders on %s", [action, resource.address])
}
