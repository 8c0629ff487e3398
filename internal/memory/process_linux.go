package memory

import (
	"fmt"
	"os"
	"syscall"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// reserved is what the runtime asks for at once, to give it out piece by piece: a
// large piece begins in a part of its own.
const reserved = 128 << 20

// ofProcess is what "ulimit -v" leaves: it limits addresses, of which the runtime
// has more than it uses from the beginning.
//
// https://man7.org/linux/man-pages/man2/getrlimit.2.html
// https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html
func ofProcess() (uint64, error) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_AS, &limit); err != nil {
		return 0, err
	}
	content, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	var pages uint64
	if _, err := fmt.Sscan(string(content), &pages); err != nil {
		return 0, err
	}
	return left(limit.Cur, pages*uint64(os.Getpagesize()), used())
}

// left is what can be used where a number of addresses is the limit.
func left(limit, taken, used uint64) (uint64, error) {
	if limit > 1<<62 {
		return 0, memlimit.ErrNoLimit
	}
	if limit < taken+reserved {
		return used, nil
	}
	return used + limit - taken - reserved, nil
}
