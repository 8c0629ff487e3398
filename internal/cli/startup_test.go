package cli

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// What is initialised before a command is known is paid by every run. A pattern that
// is compiled there, or a table that is parsed, costs hundreds of allocations.
func TestStartupAllocations(t *testing.T) {
	const most = 1500 // of all packages of ours; they make about 1,050
	run := exec.Command(os.Args[0], "-test.run", "^$")
	run.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %s", err, trace)
	}
	total, packages := 0, 0
	for line := range strings.Lines(string(trace)) {
		// init PACKAGE @1 ms, 0.5 ms clock, 1024 bytes, 12 allocs
		words := strings.Fields(line)
		if len(words) != 11 || words[0] != "init" || !strings.HasPrefix(words[1], "github.com/iaclint/iaclint/") || words[1] == "github.com/iaclint/iaclint/internal/cli" {
			continue // this package has its tests here
		}
		n, err := strconv.Atoi(words[9])
		if err != nil {
			t.Fatalf("not as expected: %q", line)
		}
		packages++
		total += n
	}
	if packages < 10 {
		t.Fatalf("%d packages are in the trace, which cannot be all:\n%s", packages, trace)
	}
	if total > most {
		t.Errorf("%d allocations when the program starts, at most %d expected:\n%s", total, most, trace)
	}
}
