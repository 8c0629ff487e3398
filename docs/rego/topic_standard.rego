# METADATA
# title: topics grant no more than the standard
# description: |
#   The standard lets the accounts of the platform publish and subscribe.
#   What a policy allows beyond it, for whomever and under whatever
#   conditions, is shown by a request.
# custom:
#   id: topic-standard
#   severity: medium
#   help: keep to the standard, or have it changed
package iaclint.rules.topic_standard

standard := {
	"Version": "2012-10-17",
	"Statement": [{
		"Effect": "Allow",
		"Principal": {"AWS": ["444455556666", "777788889999"]},
		"Action": ["sns:Publish", "sns:Subscribe"],
		"Resource": "*",
	}],
}

finding contains {"at": document, "message": message} if {
	some topic in input.resources
	topic.resourceType == "AWS::SNS::Topic"
	some document in topic.documents
	beyond := iaclint.beyond(document, standard)
	beyond.answer != "no"
	message := sprintf("%s allows %s beyond the standard (%s)", [topic.address, concat(", ", beyond.actions), beyond.answer])
}
