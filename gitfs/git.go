// Package gitfs reads a revision of a git repository as a file system: from its
// objects alone, without touching the work tree, the index or the network. It is
// the only package that starts another program, git.
//
// A repository comes from others, and its configuration can name programs to
// run. Only plumbing is called that runs none of them; what could still start
// one, a fetch of objects that a partial clone lacks, is forbidden. Whether git
// trusts the owner of a repository at all (safe.directory) stays the user's word.
//
// https://git-scm.com/docs/git#_security
package gitfs

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// ErrNoGit is the error where git is not installed.
var ErrNoGit = errors.New("git is not installed, or not in PATH: it is needed to read a revision")

// kept are the variables of the environment that git gets. Those of a hook, such
// as GIT_DIR and GIT_INDEX_FILE, would lead it elsewhere.
var kept = []string{"PATH", "HOME", "XDG_CONFIG_HOME", "USERPROFILE", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"}

func environment(lookup func(string) (string, bool)) []string {
	var out []string
	for _, name := range kept {
		if v, ok := lookup(name); ok {
			out = append(out, name+"="+v)
		}
	}
	return append(out,
		"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_REPLACE_OBJECTS=1",
		"GIT_NO_LAZY_FETCH=1", // since git 2.44
		"GIT_ALLOW_PROTOCOL=", // before: no transport is allowed
		"GIT_PROTOCOL_FROM_USER=0",
	)
}

// command is a call of git in a directory that runs nothing but git.
func command(dir string, args ...string) (*exec.Cmd, error) {
	git, err := exec.LookPath("git")
	if err != nil {
		return nil, ErrNoGit
	}
	fixed := []string{"--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "protocol.allow=never", "-c", "safe.bareRepository=explicit"}
	c := exec.Command(git, append(fixed, args...)...)
	c.Dir, c.Env = dir, environment(os.LookupEnv)
	return c, nil
}

// output runs git and returns what it prints; its error is git's own words.
func output(dir string, args ...string) (string, error) {
	c, err := command(dir, args...)
	if err != nil {
		return "", err
	}
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		return "", worded(err, errs.String())
	}
	return out.String(), nil
}

// worded is the error of a run of git: the first line of what it said.
func worded(err error, said string) error {
	line, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	if line = strings.TrimPrefix(line, "fatal: "); line == "" {
		return fmt.Errorf("git: %w", err)
	}
	return errors.New("git: " + line)
}

// Repository is a work tree.
type Repository struct {
	Root string // the top directory of the work tree
}

// Find returns the repository that a directory belongs to.
func Find(dir string) (Repository, error) {
	out, err := output(dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return Repository{}, err
	}
	return Repository{strings.TrimSuffix(out, "\n")}, nil
}

// Commit returns the full id of the commit that a revision names. What the user
// has to run when it is not there is part of the error.
func (r Repository) Commit(revision string) (string, error) {
	if revision == "" || strings.ContainsAny(revision, "\x00\n") {
		return "", fmt.Errorf("%q is no revision", revision)
	}
	out, err := output(r.Root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err == nil {
		return strings.TrimSpace(out), nil
	}
	if errors.Is(err, ErrNoGit) {
		return "", err
	}
	return "", errors.New(r.missing(revision))
}

// missing says how to get what is not there.
func (r Repository) missing(what string) string {
	if r.isShallow() {
		return fmt.Sprintf("revision %q is not in this shallow clone: run \"git fetch --unshallow origin\", or set fetch-depth: 0 for actions/checkout", what)
	}
	return fmt.Sprintf("revision %q is not in this repository: run \"git fetch origin\", or correct the name", what)
}

func (r Repository) isShallow() bool {
	out, err := output(r.Root, "rev-parse", "--is-shallow-repository")
	return err == nil && strings.TrimSpace(out) == "true"
}

// MergeBase returns the commit at which two lines of history part.
func (r Repository) MergeBase(a, b string) (string, error) {
	out, err := output(r.Root, "merge-base", a, b) // ids, which no option looks like
	if err != nil {
		if r.isShallow() {
			return "", errors.New("the histories do not meet in this shallow clone: run \"git fetch --unshallow origin\", or set fetch-depth: 0 for actions/checkout")
		}
		return "", errors.New("the histories have no commit in common")
	}
	return strings.TrimSpace(out), nil
}
