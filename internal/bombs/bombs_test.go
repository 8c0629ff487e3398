package bombs

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/iaclint/iaclint/internal/cli"
)

// inProcess makes the test binary the program itself, so that what a bomb takes
// is the use of resources of one process.
const inProcess = "IACLINT_BOMBS_RUN"

func TestMain(m *testing.M) {
	if os.Getenv(inProcess) != "" {
		os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

const (
	mostTime   = 10 * time.Second // of the processor
	mostMemory = 1 << 30
)

// Every bomb ends in time, within memory, with a message or a result, and what
// lies beside it is analysed. IACLINT_BOMBS=all runs all of them, another text
// those whose name has it; IACLINT_BINARY measures another program.
func TestBombs(t *testing.T) {
	want := os.Getenv("IACLINT_BOMBS")
	if want == "" {
		t.Skip("takes minutes: set IACLINT_BOMBS=all")
	}
	for _, b := range All {
		if want != "all" && !strings.Contains(b.Name, want) {
			continue
		}
		t.Run(b.Name, func(t *testing.T) { measure(t, b) })
	}
}

func measure(t *testing.T, b Bomb) {
	dir := t.TempDir()
	files := b.Files()
	files["beside/beside.json"] = document(statement(`"*"`, `"s3:GetObject"`, `"arn:aws:s3:::beside/*"`, ""))
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	program := os.Getenv("IACLINT_BINARY")
	if program == "" {
		program = os.Args[0]
	}
	cmd := exec.Command("sh", "-c", `ulimit -t 30; ulimit -v 12000000; exec "$0" "$@"`, program, "check", "--no-config", "--format", "json", dir)
	cmd.Env = append(os.Environ(), inProcess+"=1")
	var out, errw bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errw
	_ = cmd.Run()
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	spent := time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	memory := usage.Maxrss << 10
	fmt.Printf("| %s | %.1f s | %d MiB | %d |\n", b.Name, spent.Seconds(), memory>>20, cmd.ProcessState.ExitCode())
	if code := cmd.ProcessState.ExitCode(); code != 1 && code != 3 {
		t.Errorf("exit status %d: %.300s", code, errw.String())
	}
	if !strings.Contains(out.String(), "beside/beside.json") {
		t.Errorf("what lies beside it is not analysed: %.300s", errw.String())
	}
	if spent > mostTime {
		t.Errorf("takes %s of the processor, want at most %s", spent, mostTime)
	}
	if memory > mostMemory {
		t.Errorf("takes %d MiB, want at most %d", memory>>20, mostMemory>>20)
	}
}
