package rewrite

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/repair"
	"github.com/iaclint/iaclint/analysis/value"
)

// markedText takes the marks « and » out of a text and returns the place between
// them.
func markedText(text string) (content string, start, end int) {
	before, rest, _ := strings.Cut(text, "«")
	inner, after, _ := strings.Cut(rest, "»")
	return before + inner + after, len(before), len(before) + len(inner)
}

var (
	literal   = repair.Value{Text: "111122223333"}
	reference = repair.Value{Is: value.OwnAccount}
	variable  = repair.Value{Text: "${aws:ResourceAccount}"}
)

func require(v repair.Value) repair.Edit {
	return repair.Edit{Kind: repair.Require, Conditions: []repair.Condition{{Operator: "StringEquals", Key: "aws:PrincipalAccount", Values: []repair.Value{v}}}}
}

func ofSource(v repair.Value) repair.Edit {
	return repair.Edit{Kind: repair.Require, Conditions: []repair.Condition{{Operator: "StringEquals", Key: "aws:SourceAccount", Values: []repair.Value{v}}}}
}

func deny(v repair.Value) repair.Edit {
	return repair.Edit{Kind: repair.Add, Conditions: []repair.Condition{
		{Operator: "StringNotEqualsIfExists", Key: "aws:PrincipalAccount", Values: []repair.Value{v}},
		{Operator: "BoolIfExists", Key: "aws:PrincipalIsAWSService", Values: []repair.Value{{Text: "false"}}},
	}}
}

func allow(v repair.Value, bucket string) repair.Edit {
	return repair.Edit{Kind: repair.Grant, Value: v, Bucket: bucket, Statement: &policy.Statement{Action: policy.Patterns{List: []policy.Pattern{{Text: value.Lit("s3:ListBucket")}}}}}
}

var (
	remove   = repair.Edit{Kind: repair.Remove}
	withdraw = repair.Edit{Kind: repair.Withdraw}
	refuse   = repair.Edit{Kind: repair.Refuse}
	turnOn   = repair.Edit{Kind: repair.Block}
)

// Every edit in every language, with what the author wrote around it.
func TestApply(t *testing.T) {
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			content, start, end := markedText(tt.text)
			e := tt.edit
			e.At.Start, e.At.End = start, end
			got, err := Read([]byte(content), Code{Name: tt.file, Account: tt.account, Others: [][]byte{[]byte(tt.others)}}).Apply([]repair.Edit{e})
			if err != nil {
				got = []byte("cannot: " + err.Error())
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if crlf := strings.ReplaceAll(content, "\n", "\r\n"); err == nil && !strings.Contains(tt.want, "\\n") {
				e.At.Start += strings.Count(content[:start], "\n")
				e.At.End += strings.Count(content[:end], "\n")
				got, err := Read([]byte(crlf), Code{Name: tt.file, Account: tt.account}).Apply([]repair.Edit{e})
				if want := strings.ReplaceAll(tt.want, "\n", "\r\n"); err != nil || string(got) != want {
					t.Errorf("with CRLF: %v\n%s", err, cmp.Diff(want, string(got)))
				}
			}
		})
	}
}

// The edits of one file are made together, whatever their order.
func TestApplySeveral(t *testing.T) {
	const text = `{"Statement": [
  {"Effect": "Allow", "Action": "a:A"},
  {"Effect": "Allow", "Action": "a:B"},
  {"Effect": "Allow", "Action": "a:C"}
]}`
	at := func(e repair.Edit, piece string) repair.Edit {
		e.At.Start = strings.Index(text, piece)
		e.At.End = e.At.Start + len(piece)
		return e
	}
	first, second, third := `{"Effect": "Allow", "Action": "a:A"}`, `{"Effect": "Allow", "Action": "a:B"}`, `{"Effect": "Allow", "Action": "a:C"}`
	const want = `{"Statement": [
  {"Effect": "Allow", "Action": "a:A", "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}}
]}`
	for _, list := range [][]repair.Edit{
		{at(require(literal), first), at(withdraw, second), at(withdraw, third)},
		{at(withdraw, third), at(withdraw, second), at(require(literal), first)},
	} {
		got, err := Read([]byte(text), Code{Name: "p.json"}).Apply(list)
		if err != nil || string(got) != want {
			t.Errorf("%v\n%s", err, got)
		}
	}
}
