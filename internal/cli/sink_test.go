package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/reporters"
)

// failing is a stream that takes nothing.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// printing are command lines that print something, one at least for each command.
func printing() [][]string {
	lines := [][]string{
		{"check", "p.json"}, {"p.json"}, {"check", "-v", "p.json"}, {"check", "--show-files", "p.json"}, {"diff", "none.json", "p.json"},
		{"query", "--principal", "*", "p.json"}, {"who", "p.json"}, {"what", "*", "p.json"},
		{"reconcile", "--console", "console.json", "p.json"}, {"unused", "--evidence", "unused.json", "p.json"},
		{"suggest", "p.json"}, {"validate-policy", "wrong.json"}, {"validate-policy", "--format", "json", "p.json"}, {"validate-policy", "--format", "aws", "p.json"},
		{"check-no-new-access", "--existing-policy", "none.json", "--new-policy", "p.json"},
		{"check-access-not-granted", "--access", "actions=s3:GetObject", "--policy", "p.json"},
		{"check-no-public-access", "--policy", "p.json", "--resource-type", "AWS::S3::Bucket"},
		{"explain", "public-read"}, {"explain", "--all"}, {"rules", "list"}, {"rules", "input", "p.json"},
		{"archive", "list", "--config", "good.hcl"}, {"archive", "export", "--config", "good.hcl"},
		{"config", "show", "--config", "good.hcl"}, {"config", "schema"},
		{"completion", "bash"}, {"completion", "zsh"}, {"completion", "fish"}, {"completion", "powershell"},
		{"man"}, {"version"}, {"version", "--json"}, {"--version"}, {"help"}, {"--help"},
	}
	for _, c := range commands() {
		lines = append(lines, []string{"help", c.name})
	}
	for _, f := range reporters.Names() {
		lines = append(lines, []string{"check", "--format", f, "p.json"})
	}
	for _, f := range []string{"text", "json"} {
		for _, words := range [][]string{{"who", "p.json"}, {"what", "*", "p.json"}, {"query", "--principal", "*", "p.json"}, {"diff", "none.json", "p.json"}, {"suggest", "p.json"}} {
			lines = append(lines, append([]string{words[0], "--format", f}, words[1:]...))
		}
	}
	return lines
}

func printingTree(t *testing.T) {
	t.Helper()
	t.Setenv("GITHUB_STEP_SUMMARY", "")
	t.Chdir(t.TempDir())
	for name, content := range map[string]string{
		"p.json":       `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}`,
		"wrong.json":   `{"Version": "2012-10-17", "Statement": [{"Effect": "Permit", "Action": "s3:GetObject", "Resource": "*"}]}`,
		"none.json":    `{"Version": "2012-10-17", "Statement": []}`,
		"console.json": `{"findings": [{"id": "a", "resource": "arn:aws:s3:::b", "resourceType": "AWS::S3::Bucket", "resourceOwnerAccount": "111122223333", "principal": {"AWS": "*"}, "action": ["s3:GetObject"], "condition": {}, "isPublic": true, "status": "ACTIVE", "createdAt": "2026-01-01T00:00:00Z", "analyzedAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z"}]}`,
		"unused.json":  `{"findings": []}`,
		"good.hcl":     "archive_rule \"a\" {\n  reason = \"b\"\n  owner = \"c\"\n  filter \"resource\" { eq = [\"arn:aws:s3:::b\"] }\n}\n",
	} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A report that standard output does not take was not given, whichever command
// made it and in whichever format. A reader that has left is not a failure.
func TestOutputThatCannotBeWritten(t *testing.T) {
	printingTree(t)
	tried := map[string]bool{}
	for _, args := range printing() {
		var out, errw bytes.Buffer
		status := Run(args, strings.NewReader(""), &out, &errw)
		if out.Len() == 0 {
			t.Errorf("%q prints nothing, with status %d: %s", args, status, errw.String())
			continue
		}
		tried[args[0]] = true
		errw.Reset()
		if got := Run(args, strings.NewReader(""), failing{syscall.ENOSPC}, &errw); got != statusIncomplete || strings.Count(errw.String(), "cannot write the report") != 1 {
			t.Errorf("%q to a full disk: status %d, %s", args, got, errw.String())
		}
		errw.Reset()
		pipe := &os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}
		if got := Run(args, strings.NewReader(""), failing{pipe}, &errw); got != status || strings.Contains(errw.String(), "cannot write") {
			t.Errorf("%q to a pipe that nobody reads: status %d, expected %d, %s", args, got, status, errw.String())
		}
	}
	for _, c := range commands() {
		switch c.name {
		case "baseline": // which prints to the error stream alone
		case "watch": // which TestWatchEndsWithItsOutput tries
		default:
			if !tried[c.name] {
				t.Errorf("%s is not tried", c.name)
			}
		}
	}
}

