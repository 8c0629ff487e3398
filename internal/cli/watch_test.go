package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/iaclint/iaclint/analysis/escape"
)

const watchedQueue = `resource "aws_sqs_queue" "q" {
  name   = "q"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "sqs:SendMessage", Resource = "*" }] })
}
`

// session is a running watch, whose lines are read as they come.
type session struct {
	t     *testing.T
	dir   string
	lines chan string
	end   context.CancelFunc
	done  chan int
}

func newSession(t *testing.T, dir string, args ...string) *session {
	t.Helper()
	t.Chdir(dir)
	read, write := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	s := &session{t: t, dir: dir, lines: make(chan string, 1000), end: cancel, done: make(chan int, 1)}
	go func() {
		stdout := &sink{to: write}
		p := &program{in: strings.NewReader(""), out: escape.NewWriter(stdout), errw: escape.NewWriter(write), stdout: stdout, stderr: write}
		status := endOf(p.watchUntil(ctx, args)).status
		_ = p.out.Flush()
		_ = p.errw.Flush()
		_ = write.Close()
		s.done <- status
	}()
	go func() {
		for scanner := bufio.NewScanner(read); scanner.Scan(); {
			s.lines <- scanner.Text()
		}
		close(s.lines)
	}()
	t.Cleanup(cancel)
	return s
}

// expect reads lines until one has all of the words; none may have the unwanted.
func (s *session) expect(unwanted string, words ...string) string {
	s.t.Helper()
	late := time.After(30 * time.Second)
	var seen []string
	for {
		select {
		case line, ok := <-s.lines:
			seen = append(seen, line)
			if !ok || unwanted != "" && strings.Contains(line, unwanted) {
				s.t.Fatalf("waiting for %q: got\n%s", words, strings.Join(seen, "\n"))
			}
			all := true
			for _, w := range words {
				all = all && strings.Contains(line, w)
			}
			if all {
				return line
			}
		case <-late:
			s.t.Fatalf("waiting for %q: got\n%s", words, strings.Join(seen, "\n"))
		}
	}
}

func (s *session) write(name, content string) {
	s.t.Helper()
	name = filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(name+".tmp~", []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Rename(name+".tmp~", name); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) stop(want int) {
	s.t.Helper()
	s.end()
	select {
	case got := <-s.done:
		if got != want {
			s.t.Errorf("exit status %d, want %d", got, want)
		}
	case <-time.After(30 * time.Second):
		s.t.Fatal("it does not end")
	}
}

func TestWatch(t *testing.T) {
	dir := t.TempDir()
	s := &session{t: t, dir: dir}
	s.write(".git/HEAD", "")
	s.write("modules/q/main.tf", watchedQueue)
	s.write("prod/main.tf", "module \"q\" {\n  source = \"../modules/q\"\n}\n")
	s = newSession(t, dir, "--account", "111122223333", "prod")
	s.expect("", "+ modules/q/main.tf:3:", "account 444455556666", "[external-account]")
	s.expect("", "watching")
	// a module outside of what is named
	s.write("modules/q/main.tf", strings.Replace(watchedQueue, `{ AWS = "444455556666" }`, `"*"`, 1))
	s.expect("", "+ modules/q/main.tf", "anyone", "[public-write]")
	s.expect("", "- modules/q/main.tf", "444455556666")
	s.expect("", "findings: 1, resources: 1")
	// a new file, in a directory that is new
	s.write("prod/deep/er/queue.tf", strings.Replace(watchedQueue, "444455556666", "777788889999", 1))
	s.expect("", "+ prod/deep/er/queue.tf", "777788889999")
	s.expect("", "findings: 2")
	// what is broken is not resolved, and is once it is gone
	s.write("prod/deep/er/queue.tf", "resource {")
	s.expect("- prod", "may still be there")
	if err := os.RemoveAll(filepath.Join(dir, "prod/deep")); err != nil {
		t.Fatal(err)
	}
	s.expect("", "- prod/deep/er/queue.tf", "777788889999")
	// a configuration that is broken ends nothing
	s.write("prod/.iaclint.hcl", "target {")
	s.expect("", ".iaclint.hcl")
	s.write("prod/.iaclint.hcl", "target \"**\" {\n  account = \"111122223333\"\n}\n")
	s.write("modules/q/main.tf", "")
	s.expect("", "- modules/q/main.tf", "anyone")
	s.stop(statusClean)
}

func TestWatchEvents(t *testing.T) {
	dir := t.TempDir()
	s := &session{t: t, dir: dir}
	s.write(".git/HEAD", "")
	s.write("main.tf", watchedQueue)
	s = newSession(t, dir, "--account", "111122223333", "--format", "events", "--quiet", "main.tf")
	is := func(want string) {
		t.Helper()
		var e struct{ DetailType string }
		if line := s.expect("", "Detail"); json.Unmarshal([]byte(line), &e) != nil || e.DetailType != want {
			t.Errorf("got %s, want %s", line, want)
		}
	}
	is("iaclint Finding New")
	s.write("main.tf", strings.Replace(watchedQueue, "sqs:SendMessage", "sqs:ReceiveMessage", 1))
	is("iaclint Finding Changed")
	s.write("main.tf", "")
	is("iaclint Finding Resolved")
	s.stop(statusClean)
}

func TestWatchRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, args := range [][]string{{"-"}, {"--format", "sarif", "."}, {"--format", "text", "--format", "events", "."}, {"missing"}, {"--output", "x", "."}, {"--no-such", "."}} {
		p := &program{in: strings.NewReader(""), out: escape.NewWriter(io.Discard), errw: escape.NewWriter(io.Discard), stdout: &sink{to: io.Discard}, stderr: io.Discard}
		if status := endOf(p.watchUntil(context.Background(), args)).status; status != statusUsage && status != statusIncomplete {
			t.Errorf("%v: exit status %d", args, status)
		}
	}
}
