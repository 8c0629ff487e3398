package iaclint_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iaclint/iaclint"
)

// A policy and the Block Public Access of its bucket under conditions of different
// names are judged together if the conditions are the same expression, and apart
// if they are not.
func TestConditionsCompareAsExpressions(t *testing.T) {
	const conditions = `Parameters: {Env: {Type: String}, Size: {Type: String}, L: {Type: CommaDelimitedList}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  Turned: !Equals [prod, !Ref Env]
  Named: !Not [!Not [!Condition Turned]]
  NotProd: !Not [!Equals [!Ref Env, prod]]
  AlsoNot: !Not [!Condition Named]
  Big: !Equals [!Ref Size, big]
  Both: !And [!Condition IsProd, !Condition Big]
  Swapped: !And [!Equals [!Ref Size, big], !Condition Named]
  Morgan: !Not [!Or [!Condition NotProd, !Not [!Condition Big]]]
  Twice: !And [!Condition Both, !Condition Swapped]
  Either: !Or [!Condition IsProd, !Condition Big]
  Same: !Equals [!If [Big, !Ref Env, prod], prod]
  Contrary: !Equals [!If [Big, prod, !Ref Env], prod]
  First: !Equals [!Select [0, !Ref L], a]
  Second: !Equals [!Select [1, !Ref L], a]
Resources:
  B:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: acme-logs
      PublicAccessBlockConfiguration: !If [BLOCK, {RestrictPublicBuckets: true}, !Ref AWS::NoValue]
  P:
    Type: AWS::S3::BucketPolicy
    Condition: POLICY
    Properties:
      Bucket: !Ref B
      PolicyDocument: {Version: 2012-10-17, Statement: [{Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${B.Arn}/*"}]}
`
	for _, tt := range []struct {
		policy, block string
		open          bool
	}{
		{"IsProd", "IsProd", false},
		{"IsProd", "Turned", false},
		{"Turned", "Named", false},
		{"NotProd", "AlsoNot", false},
		{"Both", "Swapped", false},
		{"Both", "Morgan", false},
		{"Morgan", "Twice", false},
		{"IsProd", "NotProd", true},
		{"AlsoNot", "Turned", true},
		{"Either", "Both", true},
		{"IsProd", "Big", true},
		{"Same", "Contrary", true},
		{"First", "Second", true},
	} {
		text := strings.NewReplacer("BLOCK", tt.block, "POLICY", tt.policy).Replace(conditions)
		report, err := iaclint.Check(context.Background(), fstest.MapFS{"t.yaml": {Data: []byte(text)}}, iaclint.Options{Account: "111122223333"})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(report.Findings) > 0; got != tt.open {
			t.Errorf("policy under %s, block under %s: open is %t, want %t\n%v", tt.policy, tt.block, got, tt.open, report.Findings)
		}
		for _, f := range report.Findings {
			if tt.block == "NotProd" && strings.Contains(f.Message, " and condition ") {
				t.Errorf("one condition is said twice: %s", f.Message)
			}
		}
	}
}
