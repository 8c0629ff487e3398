//go:build unix

package disk

import "syscall"

const nonBlocking = syscall.O_NONBLOCK
