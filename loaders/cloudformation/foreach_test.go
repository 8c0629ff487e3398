package cloudformation

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

// The body of a loop over what is not known stands there once for each item that may
// be there, as it would under a condition that is not known.
func TestOpenLoops(t *testing.T) {
	const head = `
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList}
  Some: {Type: CommaDelimitedList, AllowedValues: [a, b-c]}
  One: {Type: String}
  Env: {Type: String}
Mappings:
  M: {dev: {L: [a, b]}, prod: {L: [b]}}
Conditions:
  Own: !Equals [!Ref Env, x]
  Fn::ForEach::Conds: [N, !Ref Names, {"Is${N}": !Equals [!Ref Env, !Ref N]}]
Resources:
`
	const any = " when condition an item of Names holds"
	tests := []struct{ in, want string }{
		{`  Fn::ForEach::L: [N, !Ref Names, {"T${N}": {Type: AWS::SNS::Topic, Properties: {A: !Ref N, B: "b-${N}", C: !Sub "c-${N}"}}}]`,
			`T&{N?} AWS::SNS::Topic {A: "${an item of Names}", B: "b-${an item of Names}", C: "c-${an item of Names}"}` + any},
		// Two loops over one collection have the same items, a loop within another has not.
		{"  Fn::ForEach::L: [N, !Ref Names, {\"T${N}\": {Type: AWS::SNS::Topic}}]\n" +
			"  Fn::ForEach::K: [X, !Ref Names, {\"Q&{X}\": {Type: AWS::SQS::Queue, Properties: {A: !GetAtt \"T${X}.Arn\"}}}]",
			"T&{N?} AWS::SNS::Topic {}" + any + "\n" +
				`Q&{N?} AWS::SQS::Queue {A: "arn:${own partition is own partition}:sns:${own region is own region}:${own account is own account}:${T&{N?} is own name}"}` + any},
		{`  Fn::ForEach::L: [N, !Ref Names, {Fn::ForEach::K: [X, !Ref Names, {"T${N}${X}": {Type: AWS::SNS::Topic, Properties: {A: "${N} ${X}"}}}]}]`,
			`T&{N?}&{X?} AWS::SNS::Topic {A: "${an item of Names} ${another item of Names}"}` + any},
		// Alternatives, and items that are there in all of them.
		{`  Fn::ForEach::L: [N, !FindInMap [M, !Ref Env, L], {"T${N}": {Type: AWS::SNS::Topic}}]`,
			"Ta AWS::SNS::Topic {} when condition a in Fn::FindInMap M.${Env}.L holds\nTb AWS::SNS::Topic {}"},
		{`  Fn::ForEach::L: [N, !Ref Some, {"T&{N}": {Type: AWS::SNS::Topic, Properties: {A: !Ref N}}}]`,
			`Ta AWS::SNS::Topic {A: "a"} when condition a in Some holds` + "\n" + `Tbc AWS::SNS::Topic {A: "b-c"} when condition b-c in Some holds`},
		{`  Fn::ForEach::L: [N, [a, !Ref One], {"T&{N}": {Type: AWS::SNS::Topic, Properties: {A: !Ref N}}}]`,
			`Ta AWS::SNS::Topic {A: "a"}` + "\n" + `T&{N? 2} AWS::SNS::Topic {A: "${One}"}`},
		// Conditions of the body hold as well.
		{`  Fn::ForEach::L: [N, !Ref Names, {"T${N}": {Type: AWS::SNS::Topic, Condition: Own}}]`, `T&{N?} AWS::SNS::Topic {}` + any + " and condition Own holds"},
		{`  Fn::ForEach::L: [X, !Ref Names, {"T${X}": {Type: AWS::SNS::Topic, Condition: "Is${X}"}}]`, `T&{N?} AWS::SNS::Topic {}` + any + " and condition Is&{N?} holds"},
		{`  Fn::ForEach::L: [X, !Ref Names, {"T${X}": {Type: AWS::SNS::Topic, Condition: "Other${X}"}}]`, `T&{N?} AWS::SNS::Topic {}` + any + " and condition Other&{N?} holds"},
		// Within a resource, an object with keys that are not known is not known.
		{`  T: {Type: AWS::SNS::Topic, Properties: {A: {B: 1, Fn::ForEach::L: [N, !Ref Names, {"K${N}": 1}]}, C: 2}}`, `T AWS::SNS::Topic {A: ?${Names}, C: 2}`},
		{`  Fn::ForEach::L: [N, [!Ref One], {T: {Type: AWS::SNS::Topic, Properties: {A: {"${N}": 1}, C: 2}}}]`, `T AWS::SNS::Topic {A: ?${One}, C: 2}`},
		{`  Fn::ForEach::L: [N, !Ref Names, {"T${N}": {Type: AWS::SNS::Topic, Properties: {P: !Sub '{"Statement": "${N}"}', Q: '{"Statement": "x${N}"}'}}}]`,
			`T&{N?} AWS::SNS::Topic {P: {Statement: "${an item of Names}"}, Q: {Statement: "x${an item of Names}"}}` + any},
	}
	for _, tt := range tests {
		if got := blocksOf("a.yaml", head+tt.in+"\n", Options{}); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

// What a loop declares is unread where its type, or its own properties, depend on an
// item that is not known.
func TestUnreadLoops(t *testing.T) {
	const head = "Transform: AWS::LanguageExtensions\nParameters: {Names: {Type: CommaDelimitedList}}\nResources:\n"
	for in, want := range map[string]int{
		`  Fn::ForEach::L: [N, !Ref Names, {"T${N}": {Type: "AWS::S3::${N}"}}]`:                                          1,
		`  T: {Type: AWS::SNS::Topic, Properties: {Fn::ForEach::L: [N, !Ref Names, {"${N}": 1}]}}`:                       1,
		`  Fn::ForEach::L: [N, !Ref Names, {"T${N}": {Type: AWS::SNS::Topic}}]`:                                          0,
		`  T: {Type: AWS::SNS::Topic, Properties: {Fn::ForEach::L: [N, [a], {"${N}": 1}]}}`:                              0,
		`  T: {Type: AWS::SNS::Topic, Fn::ForEach::L: [N, !Ref Names, {"${N}": 1}]}`:                                     1,
		`  T: {Type: AWS::Serverless::Function, Properties: {Events: {Fn::ForEach::L: [N, !Ref Names, {"E${N}": {}}]}}}`: 1,
	} {
		e, _, _ := read(source.NewFile("a.yaml", []byte(head+in+"\n")), Options{})
		if len(e.unread) != want {
			t.Errorf("%s: %d unread, want %d", in, len(e.unread), want)
		}
	}
}
