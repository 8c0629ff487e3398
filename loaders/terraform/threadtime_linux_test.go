package terraform

import (
	"syscall"
	"time"
)

// threadTime is the time that the processor has spent on this thread, whatever else
// the machine does.
//
// https://man7.org/linux/man-pages/man2/getrusage.2.html
func threadTime() time.Duration {
	const ofThread = 1
	var u syscall.Rusage
	if err := syscall.Getrusage(ofThread, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
