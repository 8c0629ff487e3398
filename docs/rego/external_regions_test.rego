package iaclint.rules.external_regions_test

import data.iaclint.rules.external_regions

ireland := `
Resources:
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: ["https://sqs.eu-west-1.amazonaws.com/111122223333/orders"]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: "444455556666"}
            Action: sqs:SendMessage
            Resource: arn:aws:sqs:eu-west-1:111122223333:orders
`

test_ireland if {
	inputs := iaclint.input({"template.yaml": ireland})
	messages := {f.message | some f in external_regions.finding} with input as inputs
	messages == set()
}

virginia := `
Resources:
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: ["https://sqs.us-east-1.amazonaws.com/111122223333/orders"]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: "444455556666"}
            Action: sqs:SendMessage
            Resource: arn:aws:sqs:us-east-1:111122223333:orders
`

test_virginia if {
	inputs := iaclint.input({"template.yaml": virginia})
	messages := {f.message | some f in external_regions.finding} with input as inputs
	messages == {"Policy can be reached from outside and is in us-east-1"}
}

virginia_inside := `
Resources:
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: ["https://sqs.us-east-1.amazonaws.com/111122223333/orders"]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: "111122223333"}
            Action: sqs:SendMessage
            Resource: arn:aws:sqs:us-east-1:111122223333:orders
`

test_virginia_inside if {
	inputs := iaclint.input({"template.yaml": virginia_inside})
	messages := {f.message | some f in external_regions.finding} with input as inputs
	messages == set()
}
