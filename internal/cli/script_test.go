package cli

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"iaclint": func() { os.Exit(Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the command lines of testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: false,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(e *testscript.Env) error {
			// What the tests' own environment says must not count.
			e.Setenv("NO_COLOR", "")
			e.Setenv("FORCE_COLOR", "")
			e.Setenv("CLICOLOR_FORCE", "")
			e.Setenv("IACLINT_CONFIG", "")
			e.Setenv("GITHUB_STEP_SUMMARY", "")
			e.Setenv("SOURCE_DATE_EPOCH", "1767323045")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": status, "crlf": crlf},
	})
}

// status N command args... demands an exit status. ("!" only tells 0 from the
// others.)
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command [args]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// crlf FILE demands that every line ends with a carriage return and a line feed.
func crlf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: crlf FILE")
	}
	text := ts.ReadFile(args[0])
	if all, with := strings.Count(text, "\n"), strings.Count(text, "\r\n"); all == 0 || all != with {
		ts.Fatalf("%d of %d lines end with CRLF", with, all)
	}
}
