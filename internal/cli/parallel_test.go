package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/iaclint/iaclint/config"
)

// Runs that add rules at one time keep all of them, under names of their own, and
// the file stays as its author made it.
func TestArchiveAddInParallel(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	const n = 20
	const header = "\ufeff# settings\r\niaclint { fail_on = \"high\" }"
	if err := os.WriteFile(".iaclint.hcl", []byte(header), 0o644); err != nil {
		t.Fatal(err)
	}
	policy := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site%d/*"}]}`
	for i := range n {
		name := fmt.Sprintf("d%d/site.json", i)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, fmt.Appendf(nil, policy, i), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() {
			name := fmt.Sprintf("d%d/site.json", i)
			var out, errw bytes.Buffer
			Run([]string{"--format", "csv", name}, nil, &out, &errw)
			fields := strings.Split(strings.TrimSpace(out.String()), `"`)
			id := fields[len(fields)-2]
			out.Reset()
			if status := Run([]string{"archive", "add", id, "--reason", "a site", "--owner", "web", "--write", name}, nil, &out, &errw); status != statusClean {
				t.Errorf("%s: status %d: %s", name, status, errw.String())
			}
		})
	}
	wait.Wait()
	content, err := os.ReadFile(".iaclint.hcl")
	if err != nil {
		t.Fatal(err)
	}
	c, wrong := config.Parse(".iaclint.hcl", bytes.TrimPrefix(content, []byte("\ufeff")), configOptions("2026-01-01"))
	if wrong.HasErrors() || len(c.Archive) != n {
		t.Errorf("%v; %d rules of %d", wrong, len(c.Archive), n)
	}
	if !bytes.HasPrefix(content, []byte(header)) || bytes.HasSuffix(content, []byte("\n")) || bytes.Count(content, []byte("\n")) != bytes.Count(content, []byte("\r\n")) {
		t.Errorf("the file is not what it was: %q", content)
	}
}
