//go:build !unix

package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// lock takes a directory for the edits of this process, by a file that is there as
// long. One that a process left behind does not count after a while.
func lock(root *os.Root, dir string) (unlock func(), err error) {
	name := filepath.Join(filepath.FromSlash(dir), ".iaclint.lock")
	for until := time.Now().Add(patience); ; time.Sleep(pause) {
		f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil {
			return func() { f.Close(); root.Remove(name) }, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		if info, err := root.Lstat(name); err == nil && time.Since(info.ModTime()) > patience {
			root.Remove(name)
			continue
		}
		if time.Now().After(until) {
			return nil, errBusy
		}
	}
}
