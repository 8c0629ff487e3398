package cloudformation

import "testing"

// A stack with parameters that a rule refuses is not made.
func TestRules(t *testing.T) {
	const head = `
Parameters: {S: {Type: String, AllowedValues: [dev, test, prod]}, O: {Type: String}}
Conditions: {Dev: !Equals [!Ref S, dev]}
Resources: {T: {Type: AWS::SNS::Topic, Condition: Dev}}
Rules:
  R: `
	const there, gone = "T AWS::SNS::Topic {} when condition Dev holds", ""
	for in, want := range map[string]string{
		`{Assertions: [{Assert: !Equals [!Ref S, prod]}]}`:                                       gone,
		`{Assertions: [{Assert: {Fn::Contains: [[test, prod], !Ref S]}}]}`:                       gone,
		`{Assertions: [{Assert: {Fn::Contains: [[dev, prod], !Ref S]}}]}`:                        there,
		`{Assertions: [{Assert: !Not [!Equals [!Ref S, dev]]}]}`:                                 gone,
		`{Assertions: [{Assert: !Or [!Equals [!Ref S, prod], !Equals [!Ref O, x]]}]}`:            there,
		`{Assertions: [{Assert: !And [!Equals [!Ref S, prod], !Equals [!Ref O, x]]}]}`:           gone,
		`{RuleCondition: !Equals [!Ref O, x], Assertions: [{Assert: !Equals [!Ref S, prod]}]}`:   there,
		`{RuleCondition: !Equals [!Ref S, dev], Assertions: [{Assert: !Equals [!Ref S, prod]}]}`: gone,
		`{Assertions: [{Assert: {Fn::EachMemberIn: [[!Ref S], [prod]]}}]}`:                       there,
		`{Assertions: [{Assert: !Equals [!Ref S, dev]}]}`:                                        "T AWS::SNS::Topic {}",
	} {
		if got := blocksOf("a.yaml", head+in+"\n", Options{}); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
	// Parameters that a rule refuses are not those that the stack will have.
	if got := blocksOf("a.yaml", head+"{Assertions: [{Assert: !Equals [!Ref S, prod]}]}\n", Options{Parameters: map[string]string{"S": "dev"}}); got != "T AWS::SNS::Topic {}" {
		t.Errorf("got %s", got)
	}
}
