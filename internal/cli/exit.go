package cli

import (
	"errors"
	"fmt"
)

// Exit status, the same in every format.
const (
	statusClean      = 0 // nothing at or above the gate
	statusFindings   = 1
	statusUsage      = 2 // usage or configuration error
	statusIncomplete = 3 // not everything asked could be analysed
)

// exit is the error of a command line that ends with a status other than 0. Run writes
// its messages on the error stream; without any, everything has been said before.
type exit struct {
	status   int
	messages []string
}

func (e *exit) Error() string {
	return fmt.Sprintf("exit status %d: %q", e.status, e.messages)
}

// ended is the end with a status, after everything has been said.
func ended(status int) error {
	if status == statusClean {
		return nil
	}
	return &exit{status: status}
}

// failed is the end with a status and a message.
func failed(status int, format string, args ...any) error {
	return &exit{status, []string{fmt.Sprintf(format, args...)}}
}

// usageError is the end of a command line that cannot be followed.
func usageError(format string, args ...any) error {
	return &exit{statusUsage, []string{fmt.Sprintf(format, args...), "run \"iaclint help\" for the usage"}}
}

// both joins two ends: the greater status, and all messages.
func both(first, second error) error {
	if first == nil || second == nil {
		return errors.Join(first, second)
	}
	a, b := endOf(first), endOf(second)
	return &exit{max(a.status, b.status), append(a.messages[:len(a.messages):len(a.messages)], b.messages...)}
}

// endOf is how an error ends the process.
func endOf(err error) exit {
	var e *exit
	switch {
	case err == nil:
		return exit{}
	case errors.As(err, &e):
		return *e
	}
	return exit{statusUsage, []string{err.Error()}}
}
