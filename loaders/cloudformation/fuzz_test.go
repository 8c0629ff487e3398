package cloudformation

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// FuzzTemplate: whatever a file holds, loading it ends without a panic, and
// every place is in the file.
func FuzzTemplate(f *testing.F) {
	for _, pattern := range []string{"testdata/*.yaml", "testdata/*.json"} {
		names, _ := filepath.Glob(pattern)
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(content)
		}
	}
	root := os.DirFS("testdata")
	f.Fuzz(func(t *testing.T, content []byte) {
		file := source.NewFile("t.yaml", content)
		Match(file)
		check(t, file, Options{FS: root})
	})
}

// FuzzIntrinsics does the same for the value of a property.
func FuzzIntrinsics(f *testing.F) {
	for _, s := range []string{
		`!Sub "a-${Name}-${!x}"`, `!Join [",", [a, !Ref Open]]`, `!If [Yes, {a: b}, !Ref AWS::NoValue]`, `!FindInMap [Stage, !Ref Env, Id]`,
		`!Select [1, !Split [":", !GetAtt Topic.Arn]]`, `!Cidr [10.0.0.0/16, 2, 8]`, `!ToJsonString {Statement: {a: !Ref Open}}`,
		`!Sub '{"Statement": {"Principal": ${Open}, "${Name}": "${Open}"}}'`, `{"Fn::ForEach::X": [N, [a, b], {"${N}": "&{N}"}]}`,
		"|\n        {\"Statement\":\n         []}", `"{\"Statement\": \"\\u0041\"}"`, `'{"Statement": ''a''}'`, `&a [*a, !Length [a]]`, `"{{resolve:ssm:${Open}}}"`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		check(t, source.NewFile("t.yaml", []byte(prelude+expression)), Options{})
	})
}

func check(t *testing.T, file *source.File, o Options) {
	blocks, _, diags := Blocks(file, o)
	left := 10_000 // aliases stand for far more than is written
	for _, b := range blocks {
		inside(t, b.Span)
		checkTree(t, b.Properties, &left)
	}
	for _, d := range diags {
		if !d.Span.IsZero() {
			inside(t, d.Span)
		}
	}
	Load(file, o)
}

func checkTree(t *testing.T, v value.Value, left *int) {
	if *left--; *left < 0 {
		return
	}
	inside(t, v.Span)
	for _, item := range v.Items {
		checkTree(t, item, left)
	}
	for _, f := range v.Fields {
		inside(t, f.KeySpan)
		checkTree(t, f.Value, left)
	}
}

func inside(t *testing.T, s source.Span) {
	if s.File == nil || s.Start < 0 || s.Start > s.End || s.End > len(s.File.Content) {
		t.Fatalf("span %d-%d is not in the file", s.Start, s.End)
	}
}
