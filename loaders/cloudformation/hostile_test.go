package cloudformation

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/iaclint/iaclint/analysis/source"
)

// many joins a format of every number below n.
func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// Hostile input ends with a message, in bounded time and memory.
func TestHostile(t *testing.T) {
	const r = "Resources:\n  R:\n    Type: AWS::SNS::Topic\n    Properties:\n      V: "
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 30; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10))
	}
	sub := `"x"`
	for range 30 {
		sub = `{"Fn::Sub": ["${A}${A}${A}", {"A": ` + sub + `}]}`
	}
	loops := `"x"`
	for i := range 12 {
		loops = fmt.Sprintf(`{"Fn::ForEach::L%d": ["N%d", ["1","2","3","4","5","6","7","8","9"], {"K${N%d}": %s}]}`, i, i, i, loops)
	}
	conditions := `{"Conditions": {`
	for i := range 60 {
		conditions += fmt.Sprintf(`"C%d": {"Fn::Or": [{"Condition": "C%d"}, {"Condition": "C%d"}, {"Fn::Equals": [{"Ref": "P%d"}, "a"]}]},`, i, i+1, i+1, i)
	}
	conditions += `"C60": {"Fn::Equals": ["a", "b"]}}, "Parameters": {`
	for i := range 60 {
		conditions += fmt.Sprintf(`"P%d": {"Type": "String"},`, i)
	}
	conditions += `"Q": {"Type": "String"}}, "Resources": {"R": {"Type": "AWS::SNS::Topic", "Condition": "C0"}}}`
	chain := `{"Resources": {`
	for i := range 60 {
		chain += fmt.Sprintf(`"R%d": {"Type": "AWS::SNS::Topic", "Properties": {"A": {"Ref": "R%d"}, "B": {"Ref": "R%d"}}},`, i, i+1, i+1)
	}
	chain += `"R60": {"Type": "AWS::SNS::Topic"}}}`

	var resources, negations strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&resources, `"R%d": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "R%d"}}},`, i, i+1)
		fmt.Fprintf(&negations, `"C%d": {"Fn::Not": [{"Condition": "C%d"}]},`, i, i+1)
	}
	long := `{"Resources": {` + resources.String() + `"R10000": {"Type": "AWS::SNS::Topic"}}}`
	longConditions := `{"Conditions": {` + negations.String() + `"C10000": {"Fn::Equals": ["a", "b"]}}, "Resources": {"R": {"Type": "AWS::SNS::Topic", "Condition": "C0"}}}`

	tests := []struct{ name, in, want string }{
		{"long chain", long, "levels deep"},
		{"long chain of conditions", longConditions, "levels deep"},
		{"aliases", bomb + r + "*a29\n", "stands for more values"},
		{"alias of itself", r + "&a [*a]\n", `alias "*a" is inside what it stands for`},
		{"merge of itself", r + "&a {<<: *a}\n", `alias "*a" is inside what it stands for`},
		{"deep flow", r + strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "nested at most"},
		{"deep block", r + "\n        " + strings.Repeat("- ", 5000) + "x", "nested at most"},
		{"deep JSON", `{"AWSTemplateFormatVersion": ` + strings.Repeat("[", 100000), "nested at most"},
		{"deeper flow", r + strings.Repeat("[", 200000), "invalid YAML"},
		{"doubling", `{"Resources": {"R": {"Type": "AWS::SNS::Topic", "Properties": {"V": ` + sub + `}}}}`, "more text than"},
		{"loops", `{"Resources": {"R": {"Type": "AWS::SNS::Topic", "Properties": ` + loops + `}}}`, "stands for more values"},
		{"circular Ref", "Resources:\n  A: {Type: AWS::SNS::Topic, Properties: {N: !Ref B}}\n  B: {Type: AWS::SNS::Topic, Properties: {N: !Ref A}}\n", "depends on itself"},
		{"conditions", conditions, ""},
		{"chain", chain, ""},
		{"long line", `{"Resources": {"R": {"Type": "AWS::SNS::Topic", "Properties": {"V": [` + strings.Repeat(`{"Ref": "R"},`, 800_000) + `1]}}}}`, "at most"},
		{"long YAML line", "Resources: {R: {Type: AWS::SNS::Topic, Properties: {V: [" + strings.Repeat(`a, `, 300_000) + `1]}}}`, ""},
		{"many keys", `{"Resources": {` + strings.Repeat(`"R": {"Type": "AWS::SNS::Topic"},`, 100_000) + `"R": {"Type": "AWS::SNS::Topic"}}}`, "written twice"},
		{"huge YAML", "Resources: {}\n#" + strings.Repeat("x", 5<<20), "too large"},
		{"many resources", `{"Resources": {` + strings.TrimSuffix(many(20_000, `"R%d": {"Type": "AWS::SNS::Topic"},`), ",") + `}}`, "more than 5000 resources"},
		{"a loop of many", "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A:\n    - I\n    - [" + many(20_000, "a%d,") + "]\n    - B${I}: {Type: AWS::SNS::Topic}\n", "more than 5000 resources"},
		{"many references", r + "!Sub '" + strings.Repeat("${AWS::StackName}", 200_000) + "'\n", "too long for the number of their references"},
		{"many variables", r + "!Sub ['" + many(40_000, "${v%d}") + "', {" + many(40_000, "v%d: x,") + "}]\n", "too long for the number of their references"},
		{"UTF-16", "R\x00e\x00s\x00", "UTF-16"},
		{"NUL", r + "\x00", "invalid YAML"},
		{"nothing", "", "found nothing"},
		{"a list", "- a\n- Resources\n", "expected a template"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			start := time.Now()
			e, _, _ := read(source.NewFile("t.yaml", []byte(tt.in)), Options{})
			diags := e.diags
			for _, u := range e.unread {
				diags = append(diags, source.Diagnostic{Message: u.Message()})
			}
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			t.Logf("%v, %d MB allocated", took, (after.TotalAlloc-before.TotalAlloc)>>20)
			if limit := 30 * time.Second; took > limit {
				t.Errorf("took %v", took)
			}
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 2000 {
				t.Errorf("%d MB allocated", mb)
			}
			found := tt.want == ""
			for _, d := range diags {
				found = found || strings.Contains(d.Message, tt.want)
			}
			if !found {
				t.Errorf("no diagnostic with %q among %d: %.300s", tt.want, len(diags), blocksOf("t.yaml", tt.in, Options{}))
			}
		})
	}
}

// Templates that nest themselves, or too many others, are left.
func TestHostileNesting(t *testing.T) {
	stack := func(names ...string) *fstest.MapFile {
		out := "Resources:\n"
		for i, n := range names {
			out += fmt.Sprintf("  S%d: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: %s}}\n", i, n)
		}
		return &fstest.MapFile{Data: []byte(out)}
	}
	root := fstest.MapFS{"a.yaml": stack("b.yaml"), "b.yaml": stack("a.yaml")}
	for i := range 20 {
		next := fmt.Sprintf("t%d.yaml", i+1)
		root[fmt.Sprintf("t%d.yaml", i)] = stack(next, next)
	}
	root["t20.yaml"] = stack()
	for name, want := range map[string]string{"a.yaml": "nests itself", "t0.yaml": "nested stacks"} {
		f := source.NewFile(name, root[name].Data)
		_, _, diags := Blocks(f, Options{FS: root})
		found := false
		for _, d := range diags {
			found = found || strings.Contains(d.Message, want)
		}
		if !found {
			t.Errorf("%s: no diagnostic with %q: %v", name, want, diags)
		}
	}
}