// A watch of which nothing can be said any more ends, and does not wait for a change.
func TestWatchEndsWithItsOutput(t *testing.T) {
	printingTree(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var errw bytes.Buffer
	stdout := &sink{to: failing{syscall.ENOSPC}}
	p := &program{in: strings.NewReader(""), out: escape.NewWriter(stdout), errw: escape.NewWriter(&errw), stdout: stdout, stderr: &errw}
	if end := endOf(p.watchUntil(ctx, []string{"p.json"})); end.status != statusIncomplete || ctx.Err() != nil {
		t.Errorf("status %d, %v: %s", end.status, ctx.Err(), errw.String())
	}
}

// Nor was a report given whose file cannot be made.
func TestReportInMissingDirectory(t *testing.T) {
	printingTree(t)
	formats := map[string][]string{}
	formats["check"] = append(formats["check"], reporters.Names()...)
	lines := [][]string{
		{"check", "p.json"}, {"diff", "none.json", "p.json"}, {"who", "p.json"}, {"what", "*", "p.json"}, {"query", "--principal", "*", "p.json"}, {"suggest", "p.json"},
		{"reconcile", "--console", "console.json", "p.json"}, {"unused", "--evidence", "unused.json", "p.json"},
		{"check-no-new-access", "--existing-policy", "none.json", "--new-policy", "p.json"},
		{"check-access-not-granted", "--access", "actions=s3:GetObject", "--policy", "p.json"},
		{"check-no-public-access", "--policy", "p.json", "--resource-type", "AWS::S3::Bucket"},
	}
	for _, words := range lines {
		of := formats[words[0]]
		if of == nil {
			of = []string{"text", "json"}
		}
		for _, f := range of {
			for _, to := range [][]string{{"--format", f + "=missing/report"}, {"--format", f, "--output", "missing/report"}} {
				args := append(append([]string{words[0]}, to...), words[1:]...)
				var errw bytes.Buffer
				if got := Run(args, strings.NewReader(""), io.Discard, &errw); got != statusIncomplete || !strings.Contains(errw.String(), "cannot write the report") {
					t.Errorf("%q: status %d, %s", args, got, errw.String())
				}
			}
		}
	}
}

// Streams as a shell gives them to a process: standard output that is open for
// reading alone is none, and a standard error that takes nothing, or is closed,
// changes no exit status and no report.
//
// A closed standard output (>&-) is not among those that fail: Go's runtime opens
// /dev/null in its place before the program begins, as do many who want no report
// (subprocess.DEVNULL, stdio: "ignore"), and nothing tells one from the other. It is
// opened before any file is, so that no file takes its place.
func TestStreamsOfProcesses(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh")
	}
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	printingTree(t)
	for name, content := range map[string]string{"in": "nothing", "out": ""} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	listing := func() string {
		var b strings.Builder
		files, err := filepath.Glob("*")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if content, err := os.ReadFile(name); name != "out" {
				fmt.Fprintf(&b, "%s %v %s\n", name, err, content)
			}
		}
		return b.String()
	}
	t.Setenv("SOURCE_DATE_EPOCH", "1767323045")
	before := listing()
	tried := map[string]bool{}
	for _, args := range append([][]string{{"check", "missing.json"}, {"check", "--no-such-flag"}, {"nothing"}}, printing()...) {
		if tried[args[0]] && len(tried) > 3 {
			continue // formats are in TestOutputThatCannotBeWritten
		}
		tried[args[0]] = true
		if len(tried) > 8 && !thorough() {
			break
		}
		var out, errw bytes.Buffer
		status := Run(args, strings.NewReader(""), &out, &errw)
		unread := status
		if out.Len() > 0 {
			unread = statusIncomplete
		}
		for _, tt := range []struct {
			redirection string
			want        int
		}{{">out 2>&-", status}, {">&- 2>/dev/full <&-", status}, {"1<in 2>/dev/full", unread}, {">/dev/full 2>&-", unread}} {
			cmd := exec.Command(sh, append([]string{"-c", `exec iaclint "$@" ` + tt.redirection, "sh"}, args...)...)
			if err := cmd.Run(); cmd.ProcessState.ExitCode() != tt.want {
				t.Errorf("%q %s: %v, want %d", args, tt.redirection, err, tt.want)
			}
		}
		if written, err := os.ReadFile("out"); err != nil || string(written) != out.String() {
			t.Errorf("%q: %q %v, want %q", args, written, err, out.String())
		}
	}
	if after := listing(); after != before {
		t.Errorf("files are\n%s\nafter\n%s", after, before)
	}
}
