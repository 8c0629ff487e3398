package cloudformation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

// blocksOf loads a template and prints each block and diagnostic in a line.
func blocksOf(name, content string, o Options) string {
	f := source.NewFile(name, []byte(content))
	blocks, _, diags := Blocks(f, o)
	var out []string
	for _, b := range blocks {
		line := fmt.Sprintf("%s %s %s", b.Address, b.Type, show(b.Properties))
		if b.Path != name {
			line += " in " + b.Path
		}
		if len(b.When) > 0 {
			line += " when " + strings.Join(b.When, " and ")
		}
		out = append(out, line)
	}
	for _, d := range diags {
		_, at := d.Where()
		path := ""
		if d.Path != name {
			path = d.Path + ":"
		}
		out = append(out, fmt.Sprintf("%s %s%d:%d: %s", d.Severity, path, at.Line, at.Column, d.Message))
	}
	return strings.Join(out, "\n")
}

// A resource is there once for each form that conditions give it.
func TestWorlds(t *testing.T) {
	const conditions = `
Parameters:
  Env: {Type: String}
  Stage: {Type: String, AllowedValues: [dev, test, prod]}
  Set: {Type: String, Default: "yes"}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsTest: !Equals [test, !Ref Env]
  NotProd: !Not [!Condition IsProd]
  StageDev: !Equals [!Ref Stage, dev]
  StageTest: !Equals [!Ref Stage, test]
  StageProd: !Equals [!Ref Stage, prod]
  IsSet: !Equals [!Ref Set, "yes"]
  Both: !And [!Condition IsProd, !Condition StageDev]
  Either: !Or [!Condition IsProd, !Condition IsSet]
  InChina: !Equals [!Ref AWS::Partition, aws-cn]
  Circular: !Not [!Condition Circle]
  Circle: !Not [!Condition Circular]
  Odd: [a]
  OddEquals: !Equals [a]
  List: !Equals [!Join [",", [!Ref Env, a]], ",a"]
Resources:
  R: `
	tests := []struct{ in, want string }{
		{`{Type: AWS::SNS::Topic, Condition: IsSet}`, `R AWS::SNS::Topic {}`},
		{`{Type: AWS::SNS::Topic, Condition: IsProd}`, `R AWS::SNS::Topic {} when condition IsProd holds`},
		{`{Type: AWS::SNS::Topic, Condition: NotProd}`, `R AWS::SNS::Topic {} when condition NotProd holds`},
		{`{Type: AWS::SNS::Topic, Condition: Either}`, `R AWS::SNS::Topic {}`},
		{`{Type: AWS::SNS::Topic, Condition: Both}`, `R AWS::SNS::Topic {} when condition Both holds`},
		{`{Type: AWS::SNS::Topic, Properties: {A: !If [IsProd, 1, 2]}}`, "R AWS::SNS::Topic {A: 1} when condition IsProd holds\nR AWS::SNS::Topic {A: 2} when condition IsProd does not hold"},
		// Conditions on one parameter are not independent.
		{`{Type: AWS::SNS::Topic, Condition: IsProd, Properties: {A: !If [NotProd, 1, 2]}}`, "R AWS::SNS::Topic {A: 2} when condition IsProd holds"},
		{`{Type: AWS::SNS::Topic, Condition: IsProd, Properties: {A: !If [IsTest, 1, 2]}}`, "R AWS::SNS::Topic {A: 2} when condition IsProd holds"},
		{`{Type: AWS::SNS::Topic, Properties: {A: !If [StageDev, 1, !If [StageTest, 2, !If [StageProd, 3, 4]]]}}`,
			"R AWS::SNS::Topic {A: 1} when condition StageDev holds\nR AWS::SNS::Topic {A: 2} when condition StageDev does not hold and condition StageTest holds\n" +
				"R AWS::SNS::Topic {A: 3} when condition StageDev does not hold and condition StageTest does not hold"},
		// What is the same in both cases is one form.
		{`{Type: AWS::SNS::Topic, Properties: {A: !If [IsProd, 1, 1]}}`, `R AWS::SNS::Topic {A: 1}`},
		{`{Type: AWS::SNS::Topic, Properties: {A: !If [IsProd, !If [StageDev, 1, 2], 1]}}`,
			"R AWS::SNS::Topic {A: 1} when condition IsProd does not hold, or condition IsProd holds and condition StageDev holds\n" +
				"R AWS::SNS::Topic {A: 2} when condition IsProd holds and condition StageDev does not hold"},
		{`{Type: AWS::SNS::Topic, Properties: {A: [!If [InChina, 1, !Ref AWS::NoValue]]}}`, "R AWS::SNS::Topic {A: [1]} when condition InChina holds\nR AWS::SNS::Topic {A: []} when condition InChina does not hold"},
		{`{Type: AWS::SNS::Topic, Condition: List}`, `R AWS::SNS::Topic {} when condition List holds`},
		{`{Type: AWS::SNS::Topic, Condition: Nope}`, "R AWS::SNS::Topic {} when condition Nope holds\nerror 23:41: condition \"Nope\" is not in the template"},
		{`{Type: AWS::SNS::Topic, Condition: Circular}`, "R AWS::SNS::Topic {} when condition Circular holds\nerror 18:28: condition \"Circular\" depends on itself"},
		{`{Type: AWS::SNS::Topic, Condition: Odd}`, "R AWS::SNS::Topic {} when condition Odd holds\nerror 19:8: expected a condition function such as \"Fn::Equals\", found list"},
		{`{Type: AWS::SNS::Topic, Condition: OddEquals}`, "R AWS::SNS::Topic {} when condition OddEquals holds\nerror 20:22: expected a list of two values for \"Fn::Equals\", found a list of 1"},
		{`{Type: AWS::SNS::Topic, Condition: [a]}`, "R AWS::SNS::Topic {}\nerror 23:41: expected the name of a condition, found list"},
	}
	for _, tt := range tests {
		if got := blocksOf("t.yaml", conditions+tt.in, Options{}); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
	with := Options{Parameters: map[string]string{"Env": "prod"}, Partition: "aws"}
	for in, want := range map[string]string{
		`{Type: AWS::SNS::Topic, Condition: IsProd}`:  `R AWS::SNS::Topic {}`,
		`{Type: AWS::SNS::Topic, Condition: NotProd}`: ``,
		`{Type: AWS::SNS::Topic, Condition: InChina}`: ``,
	} {
		if got := blocksOf("t.yaml", conditions+in, with); got != want {
			t.Errorf("%s with Env=prod: got %s, want %s", in, got, want)
		}
	}
}

// Past the bound, what conditions decide is unknown.
func TestManyWorlds(t *testing.T) {
	var b strings.Builder
	b.WriteString("Parameters:\n")
	for i := range 6 {
		fmt.Fprintf(&b, "  P%d: {Type: String}\n", i)
	}
	b.WriteString("Conditions:\n")
	for i := range 6 {
		fmt.Fprintf(&b, "  C%d: !Equals [!Ref P%d, a]\n", i, i)
	}
	b.WriteString("Resources: {R: {Type: AWS::SNS::Topic, Condition: C0, Properties: {A: [")
	for i := range 6 {
		fmt.Fprintf(&b, "!If [C%d, %d, x], ", i, i)
	}
	b.WriteString("]}}}")
	want := `R AWS::SNS::Topic {A: [?${condition C0}, ?${condition C1}, ?${condition C2}, ?${condition C3}, ?${condition C4}, ?${condition C5}]}` + "\n" +
		`warning 15:16: resource "R" depends on conditions with more than 16 outcomes; what they decide is taken to be unknown`
	if got := blocksOf("t.yaml", b.String(), Options{}); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
