# METADATA
# title: nothing is allowed to all but some
# description: |
#   NotPrincipal with Allow lets in everybody who is not on the list, people
#   without an account among them. AWS advises against it.
# custom:
#   id: not-principal
#   severity: high
#   help: name in Principal who is meant, or use NotPrincipal in a Deny
package iaclint.rules.not_principal

finding contains {"at": [statement, "NotPrincipal"], "message": message} if {
	some resource in input.resources
	some document in resource.documents
	some statement in document.policy.Statement
	statement.Effect == "Allow"
	statement.NotPrincipal
	message := sprintf("%s is open to everyone but %s", [resource.address, concat(", ", {name | some name in statement.NotPrincipal[_]})])
}
