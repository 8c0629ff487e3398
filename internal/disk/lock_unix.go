//go:build unix

package disk

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lock takes a directory for the edits of this process. The lock is on the
// directory itself, so that nothing stays behind, whatever becomes of the process.
func lock(root *os.Root, dir string) (unlock func(), err error) {
	f, err := root.Open(filepath.FromSlash(dir))
	if err != nil {
		return nil, err
	}
	for until := time.Now().Add(patience); ; time.Sleep(pause) {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return func() { f.Close() }, nil
		case errors.Is(err, syscall.EINTR):
		case !errors.Is(err, syscall.EWOULDBLOCK):
			f.Close()
			return func() {}, nil // some network file systems have no locks
		case time.Now().After(until):
			f.Close()
			return nil, errBusy
		}
	}
}
