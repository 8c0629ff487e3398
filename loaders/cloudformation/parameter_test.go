package cloudformation

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

// Every form of a parameter file gives the same values.
func TestParameterFiles(t *testing.T) {
	const template = "Parameters: {A: {Type: String}, B: {Type: CommaDelimitedList}}\nResources: {R: {Type: AWS::SNS::Topic, Properties: {A: !Ref A, B: !Ref B}}}"
	const want = `R AWS::SNS::Topic {A: "x", B: ["1", "2"]}`
	for _, content := range []string{
		`[{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "B", "ParameterValue": "1,2"}, {"ParameterKey": "C", "UsePreviousValue": true}]`,
		`{"Parameters": {"A": "x", "B": "1, 2"}, "Tags": {"A": "no"}}`,
		`{"A": "x", "B": ["1", "2"]}`,
		`["A=x", "B=1,2"]`,
		"parameters:\n  A: x\n  B: 1,2\n",
	} {
		o := Options{ParameterFiles: []*source.File{source.NewFile("p.json", []byte(content))}}
		if got := blocksOf("t.yaml", template, o); got != want {
			t.Errorf("%s: got %s", content, got)
		}
		o.Parameters = map[string]string{"A": "y"}
		if got := blocksOf("t.yaml", template, o); got != strings.Replace(want, "x", "y", 1) {
			t.Errorf("%s with A=y: got %s", content, got)
		}
	}
	for content, want := range map[string]string{
		`"a"`:                   `error p.json:1:1: expected parameters as a list of objects with "ParameterKey" and "ParameterValue", or as one object, found string`,
		`[1]`:                   `error p.json:1:2: expected an object with "ParameterKey" and "ParameterValue", found number`,
		`{"A": {"b": 1}}`:       `error p.json:1:7: expected the value of parameter "A" as a string, found object`,
		`{"A": null}`:           `error p.json:1:7: expected the value of parameter "A" as a string, found null`,
		`{"A": `:                `error p.json:1:7: invalid JSON: expected ":" and a value, found the end of the text`,
		`{"Parameters": [[]]}`:  `error p.json:1:16: expected the value of parameter "Parameters" as a string, found list`,
		`[{"ParameterKey": 1}]`: ``,
	} {
		o := Options{ParameterFiles: []*source.File{source.NewFile("p.json", []byte(content))}}
		if got := blocksOf("t.yaml", "Resources: {}", o); got != want {
			t.Errorf("%s: got %s, want %s", content, got, want)
		}
	}
}

func TestParameters(t *testing.T) {
	tests := []struct{ declared, given, want string }{
		{`{Type: String}`, "", `?${P}`},
		{`{Type: String}`, "v", `"v"`},
		{`{Type: String, Default: d}`, "", `"d"`},
		{`{Type: String, Default: d}`, "v", `"v"`},
		{`{Type: String, Default: ""}`, "", `""`},
		{`{Type: Number, Default: 5}`, "", `5`},
		{`{Type: String, AllowedValues: [a, 1]}`, "", `?${P of a|1}`},
		{`{Type: String, AllowedValues: [a]}`, "b", `"b"` + "\n" + `warning 1:14: the value of parameter "P" is none of those that the template allows`},
		{`{Type: CommaDelimitedList, AllowedValues: [a]}`, "", `?${P}`},
		{`{Type: CommaDelimitedList, Default: ""}`, "", `[""]`},
		{`{Type: "List<Number>", Default: "1, 2"}`, "", `["1", "2"]`},
		{`{Type: "AWS::EC2::VPC::Id"}`, "", `"${P is own name}"`},
		{`{Type: "AWS::SSM::Parameter::Value<String>", Default: /a}`, "/b", `?${P}`},
		// What is not to be shown is not looked at.
		{`{Type: String, NoEcho: true, Default: hunter2}`, "", `?${P}`},
		{`{Type: String, NoEcho: "true"}`, "hunter2", `?${P}`},
		{`{Type: String, Default: [a]}`, "", `?${P}` + "\n" + `error 1:41: expected the default of parameter "P" to be a string or number, found list`},
		{`{Default: d}`, "", `"d"` + "\n" + `error 1:17: expected "Type" of parameter "P" to be a string, found nothing`},
		{`a`, "", `?${P}` + "\n" + `error 1:17: expected a parameter: an object with "Type", found string`},
		{`{Type: String, AllowedValues: a}`, "", `?${P}` + "\n" + `error 1:47: expected the allowed values of parameter "P" as a list, found string`},
	}
	for _, tt := range tests {
		o := Options{}
		if tt.given != "" {
			o.Parameters = map[string]string{"P": tt.given}
		}
		got := blocksOf("t.yaml", "Parameters: {P: "+tt.declared+"}\nResources: {R: {Type: AWS::SNS::Topic, Properties: {V: !Ref P}}}", o)
		value, rest, _ := strings.Cut(got, "\n")
		value = strings.TrimSuffix(strings.TrimPrefix(value, "R AWS::SNS::Topic {V: "), "}")
		if rest != "" {
			value += "\n" + rest
		}
		if value != tt.want {
			t.Errorf("%s given %q: got %s\nwant %s", tt.declared, tt.given, value, tt.want)
		}
	}
}

// A parameter that says who may do something is part of the finding.
func TestComesFrom(t *testing.T) {
	f := source.NewFile("t.yaml", []byte(`
Parameters: {Who: {Type: String, Default: "*"}, Name: {Type: String, Default: n}}
Resources:
  P:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref T]
      PolicyDocument: {Statement: {Effect: Allow, Principal: !Ref Who, Action: "sns:*", Resource: !Ref T}}
  T: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Name}}
`))
	blocks, _, _ := Blocks(f, Options{})
	if got := blocks[0].Related; len(got) != 1 || got[0].Span.Text() != `"*"` || got[0].Message != "parameter Who has its value here" {
		t.Errorf("related places %v", got)
	}
	if got := blocks[1].Related; len(got) != 0 {
		t.Errorf("related places of a name: %v", got)
	}
}
