package cloudformation

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Every template of testdata gives the blocks, exports and diagnostics that are
// written beside it.
func TestGolden(t *testing.T) {
	root := os.DirFS("testdata")
	for _, pattern := range []string{"*.yaml", "*.json"} {
		names, err := fs.Glob(root, pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("no templates: %v", err)
		}
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				content, err := fs.ReadFile(root, name)
				if err != nil {
					t.Fatal(err)
				}
				got := printed(source.NewFile(name, content), Options{FS: root})
				golden := filepath.Join("testdata", name+".golden")
				if *update {
					if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
			})
		}
	}
}

// printed shows blocks with the place of every property.
func printed(f *source.File, o Options) string {
	blocks, exports, diags := Blocks(f, o)
	var b strings.Builder
	for _, block := range blocks {
		fmt.Fprintf(&b, "%s %s", block.Address, block.Type)
		if block.Path != f.Name {
			fmt.Fprintf(&b, " in %s", block.Path)
		}
		if block.Name != "" {
			fmt.Fprintf(&b, " (%s)", block.Name)
		}
		if block.Scope != "" {
			fmt.Fprintf(&b, " deployed by %s", block.Scope)
		}
		for _, w := range block.When {
			fmt.Fprintf(&b, " when %s", w)
		}
		b.WriteString("\n")
		tree(&b, block.Properties, "  ")
	}
	for _, e := range exports {
		fmt.Fprintf(&b, "export %s = %s\n", e.Name, show(value.Value{Kind: value.String, Text: e.Value}))
	}
	for _, d := range diags {
		path, at := d.Where()
		fmt.Fprintf(&b, "%s %s:%d:%d: %s\n", d.Severity, path, at.Line, at.Column, d.Message)
	}
	return b.String()
}

func tree(b *strings.Builder, v value.Value, indent string) {
	for _, f := range v.Fields {
		branch(b, f.Key+":", f.Value, indent)
	}
	for _, item := range v.Items {
		branch(b, "-", item, indent)
	}
}

func branch(b *strings.Builder, label string, v value.Value, indent string) {
	at, _ := v.Span.Range(source.Runes)
	if len(v.Items)+len(v.Fields) == 0 {
		fmt.Fprintf(b, "%s%s %s @%d:%d\n", indent, label, show(v), at.Line, at.Column)
		return
	}
	fmt.Fprintf(b, "%s%s @%d:%d\n", indent, label, at.Line, at.Column)
	tree(b, v, indent+"  ")
}
