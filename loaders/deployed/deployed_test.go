package deployed

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

const (
	stackA = "arn:aws:cloudformation:eu-west-1:111122223333:stack/a/1"
	stackB = "arn:aws:cloudformation:eu-west-1:111122223333:stack/b/2"
)

func resourceOf(stack, logical, typ, id string) string {
	return fmt.Sprintf(`{"StackId":%q,"StackName":"s","LogicalResourceId":%q,"PhysicalResourceId":%q,"ResourceType":%q,"ResourceStatus":"CREATE_COMPLETE"}`, stack, logical, id, typ)
}

func read(t *testing.T, texts ...string) *Values {
	t.Helper()
	v := New()
	for i, text := range texts {
		if ok, diags := v.Add(source.NewFile(fmt.Sprintf("f%d.json", i), []byte(text))); !ok || len(diags) > 0 {
			t.Fatalf("%s: %v", text, diags)
		}
	}
	return v
}

func TestStacks(t *testing.T) {
	both := `{"StackResources":[` + resourceOf(stackA, "Q", "AWS::SQS::Queue", "qa") + "," + resourceOf(stackA, "B", "AWS::S3::Bucket", "ba") + "," + resourceOf(stackB, "Q", "AWS::SQS::Queue", "qb") + `]}`
	v := read(t, both)
	for _, tt := range []struct {
		types map[string]string
		want  string
	}{
		{map[string]string{"Q": "AWS::SQS::Queue", "B": "AWS::S3::Bucket"}, "qa"},
		{map[string]string{"Q": "AWS::SQS::Queue"}, ""}, // either
		{map[string]string{"Q": "AWS::SNS::Topic"}, ""}, // another thing of that name
		{map[string]string{"X": "AWS::SQS::Queue"}, ""},
		{nil, ""},
	} {
		if got, _ := v.StackFor(tt.types).Physical("Q", "AWS::SQS::Queue"); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.types, got, tt.want)
		}
	}
	for text, want := range map[string]string{
		`{"StackResourceSummaries":[{"LogicalResourceId":"Q","PhysicalResourceId":"q","ResourceType":"AWS::SQS::Queue","ResourceStatus":"UPDATE_COMPLETE"}]}`: "q",
		`{"StackResourceSummaries":[{"LogicalResourceId":"Q","PhysicalResourceId":"q","ResourceType":"AWS::SQS::Queue","ResourceStatus":"DELETE_COMPLETE"}]}`: "",
		`{"StackResourceDetail":` + resourceOf(stackA, "Q", "AWS::SQS::Queue", "q") + `}`:                                                                     "q",
		`{"StackResources":[]}`: "",
	} {
		if got, _ := read(t, text).StackFor(map[string]string{"Q": "AWS::SQS::Queue"}).Physical("Q", "AWS::SQS::Queue"); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// What NoEcho hides is not a value, and an empty one is.
func TestParameters(t *testing.T) {
	v := read(t, `{"Stacks":[{"StackId":"`+stackA+`","Parameters":[{"ParameterKey":"A","ParameterValue":"x"},{"ParameterKey":"B","ParameterValue":"****"},{"ParameterKey":"C","ParameterValue":""},{"ParameterKey":"D","ParameterValue":"/p","ResolvedValue":"y"}],"Outputs":[{"OutputKey":"O","OutputValue":"v","ExportName":"e"}]}]}`)
	if got := fmt.Sprint(v.StackFor(nil).Parameters); got != "map[A:x C: D:y]" {
		t.Error(got)
	}
	if got, ok := v.Export("e"); got != "v" || !ok {
		t.Error(got, ok)
	}
}

func TestExports(t *testing.T) {
	export := func(name, of string) string {
		return `{"Exports":[{"ExportingStackId":"s","Name":"` + name + `","Value":"` + of + `"}]}`
	}
	v := read(t, export("a", "1"), export("a", "1"), export("b", "1"), export("b", "2"), export("b", "1"))
	for name, want := range map[string]string{"a": "1 true", "b": "1 false", "c": " false"} {
		text, ok := v.Export(name)
		if got := fmt.Sprint(text, " ", ok); got != want && (ok || !strings.HasSuffix(want, "false")) {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	var none *Values
	if _, ok := none.Export("a"); ok || none.Outputs("a", true) != nil || none.Attributes("a") != nil || none.StackFor(nil) != nil {
		t.Error("no values tell something")
	}
}

func TestOutputs(t *testing.T) {
	v := read(t, `{"who":{"sensitive":false,"type":"string","value":"444455556666"},"key":{"sensitive":true,"type":"string","value":"S3CR3T"}}`)
	for _, tt := range []struct {
		reference string
		only      bool
		want      int
	}{{"f0", false, 1}, {"net", true, 1}, {"net", false, 0}} {
		got := v.Outputs(tt.reference, tt.only)
		if len(got) != tt.want || strings.Contains(fmt.Sprint(got), "S3CR3T") {
			t.Errorf("%v: got %v", tt, got)
		}
	}
	two := read(t, `{"a":{"sensitive":false,"value":1}}`, `{"a":{"sensitive":false,"value":2}}`)
	if two.Outputs("net", true) != nil {
		t.Error("one of two is taken")
	}
}

func TestStatesDiffer(t *testing.T) {
	of := func(text string) func(string) map[string]value.Value {
		return func(string) map[string]value.Value {
			return map[string]value.Value{"id": {Kind: value.String, Text: value.Lit(text)}, "x": {Kind: value.String, Text: value.Lit("x")}}
		}
	}
	v := New()
	v.States = append(v.States, of("a"), of("b"), of("a"))
	if got := v.Attributes("r"); len(got) != 1 || got["x"].Kind == value.Absent {
		t.Errorf("got %v", got)
	}
}

func TestRefused(t *testing.T) {
	for _, text := range []string{`[]`, `{}`, `{"a":1}`, `{"Statement":[]}`, `{"StackResources":[`, `"x"`, `{"a":{"value":1}}`, strings.Repeat(`{"a":`, 50_000), `{"StackResources":[]} {"a":`} {
		if _, diags := New().Add(source.NewFile("f.json", []byte(text))); len(diags) == 0 {
			t.Errorf("%.40s is accepted", text)
		}
	}
}

func TestStackOf(t *testing.T) {
	if account, region, ok := StackOf(stackA); account != "111122223333" || region != "eu-west-1" || !ok {
		t.Error(account, region, ok)
	}
	for _, id := range []string{"", "s", "arn:aws:s3:::b", "arn:aws:cloudformation:eu-west-1:1:stack/a/1"} {
		if _, _, ok := StackOf(id); ok {
			t.Errorf("%q is accepted", id)
		}
	}
}

// What several files tell, and not alike, is not known, whatever a third one tells.
func TestFilesDiffer(t *testing.T) {
	stack := func(parameter string) string {
		return `{"Stacks":[{"StackId":"` + stackA + `","StackName":"a","Parameters":[{"ParameterKey":"P","ParameterValue":"` + parameter + `"}]}]}`
	}
	list := func(id string) string {
		return `{"StackResources":[` + resourceOf(stackA, "Q", "AWS::SQS::Queue", id) + `]}`
	}
	export := func(of string) string { return `{"Exports":[{"Name":"E","Value":"` + of + `"}]}` }
	output := func(of string) string { return `{"o":{"sensitive":false,"value":"` + of + `"}}` }
	for _, tt := range []struct {
		name string
		text func(string) string
		get  func(*Values) string
	}{
		{"parameter", stack, func(v *Values) string { return v.StackWith(stackA).Parameters["P"] }},
		{"resource", list, func(v *Values) string { id, _ := v.StackWith(stackA).Physical("Q", "AWS::SQS::Queue"); return id }},
		{"export", export, func(v *Values) string {
			if e, ok := v.Export("E"); ok {
				return e
			}
			return ""
		}},
		{"output", output, func(v *Values) string {
			for _, f := range v.Outputs("f", true) {
				return f.Value.Text.String()
			}
			return ""
		}},
	} {
		for told, want := range map[string]string{"a": "a", "a a": "a", "a b": "", "a b a": "", "a b b": ""} {
			v := New()
			for i, text := range strings.Fields(told) {
				if ok, diags := v.Add(source.NewFile(fmt.Sprintf("d%d/f.json", i), []byte(tt.text(text)))); !ok || len(diags) > 0 {
					t.Fatal(diags)
				}
			}
			if got := tt.get(v); got != want {
				t.Errorf("%s told as %s: got %q, want %q", tt.name, told, got, want)
			}
		}
	}
}

// A file is read or refused, and read twice it tells what it told.
func FuzzAdd(f *testing.F) {
	files, err := filepath.Glob("../../testdata/deployed/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add([]byte(`{"o":{"sensitive":false,"value":["a",{"b":null}]},"s":{"sensitive":true,"value":1}}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		told := func(times int) string {
			v := New()
			var out strings.Builder
			for range times {
				file := source.NewFile("f.json", content)
				ok, diags := v.Add(file)
				for _, d := range diags {
					if d.Span.Start < 0 || d.Span.End < d.Span.Start || d.Span.End > len(content) {
						t.Errorf("a diagnostic is at %d to %d of %d bytes", d.Span.Start, d.Span.End, len(content))
					}
				}
				if !ok && len(diags) == 0 {
					t.Error("neither read nor refused")
				}
			}
			for _, s := range v.stacks {
				if len(s.ID) > 0 { // those without id are another stack each time
					fmt.Fprintln(&out, s.ID, s.Parameters, s.resources)
				}
			}
			for _, name := range slices.Sorted(maps.Keys(v.exports)) {
				text, ok := v.Export(name)
				fmt.Fprintln(&out, name, text, ok)
			}
			fmt.Fprintln(&out, v.Outputs("f", true))
			return out.String()
		}
		if once, twice := told(1), told(2); once != twice {
			t.Errorf("read once:\n%s\nread twice:\n%s", once, twice)
		}
	})
}
