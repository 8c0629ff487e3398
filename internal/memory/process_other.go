//go:build !linux

package memory

import "github.com/KimMachineGun/automemlimit/memlimit"

// ofProcess is the limit of the process itself, which nothing tells here.
func ofProcess() (uint64, error) { return 0, memlimit.ErrNoLimit }
