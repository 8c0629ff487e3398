# METADATA
# title: statements have names
# description: |
#   A statement with a Sid can be spoken of in reviews and in the logs.
# custom:
#   id: statement-sid
#   severity: low
#   help: give the statement a Sid that says what it is for
package iaclint.rules.statement_sid

finding contains {"at": statement, "message": message, "key": key} if {
	some resource in input.resources
	some document in resource.documents
	not document.implied
	document.source == "POLICY"
	some i, statement in document.policy.Statement
	not statement.Sid
	message := sprintf("statement %d of %s has no Sid", [i + 1, resource.address])
	key := sprintf("%s %d", [document.address, i])
}
