package iaclint_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/iaclint/iaclint"
)

// A program hands over a file system and gets the report.
func ExampleCheck() {
	files := fstest.MapFS{"infra/queue.yaml": {Data: []byte(`Resources:
  Jobs:
    Type: AWS::SQS::Queue
  Access:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Jobs]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: arn:aws:iam::444455556666:root}
            Action: sqs:SendMessage
            Resource: !GetAtt Jobs.Arn
`)}}
	report, err := iaclint.Check(context.Background(), files, iaclint.Options{Account: "111122223333", Region: "eu-west-1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range report.Findings {
		fmt.Printf("%s:%d: %s [%s]\n", f.Path, f.Location.StartLine, f.Message, f.Rule)
	}
	fmt.Println(report.Summary.Resources, "resource,", report.Summary.External, "external")
	// Output:
	// infra/queue.yaml:11: account 444455556666 can sqs:SendMessage on Jobs [external-account]
	// 1 resource, 1 external
}
