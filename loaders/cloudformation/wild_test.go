package cloudformation

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
	"github.com/iaclint/iaclint/loaders/yamltree"
)

// corpusDir returns the directory of third-party inputs, which is not part of
// the repository, or skips the test.
func corpusDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("IACLINT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		t.Skipf("no corpus at %s; set IACLINT_CORPUS to run this test", dir)
	}
	return dir
}

// wild returns the templates of the corpus, and the directory that they are in.
func wild(t testing.TB) (files []*source.File, dir string) {
	t.Helper()
	dir = filepath.Join(corpusDir(t), "wild", "cfn")
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		files = append(files, source.NewFile(filepath.ToSlash(rel), content))
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates in %s: %v", dir, err)
	}
	return files, dir
}

// Every template of the corpus is recognised and loads.
func TestWild(t *testing.T) {
	files, dir := wild(t)
	for _, f := range files {
		if broken := strings.HasSuffix(f.Name, "/error_invalid_template.yaml"); Match(f) == broken {
			t.Errorf("%s: recognised %t; only the one without %q is not a template", f.Name, !broken, "Resources")
			continue
		} else if broken {
			continue
		}
		blocks, _, diags := Blocks(f, Options{FS: os.DirFS(dir)})
		t.Logf("%s: %d blocks", f.Name, len(blocks))
		for _, d := range diags {
			path, at := d.Where()
			t.Logf("  %s %s:%d:%d: %s", d.Severity, path, at.Line, at.Column, d.Message)
		}
	}
}

// JSON is YAML: read as either, a template has the same values at the same places.
func TestJSONIsYAML(t *testing.T) {
	files, _ := wild(t)
	compared := 0
	for _, f := range files {
		if !isJSON(f.Content) {
			continue
		}
		asJSON, diags := jsontree.Parse(f)
		docs, yamlDiags := yamltree.Parse(f, tags)
		if len(diags)+len(yamlDiags) > 0 || len(docs) != 1 {
			t.Errorf("%s: %v %v", f.Name, diags, yamlDiags)
			continue
		}
		compared++
		sameTree(t, asJSON, docs[0])
	}
	if compared < 10 {
		t.Errorf("%d templates were compared", compared)
	}
}

func sameTree(t *testing.T, a, b value.Value) {
	t.Helper()
	if a.Kind != b.Kind || a.Span != b.Span || !a.Text.Equal(b.Text) || len(a.Items) != len(b.Items) || len(a.Fields) != len(b.Fields) {
		t.Fatalf("%s: %v %q at %d-%d as JSON, %v %q at %d-%d as YAML", a.Span.Path(), a.Kind, a.Text, a.Span.Start, a.Span.End, b.Kind, b.Text, b.Span.Start, b.Span.End)
	}
	for i := range a.Items {
		sameTree(t, a.Items[i], b.Items[i])
	}
	for i := range a.Fields {
		if a.Fields[i].Key != b.Fields[i].Key || a.Fields[i].KeySpan != b.Fields[i].KeySpan {
			t.Fatalf("%s: key %q and %q", a.Span.Path(), a.Fields[i].Key, b.Fields[i].Key)
		}
		sameTree(t, a.Fields[i].Value, b.Fields[i].Value)
	}
}
