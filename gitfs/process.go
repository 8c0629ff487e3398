package gitfs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync/atomic"
	"time"
)

const (
	patience    = 20 * time.Second // with a git that prints nothing
	mostWords   = 1 << 10          // kept of the bytes that git says of an error
	mostAnswers = 1 << 20          // read of the bytes of a short answer
)

var errSilent = errors.New("was stopped: check that the repository is complete and has regular files only")

// process is a running git. A repository can hold what git waits for without end,
// a named pipe in place of a file, or what it works on without end. So a process
// from which nothing could be read for too long is killed.
type process struct {
	in io.WriteCloser

	name    string // of git's command
	command *exec.Cmd
	kill    context.CancelFunc
	out     io.Reader
	errs    words
	waiting time.Duration
	silent  atomic.Bool // it was killed for its silence
}

// start runs git in the work tree.
func (r Repository) start(args ...string) (*process, error) {
	ctx, kill := context.WithCancel(context.Background())
	p := &process{name: args[0], kill: kill, waiting: cmp.Or(r.patience, patience)}
	err := p.start(ctx, r.Root, args)
	if err != nil {
		kill()
		return nil, err
	}
	return p, nil
}

func (p *process) start(ctx context.Context, dir string, args []string) (err error) {
	if p.command, err = command(ctx, dir, args...); err != nil {
		return err
	}
	p.command.Stderr, p.command.WaitDelay = &p.errs, time.Second
	if p.in, err = p.command.StdinPipe(); err != nil {
		return err
	}
	if p.out, err = p.command.StdoutPipe(); err != nil {
		return err
	}
	return p.command.Start()
}

// watch kills the process if it is not stopped in time.
func (p *process) watch() *time.Timer {
	return time.AfterFunc(p.waiting, func() {
		p.silent.Store(true)
		p.kill()
	})
}

// Read reads what git prints.
func (p *process) Read(b []byte) (int, error) {
	defer p.watch().Stop()
	return p.out.Read(b)
}

// wait waits for the end of a process whose output was read. Its error is in git's
// own words.
func (p *process) wait() error {
	defer p.kill()
	_ = p.in.Close()
	defer p.watch().Stop()
	err := p.command.Wait()
	switch {
	case p.silent.Load():
		return fmt.Errorf("git %s printed nothing for %v and %w", p.name, p.waiting, errSilent)
	case err != nil:
		return refusal{err, p.errs.String()}
	}
	return nil
}

// stop ends a process whose output is of no use any more.
func (p *process) stop() {
	p.kill()
	_ = p.wait()
}

// output runs git and returns what it prints.
func (r Repository) output(args ...string) (string, error) {
	p, err := r.start(args...)
	if err != nil {
		return "", err
	}
	out, err := io.ReadAll(io.LimitReader(p, mostAnswers))
	if err := errors.Join(p.wait(), err); err != nil {
		return "", err
	}
	return string(out), nil
}

// refusal is the error of a run of git.
type refusal struct {
	error
	said string
}

func (r refusal) Error() string {
	if r.said == "" {
		return "git: " + r.error.Error()
	}
	return "git: " + r.said
}

// answered is whether git itself gave up, with the status that it has for "no",
// and not with one that it has for what keeps it from answering.
func (r refusal) answered() bool {
	var exit *exec.ExitError
	return errors.As(r.error, &exit) && exit.ExitCode() == 1
}

// words collects the beginning of what git says.
type words struct{ text []byte }

func (w *words) Write(b []byte) (int, error) {
	w.text = append(w.text, b[:min(len(b), mostWords-len(w.text))]...)
	return len(b), nil
}

// String returns the lines as one: what is wrong and, below it, what to run.
func (w *words) String() string {
	var out strings.Builder
	for line := range strings.Lines(string(w.text)) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "fatal: ")
		if line == "" {
			continue
		}
		if out.Len() > 0 && !strings.HasSuffix(out.String(), ":") {
			out.WriteString(";")
		}
		if out.Len() > 0 {
			out.WriteString(" ")
		}
		out.WriteString(line)
	}
	return strings.ToValidUTF8(out.String(), "")
}
