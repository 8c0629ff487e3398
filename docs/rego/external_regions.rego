# METADATA
# title: what others reach is in Europe
# description: |
#   Data that someone outside can reach lies in one of the regions of the
#   list. A region that is not known is no excuse: it is reported too.
# custom:
#   id: external-regions
#   severity: medium
#   help: move the resource, or declare where it is deployed to in a target of the configuration
package iaclint.rules.external_regions

regions := {"eu-west-1", "eu-central-1"}

global := {"AWS::IAM::Role", "AWS::IAM::Policy"}

finding contains {"at": resource, "message": message} if {
	some resource in input.resources
	not resource.resourceType in global
	not resource.region in regions
	count(iaclint.external(resource)) > 0
	message := sprintf("%s can be reached from outside and is in %s", [resource.address, where(resource)])
}

where(resource) := resource.region if resource.region != ""

else := "a region that is not known"
