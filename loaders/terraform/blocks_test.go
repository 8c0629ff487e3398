package terraform

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

var update = flag.Bool("update", false, "write the goldens")

// Every archive of testdata/blocks is a tree of files, the directory of the root
// module and options in its comment, and what blocks the module amounts to.
func TestBlocks(t *testing.T) {
	files, err := filepath.Glob("testdata/blocks/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := dump(newLoader(tree(archive), rootOf(t, archive), optionsOf(t, archive)))
			want := fileOf(archive, "want")
			if got == string(want.Data) {
				return
			}
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("%s\ngot\n%s\nwant\n%s", name, got, want.Data)
		})
	}
}

func tree(a *txtar.Archive) fstest.MapFS {
	fsys := fstest.MapFS{}
	for _, f := range a.Files {
		if f.Name != "want" {
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return fsys
}

func fileOf(a *txtar.Archive, name string) *txtar.File {
	for i := range a.Files {
		if a.Files[i].Name == name {
			return &a.Files[i]
		}
	}
	a.Files = append(a.Files, txtar.File{Name: name})
	return &a.Files[len(a.Files)-1]
}

// setting returns the rest of a line of the comment that begins with a word.
func setting(a *txtar.Archive, word string) string {
	for line := range strings.Lines(string(a.Comment)) {
		if rest, ok := strings.CutPrefix(line, word+": "); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

func rootOf(t *testing.T, a *txtar.Archive) string {
	if dir := setting(a, "root"); dir != "" {
		return dir
	}
	return "."
}

func optionsOf(t *testing.T, a *txtar.Archive) Options {
	var o Options
	if text := setting(a, "options"); text != "" {
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// dump writes blocks with the places of everything in them.
func dump(l *loader) string {
	blocks, diags := l.blocks()
	var b strings.Builder
	for _, block := range blocks {
		fmt.Fprintf(&b, "%s %s", block.Address, place(block.Span))
		for _, extra := range []struct{ name, text string }{{"scope", block.Scope}, {"account", block.Account}, {"region", block.Region}} {
			if extra.text != "" {
				fmt.Fprintf(&b, " %s=%s", extra.name, extra.text)
			}
		}
		b.WriteByte('\n')
		for _, w := range block.When {
			fmt.Fprintf(&b, "  when %s\n", w)
		}
		for _, r := range block.Related {
			fmt.Fprintf(&b, "  %s %s\n", place(r.Span), r.Message)
		}
		for _, d := range block.Documents {
			fmt.Fprintf(&b, "  from %s\n", d)
		}
		dumpFields(&b, "  ", block.Properties)
	}
	for _, d := range diags {
		where, pos := d.Where()
		fmt.Fprintf(&b, "%s %s:%d:%d %s\n", d.Severity, where, pos.Line, pos.Column, d.Message)
	}
	return b.String()
}

func place(s source.Span) string {
	if s.IsZero() {
		return "-"
	}
	start, end := s.Range(source.Runes)
	if start.Line == end.Line {
		return fmt.Sprintf("%s:%d:%d-%d", s.Path(), start.Line, start.Column, end.Column)
	}
	return fmt.Sprintf("%s:%d:%d-%d:%d", s.Path(), start.Line, start.Column, end.Line, end.Column)
}

func dumpFields(b *strings.Builder, indent string, v value.Value) {
	for _, f := range v.Fields {
		fmt.Fprintf(b, "%s%s: ", indent, f.Key)
		dumpValue(b, indent, f.Value)
	}
	for _, item := range v.Items {
		fmt.Fprintf(b, "%s- ", indent)
		dumpValue(b, indent, item)
	}
}

func dumpValue(b *strings.Builder, indent string, v value.Value) {
	switch v.Kind {
	case value.Map, value.List:
		fmt.Fprintf(b, "%s\n", place(v.Span))
		dumpFields(b, indent+"  ", v)
	case value.String:
		fmt.Fprintf(b, "%s %s\n", shownText(v.Text), place(v.Span))
	case value.Unknown:
		fmt.Fprintf(b, "unknown %s %s\n", shownText(v.Text), place(v.Span))
		for _, item := range v.Items {
			fmt.Fprintf(b, "%s  or ", indent)
			dumpValue(b, indent+"  ", item)
		}
	case value.Null:
		fmt.Fprintf(b, "null\n")
	default:
		fmt.Fprintf(b, "%s %s %s\n", v.Kind, v.Text.Literal, place(v.Span))
	}
}

func shownText(t value.Text) string {
	if s, ok := t.Known(); ok {
		return fmt.Sprintf("%q", s)
	}
	var b strings.Builder
	for _, p := range t.Parts {
		switch {
		case p.Ref == nil:
			fmt.Fprintf(&b, "%q", p.Literal)
		default:
			fmt.Fprintf(&b, "<%s", p.Ref.Name)
			if p.Ref.Is != value.Anything && p.Ref.Is.String() != p.Ref.Name {
				fmt.Fprintf(&b, " is %s", p.Ref.Is)
			}
			if p.Ref.Scope != "" {
				fmt.Fprintf(&b, " of %s", p.Ref.Scope)
			}
			if p.Ref.Values != nil {
				fmt.Fprintf(&b, " in %q", p.Ref.Values)
			}
			b.WriteByte('>')
		}
	}
	return b.String()
}
