# METADATA
# title: only own repositories deploy
# description: |
#   A role that trusts tokens of GitHub Actions trusts those of repositories
#   of your organization.
# custom:
#   id: github-own-repositories
#   severity: critical
#   help: begin the value of token.actions.githubusercontent.com:sub with repo:acme/
package iaclint.rules.github_own_repositories

issuer := "token.actions.githubusercontent.com"

own := "repo:acme/"

finding contains {"at": access, "message": message} if {
	some role in input.resources
	role.resourceType == "AWS::IAM::Role"
	some access in iaclint.external(role)
	endswith(access.principal.Federated, issuer)
	not startswith(subject(access), own)
	message := sprintf("%s can be assumed from repositories that are not ours: %s", [role.address, subject(access)])
}

subject(access) := name if {
	name := access.condition[sprintf("%s:sub", [issuer])]
} else := "any"
