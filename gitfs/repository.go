package gitfs

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Repository is a work tree.
type Repository struct {
	Root string // the top directory of the work tree

	// Other bounds than the usual ones.
	patience time.Duration
	files    int
}

// Commit returns the full id of the commit that a revision names. What the user
// has to run when it is not there is part of the error.
func (r Repository) Commit(revision string) (string, error) {
	if revision == "" || strings.ContainsAny(revision, "\x00\n") {
		return "", fmt.Errorf("%q is not a revision", revision)
	}
	out, err := r.output("rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err == nil {
		return strings.TrimSpace(out), nil
	}
	if !isNo(err) {
		return "", r.explain(err)
	}
	if r.isShallow() {
		return "", fmt.Errorf("revision %q is not in this shallow clone: run \"git fetch --unshallow origin\", or set fetch-depth: 0 for actions/checkout", revision)
	}
	return "", fmt.Errorf("revision %q is not in this repository: run \"git fetch origin\", or correct the name", revision)
}

// MergeBase returns the commit at which two lines of history part.
func (r Repository) MergeBase(a, b string) (string, error) {
	out, err := r.output("merge-base", a, b) // ids, which no option looks like
	switch {
	case err == nil:
		return strings.TrimSpace(out), nil
	case r.isShallow():
		return "", errors.New("the histories do not meet in this shallow clone: run \"git fetch --unshallow origin\", or set fetch-depth: 0 for actions/checkout")
	case !isNo(err):
		return "", r.explain(err)
	}
	return "", errors.New("the histories have no commit in common")
}

func (r Repository) isShallow() bool {
	out, err := r.output("rev-parse", "--is-shallow-repository")
	return err == nil && strings.TrimSpace(out) == "true"
}

// isNo is whether an error is git's answer "no".
func isNo(err error) bool {
	var refused refusal
	return errors.As(err, &refused) && refused.answered()
}

// explain adds what to run where objects were left out of a clone.
func (r Repository) explain(err error) error {
	if errors.Is(err, ErrNoGit) || errors.Is(err, errSilent) {
		return err
	}
	if filter, _ := r.output("config", "--get-regexp", `^(remote\..*\.promisor|extensions\.partialclone)$`); filter != "" {
		return fmt.Errorf("%w; this is a partial clone: run \"git fetch --refetch --no-filter origin\"", err)
	}
	return err
}
