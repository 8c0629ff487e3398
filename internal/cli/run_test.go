package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders"
)

// public is a policy with a finding.
const public = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}]}`

// output runs a command line and returns its streams and status.
func output(in string, args ...string) (out, errs string, status int) {
	var o, e bytes.Buffer
	status = Run(args, strings.NewReader(in), &o, &e)
	return o.String(), e.String(), status
}

// The report does not depend on how many files are analysed at a time.
func TestDeterministic(t *testing.T) {
	dir := t.TempDir()
	for i := range 60 {
		file := filepath.Join(dir, fmt.Sprintf("d%d", i%7), fmt.Sprintf("p%02d.json", i))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		content := strings.ReplaceAll(public, "logs", fmt.Sprintf("logs%d", i%5))
		if i%10 == 9 {
			content = content[:len(content)-3]
		}
		if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	want := ""
	for run := range 6 {
		runtime.GOMAXPROCS(1 + run%3*3)
		got, errs, _ := output("", "--format", "json", dir)
		if run == 0 {
			want = got
		}
		if !strings.Contains(got, "p11.json") {
			t.Fatalf("no files were analysed: %.300s%s", got, errs)
		}
		if got != want {
			t.Fatalf("run %d differs", run)
		}
	}
}

// A file name cannot drive the terminal.
func TestHostileNames(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a\x1b]0;owned\x07\u202eb.json")
	if err := os.WriteFile(name, []byte(public), 0o666); err != nil {
		t.Skip(err)
	}
	for _, args := range [][]string{
		{dir}, {name}, {"--format", "compact", dir}, {"--format", "json", dir}, {"--show-files", dir}, {name + "x"},
		{"--format", "json", name + "x"}, {"--config", name, dir}, {"--" + name}, {"--format", name}, {"--rule", name}, {"-", "--stdin-filename", name},
	} {
		out, errs, _ := output("", args...)
		if all := out + errs; all == "" || strings.ContainsAny(all, "\x1b\x07\u202e") {
			t.Errorf("%q: %q", args, all)
		}
	}
}

// A bug that one input brings to light is reported, and the others are analysed.
func TestPanicIsCaught(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.json", "b.json", "c.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(public), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	found := workspace.NewFinder(dir, workspace.FinderOptions{})
	in := workspace.NewWalker(dir, nil, "", func(*workspace.Input) bool { return true }).Collect([]string{"."})
	for i := range in.Files {
		found.Of(&in.Files[i])
	}
	run := scan.Over(in, scan.Options{Today: "2026-06-30", Load: func(in loaders.Input, _ loaders.Options) (resource.Stack, bool) {
		if in.File.Name == "b.json" {
			panic("impossible")
		}
		return resource.Stack{Resources: []resource.Resource{{Path: in.File.Name}}}, true
	}})
	report := run.ReportWithoutBaseline()
	if len(report.Resources) != 2 || len(report.Diagnostics) != 1 || report.Diagnostics[0].Path != "b.json" || report.Diagnostics[0].Message != "internal error: impossible" {
		t.Errorf("%d resources, %+v", len(report.Resources), report.Diagnostics)
	}
}

func TestColored(t *testing.T) {
	for _, c := range []struct {
		mode, env      string
		terminal, want bool
	}{
		{"auto", "", true, true}, {"auto", "", false, false},
		{"always", "NO_COLOR=1", false, true}, {"never", "FORCE_COLOR=1", true, false},
		{"auto", "NO_COLOR=1", true, false}, {"auto", "NO_COLOR=", true, true},
		{"auto", "FORCE_COLOR=1", false, true}, {"auto", "NO_COLOR=1 FORCE_COLOR=1", true, false},
		{"auto", "CLICOLOR_FORCE=1", false, true}, {"auto", "CLICOLOR_FORCE=0", false, false},
		{"auto", "CLICOLOR=0", true, false}, {"auto", "CLICOLOR=1", false, false},
		{"auto", "TERM=dumb", true, false}, {"auto", "TERM=dumb FORCE_COLOR=1", false, true},
	} {
		env := func(name string) string {
			for _, setting := range strings.Fields(c.env) {
				if value, ok := strings.CutPrefix(setting, name+"="); ok {
					return value
				}
			}
			return ""
		}
		if got := colored(c.mode, env, c.terminal); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestReleased(t *testing.T) {
	for module, want := range map[string]string{"": "devel", "(devel)": "devel", "v0.0.0-20260101000000-abcdefabcdef": "devel", "v1.2.3+dirty": "devel", "v1.2.3": "1.2.3"} {
		if got := released(module); got != want {
			t.Errorf("%q: %q", module, got)
		}
	}
}

// long skips a test that takes many seconds unless IACLINT_LONG is set.
func long(t *testing.T) {
	t.Helper()
	if !thorough() {
		t.Skip("IACLINT_LONG is not set")
	}
}

// thorough reports whether tests try all that they can, and not a part that takes
// no second.
func thorough() bool { return os.Getenv("IACLINT_LONG") != "" }
