# METADATA
# title: requests come by TLS
# description: |
#   A policy that changes when a Deny for requests without TLS is added to
#   it allows some of them. That is proven for all requests; a condition on
#   aws:SecureTransport in the wrong place does not count.
# custom:
#   id: secure-transport
#   severity: medium
#   help: add a statement that denies everything if aws:SecureTransport is false
package iaclint.rules.secure_transport

refusal := {
	"Effect": "Deny",
	"Principal": {"AWS": ["*"]},
	"Action": ["*"],
	"Resource": ["*"],
	"Condition": {"Bool": {"aws:SecureTransport": ["false"]}},
}

finding contains {"at": document, "message": message} if {
	some resource in input.resources
	resource.resourceType in {"AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::SNS::Topic"}
	some document in resource.documents
	document.source == "POLICY"
	policy := document.policy
	strict := object.union(policy, {"Statement": array.concat(policy.Statement, [refusal])})
	not iaclint.implies(policy, strict)
	message := sprintf("%s answers requests without TLS", [resource.address])
}
