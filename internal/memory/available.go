package memory

import "github.com/KimMachineGun/automemlimit/memlimit"

// available is how much memory the process can have: that of the machine, less
// where a control group or a limit of its own says so; 0 where nothing tells.
func available() uint64 {
	var least uint64
	for _, limit := range []memlimit.Provider{memlimit.FromCgroup, memlimit.FromSystem, ofProcess} {
		if n, err := limit(); err == nil && n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	return least
}
