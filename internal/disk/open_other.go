//go:build !unix

package disk

// There are no FIFOs that opening could wait for, or no way not to wait.
const nonBlocking = 0
