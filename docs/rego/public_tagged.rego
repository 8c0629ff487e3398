# METADATA
# title: public buckets say so
# description: |
#   Anyone may read a bucket only if it has the tag "public" of "true";
#   nobody may do more with it.
# custom:
#   id: public-tagged
#   severity: critical
#   help: tag the bucket with public = "true" if that is what it is for, or else switch Block Public Access on
package iaclint.rules.public_tagged

import data.lib.tags

finding contains {"at": access, "message": message} if {
	some bucket in public
	not tagged(bucket)
	some access in iaclint.external(bucket)
	access.isPublic
	message := sprintf("%s is public and is not tagged so", [bucket.address])
}

finding contains {"at": access, "message": message} if {
	some bucket in public
	some access in iaclint.external(bucket)
	access.isPublic
	some level in access.accessLevels
	not level in {"Read", "List"}
	message := sprintf("anyone has %s access to %s", [level, bucket.address])
}

tagged(bucket) if tags.of(bucket).public == "true"

public contains bucket if {
	some bucket in input.resources
	bucket.resourceType == "AWS::S3::Bucket"
	bucket.verdict == "public"
}
