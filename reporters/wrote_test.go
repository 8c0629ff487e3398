package reporters

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every format recognises what it writes: a report that is not recognised could
// be written once only.
func TestWroteOurs(t *testing.T) {
	for _, r := range All {
		for name, report := range map[string]struct{ text string }{
			"sample": {write(t, r.Name, sample(), Options{})},
			"clean":  {write(t, r.Name, clean(), Options{})},
			"many":   {write(t, r.Name, many(40), Options{})},
			"quiet":  {write(t, r.Name, sample(), Options{Quiet: true})},
		} {
			if !Wrote([]byte(report.text)) {
				t.Errorf("%s of %s is not recognised:\n%.300s", r.Name, name, report.text)
			}
		}
	}
	for _, pattern := range []string{"testdata/sample*", "testdata/clean*"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal("no goldens", err)
		}
		for _, f := range files {
			content, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if !Wrote(content) && !strings.Contains(f, "color") {
				t.Errorf("%s is not recognised", f)
			}
		}
	}
}

// What people and other programs write is not ours to replace.
func TestWroteOthers(t *testing.T) {
	for _, content := range []string{
		"export PATH=/bin\n", "# iaclint\n", "name: iaclint\n", `{"name": "iaclint"}`, `{"tool": "iaclint"}`, `{"rules": []}`, `[{"name": "iaclint"}]`, "[1]", "null", "0",
		`{"Version": "2012-10-17", "Statement": []}`, "{\"version\": 1,\n\"findings\": [\n]}\n", "<!DOCTYPE html>\n<html lang=\"en\">\n<title>iaclint</title>",
		"<?xml version=\"1.0\"?>\n<project/>", "digraph deps {\n}\n", "flowchart LR\n  a --> b\n", "\"severity\",\"rule\"\n",
		"main.c:1:2: error: expected ';'\n", "main.c:1:2: warning: unused [-Wunused]\n", "error: no such file\n", "resource \"aws_s3_bucket\" \"b\" {}\n", " ", "\x00",
		"text\n<!-- iaclint:report -->\n", "3 findings\n",
	} {
		if Wrote([]byte(content)) {
			t.Errorf("%q is taken for a report", content)
		}
	}
}
