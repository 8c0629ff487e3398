package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/config"
)

// printed runs a command line that must succeed.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := Run(args, strings.NewReader(""), &stdout, &stderr); status != statusClean || stderr.Len() > 0 {
		t.Fatalf("%q: status %d, %s", args, status, stderr.String())
	}
	return stdout.String()
}

// The schema in the documents is the program's.
func TestConfigSchema(t *testing.T) {
	const file = "../../docs/schema/config-v1.json"
	got := printed(t, "config", "schema")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Errorf("%s is not what \"config schema\" prints; run the tests with -update (%v)", file, err)
	}
}

// Completions and the manual page have every command and every flag.
func TestGenerated(t *testing.T) {
	names := append(commandNames(), "add", "import", "export", "prune", "create", "init", "verify", "schema", "list", "new", "input", "test", "run")
	for _, at := range places() {
		names = append(names, strings.TrimPrefix(strings.Join(flagNames(at.flags), " "), "--"))
	}
	names = strings.Fields(strings.ReplaceAll(strings.Join(names, " "), " --", " "))
	slices.Sort(names)
	names = slices.Compact(names)
	manual := strings.ReplaceAll(printed(t, "man"), `\-`, "-")
	for _, text := range []string{manual, printed(t, "completion", "bash"), printed(t, "completion", "zsh"), printed(t, "completion", "fish"), printed(t, "completion", "powershell")} {
		for _, n := range names {
			if !strings.Contains(text, n) {
				t.Errorf("%.40q lacks %s", text, n)
			}
		}
	}
	for _, line := range strings.Split(printed(t, "man"), "\n") {
		if strings.HasPrefix(line, "'") {
			t.Errorf("a line of text is a request: %q", line)
		}
	}
}

// What bash completes is what can follow.
func TestBashCompletion(t *testing.T) {
	shell, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	file := filepath.Join(t.TempDir(), "completion")
	if err := os.WriteFile(file, []byte(printed(t, "completion", "bash")), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		words []string
		want  string
	}{
		{[]string{"iaclint", "ar"}, "archive"},
		{[]string{"iaclint", "archive", ""}, "add list prune import export"},
		{[]string{"iaclint", "archive", "add", "--ticke"}, "--ticket"},
		{[]string{"iaclint", "--fail-on", ""}, strings.Join(config.FailOn(), " ")},
		{[]string{"iaclint", "check", "--format", "sar"}, "sarif"},
		{[]string{"iaclint", "explain", "external-n"}, "external-network"},
		{[]string{"iaclint", "completion", ""}, strings.Join(shellNames(), " ")},
	} {
		script := `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _iaclint; echo "${COMPREPLY[*]}"`
		out, err := exec.Command(shell, append([]string{"-c", script, "bash", file}, c.words...)...).CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != c.want {
			t.Errorf("%q: %q %v, want %q", c.words, out, err, c.want)
		}
	}
}

func TestVersionData(t *testing.T) {
	var b build
	if err := json.Unmarshal([]byte(printed(t, "version", "--json")), &b); err != nil {
		t.Fatal(err)
	}
	if b.Name != "iaclint" || b.Go == "" || len(b.Data) == 0 || config.Date(b.Data[0].Date) != nil || b.Data[0].Version == "" {
		t.Errorf("%+v", b)
	}
}
