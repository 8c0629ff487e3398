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
	"context"
	"errors"
	"os"
	"os/exec"
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
func command(ctx context.Context, dir string, args ...string) (*exec.Cmd, error) {
	git, err := exec.LookPath("git")
	if err != nil {
		return nil, ErrNoGit
	}
	fixed := []string{
		"--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "protocol.allow=never", "-c", "safe.bareRepository=explicit",
		"-c", "core.bigFileThreshold=8m", // git streams larger blobs, and does not hold them in memory
	}
	c := exec.CommandContext(ctx, git, append(fixed, args...)...)
	c.Dir, c.Env = dir, environment(os.LookupEnv)
	return c, nil
}
