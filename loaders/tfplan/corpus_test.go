package tfplan

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
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

// plans returns the plans of a directory of the corpus.
func plans(t testing.TB, dir string) []*source.File {
	t.Helper()
	var files []*source.File
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		files = append(files, source.NewFile(filepath.ToSlash(name), content))
		return nil
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d plans in %s: %v", len(files), dir, err)
	}
	return files
}

// All real plans are recognised and read; what is said of them is logged.
func TestRealPlans(t *testing.T) {
	for _, dir := range []string{"wild/tfplan", "labelled/plans"} {
		for _, f := range plans(t, filepath.Join(corpusDir(t), filepath.FromSlash(dir))) {
			t.Run(f.Name, func(t *testing.T) {
				if !Match(f) {
					t.Fatal("not recognised as a plan")
				}
				l := newLoader(open(f), Options{})
				l.checkVersion()
				l.read()
				l.resolveAll()
				for _, d := range l.diags {
					_, pos := d.Where()
					t.Logf("%s at %d:%d: %s", d.Severity, pos.Line, pos.Column, d.Message)
				}
				for _, o := range l.objects {
					t.Logf("%s [%s] scope %q account %q region %q", o.address, o.mode, o.block.Scope, o.block.Account, o.block.Region)
					for _, p := range o.block.Properties.Fields {
						t.Logf("    %s = %s", p.Key, short(p.Value))
					}
				}
			})
		}
	}
}

func short(v value.Value) string {
	var b strings.Builder
	dump(&b, v)
	s := b.String()
	if len(s) > 400 {
		return s[:400] + "…"
	}
	return s
}

// dump writes a value for people: references as ${name}, what is not known as
// ?name.
func dump(b *strings.Builder, v value.Value) {
	switch v.Kind {
	case value.List:
		b.WriteString("[")
		for i, item := range v.Items {
			if i > 0 {
				b.WriteString(", ")
			}
			dump(b, item)
		}
		b.WriteString("]")
	case value.Map:
		b.WriteString("{")
		for i, f := range v.Fields {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(f.Key + ": ")
			dump(b, f.Value)
		}
		b.WriteString("}")
	case value.Unknown:
		b.WriteString("?" + v.Text.String())
	case value.Null, value.Absent:
		b.WriteString(v.Kind.String())
	default:
		b.WriteString(v.Text.String())
	}
}
