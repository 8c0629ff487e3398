package cli

import (
	"errors"
	"io"
	"syscall"
)

// sink is standard output. It keeps the first error of writing, so that no command
// ends as if its report had been read: whoever writes need not look.
type sink struct {
	to  io.Writer
	err error
}

// Write writes to the stream until it fails once. Writing nothing is no reason to
// ask a stream that takes nothing.
func (s *sink) Write(p []byte) (int, error) {
	if s.err != nil || len(p) == 0 {
		return 0, s.err
	}
	n, err := s.to.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	s.err = err
	return n, err
}

// failure returns why the output is incomplete. A reader that closes its end of a
// pipe, as head does, has read as much as it wants.
func (s *sink) failure() error {
	if errors.Is(s.err, syscall.EPIPE) {
		return nil
	}
	return s.err
}
