package bombs

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
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

var (
	update = flag.Bool("update", false, "write what bombs take into docs/hostile-input.md")
	column = flag.Int("column", 1, "column that -update writes: 1 before there were limits, 2 now")
)

const page = "../../docs/hostile-input.md"

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
	for _, q := range all() {
		b := q.Bomb
		if want != "all" && !strings.Contains(b.Name, want) {
			continue
		}
		t.Run(b.Name, func(t *testing.T) {
			used := measure(t, q)
			fmt.Println("|", b.Name, "|", used, "|")
			if *update {
				record(t, b.Name, used)
			}
		})
	}
}

// all are the bombs in the order of the document.
func all() []Question {
	var out []Question
	for _, b := range All {
		out = append(out, Question{Bomb: b})
	}
	return append(out, Questions...)
}

// record writes what a bomb takes into its row of the document.
func record(t *testing.T, name, used string) {
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(content), "\n")
	i := slices.IndexFunc(lines, func(s string) bool { return strings.HasPrefix(s, "| "+name+" |") })
	if i < 0 {
		t.Fatalf("%s has no row for %q", page, name)
	}
	cells := strings.Split(lines[i], "|")
	cells[1+*column] = " " + used + " "
	lines[i] = strings.Join(cells, "|")
	if err := os.WriteFile(page, []byte(strings.Join(lines, "\n")), 0o666); err != nil {
		t.Fatal(err)
	}
}

// The document has a row for every bomb, in their order.
func TestDocumentListsBombs(t *testing.T) {
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var names, rows []string
	for _, b := range all() {
		names = append(names, b.Name)
	}
	for _, line := range strings.Split(string(content), "\n") {
		if cells := strings.Split(line, "|"); len(cells) == 5 && strings.Contains(cells[3], "MiB") {
			rows = append(rows, strings.TrimSpace(cells[1]))
		}
	}
	if !slices.Equal(names, rows) {
		t.Errorf("rows of %s:\n%s\nwant:\n%s", page, strings.Join(rows, "\n"), strings.Join(names, "\n"))
	}
}

// measure returns what the program takes for a bomb: the time of the processor,
// the most memory, and the exit status.
func measure(t *testing.T, b Question) string {
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
	cmd := exec.Command("sh", "-c", `ulimit -t 30; ulimit -v 12000000; exec "$0" "$@"`, program)
	if b.Words == nil {
		cmd.Args = append(cmd.Args, "check", "--no-config", "--format", "json", dir)
	}
	for _, w := range b.Words {
		cmd.Args = append(cmd.Args, strings.Replace(w, "DIR", dir, 1))
	}
	cmd.Env = append(os.Environ(), inProcess+"=1")
	var out, errw bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errw
	// A new process begins with the most memory that this one has had.
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html
	_ = cmd.Run()
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	spent := time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	memory := usage.Maxrss << 10
	if code := cmd.ProcessState.ExitCode(); code != 1 && code != 3 {
		t.Errorf("exit status %d: %.300s", code, errw.String())
	}
	if b.Words != nil && out.Len() == 0 {
		t.Errorf("no answer: %.300s", errw.String())
	}
	if b.Words == nil && !strings.Contains(out.String(), "beside/beside.json") {
		t.Errorf("what lies beside it is not analysed: %.300s", errw.String())
	}
	if spent > mostTime {
		t.Errorf("takes %s of the processor, want at most %s", spent, mostTime)
	}
	if memory > mostMemory {
		t.Errorf("takes %d MiB, want at most %d", memory>>20, mostMemory>>20)
	}
	status := fmt.Sprint("exit ", cmd.ProcessState.ExitCode())
	if cmd.ProcessState.ExitCode() < 0 {
		status = "stopped"
	}
	return fmt.Sprintf("%.1f s, %d MiB, %s", spent.Seconds(), memory>>20, status)
}
