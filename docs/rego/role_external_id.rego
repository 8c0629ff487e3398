# METADATA
# title: roles for other accounts ask for an external id
# description: |
#   A role that another account may assume without sts:ExternalId can be
#   assumed for anyone who makes that account act, which is the confused
#   deputy. The trust policy is asked about a request without the key; that
#   a condition stands in the text is not enough.
# custom:
#   id: role-external-id
#   severity: high
#   help: add the condition StringEquals on sts:ExternalId with the id that was agreed on
package iaclint.rules.role_external_id

finding contains {"at": access, "message": message} if {
	some role in input.resources
	role.resourceType == "AWS::IAM::Role"
	some access in iaclint.external(role)
	access.principal.AWS != "*"
	some document in role.documents
	request := {"principal": access.who, "action": "sts:AssumeRole", "resource": arn(role)}
	iaclint.allows(document, request)
	message := sprintf("%s can assume %s without an external id", [access.who, role.address])
}

arn(role) := role.arn if role.arn != ""

else := "arn:aws:iam::111122223333:role/any"
