# METADATA
# title: grants on keys are made inside
# description: |
#   Who may create a grant on a key can give its use away again, and no
#   policy shows it.
# custom:
#   id: kms-grants
#   severity: high
#   help: take kms:CreateGrant out of the statement; a service gets by with the condition kms:GrantIsForAWSResource
package iaclint.rules.kms_grants

finding contains {"at": access, "message": message} if {
	some key in input.resources
	key.resourceType == "AWS::KMS::Key"
	some access in iaclint.who(key, "kms:CreateGrant")
	not access.principal.Service
	not iaclint.in_zone_of(access.who, key)
	message := sprintf("%s can create grants on %s", [access.who, key.address])
}
