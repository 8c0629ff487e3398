package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

const (
	scriptDir = "testdata/script"
	garbage   = 400 // percent, as the program has it for small heaps
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(garbage)
	testscript.Main(m, map[string]func(){
		"iaclint":        func() { os.Exit(Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
		"iaclint-worker": work,
	})
}

// TestScripts runs the command lines of testdata/script. IACLINT_LONG runs each in
// a process of its own, as users do; else workers run them, because starting a
// process takes longer than most command lines.
func TestScripts(t *testing.T) {
	pool := &workers{}
	t.Cleanup(pool.stop)
	testscript.Run(t, testscript.Params{
		Dir:                 scriptDir,
		RequireExplicitExec: false,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		// A script says [long] before what takes many seconds.
		Condition: func(name string) (bool, error) {
			if name == "long" {
				return thorough(), nil
			}
			return false, fmt.Errorf("condition %q is unknown", name)
		},
		Setup: func(e *testscript.Env) error {
			// What the tests' own environment says must not count.
			e.Setenv("NO_COLOR", "")
			e.Setenv("FORCE_COLOR", "")
			e.Setenv("CLICOLOR_FORCE", "")
			e.Setenv("IACLINT_CONFIG", "")
			e.Setenv("GITHUB_STEP_SUMMARY", "")
			e.Setenv("SOURCE_DATE_EPOCH", "1767323045")
			s := &scripted{pool: pool}
			for _, v := range e.Vars {
				name, _, _ := strings.Cut(v, "=")
				s.variables = append(s.variables, name)
			}
			e.Values[scriptKey{}] = s
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"input": input, "status": status, "crlf": crlf},
	})
}

// scripted is the state of a script that testscript does not show.
type scripted struct {
	pool      *workers
	variables []string // that the script's environment may have
	read      bool     // whether variables has those that the script sets
	input     string   // what the next command line reads
}

type scriptKey struct{}

// input FILE is the standard input of the next command line.
func input(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: input FILE")
	}
	ts.Value(scriptKey{}).(*scripted).input = ts.ReadFile(args[0])
}

// status N iaclint args... runs a command line and demands an exit status.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || args[1] != "iaclint" {
		ts.Fatalf("usage: status N iaclint [args]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	s := ts.Value(scriptKey{}).(*scripted)
	line := call{ts.MkAbs("."), s.environment(ts), args[2:], s.input}
	run := s.pool.run
	// The standard output of a worker is for its answers.
	if thorough() || strings.Contains(strings.Join(line.Args, " "), "/dev/") {
		run = call.start
	}
	got, err := run(line)
	s.input = ""
	ts.Check(err)
	_, _ = io.WriteString(ts.Stdout(), got.Output)
	_, _ = io.WriteString(ts.Stderr(), got.Errors)
	if got.Status != want {
		ts.Fatalf("exit status %d, want %d", got.Status, want)
	}
}

var setting = regexp.MustCompile(`(?m)^env (.*)$`)

// environment is that of the script, as "name=value".
func (s *scripted) environment(ts *testscript.TestScript) []string {
	if !s.read {
		s.read = true
		text, err := os.ReadFile(filepath.Join(scriptDir, ts.Name()+".txtar"))
		ts.Check(err)
		for _, line := range setting.FindAllStringSubmatch(string(text), -1) {
			for word := range strings.FieldsSeq(line[1]) {
				name, _, _ := strings.Cut(word, "=")
				s.variables = append(s.variables, name)
			}
		}
	}
	env := []string{"PWD=" + ts.MkAbs(".")}
	for _, name := range s.variables {
		env = append(env, name+"="+ts.Getenv(name))
	}
	return env
}

// call is a command line that a script runs, and answer is what came of it.
type (
	call struct {
		Dir   string
		Env   []string
		Args  []string
		Input string
	}
	answer struct {
		Output, Errors string
		Status         int
	}
)

// start runs the command line in a process of its own.
func (c call) start() (answer, error) {
	cmd := exec.Command("iaclint", c.Args...)
	cmd.Dir, cmd.Env, cmd.Stdin = c.Dir, c.Env, strings.NewReader(c.Input)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		return answer{}, err
	}
	return answer{out.String(), errs.String(), cmd.ProcessState.ExitCode()}, nil
}

// workers are processes that run one command line after the other: the directory and
// the environment are facts of a process, so scripts that run at a time need several.
type workers struct {
	lock sync.Mutex
	idle []*worker
}

type worker struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	enc *json.Encoder
	dec *json.Decoder
}

// run runs a command line in a worker that has nothing to do, or a new one.
func (p *workers) run(c call) (answer, error) {
	w, err := p.take()
	if err != nil {
		return answer{}, err
	}
	var a answer
	if err = w.enc.Encode(c); err == nil {
		err = w.dec.Decode(&a)
	}
	if err != nil {
		w.stop()
		return answer{}, fmt.Errorf("the process that ran %q ended: %w", c.Args, err)
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	p.idle = append(p.idle, w)
	return a, nil
}

func (p *workers) take() (*worker, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if n := len(p.idle); n > 0 {
		w := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return w, nil
	}
	w := &worker{cmd: exec.Command("iaclint-worker")}
	w.cmd.Stderr = os.Stderr
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if w.in, err = w.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	w.enc, w.dec = json.NewEncoder(w.in), json.NewDecoder(out)
	return w, w.cmd.Start()
}

func (p *workers) stop() {
	for _, w := range p.idle {
		w.stop()
	}
}

// stop ends a worker: it reads no further call.
func (w *worker) stop() {
	_ = w.in.Close()
	_ = w.cmd.Wait()
}

// work is the process of a worker.
func work() {
	debug.SetGCPercent(garbage)
	calls, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var c call
		if err := calls.Decode(&c); err != nil {
			return // the test has ended
		}
		os.Clearenv()
		for _, v := range c.Env {
			name, value, _ := strings.Cut(v, "=")
			if err := os.Setenv(name, value); err != nil {
				panic(err)
			}
		}
		if err := os.Chdir(c.Dir); err != nil {
			panic(err)
		}
		var out, errs bytes.Buffer
		status := Run(c.Args, strings.NewReader(c.Input), &out, &errs)
		if err := answers.Encode(answer{out.String(), errs.String(), status}); err != nil {
			panic(err)
		}
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
