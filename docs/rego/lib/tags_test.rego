package lib.tags_test

import data.lib.tags

template := `
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: q
      Tags:
        - Key: owner
          Value: web
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {AWS: "444455556666"}, Action: sqs:SendMessage, Resource: "*"}
`

module := `
resource "aws_sqs_queue" "q" {
  name = "q"
  tags = { owner = "web" }
}
resource "aws_sqs_queue" "bare" {
  name = "bare"
}
`

test_cloudformation if {
	document := iaclint.input({"template.yaml": template})
	some resource in document.resources
	tags.of(resource) == {"owner": "web"}
}

test_terraform if {
	document := iaclint.input({"main.tf": module})
	found := {resource.address: tags.of(resource) | some resource in document.resources}
	found == {"aws_sqs_queue.q": {"owner": "web"}, "aws_sqs_queue.bare": {}}
}

not_known := `
variable "team" {}

variable "tags" {}

resource "aws_sqs_queue" "value" {
  tags = { team = var.team }
}

resource "aws_sqs_queue" "all" {
  tags = var.tags
}

resource "aws_sqs_queue" "none" {}
`

test_may_be if {
	document := iaclint.input({"main.tf": not_known})
	found := {resource.address | some resource in document.resources; tags.may_be(resource, "team", "web")}
	found == {"aws_sqs_queue.value", "aws_sqs_queue.all"}
}
