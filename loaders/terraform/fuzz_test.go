package terraform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Whatever a module says, it is read without a panic, and all that comes out has
// its place in a file.
func FuzzModule(f *testing.F) {
	archives, _ := filepath.Glob("testdata/blocks/*.txtar")
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			switch {
			case strings.HasSuffix(file.Name, ".tf"):
				f.Add(file.Data, false)
			case strings.HasSuffix(file.Name, ".tf.json"):
				f.Add(file.Data, true)
			}
		}
	}
	golden, _ := os.ReadFile("testdata/functions.txt")
	for i, line := range strings.Split(string(golden), "\n") {
		if i%2 == 0 && line != "" {
			f.Add([]byte("resource \"aws_s3_bucket\" \"b\" {\n  bucket = "+line+"\n}\n"), false)
		}
	}
	f.Add([]byte(partlyKnown), false)
	f.Fuzz(func(t *testing.T, text []byte, isJSON bool) {
		name := "main.tf"
		if isJSON {
			name = "main.tf.json"
		}
		fsys := fstest.MapFS{
			name: {Data: text}, "t.tpl": {Data: []byte("{\"a\": \"${a}\"}")},
			"m/m.tf": {Data: []byte("variable \"v\" {}\noutput \"v\" {\n  value = var.v\n}\nresource \"aws_sqs_queue\" \"q\" {\n  policy = jsonencode(var.v)\n}\n")},
		}
		blocks, diags := newLoader(fsys, ".", Options{}).blocks()
		for _, d := range diags {
			if d.Path == "" && d.Span.IsZero() {
				t.Errorf("diagnostic without a place: %s", d.Message)
			}
			checkSpan(t, d.Span)
		}
		for _, b := range blocks {
			checkSpan(t, b.Span)
			checkTree(t, b.Properties)
		}
		catalogResources(1, blocks)
		Called(fsys, ".", nil)
	})
}

func checkTree(t *testing.T, v value.Value) {
	checkSpan(t, v.Span)
	if v.Kind == value.Unknown && len(v.Text.References()) != 1 {
		t.Errorf("unknown with the references %q", v.Text.References())
	}
	for _, i := range v.Items {
		checkTree(t, i)
	}
	for _, f := range v.Fields {
		checkSpan(t, f.KeySpan)
		checkTree(t, f.Value)
	}
}

func checkSpan(t *testing.T, s source.Span) {
	if s.File != nil && (s.Start < 0 || s.Start > s.End || s.End > len(s.File.Content)) {
		t.Errorf("span %d-%d is not in the file of %d bytes", s.Start, s.End, len(s.File.Content))
	}
}
