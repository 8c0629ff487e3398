//go:build unix

package disk

import (
	"io/fs"
	"os"
	"syscall"
)

// likeBefore gives a new file the mode of the old one, and its owner where we may.
func likeBefore(f *os.File, old fs.FileInfo) error {
	if was, ok := old.Sys().(*syscall.Stat_t); ok {
		_ = f.Chown(int(was.Uid), int(was.Gid)) // only the superuser may give files away
	}
	return f.Chmod(old.Mode().Perm())
}

// Owner is the user id that a file belongs to.
func Owner(info fs.FileInfo) (uid int, known bool) {
	was, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(was.Uid), true
}
