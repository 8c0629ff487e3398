package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A comment inCopy in a document moves its commands into a copy of a directory,
// which they may change; a comment inFile writes the block after it to a file of
// the copy, and a comment atEnd appends it. So a reader can follow the document
// word for word.
const (
	inCopy = "<!-- in a copy of "
	inFile = "<!-- file "
	atEnd  = "<!-- append "
)

// runBlocks returns the document with the output that its commands give.
func runBlocks(t *testing.T, text string, commands *int) string {
	var out, written strings.Builder
	dir, file := ".", ""
	inside, filling := false, false
	for _, line := range strings.SplitAfter(text, "\n") {
		name, comment := strings.CutSuffix(line, " -->\n")
		from, copied := strings.CutPrefix(name, inCopy)
		to, fills := strings.CutPrefix(name, inFile)
		end, appends := strings.CutPrefix(name, atEnd)
		switch {
		case inside && strings.HasPrefix(line, "$ "):
			*commands++
			out.WriteString(line + runLine(t, dir, strings.TrimSpace(line[2:])))
			continue
		case inside && line != "```\n":
			continue
		case filling && line != "```\n":
			written.WriteString(line)
		case filling:
			write(t, filepath.Join(dir, file), written.String())
			file, filling = "", false
		case line == "```\n":
			inside = false
		case line == "```console\n":
			inside = true
		case strings.HasPrefix(line, "```") && file != "":
			filling = true
		case comment && copied:
			dir = t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
				t.Fatal(err)
			}
		case comment && (fills || appends):
			if dir == "." {
				t.Fatalf("%s%s is written into the repository itself", to, end)
			}
			written.Reset()
			file = to
			if appends {
				file = end
				content, err := os.ReadFile(filepath.Join(dir, file))
				if err != nil {
					t.Fatal(err)
				}
				written.Write(content)
			}
		}
		out.WriteString(line)
	}
	if inside || filling || file != "" {
		t.Fatal("a block has no end, or a file no block")
	}
	return out.String()
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// runLine runs a command of a document in a directory and returns what it prints.
// Commands are ours; in a copy, git's as well.
func runLine(t *testing.T, dir, line string) string {
	words := strings.Fields(line)
	switch {
	case words[0] == "iaclint":
		words = words[1:]
	case len(words) > 2 && words[0] == "go" && words[1] == "run" && words[2] == "./cmd/iaclint":
		words = words[3:]
	case words[0] == "git" && dir != ".":
		return runGit(t, dir, words[1:])
	default:
		t.Fatalf("not a command of ours: %s", line)
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chdir(dir); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := os.Chdir(root); err != nil {
			t.Fatal(err)
		}
	}()
	var stdout, stderr bytes.Buffer
	Run(words, strings.NewReader(""), &stdout, &stderr)
	return stdout.String() + stderr.String()
}

func runGit(t *testing.T, dir string, words []string) string {
	c := exec.Command("git", words...)
	c.Dir = dir
	c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=init.defaultBranch", "GIT_CONFIG_VALUE_0=main",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %s\n%s", strings.Join(words, " "), err, out)
	}
	return string(out)
}
